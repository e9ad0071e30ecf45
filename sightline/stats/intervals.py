"""How sure a share, a rate, a difference or a middle value is.

`docs/methods/M-06-intervals.md` works each through. Arithmetic that a library has is the library's;
scipy is imported only by the functions that need it, because it takes most of a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from sightline.stats.checking import confidence, finite, numbers, part_of, whole

LEVEL = 0.95
_DUST = 1e-9


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


@dataclass(frozen=True)
class Missing:
    """A measure that cannot be had, and why, in words that can be printed."""

    why: str


def z_of(level: float) -> float:
    """The normal quantile of a two-sided level: 1.95996… for 0.95."""
    return NormalDist().inv_cdf((1 + confidence(level)) / 2)


def wilson(share: float, base: float, z: float) -> tuple[float, float]:
    """The two ends of the score interval of a share on a base, which need not be whole."""
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
    whole("base", base, at_least=1)
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
    low, high = wilson(share, counted, z)
    if frame is None:
        return Interval(share, low, high, level, "Wilson", counted)
    # Those drawn are known, so no end lies beyond what the rest could make of it.
    low, high = max(low, n / frame), min(high, (n + frame - base) / frame)
    words = "Wilson, corrected for the size of the frame"
    return Interval(share, low, high, level, words, counted)


def _clopper_pearson(n: int, base: int, level: float) -> tuple[float, float]:
    from scipy.stats import beta  # type: ignore[import-untyped]

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


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The first whole number from `low` to `high` for which `holds`, which then holds onwards."""
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
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

    On the logarithm, as Katz has it. That has no spread to go by where a share is 0 or 1: there it
    is the hybrid of the two Wilson intervals, and `method` says so. The estimate and the upper end
    are infinite when the first count is 0.

    Raises:
        ValueError: as `proportion`; or both counts are 0, so no ratio can be had.

    Source:
        Katz and others 1978; Donner and Zou 2012 for the hybrid.
    """
    (n1, b1), (n2, b2) = part_of(*first), part_of(*second)
    if n1 == 0 and n2 == 0:
        raise ValueError("both counts are 0, so there is no ratio; compare the bases in words.")
    if not (0 < n1 < b1 and 0 < n2 < b2):
        a, b = proportion(n1, b1, level=level), proportion(n2, b2, level=level)
        estimate = b.estimate / a.estimate if n1 else math.inf
        return Interval(estimate, *_hybrid(a, b), level, "hybrid of two Wilson intervals")
    middle = math.log(n2 * b1) - math.log(n1 * b2)
    spread = z_of(level) * math.sqrt(1 / n1 - 1 / b1 + 1 / n2 - 1 / b2)
    ends = math.exp(middle - spread), math.exp(middle + spread)
    return Interval(n2 * b1 / (n1 * b2), *ends, level, "Katz")


def _hybrid(first: Interval, second: Interval) -> tuple[float, float]:
    """Ends of the ratio second over first, recovered from the ends of each."""
    both = first.estimate * second.estimate

    def spread(of_first: float, of_second: float) -> tuple[float, float]:
        below = of_first * (2 * first.estimate - of_first)
        return below, math.sqrt(
            max(0.0, both**2 - of_second * (2 * second.estimate - of_second) * below)
        )

    below, root = spread(first.high, second.low)
    low = max(0.0, (both - root) / below)
    if first.estimate == 0:
        return low, math.inf
    below, root = spread(first.low, second.high)
    return low, (both + root) / below


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
        ValueError: too few values for the level (at 95 per cent it takes six); a value that is no
            number.

    Source:
        Conover 1999: an interval for a quantile from the binomial distribution.
    """
    from scipy.stats import binom

    ordered = sorted(numbers("values", values, at_least=1))
    size = len(ordered)
    tail = (1 - confidence(level)) / 2
    # The most values that may be left out at each end with at most `tail` of a chance of a miss.
    below = int(binom.ppf(tail, size, 0.5))
    below -= binom.cdf(below, size, 0.5) > tail
    if below < 0:
        needs = math.ceil(-math.log2(tail) - _DUST)
        raise ValueError(
            f"{size} values are too few for an interval of the median at {level:.0%}; "
            f"it needs {needs}."
        )
    half = size // 2
    middle = ordered[half] if size % 2 else (ordered[half - 1] + ordered[half]) / 2
    return Interval(middle, ordered[below], ordered[size - 1 - below], level, "order statistics")
