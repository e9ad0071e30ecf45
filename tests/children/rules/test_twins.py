"""The hardest rules agree with a second implementation on random small worlds.

Worlds are drawn by Hypothesis and laid side by side in one set of tables, each under its own names,
because an engine answers a hundred worlds in the time of one.
"""

import datetime as dt
from collections import defaultdict

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sightline.children.definitions import dataset, datasets
from sightline.children.rules.checking import all_datasets, check
from sightline.children.rules.definitions import InForce, rules
from sightline.children.tables import from_rows
from tests.children.rules.twins import TWINS

FIRST = dt.date(2024, 1, 1)
days = st.integers(0, 24).map(lambda n: FIRST + dt.timedelta(days=n))
child = st.sampled_from("AB")
number = st.sampled_from("12")


@st.composite
def spell(draw, first="started_on", last="ended_on"):
    """A start, and an end on or after it or none."""
    start = draw(days)
    length = draw(st.one_of(st.none(), st.integers(0, 12)))
    return {first: start, last: None if length is None else start + dt.timedelta(days=length)}


def rows_of(*parts, **columns):
    """Up to four rows of such columns."""
    row = st.tuples(st.fixed_dictionaries(columns), *parts)
    return st.lists(row.map(lambda found: {k: v for one in found for k, v in one.items()}),
                    max_size=4)  # fmt: skip


WORLD = st.fixed_dictionaries(
    {
        "register-entries": rows_of(
            spell("registered_on", "deregistered_on"), child=child,
            temporary=st.sampled_from([None, False, True]),
        ),
        "planning-meetings": rows_of(
            child=child, held_on=days, meeting=number,
            meeting_type=st.sampled_from(["initial", "pre-birth", "review", "transfer"]),
            outcome=st.sampled_from(["registered", "not-registered", "remains"]),
        ),
        "care-episodes": rows_of(spell(), child=child, episode=number),
        "placements": rows_of(
            spell(), child=child, episode=number, placement=number,
            placement_type=st.sampled_from(["home", "kinship"]),
        ),
        "legal-reasons": rows_of(
            spell(), child=child, episode=number, reason=st.sampled_from(["section-25", "cso-home"]),
        ),
        "continuing-care": rows_of(spell(), child=child),
    }
)  # fmt: skip


def placed(worlds):
    """The worlds as tables' rows: names and numbers are the world's own, rows are numbered."""
    together = defaultdict(list)
    for place, world in enumerate(worlds):
        for code, rows in world.items():
            own = {"child", "episode", "placement", "meeting"} & set(dataset(code).names)
            for row in rows:
                named = {name: f"{place}-{row[name]}" for name in own if name in row}
                together[code].append({**row, **named, "extract": str(place)})
    return together


@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(WORLD, min_size=60, max_size=60))
def test_a_second_implementation_catches_the_same_rows(duck, worlds):
    for world in worlds:
        for rows in world.values():
            for count, row in enumerate(rows, start=2):
                row["row"] = count
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
    for place, world in enumerate(worlds):
        for id_, twin in TWINS.items():
            assert caught[place, id_] == twin(world), (id_, world)


def test_there_are_twins_of_at_least_fifteen_rules():
    assert len(TWINS) >= 15
    assert set(TWINS) <= set(rules())
