"""How far apart groups ordered by deprivation are: gaps, slope and relative index of inequality.

Everything is computed on unrounded shares. `docs/methods/M-07-inequality.md` works it through.
Direction is explicit throughout: group 1 is the most deprived, as SIMD ranks have it, and a
positive slope means that the figure is higher among the most deprived. Whether higher is worse is
not known here; `worse_where_deprived` takes it as an argument.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sightline.stats.checking import confidence, finite, part_of, whole
from sightline.stats.intervals import LEVEL, Interval, Missing

GROUPS = (5, 10)
_LEAST_TIMES = 100
_DUST = 1e-12  # of the largest share: what rounding leaves of a slope where there is none


@dataclass(frozen=True)
class Group:
    """One group: `n` of `base`, `rank` 1 being the most deprived.

    A group that was not supplied, or is hidden, is left out of the sequence; it is never a zero.
    """

    rank: int
    n: float
    base: float

    @property
    def rate(self) -> float:
        """Its share, unrounded."""
        return self.n / self.base


@dataclass(frozen=True)
class Inequality:
    """Every measure of one set of groups. Shares are from 0 to 1 and not rounded.

    Attributes:
        overall: share of all groups together.
        absolute_range: share of group 1 less that of the last.
        relative_range: share of group 1 over that of the last.
        slope: slope index, in the unit of the share, with its interval: the fit among the groups,
            not the error of sampling; see `slope_by_resampling` for small numbers.
        relative_slope: slope over overall.
        above_average: how far the most deprived end lies above average, per cent (relative slope
            × 0.5 × 100).
        attributable: per cent that would go if all had the share of the last group.
    """

    overall: float | Missing
    absolute_range: float | Missing
    relative_range: float | Missing
    slope: Interval | Missing
    relative_slope: Interval | Missing
    above_average: float | Missing
    attributable: float | Missing


def inequality(groups: Sequence[Group], *, of: int = 5, level: float = LEVEL) -> Inequality:
    """Measure inequality over `of` groups, 1 the most deprived.

    Returns:
        Every measure, each either its figure or `Missing` with the reason. Where a group is left
        out all are missing, because ends and slope would be of other groups than the reader thinks.

    Raises:
        ValueError: a rank twice or outside 1 to `of`, a base of 0 or less, n under 0 or over the
            base, `of` neither 5 nor 10.

    Source:
        The public-health profiles' method for the slope, vectors I1 to I4 of
        `data-and-indicators` 4.2.
    """
    ordered = _ordered(groups, of)
    if len(ordered) < of:
        held = {group.rank for group in ordered}
        lost = ", ".join(str(rank) for rank in range(1, of + 1) if rank not in held)
        return Inequality(*[Missing(f"group {lost} of {of} is not known")] * 7)
    total = sum(group.base for group in ordered)
    overall = sum(group.n for group in ordered) / total
    slope = _slope([(g.base / total, g.rate) for g in ordered], confidence(level))
    # Where nobody has it, nobody has more of it: the relative slope is 0, as the profiles have it.
    relative = slope.times(1 / overall) if overall else slope
    first, last = ordered[0].rate, ordered[-1].rate
    return Inequality(
        overall=overall,
        absolute_range=first - last,
        relative_range=first / last if last else Missing("the least deprived group has none"),
        slope=slope,
        relative_slope=relative,
        above_average=relative.estimate * 50,
        attributable=_attributable(ordered, total),
    )


def _ordered(groups: Sequence[Group], of: int) -> list[Group]:
    if of not in GROUPS:
        raise ValueError(f"of is {of}; write 5 for fifths or 10 for tenths.")
    ranks = [whole("rank", group.rank, at_least=1) for group in groups]
    if len(set(ranks)) < len(ranks) or any(rank > of for rank in ranks):
        raise ValueError(f"ranks are {ranks}; each of 1 to {of} may be there once.")
    for group in groups:
        n, base = finite(f"n of {group.rank}", group.n), finite(f"base of {group.rank}", group.base)
        if base <= 0 or n < 0 or n > base:
            raise ValueError(
                f"group {group.rank} is {n:g} of {base:g}; "
                "the base must be above 0 and n within it."
            )
    return sorted(groups, key=lambda group: group.rank)


def _slope(groups: Sequence[tuple[float, float]], level: float) -> Interval:
    """Weighted least squares of share on rank; each group is (share of the people, its rate)."""
    ranks, before = [], 0.0
    for weight, _ in groups:
        ranks.append(before + weight / 2)
        before += weight
    mean_rank = sum(w * x for (w, _), x in zip(groups, ranks, strict=True))
    mean_rate = sum(w * y for w, y in groups)
    spread = sum(w * (x - mean_rank) ** 2 for (w, _), x in zip(groups, ranks, strict=True))
    together = sum(
        w * (x - mean_rank) * (y - mean_rate) for (w, y), x in zip(groups, ranks, strict=True)
    )
    slope = together / spread
    left = sum(
        w * (y - mean_rate - slope * (x - mean_rank)) ** 2
        for (w, y), x in zip(groups, ranks, strict=True)
    )
    freedom = len(groups) - 2
    largest = max(rate for _, rate in groups)
    left = 0.0 if math.sqrt(left) <= _DUST * largest else left
    half = _t(level, freedom) * math.sqrt(left / freedom / spread)
    # The sign is turned, so that positive means higher among the most deprived.
    estimate = 0.0 if abs(slope) <= _DUST * largest else -slope
    return Interval(estimate, estimate - half, estimate + half, level, "fit among the groups")


def _t(level: float, freedom: int) -> float:
    from scipy.stats import t  # type: ignore[import-untyped]

    return float(t.ppf((1 + level) / 2, freedom))


def _attributable(groups: Sequence[Group], total: float) -> float | Missing:
    least = groups[-1].rate
    if not least:
        return Missing("the least deprived group has none")
    more = sum((group.rate / least - 1) * group.base / total for group in groups)
    return more / (more + 1) * 100


def slope_by_resampling(
    groups: Sequence[Group], *, of: int = 5, level: float = LEVEL, seed: int = 1, times: int = 2000
) -> Interval:
    """The slope index with an interval by parametric bootstrap over the counts.

    Each group's count is drawn anew from the binomial of its own share, `times` over, from a fixed
    seed: the interval then shows the error of small numbers, which the fit among five points hides.

    Raises:
        ValueError: as `inequality`; counts that are not whole; a group left out.
    """
    import numpy as np

    ordered = _ordered(groups, of)
    if len(ordered) < of:
        raise ValueError(f"{len(ordered)} of {of} groups are known; the slope needs all of them.")
    broken = [g.rank for g in ordered if g.n != int(g.n) or g.base != int(g.base)]
    if broken:
        raise ValueError(f"group {broken[0]} has no whole counts; resampling draws people.")
    counts = np.array([part_of(int(g.n), int(g.base)) for g in ordered])
    n, base = counts[:, 0], counts[:, 1]
    weights = base / base.sum()
    ranks = np.cumsum(weights) - weights / 2
    drawn = np.random.default_rng(seed).binomial(base, n / base, size=(_times(times), of)) / base
    centred = weights * (ranks - weights @ ranks)
    slopes = -(drawn @ centred) / (centred @ ranks)
    tail = (1 - confidence(level)) / 2
    low, high = np.quantile(slopes, [tail, 1 - tail])
    estimate = float(-((n / base) @ centred) / (centred @ ranks))
    return Interval(
        estimate,
        min(estimate, float(low)),
        max(estimate, float(high)),
        level,
        f"counts drawn anew {times:,} times, seed {seed}",
    )


def _times(times: int) -> int:
    return whole("times", times, at_least=_LEAST_TIMES)


def gap_change(before: Interval, after: Interval) -> str:
    """Whether a gap narrowed or widened, by the sizes of two gaps with their intervals.

    "narrowed" or "widened" only where the interval of the change leaves out 0; otherwise "no clear
    change". The two are taken as independent. A gap is its size: from +4 to −1 narrowed by 3.

    Raises:
        ValueError: the two are at different levels, or one has no end.

    Source:
        Zou and Donner 2008 (recovering variances from the limits of each), for the change.
    """
    if before.level != after.level:
        raise ValueError(f"levels are {before.level} and {after.level}; compare like with like.")
    was, is_now = (_size(gap) for gap in (before, after))
    change = is_now[0] - was[0]
    low = change - math.hypot(is_now[0] - is_now[1], was[2] - was[0])
    high = change + math.hypot(is_now[2] - is_now[0], was[0] - was[1])
    if low <= 0 <= high:
        return "no clear change"
    return "narrowed" if change < 0 else "widened"


def _size(gap: Interval) -> tuple[float, float, float]:
    """A gap and its two ends, turned so that the gap is not negative."""
    ends = [finite("an end of a gap", end) for end in (gap.low, gap.high)]
    if gap.estimate < 0:
        return -gap.estimate, -ends[1], -ends[0]
    return gap.estimate, ends[0], ends[1]


def worse_where_deprived(slope: Interval, *, higher_is_worse: bool) -> str:
    """In words, which end of deprivation fares worse; `no clear difference` if 0 is within."""
    if slope.includes_zero:
        return "no clear difference by deprivation"
    deprived_worse = (slope.estimate > 0) == higher_is_worse
    where = "most deprived" if deprived_worse else "least deprived"
    return f"worse in the {where} areas"
