"""Strips: one dot for each view, on the words of a scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.model import (
    Chart,
    Series,
    check_labels,
    check_value,
    figure,
    is_known,
    said,
    shortened,
    symbol,
)
from sightline.design.charts.palette import GRID, MOST_SERIES, QUIET_INK, SERIES

_ROW = 30
_DOT = 20
_STUB = 36
_KEY = 30


def strip(
    *,
    headline: str,
    subtitle: str,
    steps: Sequence[str],
    groups: Sequence[Series],
    agreed: int | None = None,
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """A dot for each view on each word; groups differ in shape; the agreed word is boxed.

    Args:
        headline: the finding.
        subtitle: measure, place, time and base.
        steps: words of the scale, best first.
        groups: how many of each group hold each word, in the order of `steps`; four at most.
        agreed: the step agreed, 1 the lowest, or None where none is.
        alt: alternative text; made from the headline when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: no group or more than four, a count that is not whole, an agreed step that is
            not on the scale.
    """
    check_labels([group.name for group in groups], headline=headline)
    if len(groups) > MOST_SERIES:
        raise ValueError(
            f"“{headline}” has {len(groups)} groups; {MOST_SERIES} is the most that can be told "
            "apart. Draw several small charts on one scale instead."
        )
    for group in groups:
        _check(group, steps)
    if agreed is not None and not 1 <= agreed <= len(steps):
        raise ValueError(f"“{headline}”: the agreed step {agreed} is not 1 to {len(steps)}.")
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(f"Dot strip of views on {len(steps)} words. {headline}"),
        header=("Word", *(group.name for group in groups)),
        rows=tuple(
            (word, *(said(group.values[place]) for group in groups))
            for place, word in enumerate(steps)
        ),
        drawing=Strip(tuple(steps), tuple(groups), agreed),
        source=source,
        notes=tuple(notes),
    )


def _check(group: Series, steps: Sequence[str]) -> None:
    if len(group.values) != len(steps):
        raise ValueError(
            f"{group.name}: {len(group.values)} counts for {len(steps)} words; give one for each."
        )
    for value in group.values:
        check_value(value, where=group.name)
        if is_known(value) and figure(value) != int(figure(value)):
            raise ValueError(f"{group.name}: {value} is not a whole number of views.")


@dataclass(frozen=True)
class Strip:
    """Draws `strip`."""

    steps: tuple[str, ...]
    groups: tuple[Series, ...]
    agreed: int | None

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        words = [f"{len(self.steps) - place} {word}" for place, word in enumerate(self.steps)]
        left = max(pen.width_of(word, bold=True) for word in words) + 22
        right = width - 12
        marks = self._key() if len(self.groups) > 1 else []
        y = float(_KEY) if len(self.groups) > 1 else 2.0
        for place, word in enumerate(words):
            chosen = self.agreed == len(self.steps) - place
            drawn, lines = self._views(place, left, right, y + _ROW / 2)
            height = _ROW + (lines - 1) * _DOT
            if chosen:
                marks.append(pen.rect(0, y, width, height, fill="#f3f2f1", stroke=QUIET_INK))
            else:
                below = y + height
                marks.append(pen.rule((0, below), (width, below), stroke=GRID, width=1))
            marks.append(pen.words(8, y + _ROW / 2, word, bold=chosen))
            marks += drawn
            if chosen:
                marks.append(pen.words(width - 8, y + _ROW / 2, "agreed", bold=True, anchor="end"))
            y += height + 4
        return marks, y

    def _key(self) -> list[str]:
        marks: list[str] = []
        x = 9.0
        for place, group in enumerate(self.groups):
            marks.append(self._dot(place, x, pen.LINE / 2))
            marks.append(pen.words(x + 14, pen.LINE / 2, group.name))
            x += 14 + pen.width_of(group.name) + 26
        return marks

    def _dot(self, place: int, x: float, y: float) -> str:
        colour = SERIES[len(self.groups)][place]
        kind = pen.SHAPES[place]
        return pen.shape(x, y, kind=kind, colour=colour, hollow=place % 2 == 1, radius=6)

    def _views(self, step: int, left: float, right: float, y: float) -> tuple[list[str], int]:
        """The dots of one word and how many lines of them there are."""
        marks: list[str] = []
        x, line = left, 0
        room = right - 70
        for place, group in enumerate(self.groups):
            value = group.values[step]
            if not is_known(value):
                if symbol(value) == "[c]":
                    marks += pen.hatched(x, y - 9 + line * _DOT, _STUB, 18)
                    x += _STUB + 6
                marks.append(pen.words(x, y + line * _DOT, symbol(value), fill=QUIET_INK))
                x += 34
                continue
            for _ in range(int(figure(value))):
                if x > room:
                    x, line = left, line + 1
                marks.append(self._dot(place, x, y + line * _DOT))
                x += _DOT
        return marks, line + 1
