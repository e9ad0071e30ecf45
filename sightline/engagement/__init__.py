"""Sessions with children, families and staff; consent; quotes.

Must not know: evidence, judgement, other sources. Empty until its issue.
"""
