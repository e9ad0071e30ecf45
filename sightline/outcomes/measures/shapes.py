"""The shapes: how an indicator finds its rows, puts them in periods, and counts them.

One query gives every breakdown of an indicator at once. `rows_of` finds the rows of a definition
(flow, snapshot, cohort and those built on them); `counted` groups them. What needs no table (rates,
gaps, states) is worked out from the groups in `computing`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from sightline.outcomes.definitions import IndicatorDefinition, Predicate
from sightline.outcomes.measures.bands import NONE, NOT_KNOWN, band_on
from sightline.outcomes.measures.dates import month_index
from sightline.outcomes.measures.periods import Span
from sightline.outcomes.measures.predicates import all_hold, all_of

_WHO: Final = ("child", "family", "date_of_birth")
_NOBODY: Final = ibis.literal(0, "int64")
_NO_CATEGORY: Final = ibis.literal([], "array<string>")
AGE: Final = "age"
ALL: Final = ""
"""The breakdown, and the category, of everybody."""
PERIOD, PLACE = "p", "b"
_DAY = "looked_at_on"
_VALUE, _ROWS = "value_of_row", "n_rows"
_CHILD, _FAMILY, _ENTITY, _CATEGORY = "child_of_row", "family_of_row", "entity_of_row", "category"


@dataclass(frozen=True)
class Asked:
    """What is asked of a row of a base: whether it is counted, and whether that is known.

    Definitions that share a base are answered by one query, which asks each thing once.
    """

    counts: tuple[Predicate, ...] = ()
    unknown: tuple[Predicate, ...] = ()
    of_breakdown: str = ""
    value: str = ""

    @property
    def some(self) -> bool:
        """Whether a row may be left out of those counted."""
        return bool(self.counts or self.of_breakdown or self.doubtful)

    @property
    def doubtful(self) -> bool:
        """Whether a row may be one of which nobody knows."""
        return bool(self.unknown or self.value)


def asked_of(definition: IndicatorDefinition) -> Asked:
    """What a definition asks of the rows of its base."""
    return Asked(definition.counts, definition.unknown, definition.of_breakdown, definition.value)


def asked_of_each(definitions: Sequence[IndicatorDefinition]) -> tuple[Asked, ...]:
    """What they ask, each thing once; the number of a thing is its place."""
    return tuple(dict.fromkeys(asked_of(one) for one in definitions))


def base_of(definition: IndicatorDefinition) -> tuple[Any, ...]:
    """What two definitions must have alike for one query to answer both."""
    base = (
        definition.view, definition.date, definition.from_, definition.until, definition.where,
        definition.count, definition.count_column, definition.mentions,
        definition.age_bands if AGE in definition.breakdowns else "",
    )  # fmt: skip
    return (*base, definition.shape, asked_of(definition)) if definition.value else base


@dataclass(frozen=True)
class Dimension:
    """A breakdown of a query: its name, its column, and whether a row has several values of it."""

    name: str
    column: str
    several: bool


def dimensions(
    definition: IndicatorDefinition, table: ir.Table, wanted: Sequence[str] | None = None
) -> tuple[Dimension, ...]:
    """The breakdowns a definition has, or those of it that are wanted, as its view holds them."""
    schema = table.schema()
    found = []
    for name in definition.breakdowns:
        column = f"by_{name}"
        if wanted is not None and name not in wanted:
            continue
        mentioned = column == definition.mentions
        several = name != AGE and not mentioned and schema[column].is_array()
        found.append(Dimension(name, column, several))
    return tuple(found)


# -- the rows


def _held(table: ir.Table, definition: IndicatorDefinition, span: Span) -> tuple[Any, Any]:
    """Whether a row holds on any of the days: begun by the latest, not over by the earliest."""
    start, until = table[definition.from_], table[definition.until]
    days = [window.last for window in span.windows]
    return start <= ibis.literal(max(days)), until.isnull() | (until > ibis.literal(min(days)))


def _in_stock(
    table: ir.Table, definition: IndicatorDefinition, span: Span, grid: ir.Table
) -> ir.Table:
    """A row for each period on whose last day a row holds."""
    begun, not_over = _held(table, definition, span)
    table = table.filter(begun & not_over)
    if len(span) == 1:
        last = ibis.literal(span.windows[0].last)
        return table.mutate(**{PERIOD: ibis.literal(0, "int64"), _DAY: last})
    start, until = table[definition.from_], table[definition.until]
    if not span.months:
        days = grid.select(PERIOD, **{_DAY: "last"})
        return table.join(
            days,
            [start <= days[_DAY], until.isnull() | (until > days[_DAY])],
        )
    first = ((month_index(start) - span.start) / span.months).floor().cast("int64")
    after = ((month_index(until) - span.start) / span.months).floor().cast("int64")
    low = ibis.greatest(first, ibis.literal(0, "int64"))
    high = ibis.least(after.fill_null(len(span)), ibis.literal(len(span), "int64"))
    many = table.mutate(**{PERIOD: ibis.range(low, high).unnest().cast("int64")})
    days = grid.select(of_period=PERIOD, **{_DAY: "last"})
    return many.join(days, many[PERIOD] == days.of_period).drop("of_period")


def _in_flow(
    table: ir.Table, definition: IndicatorDefinition, span: Span, grid: ir.Table
) -> ir.Table:
    """A row for each period in whose days the date of a row lies."""
    day = table[definition.date]
    first = min(window.first for window in span.windows)
    last = max(window.last for window in span.windows)
    table = table.filter((day >= ibis.literal(first)) & (day <= ibis.literal(last)))
    day = table[definition.date]
    if len(span) == 1:
        return table.mutate(**{PERIOD: ibis.literal(0, "int64"), _DAY: day})
    if span.months:
        period = (month_index(day) - span.start) // span.months
        return table.mutate(**{PERIOD: period.cast("int64"), _DAY: day})
    days = grid.select(PERIOD, window_first="first", window_last="last")
    joined = table.join(days, [day >= days.window_first, day <= days.window_last])
    return joined.mutate(**{_DAY: joined[definition.date]}).drop("window_first", "window_last")


def _split(tests: Sequence[Predicate]) -> tuple[list[Predicate], list[Predicate]]:
    """Those that can be asked before the day is known, and those that cannot."""
    at_once = [test for test in tests if not test.of_a_day]
    return at_once, [test for test in tests if test.of_a_day]


def rows_of(
    definition: IndicatorDefinition, table: ir.Table, span: Span, grid: ir.Table
) -> ir.Table:
    """The rows of the base, each in its period `p`, with the day it is looked at.

    Arguments:
        definition: of a shape that reads a view.
        table: the view.
        span: the periods.
        grid: the same as a table of the engine: `p`, `first`, `last` of each window.
    """
    at_once, on_the_day = _split(definition.where)
    if at_once:
        table = table.filter(all_hold(at_once, table))
    placed = _in_flow if definition.date else _in_stock
    rows = placed(table, definition, span, grid)
    if on_the_day:
        rows = rows.filter(all_hold(on_the_day, rows, rows[_DAY]))
    return rows


def _has_some(column: Any) -> Any:
    """Whether a breakdown of a row is known."""
    if column.type().is_array():
        return (column.length() > 0).fill_null(False)
    return (column.notnull() & (column != NOT_KNOWN)).fill_null(False)


def _is_counted(number: int) -> str:
    return f"is_counted_{number}"


def _is_unknown(number: int) -> str:
    return f"is_unknown_{number}"


def _flags(asked: Sequence[Asked], rows: ir.Table) -> dict[str, Any]:
    """Whether a row is counted, and whether that is not known: only where rows differ in it."""
    day = rows[_DAY]
    found: dict[str, Any] = {}
    for number, one in enumerate(asked):
        tests = [all_hold(one.counts, rows, day).fill_null(False)] if one.counts else []
        if one.of_breakdown:
            tests.append(_has_some(rows[f"by_{one.of_breakdown}"]))
        if one.doubtful:
            unknown: Any = rows[one.value].isnull() if one.value else None
            if one.unknown:
                said = all_hold(one.unknown, rows, day).fill_null(False)
                unknown = said if unknown is None else said | unknown
            found[_is_unknown(number)] = unknown
            tests.append(~unknown)
        if one.some:
            found[_is_counted(number)] = all_of(tests)
    return found


def _entity(definition: IndicatorDefinition, rows: ir.Table) -> Any:
    if definition.count_column:
        return rows[definition.count_column].cast("string")
    return None


def _categories(
    definition: IndicatorDefinition, rows: ir.Table, dims: Sequence[Dimension]
) -> dict[str, Any]:
    """Each breakdown's value of a row, or its values."""
    found: dict[str, Any] = {}
    for number, dim in enumerate(dims, start=1):
        if dim.name == AGE:
            band = band_on(rows["date_of_birth"], rows[_DAY], definition.age_bands)
            found[f"c{number}"] = band
        elif dim.several:
            several = rows[dim.column]
            some = ibis.ifelse(several.length() == 0, ibis.array([NONE]), several)
            found[f"c{number}"] = some.fill_null(ibis.array([NOT_KNOWN]))
        else:
            found[f"c{number}"] = rows[dim.column].cast("string").fill_null(NOT_KNOWN)
    return found


def columns_read(definition: IndicatorDefinition) -> frozenset[str]:
    """The columns of its view that a definition reads, who a row is about among them."""
    named = {*_WHO, *definition.columns(), *(f"by_{name}" for name in definition.breakdowns)}
    return frozenset({*named, f"by_{definition.of_breakdown}"})


def prepared(
    definitions: Sequence[IndicatorDefinition],
    table: ir.Table,
    span: Span,
    grid: ir.Table,
    dims: Sequence[Dimension],
) -> ir.Table:
    """The rows of the base with nothing but what is grouped and counted.

    Arguments:
        definitions: one, or several of one base.
        table: their view.
        span: the periods.
        grid: the same as a table of the engine.
        dims: what rows are told apart by.
    """
    first, asked = definitions[0], asked_of_each(definitions)
    named = {*_WHO, *(dim.column for dim in dims)}
    for one in definitions:
        named |= {*one.columns(), f"by_{one.of_breakdown}"}
    table = table.select(*(name for name in table.columns if name in named))
    rows = rows_of(first, table, span, grid)
    if first.mentions:
        rows = rows.mutate(**{first.mentions: rows[first.mentions].unnest()})
    columns: dict[str, Any] = {PERIOD: rows[PERIOD], **_flags(asked, rows)}
    if "child" in rows.columns:
        columns[_CHILD] = rows["child"]
    if "family" in rows.columns:
        columns[_FAMILY] = rows["family"]
    entity = _entity(first, rows)
    if entity is not None:
        columns[_ENTITY] = entity
    if first.value:
        columns[_VALUE] = rows[first.value].cast("float64")
    return rows.select(**columns, **_categories(first, rows, dims))


# -- the groups


def _told_apart(rows: ir.Table, dims: Sequence[Dimension]) -> ir.Table:
    """Every row once for everybody and once for each category it is in.

    `b` is the number of the breakdown, 0 for everybody.
    """
    plain = [(n, dim) for n, dim in enumerate(dims, start=1) if not dim.several]
    several = [(n, dim) for n, dim in enumerate(dims, start=1) if dim.several]
    own = [name for name in rows.columns if name not in {f"c{n}" for n, _ in enumerate(dims, 1)}]
    if plain:
        numbers = ibis.array([ibis.literal(n, "int8") for n in (0, *(n for n, _ in plain))])
        many = rows.mutate(**{PLACE: numbers.unnest()})
        category = many[PLACE].cases((0, ALL), *((n, many[f"c{n}"]) for n, _ in plain), else_=ALL)
        parts = [many.select(*own, PLACE, **{_CATEGORY: category})]
    else:
        everybody = {PLACE: ibis.literal(0, "int8"), _CATEGORY: ibis.literal(ALL)}
        parts = [rows.select(*own, **everybody)]
    for number, _ in several:
        place = ibis.literal(number, "int8")
        parts.append(rows.select(*own, **{PLACE: place, _CATEGORY: rows[f"c{number}"].unnest()}))
    return parts[0] if len(parts) == 1 else ibis.union(*parts)


def _distinct(table: ir.Table, column: str, where: Any) -> Any:
    if column not in table.columns:
        return ibis.null("int64")
    return table[column].nunique(where=where)


def _valued(told: ir.Table, keys: Sequence[str], definition: IndicatorDefinition) -> ir.Table:
    """Median or mean of the known values; `of` is how many there are."""
    by_child = definition.count == "children" and _CHILD in told.columns
    counted, unknown = told[_is_counted(0)], told[_is_unknown(0)]
    values = ibis.ifelse(counted, told[_VALUE], ibis.null("float64"))
    middle = values.median() if definition.shape == "median" else values.mean()
    people, records = _distinct(told, _CHILD, counted), told.count(where=counted)
    return told.group_by(*keys).aggregate(
        people_0=people,
        records_0=records,
        families_0=_distinct(told, _FAMILY, counted),
        counted_0=people if by_child else records,
        of_0=told.count(where=~unknown),
        unknown_0=told.count(where=unknown),
        value=middle,
    )


def _summed(table: ir.Table) -> dict[str, Any]:
    """How many rows there are, are counted and are not known, of rows or of sums of rows."""
    if _ROWS in table.columns:
        sums = [name for name in table.columns if name.startswith("n_")]
        return {name: table[name].sum().cast("int64") for name in sums}
    flags = [name for name in table.columns if name.startswith("is_")]
    counts = {f"n_{name.removeprefix('is_')}": table.count(where=table[name]) for name in flags}
    return {_ROWS: table.count(), **counts}


def _packed(rows: ir.Table) -> ir.Table:
    """Rows that are told apart by nothing as one, with how many of them count.

    For what has many rows a child (half days): far fewer are told apart then.
    """
    same = [name for name in rows.columns if not name.startswith("is_")]
    return rows.group_by(*same).aggregate(**_summed(rows))


def _gathered(told: ir.Table, keys: Sequence[str], who: Sequence[str]) -> ir.Table:
    """One row for each whom a row is about, with how many of theirs count."""
    family = {_FAMILY: told[_FAMILY].max()} if _FAMILY in told.columns else {}
    return told.group_by(*keys, *who).aggregate(**_summed(told), **family)


@dataclass(frozen=True)
class _Sums:
    """How many rows of each whom they are about are counted, known and not known.

    `none_unknown` and `all_counted` where that can be said without looking.
    """

    each: ir.Table
    number: int

    @property
    def none_unknown(self) -> bool:
        return f"n_unknown_{self.number}" not in self.each.columns

    @property
    def all_counted(self) -> bool:
        return f"n_counted_{self.number}" not in self.each.columns

    @property
    def counted(self) -> Any:
        return self.each[_ROWS if self.all_counted else f"n_counted_{self.number}"]

    @property
    def unknown(self) -> Any:
        return self.each[f"n_unknown_{self.number}"]

    @property
    def known(self) -> Any:
        return self.each[_ROWS] if self.none_unknown else self.each[_ROWS] - self.unknown

    @property
    def some(self) -> Any:
        """Whether any is counted; None where all are."""
        return None if self.all_counted else self.counted > 0


def _of_children(sums: _Sums) -> dict[str, Any]:
    each = sums.each
    if sums.none_unknown:
        return {"counted": each.count(where=sums.some), "of": each.count(), "unknown": _NOBODY}
    known = sums.known > 0
    return {
        "counted": each.count(where=sums.some),
        "of": each.count(where=known),
        "unknown": each.count(where=~known),
    }


def _of_rows(sums: _Sums) -> dict[str, Any]:
    unknown = _NOBODY if sums.none_unknown else sums.unknown.sum()
    return {"counted": sums.counted.sum(), "of": sums.known.sum(), "unknown": unknown}


def _of_entities(sums: _Sums, column: str) -> dict[str, Any]:
    entity = sums.each[column]
    known = entity.nunique(where=None if sums.none_unknown else sums.known > 0)
    return {
        "counted": entity.nunique(where=sums.some),
        "of": known,
        "unknown": _NOBODY if sums.none_unknown else entity.nunique() - known,
    }


def _unit(definition: IndicatorDefinition, sums: _Sums) -> dict[str, Any]:
    """Who is counted, out of whom, and of whom it is not known, in the unit of the definition."""
    if definition.count_column:
        return _of_entities(sums, _ENTITY)
    if definition.count == "families":
        return _of_entities(sums, _FAMILY)
    if definition.count == "rows" or definition.mentions or _CHILD not in sums.each.columns:
        return _of_rows(sums)
    return _of_children(sums)


def _people(sums: _Sums) -> Any:
    """How many different children."""
    each, some = sums.each, sums.some
    if _CHILD not in each.columns or _ENTITY in each.columns:
        return _distinct(each, _CHILD, some)
    known = each[_CHILD].notnull()
    return each.count(where=known if some is None else some & known)


COUNTED: Final = ("people", "records", "families", "counted", "of", "unknown")
"""What is worked out for each thing that is asked: `people_0` of the first, and so on."""


def counted(
    definitions: Sequence[IndicatorDefinition], rows: ir.Table, dims: Sequence[Dimension]
) -> ir.Table:
    """The groups: `p`, `b`, `category`, then `COUNTED` of each thing asked, and the value.

    `b` is the number of the breakdown in `dims`, from 1; 0 is everybody.
    """
    first, asked = definitions[0], asked_of_each(definitions)
    if first.count == "rows" and not first.value and not any(d.several for d in dims):
        rows = _packed(rows)
    told = _told_apart(rows, dims)
    keys = (PERIOD, PLACE, _CATEGORY)
    if first.value:
        return _valued(told, keys, first)
    each = _gathered(told, keys, [name for name in (_CHILD, _ENTITY) if name in told.columns])
    columns: dict[str, Any] = {}
    for number in range(len(asked)):
        sums = _Sums(each, number)
        found = {
            "people": _people(sums),
            "records": sums.counted.sum(),
            "families": _distinct(each, _FAMILY, sums.some),
            **_unit(first, sums),
        }
        columns |= {f"{name}_{number}": column for name, column in found.items()}
    return each.group_by(*keys).aggregate(**columns, value=ibis.null("float64"))


def listed(definition: IndicatorDefinition, rows: ir.Table, dims: Sequence[Dimension]) -> ir.Table:
    """Who is behind it: `p`, `child`, `counted`, `unknown`, and every `breakdown=category`."""
    asked = asked_of(definition)
    parts: list[Any] = []
    for number, dim in enumerate(dims, start=1):
        label, column = ibis.literal(f"{dim.name}="), rows[f"c{number}"]
        parts.append(
            column.map(lambda one, label=label: label + one)
            if dim.several
            else ibis.array([label + column])
        )
    whole = reduce(lambda all_of, part: all_of.concat(part), parts) if parts else _NO_CATEGORY
    told = rows.mutate(told_apart=whole)
    told = told.filter(told[_CHILD].notnull())
    return told.group_by(PERIOD, child=told[_CHILD]).aggregate(
        counted=told[_is_counted(0)].any() if asked.some else ibis.literal(True),
        unknown=told[_is_unknown(0)].all() if asked.doubtful else ibis.literal(False),
        categories=told.told_apart.collect().flatten().unique().sort(),
    )
