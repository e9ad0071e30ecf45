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
from sightline.outcomes.measures.predicates import all_hold

_WHO: Final = ("child", "family", "date_of_birth")
_NO_CATEGORY: Final = ibis.literal([], "array<string>")
AGE: Final = "age"
ALL: Final = ""
"""The breakdown, and the category, of everybody."""
PERIOD, PLACE = "p", "b"
_DAY = "looked_at_on"
_COUNTED, _KNOWN, _UNKNOWN, _VALUE = "is_counted", "is_known", "is_unknown", "value_of_row"
_CHILD, _FAMILY, _ENTITY, _CATEGORY = "child_of_row", "family_of_row", "entity_of_row", "category"
Counts = tuple[tuple[str, str], ...]


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


def _flags(definition: IndicatorDefinition, rows: ir.Table) -> dict[str, Any]:
    """Whether a row is counted, known and not known: unknown rows are taken out first."""
    day = rows[_DAY]
    unknown: Any = ibis.literal(False)
    if definition.unknown:
        unknown = all_hold(definition.unknown, rows, day).fill_null(False)
    counted: Any = ibis.literal(True)
    if definition.counts:
        counted = all_hold(definition.counts, rows, day).fill_null(False)
    if definition.of_breakdown:
        counted = counted & _has_some(rows[f"by_{definition.of_breakdown}"])
    if definition.value:
        unknown = unknown | rows[definition.value].isnull()
    return {_COUNTED: counted & ~unknown, _KNOWN: ~unknown, _UNKNOWN: unknown}


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


def prepared(
    definition: IndicatorDefinition,
    table: ir.Table,
    span: Span,
    grid: ir.Table,
    dims: Sequence[Dimension],
) -> ir.Table:
    """The rows of the base with nothing but what is grouped and counted."""
    named = {*_WHO, *definition.columns(), *(dim.column for dim in dims)}
    if definition.of_breakdown:
        named.add(f"by_{definition.of_breakdown}")
    table = table.select(*(name for name in table.columns if name in named))
    rows = rows_of(definition, table, span, grid)
    if definition.mentions:
        rows = rows.mutate(**{definition.mentions: rows[definition.mentions].unnest()})
    columns: dict[str, Any] = {PERIOD: rows[PERIOD], **_flags(definition, rows)}
    if "child" in rows.columns:
        columns[_CHILD] = rows["child"]
    if "family" in rows.columns:
        columns[_FAMILY] = rows["family"]
    entity = _entity(definition, rows)
    if entity is not None:
        columns[_ENTITY] = entity
    if definition.value:
        columns[_VALUE] = rows[definition.value].cast("float64")
    return rows.select(**columns, **_categories(definition, rows, dims))


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


def _number(flag: Any) -> Any:
    return flag.cast("int64").sum()


def _valued(told: ir.Table, keys: Sequence[str], definition: IndicatorDefinition) -> ir.Table:
    """Median or mean of the known values; `of` is how many there are."""
    by_child = definition.count == "children" and _CHILD in told.columns
    counted = told[_COUNTED]
    value = told[_VALUE]
    values = ibis.ifelse(counted, value, ibis.null("float64"))
    middle = values.median() if definition.shape == "median" else values.mean()
    return told.group_by(*keys).aggregate(
        people=_distinct(told, _CHILD, counted),
        records=_number(counted),
        families=_distinct(told, _FAMILY, counted),
        counted=_distinct(told, _CHILD, counted) if by_child else _number(counted),
        of=_number(told[_KNOWN]),
        unknown=_number(told[_UNKNOWN]),
        value=middle,
    )


def _distinct(table: ir.Table, column: str, where: Any) -> Any:
    if column not in table.columns:
        return ibis.null("int64")
    return table[column].nunique(where=where)


_SUMS: Final = {"n_counted": _COUNTED, "n_known": _KNOWN, "n_unknown": _UNKNOWN}


def _summed(table: ir.Table) -> dict[str, Any]:
    """How many rows are counted, known and not known, of rows or of sums of rows."""
    return {
        name: table[name].sum() if name in table.columns else _number(table[flag])
        for name, flag in _SUMS.items()
    }


def _packed(rows: ir.Table) -> ir.Table:
    """Rows that are told apart by nothing as one, with how many of them count.

    For what has many rows a child (half days): far fewer are told apart then.
    """
    same = [name for name in rows.columns if name not in _SUMS.values()]
    return rows.group_by(*same).aggregate(**_summed(rows))


def _gathered(told: ir.Table, keys: Sequence[str], who: Sequence[str]) -> ir.Table:
    """One row for each whom a row is about, with how many of theirs count."""
    family = {_FAMILY: told[_FAMILY].max()} if _FAMILY in told.columns else {}
    return told.group_by(*keys, *who).aggregate(**_summed(told), **family)


def _of_children(each: ir.Table) -> dict[str, Any]:
    known, unknown = each.n_known > 0, (each.n_unknown > 0) & (each.n_known == 0)
    return {
        "counted": _number(each.n_counted > 0),
        "of": _number(known),
        "unknown": _number(unknown),
    }


def _of_rows(each: ir.Table) -> dict[str, Any]:
    sums = {"counted": each.n_counted, "of": each.n_known, "unknown": each.n_unknown}
    return {name: column.sum() for name, column in sums.items()}


def _of_entities(each: ir.Table, column: str) -> dict[str, Any]:
    entity = each[column]
    known = entity.nunique(where=each.n_known > 0)
    return {
        "counted": entity.nunique(where=each.n_counted > 0),
        "of": known,
        "unknown": entity.nunique() - known,
    }


def counted(definition: IndicatorDefinition, rows: ir.Table, dims: Sequence[Dimension]) -> ir.Table:
    """The groups: `p`, `b`, `category`, people, records, families, counted, of, unknown, value.

    `b` is the number of the breakdown in `dims`, from 1; 0 is everybody.
    """
    if definition.count == "rows" and not definition.value and not any(d.several for d in dims):
        rows = _packed(rows)
    told = _told_apart(rows, dims)
    keys = (PERIOD, PLACE, _CATEGORY)
    if definition.value:
        return _valued(told, keys, definition)
    who = [name for name in (_CHILD, _ENTITY) if name in told.columns]
    each = _gathered(told, keys, who)
    if definition.count_column:
        unit = _of_entities(each, _ENTITY)
    elif definition.count == "families":
        unit = _of_entities(each, _FAMILY)
    elif definition.count == "rows" or definition.mentions or _CHILD not in told.columns:
        unit = _of_rows(each)
    else:
        unit = _of_children(each)
    some = each.n_counted > 0
    once = _CHILD in told.columns and _ENTITY not in told.columns
    people = _number(some & each[_CHILD].notnull()) if once else _distinct(each, _CHILD, some)
    return each.group_by(*keys).aggregate(
        people=people,
        records=each.n_counted.sum(),
        families=_distinct(each, _FAMILY, some),
        **unit,
        value=ibis.null("float64"),
    )


def listed(definition: IndicatorDefinition, rows: ir.Table, dims: Sequence[Dimension]) -> ir.Table:
    """Who is behind it: `p`, `child`, `counted`, `unknown`, and every `breakdown=category`."""
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
        counted=told[_COUNTED].any(),
        unknown=told[_UNKNOWN].all(),
        categories=told.told_apart.collect().flatten().unique().sort(),
    )
