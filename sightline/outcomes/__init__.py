"""Indicators, populations, rates and comparisons, from the extracts partnerships hold.

Must not know: evidence, judgement, other sources. Empty until its issue.
"""
