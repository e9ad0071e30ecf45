"""Leaving care, health, voice, workforce and school against a second implementation."""

import datetime as dt
import statistics
from typing import Any

import pytest

from sightline.children.definitions import dataset, datasets
from sightline.children.tables import from_rows
from sightline.outcomes.definitions import indicator
from sightline.outcomes.measures.computing import compute, materialise, members
from sightline.outcomes.measures.journeys import JOURNEYS, STEPS, journeys
from sightline.outcomes.measures.periods import parse
from sightline.outcomes.measures.places import PLACES, places_table
from sightline.warehouse.engines import Engine
from tests.outcomes.measures import leaving_care_second as second
from tests.outcomes.measures import leaving_care_worlds as worlds

SEED = 5
PERIODS = ("2022-23", "2023-24")
TODAY = dt.date(2024, 8, 1)
CODES = tuple(second.SECOND)
Answers = dict[tuple[str, str, str], tuple[Any, ...]]


def tables_of(world: worlds.World, duck: Engine) -> dict[str, Any]:
    tables = {one.code: duck.put(from_rows(one, world.get(one.code, ()))) for one in datasets()}
    return {**tables, PLACES: duck.put(places_table(()))}


class Worked:
    """A random world and what was worked out of it, both ways."""

    def __init__(self, seed: int, duck: Engine) -> None:
        self.world = worlds.random_world(seed)
        self.lives = second.lives(self.world)
        self.tables = tables_of(self.world, duck)
        chosen = [indicator(code) for code in CODES]
        views = materialise(chosen, self.tables, duck)
        found = compute(
            chosen, self.tables, PERIODS, engine=duck, breakdowns=["placement"], views=views
        )
        self.results: Answers = {
            (r["indicator"], r["period"], r["category"]): (r["counted"], r["of"], r["unknown"])
            for r in found.to_pylist()
        }
        behind = members(chosen, self.tables, PERIODS, engine=duck, breakdowns=[], views=views)
        self.members = {
            (r["indicator"], r["period"], r["child"]): (r["counted"], r["unknown"])
            for r in behind.to_pylist()
        }

    def said(self, code: str, period: str) -> list[second.Said]:
        days = parse(period, indicator(code).calendar)
        return [
            one for life in self.lives for one in second.SECOND[code](life, days.first, days.last)
        ]


@pytest.fixture(scope="module")
def worked(duck: Engine) -> Worked:
    return Worked(SEED, duck)


def test_every_dataset_of_the_random_rows_is_one() -> None:
    assert all(dataset(name).code == name for name in worlds.NAMES)


@pytest.mark.parametrize("code", CODES)
def test_both_count_the_same(code: str, worked: Worked) -> None:
    for period in PERIODS:
        said = worked.said(code, period)
        groups = {"": said}
        for one in said:
            groups.setdefault(one.placement, []).append(one)
        by_hand = {name: second.total(code, rows) for name, rows in groups.items()}
        found = {
            category: result
            for (c, p, category), result in worked.results.items()
            if (c, p) == (code, period) and result[1:] not in {(0, 0), (None, None)}
        }
        wanted = {
            name: (t.counted, t.of, t.unknown) for name, t in by_hand.items() if t.of or t.unknown
        }
        assert found == wanted, period


@pytest.mark.parametrize("code", CODES)
def test_both_name_the_same_children(code: str, worked: Worked) -> None:
    for period in PERIODS:
        wanted: dict[str, tuple[bool, bool]] = {}
        for one in worked.said(code, period):
            counted, unknown = wanted.get(one.child, (False, True))
            wanted[one.child] = (counted or bool(one.counted), unknown and one.counted is None)
        found = {
            child: flags
            for (c, p, child), flags in worked.members.items()
            if (c, p) == (code, period)
        }
        assert found == wanted, period


def test_the_random_rows_reach_every_answer(worked: Worked) -> None:
    for code in CODES:
        said = [one for period in PERIODS for one in worked.said(code, period)]
        assert {True, False} <= {one.counted for one in said}, code


def test_wait_for_a_tenancy(duck: Engine, worked: Worked) -> None:
    days = parse("2023-24", "aug_jul")
    waits = []
    for life in worked.lives:
        rows = life.rows["tenancies"]
        began = min((r["started_on"] for r in rows if r["started_on"]), default=None)
        if began and days.first <= began <= days.last:
            wait = (began - min(r["applied_on"] for r in rows)).days
            waits += [wait] if wait >= 0 else []
    (found,) = compute(
        [indicator("cl16")], worked.tables, ["2023-24"], engine=duck, breakdowns=[]
    ).to_pylist()
    assert (found["of"], found["value"]) == (len(waits), statistics.median(waits))


def test_journeys(duck: Engine, worked: Worked) -> None:
    table = journeys(worked.tables, engine=duck, today=TODAY)
    assert table.schema == JOURNEYS
    rows = table.to_pylist()
    found = {
        (r["cohort"], r["age"], r["step"], r["by_placement"]): second.Total(
            r["people"], r["of"], r["unknown"]
        )
        for r in rows
    }
    assert found == second.journeys(worked.world, TODAY)
    order = [(r["cohort"], r["age"], STEPS.index(r["step"]), r["by_placement"]) for r in rows]
    assert order == sorted(order)


def test_journeys_of_nobody(duck: Engine) -> None:
    assert journeys(tables_of({}, duck), engine=duck, today=TODAY).num_rows == 0


def test_the_worked_example_of_the_method(duck: Engine) -> None:
    born, care = "date_of_birth", {"A": ("foster-council", None), "B": ("home", True)}
    ends = {"A": dt.date(2019, 8, 1), "B": dt.date(2021, 10, 1)}
    start = dt.date(2010, 1, 1)
    world: worlds.World = {
        "children": [
            {"child": "A", born: dt.date(2003, 8, 1), "sex": "male"},
            {"child": "B", born: dt.date(2003, 9, 1), "sex": "male"},
        ],
        "care-episodes": [
            {
                "episode": child, "child": child, "started_on": start, "ended_on": ends[child],
                "current_care_plan": plan,
            }
            for child, (_, plan) in care.items()
        ],
        "placements": [
            {
                "placement": child, "episode": child, "child": child, "started_on": start,
                "placement_type": kind,
            }
            for child, (kind, _) in care.items()
        ],
        "aftercare": [
            {
                "child": "A", "as_at": dt.date(2020, 7, 31), "accommodation": "homeless",
                "activity": "training", "last_contact_on": dt.date(2020, 7, 1),
            },
            {"child": "B", "as_at": dt.date(2022, 7, 31), "accommodation": "supported"},
        ],
    }  # fmt: skip
    rows = journeys(tables_of(world, duck), engine=duck, today=TODAY).to_pylist()
    found = {
        (r["age"], r["step"]): (r["people"], r["of"], r["unknown"])
        for r in rows
        if (r["cohort"], r["by_placement"]) == ("2018-19", "")
    }
    assert found[15, "in-touch"] == (2, 2, 0)
    assert found[16, "home"] == (1, 2, 0)
    assert found[16, "activity"] == (1, 1, 1)
    assert found[17, "in-touch"] == (1, 1, 1)
    assert found[18, "in-touch"] == (0, 1, 1)
