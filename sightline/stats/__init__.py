"""Arithmetic: quantity terms, intervals, inequality, trends, agreement, samples, small counts.

Each method has a page in `docs/methods/`. Import the module a function is in; what is heavy is
imported when it is called.

Owns: pure functions and the methods documented in `docs/methods/`.
Must not know: Django, databases, what the numbers are about.
"""
