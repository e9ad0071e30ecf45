"""Charts of single values with limits from the moving range (XmR).

The rules of *Making Data Count*; `docs/methods/M-09-control-charts.md` works a chart through.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from sightline.stats.checking import finite
from sightline.stats.series import (
    ENOUGH_FOR_LIMITS,
    ControlChart,
    Convention,
    Known,
    Limits,
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

SHIFT = TREND = 7
_WIDE, _SCREEN = 2.66, 3.267
_NEAR = _WIDE * 2 / 3  # printed as 1.773; the package computes two thirds
_THREE, _TWO = 3, 2


def check_bounds(values: Known, floor: float | None, ceiling: float | None) -> None:
    """Refuse a floor or a ceiling that is no number, or that a value lies beyond.

    Raises:
        ValueError: it is one; the message names the value.
    """
    known = [value for value in values if value is not None]
    if floor is not None and min(known) < finite("floor", floor):
        raise ValueError(f"{min(known):g} is below the floor of {floor:g}; put one of them right.")
    if ceiling is not None and max(known) > finite("ceiling", ceiling):
        raise ValueError(
            f"{max(known):g} is above the ceiling of {ceiling:g}; put one of them right."
        )


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
        ValueError: as `run_chart`; fewer than two neighbours known in a phase; as `check_bounds`.
    """
    found = points_of(values)
    check_bounds(found, floor, ceiling)
    limits: list[Limits] = []
    signals: list[Signal] = []
    for start, end, reason in spans(len(found), rebases):
        span = _xmr_limits(found, start, end, screened)
        claimed: set[int] = set()
        for rule, look in _RULES:
            for points, side in look(found, span):
                if not claimed.issuperset(points):
                    signals.append(Signal(rule, points, side))
                    claimed.update(points)
        limits.append(_drawn(span, floor, ceiling, reason))
    return ControlChart("XmR", found, tuple(limits), tuple(signals))


def _xmr_limits(values: Known, start: int, end: int, screened: bool) -> Limits:
    known = [v for v in values[start:end] if v is not None]
    ranges = [abs(b - a) for a, b in pairwise(values[start:end]) if a is not None and b is not None]
    if not ranges:
        raise ValueError(f"points {start} to {end - 1} have no two neighbours with values.")
    average = math.fsum(ranges) / len(ranges)
    if screened:
        kept = [item for item in ranges if item < _SCREEN * average]
        average = math.fsum(kept) / len(kept) if kept else average
    # Of values all alike the mean is that value, not what dividing leaves of it.
    mean = known[0] if len(set(known)) == 1 else math.fsum(known) / len(known)
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


def _known(values: Known, span: Limits) -> list[tuple[int, float]]:
    return [(i, v) for i in range(span.start, span.end) if (v := values[i]) is not None]


def _beyond(values: Known, span: Limits) -> Looked:
    return [
        ((i,), 1 if v > span.high else -1)
        for i, v in _known(values, span)
        if v > span.high or v < span.low
    ]


def _seven_rising(values: Known, span: Limits) -> Looked:
    return climbs(_known(values, span), TREND)


def _two_of_three(values: Known, span: Limits) -> Looked:
    """Two of three near or beyond a limit, with all three on the same side of the mean."""
    known = _known(values, span)
    found: Looked = []
    for first in range(len(known) - _TWO):
        three = known[first : first + _THREE]
        for side in (1, -1):
            if any(sign(v - span.centre) != side for _, v in three):
                continue
            edge = span.near_high if side > 0 else span.near_low
            near = [i for i, v in three if (v - edge) * side > 0]
            if len(near) >= _TWO:
                found.append((tuple(near), side))
    return found


def _seven_one_side(values: Known, span: Limits) -> Looked:
    sides = [(i, sign(v - span.centre)) for i, v in _known(values, span)]
    return stretches(sides, SHIFT, Convention.CODE)


_RULES: tuple[tuple[Rule, Callable[[Known, Limits], Looked]], ...] = (
    (Rule.LIMIT, _beyond),
    (Rule.TREND, _seven_rising),
    (Rule.TWO_OF_THREE, _two_of_three),
    (Rule.SHIFT, _seven_one_side),
)
