"""How sure a share is that was estimated over strata drawn at different rates.

`docs/methods/M-06-intervals.md` works one through.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.stats.checking import confidence, part_of, whole
from sightline.stats.intervals import LEVEL, Interval, effective_base, wilson, z_of


@dataclass(frozen=True)
class Stratum:
    """What one stratum gave: `n` of `base` drawn, out of `frame` there are."""

    name: str
    n: int
    base: int
    frame: int


def stratified(strata: Sequence[Stratum], *, level: float = LEVEL) -> Interval:
    """Interval of a share over strata drawn at different rates, as shares from 0 to 1.

    Each stratum counts by its frame, not by how many of it were drawn. The variance is the sum of
    the strata's own, each corrected for its frame; the interval is Wilson's on the effective base,
    which is the base of a simple random sample with that variance.

    A stratum with nobody in the frame counts nothing. One in which all drawn were alike shows no
    spread, although those not drawn may differ: its spread is then that of the share with half a
    person added to either side. Where the whole sample was alike, the effective base is the least
    that the weights allow (Kish).

    Raises:
        ValueError: no strata, a name twice, a stratum in the frame of which nobody was drawn, or as
            `proportion`.
    """
    used = _strata(strata)
    total = sum(item.frame for item in used)
    share = sum(item.frame / total * (item.n / item.base) for item in used)
    if all(item.base == item.frame for item in used):
        return Interval(share, share, share, confidence(level), "all were counted", math.inf)
    variance = sum((item.frame / total) ** 2 * _variance(item) for item in used)
    counted = _kish(used, total) if share in {0, 1} else share * (1 - share) / variance
    low, high = wilson(share, counted, z_of(level))
    # Those drawn are known, so no end lies beyond what the rest could make of it.
    seen, rest = sum(item.n for item in used), sum(item.frame - item.base for item in used)
    low, high = max(low, seen / total), min(high, (seen + rest) / total)
    # What was clipped on both sides of one value differs from it by rounding alone.
    low, high = min(low, share), max(high, share)
    words = "Wilson on the effective base of the strata"
    return Interval(share, low, high, level, words, counted)


def _kish(strata: Sequence[Stratum], total: int) -> float:
    return total**2 / sum(
        item.frame**2 / effective_base(item.base, item.frame)
        for item in strata
        if item.base < item.frame
    )


def _strata(strata: Sequence[Stratum]) -> list[Stratum]:
    names = [item.name for item in strata]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} is given twice; join the two or rename one.")
    for item in strata:
        if whole(f"frame of {item.name}", item.frame) and whole(f"base of {item.name}", item.base):
            part_of(item.n, item.base)
            effective_base(item.base, item.frame)
        elif item.frame:
            raise ValueError(
                f"nobody was drawn from {item.name}, which holds {item.frame}; "
                "draw some, or leave it out and say so."
            )
        elif item.base or item.n:
            raise ValueError(f"{item.name} holds nobody, and {item.base} were drawn from it.")
    used = [item for item in strata if item.frame]
    if not used:
        raise ValueError("there are no strata with anybody in them; give at least one.")
    return used


def _variance(item: Stratum) -> float:
    if item.base == item.frame:
        return 0.0
    # Divided by base − 1, which is unbiased; not where that would say that there is no spread.
    if 0 < item.n < item.base:
        share = item.n / item.base
        spread = share * (1 - share) / (item.base - 1)
    else:
        share = (item.n + 0.5) / (item.base + 1)
        spread = share * (1 - share) / item.base
    return spread * (1 - item.base / item.frame)
