"""Random rows of children who leave care, whose days are few so that boundaries meet."""

import datetime as dt
import random
from collections.abc import Mapping, Sequence
from typing import Any

Row = dict[str, Any]
World = Mapping[str, Sequence[Row]]
DAY = dt.timedelta(days=1)
GROUPS = {
    "home": "home", "kinship": "kinship", "foster-council": "foster", "adopters": "foster",
    "other-community": "other-community", "residential-school": "residential",
    "secure": "residential",
}  # fmt: skip
IN = {"higher-education", "further-education", "training", "employment", "voluntary"}
SUITABLE = {"own-tenancy", "supported", "family", "former-carers", "further-education"}
POSITIVE = {
    "higher-education",
    "further-education",
    "training",
    "voluntary",
    "employment",
    "skills",
}

EDGES = [
    dt.date(2022, 7, 31), dt.date(2022, 8, 1), dt.date(2023, 4, 30), dt.date(2023, 7, 30),
    dt.date(2023, 7, 31), dt.date(2023, 8, 1), dt.date(2023, 8, 2), dt.date(2024, 1, 31),
    dt.date(2024, 4, 30), dt.date(2024, 7, 3), dt.date(2024, 7, 30), dt.date(2024, 7, 31),
    dt.date(2024, 8, 1), dt.date(2024, 8, 28),
]  # fmt: skip


def years_back(day: dt.date, years: int) -> dt.date:
    return day.replace(year=day.year - years)


class Draw:
    """Draws of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - rows to try, no secret

    def day(self, chance_of_none: float = 0.0) -> dt.date | None:
        if self.random.random() < chance_of_none:
            return None
        return self.random.choice(EDGES)

    def days(self, most: int) -> list[dt.date]:
        return sorted(self.random.sample(EDGES, self.random.randint(0, most)))

    def flag(self) -> bool | None:
        return self.random.choice([True, True, False, None])

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)


def _end(draw: Draw, start: dt.date) -> dt.date | None:
    later = [day for day in EDGES if day > start]
    return draw.one(*later) if later and draw.random.random() < 0.75 else None


def _care(draw: Draw, child: str, tables: dict[str, list[Row]]) -> None:
    for number, day in enumerate(draw.days(3)):
        start = day if draw.random.random() < 0.6 else years_back(day, 3)
        end = _end(draw, start)
        episode = f"{child}-{number}"
        tables["care-episodes"].append(
            {
                "episode": episode, "child": child, "started_on": start, "ended_on": end,
                "short_breaks": draw.one(False, False, False, None, True),
                "current_care_plan": draw.flag(),
                "destination": draw.one("home", "died", "own-tenancy", "supported", None),
                "pathway_plan_at_end": draw.flag(),
            }
        )  # fmt: skip
        moves = sorted({start, draw.one(start, *[d for d in EDGES if d >= start])})
        for place, moved in enumerate(moves):
            tables["placements"].append(
                {
                    "placement": f"{episode}-{place}", "episode": episode, "child": child,
                    "started_on": moved, "ended_on": draw.one(None, _end(draw, moved)),
                    "placement_type": draw.one(*GROUPS),
                }
            )  # fmt: skip


def _after(draw: Draw, child: str, tables: dict[str, list[Row]]) -> None:
    ends = {r["ended_on"] for r in tables["care-episodes"] if r["child"] == child} - {None}
    starts = {end + draw.one(0, 1, 28, 29) * DAY for end in sorted(ends)}
    for start in sorted({*starts, *draw.days(1)}):
        tables["continuing-care"].append(
            {
                "child": child, "started_on": start, "ended_on": _end(draw, start),
                "refused": draw.one(False, None, True),
            }
        )  # fmt: skip
        tables["homelessness"].append({"child": child, "started_on": draw.day()})
    for day in draw.days(3):
        tables["aftercare"].append(
            {
                "child": child, "as_at": day, "receiving": draw.flag(),
                "category": draw.one("compulsory", "discretionary", "extended", None),
                "pathway_assessment_on": draw.day(0.5), "pathway_plan_on": draw.day(0.3),
                "pathway_review_on": draw.day(0.4), "last_contact_on": draw.day(0.2),
                "activity": draw.one(*sorted(IN), "looking", "not-known", None),
                "activity_12_months": draw.one("training", "voluntary", "ill", "not-known", None),
                "accommodation": draw.one(*sorted(SUITABLE), "homeless", "not-known", None),
                "health_assessment_offered": draw.flag(),
            }
        )  # fmt: skip
    for day in draw.days(2):
        tables["tenancies"].append({"child": child, "applied_on": day, "started_on": draw.day(0.3)})


def _others(draw: Draw, child: str, tables: dict[str, list[Row]]) -> None:
    for day in draw.days(3):
        named = draw.one({"child": child}, {"chi": f"chi {child}"})
        tables["health-assessments"].append(
            {
                **named, "notified_on": day, "completed_on": draw.day(0.3),
                "gp_registered": draw.flag(), "dentist_registered": draw.flag(),
                "immunised": draw.flag(), "left_school": draw.flag(),
            }
        )  # fmt: skip
        tables["hearings"].append(
            {
                "hearing": f"H{day}", "child": child, "held_on": day,
                "advocate": draw.flag(), "lawyer": draw.flag(),
            }
        )  # fmt: skip
    for day in draw.days(3):
        end = _end(draw, day)
        tables["lead-professionals"].append(
            {"child": child, "worker": draw.one("w1", "w2"), "started_on": day, "ended_on": end}
        )
        for session in ("am", "pm"):
            code = draw.one("present", "present", "late", "excluded")
            tables["attendance"].append(
                {"child": child, "day": day, "session": session, "code": code}
            )
    if draw.random.random() < 0.5:
        named = draw.one({"child": child}, {"scn": f"scn {child}"})
        to = draw.one(*sorted(POSITIVE), "looking", "not-known", None)
        tables["school-leavers"].append(
            {**named, "left_on": draw.day(), "follow_up_destination": to}
        )


NAMES = (
    "children", "care-episodes", "placements", "continuing-care", "homelessness", "aftercare",
    "tenancies", "health-assessments", "hearings", "lead-professionals", "attendance",
    "school-leavers", "deaths",
)  # fmt: skip


def random_world(seed: int, children: int = 300) -> World:
    draw = Draw(seed)
    tables: dict[str, list[Row]] = {name: [] for name in NAMES}
    for number in range(children):
        child = f"C{number}"
        birth = years_back(draw.one(*EDGES[:-1]), draw.one(12, 15, 16, 16, 18, 20, 21, 22))
        birth += draw.one(0, 0, 1) * DAY
        if draw.random.random() < 0.1:
            birth = dt.date(1999, 4, draw.one(1, 2))
        tables["children"].append(
            {
                "child": child, "date_of_birth": birth, "sex": "female",
                "chi": f"chi {child}", "scn": f"scn {child}",
            }
        )  # fmt: skip
        _care(draw, child, tables)
        _after(draw, child, tables)
        _others(draw, child, tables)
        if draw.random.random() < 0.1:
            tables["deaths"].append({"child": child, "died_on": draw.day()})
    return tables
