"""Control charts of shares (p) and of rates (u), whose limits move with the base of each point.

Rules and limits as Scottish public health uses them; see `docs/methods/M-09-control-charts.md`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Literal

from sightline.stats.checking import finite, part_of, whole
from sightline.stats.series import (
    ENOUGH_FOR_LIMITS,
    ControlChart,
    Convention,
    Limits,
    Looked,
    Rule,
    Signal,
    climbs,
    stretches,
)

SHIFT, TREND, _INNER = 8, 6, 15
_DUST = 1e-9  # of a standard error: what dividing leaves where a value is the centre itself
Point = tuple[int, float] | None


def p_chart(points: Sequence[tuple[int, int] | None]) -> ControlChart:
    """Shares with limits: each point is (n, base), or None where not known.

    Returns:
        Values as shares 0 to 1; limits for each point, centre ± 3 standard errors of its own base,
        near-limits at 2, kept within 0 to 1. Signals: beyond a limit; six rising or falling; two
        of three beyond two errors on one side; eight on one side; fifteen within one error.

    Raises:
        ValueError: no point known; as `part_of`.
    """
    known: list[Point] = [None if p is None else part_of(*p) for p in points]
    centre = _centre(known)
    return _chart("p", known, centre, 1.0, lambda base: math.sqrt(centre * (1 - centre) / base))


def u_chart(points: Sequence[tuple[int, float] | None], *, per: float = 1000) -> ControlChart:
    """Rates with limits: each point is (events, population), or None where not known.

    Returns:
        As `p_chart`, in events for each `per`, with no upper bound.

    Raises:
        ValueError: no point known; a population of 0 or less.
    """
    scale = finite("per", per)
    known: list[Point] = []
    for point in points:
        if point is None:
            known.append(None)
            continue
        events, people = whole("events", point[0]), finite("population", point[1])
        if people <= 0:
            raise ValueError(f"a population is {people:g}; it must be above 0.")
        known.append((events, people / scale))
    centre = _centre(known)
    return _chart("u", known, centre, math.inf, lambda base: math.sqrt(centre / base))


def _centre(points: Sequence[Point]) -> float:
    bases = math.fsum(point[1] for point in points if point)
    if not bases:
        raise ValueError("there are no values in the series; say that it was not supplied.")
    return sum(point[0] for point in points if point) / bases


def _chart(
    kind: Literal["p", "u"],
    points: Sequence[Point],
    centre: float,
    ceiling: float,
    error: Callable[[float], float],
) -> ControlChart:
    values = tuple(None if p is None else p[0] / p[1] for p in points)
    trial = sum(value is not None for value in values) < ENOUGH_FOR_LIMITS
    limits: list[Limits] = []
    distances: list[tuple[int, float, float]] = []
    for i, (point, value) in enumerate(zip(points, values, strict=True)):
        spread = error(point[1]) if point else 0.0
        limits.append(
            Limits(
                start=i,
                end=i + 1,
                centre=centre,
                low=max(0.0, centre - 3 * spread),
                high=min(ceiling, centre + 3 * spread),
                near_low=max(0.0, centre - 2 * spread),
                near_high=min(ceiling, centre + 2 * spread),
                trial=trial,
            )
        )
        if value is not None:
            distances.append((i, (value - centre) / spread if spread else 0.0, value))
    found = tuple(_rules(distances))
    return ControlChart(kind, values, tuple(limits), found)


Distances = Sequence[tuple[int, float, float]]


def _rules(distances: Distances) -> list[Signal]:
    """Signals in order of precedence; each point is claimed by the first rule that holds it."""
    claimed: set[int] = set()
    found: list[Signal] = []
    for rule, look in _RULES:
        for points, side in look(distances):
            if not claimed.issuperset(points):
                found.append(Signal(rule, points, side))
                claimed.update(points)
    return found


def _side(distance: float) -> int:
    return 0 if abs(distance) < _DUST else (distance > 0) - (distance < 0)


def _beyond(distances: Distances) -> Looked:
    return [((i,), _side(z)) for i, z, _ in distances if abs(z) > 3]  # noqa: PLR2004 - three sigma


def _trend(distances: Distances) -> Looked:
    return climbs([(i, value) for i, _, value in distances], TREND)


def _two_of_three(distances: Distances) -> Looked:
    found: Looked = []
    for first in range(len(distances) - 2):
        three = distances[first : first + 3]
        for side in (1, -1):
            far = tuple(i for i, z, _ in three if 2 < z * side <= 3)  # noqa: PLR2004 - sigmas
            if len(far) >= 2:  # noqa: PLR2004 - two of three
                found.append((far, side))
    return found


def _shift(distances: Distances) -> Looked:
    return stretches([(i, _side(z)) for i, z, _ in distances], SHIFT, Convention.CODE)


def _inner(distances: Distances) -> Looked:
    marks = [(i, 1 if abs(z) <= 1 else 0) for i, z, _ in distances]
    return [(points, 0) for points, _ in stretches(marks, _INNER, Convention.CODE)]


_RULES: tuple[tuple[Rule, Callable[[Distances], Looked]], ...] = (
    (Rule.LIMIT, _beyond),
    (Rule.TREND, _trend),
    (Rule.TWO_OF_THREE, _two_of_three),
    (Rule.SHIFT, _shift),
    (Rule.INNER_THIRD, _inner),
)
