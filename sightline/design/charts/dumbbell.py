"""Dumbbells: two figures of one thing joined by a line, as between two years or two inspections."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sightline.design.charts import svg as pen
from sightline.design.charts.layout import Axis, from_zero, per_cent, planned, ticks
from sightline.design.charts.model import (
    Chart,
    Pair,
    Value,
    check_labels,
    check_scale,
    check_value,
    figure,
    is_known,
    places_of,
    said,
    shortened,
)
from sightline.design.charts.palette import GRID, NAVY, QUIET_INK, SERIES
from sightline.design.charts.scale import AXIS_HEIGHT, scale_axis, scale_ticks, scale_word

_FIRST, _SECOND = SERIES[2][1], NAVY
_TICKS = 24
_KEY = 30


def dumbbell(
    *,
    headline: str,
    subtitle: str,
    pairs: Sequence[Pair],
    names: tuple[str, str],
    unit: str = "",
    steps: Sequence[str] = (),
    difference: Literal["change", "gap"] = "change",
    row_name: str = "Row",
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """Two marks a row, a hollow circle and a filled square, joined.

    Args:
        headline: the finding.
        subtitle: measure, place, time, unit and base.
        pairs: one row each, in the order to be read.
        names: what the circle and the square are ("2019", "2021").
        unit: written after each value; "%" makes the axis run from 0 to 100.
        steps: words of a scale, best first; values are then its steps, 1 the lowest.
        difference: "change" says up or down from the first to the second; "gap" how far apart.
        row_name: what a row is, as the table's first heading.
        alt: alternative text; made from the headline when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: nothing to draw, two rows of one name, or a value that is not on the axis.
    """
    check_labels([pair.label for pair in pairs], headline=headline)
    for pair in pairs:
        for value in (pair.first, pair.second):
            if steps:
                check_scale(steps, value, where=pair.label)
            else:
                check_value(value, where=pair.label)
    drawing = Dumbbell(tuple(pairs), names, unit, tuple(steps), difference)
    spoken = f"Dumbbell chart of {len(pairs)} rows, from {names[0]} to {names[1]}. {headline}"
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(spoken),
        header=(row_name, *names, drawing.difference_name),
        rows=tuple(
            (
                pair.label,
                drawing.said(pair.first),
                drawing.said(pair.second),
                drawing.change(pair),
            )
            for pair in pairs
        ),
        drawing=drawing,
        source=source,
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class Dumbbell:
    """Draws `dumbbell`."""

    pairs: tuple[Pair, ...]
    names: tuple[str, str]
    unit: str
    steps: tuple[str, ...]
    difference: Literal["change", "gap"] = "change"

    @property
    def difference_name(self) -> str:
        """The heading of the table's last column."""
        name = self.difference.capitalize()
        if self.steps:
            return f"{name} (steps)"
        return f"{name} (percentage points)" if self.unit == "%" else name

    def said(self, value: Value) -> str:
        """A value as read: a word of the scale, or a number with its unit."""
        if self.steps:
            return scale_word(self.steps, value)
        places = places_of(one for pair in self.pairs for one in (pair.first, pair.second))
        return said(value, self.unit, places=places)

    def change(self, pair: Pair) -> str:
        """How the two differ: `up 1`, `same`; `30` for a gap; `[x]` where one is missing."""
        if not is_known(pair.first) or not is_known(pair.second):
            return "[x]"
        by = figure(pair.second) - figure(pair.first)
        if self.difference == "gap":
            return said(abs(round(by, 1)))
        if by == 0:
            return "same"
        return f"{'up' if by > 0 else 'down'} {said(abs(round(by, 1)))}"

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        ends = [self._end(pair) for pair in self.pairs]
        plan = planned([pair.label for pair in self.pairs], ends, width)
        axis, ruled = self._axis(plan.left, plan.right)
        start = float(_KEY)
        end = start + sum(plan.height(place) for place in range(len(self.pairs))) - 4
        if self.steps:
            grid = scale_ticks(axis, self.steps, start, end)
        else:
            grid = ticks(axis, ruled, self.unit, start, end)
        marks = [*self._key(), *grid]
        y = start
        for place, pair in enumerate(self.pairs):
            middle = y + plan.middle(place)
            marks += plan.label(place, y)
            marks += self._marks(pair, axis, middle)
            marks.append(pen.words(plan.right + 12, middle, ends[place]))
            y += plan.height(place)
        return marks, end + (AXIS_HEIGHT if self.steps else _TICKS)

    def _end(self, pair: Pair) -> str:
        change = self.change(pair)
        if self.steps:
            return change
        return f"{self.said(pair.first)} to {self.said(pair.second)}"

    def _axis(self, left: float, right: float) -> tuple[Axis, list[float]]:
        if self.steps:
            return scale_axis(self.steps, left - 8, right), []
        if self.unit == "%":
            return per_cent(left, right - 10)
        known = [
            figure(value)
            for pair in self.pairs
            for value in (pair.first, pair.second)
            if is_known(value)
        ]
        return from_zero(max(known, default=0), left, right - 10)

    def _key(self) -> list[str]:
        middle = pen.LINE / 2
        first, second = self.names
        across = 9 + 14 + pen.width_of(first) + 24
        return [
            pen.shape(9, middle, kind="circle", colour=_FIRST, hollow=True),
            pen.words(23, middle, first),
            pen.shape(across + 9, middle, kind="square", colour=_SECOND, hollow=False),
            pen.words(across + 23, middle, second),
        ]

    def _marks(self, pair: Pair, axis: Axis, middle: float) -> list[str]:
        marks = [pen.rule((axis.left, middle), (axis.right, middle), stroke=GRID, width=1)]
        first = axis.at(figure(pair.first)) if is_known(pair.first) else None
        second = axis.at(figure(pair.second)) if is_known(pair.second) else None
        if first is not None and second is not None:
            marks.append(pen.rule((first, middle), (second, middle), stroke=QUIET_INK, width=3))
        if second is not None:
            marks.append(pen.shape(second, middle, kind="square", colour=_SECOND, hollow=False))
        if first is not None:
            same = first == second
            radius = 12 if same else 7
            circle = pen.shape(
                first, middle, kind="circle", colour=_FIRST, hollow=True, radius=radius
            )
            marks.insert(1, circle) if same else marks.append(circle)
        return marks
