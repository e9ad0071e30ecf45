"""Run charts and control charts: whether a series changed, or only goes up and down.

Two families of rules are in use among the readers and do not agree, so each chart names the one it
followed. `docs/methods/M-08-run-charts.md` and `M-09-control-charts.md` work them through.

A series holds a number or None for each point in order; None is a value that is hidden or was not
supplied. It is neither a zero nor a point: runs go on past it, and the last rule says when a
comparison across it may not be made.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import median as middle
from typing import Literal

from sightline.stats.checking import finite, whole

Series = Sequence[float | None]

SHIFT = 6
TREND = 5
USEFUL = 10
ENOUGH_FOR_LIMITS = 12


class Convention(StrEnum):
    """What a point exactly on the centre line, or a value repeated, does to a run."""

    WORDING = "wording"  # it is skipped: the run goes on after it
    CODE = "code"  # it breaks the run, as one published script has it


class Rule(StrEnum):
    """The name of a signal."""

    SHIFT = "shift"
    TREND = "trend"
    FEW_RUNS = "too few runs"
    MANY_RUNS = "too many runs"
    ASTRONOMICAL = "astronomical point"
    LIMIT = "beyond a limit"
    TWO_OF_THREE = "two of three near a limit"
    INNER_THIRD = "fifteen close to the centre"


@dataclass(frozen=True)
class Signal:
    """A rule that was met, at which points (from 0), and on which side of the centre.

    `side` is 1 above or rising, −1 below or falling, 0 where neither is meant (runs).
    """

    rule: Rule
    points: tuple[int, ...]
    side: int


@dataclass(frozen=True)
class Phase:
    """A stretch of a chart with its own centre (and limits): from `start` until before `end`."""

    start: int
    end: int
    centre: float
    reason: str = ""


@dataclass(frozen=True)
class RunChart:
    """A run chart: phases with their medians, and the signals found."""

    values: tuple[float | None, ...]
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]
    useful: int
    runs: int
    expected: tuple[int, int] | None
    convention: Convention
    enough: bool


def points_of(values: Series) -> tuple[float | None, ...]:
    """The series with every number checked.

    Raises:
        ValueError: a value that is neither a number nor None; no number at all.
    """
    found = tuple(None if v is None else finite(f"point {i}", v) for i, v in enumerate(values))
    if not any(value is not None for value in found):
        raise ValueError("there are no values in the series; say that it was not supplied.")
    return found


def run_chart(
    values: Series,
    *,
    centre: float | None = None,
    baseline: int | None = None,
    convention: Convention = Convention.WORDING,
    trend_rule: bool = False,
    rebases: Sequence[tuple[int, str]] = (),
) -> RunChart:
    """Median, and the signals of a run chart.

    Args:
        values: the series; see the module.
        centre: a median given; otherwise that of the baseline.
        baseline: how many points from the start make the median (all of them).
        convention: what ties do.
        trend_rule: look for trends too. Off, because a simulation study found that it adds next to
            nothing to the others but false alarms.
        rebases: (first point of the new phase, named reason); the phase's median is its own.

    Returns:
        The chart. Shift and trend are looked for in every series; runs only where `enough` points
        lie off the median. Points of a signal are numbered from 0 and leave out those skipped.

    Raises:
        ValueError: as `points_of`; a baseline of fewer than one known value; a rebase without a
            reason, out of order, or before six points of its phase are known.
    """
    found = points_of(values)
    phases = _phases(found, centre, baseline, rebases)
    signals: list[Signal] = []
    for phase in phases:
        signals += _signals(found, phase, convention, trend_rule)
    last = phases[-1]
    off = _off_centre(found, last)
    runs = 1 + sum(a != b for a, b in zip(off, off[1:], strict=False)) if off else 0
    enough = len(off) >= USEFUL
    expected = expected_runs(len(off)) if enough else None
    if expected is not None and not expected[0] <= runs <= expected[1]:
        rule = Rule.FEW_RUNS if runs < expected[0] else Rule.MANY_RUNS
        signals.append(Signal(rule, tuple(range(last.start, last.end)), 0))
    return RunChart(
        found, tuple(phases), tuple(signals), len(off), runs, expected, convention, enough
    )


def _phases(
    values: tuple[float | None, ...],
    centre: float | None,
    baseline: int | None,
    rebases: Sequence[tuple[int, str]],
) -> list[Phase]:
    starts = [0, *(whole("rebase", start, at_least=1) for start, _ in rebases)]
    reasons = ["", *(reason.strip() for _, reason in rebases)]
    if starts != sorted(set(starts)) or starts[-1] >= len(values):
        raise ValueError(f"rebases are at {starts[1:]}; give them in order, within the series.")
    if not all(reasons[1:]):
        raise ValueError("a rebase needs a named reason: what was changed, and when.")
    ends = [*starts[1:], len(values)]
    phases = []
    for start, end, reason in zip(starts, ends, reasons, strict=True):
        known = [v for v in values[start:end] if v is not None]
        if start and len(known) < SHIFT:
            raise ValueError(
                f"the phase from point {start} has {len(known)} values; a rebase needs {SHIFT}."
            )
        if start == 0:
            phases.append(Phase(0, end, _first_centre(values, centre, baseline, known), reason))
        else:
            phases.append(Phase(start, end, middle(known), reason))
    return phases


def _first_centre(
    values: tuple[float | None, ...],
    centre: float | None,
    baseline: int | None,
    known: list[float],
) -> float:
    if centre is not None:
        return finite("centre", centre)
    if baseline is not None:
        size = whole("baseline", baseline, at_least=1)
        known = [v for v in values[:size] if v is not None]
    if not known:
        raise ValueError("the baseline holds no value; choose points that are known.")
    return middle(known)


def _off_centre(values: tuple[float | None, ...], phase: Phase) -> list[int]:
    """The side of each point off the centre line, in order: 1 above, −1 below."""
    sides = (
        _sign(value - phase.centre)
        for value in values[phase.start : phase.end]
        if value is not None
    )
    return [side for side in sides if side]


def _sign(number: float) -> int:
    return (number > 0) - (number < 0)


def _signals(
    values: tuple[float | None, ...], phase: Phase, convention: Convention, trend_rule: bool
) -> list[Signal]:
    span = range(phase.start, phase.end)
    sides = [(i, _sign(values[i] - phase.centre)) for i in span if values[i] is not None]  # type: ignore[operator]
    found = [Signal(Rule.SHIFT, p, side) for p, side in _stretches(sides, SHIFT, convention)]
    if trend_rule:
        found += [Signal(Rule.TREND, p, side) for p, side in _trends(values, span, convention)]
    return found


def _stretches(
    sides: Sequence[tuple[int, int]], least: int, convention: Convention
) -> list[tuple[tuple[int, ...], int]]:
    """Runs of `least` or more points of one sign; a zero is skipped, or ends the run."""
    found: list[tuple[tuple[int, ...], int]] = []
    run: list[int] = []
    at = 0
    for i, side in [*sides, (-1, 2)]:
        if side == 0 and convention is Convention.WORDING:
            continue
        if side != at:
            if len(run) >= least and at:
                found.append((tuple(run), at))
            run, at = [], side
        run.append(i)
    return found


def _trends(
    values: tuple[float | None, ...], span: range, convention: Convention
) -> list[tuple[tuple[int, ...], int]]:
    """Runs of five or more points each above (or below) the one before it."""
    known = [(i, value) for i in span if (value := values[i]) is not None]
    if convention is Convention.WORDING:
        kept = known[:1]
        for i, value in known[1:]:
            if value != kept[-1][1]:
                kept.append((i, value))
        known = kept
    found: list[tuple[tuple[int, ...], int]] = []
    run, at = [i for i, _ in known[:1]], 0
    for (_, before), (i, value) in zip(known, known[1:], strict=False):
        step = _sign(value - before)
        if step != at:
            if len(run) >= TREND and at:
                found.append((tuple(run), at))
            run, at = [run[-1]] if run else [], step
        run.append(i)
    if len(run) >= TREND and at:
        found.append((tuple(run), at))
    return found


_PRINTED: dict[int, tuple[int, int]] = {
    10: (3, 9), 11: (3, 10), 12: (3, 11), 13: (4, 11), 14: (4, 12), 15: (5, 12), 16: (5, 13),
    17: (5, 13), 18: (6, 14), 19: (6, 15), 20: (6, 16), 24: (8, 18), 30: (11, 21),
}  # fmt: skip
"""Fewest and most runs as printed in tables for useful points; others are computed."""


def expected_runs(useful: int) -> tuple[int, int]:
    """Fewest and most runs that chance gives in 95 of 100 series of so many useful points.

    The printed table where it has the number; otherwise Swed and Eisenhart's distribution with half
    of the points on each side, at 2.5 per cent at each end.

    Raises:
        ValueError: fewer than ten useful points.
    """
    if whole("useful", useful) < USEFUL:
        raise ValueError(f"{useful} useful points are too few for the rule of runs; {USEFUL} are.")
    if useful in _PRINTED:
        return _PRINTED[useful]
    above, below = useful // 2, useful - useful // 2
    total = math.comb(useful, above)
    low, cumulated = 1, 0.0
    chances = {runs: _chance(runs, above, below) / total for runs in range(2, useful + 1)}
    for runs in range(2, useful + 1):
        cumulated += chances[runs]
        if cumulated > 0.025:
            low = runs
            break
    cumulated, high = 0.0, useful
    for runs in range(useful, 1, -1):
        cumulated += chances[runs]
        if cumulated > 0.025:
            high = runs
            break
    return low, high


def _chance(runs: int, above: int, below: int) -> int:
    half = runs // 2
    if runs % 2 == 0:
        return 2 * math.comb(above - 1, half - 1) * math.comb(below - 1, half - 1)
    return math.comb(above - 1, half) * math.comb(below - 1, half - 1) + math.comb(
        above - 1, half - 1
    ) * math.comb(below - 1, half)


def longest_run_allowed(useful: int) -> int:
    """Longest run that chance explains (Anhøj): log2 of the useful points and three, rounded."""
    return round(math.log2(whole("useful", useful, at_least=1)) + 3)


def astronomical(values: Series, points: Sequence[int]) -> tuple[Signal, ...]:
    """Points somebody judged to be obvious outliers; judgement, so never found by rule.

    Raises:
        ValueError: a point that is not in the series or has no value.
    """
    found = points_of(values)
    for i in points:
        if not 0 <= i < len(found) or found[i] is None:
            raise ValueError(f"point {i} has no value; points run from 0 to {len(found) - 1}.")
    centre = middle([value for value in found if value is not None])
    return tuple(Signal(Rule.ASTRONOMICAL, (i,), _sign((found[i] or 0.0) - centre)) for i in points)


@dataclass(frozen=True)
class Limits:
    """Centre and limits of one phase or one point; `low` and `high` as drawn, within what can be."""

    start: int
    end: int
    centre: float
    low: float
    high: float
    near_low: float
    near_high: float
    moving_range: float | None = None
    reason: str = ""
    trial: bool = False


@dataclass(frozen=True)
class ControlChart:
    """A control chart: limits by phase (XmR) or by point (p, u), and signals."""

    kind: Literal["XmR", "p", "u"]
    values: tuple[float | None, ...]
    limits: tuple[Limits, ...]
    signals: tuple[Signal, ...] = field(default=())

    @property
    def enough(self) -> bool:
        """Whether the latest limits rest on twelve values or more."""
        return not self.limits[-1].trial


_WIDE, _NEAR, _SCREEN = 2.66, 1.773, 3.267
_XMR_RUN = 7


def xmr(
    values: Series,
    *,
    screened: bool = False,
    floor: float | None = None,
    ceiling: float | None = None,
    rebases: Sequence[tuple[int, str]] = (),
) -> ControlChart:
    """Individual values with limits from the average moving range.

    Args:
        values: the series; at least two values in each phase. A moving range is taken between
            neighbours that are both known.
        screened: leave out moving ranges of 3.267 times their mean or more, once, before the
            limits are drawn.
        floor: what a value cannot be below, such as 0 of a count; the limit drawn stops there.
        ceiling: what it cannot be above, such as 100 of a per cent.
        rebases: (first point of a new phase, named reason).

    Returns:
        Limits mean ± 2.66 × average moving range; near-limits ± 1.773 ×. Rules, in order of
        precedence: beyond a limit; seven rising or falling; two of three near a limit on one side;
        seven on one side of the mean. A point is claimed by the first that holds it.

    Raises:
        ValueError: as `run_chart`; fewer than two neighbours known in a phase.
    """
    found = points_of(values)
    spans = _spans(len(found), rebases)
    limits, signals = [], []
    for start, end, reason in spans:
        span = _xmr_limits(found, start, end, screened)
        claimed: set[int] = set()
        for rule, look in _XMR_RULES:
            for points, side in look(found, span):
                if not claimed.issuperset(points):
                    signals.append(Signal(rule, points, side))
                    claimed.update(points)
        limits.append(_drawn(span, floor, ceiling, reason))
    return ControlChart("XmR", found, tuple(limits), tuple(signals))


def _spans(size: int, rebases: Sequence[tuple[int, str]]) -> list[tuple[int, int, str]]:
    starts = [0, *(whole("rebase", start, at_least=1) for start, _ in rebases)]
    if starts != sorted(set(starts)) or starts[-1] >= size:
        raise ValueError(f"rebases are at {starts[1:]}; give them in order, within the series.")
    if not all(reason.strip() for _, reason in rebases):
        raise ValueError("a rebase needs a named reason: what was changed, and when.")
    reasons = ["", *(reason.strip() for _, reason in rebases)]
    return list(zip(starts, [*starts[1:], size], reasons, strict=True))


def _xmr_limits(values: tuple[float | None, ...], start: int, end: int, screened: bool) -> Limits:
    known = [v for v in values[start:end] if v is not None]
    ranges = [
        abs(b - a)
        for a, b in zip(values[start:end], values[start + 1 : end], strict=False)
        if a is not None and b is not None
    ]
    if not ranges:
        raise ValueError(f"points {start} to {end - 1} have no two neighbours with values.")
    average = math.fsum(ranges) / len(ranges)
    if screened:
        kept = [item for item in ranges if item < _SCREEN * average]
        average = math.fsum(kept) / len(kept) if kept else average
    mean = math.fsum(known) / len(known)
    return Limits(
        start=start,
        end=end,
        centre=mean,
        low=mean - _WIDE * average,
        high=mean + _WIDE * average,
        near_low=mean - _NEAR * average,
        near_high=mean + _NEAR * average,
        moving_range=average,
        trial=len(known) < ENOUGH_FOR_LIMITS,
    )


def _drawn(span: Limits, floor: float | None, ceiling: float | None, reason: str) -> Limits:
    def within(value: float) -> float:
        value = value if floor is None else max(floor, value)
        return value if ceiling is None else min(ceiling, value)

    return Limits(
        span.start, span.end, span.centre,
        within(span.low), within(span.high), within(span.near_low), within(span.near_high),
        span.moving_range, reason, span.trial,
    )  # fmt: skip


Looked = list[tuple[tuple[int, ...], int]]


def _known(values: tuple[float | None, ...], span: Limits) -> list[tuple[int, float]]:
    return [(i, v) for i in range(span.start, span.end) if (v := values[i]) is not None]


def _beyond(values: tuple[float | None, ...], span: Limits) -> Looked:
    return [
        ((i,), 1 if v > span.high else -1)
        for i, v in _known(values, span)
        if v > span.high or v < span.low
    ]


def _seven_rising(values: tuple[float | None, ...], span: Limits) -> Looked:
    known = _known(values, span)
    found: Looked = []
    run, at = [i for i, _ in known[:1]], 0
    for (_, before), (i, value) in zip(known, known[1:], strict=False):
        step = _sign(value - before)
        if step != at:
            if len(run) >= _XMR_RUN and at:
                found.append((tuple(run), at))
            run, at = run[-1:], step
        run.append(i)
    if len(run) >= _XMR_RUN and at:
        found.append((tuple(run), at))
    return found


def _two_of_three(values: tuple[float | None, ...], span: Limits) -> Looked:
    """Two of three near or beyond a limit, with all three on the same side of the mean."""
    known = _known(values, span)
    found: Looked = []
    for first in range(len(known) - 2):
        three = known[first : first + 3]
        for side in (1, -1):
            if any(_sign(v - span.centre) != side for _, v in three):
                continue
            edge = span.near_high if side > 0 else span.near_low
            near = [i for i, v in three if (v - edge) * side >= 0]
            if len(near) >= 2:
                found.append((tuple(near), side))
    return found


def _seven_one_side(values: tuple[float | None, ...], span: Limits) -> Looked:
    sides = [(i, _sign(v - span.centre)) for i, v in _known(values, span)]
    return _stretches(sides, _XMR_RUN, Convention.CODE)


_XMR_RULES: tuple[tuple[Rule, Callable[[tuple[float | None, ...], Limits], Looked]], ...] = (
    (Rule.LIMIT, _beyond),
    (Rule.TREND, _seven_rising),
    (Rule.TWO_OF_THREE, _two_of_three),
    (Rule.SHIFT, _seven_one_side),
)
