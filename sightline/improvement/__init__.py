"""What is done about findings: plans, actions, progress, follow-up.

Must not know: reports. Empty until its issue.
"""
