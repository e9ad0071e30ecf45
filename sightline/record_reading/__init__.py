"""Samples of children's records, readings, second readings, agreement.

Must not know: evidence, judgement, other sources. Empty until its issue.
"""
