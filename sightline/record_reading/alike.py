"""How often the two readers of a record gave the same answer, over a whole round."""

from dataclasses import dataclass
from typing import Final

from sightline.record_reading import agreement
from sightline.record_reading.models import Round
from sightline.record_reading.queries import KEPT
from sightline.stats.intervals import Interval

FEWEST: Final = 10
"""Pairs of answers under which no agreement is shown."""


@dataclass(frozen=True)
class Alike:
    """How often two readers gave the same answer: of so many pairs of answers, with its interval.

    `share` and its ends go from 0 to 1.
    """

    records: int
    answers: int
    share: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """`84% of 120 (76% to 90%)`; of few records without how far it holds for others."""
        if self.records < FEWEST:
            return f"{100 * self.share:.0f}% of {self.answers}, of {self.records} records"
        low, high = f"{100 * self.low:.0f}%", f"{100 * self.high:.0f}%"
        return f"{100 * self.share:.0f}% of {self.answers} ({low} to {high})"


def alike_of(turn: Round) -> Alike | None:
    """Agreement of a turn as it is now, or as it was when what was read was deleted."""
    if turn.state == Round.State.DESTROYED:
        kept = turn.results.get(KEPT, {}).get("alike")
        return Alike(**kept) if kept else None
    report = agreement.report(turn)
    overall = report.overall if report else None
    if overall is None or overall.answers < FEWEST or not isinstance(overall.per_cent, Interval):
        return None
    found = overall.per_cent
    return Alike(overall.records, overall.answers, found.estimate, found.low, found.high)
