"""What is overdue, what falls due soon, and how much of that has been late of late."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

WEEK = 7
SOON = 28
LOOK_BACK = 365
LEAST = 20
"""Cases without which no share of the past is carried forward."""
_JUDGED = {"met", "met_late", "breached_open"}


@dataclass(frozen=True)
class Forecast:
    """One rule: cases, and what to expect.

    Attributes:
        rule: its name.
        overdue: not done, and the due day has passed.
        this_week, soon: not done, and due within 7 and within 28 days, today included.
        judged: cases that fell due in the year before today.
        late: of those, done late or not done.
        expected_late: of `soon`, how many would be late if the year's share went on, to one place;
            null where fewer than 20 were judged.
    """

    rule: str
    overdue: int = 0
    this_week: int = 0
    soon: int = 0
    judged: int = 0
    late: int = 0

    @property
    def expected_late(self) -> float | None:
        """What the past year's share would make of the cases due soon."""
        if self.judged < LEAST:
            return None
        return round(self.soon * self.late / self.judged, 1)


def forecast(readings: Iterable[Mapping[str, Any]], *, today: dt.date) -> tuple[Forecast, ...]:
    """By rule, what is overdue and due; rules with nothing to say are left out.

    Counts cases, not children. Exact counts of work in hand are for those who hold the records;
    they are shown to nobody else.
    """
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for line in readings:
        due, state = line["due_on"], line["status"]
        if due is None:
            continue
        found, left = counts[line["rule"]], (due - today).days
        found["overdue"] += state == "breached_open"
        found["this_week"] += state == "not_due" and 0 <= left < WEEK
        found["soon"] += state == "not_due" and 0 <= left < SOON
        if state in _JUDGED and -LOOK_BACK <= left < 0:
            found["judged"] += 1
            found["late"] += state != "met"
    made = (Forecast(rule, **found) for rule, found in sorted(counts.items()))
    return tuple(one for one in made if one.overdue or one.soon or one.judged)
