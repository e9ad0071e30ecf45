"""Finds what could tell who a person is: names, numbers, dates of birth, addresses.

Owns: the patterns and the certainty of each. Pure functions over text and columns.
Must not know: Django, databases, where a text came from or what is done about a finding.
"""
