"""Stacked bars: how many at each step of a scale, one bar a row."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.model import (
    Chart,
    StackedRow,
    Value,
    check_labels,
    check_value,
    figure,
    is_known,
    said,
    shortened,
    symbol,
)
from sightline.design.charts.palette import INK, QUIET_INK, WHITE, Fill, step_fills

_BAR = 34
_GAP = 2
_STUB = 44
_BETWEEN = 18
_APART = 14
_INSIDE = 12
_SWATCH = 13


def stacked_scale(
    *,
    headline: str,
    subtitle: str,
    steps: Sequence[str],
    rows: Sequence[StackedRow],
    counted: str,
    row_name: str = "Row",
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """A bar for each row, cut into the steps of a scale, best first, by their share of the row.

    Args:
        headline: the finding.
        subtitle: measure, place, time, base.
        steps: words of the scale, best first (two to six).
        rows: in the order to be read; `counts` follow `steps`.
        counted: what one count is, in the plural ("partnerships").
        row_name: what a row is, as the table's first heading ("Indicator").
        alt: alternative text; made from the headline when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: nothing to draw, a count below zero or not whole, or not one count a step.
    """
    labels = [row.label for row in rows]
    check_labels(labels, headline=headline)
    fills = step_fills(len(steps))
    for row in rows:
        _check(row, len(steps))
    unknown = any(row.not_known for row in rows)
    header = (row_name, *steps, *(("Not known",) if unknown else ()), f"All {counted}")
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(_alternative(headline, rows, counted)),
        header=header,
        rows=tuple(_cells(row, unknown=unknown) for row in rows),
        drawing=Stacked(tuple(steps), fills, tuple(rows)),
        source=source,
        notes=tuple(notes),
    )


def _alternative(headline: str, rows: Sequence[StackedRow], counted: str) -> str:
    return f"Stacked bar chart, one bar for each of {len(rows)} rows, of {counted}. {headline}"


def _check(row: StackedRow, steps: int) -> None:
    if len(row.counts) != steps:
        raise ValueError(
            f"{row.label}: {len(row.counts)} counts for {steps} steps; give one for each."
        )
    for count in (*row.counts, row.not_known):
        check_value(count, where=row.label)
        if is_known(count) and figure(count) != int(figure(count)):
            raise ValueError(f"{row.label}: {count} is not a whole number.")


def _total(row: StackedRow) -> Value:
    for count in row.counts:
        if not is_known(count):
            return count
    return sum(int(figure(count)) for count in row.counts) + row.not_known


def _cells(row: StackedRow, *, unknown: bool) -> tuple[str, ...]:
    middle = (said(row.not_known),) if unknown else ()
    return (row.label, *(said(count) for count in row.counts), *middle, said(_total(row)))


@dataclass(frozen=True)
class _Block:
    word: str
    count: int
    fill: Fill
    width: float
    known: bool = True

    @property
    def inside(self) -> str:
        """The longest label that fits: word and count, else the count, else nothing."""
        for text in (f"{self.word} {self.count}", str(self.count)):
            if pen.width_of(text) + _INSIDE <= self.width:
                return text
        return ""


@dataclass(frozen=True)
class Stacked:
    """Draws `stacked_scale`."""

    steps: tuple[str, ...]
    fills: tuple[Fill, ...]
    rows: tuple[StackedRow, ...]

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        marks: list[str] = []
        y = 4.0
        for row in self.rows:
            total = _total(row)
            base = f" (of\u00a0{said(total)})" if is_known(total) else ""
            for line in pen.wrapped(f"{row.label}{base}", width):
                marks.append(pen.words(0, y + pen.LINE / 2, line))
                y += pen.LINE
            y += 3
            drawn, under = self._bar(row, y, width)
            marks += drawn
            y += _BAR + under + _BETWEEN
        return marks, y - _BETWEEN + 4

    def _bar(self, row: StackedRow, y: float, width: float) -> tuple[list[str], float]:
        total = _total(row)
        if not is_known(total):
            stub = pen.hatched(0, y, _STUB, _BAR) if symbol(total) == "[c]" else []
            at = _STUB + 8 if stub else 0
            return [*stub, pen.words(at, y + _BAR / 2, symbol(total), fill=QUIET_INK)], 0
        if figure(total) == 0:
            return [pen.words(0, y + _BAR / 2, "0")], 0
        marks: list[str] = []
        x = 0.0
        blocks = self._blocks(row, figure(total), width)
        for block in blocks:
            if not block.known and x:
                x += _APART - _GAP
            stroke = "" if block.known else QUIET_INK
            marks.append(pen.rect(x, y, block.width, _BAR, fill=block.fill.colour, stroke=stroke))
            if block.inside:
                middle = x + block.width / 2
                marks.append(
                    pen.words(
                        middle, y + _BAR / 2, block.inside, fill=block.fill.text, anchor="middle"
                    )
                )
            x += block.width + _GAP
        beside = [block for block in blocks if block.word not in block.inside]
        keyed, height = _keyed(beside, y + _BAR + 6, width)
        return [*marks, *keyed], height

    def _blocks(self, row: StackedRow, total: float, width: float) -> list[_Block]:
        shown = [
            (word, int(figure(count)), fill, True)
            for word, count, fill in zip(self.steps, row.counts, self.fills, strict=True)
            if figure(count)
        ]
        if row.not_known:
            shown.append(("Not known", row.not_known, Fill(WHITE, INK), False))
        apart = _APART - _GAP if row.not_known and len(shown) > 1 else 0
        room = width - _GAP * (len(shown) - 1) - apart
        return [
            _Block(word, count, fill, room * count / total, known)
            for word, count, fill, known in shown
        ]


def _keyed(blocks: Sequence[_Block], y: float, width: float) -> tuple[list[str], float]:
    """Names of the blocks too narrow to carry theirs, each with a swatch, under the bar."""
    marks: list[str] = []
    x, line = 0.0, 0
    for block in blocks:
        text = f"{block.word} {block.count}"
        wide = _SWATCH + 5 + pen.width_of(text) + 14
        if x and x + wide > width:
            x, line = 0.0, line + 1
        middle = y + pen.LINE * (line + 0.5)
        outline = QUIET_INK if block.fill.colour in {WHITE, "#e6dfd3"} else ""
        marks.append(
            pen.rect(
                x, middle - _SWATCH / 2, _SWATCH, _SWATCH, fill=block.fill.colour, stroke=outline
            )
        )
        marks.append(pen.words(x + _SWATCH + 5, middle, text))
        x += wide
    return marks, (pen.LINE * (line + 1) + 6) if blocks else 0.0
