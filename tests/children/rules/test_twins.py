"""The hardest rules agree with a second implementation on random small worlds.

Worlds are drawn at random and laid side by side in one set of tables, each under its own names,
because an engine answers a hundred worlds in the time of one.
"""

import datetime as dt
from collections import defaultdict
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.children.definitions import dataset, datasets
from sightline.children.rules.checking import all_datasets, check
from sightline.children.rules.definitions import InForce, rules
from sightline.children.tables import from_rows
from tests.children.rules.twins import TWINS

FIRST = dt.date(2024, 1, 1)
Row = dict[str, Any]


def spell(chance: Random, first: str = "started_on", last: str = "ended_on") -> Row:
    """A start, and an end on or after it or none."""
    start = FIRST + dt.timedelta(days=chance.randrange(25))
    length = chance.choice([None, *range(13)])
    return {first: start, last: None if length is None else start + dt.timedelta(days=length)}


def row_of(code: str, chance: Random) -> Row:
    """A row of a dataset, of one of two children and one of two numbers."""
    row = {"child": chance.choice("AB")}
    if code == "register-entries":
        row |= spell(chance, "registered_on", "deregistered_on")
        row["temporary"] = chance.choice([None, False, False, True])
        return row
    if code == "planning-meetings":
        kinds = ("initial", "initial", "pre-birth", "review", "transfer")
        return row | {
            "meeting": chance.choice("12"), "held_on": spell(chance)["started_on"],
            "meeting_type": chance.choice(kinds),
            "outcome": chance.choice(["registered", "registered", "not-registered", "remains"]),
        }  # fmt: skip
    row |= spell(chance)
    if code != "continuing-care":
        row["episode"] = chance.choice("12")
    if code == "placements":
        row["placement"] = chance.choice("12")
        row["placement_type"] = chance.choice(["home", "kinship"])
    if code == "legal-reasons":
        row["reason"] = chance.choice(["section-25", "cso-home"])
    return row


CODES = (
    "register-entries", "planning-meetings", "care-episodes", "placements", "legal-reasons",
    "continuing-care",
)  # fmt: skip


def world(chance: Random) -> dict[str, list[Row]]:
    """Up to five rows of each dataset, numbered."""
    return {
        code: [{**row_of(code, chance), "row": n} for n in range(2, 2 + chance.randrange(6))]
        for code in CODES
    }


def placed(worlds):
    """The worlds as tables' rows: names and numbers are the world's own, rows are numbered."""
    together = defaultdict(list)
    for place, held in enumerate(worlds):
        for code, rows in held.items():
            own = {"child", "episode", "placement", "meeting"} & set(dataset(code).names)
            for row in rows:
                named = {name: f"{place}-{row[name]}" for name in own if name in row}
                together[code].append({**row, **named, "extract": str(place)})
    return together


@settings(max_examples=1, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 2**32))
def test_a_second_implementation_catches_the_same_rows(duck, seed):
    chance = Random(seed)  # noqa: S311 - worlds of a test
    worlds = [world(chance) for _ in range(450)]
    together = placed(worlds)
    tables = {
        one.code: duck.put(
            from_rows(one, together.get(one.code, ())), f"w_{one.code.replace('-', '_')}"
        )
        for one in datasets()
    }
    asked = InForce("twins", tuple(rules()[id_] for id_ in TWINS))
    found = check(tables, asked, supplied=all_datasets(), engine=duck, today=dt.date(2025, 8, 1))
    caught = defaultdict(set)
    for fault in duck.fetch(found.faults).to_pylist():
        caught[int(fault["extract"]), fault["rule"]].add(fault["row"])
    for place, held in enumerate(worlds):
        for id_, twin in TWINS.items():
            assert caught[place, id_] == twin(held), (id_, held)


def test_there_are_twins_of_at_least_fifteen_rules():
    assert len(TWINS) >= 15
    assert set(TWINS) <= set(rules())
