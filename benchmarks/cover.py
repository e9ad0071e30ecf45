"""Whether 95 per cent intervals hold the truth 95 times in 100, by drawing again and again.

    python -m benchmarks.cover

Bars: cover of each between 93.5 and 99.5 per cent over 4,000 draws (agreement: 400, and from 91),
which leaves room for the draws themselves. Exact intervals are never to be under 95 but for that.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import sys
from collections.abc import Callable, Iterator

import numpy as np

from sightline.stats import intervals
from sightline.stats.agreement import Statistic, measure, tally
from sightline.stats.inequality import Group, slope_by_resampling
from sightline.stats.intervals import Interval
from sightline.stats.strata import Stratum, stratified

DRAWS, SLOW_DRAWS = 4_000, 400
LEAST, LEAST_SLOW, MOST = 0.935, 0.91, 0.995
Draw = Callable[[np.random.Generator], Interval]


def main() -> int:
    """Print the cover of each kind; the status is 1 when one is outside the bar."""
    missed = False
    for name, truth, draw, slow in kinds():
        draws = SLOW_DRAWS if slow else DRAWS
        chance = np.random.default_rng(1)
        found = [draw(chance) for _ in range(draws)]
        cover = sum(one.low - 1e-12 <= truth <= one.high + 1e-12 for one in found) / draws
        width = float(np.mean([min(one.high, 1e6) - one.low for one in found]))
        least = LEAST_SLOW if slow else LEAST
        missed |= not least <= cover <= MOST
        print(f"{name:44}{cover:8.1%}  (bar {least:.1%} to {MOST:.1%})  mean width {width:.3f}")
    return int(missed)


def kinds() -> Iterator[tuple[str, float, Draw, bool]]:
    """Name, truth, how to draw one interval, and whether one takes long."""
    for base, share in ((30, 0.2), (109, 0.75), (300, 0.05)):
        yield (
            f"share of {share} on {base}, Wilson", share,
            lambda c, b=base, s=share: intervals.proportion(int(c.binomial(b, s)), b), False,
        )  # fmt: skip
    yield (
        "share of 60 drawn from 80", 0.75,
        lambda c: intervals.proportion(int(c.hypergeometric(60, 20, 60)), 60, frame=80), False,
    )  # fmt: skip
    yield (
        "rate, Byar, 12 expected", 12.0,
        lambda c: intervals.rate(int(c.poisson(12)), 1000), False,
    )  # fmt: skip
    yield (
        "difference of two shares, Newcombe", 0.2,
        lambda c: intervals.difference(
            (int(c.binomial(50, 0.6)), 50), (int(c.binomial(70, 0.8)), 70)
        ), False,
    )  # fmt: skip
    yield (
        "ratio of two shares", 4 / 3,
        lambda c: intervals.ratio((int(c.binomial(50, 0.6)), 50), (int(c.binomial(70, 0.8)), 70)),
        False,
    )  # fmt: skip
    yield (
        "median of 25", 0.0,
        lambda c: intervals.median(c.normal(size=25).tolist()), False,
    )  # fmt: skip
    frames = (("a", 300, 30, 270), ("b", 60, 20, 30), ("c", 140, 25, 98))
    yield (
        "three strata", 398 / 500,
        lambda c: stratified([
            Stratum(name, int(c.hypergeometric(k, f - k, d)), d, f) for name, f, d, k in frames
        ]), False,
    )  # fmt: skip
    yield "kappa of 100 records", 0.7, _kappa(Statistic.KAPPA), True
    yield "Gwet’s AC1 of 100 records", 0.7, _kappa(Statistic.AC1), True
    yield "Krippendorff’s alpha of 100 records", 0.7, _kappa(Statistic.ALPHA), True
    shares = np.array([0.24, 0.21, 0.18, 0.15, 0.12])  # a straight line: slope 0.15
    yield (
        "slope index, counts drawn anew", 0.15,
        lambda c: slope_by_resampling(
            [Group(i + 1, int(n), 200) for i, n in enumerate(c.binomial(200, shares))], times=500
        ), True,
    )  # fmt: skip


def _kappa(statistic: Statistic) -> Draw:
    """Two readers, four values used evenly, alike seven times in ten beyond chance."""

    def draw(chance: np.random.Generator) -> Interval:
        first = chance.integers(0, 4, 100)
        second = np.where(chance.random(100) < 0.7, first, chance.integers(0, 4, 100))
        units = list(zip(first.tolist(), second.tolist(), strict=True))
        return measure(tally(units, values=range(4)), statistic)

    return draw


if __name__ == "__main__":
    sys.exit(main())
