"""Where things stand in a chart made of rows: labels beside the marks, or above them when long."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.palette import COMPARATOR, GRID, QUIET_INK

_BESIDE = 0.36
_SPACE = 12
_MARK = 26
_LONGEST_LABEL_LINES = 2


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
        """The marks of a row's label."""
        lines = self.labels[row]
        first = top + pen.LINE / 2
        if self.beside:
            first = top + self.middle(row) - (len(lines) - 1) * pen.LINE / 2
        return pen.lines_of_words(0, first, lines)


def planned(labels: Sequence[str], values: Sequence[str], width: float) -> Rows:
    """Room for the labels at the left (when they fit in two lines) and the values at the right."""
    room = width * _BESIDE
    right = width - max(pen.width_of(value) for value in values) - _SPACE
    wrapped = [tuple(pen.wrapped(label, room)) for label in labels]
    beside = all(
        len(lines) <= _LONGEST_LABEL_LINES and all(pen.width_of(line) <= room for line in lines)
        for lines in wrapped
    )
    if not beside:
        above = tuple(tuple(pen.wrapped(label, width)) for label in labels)
        return Rows(above, False, 10, right, width)
    widest = max(pen.width_of(line) for lines in wrapped for line in lines)
    return Rows(tuple(wrapped), True, widest + _SPACE + 8, right, width)


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


def round_top(highest: float) -> float:
    """The end of an axis that starts at zero: the next 1, 2, 2.5 or 5 times a power of ten."""
    if highest <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(highest))
    for step in (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10):
        if highest <= step * power * (1 + 1e-9):
            return step * power
    return 10 * power


def ticks(axis: Axis, said: Sequence[tuple[float, str]], top: float, bottom: float) -> list[str]:
    """Faint rules up the plot with their values under it; a value that would collide is left out."""
    marks: list[str] = []
    free = -math.inf
    for value, text in said:
        x = axis.at(value)
        marks.append(pen.rule((x, top), (x, bottom), stroke=GRID, width=1))
        half = pen.width_of(text) / 2
        if x - half > free:
            marks.append(pen.words(x, bottom + 14, text, fill=QUIET_INK, anchor="middle"))
            free = x + half + 6
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
