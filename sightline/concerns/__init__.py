"""Matters of concern about a child or adult: the restricted vault.

Must not know: where a concern was seen, except as a scope name. Empty until the next issue.
"""
