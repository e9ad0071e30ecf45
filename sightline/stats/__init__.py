"""Arithmetic: quantity terms now; intervals, sampling, agreement, trends and disclosure next.

Owns: pure functions and the methods documented in `docs/methods/`.
Must not know: Django, databases, what the numbers are about.
"""
