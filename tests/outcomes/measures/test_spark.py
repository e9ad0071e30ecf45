"""The contract of the port: indicators come out the same on Spark as on DuckDB.

The rows of all worked examples are laid side by side in one set of tables, their children and
meetings under names of their own, so that each view is built once. Every indicator is told apart by
its first breakdown, over quarters and over years.
"""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sightline.children.definitions import dataset, datasets
from sightline.children.tables import empty
from sightline.outcomes.clocks import TABLE as READINGS
from sightline.outcomes.clocks import reading_schema
from sightline.outcomes.definitions import registry
from sightline.outcomes.measures.computing import compute
from sightline.outcomes.measures.examples import Example, World, examples
from sightline.outcomes.measures.places import PLACES, places_table
from sightline.outcomes.measures.population import Population
from sightline.warehouse.engines import Engine, engine

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not here"),
    pytest.mark.timeout(600),
]
OWN: Final = {"reference", "chi", "scn"}
QUARTERS: Final = ("2022-23 Q4", "2023-24 Q1", "2023-24 Q2", "2023-24 Q3", "2023-24 Q4")
PERIODS: Final = (*QUARTERS, "2021-22", "2022-23", "2023-24")


def renamed(table: pa.Table, columns: set[str], prefix: str) -> pa.Table:
    """The table with a prefix before what is known by a name of its own."""
    for name in sorted(columns & set(table.column_names)):
        named = pc.binary_join_element_wise(pa.scalar(prefix), table[name], "")
        table = table.set_column(table.column_names.index(name), table.field(name), named)
    return table


def side_by_side(duck: Engine) -> Mapping[str, pa.Table]:
    """All examples in one set of tables."""
    found: dict[str, list[pa.Table]] = defaultdict(list)
    zones: dict[str, tuple[str, str, str]] = {}
    for example in examples():
        world, prefix = World(example, duck), f"{example.code} "
        for code in example.tables:
            own = {c.name for c in dataset(code).columns if c.kind in OWN} | {"family"}
            found[code].append(renamed(world.arrow(code), own, prefix))
        found[READINGS].append(renamed(world.arrow(READINGS), {"child"}, prefix))
        zones |= {zone: (zone, simd, where) for zone, simd, where in example.places}
    made = {one.code: pa.concat_tables([empty(one), *found[one.code]]) for one in datasets()}
    made[READINGS] = pa.concat_tables([reading_schema().empty_table(), *found[READINGS]])
    return {**made, PLACES: places_table(zones.values())}


def results(world: Mapping[str, pa.Table], on: Engine, people: Population) -> list[Any]:
    """Every version of every indicator by its first breakdown, floats to nine places."""
    tables = {code: on.put(table) for code, table in world.items()}
    chosen = [
        one.model_copy(update={"breakdowns": _first(one)})
        for one in registry()
        if one.shape != "gap"
    ]
    table = compute(chosen, tables, PERIODS, engine=on, population=people)
    return sorted(
        (
            tuple(round(v, 9) if isinstance(v, float) else v for v in row.values())
            for row in table.to_pylist()
        ),
        key=str,
    )


def _first(one: Any) -> tuple[str, ...]:
    """The first breakdown, or the one that its shape is about."""
    about = one.of_breakdown or one.mentions.removeprefix("by_")
    return (about,) if about else one.breakdowns[:1]


def population_of(some: tuple[Example, ...]) -> Population:
    """The population of the example that says most of it."""
    return Population.of(max((one.population for one in some), key=len))


def test_every_indicator_is_the_same_on_both(duck: Engine) -> None:
    world, people = side_by_side(duck), population_of(examples())
    ours = results(world, duck, people)
    with engine("spark", memory="1500MB") as spark:
        theirs = results(world, spark, people)
    assert len(ours) > len(tuple(registry())) * len(PERIODS)
    assert sum(bool(row[10]) for row in ours) > len(ours) / 10, "too little is counted to compare"
    assert [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]] == []
