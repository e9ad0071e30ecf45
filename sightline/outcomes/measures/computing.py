"""Indicators worked out: from the tables of a build to one table of results.

`compute` gives every indicator asked for, every period, every breakdown; `members` who is behind
them, by the same expressions. A figure says in its state why there is no value, and nothing that
was not submitted is ever a zero.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import ibis.expr.types as ir
import pyarrow as pa

from sightline.outcomes.clocks import cases
from sightline.outcomes.definitions import IndicatorDefinition, Stock, indicator
from sightline.outcomes.measures import shapes
from sightline.outcomes.measures.answers import Answers, Group, Groups
from sightline.outcomes.measures.periods import Span, between
from sightline.outcomes.measures.places import Tables
from sightline.outcomes.measures.population import Population
from sightline.outcomes.measures.shared import Shared
from sightline.outcomes.measures.views import named
from sightline.warehouse.engines import Engine

VIEWED: Final = frozenset(
    {"flow", "snapshot", "cohort", "median", "mean", "mentions", "profile", "average-stock"}
)
MEMBERS: Final = pa.schema(
    [
        ("indicator", pa.string()),
        ("version", pa.int64()),
        ("period", pa.string()),
        ("child", pa.string()),
        ("counted", pa.bool_()),
        ("unknown", pa.bool_()),
        ("categories", pa.list_(pa.string())),
    ]
)


class Supplied(Protocol):
    """The days a dataset was supplied for, both included."""

    @property
    def first(self) -> dt.date: ...

    @property
    def last(self) -> dt.date: ...


CLOCKS: Final = "clock_readings"
MANY_HELD, MANY_DATED = 20_000_000, 2_500_000
"""A query over a kept view looks at as many periods at once as give it so many rows: of rows that
hold for a while, each times the periods; of dated ones, each once. More would not fit in memory."""
SPINE: Final = "children"
"""The list of children has no days of its own: it is there or not."""


def _kept(view: str) -> str:
    return f"view_{view}"


def _read(definitions: Iterable[IndicatorDefinition]) -> dict[str, set[str]]:
    """The views they read, and of each the columns."""
    found: dict[str, set[str]] = {}
    for one in definitions:
        if one.view:
            found.setdefault(one.view, set()).update(shapes.columns_read(one))
        if one.stock:
            stock = one.model_copy(update=_of_stock(one.stock))
            found.setdefault(one.stock.view, set()).update(shapes.columns_read(stock))
    return found


def materialise(
    definitions: Iterable[IndicatorDefinition],
    tables: Tables,
    engine: Engine,
    *,
    once: bool = False,
) -> dict[str, ir.Table]:
    """The views these indicators read, of each the columns that they read, kept in the engine.

    Arguments:
        definitions: the indicators.
        tables: those of a build.
        engine: which keeps them.
        once: the views are for one run alone, so that a streamed one which a single query reads is
            not kept: the query takes from it what it needs.
    """
    listed = list(definitions)
    queries = {(one.view, one.after_months, one.calendar, shapes.base_of(one)) for one in listed}
    read = Counter(view for view, *_ in queries)
    read.update(one.stock.view for one in listed if one.stock)
    from_these = tables if isinstance(tables, Shared) else Shared(tables, engine)
    made = {}
    for name, columns in sorted(_read(listed).items()):
        view = named(name).build(from_these)
        view = view.select(*(column for column in view.columns if column in columns))
        streamed = once and read[name] == 1 and named(name).streamed
        made[name] = view if streamed else engine.keep(view, _kept(name))
    return made


@dataclass
class Work:
    """What a run holds on to: the engine, the views, and the periods as tables of the engine."""

    engine: Engine
    views: Mapping[str, ir.Table]
    grids: dict[Span, ir.Table] = field(default_factory=dict)
    censuses: dict[tuple[str, str, str, Span], frozenset[int]] = field(default_factory=dict)

    def grid(self, span: Span) -> ir.Table:
        """The windows of the periods, as a table."""
        if span not in self.grids:
            rows = [
                {shapes.PERIOD: number, "first": window.first, "last": window.last}
                for number, window in enumerate(span.windows)
            ]
            schema = pa.schema(
                [(shapes.PERIOD, pa.int64()), ("first", pa.date32()), ("last", pa.date32())]
            )
            made = pa.Table.from_pylist(rows, schema=schema)
            self.grids[span] = self.engine.put(made, f"grid_{len(self.grids)}")
        return self.grids[span]

    def view(self, definition: IndicatorDefinition) -> ir.Table:
        """The view a definition reads."""
        return self.views[definition.view]

    def pieces(self, definition: IndicatorDefinition, span: Span) -> Iterator[tuple[int, Span]]:
        """The periods in as many pieces as are looked at one by one, each with its first place."""
        rows = self.engine.rows(_kept(definition.view))
        held = not definition.date
        asked = -(-rows * len(span) // MANY_HELD) if held else -(-rows // MANY_DATED)
        each = max(1, -(-len(span) // max(1, asked)))
        for first in range(0, len(span), each):
            last = first + each
            yield first, Span(span.periods[first:last], span.windows[first:last])

    def taken(self, definition: IndicatorDefinition, span: Span) -> frozenset[int]:
        """For a list taken on certain days, the periods on whose last day one was taken."""
        key = (definition.view, definition.from_, definition.until, span)
        if key not in self.censuses:
            bare = definition.model_copy(update={"where": ()})
            rows = shapes.rows_of(bare, self.view(definition), span, self.grid(span))
            found = self.engine.fetch(rows.select(shapes.PERIOD).distinct())
            self.censuses[key] = frozenset(found[shapes.PERIOD].to_pylist())
        return self.censuses[key]


@dataclass(frozen=True)
class Query:
    """One query: of which indicators, over which periods, told apart by what."""

    definitions: tuple[IndicatorDefinition, ...]
    span: Span
    dims: tuple[shapes.Dimension, ...]
    expression: ir.Table


def query_of(
    work: Work,
    definitions: Sequence[IndicatorDefinition],
    span: Span,
    breakdowns: Mapping[str, Sequence[str] | None],
) -> Query:
    """The query that answers definitions of one base for some periods.

    Arguments:
        work: what the run holds on to.
        definitions: one, or several of which `shapes.base_of` is the same.
        span: the periods.
        breakdowns: by the key of each those that are wanted, or None for all it has.
    """
    view = work.view(definitions[0])
    each = (shapes.dimensions(one, view, breakdowns[one.key]) for one in definitions)
    dims = tuple(dict.fromkeys(dim for some in each for dim in some))
    rows = shapes.prepared(definitions, view, span, work.grid(span), dims)
    return Query(tuple(definitions), span, dims, shapes.counted(definitions, rows, dims))


def _of_stock(stock: Stock) -> dict[str, Any]:
    return {
        "shape": "snapshot", "view": stock.view, "date": "", "from_": stock.from_,
        "until": stock.until, "where": stock.where, "counts": (), "unknown": (),
        "count": "children", "count_column": "", "stock": None,
    }  # fmt: skip


def stock_of(definition: IndicatorDefinition, stock: Stock, view: ir.Table) -> IndicatorDefinition:
    """The stock a rate is of, as a definition: told apart by what its view knows too."""
    known = [
        name for name in definition.breakdowns if name == shapes.AGE or f"by_{name}" in view.columns
    ]
    return definition.model_copy(update={**_of_stock(stock), "breakdowns": tuple(known)})


def groups_of(
    query: Query, table: pa.Table, definition: IndicatorDefinition, start: int = 0
) -> Groups:
    """What one of its indicators asked of an answer: by breakdown, category and period.

    Periods are numbered from `start`.
    """
    number = shapes.asked_of_each(query.definitions).index(shapes.asked_of(definition))
    names = [shapes.ALL, *(dim.name for dim in query.dims)]
    wanted = {shapes.ALL, *definition.breakdowns}
    own = [f"{name}_{number}" for name in shapes.COUNTED]
    columns = [
        table[name].to_pylist() for name in (shapes.PERIOD, shapes.PLACE, "category", *own, "value")
    ]
    found: Groups = {}
    for period, place, category, *rest in zip(*columns, strict=True):
        if names[place] in wanted:
            found.setdefault((names[place], category), {})[start + period] = Group(*rest)
    return found


def _averages(groups: Groups, months: Span, span: Span) -> dict[tuple[str, str], dict[int, float]]:
    """The average of the stock on the last days of each period's months."""
    inside = {
        number: [m for m, month in enumerate(months) if p.first <= month.last <= p.last]
        for number, p in enumerate(span)
    }
    return {
        key: {
            number: sum(by_month[m].counted for m in ms if m in by_month) / len(ms)
            for number, ms in inside.items()
            if ms
        }
        for key, by_month in groups.items()
    }


def needs_of(definition: IndicatorDefinition) -> frozenset[str]:
    """The datasets without which an indicator says nothing: of its views, and of its clocks."""
    views = [definition.view, *([definition.stock.view] if definition.stock else [])]
    needs = {need for view in views if view for need in named(view).needs}
    if definition.view == CLOCKS:
        read = {
            value for one in definition.where if one.column == "rule" for value in one.is_ or ()
        }
        needs |= {need for case in cases() if case.name in read for need in case.needs}
    return frozenset(needs)


def _missing(
    definition: IndicatorDefinition, span: Span, supplied: Mapping[str, Supplied] | None
) -> frozenset[int]:
    """The periods for which a dataset that is needed was not supplied."""
    if supplied is None or not definition.view:
        return frozenset()
    needs = needs_of(definition)
    lacking = set()
    for number, (period, window) in enumerate(zip(span.periods, span.windows, strict=True)):
        for need in needs:
            there = supplied.get(need)
            if there is None or (
                need != SPINE and (there.first > window.first or there.last < period.last)
            ):
                lacking.add(number)
    return frozenset(lacking)


def _stocks(
    work: Work, definition: IndicatorDefinition, span: Span, breakdowns: Sequence[str] | None
) -> dict[tuple[str, str], dict[int, float]]:
    stock = definition.stock
    if stock is None:
        return {}
    first = min(period.first for period in span)
    last = max(period.last for period in span)
    months = Span.of(between(first, last, "month", definition.calendar), definition.calendar)
    if not len(months):
        return {}
    one = stock_of(definition, stock, work.views[stock.view])
    query = query_of(work, [one], months, {one.key: breakdowns})
    groups = groups_of(query, work.engine.fetch(query.expression), one)
    return _averages(groups, months, span)


def compute(
    definitions: Sequence[IndicatorDefinition],
    tables: Tables,
    periods: Sequence[str],
    *,
    engine: Engine,
    population: Population | None = None,
    supplied: Mapping[str, Supplied] | None = None,
    breakdowns: Sequence[str] | None = None,
    views: Mapping[str, ir.Table] | None = None,
    areas: Sequence[str] = (),
    reported: Sequence[IndicatorDefinition] = (),
) -> pa.Table:
    """The results of indicators for periods.

    Arguments:
        definitions: the indicators.
        tables: the tables of a build, and `places`.
        periods: keys, as `periods.parse` reads them, each in the calendar of the indicator.
        engine: which answers.
        population: for rates; without it they are not available.
        supplied: the days each dataset was supplied for; None when everything was.
        breakdowns: only these of the breakdowns of each; all of them when None.
        views: those that `materialise` made, where they are kept for more than one run.
        areas: codes and names of the area, for published figures; any when empty.
        reported: the indicators among which `balance` counts those that have a value; those asked
            for when empty. One that is not asked for is taken to have one.

    Returns:
        A row an indicator, period, breakdown and category; see `answers.RESULTS`.
    """
    if not periods:
        return Answers().table()
    every = [*definitions, *_compared(definitions)]
    made = views if views is not None else materialise(every, tables, engine, once=True)
    work = Work(engine, made)
    answers = Answers(population=population or Population())
    _counted(work, answers, definitions, every, periods, breakdowns, supplied)
    for one in sorted(definitions, key=lambda one: one.shape == "balance"):
        span = Span.of(periods, one.calendar)
        match one.shape:
            case "supplied":
                published = tables.get("published-figures")
                rows = engine.fetch(published).to_pylist() if published is not None else []
                answers.add_supplied(one, span, rows, areas)
            case "gap":
                other = next((two for two in every if two.code == one.of_indicator), None)
                answers.add_gap(one, other, span)
            case "balance":
                answers.add_balance(one, span, reported or definitions, every)
            case _:
                pass
    return answers.table()


def _counted(
    work: Work,
    answers: Answers,
    definitions: Sequence[IndicatorDefinition],
    every: Sequence[IndicatorDefinition],
    periods: Sequence[str],
    breakdowns: Sequence[str] | None,
    supplied: Mapping[str, Supplied] | None,
) -> None:
    """Add the answers of all that read a view; those only compared have all their breakdowns."""
    asked = {one.key for one in definitions}
    wanted = {one.key: breakdowns if one.key in asked else None for one in every}
    viewed = [one for one in every if one.shape in VIEWED]
    spans = {one.key: Span.of(periods, one.calendar, back=one.after_months) for one in viewed}
    together: dict[Any, list[IndicatorDefinition]] = {}
    for one in viewed:
        together.setdefault((spans[one.key], shapes.base_of(one)), []).append(one)
    found: dict[str, Groups] = {}
    for (span, _), some in together.items():
        found |= _groups(work, some, span, wanted)
    for one in viewed:
        span, groups = spans[one.key], found[one.key]
        names = [dim.name for dim in shapes.dimensions(one, work.view(one), wanted[one.key])]
        without = _missing(one, span, supplied)
        if one.census:
            without |= frozenset(range(len(span))) - work.taken(one, span)
        answers.add(
            one, span, names, groups, lacking=without,
            stocks=_stocks(work, one, span, breakdowns), shown=one.key in asked,
        )  # fmt: skip


def _groups(
    work: Work,
    some: Sequence[IndicatorDefinition],
    span: Span,
    wanted: Mapping[str, Sequence[str] | None],
) -> dict[str, Groups]:
    """By the key of each of these, which share a base, what was counted."""
    found: dict[str, Groups] = {one.key: {} for one in some}
    for start, piece in work.pieces(some[0], span):
        query = query_of(work, some, piece, wanted)
        table = work.engine.fetch(query.expression)
        for one in some:
            for place, by_period in groups_of(query, table, one, start).items():
                found[one.key].setdefault(place, {}).update(by_period)
    return found


def _compared(definitions: Sequence[IndicatorDefinition]) -> list[IndicatorDefinition]:
    """The indicators that a gap is of and that were not asked for themselves."""
    asked = {one.code for one in definitions}
    wanted = dict.fromkeys(one.of_indicator for one in definitions if one.of_indicator)
    return [indicator(code) for code in wanted if code not in asked]


def members(
    definitions: Sequence[IndicatorDefinition],
    tables: Tables,
    periods: Sequence[str],
    *,
    engine: Engine,
    breakdowns: Sequence[str] | None = None,
    views: Mapping[str, ir.Table] | None = None,
) -> pa.Table:
    """The children behind indicators: everybody in the base, and whether they are counted.

    A child whose rows lie in several categories has them all. Indicators that are not about rows of
    children have nobody behind them.
    """
    viewed = [one for one in definitions if one.shape in VIEWED]
    made = views if views is not None else materialise(viewed, tables, engine)
    work = Work(engine, made)
    parts = [MEMBERS.empty_table()]
    for one in viewed:
        view = work.view(one)
        if not periods or "child" not in view.columns:
            continue
        span = Span.of(periods, one.calendar, back=one.after_months)
        dims = shapes.dimensions(one, view, breakdowns)
        rows = shapes.prepared([one], view, span, work.grid(span), dims)
        table = engine.fetch(shapes.listed(one, rows, dims))
        keys = pa.array([period.key for period in span], pa.string())
        parts.append(
            pa.table(
                {
                    "indicator": pa.array([one.code] * table.num_rows, pa.string()),
                    "version": pa.array([one.version] * table.num_rows, pa.int64()),
                    "period": keys.take(table[shapes.PERIOD].combine_chunks()),
                    **{name: table[name] for name in ("child", "counted", "unknown", "categories")},
                }
            ).cast(MEMBERS)
        )
    return pa.concat_tables(parts)
