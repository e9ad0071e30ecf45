"""Ordered horizontal bars from zero, each labelled with its value and base."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.layout import (
    Axis,
    comparator_above,
    comparator_rule,
    planned,
)
from sightline.design.charts.model import (
    Chart,
    Comparator,
    Point,
    check_labels,
    check_value,
    figure,
    is_known,
    places_of,
    said,
    shortened,
    symbol,
)
from sightline.design.charts.palette import NAVY, QUIET_INK

_STUB = 36
_THICK = 22
PER_CENT = "%"
_ALL = 100


def bars(
    *,
    headline: str,
    subtitle: str,
    points: Sequence[Point],
    measure: str,
    unit: str = "",
    row_name: str = "Row",
    comparator: Comparator | None = None,
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """Horizontal bars from zero, in the order given.

    Args:
        headline: the finding.
        subtitle: measure, place, time, unit and base.
        points: one bar each; a value that is a `State` is a hatched stub or a gap.
        measure: what the value is, as the table's heading ("Records read").
        unit: written after each value; "%" makes the axis end at 100.
        row_name: what a row is, as the table's first heading ("Partnership").
        comparator: a figure drawn as a dashed rule across the bars.
        alt: alternative text; made from the highest and lowest when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: nothing to draw, two rows of one name, or a value below zero.
    """
    check_points(points, headline=headline, unit=unit, comparator=comparator)
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(spoken("Bar chart", measure, points, unit)),
        header=table_header(points, measure, row_name),
        rows=table_rows(points, unit, comparator),
        drawing=Bars(tuple(points), unit, comparator),
        source=source,
        notes=tuple(notes),
    )


def check_points(
    points: Sequence[Point], *, headline: str, unit: str, comparator: Comparator | None
) -> None:
    """Raise `ValueError` unless every point can be drawn from zero in its unit."""
    check_labels([point.label for point in points], headline=headline)
    for point in points:
        check_value(point.value, where=point.label)
        if unit == PER_CENT and is_known(point.value) and figure(point.value) > _ALL:
            raise ValueError(f"{point.label}: {point.value}% is more than all of them.")
        _check_base(point)
    if comparator:
        check_value(comparator.value, where=comparator.label)


def _check_base(point: Point) -> None:
    for name in ("count", "base"):
        if (getattr(point, name) or 0) < 0:
            raise ValueError(f"{point.label}: the {name} is below zero; counts are 0 or more.")
    if point.count is not None and point.base is not None and point.count > point.base:
        raise ValueError(f"{point.label}: {point.count} of {point.base} is more than all of them.")


def label_of(point: Point, unit: str, places: int) -> str:
    """`82% (14 of 17)`, `14 of 17`, `204`, or the symbol of a value that is not shown."""
    shown = said(point.value, unit, places=places)
    if not is_known(point.value) or point.base is None:
        return shown
    if point.count is None:
        return f"{shown} of {point.base:,}" if not unit else f"{shown} (of {point.base:,})"
    return f"{shown} ({point.count:,} of {point.base:,})"


def spoken(kind: str, measure: str, points: Sequence[Point], unit: str) -> str:
    """Alternative text: highest, lowest, and how many are too small to show."""
    known = [point for point in points if is_known(point.value)]
    if not known:
        return f"{kind} of {measure}. No row can be shown."
    highest = max(known, key=lambda point: figure(point.value))
    lowest = min(known, key=lambda point: figure(point.value))
    sentence = f"{kind} of {measure}. Highest {highest.label} {said(highest.value, unit)}"
    if lowest is not highest:
        sentence += f"; lowest shown {lowest.label} {said(lowest.value, unit)}"
    hidden = len(points) - len(known)
    return sentence + (f"; {hidden} not shown." if hidden else ".")


def table_header(points: Sequence[Point], measure: str, row_name: str) -> tuple[str, ...]:
    """Headings of the table beside: a count and a base only where a point has them."""
    extra = [name for name in ("Count", "Base") if _has(points, name)]
    return (row_name, measure, *extra)


def table_rows(
    points: Sequence[Point], unit: str, comparator: Comparator | None
) -> tuple[tuple[str, ...], ...]:
    """One row a point, and one for the comparator at the end."""
    names = [name for name in ("Count", "Base") if _has(points, name)]
    places = places_of(point.value for point in points)
    rows = [
        (
            point.label,
            said(point.value, unit, places=places),
            *(_part(point, name) for name in names),
        )
        for point in points
    ]
    if comparator:
        rows.append((comparator.label, said(comparator.value, unit), *("[z]" for _ in names)))
    return tuple(rows)


def _has(points: Sequence[Point], name: str) -> bool:
    return any(getattr(point, name.lower()) is not None for point in points)


def _part(point: Point, name: str) -> str:
    if not is_known(point.value):
        return symbol(point.value)
    part = getattr(point, name.lower())
    return "[x]" if part is None else f"{part:,}"


@dataclass(frozen=True)
class Bars:
    """Draws `bars`."""

    points: tuple[Point, ...]
    unit: str
    comparator: Comparator | None

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        places = places_of(point.value for point in self.points)
        values = [label_of(point, self.unit, places) for point in self.points]
        plan = planned([point.label for point in self.points], values, width)
        known = [figure(point.value) for point in self.points if is_known(point.value)]
        top = max([*known, self.comparator.value if self.comparator else 0], default=0)
        high = float(_ALL) if self.unit == PER_CENT else (top or 1.0)
        axis = Axis(0, high, 0 if not plan.beside else plan.left, plan.right)
        marks: list[str] = []
        y = pen.LINE + 6.0 if self.comparator else 2.0
        start = y
        for place, point in enumerate(self.points):
            middle = y + plan.middle(place)
            marks += plan.label(place, y)
            marks += self._bar(point, values[place], axis, middle)
            y += plan.height(place)
        if plan.beside:
            marks.append(pen.rule((axis.left, start - 2), (axis.left, y - 6), stroke=QUIET_INK))
        if self.comparator:
            text = f"{self.comparator.label} {said(self.comparator.value, self.unit)}"
            marks.append(comparator_above(axis, self.comparator.value, text, width=width))
            marks.append(comparator_rule(axis, self.comparator.value, start - 4, y - 6))
        return marks, y

    def _bar(self, point: Point, text: str, axis: Axis, middle: float) -> list[str]:
        if is_known(point.value):
            end = axis.at(figure(point.value))
            top = middle - _THICK / 2
            return [
                pen.rect(axis.left, top, end - axis.left, _THICK, fill=NAVY),
                pen.words(max(end, axis.left) + 8, middle, text),
            ]
        if text == "[c]":
            stub = pen.hatched(axis.left, middle - _THICK / 2, _STUB, _THICK)
            return [*stub, pen.words(axis.left + _STUB + 8, middle, text, fill=QUIET_INK)]
        return [pen.words(axis.left + 8, middle, text, fill=QUIET_INK)]
