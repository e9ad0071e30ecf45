"""Indicators of a build that is there already, worked out again from what lies in its folder."""

import datetime as dt
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa

from sightline.children.definitions import datasets
from sightline.kernel.errors import BadInput
from sightline.outcomes.clocks import TABLE as READINGS
from sightline.outcomes.definitions import IndicatorDefinition
from sightline.outcomes.measures.computing import compute
from sightline.outcomes.measures.periods import between
from sightline.outcomes.measures.places import PLACES
from sightline.outcomes.measures.population import Population
from sightline.warehouse.engines import engine

_POPULATION: Final = ("year", "sex", "from_age", "to_age", "people", "simd")
YEARS: Final = 10


@dataclass(frozen=True)
class Days:
    """The days a dataset was supplied for, both included."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class Run:
    """What came out: results, as `answers.RESULTS`, and how long it took with the engine open."""

    results: pa.Table
    seconds: float


def supplied_of(folder: Path) -> dict[str, Days]:
    """The days each dataset of a build was supplied for."""
    said = json.loads((folder / "overview.json").read_text(encoding="utf-8"))
    return {
        code: Days(dt.date.fromisoformat(first), dt.date.fromisoformat(last))
        for code, (first, last) in said["supplied"].items()
    }


def keys_of(
    definitions: Sequence[IndicatorDefinition], supplied: Mapping[str, Days]
) -> tuple[str, ...]:
    """The years that are over, the last ten, in the calendars of the indicators."""
    if not supplied:
        return ()
    last = max(days.last for days in supplied.values())
    first = dt.date(last.year - YEARS, 1, 1)
    calendars = sorted({one.calendar for one in definitions})
    keys = {key for calendar in calendars for key in between(first, last, "year", calendar)}
    return tuple(sorted(keys))[-YEARS:]


def run(
    folder: Path,
    definitions: Sequence[IndicatorDefinition],
    periods: Sequence[str] = (),
    *,
    engine_name: str = "duckdb",
    breakdowns: Sequence[str] | None = None,
    areas: Sequence[str] = (),
) -> Run:
    """Work indicators out from the tables of a build.

    Arguments:
        folder: of the build.
        definitions: the indicators.
        periods: keys; the last ten years when none are given.
        engine_name: `duckdb` or `spark`.
        breakdowns: only these; all of each indicator when None.
        areas: codes and names of the area, for published figures.

    Raises:
        BadInput: the folder holds no build that was worked out.
    """
    if not (folder / "overview.json").is_file():
        raise BadInput("This build was made without indicators. Make it again: `sightline load`.")
    supplied = supplied_of(folder)
    with engine(engine_name) as one:
        tables = {ds.code: one.read(folder / "tables" / f"{ds.code}.parquet") for ds in datasets()}
        tables[PLACES] = one.read(folder / "places.parquet")
        tables[READINGS] = one.read(folder / f"{READINGS}.parquet")
        people = one.fetch(one.read(folder / "population.parquet")).select(list(_POPULATION))
        started = time.monotonic()
        results = compute(
            definitions,
            tables,
            periods or keys_of(definitions, supplied),
            engine=one,
            population=Population.of(tuple(row.values()) for row in people.to_pylist()),
            supplied=supplied,
            breakdowns=breakdowns,
            areas=areas,
        )
        return Run(results, time.monotonic() - started)
