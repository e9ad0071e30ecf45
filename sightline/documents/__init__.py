"""Uploaded files: their text, pages and versions.

Must not know: evidence, judgement, other sources. Empty until its issue.
"""
