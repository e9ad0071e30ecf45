"""What indicators come to, worked out from the event log in plain Python, apart from their code."""

from collections.abc import Sequence

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


def answers(log: Log, *, only: Sequence[str] = ()) -> list[Answer]:
    """Every answer there is to the extract of a log, or those of some indicators, by period."""
    told = world(log)
    return [
        answer
        for question in questions().values()
        if not only or question.indicator in only
        for period in periods(told.first, told.until, question.grid, question.starts)
        for answer in tally(question, told, period)
    ]
