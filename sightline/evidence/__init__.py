"""Pieces of evidence, their source, and the indicators they bear on.

Must not know: whose judgement uses it. Empty until its issue.
"""
