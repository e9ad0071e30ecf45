"""Large tables for measuring an engine: as many children as Scotland has, written by the engine.

These are not lives: every child has spells, one after the other, so that each query has all the
rows it could have. What is drawn is worked out from the number of the row by whole-number
arithmetic, so it is the same on every engine and version.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.children.definitions import dataset
from sightline.kernel.errors import BadInput
from sightline.outcomes.generating.files import Written
from sightline.outcomes.generating.making_files import empty_folder
from sightline.outcomes.measures.dates import plus_days
from sightline.warehouse.engines import Engine, engine

PRIME: Final = 2_147_483_647
ENTRIES, EPISODES, PLACEMENTS = 4, 2, 4
"""Spells of each child: 10 in all, so a million children have ten million."""
PUPILS_IN = 5
SCHOOL_DAYS, SCHOOL_YEARS, SESSIONS = 125, 2, 2
"""One child in five is a pupil, with 500 half days: a hundred a child."""
ZONES, COUNCIL = 2_000, "S12999001"
FIRST = "2014-08-01"
SPACING = 900
"""Days from the start of one registration to the next, on average a little more than it lasts."""
SEXES = ("female", "male")
KINDS = ("home", "kinship", "kinship", "foster-council", "foster-purchased", "residential-council")
FEWEST = 100
LATE = 970
"""Of a thousand half days, the ones after this many are late ones."""


@dataclass(frozen=True)
class Scale:
    """What was written: its files, with the rows of each."""

    files: tuple[Written, ...]
    planted: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()

    def path(self, code: str) -> Path:
        """The file of a dataset."""
        return next(one.file for one in self.files if one.dataset == code)


def drawn(number: Any, salt: int, below: int) -> Any:
    """A whole number from 0 to below `below`, worked out from another and a salt."""
    mixed = (number * 48_271 + salt * 7_919 + 1) % PRIME
    mixed = (mixed * mixed + salt * 40_692 + 7) % PRIME
    mixed = (mixed * mixed + number) % PRIME
    return mixed % below


def _named(prefix: str, number: Any) -> Any:
    return ibis.literal(prefix) + number.cast("string")


def _one_of(values: tuple[str, ...], number: Any) -> Any:
    return number.cases(*enumerate(values), else_=values[-1])


def _day(days: Any, start: str = FIRST) -> Any:
    return plus_days(ibis.literal(start).cast("date"), days.cast("int32"))


def _children(rows: ir.Table, salt: int) -> ir.Table:
    n = rows.n
    return rows.select(
        child=_named("C", n),
        date_of_birth=_day(drawn(n, salt + 1, 6_500), "2002-01-01"),
        sex=_one_of(SEXES, drawn(n, salt + 2, 2)),
        ethnic_group=ibis.literal("white-scottish"),
        disability=ibis.ifelse(drawn(n, salt + 3, 10) == 0, "learning", "none"),
        home_zone=_named("S01", (ibis.literal(990_000) + drawn(n, salt + 4, ZONES))),
        family=_named("F", (n / 2).floor().cast("int64")),
    )


def _spell(rows: ir.Table, salt: int, each: int) -> dict[str, Any]:
    """The number of a spell, and its first and last day: spells of a child do not overlap."""
    number = rows.n * each + rows.s
    space = SPACING * ENTRIES // each
    start = rows.s * space + drawn(number, salt, space // 3)
    length = 30 + drawn(number, salt + 1, space // 2)
    return {"number": number, "start": _day(start), "end": _day(start + length)}


def _register(rows: ir.Table, salt: int) -> ir.Table:
    spell = _spell(rows, salt + 10, ENTRIES)
    last = (rows.s == ENTRIES - 1) & (drawn(spell["number"], salt + 12, 4) == 0)
    return rows.select(
        child=_named("C", rows.n),
        registered_on=spell["start"],
        deregistered_on=ibis.ifelse(last, None, spell["end"]),
        sequence=rows.s + 1,
        temporary=ibis.literal(False),
        reason=ibis.ifelse(last, None, "improved-home"),
    )


def _episodes(rows: ir.Table, salt: int) -> ir.Table:
    return rows.select(
        episode=_named("E", rows.n * EPISODES + rows.s),
        child=_named("C", rows.n),
        started_on=_day(rows.s * 2_000),
        ended_on=_day(rows.s * 2_000 + 1_900),
        short_breaks=ibis.literal(False),
        current_care_plan=ibis.literal(True),
        destination=ibis.literal("home"),
    )


def _placements(rows: ir.Table, salt: int) -> ir.Table:
    """Two placements in each episode, the first shorter or longer."""
    number = rows.n * PLACEMENTS + rows.s
    episode = (rows.s / 2).floor().cast("int64")
    second = rows.s % 2
    moved = 100 + drawn(rows.n * EPISODES + episode, salt + 20, 1_500)
    start = episode * 2_000 + ibis.ifelse(second == 1, moved, 0)
    end = episode * 2_000 + ibis.ifelse(second == 1, 1_900, moved)
    return rows.select(
        placement=_named("P", number),
        episode=_named("E", rows.n * EPISODES + episode),
        child=_named("C", rows.n),
        started_on=_day(start),
        ended_on=_day(end),
        placement_type=_one_of(KINDS, drawn(number, salt + 21, len(KINDS))),
        emergency=ibis.literal(False),
        ending=ibis.literal("planned"),
    )


def _attendance(rows: ir.Table, salt: int) -> ir.Table:
    """Half days of two school years, late August on, weekends included: an engine minds none."""
    half = rows.n * SCHOOL_DAYS * SCHOOL_YEARS * SESSIONS + rows.s
    day = ((rows.s / SESSIONS).floor()).cast("int64")
    year = (day / SCHOOL_DAYS).floor().cast("int64")
    luck = drawn(half, salt + 30, 1_000)
    often = 40 + drawn(rows.n, salt + 31, 160)
    return rows.select(
        child=_named("C", rows.n),
        day=_day(year * 365 + (day % SCHOOL_DAYS) * 2 + 20, "2022-08-01"),
        session=_one_of(("am", "pm"), rows.s % 2),
        code=ibis.cases(
            (luck < often / 2, "authorised"), (luck < often, "unauthorised"),
            (luck > LATE, "late"), else_="present",
        ),
    )  # fmt: skip


Made = Callable[[ir.Table, int], ir.Table]
PARTS: Final[tuple[tuple[str, int, int, Made], ...]] = (
    ("children", 1, 1, _children),
    ("register-entries", 1, ENTRIES, _register),
    ("care-episodes", 1, EPISODES, _episodes),
    ("placements", 1, PLACEMENTS, _placements),
    ("attendance", PUPILS_IN, SCHOOL_DAYS * SCHOOL_YEARS * SESSIONS, _attendance),
)
"""Datasets: one child in how many has rows, how many, and how they are made."""


def write_scale(folder: Path, *, children: int, seed: int = 7, memory: str = "2GB") -> Scale:
    """Write the large tables; the same numbers give the same rows.

    Raises:
        BadInput: too few children, or the folder holds something already.
    """
    if children < FEWEST:
        raise BadInput(f"{children} children are too few to measure with; ask for {FEWEST}.")
    empty_folder(folder)
    salt = (seed % 10_000) * 100
    written = []
    with engine("duckdb", memory=memory, folder=folder) as warehouse:
        for code, one_in, each, made in PARTS:
            rows = _rows(warehouse, code, range(0, children, one_in), each)
            target = folder / f"{code}.parquet"
            whole = _typed(made(rows, salt), code)
            written.append(Written(code, target, warehouse.write(whole, target)))
    return Scale(tuple(written))


def _rows(warehouse: Engine, code: str, numbers: range, each: int) -> ir.Table:
    """A row for each number `n` and each place `s` below `each`."""
    called = code.replace("-", "_")
    n = pa.table({"n": pa.array(numbers, pa.int64())})
    s = pa.table({"s": pa.array(range(each), pa.int64())})
    return warehouse.put(n, f"n_{called}").cross_join(warehouse.put(s, f"s_{called}"))


def _typed(rows: ir.Table, code: str) -> ir.Table:
    """Every column of the dataset, those that are not made empty, and `row` and `extract`."""
    from sightline.children.tables import arrow_schema

    schema = ibis.Schema.from_pyarrow(arrow_schema(dataset(code)))
    made = set(rows.columns)
    columns = {
        name: (rows[name].cast(kind) if name in made else ibis.null(kind))
        for name, kind in schema.items()
        if name not in {"row", "extract"}
    }
    return rows.select(**columns, row=ibis.literal(2, "int64"), extract=ibis.literal("scale"))
