"""The contract of the port: indicators come out the same on Spark as on DuckDB.

The rows of all worked examples are laid side by side in one set of tables, their children and
meetings under names of their own, so that each view is built once. Every indicator is told apart by
its first breakdown, over quarters and over years.
"""

import shutil
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from sightline.children.definitions import dataset, datasets
from sightline.children.tables import empty
from sightline.kernel.errors import BadInput
from sightline.outcomes.clocks import TABLE as READINGS
from sightline.outcomes.clocks import reading_schema
from sightline.outcomes.definitions import registry
from sightline.outcomes.measures.computing import compute, materialise, members
from sightline.outcomes.measures.examples import Example, World, examples
from sightline.outcomes.measures.places import PLACES, places_table
from sightline.outcomes.measures.population import Population
from sightline.warehouse.engines import Engine, engine

pytestmark = [
    pytest.mark.skipif(shutil.which("java") is None, reason="Java is not here"),
    pytest.mark.timeout(600),
]
OWN: Final = {"reference", "chi", "scn"}
UNCOMPILED: Final = {
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}
"""Rows are so few that compiling each query to Java takes a third of the whole time."""
QUARTERS: Final = ("2022-23 Q4", "2023-24 Q1", "2023-24 Q2", "2023-24 Q3", "2023-24 Q4")
ANY: Final = ("2022-23", "2023-24", "2023-09-15..2024-03-10")
IN_ANY: Final = ("cp13", "la03")


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
    some = [one for one in chosen if one.code in IN_ANY]
    views = materialise(chosen, tables, on)
    found = [
        compute(chosen, tables, QUARTERS, engine=on, population=people, views=views),
        compute(some, tables, ANY, engine=on, population=people, views=views),
        members(some, tables, QUARTERS, engine=on, views=views),
    ]
    return sorted(
        (
            tuple(round(v, 9) if isinstance(v, float) else v for v in row.values())
            for table in found
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


def test_every_indicator_is_the_same_on_both(duck: Engine, tmp_path: Path) -> None:
    world, people = side_by_side(duck), population_of(examples())
    ours = results(world, duck, people)
    with engine("spark", memory="1500MB", folder=tmp_path) as spark:
        for setting, value in UNCOMPILED.items():
            spark.session.conf.set(setting, value)  # type: ignore[attr-defined]
        theirs = results(world, spark, people)
        written = spark.write(spark.put(world["children"]), tmp_path / "children.parquet")
        again = spark.fetch(spark.read(tmp_path / "children.parquet"))
        pieces = pa.concat_tables([again.slice(0, 1), again.slice(0, 0), again.slice(1)])
        assert spark.fetch(spark.put(pieces)).num_rows == again.num_rows
        with pytest.raises(BadInput, match="none was named"):
            spark.read()
    assert written == again.num_rows == world["children"].num_rows
    assert len(ours) > len(tuple(registry())) * len(QUARTERS)
    assert sum(bool(row[10]) for row in ours if len(row) > 10) > 200, "too little to compare"
    assert [pair for pair in zip(ours, theirs, strict=True) if pair[0] != pair[1]] == []
