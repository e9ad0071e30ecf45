"""Worked examples: a few made-up rows, and the answer somebody worked out by hand.

`definitions/examples/indicators/` has one for each indicator. The answer in the file never comes
from here: `run` says where what is worked out differs from it.
"""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import ibis.expr.types as ir
import pyarrow as pa
from django.conf import settings
from pydantic import Field, model_validator

from sightline.children.definitions import ColumnDefinition, DatasetDefinition, dataset
from sightline.children.tables import from_rows
from sightline.kernel.definitions import Closed, Definition, Registry, Words
from sightline.kernel.errors import BadInput
from sightline.outcomes.clocks import TABLE as READINGS
from sightline.outcomes.clocks import Working, reading_schema, readings, rulebook
from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.outcomes.measures.computing import compute, materialise
from sightline.outcomes.measures.places import PLACES, places_table
from sightline.outcomes.measures.population import Population
from sightline.outcomes.measures.views import named
from sightline.warehouse.engines import Engine

CLOSE: Final = 1e-6
"""How far a value may be from the one worked out by hand."""
NUMBERS: Final = {
    "people": "counted", "children": "people", "records": "records", "families": "families",
    "of": "of", "unknown": "unknown",
}  # fmt: skip
"""What an answer says, and the column of the results that says it."""
_TODAY: Final = dt.date(2025, 8, 1)


class Answer(Closed):
    """One answer: of a period and, when `by` is said, of one category of a breakdown.

    What is left out is not looked at. `people`, `of` and `unknown` are in the indicator's unit;
    `children` are the different children among those counted, whatever that unit is.
    """

    period: str = Field(min_length=1)
    by: str = ""
    category: str = ""
    people: int | None = None
    children: int | None = None
    records: int | None = None
    families: int | None = None
    of: int | None = None
    unknown: int | None = None
    value: float | None = None
    state: str = ""

    @model_validator(mode="after")
    def it_says_something(self) -> "Answer":
        """A number, a value or a state; a breakdown and a category, or neither."""
        numbers = [getattr(self, name) for name in (*NUMBERS, "value")]
        if not self.state and all(number is None for number in numbers):
            raise ValueError("an answer says people, of, unknown, value or state.")
        if bool(self.by) != bool(self.category):
            raise ValueError("`by` and `category` go together.")
        return self

    @property
    def where(self) -> str:
        """What it is an answer to, in words."""
        return f"{self.period}, {self.by} {self.category}" if self.by else self.period


class Rows(Closed):
    """The rows of one dataset, as text, under the columns that are filled."""

    columns: tuple[str, ...] = Field(min_length=1)
    rows: tuple[tuple[str, ...], ...] = ()

    @model_validator(mode="after")
    def every_row_is_whole(self) -> "Rows":
        """As many values as columns."""
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {number} has {len(row)} values for {len(self.columns)} columns."
                )
        return self


class Example(Definition):
    """A worked example of one indicator.

    Attributes:
        indicator: its key.
        words: the working, by hand.
        places: data zone, quintile, locality.
        population: year, sex, from age, to age, people, and the quintile if it is of one.
        today: when clocks are read.
        supplied: for each dataset that was supplied the first and last day; all were when empty.
        reported: the indicators that are shown, where it is those that are counted.
        same: changes of the definition that nothing can notice, each with the reason.
        tables: the rows, by dataset.
        answers: what comes out.
    """

    indicator: str
    words: Words
    places: tuple[tuple[str, str, str], ...] = ()
    population: tuple[tuple[str, ...], ...] = ()
    today: dt.date = _TODAY
    supplied: Mapping[str, tuple[dt.date, dt.date]] | None = None
    reported: tuple[str, ...] = ()
    same: Mapping[str, Words] = Field(default_factory=dict)
    tables: Mapping[str, Rows] = Field(default_factory=dict)
    answers: tuple[Answer, ...] = Field(min_length=1)

    @property
    def periods(self) -> tuple[str, ...]:
        """The periods it has answers for."""
        return tuple(dict.fromkeys(answer.period for answer in self.answers))


@lru_cache(maxsize=1)
def _examples() -> Registry[Example]:
    folder: Path = settings.SIGHTLINE_DEFINITIONS / "examples" / "indicators"
    return Registry.load(Example, folder)


def examples() -> tuple[Example, ...]:
    """Every worked example."""
    return tuple(_examples())


def example_of(definition: IndicatorDefinition) -> Example | None:
    """The worked example of a version of an indicator, if there is one."""
    return next((one for one in examples() if one.indicator == definition.key), None)


# -- text as values


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=None)


def value_of(column: ColumnDefinition, text: str) -> object:
    """A cell of an example as its column keeps it.

    Raises:
        BadInput: it is nothing of the kind, in words.
    """
    if not text:
        return None
    try:
        match column.kind:
            case "date":
                return dt.date.fromisoformat(text)
            case "time":
                return _moment(text)
            case "whole":
                return int(text)
            case "number":
                return float(text)
            case "flag":
                return {"yes": True, "no": False}[text]
            case "set":
                return [] if text == "-" else [part.strip() for part in text.split(";")]
            case _:
                return text
    except (ValueError, KeyError):
        raise BadInput(f"{column.name}: {text!r} is no {column.kind}.") from None


def typed(code: str, rows: Rows) -> pa.Table:
    """The typed table of a dataset from rows of an example.

    Raises:
        SightlineError: there is no such dataset, column or value.
    """
    known: DatasetDefinition = dataset(code)
    columns = [known.column(name) for name in rows.columns]
    return from_rows(
        known,
        (
            {c.name: value_of(c, text) for c, text in zip(columns, row, strict=True)}
            for row in rows.rows
        ),
    )


@dataclass
class World(Mapping[str, ir.Table]):
    """The tables of an example in an engine: each is put there when it is first asked for."""

    example: Example
    engine: Engine
    there: dict[str, ir.Table] = field(default_factory=dict)

    def arrow(self, code: str) -> pa.Table:
        """A table of the example; empty when it has no rows of it."""
        if code == PLACES:
            return places_table(self.example.places)
        if code == READINGS:
            return self._readings()
        if code in self.example.tables:
            return typed(code, self.example.tables[code])
        return from_rows(dataset(code), ())

    def _readings(self) -> pa.Table:
        rows = {code: typed(code, rows) for code, rows in self.example.tables.items()}
        if not rows:
            return reading_schema().empty_table()
        return readings(rows, Working(rulebook(), self.example.today))

    def __getitem__(self, code: str) -> ir.Table:
        if code not in self.there:
            self.there[code] = self.engine.put(self.arrow(code))
        return self.there[code]

    def __iter__(self) -> Iterator[str]:
        return iter((*self.example.tables, PLACES))

    def __len__(self) -> int:
        return len(self.example.tables) + 1


@dataclass(frozen=True)
class Days:
    """The days a dataset was supplied for."""

    first: dt.date
    last: dt.date


def worked_out(example: Example, definition: IndicatorDefinition, engine: Engine) -> pa.Table:
    """The results for the periods of an example, by the engine."""
    world = World(example, engine)
    others = [indicator(definition.of_indicator)] if definition.of_indicator else []
    views = materialise([definition, *others], world, engine)
    supplied = example.supplied
    return compute(
        [definition],
        world,
        example.periods,
        engine=engine,
        population=Population.of(example.population),
        supplied=None if supplied is None else {c: Days(*days) for c, days in supplied.items()},
        views=views,
        reported=[indicator(code) for code in example.reported],
    )


def differences(example: Example, results: Sequence[Mapping[str, Any]]) -> list[str]:
    """Where the results are not what was worked out by hand, in words."""
    by_place = {(r["period"], r["breakdown"], r["category"]): r for r in results}
    return [
        f"{example.key}, {answer.where}: {fault}"
        for answer in example.answers
        for fault in _faults(answer, by_place.get((answer.period, answer.by, answer.category)))
    ]


def _faults(answer: Answer, found: Mapping[str, Any] | None) -> Iterator[str]:
    if found is None:
        if any(getattr(answer, name) for name in (*NUMBERS, "value", "state")):
            yield "there is no such category"
        return
    for name, column in NUMBERS.items():
        wanted = getattr(answer, name)
        if wanted is not None and wanted != found[column]:
            yield f"{name} is {wanted} by hand, and {found[column]} came out"
    if answer.value is not None and (
        found["value"] is None or abs(found["value"] - answer.value) > CLOSE
    ):
        yield f"the value is {answer.value} by hand, and {found['value']} came out"
    if answer.state and answer.state != found["state"]:
        yield f"it is {answer.state!r} by hand, and {found['state']!r} came out"


def run(
    example: Example, engine: Engine, definition: IndicatorDefinition | None = None
) -> list[str]:
    """Where an example is not answered as by hand; empty when all is well.

    Arguments:
        example: the example.
        engine: which answers.
        definition: instead of the indicator it is of, when a changed one is tried.
    """
    one = definition or indicator(example.indicator)
    return differences(example, worked_out(example, one, engine).to_pylist())


def faults_of_view(definition: IndicatorDefinition, engine: Engine) -> list[str]:
    """What a definition names that its view does not have: columns, breakdowns, kinds of column."""
    if not definition.view:
        return []
    return list(_faults_of_columns(definition, empty_view(definition.view, engine)))


def empty_view(name: str, engine: Engine) -> ir.Table:
    """A view of no rows, for its columns."""
    nothing = Example(
        code="nothing", version=1, indicator="nothing", words="none",
        answers=(Answer(period="2023-24", people=0),),
    )  # fmt: skip
    return named(name).build(World(nothing, engine))


def _faults_of_columns(definition: IndicatorDefinition, table: ir.Table) -> Iterator[str]:
    schema = table.schema()
    for column in sorted(set(definition.columns())):
        if column not in schema:
            yield f"{definition.key}: the view {definition.view} has no column {column}."
    for name in definition.breakdowns:
        wanted = "date_of_birth" if name == "age" else f"by_{name}"
        if wanted not in schema:
            yield f"{definition.key}: the view {definition.view} has no column {wanted}, " + (
                f"which the breakdown {name} needs."
            )
    for column in (definition.date, definition.from_, definition.until):
        if column in schema and not schema[column].is_date():
            yield f"{definition.key}: {column} is {schema[column]}, and a date is needed."
