"""Run charts: values over time, hollow points, gaps left open, breaks drawn and said."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.layout import Axis, from_zero
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
from sightline.design.charts.palette import (
    COMPARATOR,
    GRID,
    HATCH,
    MOST_SERIES,
    QUIET_INK,
    SERIES,
)

_PLOT = 220
_DASHES = ("", "10 4", "3 4", "12 4 3 4")
_APART = pen.LINE - 1
_FEWEST_FOR_MEDIAN = 5


@dataclass(frozen=True)
class Break:
    """A place where the figures before and after cannot be read as one line."""

    period: str
    reason: str


def line(
    *,
    headline: str,
    subtitle: str,
    periods: Sequence[str],
    series: Sequence[Series],
    unit: str = "",
    comparator: Series | None = None,
    median: float | None = None,
    breaks: Sequence[Break] = (),
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """Lines over time from zero, each named at its end.

    Args:
        headline: the finding.
        subtitle: measure, place, time, unit and base.
        periods: labels along the bottom, oldest first.
        series: one to four, the comparator counted among the four.
        unit: written after each value.
        comparator: drawn grey and dashed.
        median: drawn as a dotted rule; see `run_median`.
        breaks: drawn as a dotted rule before their period, and said as a note.
        alt: alternative text; made from the latest values when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: no series, more than four, a value below zero, or values and periods that
            differ in number.
    """
    check_labels(periods, headline=headline)
    every = (*series, *((comparator,) if comparator else ()))
    _check(every, periods, headline=headline)
    for cut in breaks:
        if cut.period not in periods:
            raise ValueError(f"“{headline}”: a break is at {cut.period}, which is not on the axis.")
    places = places_of(value for one in every for value in one.values)
    said_breaks = [f"Figures before and from {cut.period} differ: {cut.reason}" for cut in breaks]
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(_spoken(subtitle or headline, periods, every, unit)),
        header=("Period", *(one.name for one in every)),
        rows=tuple(
            (period, *(said(one.values[place], unit, places=places) for one in every))
            for place, period in enumerate(periods)
        ),
        drawing=Lines(tuple(periods), tuple(series), unit, comparator, median, tuple(breaks)),
        source=source,
        notes=(*notes, *said_breaks),
    )


def run_median(values: Sequence[Value]) -> float | None:
    """The median of the known values, or None where there are fewer than five."""
    known = [figure(value) for value in values if is_known(value)]
    return statistics.median(known) if len(known) >= _FEWEST_FOR_MEDIAN else None


def _check(every: Sequence[Series], periods: Sequence[str], *, headline: str) -> None:
    if not every or all(not is_known(value) for one in every for value in one.values):
        raise ValueError(f"“{headline}” has nothing to draw. Say so in a sentence instead.")
    if len(every) > MOST_SERIES:
        raise ValueError(
            f"“{headline}” has {len(every)} lines; {MOST_SERIES} is the most that can be told "
            "apart. Draw several small charts on one scale instead."
        )
    check_labels([one.name for one in every], headline=headline)
    for one in every:
        if len(one.values) != len(periods):
            raise ValueError(
                f"{one.name} has {len(one.values)} values for {len(periods)} periods; "
                "give one for each, and say which are not available."
            )
        for place, value in enumerate(one.values):
            check_value(value, where=f"{one.name}, {periods[place]}")


def _spoken(subject: str, periods: Sequence[str], every: Sequence[Series], unit: str) -> str:
    latest = "; ".join(f"{one.name} {_latest(one, periods, unit)}" for one in every)
    return f"Line chart, {periods[0]} to {periods[-1]}. Latest: {latest}. {subject}"


def _latest(one: Series, periods: Sequence[str], unit: str) -> str:
    for place in reversed(range(len(periods))):
        if is_known(one.values[place]):
            return f"{said(one.values[place], unit)} in {periods[place]}"
    return "not available"


@dataclass(frozen=True)
class Lines:
    """Draws `line`."""

    periods: tuple[str, ...]
    series: tuple[Series, ...]
    unit: str
    comparator: Series | None
    median: float | None
    breaks: tuple[Break, ...]

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        every = (*self.series, *((self.comparator,) if self.comparator else ()))
        highest = max(figure(v) for one in every for v in one.values if is_known(v))
        up, ruled = from_zero(highest, _PLOT + 12, 12)
        tick_words = [said(value, self.unit, places=places_of(ruled)) for value in ruled]
        left = max(pen.width_of(text) for text in tick_words) + 18
        named = max(pen.width_of(text) for text, _, _ in self._ends(up))
        along = Axis(0, max(len(self.periods) - 1, 1), left + 10, width - named - 22)
        marks: list[str] = []
        for value, text in zip(ruled, tick_words, strict=True):
            y = up.at(value)
            stroke = QUIET_INK if value == 0 else GRID
            marks.append(pen.rule((left, y), (along.right + 10, y), stroke=stroke, width=1))
            marks.append(pen.words(left - 8, y, text, fill=QUIET_INK, anchor="end"))
        marks += self._period_words(along)
        marks += self._breaks(along)
        if self.median is not None:
            y = up.at(self.median)
            ends = ((left, y), (along.right + 10, y))
            marks.append(pen.rule(*ends, stroke=QUIET_INK, width=2, dash="2 4"))
        if self.comparator:
            marks += runs(self.comparator, along, up, COMPARATOR, "7 5")
        colours = SERIES[len(self.series)] if self.series else ()
        for place, one in enumerate(self.series):
            marks += runs(one, along, up, colours[place], _DASHES[place])
            marks += _points(one, along, up, colours[place], pen.SHAPES[place])
        marks += self._end_words(up, along.right + 18)
        return marks, _PLOT + 12 + 28

    @property
    def _places(self) -> int:
        every = (*self.series, *((self.comparator,) if self.comparator else ()))
        return places_of(value for one in every for value in one.values)

    def _period_words(self, along: Axis) -> list[str]:
        """The latest period is always named; earlier ones at even steps where there is room."""
        widest = max(pen.width_of(period) for period in self.periods)
        apart = along.at(1) - along.at(0)
        every = max(1, math.ceil((widest + 8) / apart))
        y = _PLOT + 12 + 16
        return [
            pen.words(along.at(place), y, period, fill=QUIET_INK, anchor="middle")
            for place, period in enumerate(self.periods)
            if (len(self.periods) - 1 - place) % every == 0
        ]

    def _breaks(self, along: Axis) -> list[str]:
        marks: list[str] = []
        for cut in self.breaks:
            x = along.at(self.periods.index(cut.period) - 0.5)
            ends = ((x, 4), (x, _PLOT + 12))
            marks.append(pen.rule(*ends, stroke=QUIET_INK, dash="1 5", width=2))
            marks.append(pen.words(x + 5, 12, "[b]", fill=QUIET_INK))
        return marks

    def _ends(self, up: Axis) -> list[tuple[str, float, str]]:
        """Name, height and colour of what is written at the end of each line."""
        colours = SERIES[len(self.series)] if self.series else ()
        ends: list[tuple[str, float, str]] = []
        pairs = [(one, colours[place]) for place, one in enumerate(self.series)]
        if self.comparator:
            pairs.append((self.comparator, QUIET_INK))
        for one, colour in pairs:
            known = [figure(value) for value in one.values if is_known(value)]
            if known:
                last = said(known[-1], self.unit, places=self._places)
                ends.append((f"{one.name} {last}", up.at(known[-1]), colour))
        if self.median is not None:
            middle = said(
                self.median, self.unit, places=max(self._places, places_of([self.median]))
            )
            ends.append((f"Median {middle}", up.at(self.median), QUIET_INK))
        return ends

    def _end_words(self, up: Axis, x: float) -> list[str]:
        """Names at the ends, pushed apart where lines end close together."""
        return spread_apart(self._ends(up), x, _PLOT + 12)


def spread_apart(ends: Sequence[tuple[str, float, str]], x: float, bottom: float) -> list[str]:
    """Names at the ends of lines, pushed apart where lines end close together."""
    marks: list[str] = []
    placed = -1e9
    ends = sorted(ends, key=lambda end: end[1])
    too_low = max(0.0, (len(ends) - 1) * _APART - bottom)
    for place, (text, wanted, colour) in enumerate(ends):
        last_place = bottom - (len(ends) - 1 - place) * _APART
        y = max(min(wanted, last_place), placed + _APART) - too_low
        fill = colour if colour in {SERIES[1][0], QUIET_INK, "#592c20"} else "#1a1a1a"
        marks.append(pen.words(x, y, text, fill=fill))
        placed = y
    return marks


def runs(one: Series, along: Axis, up: Axis, colour: str, dash: str) -> list[str]:
    """The line in the runs between its gaps: what is not known is never joined over."""
    marks: list[str] = []
    run: list[tuple[float, float]] = []
    for place, value in enumerate((*one.values, None)):
        if is_known(value):
            run.append((along.at(place), up.at(figure(value))))
            continue
        if len(run) > 1:
            marks.append(pen.path(run, stroke=colour, dash=dash))
        run = []
    return marks


def _points(one: Series, along: Axis, up: Axis, colour: str, kind: str) -> list[str]:
    marks: list[str] = []
    floor = up.at(0)
    for place, value in enumerate(one.values):
        x = along.at(place)
        if is_known(value):
            marks.append(
                pen.shape(
                    x, up.at(figure(value)), kind=kind, colour=colour, hollow=True, radius=5.5
                )
            )
        elif symbol(value) == "[c]":
            marks += pen.hatched(x - 8, floor - 30, 16, 30)
            marks.append(pen.words(x, floor - 42, "[c]", fill=HATCH, anchor="middle"))
        else:
            marks.append(pen.words(x, floor - 12, symbol(value), fill=HATCH, anchor="middle"))
    return marks
