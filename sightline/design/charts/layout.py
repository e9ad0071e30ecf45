"""Where things stand in a chart made of rows: labels beside the marks, or above them when long."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.model import places_of, said
from sightline.design.charts.palette import COMPARATOR, GRID, QUIET_INK, WHITE

_BESIDE = 0.36
_SPACE = 12
_MARK = 26
_LONGEST_LABEL_LINES = 3
_THINNEST_PLOT = 110


@dataclass(frozen=True)
class Rows:
    """The plan of a chart of rows `width` wide.

    Attributes:
        labels: each row's label in lines.
        beside: whether labels stand to the left of the marks (else above them).
        left, right: where the plot starts and ends; values stand right of it.
    """

    labels: tuple[tuple[str, ...], ...]
    beside: bool
    left: float
    right: float
    width: float

    def height(self, row: int) -> float:
        """How tall a row is, the space under it included."""
        lines = len(self.labels[row])
        if self.beside:
            return max(_MARK, lines * pen.LINE) + 10
        return lines * pen.LINE + _MARK + 10

    def middle(self, row: int) -> float:
        """The height of a row's marks, from the row's own top."""
        lines = len(self.labels[row])
        if self.beside:
            return max(_MARK, lines * pen.LINE) / 2
        return lines * pen.LINE + _MARK / 2

    def label(self, row: int, top: float) -> list[str]:
        """The marks of a row's label; above the marks it stands on white, clear of the rules."""
        lines = self.labels[row]
        first = top + pen.LINE / 2
        if self.beside:
            first = top + self.middle(row) - (len(lines) - 1) * pen.LINE / 2
            return pen.lines_of_words(0, first, lines)
        ground = [
            pen.rect(0, top + place * pen.LINE, pen.width_of(line), pen.LINE, fill=WHITE)
            for place, line in enumerate(lines)
        ]
        return [*ground, *pen.lines_of_words(0, first, lines)]


def planned(labels: Sequence[str], values: Sequence[str], width: float) -> Rows:
    """Room for the labels at the left, where three lines hold them, and the values at the right."""
    room = width * _BESIDE
    right = width - max(pen.width_of(value) for value in values) - _SPACE
    wrapped = [tuple(pen.wrapped(label, room)) for label in labels]
    widest = max(pen.width_of(line) for lines in wrapped for line in lines)
    left = widest + _SPACE + 8
    beside = right - left >= _THINNEST_PLOT and all(
        len(lines) <= _LONGEST_LABEL_LINES and all(pen.width_of(line) <= room for line in lines)
        for lines in wrapped
    )
    if not beside:
        above = tuple(tuple(pen.wrapped(label, width)) for label in labels)
        return Rows(above, False, 14, right, width)
    return Rows(tuple(wrapped), True, left, right, width)


@dataclass(frozen=True)
class Axis:
    """A straight axis: `low` at `left`, `high` at `right`."""

    low: float
    high: float
    left: float
    right: float

    def at(self, value: float) -> float:
        """Where a value stands."""
        return self.left + (self.right - self.left) * (value - self.low) / (self.high - self.low)


_TOPS = {1: 5, 1.5: 3, 2: 4, 2.5: 5, 3: 3, 4: 4, 5: 5, 6: 3, 8: 4, 10: 5}
"""Round ends of an axis, each with the number of equal parts that are round too."""


def from_zero(highest: float, left: float, right: float) -> tuple[Axis, list[float]]:
    """An axis from zero to a round number that holds `highest`, and the values of its rules."""
    power = 10.0 ** math.floor(math.log10(highest)) if highest > 0 else 1.0
    top, parts = next(
        (step, parts) for step, parts in _TOPS.items() if highest <= step * power * (1 + 1e-9)
    )
    axis = Axis(0, top * power, left, right)
    return axis, [axis.high * part / parts for part in range(parts + 1)]


def per_cent(left: float, right: float) -> tuple[Axis, list[float]]:
    """An axis from 0 to 100, and the values of its rules."""
    return Axis(0, 100, left, right), [0, 25, 50, 75, 100]


def ticks(axis: Axis, values: Sequence[float], unit: str, top: float, bottom: float) -> list[str]:
    """Faint rules up the plot, named under it: all of them, or both ends where there is no room."""
    places = places_of(values)
    texts = [said(value, unit, places=places) for value in values]
    parts = len(values) - 1
    room = (axis.right - axis.left) / parts
    widest = max(pen.width_of(text) for text in texts) + 6
    every = next(
        step
        for step in range(1, parts + 1)
        if parts % step == 0 and (room * step >= widest or step == parts)
    )
    marks: list[str] = []
    for place, (value, text) in enumerate(zip(values, texts, strict=True)):
        x = axis.at(value)
        marks.append(pen.rule((x, top), (x, bottom), stroke=GRID, width=1))
        if place % every == 0:
            marks.append(pen.words(x, bottom + 14, text, fill=QUIET_INK, anchor="middle"))
    return marks


def comparator_above(axis: Axis, value: float, text: str, *, width: float) -> str:
    """The comparator's name over its rule, kept inside the picture."""
    half = pen.width_of(text) / 2
    middle = min(max(axis.at(value), half), width - half)
    return pen.words(middle, pen.LINE / 2, text, fill=QUIET_INK, anchor="middle")


def comparator_rule(axis: Axis, value: float, top: float, bottom: float) -> str:
    """The comparator's rule: dashed grey, always labelled above."""
    x = axis.at(value)
    return pen.rule((x, top), (x, bottom), stroke=COMPARATOR, width=2, dash="6 4")
