"""Charts of change: a run chart or a control chart, points shaped by what is signalled at them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from sightline.design.charts import svg as pen
from sightline.design.charts.layout import Axis, from_zero
from sightline.design.charts.lines import Break, runs, spread_apart
from sightline.design.charts.model import (
    Chart,
    Series,
    Value,
    check_labels,
    check_value,
    figure,
    is_known,
    places_of,
    said,
    shortened,
    symbol,
)
from sightline.design.charts.palette import COMPARATOR, GRID, HATCH, NAVY, QUIET_INK

Sign = Literal["better", "worse", "changed"]
_PLOT = 230
_BAND: Final = "#eef2f6"
_SHAPES: Final[Mapping[str, tuple[str, str, bool]]] = {
    "better": ("square", "#0065bd", False),
    "worse": ("diamond", "#cb4e0b", False),
    "changed": ("triangle", "#741e6d", False),
    "": ("circle", NAVY, True),
}
_SAID: Final = {
    "better": "real improvement (square)",
    "worse": "real worsening (diamond)",
    "changed": "something changed (triangle)",
    "": "",
}
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Stretch:
    """A phase of a chart: its points, the centre of them, and limits where it has them.

    `start` is its first point and `end` the one after its last, counted from 0.
    """

    start: int
    end: int
    centre: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Happened:
    """Something somebody noted at a period: drawn as a letter, and written out under the chart."""

    period: str
    words: str


def change(
    *,
    headline: str,
    subtitle: str,
    periods: Sequence[str],
    name: str,
    values: Sequence[Value],
    unit: str = "",
    stretches: Sequence[Stretch] = (),
    centre_name: Literal["Median", "Average"] = "Median",
    signs: Mapping[int, Sign] | None = None,
    comparator: Series | None = None,
    breaks: Sequence[Break] = (),
    happened: Sequence[Happened] = (),
    marks: Mapping[int, str] | None = None,
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """One series over time from zero, its points shaped by signal.

    Args:
        headline: the finding.
        subtitle: measure, place, time, unit and base.
        periods: labels along the bottom, oldest first.
        name: what the series is, written at its end.
        values: one for each period; what is hidden or was not supplied is a gap.
        unit: written after each value.
        stretches: phases with their centre, and their limits on a control chart.
        centre_name: what the centre line is.
        signs: points, from 0, at which something is signalled.
        comparator: another series, drawn grey and dashed.
        breaks: drawn as a dotted rule before their period, and said as a note.
        happened: notes at periods.
        marks: points, from 0, whose figure has a symbol after it ("[p]").
        alt: alternative text; made from the latest value when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: nothing to draw, a value below zero, or not one value for each period.
    """
    _check(headline, periods, values, comparator)
    drawing = Change(
        tuple(periods), name, tuple(values), unit, tuple(stretches), centre_name,
        dict(signs or {}), comparator, tuple(breaks), tuple(happened),
        places_of([*values, *(comparator.values if comparator else ())]), dict(marks or {}),
    )  # fmt: skip
    last = max(place for place, value in enumerate(values) if is_known(value))
    kind = "Control chart" if any(s.low is not None for s in stretches) else "Run chart"
    spoken = f"{kind} of {subtitle or headline}. Latest {said(values[last], unit)}"
    return Chart(
        headline=headline, subtitle=subtitle, alt=alt or shortened(f"{spoken} in {periods[last]}."),
        header=drawing.header,
        rows=tuple(drawing.row(place) for place in range(len(periods))),
        drawing=drawing,
        source=source,
        notes=(*notes, *drawing.notes()),
    )  # fmt: skip


def _check(
    headline: str, periods: Sequence[str], values: Sequence[Value], comparator: Series | None
) -> None:
    check_labels(periods, headline=headline)
    if not any(is_known(value) for value in values):
        raise ValueError(f"“{headline}” has nothing to draw. Say so in a sentence instead.")
    for one in (values, *([comparator.values] if comparator else [])):
        if len(one) != len(periods):
            raise ValueError(f"“{headline}”: {len(one)} values for {len(periods)} periods.")
        for place, value in enumerate(one):
            check_value(value, where=periods[place])


@dataclass(frozen=True)
class Change:
    """Draws `change`."""

    periods: tuple[str, ...]
    name: str
    values: tuple[Value, ...]
    unit: str
    stretches: tuple[Stretch, ...]
    centre_name: str
    signs: Mapping[int, Sign]
    comparator: Series | None
    breaks: tuple[Break, ...]
    happened: tuple[Happened, ...]
    places: int
    marked: Mapping[int, str] = field(default_factory=dict)

    @property
    def _limits(self) -> bool:
        return any(one.low is not None for one in self.stretches)

    @property
    def header(self) -> tuple[str, ...]:
        """The headings of the table."""
        extra = [self.comparator.name] if self.comparator else []
        if self.stretches:
            extra.append(self.centre_name)
        if self._limits:
            extra += ["Lower limit", "Upper limit"]
        return ("Period", self.name, *extra, *(["Signal"] if self.signs else []))

    def row(self, place: int) -> tuple[str, ...]:
        """One row of the table."""
        stretch = next((s for s in self.stretches if s.start <= place < s.end), None)
        own = said(self.values[place], self.unit, places=self.places)
        cells = [self.periods[place], f"{own} {self.marked[place]}" if self._has(place) else own]
        if self.comparator:
            cells.append(said(self.comparator.values[place], self.unit, places=self.places))
        ends = [stretch.centre if stretch else None]
        if self._limits:
            ends += [stretch.low, stretch.high] if stretch else [None, None]
        if self.stretches:
            cells += [said(end, self.unit, places=1) for end in ends]
        if self.signs:
            cells.append(_SAID[self.signs.get(place, "")] or "none")
        return tuple(cells)

    def _has(self, place: int) -> bool:
        """Whether a symbol stands after the figure of a point."""
        return place in self.marked and is_known(self.values[place])

    def notes(self) -> tuple[str, ...]:
        """Breaks, and what was noted, in words."""
        cuts = [f"Figures before and from {b.period} differ: {b.reason}" for b in self.breaks]
        noted = [
            f"{letter}: {one.period}. {one.words}"
            for letter, one in zip(self._letters(), self.happened, strict=True)
        ]
        return (*cuts, *noted)

    def _letters(self) -> list[str]:
        count = len(_LETTERS)
        return [_LETTERS[n % count] * (n // count + 1) for n in range(len(self.happened))]

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        numbers = [figure(v) for v in self._all() if is_known(v)]
        numbers += [end for s in self.stretches for end in (s.centre, s.high) if end is not None]
        up, ruled = from_zero(max(numbers), _PLOT + 12, 12 + 18)
        ticks = [said(value, self.unit, places=places_of(ruled)) for value in ruled]
        left = max(pen.width_of(text) for text in ticks) + 18
        ends = self._ends(up)
        named = max(pen.width_of(text) for text, _, _ in ends)
        right = max(width - named - 22, left + 90)
        along = Axis(0, max(len(self.periods) - 1, 1), left + 10, right)
        marks = self._bands(along, up)
        for value, text in zip(ruled, ticks, strict=True):
            y = up.at(value)
            stroke = QUIET_INK if value == 0 else GRID
            marks.append(pen.rule((left, y), (along.right + 10, y), stroke=stroke, width=1))
            marks.append(pen.words(left - 8, y, text, fill=QUIET_INK, anchor="end"))
        marks += [*self._period_words(along), *self._centres(along, up), *self._cuts(along)]
        if self.comparator:
            marks += runs(self.comparator, along, up, COMPARATOR, "7 5")
        marks += runs(Series(self.name, self.values), along, up, NAVY, "")
        marks += [*self._points(along, up), *self._noted(along)]
        marks += spread_apart(ends, along.right + 18, _PLOT + 12)
        return marks, _PLOT + 12 + 28

    def _all(self) -> list[Value]:
        return [*self.values, *(self.comparator.values if self.comparator else ())]

    def _ends(self, up: Axis) -> list[tuple[str, float, str]]:
        ends = []
        pairs = [(self.name, self.values, NAVY)]
        if self.comparator:
            pairs.append((self.comparator.name, self.comparator.values, QUIET_INK))
        for name, values, colour in pairs:
            known = [figure(value) for value in values if is_known(value)]
            if known:
                last = said(known[-1], self.unit, places=self.places)
                ends.append((f"{name} {last}", up.at(known[-1]), colour))
        if self.stretches:
            centre = self.stretches[-1].centre
            text = f"{self.centre_name} {said(round(centre, 1), self.unit)}"
            ends.append((text, up.at(centre), QUIET_INK))
        return ends

    def _bands(self, along: Axis, up: Axis) -> list[str]:
        marks: list[str] = []
        for one in self.stretches:
            if one.low is None or one.high is None:
                continue
            start, end = along.at(one.start) - 6, along.at(one.end - 1) + 6
            top, bottom = up.at(one.high), up.at(max(one.low, 0))
            marks.append(pen.rect(start, top, end - start, bottom - top, fill=_BAND))
            for y in (top, bottom):
                marks.append(pen.rule((start, y), (end, y), stroke=QUIET_INK, width=1))
        return marks

    def _centres(self, along: Axis, up: Axis) -> list[str]:
        return [
            pen.rule(
                (along.at(one.start) - 6, up.at(one.centre)),
                (along.at(one.end - 1) + 6, up.at(one.centre)),
                stroke=QUIET_INK, width=2, dash="2 4",
            )
            for one in self.stretches
        ]  # fmt: skip

    def _period_words(self, along: Axis) -> list[str]:
        widest = max(pen.width_of(period) for period in self.periods)
        apart = max(along.at(1) - along.at(0), 1)
        every = max(1, math.ceil((widest + 8) / apart))
        last = len(self.periods) - 1
        return [
            pen.words(along.at(place), _PLOT + 28, period, fill=QUIET_INK, anchor="middle")
            for place, period in enumerate(self.periods)
            if (last - place) % every == 0
        ]

    def _cuts(self, along: Axis) -> list[str]:
        marks: list[str] = []
        for cut in self.breaks:
            x = along.at(self.periods.index(cut.period) - 0.5)
            marks.append(pen.rule((x, 24), (x, _PLOT + 12), stroke=QUIET_INK, dash="1 5", width=2))
            marks.append(pen.words(x + 5, 32, "[b]", fill=QUIET_INK))
        return marks

    def _noted(self, along: Axis) -> list[str]:
        marks: list[str] = []
        for letter, one in zip(self._letters(), self.happened, strict=True):
            x = along.at(self.periods.index(one.period))
            marks.append(pen.rule((x, 22), (x, _PLOT + 12), stroke=GRID, width=1, dash="4 4"))
            marks.append(pen.words(x, 10, letter, fill=QUIET_INK, anchor="middle"))
        return marks

    def _points(self, along: Axis, up: Axis) -> list[str]:
        marks: list[str] = []
        floor = up.at(0)
        for place, value in enumerate(self.values):
            x = along.at(place)
            if is_known(value):
                kind, colour, hollow = _SHAPES[self.signs.get(place, "")]
                y = up.at(figure(value))
                marks.append(pen.shape(x, y, kind=kind, colour=colour, hollow=hollow, radius=5.5))
                if self._has(place):
                    text = self.marked[place]
                    marks.append(pen.words(x, y - 18, text, fill=QUIET_INK, anchor="middle"))
            elif symbol(value) == "[c]":
                marks += pen.hatched(x - 8, floor - 30, 16, 30)
                marks.append(pen.words(x, floor - 42, "[c]", fill=HATCH, anchor="middle"))
            else:
                marks.append(pen.words(x, floor - 12, symbol(value), fill=HATCH, anchor="middle"))
        return marks
