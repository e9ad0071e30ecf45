"""A child's own record: chronology, meetings, plan. Off by default.

Must not know: evidence, judgement, other sources. Empty until its issue.
"""
