"""An extract: what a partnership's files said on one day, a table a dataset.

What happens later is not in it: rows of later events are left out, later dates are empty, and so is
what only an end tells (a destination, a reason). Rows of single events before the first day shown
are left out; spells and meetings are kept whole, since later ones lean on them.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from sightline.children.definitions import DatasetDefinition, datasets
from sightline.outcomes.generating.lives import Event, Life, Log
from sightline.outcomes.generating.making import plain

SPINE: Final = "children"
TOLD_BY: Final[Mapping[str, Mapping[str, str]]] = {
    "care-episodes": {
        "destination": "ended_on",
        "pathway_plan_at_end": "ended_on",
        "pathway_coordinator_at_end": "ended_on",
    },
    "register-entries": {"reason": "deregistered_on", "wellbeing_at_exit": "deregistered_on"},
    "placements": {"ending": "ended_on"},
    "investigations": {"outcome": "ended_on"},
    "health-assessments": {"result": "offered_on", "assessor": "completed_on"},
    "missing-episodes": {"found_by": "returned_at", "held_by": "discussion_held_at"},
    "advocacy": {
        "accepted": "offered_on",
        "issue": "first_contact_on",
        "voice_heard": "first_contact_on",
    },
    "school-leavers": {},
}
"""What is not known until a date is: column by column."""
PASSING: Final[Mapping[str, str]] = {
    "irds": "started_at", "investigations": "started_on", "core-groups": "held_on",
    "care-reviews": "held_on", "care-visits": "visited_on", "hearings": "held_on",
    "health-assessments": "notified_on", "missing-episodes": "started_at",
    "advocacy": "eligible_on", "care-risk-meetings": "held_on", "aftercare": "as_at",
    "protection-orders": "granted_on",
}  # fmt: skip
"""Datasets of single events, and the day of each; those before the first day shown are left out."""
SIX_MONTHS, TWELVE_MONTHS = 183, 366


def extract(log: Log, on: dt.date | None = None) -> dict[str, list[Event]]:
    """Rows by dataset, as known at the end of a day (the last of the setting, if none is given)."""
    day = on or log.setting.until
    found: dict[str, list[Event]] = {SPINE: [_child(life, day) for life in log.lives]}
    for one in datasets():
        if one.code == SPINE:
            continue
        rows = [
            row
            for event in log.of(one.code)
            if (row := _known(one, event, day, log.setting.first)) is not None
        ]
        if rows:
            found[one.code] = rows
    return found


def _child(life: Life, day: dt.date) -> Event:
    born = life.born <= day
    return {
        "child": life.child,
        "date_of_birth": life.born if born else None,
        "expected_birth_date": None if born else life.born + dt.timedelta(days=3),
        **life.facts,
        "sex": life.facts["sex"] if born else "unborn",
        "chi": life.facts["chi"] if born else None,
        "scn": life.facts["scn"] if born and life.age(day) >= 5 else None,  # noqa: PLR2004 - at school
        "family": life.family,
    }


def _known(one: DatasetDefinition, event: Event, day: dt.date, first: dt.date) -> Event | None:
    row = dict(event)
    passing = PASSING.get(one.code)
    if passing and plain(row[passing]) < first:
        return None
    required = {column.name for column in one.columns if column.required}
    for name, value in event.items():
        if isinstance(value, dt.date) and plain(value) > day:
            if name in required:
                return None
            row[name] = None
    for name, date in TOLD_BY.get(one.code, {}).items():
        if row.get(date) is None:
            row[name] = None
    if one.code == "aftercare":
        _followed(row, day)
    return {name: value for name, value in row.items() if value is not None}


def _followed(row: Event, day: dt.date) -> None:
    """What somebody does half a year and a year on is known then, and not before."""
    for name, days in (("activity_6_months", SIX_MONTHS), ("activity_12_months", TWELVE_MONTHS)):
        if row["as_at"] + dt.timedelta(days=days) > day:
            row[name] = None
