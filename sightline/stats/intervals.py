"""How sure a share, a rate, a difference or a middle value is.

`docs/methods/M-06-intervals.md` works each through. Arithmetic that a library has is the library's;
scipy is imported only by the functions that need it, because it takes most of a second.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from sightline.stats.checking import confidence, finite, numbers, part_of, whole

LEVEL = 0.95
_MEDIAN_NEEDS = 6  # under six values no pair of order statistics reaches 95 per cent


@dataclass(frozen=True)
class Interval:
    """An estimate and where the truth plausibly lies.

    Attributes:
        estimate: the figure itself, in the unit its maker names.
        low: lower end, included; never above `estimate`.
        high: upper end, included; never below `estimate`. Infinite where nothing bounds it.
        level: confidence, as a share (0.95).
        method: how it was made, in words that can be printed.
        effective_base: the base of a simple random sample that would be as sure; None where the
            idea has no meaning (a rate, a median).
    """

    estimate: float
    low: float
    high: float
    level: float
    method: str
    effective_base: float | None = None

    def times(self, factor: float) -> Interval:
        """The same in another unit: 100 makes shares into per cent."""
        return Interval(
            self.estimate * factor,
            self.low * factor,
            self.high * factor,
            self.level,
            self.method,
            self.effective_base,
        )

    @property
    def includes_zero(self) -> bool:
        """Whether 0 lies within, both ends included."""
        return self.low <= 0 <= self.high

    def overlaps(self, other: Interval) -> bool:
        """Whether the two share a value, ends included."""
        return self.low <= other.high and other.low <= self.high


def z_of(level: float) -> float:
    """The normal quantile of a two-sided level: 1.95996… for 0.95."""
    return NormalDist().inv_cdf((1 + confidence(level)) / 2)


def _wilson(share: float, base: float, z: float) -> tuple[float, float]:
    middle = share + z * z / (2 * base)
    half = z * math.sqrt(share * (1 - share) / base + z * z / (4 * base * base))
    scale = 1 + z * z / base
    low, high = (middle - half) / scale, (middle + half) / scale
    return (0.0 if share == 0 else max(0.0, low)), (1.0 if share == 1 else min(1.0, high))


def effective_base(base: int, frame: int | None) -> float:
    """The base that counts once part of a known frame was drawn without replacement.

    base × (frame − 1) / (frame − base); infinite when the whole frame was read; `base` when the
    frame is not known (None).

    Raises:
        ValueError: the frame is smaller than the base.
    """
    if frame is None:
        return float(base)
    size = whole("frame", frame, at_least=1)
    if size < base:
        raise ValueError(f"the frame holds {size} and {base} were drawn; check which is wrong.")
    return math.inf if size == base else base * (size - 1) / (size - base)


def proportion(
    n: int,
    base: int,
    *,
    frame: int | None = None,
    level: float = LEVEL,
    method: Literal["wilson", "exact"] = "wilson",
) -> Interval:
    """Interval of the share `n` out of `base`, as shares from 0 to 1.

    Args:
        n: how many.
        base: out of how many drawn.
        frame: how many there are to draw from, where that is known; the interval narrows, and is a
            point when all of them were drawn.
        level: two-sided confidence.
        method: `wilson` (score), or `exact`: Clopper-Pearson, and with a frame the inversion of the
            hypergeometric distribution. Exact never covers less than the level says, and is wider.

    Raises:
        ValueError: base 0, n over the base, frame under the base, a level outside 0.5 to 1.

    Source:
        Wilson 1927; Clopper and Pearson 1934; `data-and-indicators` 4.3 for the vectors.
    """
    n, base = part_of(n, base)
    z, share = z_of(level), n / base
    counted = effective_base(base, frame)
    if math.isinf(counted):
        return Interval(share, share, share, level, "all were counted", counted)
    if method == "exact":
        ends = _hypergeometric(n, base, frame, level) if frame else _clopper_pearson(n, base, level)
        return Interval(share, *ends, level, "exact", counted)
    if method != "wilson":
        raise ValueError(f"method is {method!r}; write wilson or exact.")
    words = "Wilson" if frame is None else "Wilson, corrected for the size of the frame"
    return Interval(share, *_wilson(share, counted, z), level, words, counted)


def _clopper_pearson(n: int, base: int, level: float) -> tuple[float, float]:
    from scipy.stats import beta

    tail = (1 - level) / 2
    low = 0.0 if n == 0 else float(beta.ppf(tail, n, base - n + 1))
    high = 1.0 if n == base else float(beta.ppf(1 - tail, n + 1, base - n))
    return low, high


def _hypergeometric(n: int, base: int, frame: int, level: float) -> tuple[float, float]:
    """Shares of the frame under which n or fewer, and n or more, are not too unlikely."""
    from scipy.stats import hypergeom

    tail = (1 - level) / 2
    fewest, most = n, frame - (base - n)
    # Both tails are monotone in the number in the frame, so each end is found by halving.
    low = _first(fewest, most, lambda k: float(hypergeom.sf(n - 1, frame, k, base)) > tail)
    high = most - (
        _first(0, most - fewest, lambda d: float(hypergeom.cdf(n, frame, most - d, base)) > tail)
    )
    return low / frame, high / frame


def _first(low: int, high: int, holds: object) -> int:
    """The first whole number from `low` to `high` for which `holds`, which then holds onwards."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):  # type: ignore[operator]
            high = middle
        else:
            low = middle + 1
    return low


def rate(
    n: int,
    population: float,
    *,
    per: float = 1000,
    level: float = LEVEL,
    method: Literal["byar", "exact"] = "byar",
) -> Interval:
    """Interval of a rate: `n` events in `population`, for each `per` of it.

    Args:
        n: events.
        population: people, or person-years; above 0.
        per: the population the rate is out of.
        level: two-sided confidence.
        method: `byar` (the approximation public health uses) or `exact` (Poisson).

    Raises:
        ValueError: a population of 0 or less, a negative or broken count.

    Source:
        Byar in Breslow and Day 1987; `data-and-indicators` 4.3 for the vectors. With no event the
        lower end is 0.
    """
    events = whole("n", n)
    people = finite("population", population)
    scale = finite("per", per)
    if people <= 0 or scale <= 0:
        raise ValueError(f"population is {population} and per is {per}; both must be above 0.")
    z = z_of(level)
    if method == "byar":
        low, high = _byar(events, z)
    elif method == "exact":
        low, high = _poisson(events, level)
    else:
        raise ValueError(f"method is {method!r}; write byar or exact.")
    unit = scale / people
    words = "Byar" if method == "byar" else "exact Poisson"
    return Interval(events * unit, low * unit, high * unit, level, words)


def _byar(n: int, z: float) -> tuple[float, float]:
    low = 0.0 if n == 0 else n * (1 - 1 / (9 * n) - z / (3 * math.sqrt(n))) ** 3
    more = n + 1
    return max(0.0, low), more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3


def _poisson(n: int, level: float) -> tuple[float, float]:
    from scipy.stats import chi2

    tail = (1 - level) / 2
    low = 0.0 if n == 0 else float(chi2.ppf(tail, 2 * n)) / 2
    return low, float(chi2.ppf(1 - tail, 2 * n + 2)) / 2


def difference(
    first: tuple[int, int], second: tuple[int, int], *, level: float = LEVEL
) -> Interval:
    """Interval of the share of `second` less that of `first`, each given as (n, base).

    Newcombe's hybrid of the two Wilson intervals: it never leaves −1 to 1, and holds near 0 and 1.

    Raises:
        ValueError: as `proportion`.

    Source:
        Newcombe 1998, method 10.
    """
    a, b = proportion(*first, level=level), proportion(*second, level=level)
    gap = b.estimate - a.estimate
    down = math.hypot(b.estimate - b.low, a.high - a.estimate)
    up = math.hypot(b.high - b.estimate, a.estimate - a.low)
    return Interval(gap, max(-1.0, gap - down), min(1.0, gap + up), level, "Newcombe")


def ratio(first: tuple[int, int], second: tuple[int, int], *, level: float = LEVEL) -> Interval:
    """Interval of the share of `second` over that of `first`, each given as (n, base).

    On the logarithm, as Katz has it. Where either count is 0 a half is added to both counts and
    both bases (Walter); the estimate then is that of the counts so shifted, and `method` says so.

    Raises:
        ValueError: as `proportion`; or both counts are 0, so no ratio can be had.
    """
    (n1, b1), (n2, b2) = part_of(*first), part_of(*second)
    if n1 == 0 and n2 == 0:
        raise ValueError("both counts are 0, so there is no ratio; compare the bases in words.")
    shift = 0.5 if 0 in (n1, n2) else 0.0
    x1, d1, x2, d2 = n1 + shift, b1 + shift, n2 + shift, b2 + shift
    middle = math.log((x2 / d2) / (x1 / d1))
    spread = z_of(level) * math.sqrt(max(0.0, 1 / x1 - 1 / d1 + 1 / x2 - 1 / d2))
    words = "Katz, with a half added because a count is 0" if shift else "Katz"
    ends = math.exp(middle - spread), math.exp(middle + spread)
    return Interval(math.exp(middle), *ends, level, words)


def rate_ratio(
    first: tuple[int, float], second: tuple[int, float], *, level: float = LEVEL
) -> Interval:
    """Interval of the rate of `second` over that of `first`, each given as (events, population).

    Exact given the total of events: the share of events that are the second's is binomial. The
    upper end is infinite when the first had no event.

    Raises:
        ValueError: no event in either, or as `rate`.
    """
    n1, n2 = whole("first events", first[0]), whole("second events", second[0])
    p1, p2 = finite("first population", first[1]), finite("second population", second[1])
    if p1 <= 0 or p2 <= 0:
        raise ValueError(f"populations are {p1} and {p2}; both must be above 0.")
    if n1 + n2 == 0:
        raise ValueError("neither had an event, so there is no ratio; say that there were none.")
    low, high = _clopper_pearson(n2, n1 + n2, confidence(level))

    def as_ratio(share: float) -> float:
        return math.inf if share >= 1 else share / (1 - share) * p1 / p2

    return Interval(
        as_ratio(n2 / (n1 + n2)), as_ratio(low), as_ratio(high), level, "exact, given all events"
    )


def rate_difference(
    first: tuple[int, float],
    second: tuple[int, float],
    *,
    per: float = 1000,
    level: float = LEVEL,
) -> Interval:
    """Interval of the rate of `second` less that of `first`, each given as (events, population).

    The hybrid of the two Byar intervals, as `difference` does with Wilson's.

    Raises:
        ValueError: as `rate`.

    Source:
        Zou and Donner 2008 (recovering variances from the limits of each).
    """
    a, b = rate(*first, per=per, level=level), rate(*second, per=per, level=level)
    gap = b.estimate - a.estimate
    down = math.hypot(b.estimate - b.low, a.high - a.estimate)
    up = math.hypot(b.high - b.estimate, a.estimate - a.low)
    return Interval(gap, gap - down, gap + up, level, "hybrid of two Byar intervals")


def median(values: Iterable[float], *, level: float = LEVEL) -> Interval:
    """Interval of the middle value, in the unit of the values, from their order alone.

    The two ends are values that occur. Cover is at least `level`, usually more, for whatever the
    distribution is.

    Raises:
        ValueError: fewer than six values (no pair of them reaches 95 per cent), or too few for the
            level; a value that is no number.
    """
    ordered = sorted(numbers("values", values, at_least=1))
    size = len(ordered)
    tail = (1 - confidence(level)) / 2
    below, chance = -1, 0.0
    for k in range(size):
        chance += math.comb(size, k) / 2**size
        if chance > tail:
            break
        below = k
    if below < 0:
        raise ValueError(
            f"{size} values are too few for an interval of the median at {level:.0%}; "
            f"at 95% it needs {_MEDIAN_NEEDS}."
        )
    half = size // 2
    middle = ordered[half] if size % 2 else (ordered[half - 1] + ordered[half]) / 2
    ends = ordered[below], ordered[size - 1 - below]
    return Interval(middle, *ends, level, "order statistics")


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

    A stratum with nobody in the frame counts nothing. Where every stratum's share is 0 or 1 the
    sum of variances is 0 although not all were drawn; the effective base then is the least any
    design could claim, the total drawn scaled by the unevenness of the weights (Kish).

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
    kish = total**2 / sum(
        item.frame**2 / effective_base(item.base, item.frame)
        for item in used
        if item.base < item.frame
    )
    counted = kish if variance == 0 or share in {0, 1} else share * (1 - share) / variance
    words = "Wilson on the effective base of the strata"
    return Interval(share, *_wilson(share, counted, z_of(level)), level, words, counted)


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
    share = item.n / item.base
    # Divided by base − 1, which is unbiased. One drawn says nothing of spread: take the widest.
    spread = share * (1 - share) / (item.base - 1) if item.base > 1 else 0.25
    return spread * (1 - item.base / item.frame)
