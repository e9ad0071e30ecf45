"""Dot plots: one row a group, the value and its base written at the end of the row."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.bars import (
    PER_CENT,
    check_points,
    label_of,
    spoken,
    table_header,
    table_rows,
)
from sightline.design.charts.layout import (
    Axis,
    comparator_above,
    comparator_rule,
    from_zero,
    per_cent,
    planned,
    ticks,
)
from sightline.design.charts.model import (
    Chart,
    Comparator,
    Point,
    check_scale,
    figure,
    is_known,
    places_of,
    said,
    shortened,
)
from sightline.design.charts.palette import GRID, NAVY
from sightline.design.charts.scale import AXIS_HEIGHT, scale_axis, scale_ticks, scale_word

_STUB = 36
_THICK = 18
_TICKS = 24


def dots(
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
    """A dot for each row, in the order given; the reader's own row is a filled square.

    Args:
        headline: the finding.
        subtitle: measure, place, time, unit and base.
        points: one row each.
        measure: what the value is, as the table's heading.
        unit: written after each value; "%" makes the axis run from 0 to 100.
        row_name: what a row is, as the table's first heading.
        comparator: a figure drawn as a dashed rule, named above.
        alt: alternative text; made from the highest and lowest when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: nothing to draw, two rows of one name, or a value that is not on the axis.
    """
    check_points(points, headline=headline, unit=unit, comparator=comparator)
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(spoken("Dot plot", measure, points, unit)),
        header=table_header(points, measure, row_name),
        rows=table_rows(points, unit, comparator),
        drawing=Dots(tuple(points), unit, comparator, ()),
        source=source,
        notes=tuple(notes),
    )


def dots_on_scale(
    *,
    headline: str,
    subtitle: str,
    steps: Sequence[str],
    points: Sequence[Point],
    measure: str,
    row_name: str = "Row",
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """A dot for each row on the words of a scale.

    `steps` are the words, best first; a point's value is its step, 1 the lowest. The rest is as
    for `dots`.

    Raises:
        ValueError: nothing to draw, two rows of one name, or a value that is not on the scale.
    """
    check_points(points, headline=headline, unit="", comparator=None)
    for point in points:
        check_scale(steps, point.value, where=point.label)
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(f"Dot plot of {measure} on a scale of {len(steps)} words. {headline}"),
        header=(row_name, measure),
        rows=tuple((point.label, scale_word(steps, point.value)) for point in points),
        drawing=Dots(tuple(points), "", None, tuple(steps)),
        source=source,
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class Dots:
    """Draws `dots`, and `dots_on_scale` where there are steps."""

    points: tuple[Point, ...]
    unit: str
    comparator: Comparator | None
    steps: tuple[str, ...]

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        values = [self._said(point) for point in self.points]
        plan = planned([point.label for point in self.points], values, width)
        axis, ruled = self._axis(plan.left, plan.right)
        start = pen.LINE + 6.0 if self.comparator else 2.0
        end = start + sum(plan.height(place) for place in range(len(self.points))) - 4
        marks = self._ticks(axis, ruled, start, end)
        if self.comparator:
            text = f"{self.comparator.label} {said(self.comparator.value, self.unit)}"
            marks.append(comparator_above(axis, self.comparator.value, text, width=width))
            marks.append(comparator_rule(axis, self.comparator.value, start - 4, end))
        y = start
        for place, point in enumerate(self.points):
            middle = y + plan.middle(place)
            marks += plan.label(place, y)
            marks += self._dot(point, axis, middle)
            marks.append(pen.words(plan.right + 12, middle, values[place]))
            y += plan.height(place)
        return marks, end + (AXIS_HEIGHT if self.steps else _TICKS)

    def _said(self, point: Point) -> str:
        if self.steps:
            return scale_word(self.steps, point.value)
        return label_of(point, self.unit, places_of(each.value for each in self.points))

    def _axis(self, left: float, right: float) -> tuple[Axis, list[float]]:
        if self.steps:
            return scale_axis(self.steps, left - 8, right), []
        if self.unit == PER_CENT:
            return per_cent(left, right - 10)
        known = [figure(point.value) for point in self.points if is_known(point.value)]
        top = max([*known, self.comparator.value if self.comparator else 0], default=0)
        return from_zero(top, left, right - 10)

    def _ticks(self, axis: Axis, ruled: list[float], top: float, bottom: float) -> list[str]:
        if self.steps:
            return scale_ticks(axis, self.steps, top, bottom)
        return ticks(axis, ruled, self.unit, top, bottom)

    def _dot(self, point: Point, axis: Axis, middle: float) -> list[str]:
        line = pen.rule((axis.left, middle), (axis.right, middle), stroke=GRID, width=1)
        if not is_known(point.value):
            if self._said(point) != "[c]":
                return []
            return [line, *pen.hatched(axis.left, middle - _THICK / 2, _STUB, _THICK)]
        marked = any(each.own for each in self.points)
        kind = "square" if point.own else "circle"
        hollow = marked and not point.own
        x = axis.at(figure(point.value))
        return [line, pen.shape(x, middle, kind=kind, colour=NAVY, hollow=hollow)]
