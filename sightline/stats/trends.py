"""Run charts: whether a series changed, or only goes up and down about its median.

Two conventions are in use among the readers and do not agree about ties, so each chart names the
one it followed. `docs/methods/M-08-run-charts.md` works them through. Of a series that is itself an
average over a window (twelve months rolling) nothing here may be asked: its points lean on each
other, and the rules take them for independent.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median as middle
from typing import Final, Literal

from sightline.stats.checking import finite, whole
from sightline.stats.series import (
    Convention,
    Known,
    Looked,
    Rule,
    Series,
    Signal,
    climbs,
    points_of,
    sign,
    spans,
    stretches,
)

SHIFT: Final = 6
TREND: Final = 5
USEFUL: Final = 10
_TAIL: Final = 0.025
_CROSSINGS: Final = 0.05

RunsRule = Literal["table", "anhoj"]


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

    values: Known
    phases: tuple[Phase, ...]
    signals: tuple[Signal, ...]
    useful: int
    runs: int
    expected: tuple[int, int] | None
    convention: Convention
    enough: bool


def run_chart(
    values: Series,
    *,
    centre: float | None = None,
    baseline: int | None = None,
    convention: Convention = Convention.WORDING,
    trend_rule: bool = False,
    runs_rule: RunsRule = "table",
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
        runs_rule: `table` (too few or too many runs, by the printed table) or `anhoj` (fewer
            crossings than chance gives in 95 of 100 series, or a run longer than it explains).
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
    runs = 1 + sum(a != b for (_, a), (_, b) in pairwise(off)) if off else 0
    enough = len(off) >= USEFUL
    expected = expected_runs(len(off)) if enough else None
    if enough and runs_rule == "anhoj":
        signals += _anhoj(off, runs, last)
    elif expected is not None and not expected[0] <= runs <= expected[1]:
        rule = Rule.FEW_RUNS if runs < expected[0] else Rule.MANY_RUNS
        signals.append(Signal(rule, tuple(range(last.start, last.end)), 0))
    return RunChart(
        found, tuple(phases), tuple(signals), len(off), runs, expected, convention, enough
    )


def _anhoj(off: Sequence[tuple[int, int]], runs: int, phase: Phase) -> list[Signal]:
    longest = longest_run_allowed(len(off))
    found = [
        Signal(Rule.LONG_RUN, points, side)
        for points, side in stretches(off, longest + 1, Convention.WORDING)
    ]
    if runs - 1 < fewest_crossings(len(off)):
        found.append(Signal(Rule.FEW_RUNS, tuple(range(phase.start, phase.end)), 0))
    return found


def _phases(
    values: Known,
    centre: float | None,
    baseline: int | None,
    rebases: Sequence[tuple[int, str]],
) -> list[Phase]:
    phases = []
    for start, end, reason in spans(len(values), rebases):
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
    values: Known,
    centre: float | None,
    baseline: int | None,
    known: list[float],
) -> float:
    if centre is not None:
        return finite("centre", centre)
    if baseline is not None:
        size = whole("baseline", baseline, at_least=1)
        if size > len(values):
            raise ValueError(
                f"the baseline is {size} points and there are {len(values)}; give fewer."
            )
        known = [v for v in values[:size] if v is not None]
    if not known:
        raise ValueError("the baseline holds no value; choose points that are known.")
    return middle(known)


def _sides(values: Known, phase: Phase) -> list[tuple[int, int]]:
    """Each known point of a phase and its side of the centre line: 1, −1, or 0 on it."""
    known = ((i, values[i]) for i in range(phase.start, phase.end))
    return [(i, sign(value - phase.centre)) for i, value in known if value is not None]


def _off_centre(values: Known, phase: Phase) -> list[tuple[int, int]]:
    return [(i, side) for i, side in _sides(values, phase) if side]


def _signals(values: Known, phase: Phase, convention: Convention, trend_rule: bool) -> list[Signal]:
    sides = _sides(values, phase)
    found = [Signal(Rule.SHIFT, p, side) for p, side in stretches(sides, SHIFT, convention)]
    if trend_rule:
        found += [Signal(Rule.TREND, p, side) for p, side in _trends(values, phase, convention)]
    return found


def _trends(values: Known, phase: Phase, convention: Convention) -> Looked:
    """Runs of five or more points, each above (or below) the one before it."""
    span = range(phase.start, phase.end)
    known = [(i, value) for i in span if (value := values[i]) is not None]
    if convention is Convention.WORDING:
        known = known[:1] + [after for before, after in pairwise(known) if after[1] != before[1]]
    return climbs(known, TREND)


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
    chances = {runs: _chance(runs, above, below) / total for runs in range(2, useful + 1)}
    return _first_over(chances, range(2, useful + 1)), _first_over(chances, range(useful, 1, -1))


def _first_over(chances: dict[int, float], order: range) -> int:
    """The first number of runs at which the chance added up passes the tail."""
    cumulated = 0.0
    for runs in order:
        cumulated += chances[runs]
        if cumulated > _TAIL:
            break
    return runs


def _chance(runs: int, above: int, below: int) -> int:
    half = runs // 2
    if runs % 2 == 0:
        return 2 * math.comb(above - 1, half - 1) * math.comb(below - 1, half - 1)
    one = math.comb(above - 1, half) * math.comb(below - 1, half - 1)
    return one + math.comb(above - 1, half - 1) * math.comb(below - 1, half)


def longest_run_allowed(useful: int) -> int:
    """Longest run that chance explains (Anhøj): log2 of the useful points and three, rounded."""
    return round(math.log2(whole("useful", useful, at_least=1)) + 3)


def fewest_crossings(useful: int) -> int:
    """Fewest crossings of the median that chance explains (Anhøj).

    The 5th percentile of the binomial distribution of n − 1 with a chance of a half.

    Raises:
        ValueError: `useful` is under 1.
    """
    chances = whole("useful", useful, at_least=1) - 1
    total, tail = 2**chances, 0
    for crossings in range(chances + 1):
        tail += math.comb(chances, crossings)
        if tail >= _CROSSINGS * total:
            break
    return crossings


def astronomical(values: Series, points: Sequence[int]) -> tuple[Signal, ...]:
    """Points somebody judged to be obvious outliers; judgement, so never found by rule.

    Raises:
        ValueError: a point that is not in the series or has no value.
    """
    found = points_of(values)
    for i in points:
        if not 0 <= whole("point", i) < len(found) or found[i] is None:
            raise ValueError(f"point {i} has no value; points run from 0 to {len(found) - 1}.")
    centre = middle([value for value in found if value is not None])
    return tuple(Signal(Rule.ASTRONOMICAL, (i,), sign((found[i] or 0.0) - centre)) for i in points)
