"""Shapes of a row: with its child's columns, and with windows over the rows of its group.

Each function gives *lines*: a condition that is true of rows at fault, and the column it points to.
Rows outside `looked` (the rule's `where`) are never at fault and never counted in a window.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import singledispatch
from typing import Any

import ibis

from sightline.children.definitions import DatasetDefinition
from sightline.children.rules import shapes
from sightline.children.rules.expressions import (
    age_on,
    between,
    day,
    days_from,
    every,
    holds,
    seconds_from,
    sure,
)


@dataclass(frozen=True)
class Rows:
    """The rows a rule looks at.

    Attributes:
        table: a dataset with the columns of its children.
        looked: which rows the rule looks at.
        today: the day of the check.
        of: the dataset.
    """

    table: Any
    looked: Any
    today: dt.date
    of: DatasetDefinition

    def __getitem__(self, name: str) -> Any:
        return self.table[name]

    def window(self, *group: str, order: Any = None, before: bool = False) -> Any:
        """The looked-at rows with the same values; `before`: of those, the earlier ones."""
        by = [*(self.table[name] for name in group), self.looked]
        if before:
            return ibis.window(group_by=by, order_by=order, preceding=(None, 1))
        return ibis.window(group_by=by, order_by=order)


Line = tuple[Any, str]
FAR = dt.date(9999, 12, 31)


@singledispatch
def lines(shape: shapes.Shape, rows: Rows) -> Iterator[Line]:
    """What a shape catches, with the column to point to."""
    raise NotImplementedError(type(shape).__name__)


@lines.register
def _(shape: shapes.Never, rows: Rows) -> Iterator[Line]:
    column = next((one.column for one in shape.when if one.column and ":" not in one.column), "")
    yield every(holds(one, rows.table) for one in shape.when), str(column)


@lines.register
def _(shape: shapes.Order, rows: Rows) -> Iterator[Line]:
    yield out_of_order(rows[shape.first], rows[shape.then], shape), shape.then


def out_of_order(first: Any, then: Any, shape: shapes.Order) -> Any:
    """Whether `then` comes too early. Two times are compared to the second."""
    if first.type().is_timestamp() and then.type().is_timestamp() and not shape.slack_days:
        apart = seconds_from(first, then)
    else:
        apart = days_from(first, then) + shape.slack_days
    return sure(apart <= 0 if shape.later else apart < 0)


@lines.register
def _(shape: shapes.AtMost, rows: Rows) -> Iterator[Line]:
    yield sure(rows[shape.column] > rows[shape.other]), shape.column


@lines.register
def _(shape: shapes.Dates, rows: Rows) -> Iterator[Line]:
    for column in rows.of.columns:
        name = f"{rows.of.code}.{column.name}"
        if column.kind in {"date", "time"} and name not in shape.may_be_ahead:
            yield sure(day(rows[column.name]) > ibis.literal(rows.today)), column.name
    for end in shape.ends:
        if end.dataset == rows.of.code:
            order = shapes.Order(kind="order", first=end.first, then=end.last)
            yield from lines(order, rows)


@lines.register
def _(shape: shapes.Age, rows: Rows) -> Iterator[Line]:
    birth, at = rows["child:date_of_birth"], rows[shape.at]
    age = age_on(birth, at)
    born = sure(birth <= day(at))
    yield born & ~sure(between(age, shape.least, shape.most)), shape.at


@lines.register
def _(shape: shapes.Present, rows: Rows) -> Iterator[Line]:
    wanted = every(holds(one, rows.table) for one in shape.when)
    known = rows[shape.column].notnull()
    yield (wanted != known) if shape.only else (wanted & ~known), shape.column


@lines.register
def _(shape: shapes.Length, rows: Rows) -> Iterator[Line]:
    last = day(rows[shape.last])
    if shape.open:
        last = last.fill_null(ibis.literal(rows.today))
    length = days_from(rows[shape.first], last)
    yield length.notnull() & ~sure(between(length, shape.least, shape.most)), shape.last


@lines.register
def _(shape: shapes.Hours, rows: Rows) -> Iterator[Line]:
    last = rows[shape.last]
    if shape.open:
        midnight = dt.datetime.combine(rows.today, dt.time())
        last = last.fill_null(ibis.literal(midnight))
    yield sure(seconds_from(rows[shape.first], last) > shape.most * 3600), shape.last


@lines.register
def _(shape: shapes.Overlap, rows: Rows) -> Iterator[Line]:
    first, before = _first_and_end_before(shape, rows)
    yield sure(days_from(first, before) > shape.slack_days), shape.first


@lines.register
def _(shape: shapes.Gap, rows: Rows) -> Iterator[Line]:
    first, before = _first_and_end_before(shape, rows)
    yield sure(days_from(before, first) > shape.most), shape.first


def _first_and_end_before(shape: shapes.Overlap | shapes.Gap, rows: Rows) -> tuple[Any, Any]:
    """A spell's first day, and the latest end of those of its group that began before it."""
    first, last = rows[shape.first], rows[shape.last]
    end = last.fill_null(latest(last))
    order = [first, end, rows["extract"], rows["row"]]
    return first, end.max().over(rows.window(*shape.group, order=order, before=True))


def latest(column: Any) -> Any:
    """A day after every other, of the type of the column."""
    if column.type().is_timestamp():
        return ibis.literal(dt.datetime.combine(FAR, dt.time()))
    return ibis.literal(FAR)


@lines.register
def _(shape: shapes.Ascending, rows: Rows) -> Iterator[Line]:
    order = [rows[shape.date], rows["extract"], rows["row"]]
    value = rows[shape.column]
    window = rows.window(*shape.group, order=order, before=True)
    before = value.max().over(window)
    yield sure(value < before if shape.alike else value <= before), shape.column


@lines.register
def _(shape: shapes.Crowded, rows: Rows) -> Iterator[Line]:
    order = [rows[shape.date], rows["extract"], rows["row"]]
    earlier = rows[shape.date].lag(shape.most).over(rows.window(*shape.group, order=order))
    yield sure(days_from(earlier, rows[shape.date]) <= shape.days), shape.date


@lines.register
def _(shape: shapes.OneValue, rows: Rows) -> Iterator[Line]:
    for one in shape.each:
        group = (*one.by, "extract") if one.within_extract else one.by
        window = rows.window(*group)
        known = every(rows[name].notnull() for name in one.by)
        if one.empty_alike:
            known = rows["row"].notnull()
        if one.column is None:
            several, column = rows["row"].count().over(window) > 1, one.by[-1]
        else:
            value = rows[one.column]
            several = value.min().over(window) != value.max().over(window)
            column = one.by[-1] if one.column == "child" else one.column
        yield known & sure(several), column
