"""The partnership's own judgement, private until it shares it.

Must not know: inspections. Empty until its issue.
"""
