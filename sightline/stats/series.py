"""What run charts and control charts share: a series, its phases, rules and signals.

A series holds a number or None for each point in order; None is a value that is hidden or was not
supplied. It is neither a zero nor a point: runs go on past it, and `verdict` says when nothing may
be concluded across it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
from typing import Final, Literal

from sightline.stats.checking import finite, whole

Series = Sequence[float | None]
Known = tuple[float | None, ...]
Looked = list[tuple[tuple[int, ...], int]]
"""What a rule found: the points of each find, and its side."""

ENOUGH_FOR_LIMITS: Final = 12


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
    LONG_RUN = "a run too long for chance"
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
class Limits:
    """Centre and limits of one phase or one point, as drawn: within what can be."""

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
    values: Known
    limits: tuple[Limits, ...]
    signals: tuple[Signal, ...] = field(default=())

    @property
    def enough(self) -> bool:
        """Whether the latest limits rest on twelve values or more."""
        return not self.limits[-1].trial


def points_of(values: Series) -> Known:
    """The series with every number checked.

    Raises:
        ValueError: a value that is neither a number nor None; no number at all.
    """
    found = tuple(None if v is None else finite(f"point {i}", v) for i, v in enumerate(values))
    if not any(value is not None for value in found):
        raise ValueError("there are no values in the series; say that it was not supplied.")
    return found


def sign(number: float) -> int:
    """1 above zero, −1 below, 0 at it."""
    return (number > 0) - (number < 0)


def spans(size: int, rebases: Sequence[tuple[int, str]]) -> list[tuple[int, int, str]]:
    """The phases of a series of `size` points: first point, the one after the last, and the reason.

    Args:
        size: points of the series.
        rebases: (first point of a new phase, named reason).

    Raises:
        ValueError: rebases out of order or out of the series, or without a reason.
    """
    starts = [0, *(whole("rebase", start, at_least=1) for start, _ in rebases)]
    reasons = ["", *(reason.strip() for _, reason in rebases)]
    if starts != sorted(set(starts)) or starts[-1] >= size:
        raise ValueError(f"rebases are at {starts[1:]}; give them in order, within the series.")
    if not all(reasons[1:]):
        raise ValueError("a rebase needs a named reason: what was changed, and when.")
    return list(zip(starts, [*starts[1:], size], reasons, strict=True))


def stretches(sides: Sequence[tuple[int, int]], least: int, convention: Convention) -> Looked:
    """Runs of `least` or more points of one sign; a zero is skipped, or ends the run.

    Args:
        sides: (point, 1 or −1 or 0) in order.
        least: the shortest run that counts.
        convention: what a zero does.
    """
    found: Looked = []
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


def climbs(known: Sequence[tuple[int, float]], least: int) -> Looked:
    """Runs of `least` or more points, each above (or each below) the one before; a tie ends one."""
    found: Looked = []
    run, at = [i for i, _ in known[:1]], 0
    for (_, before), (i, value) in pairwise(known):
        step = sign(value - before)
        if step != at:
            if len(run) >= least and at:
                found.append((tuple(run), at))
            run, at = run[-1:], step
        run.append(i)
    if len(run) >= least and at:
        found.append((tuple(run), at))
    return found
