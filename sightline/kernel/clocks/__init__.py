"""Clocks: working calendars, limits of time, and whether something was done in time.

Pure: dates in, dates out. A `Calendar` says which days are worked, a `Limit` how long, a `Rule`
from which event to which and under which source; `read` says how one case stands. Method: M-05.
"""

from sightline.kernel.clocks.calendars import (
    Calendar,
    ClosedDay,
    ClosedKind,
    add_working_days,
    statutory,
    weekdays,
)
from sightline.kernel.clocks.limits import Limit, Pause, Unit, add_months, due
from sightline.kernel.clocks.reading import Reading, Status, read, status
from sightline.kernel.clocks.rules import Guidance, Level, Rule, Rulebook, RuleKind, RuleSet

__all__ = [
    "Calendar",
    "ClosedDay",
    "ClosedKind",
    "Guidance",
    "Level",
    "Limit",
    "Pause",
    "Reading",
    "Rule",
    "RuleKind",
    "RuleSet",
    "Rulebook",
    "Status",
    "Unit",
    "add_months",
    "add_working_days",
    "due",
    "read",
    "status",
    "statutory",
    "weekdays",
]
