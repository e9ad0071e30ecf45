"""What a plan for a sample gives, before anything is drawn; and the draw itself. Pure."""

import hashlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.kernel.errors import BadInput
from sightline.stats import sampling
from sightline.stats.intervals import LEVEL, z_of
from sightline.stats.sampling import Draw, Plan, Unit

MARGINS: Final = (0.05, 0.1)
"""Margins that a plan is given sizes for, as shares."""
_SEPARATOR: Final = "\0reading number\0"
_ALONE: Final = 1


@dataclass(frozen=True)
class StratumPlan:
    """What a plan gives one stratum.

    Attributes:
        held: children in scope in it.
        apart: of those, how many can be drawn once siblings are kept apart.
        wanted, reserves: how many are drawn, and how many more are named.
        proportional: what its share of the size would be without minimums, to one decimal.
    """

    stratum: str
    label: str
    held: int
    apart: int
    wanted: int
    reserves: int
    proportional: float


@dataclass(frozen=True)
class Preview:
    """What a plan gives, and how well a share of the whole could be known from it.

    `margin` is half of the width of a 95 per cent interval around one half, as a share, with the
    finite population counted; 0 where every child is drawn.
    """

    strata: tuple[StratumPlan, ...]
    size: int
    frame: int
    margin: float
    sizes: Mapping[float, int]


def units(rows: Sequence[Mapping[str, Any]]) -> list[Unit]:
    """The rows of a snapshot as what is drawn from."""
    return [Unit(row["reference"], row["stratum"], row.get("family") or "") for row in rows]


def drawn(
    rows: Sequence[Mapping[str, Any]], plan: Plan, *, seed: str, labels: Mapping[str, str]
) -> Draw:
    """The sample that a plan and a seed draw from these rows.

    Raises:
        BadInput: the plan cannot be met; the message says what to change, in words.
    """
    try:
        return sampling.draw(units(rows), plan, seed=seed)
    except ValueError as fault:
        raise BadInput(f"The sample cannot be drawn: {_in_words(str(fault), labels)}") from None


def _in_words(said: str, labels: Mapping[str, str]) -> str:
    """What the draw says, with the names of strata in place of their codes."""
    for code in sorted(labels, key=len, reverse=True):
        if said.startswith((f"{code} can give", f"{code} is no stratum")):
            return f"“{labels[code]}”{said.removeprefix(code)}"
    return said


def preview(
    rows: Sequence[Mapping[str, Any]], plan: Plan, *, seed: str, labels: Mapping[str, str]
) -> Preview:
    """What a plan gives to each stratum: the draw itself, of which only counts are told.

    Raises:
        BadInput: as `drawn`.
    """
    found = drawn(rows, plan, seed=seed, labels=labels)
    strata = tuple(
        StratumPlan(
            stratum=one.stratum,
            label=labels.get(one.stratum, one.stratum),
            held=one.held,
            apart=one.held - len(one.passed_over),
            wanted=one.wanted,
            reserves=len(one.reserves),
            proportional=round(plan.size * one.held / found.frame_size, 1),
        )
        for one in sorted(found.strata, key=lambda one: _place(one.stratum, labels))
    )
    sizes = {one: sampling.size_for(one, frame=found.frame_size) for one in MARGINS}
    return Preview(
        strata, plan.size, found.frame_size, margin_of(plan.size, found.frame_size), sizes
    )


def _place(stratum: str, labels: Mapping[str, str]) -> tuple[int, str]:
    order = list(labels)
    return (order.index(stratum) if stratum in labels else len(order), stratum)


def margin_of(size: int, frame: int, *, share: float = 0.5, level: float = LEVEL) -> float:
    """Half the width of the interval around a share known from `size` of `frame` children.

    The inverse of `stats.sampling.size_for`: normal approximation, finite population counted, a
    simple draw. 0 where all are drawn.

    Args:
        size: how many are drawn, 1 or more.
        frame: how many there are.
        share: the share expected; 0.5 is widest.
        level: two-sided confidence.
    """
    if size >= frame or frame <= _ALONE:
        return 0.0
    left = (frame - size) / (frame - 1)
    return z_of(level) * math.sqrt(share * (1 - share) / size * left)


def numbered(found: Draw) -> dict[str, int]:
    """By reference, the reading number: those drawn first, then reserves, each in order of chance.

    The order comes from the seed and is not that of references, strata or turns, so that a number
    tells nothing of the child.
    """

    def turn(reference: str) -> bytes:
        return hashlib.sha256(
            f"{found.method}{_SEPARATOR}{found.seed}\0{reference}".encode()
        ).digest()

    first = sorted(found.drawn, key=turn)
    then = sorted((one for stratum in found.strata for one in stratum.reserves), key=turn)
    return {reference: number for number, reference in enumerate([*first, *then], start=1)}
