"""Shapes of published figures: totals, rates, balances, changes. Rows are figures, not children."""

from collections.abc import Iterator
from typing import Any

import ibis

from sightline.children.rules import shapes
from sightline.children.rules.expressions import some, sure
from sightline.children.rules.rowwise import Line, Rows, lines

YEAR = (350, 380)
"""Days from one year's figure to the next, a few more or less."""


def _only(value: Any, when: Any) -> Any:
    return ibis.cases((when, value), else_=ibis.null("float64"))


@lines.register
def _(shape: shapes.Total, rows: Rows) -> Iterator[Line]:
    """The category before `=` names the breakdown; a total has no category."""
    category, value = rows["category"], rows["value"]
    whole = category.isnull()
    table = ("measure", "area", "period", "vintage")
    total = _only(value, whole).max().over(rows.window(*table))
    breakdown = category.split("=")[0]
    by = [*(rows[name] for name in table), rows.looked, breakdown]
    window = ibis.window(group_by=by)
    parts = _only(value, ~whole).sum().over(window)
    hidden = sure(value.isnull() & ~whole).cast("int64").sum().over(window)
    short = total - parts
    off = (short > hidden * shape.hidden + shape.slack) | (short < -shape.slack)
    yield ~whole & sure(off), "value"


@lines.register
def _(shape: shapes.Rates, rows: Rows) -> Iterator[Line]:
    window = rows.window("area", "period", "category", "vintage")
    measure, value, base = rows["measure"], rows["value"], rows["base"]
    faults = []
    for one in shape.each:
        count = _only(value, measure == one.count).max().over(window)
        rounding = 0.5 * 10.0**-shape.decimals * base / one.per
        off = (value * base / one.per - count).abs() > rounding + 0.5
        faults.append(sure((measure == one.rate) & off))
    yield some(faults), "value"


@lines.register
def _(shape: shapes.Balance, rows: Rows) -> Iterator[Line]:
    measure, value, ended = rows["measure"], rows["value"], rows["period_end"]
    same = rows.window("area", "category", "vintage", "period_end")
    line = rows.window("measure", "area", "category", "vintage", order=[ended])
    last = value.lag(1).over(line)
    apart = ended.delta(ended.lag(1).over(line), unit="day")
    faults = []
    for one in shape.each:
        starts = _only(value, measure == one.starts).max().over(same)
        ends = _only(value, measure == one.ends).max().over(same)
        off = (last + starts - ends - value).abs() > value.abs() * shape.per_cent / 100
        faults.append(sure((measure == one.stock) & off))
    yield some(faults) & sure(apart.between(*YEAR)), "value"


@lines.register
def _(shape: shapes.Change, rows: Rows) -> Iterator[Line]:
    value, ended = rows["value"], rows["period_end"]
    line = rows.window("measure", "area", "category", "vintage", order=[ended])
    last = value.lag(1).over(line)
    apart = ended.delta(ended.lag(1).over(line), unit="day")
    changed = (value - last).abs()
    off = (changed > shape.least) & (changed > last.abs() * shape.per_cent / 100)
    yield sure(off & apart.between(*YEAR)), "value"


@lines.register
def _(shape: shapes.ZeroAfter, rows: Rows) -> Iterator[Line]:
    value = rows["value"]
    line = rows.window("measure", "area", "category", "vintage", order=[rows["period_end"]])
    high = [sure(value.lag(n).over(line) > shape.over) for n in range(1, shape.years + 1)]
    found = sure(value == 0)
    for one in high:
        found &= one
    yield found, "value"
