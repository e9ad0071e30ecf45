"""Children drawn at random from few days, so that births, boundaries and limits collide."""

import calendar
import datetime as dt
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Day = dt.date
CHILDREN = 600
DAY = dt.timedelta(days=1)
CONCERNS = ("neglect", "domestic-abuse", "parental-alcohol-use", "parental-drug-use",
            "parental-substance-use", "other")  # fmt: skip
AT_HOME = "home"
TYPES = {"home": AT_HOME, "kinship": "kinship", "foster-council": "foster", "secure": "residential"}


def months_on(day: Day, months: int) -> Day:
    """The same day of a later month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return Day(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _pool() -> list[Day]:
    """Few days, on and beside every boundary that the indicators look at."""
    found = set()
    for edge in (Day(2023, 8, 1), Day(2023, 11, 1), Day(2024, 8, 1)):
        for months in (0, 1, 3, 6, 12, 18, 24, 36, 48):
            moved = months_on(edge, -months)
            found |= {moved, moved - DAY}
    found |= {Day(2023, 8, 29), Day(2023, 8, 30), Day(2023, 9, 30), Day(2024, 2, 29)}
    found |= {Day(2023, 2, 28), Day(2023, 3, 31), Day(2022, 8, 31)}
    return sorted(found)


POOL = _pool()
BORN_SIXTEEN_YEARS_BEFORE = [months_on(day, -16 * 12) for day in POOL]


def _some(chance: random.Random, values: tuple[str, ...]) -> list[str] | None:
    if chance.random() < 0.1:
        return None
    return sorted(chance.sample(values, chance.randint(0, 3)))


def _spell(chance: random.Random) -> tuple[Day, Day | None]:
    first, last = sorted([chance.choice(POOL), chance.choice(POOL)])
    return first, None if chance.random() < 0.2 else last


def _moment(chance: random.Random, day: Day) -> dt.datetime:
    return dt.datetime.combine(day, chance.choice([dt.time(0), dt.time(12), dt.time(23, 59, 59)]))


def _meeting(chance: random.Random, child: str, number: int) -> Row:
    concern, held = sorted([chance.choice(POOL), chance.choice(POOL)])
    if chance.random() < 0.4:
        held = concern + dt.timedelta(days=chance.choice([0, 20, 21, 22, 27, 28, 29]))
    return {
        "meeting": f"{child}-{number}", "child": child, "held_on": held,
        "meeting_type": chance.choice(["initial", "initial", "pre-birth", "review"]),
        "concern_on": concern if chance.random() < 0.9 else None,
        "outcome": chance.choice(["registered", "registered", "not-registered", None]),
        "extension_agreed": chance.choice([True, False, None]),
    }  # fmt: skip


def _registrations(chance: random.Random, child: str) -> Iterator[Row]:
    for first in chance.sample(POOL, chance.choice([0, 1, 1, 2, 3, 4])):
        after = [day for day in POOL if day >= first]
        yield {
            "child": child, "registered_on": first,
            "deregistered_on": chance.choice([*after, None]),
            "temporary": chance.choice([False, False, None, True]),
            "sequence": chance.choice([1, 2, None]),
            "reason": chance.choice(["improved-home", "died", "moved-council", None]),
            "wellbeing_at_exit": chance.choice(["better", "same", "not-known", None]),
        }  # fmt: skip


def _investigation(chance: random.Random, child: str, number: int) -> Row:
    asked, done = sorted([chance.choice(POOL), chance.choice(POOL)])
    return {
        "investigation": f"{child}-{number}", "child": child, "started_on": chance.choice(POOL),
        "interview_type": chance.choice(["jii", "scim", "none", None]),
        "interview_requested_on": asked if chance.random() < 0.8 else None,
        "interview_completed_on": done if chance.random() < 0.9 else None,
    }  # fmt: skip


def _of_one_child(chance: random.Random, child: str, zone: str, rows: dict[str, list[Row]]) -> None:
    birth = chance.choice([None, *POOL, *BORN_SIXTEEN_YEARS_BEFORE])
    rows["children"].append({
        "child": child, "date_of_birth": birth, "sex": "unknown",
        "expected_birth_date": chance.choice(POOL) + 90 * DAY,
        "home_zone": zone if chance.random() < 0.95 else None,
    })  # fmt: skip
    rows["planning-meetings"] += [_meeting(chance, child, n) for n in range(chance.randint(0, 4))]
    rows["investigations"] += [
        _investigation(chance, child, n) for n in range(chance.randint(0, 3))
    ]
    looked_into = [row["started_on"] for row in rows["investigations"] if row["child"] == child]
    for number in range(chance.randint(0, 4)):
        day = chance.choice(POOL)
        if looked_into and chance.random() < 0.7:
            day = chance.choice(looked_into) - chance.choice([0, 1, 27, 28, 29]) * DAY
        rows["irds"].append({
            "ird": f"{child}-{number}", "child": child, "concerns": _some(chance, CONCERNS),
            "started_at": _moment(chance, day),
        })  # fmt: skip
    entries = list(_registrations(chance, child))
    rows["register-entries"] += entries
    for entry in entries:
        rows["register-concerns"] += [
            {"child": child, "registered_on": entry["registered_on"], "concern": concern}
            for concern in _some(chance, CONCERNS) or ()
        ]
    for number in range(chance.randint(0, 4)):
        first, last = _spell(chance)
        rows["lead-professionals"].append({
            "child": child, "worker": f"W{chance.randint(1, 3)}-{number % 2}", "started_on": first,
            "ended_on": last,
        })  # fmt: skip
    _care(chance, child, rows)


def _care(chance: random.Random, child: str, rows: dict[str, list[Row]]) -> None:
    """Up to two times of being looked after, each with up to two placements."""
    days = sorted(chance.sample(POOL, 6))
    for number in range(chance.randint(0, 2)):
        key, (first, moved, last) = f"{child}-{number}", days[3 * number : 3 * number + 3]
        end = None if number and chance.random() < 0.5 else last
        rows["care-episodes"].append({
            "episode": key, "child": child, "started_on": first, "ended_on": end,
            "short_breaks": chance.choice([False, None, True]),
        })  # fmt: skip
        stays = [(first, moved), (moved, end)] if chance.random() < 0.5 else [(first, end)]
        for place, (begun, over) in enumerate(stays):
            is_last = place == len(stays) - 1
            rows["placements"].append({
                "placement": f"{key}-{place}", "episode": key, "child": child, "started_on": begun,
                "ended_on": None if is_last and chance.random() < 0.2 else over,
                "placement_type": chance.choice(sorted(TYPES)),
            })  # fmt: skip


@dataclass
class World:
    """Rows by dataset, and by child; and the surroundings of each child."""

    rows: dict[str, list[Row]]
    places: list[tuple[str, str, str]]
    of: dict[tuple[str, str], list[Row]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for code, rows in self.rows.items():
            for row in rows:
                self.of[code, row["child"]].append(row)


def drawn(seed: int) -> World:
    """A world of children, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - nothing is hidden by it
    rows: dict[str, list[Row]] = defaultdict(list)
    places = []
    for number in range(CHILDREN):
        zone = f"S01{number:06}"
        places.append((zone, chance.choice(["1", "5", ""]), f"place {number}"))
        _of_one_child(chance, f"C{number}", zone, rows)
    return World(rows, places)
