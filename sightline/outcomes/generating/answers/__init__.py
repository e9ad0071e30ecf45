"""What indicators come to, worked out from the event log in plain Python, apart from their code."""

from sightline.outcomes.generating.answers import leaving_care, looked_after, others, protection
from sightline.outcomes.generating.answers.frame import (
    Answer,
    Question,
    periods,
    questions,
    tally,
    world,
)
from sightline.outcomes.generating.lives import Log

__all__ = ["Answer", "Question", "answers", "leaving_care", "looked_after", "others", "periods",
           "protection", "questions"]  # fmt: skip


def answers(log: Log) -> list[Answer]:
    """Every answer there is to the extract of a log, period by period."""
    told = world(log)
    return [
        answer
        for question in questions().values()
        for period in periods(told.first, told.until, question.grid, question.starts)
        for answer in tally(question, told, period)
    ]
