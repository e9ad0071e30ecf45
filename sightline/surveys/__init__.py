"""Questionnaires, rounds, invitations and answers, the last two unlinkable.

Must not know: evidence, judgement, other sources. Empty until its issue.
"""
