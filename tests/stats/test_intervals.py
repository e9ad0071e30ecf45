"""Intervals: the vectors C1 to C8, published examples, statsmodels, plain second ways, cover."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.rates import confint_poisson

from sightline.stats import intervals
from sightline.stats.intervals import (
    Interval,
    difference,
    effective_base,
    median,
    proportion,
    rate,
    rate_difference,
    rate_ratio,
    ratio,
    z_of,
)
from sightline.stats.strata import Stratum, stratified


@pytest.mark.parametrize(
    ("vector", "n", "base", "per_cent"),
    [
        ("C1", 261, 911, (28.65, 25.81, 31.67)),
        ("C2", 4151, 8517, (48.74, 47.68, 49.80)),
        ("C3", 9, 10, (90.0, 59.58, 98.21)),
        ("C4", 0, 12, (0, 0, 24.25)),
        ("C5", 536, 608, (88.16, 85.35, 90.49)),
    ],
)
def test_per_cents_of_data_and_indicators_4_3(vector, n, base, per_cent):
    found = proportion(n, base).times(100)
    assert (found.estimate, found.low, found.high) == pytest.approx(per_cent, abs=0.006), vector


@pytest.mark.parametrize(
    ("vector", "n", "people", "rates"),
    [
        ("C6", 116, 55_452, (2.09, 1.73, 2.51)),
        ("C7", 86, 61_581, (1.40, 1.12, 1.72)),
        ("C8", 3, 1_500, (2.00, 0.40, 5.84)),
    ],
)
def test_rates_of_data_and_indicators_4_3(vector, n, people, rates):
    found = rate(n, people)
    assert (found.estimate, found.low, found.high) == pytest.approx(rates, abs=0.006), vector


@pytest.mark.parametrize(
    ("n", "base", "wilson", "exact"),
    [
        (81, 263, (0.2553, 0.3662), (0.2527, 0.3676)),
        (15, 148, (0.0624, 0.1605), (0.0578, 0.1617)),
        (0, 20, (0.0, 0.1611), (0.0, 0.1684)),
        (1, 29, (0.0061, 0.1718), (0.0009, 0.1776)),
    ],
)
def test_newcombe_1998_single_shares(n, base, wilson, exact):
    for method, ends in (("wilson", wilson), ("exact", exact)):
        found = proportion(n, base, method=method)
        assert (found.low, found.high) == pytest.approx(ends, abs=0.00006)


@pytest.mark.parametrize(
    ("first", "second", "ends"),
    [((48, 80), (56, 70), (0.0524, 0.3339)), ((3, 10), (9, 10), (0.1705, 0.8090))],
)
def test_newcombe_1998_differences(first, second, ends):
    found = difference(first, second)
    assert (found.low, found.high) == pytest.approx(ends, abs=0.00006)


@given(st.integers(1, 400).flatmap(lambda b: st.tuples(st.integers(0, b), st.just(b))))
def test_shares_agree_with_statsmodels_and_hold_their_estimate(share):
    n, base = share
    for method, theirs in (("wilson", "wilson"), ("exact", "beta")):
        found = proportion(n, base, method=method)
        low, high = proportion_confint(n, base, method=theirs)
        low, high = (0.0 if n == 0 else low), (1.0 if n == base else high)
        assert (found.low, found.high) == pytest.approx((low, high), abs=1e-9)
        assert 0 <= found.low <= found.estimate <= found.high <= 1


@pytest.mark.parametrize("n", [0, 1, 3, 20, 400])
def test_exact_rates_agree_with_statsmodels_and_byar_comes_close(n):
    exact, byar = rate(n, 1000, method="exact"), rate(n, 1000)
    low, high = confint_poisson(n, 1, method="exact-c")
    assert (exact.low, exact.high) == pytest.approx((0.0 if n == 0 else low, high))
    assert (byar.low, byar.high) == pytest.approx((exact.low, exact.high), rel=0.02, abs=0.06)


def _hypergeometric_by_counting(n, base, frame, tail):
    """Every number in the frame under which the draw is not too odd, by whole-number sums."""
    kept = []
    for inside in range(frame + 1):
        ways = [math.comb(inside, k) * math.comb(frame - inside, base - k) for k in range(base + 1)]
        total = sum(ways)
        if (
            total
            and Fraction(sum(ways[n:]), total) > tail
            and Fraction(sum(ways[: n + 1]), total) > tail
        ):
            kept.append(inside)
    return min(kept) / frame, max(kept) / frame


@pytest.mark.parametrize(("n", "base", "frame"), [(0, 5, 12), (3, 5, 12), (5, 5, 9), (7, 10, 40)])
def test_exact_in_a_known_frame_is_what_counting_gives(n, base, frame):
    found = proportion(n, base, frame=frame, method="exact")
    assert (found.low, found.high) == _hypergeometric_by_counting(n, base, frame, Fraction(1, 40))


def test_a_known_frame_narrows_and_a_full_count_is_a_point():
    loose, known, full = (proportion(45, 60, frame=f) for f in (None, 80, 60))
    assert loose.low < known.low < 0.75 < known.high < loose.high
    assert (full.low, full.high, full.effective_base) == (0.75, 0.75, math.inf)
    assert full.method == "all were counted"
    assert known.effective_base == pytest.approx(60 * 79 / 20)
    nearly = proportion(50, 99, frame=100)
    assert (nearly.low, nearly.high) == (0.50, 0.51)  # the hundredth is one way or the other


def test_cover_of_shares_in_simulation():
    """Exact sums over every outcome, not draws: cover at shares from 5 to 95 per cent."""
    for base in (20, 100):
        found = [proportion(n, base) for n in range(base + 1)]
        exact = [proportion(n, base, method="exact") for n in range(base + 1)]
        covers = []
        for share in np.linspace(0.05, 0.95, 91):
            ways = binom.pmf(range(base + 1), base, share)
            hit = [w for w, i in zip(ways, found, strict=True) if i.low <= share <= i.high]
            covers.append(sum(hit))
            assert sum(
                w for w, i in zip(ways, exact, strict=True) if i.low <= share <= i.high
            ) >= 0.95 - 1e-9  # fmt: skip
        assert np.mean(covers) == pytest.approx(0.95, abs=0.01)


def test_cover_of_strata_in_simulation():
    chance = np.random.default_rng(3)
    sizes, drawn, shares = (300, 60, 140), (30, 20, 25), (0.9, 0.5, 0.7)
    inside = [round(s * f) for s, f in zip(shares, sizes, strict=True)]
    truth = sum(inside) / sum(sizes)
    hits = 0
    for _ in range(400):
        found = stratified([
            Stratum(str(i), int(chance.hypergeometric(k, f - k, d)), d, f)
            for i, (k, f, d) in enumerate(zip(inside, sizes, drawn, strict=True))
        ])  # fmt: skip
        hits += found.low <= truth <= found.high
    assert 0.92 <= hits / 400 <= 0.99


@pytest.mark.parametrize(("b1", "p1", "b2", "p2"), [(25, 0.6, 30, 0.8), (20, 0.9, 20, 0.8)])
def test_cover_of_differences_and_ratios_summed_over_every_outcome(b1, p1, b2, p2):
    ways = np.outer(binom.pmf(range(b1 + 1), b1, p1), binom.pmf(range(b2 + 1), b2, p2))
    of_difference = of_ratio = 0.0
    for i, j in product(range(1, b1 + 1), range(1, b2 + 1)):
        gap, times = difference((i, b1), (j, b2)), ratio((i, b1), (j, b2))
        of_difference += ways[i, j] * (gap.low <= p2 - p1 <= gap.high)
        of_ratio += ways[i, j] * (times.low <= p2 / p1 <= times.high)
    assert 0.94 <= of_difference <= 0.98
    assert 0.94 <= of_ratio <= 0.98


@pytest.mark.parametrize(
    ("first", "second"), list(product([(0, 9), (4, 9), (9, 9)], [(0, 7), (3, 7), (7, 7)]))
)
def test_ratios_have_ends_in_order_whatever_the_counts(first, second):
    if first[0] == second[0] == 0:
        with pytest.raises(ValueError, match="both counts are 0"):
            ratio(first, second)
        return
    found = ratio(first, second)
    assert 0 <= found.low <= found.estimate <= found.high
    assert found.high > found.low
    assert math.isinf(found.estimate) == (first[0] == 0)
    gap = difference(first, second)
    assert -1 <= gap.low <= gap.estimate <= gap.high <= 1


def test_a_ratio_by_hand():
    found = ratio((10, 100), (20, 100))  # Katz on the logarithm
    spread = math.exp(1.959964 * math.sqrt(0.1 - 0.01 + 0.05 - 0.01))
    assert (found.estimate, found.low, found.high) == pytest.approx((2, 2 / spread, 2 * spread))
    assert found.method == "Katz"
    full = ratio((10, 10), (10, 10))  # by the ends of Wilson's intervals
    assert (full.low, full.high) == pytest.approx((0.7224672, 1 / 0.7224672))


def test_rates_are_compared():
    found = rate_ratio((10, 1000), (20, 1000))
    low, high = proportion_confint(20, 30, method="beta")
    assert found.estimate == pytest.approx(2)
    assert (found.low, found.high) == pytest.approx((low / (1 - low), high / (1 - high)))
    assert math.isinf(rate_ratio((0, 10), (3, 10)).high)
    gap = rate_difference((10, 1000), (20, 1000))
    assert gap.low < 10 < gap.high
    assert not rate_difference((10, 1000), (40, 1000)).includes_zero
    assert rate_difference((10, 1000), (10, 1000)).includes_zero


def test_the_median_lies_between_the_order_statistics_that_exact_chances_give():
    for size in (6, 7, 10, 25, 60):
        found = median(range(size))
        total, below = 0, -1
        for k in range(size):
            total += math.comb(size, k)
            if Fraction(total, 2**size) > Fraction(1, 40):
                break
            below = k
        assert (found.low, found.high) == (below, size - 1 - below)
    assert median([3.0, 1, 2, 4, 5, 6]).estimate == 3.5
    assert median([1.0] * 9) == Interval(1.0, 1.0, 1.0, 0.95, "order statistics")
    with pytest.raises(ValueError, match=r"5 values are too few .* at 95%; it needs 6"):
        median(range(5))
    with pytest.raises(ValueError, match="it needs 8"):
        median(range(6), level=0.99)


def test_strata():
    even = [Stratum("a", 5, 10, 100), Stratum("b", 8, 10, 100)]
    assert stratified(even).estimate == pytest.approx(0.65)
    uneven = stratified([Stratum("a", 5, 10, 300), Stratum("b", 10, 10, 100)])
    assert uneven.estimate == pytest.approx((300 * 0.5 + 100) / 400)
    full = stratified([Stratum("a", 5, 10, 10), Stratum("b", 1, 4, 4)])
    assert (full.low, full.estimate, full.high) == pytest.approx((6 / 14,) * 3)
    alike = stratified([Stratum("a", 5, 5, 900), Stratum("b", 10, 20, 100)])
    assert alike.effective_base < 10  # five of nine hundred cannot make it sure
    everyone = stratified([Stratum("a", 5, 5, 50), Stratum("b", 9, 9, 50), Stratum("c", 0, 0, 0)])
    assert (everyone.estimate, everyone.high) == (1, 1)
    assert everyone.low < 0.85
    part = stratified([Stratum("a", 10, 10, 10), Stratum("b", 5, 10, 90)])
    assert part.low >= (10 + 5) / 100  # those who were seen are sure
    one = stratified([Stratum("a", 1, 1, 50), Stratum("b", 9, 19, 50)])
    assert one.low <= one.estimate <= one.high


@pytest.mark.parametrize(
    ("strata", "message"),
    [
        ([], "there are no strata"),
        ([Stratum("a", 0, 0, 0)], "there are no strata with anybody"),
        ([Stratum("a", 1, 2, 3), Stratum("a", 1, 2, 3)], "a is given twice"),
        ([Stratum("a", 0, 0, 3)], "nobody was drawn from a, which holds 3"),
        ([Stratum("a", 0, 2, 0)], "a holds nobody, and 2 were drawn"),
        ([Stratum("a", 3, 2, 9)], "3 of 2 is more than all"),
        ([Stratum("a", 1, 9, 3)], "the frame holds 3 and 9 were drawn"),
        ([Stratum("a", 1, 2, 2.5)], "frame of a is 2.5; give a whole number"),
    ],
)
def test_strata_that_cannot_be_are_refused(strata, message):
    with pytest.raises(ValueError, match=message):
        stratified(strata)


NAN = float("nan")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: proportion(0, 0), "the base is 0, so there is no share"),
        (lambda: proportion(5, 4), "5 of 4 is more than all of them"),
        (lambda: proportion(-1, 4), "n is -1; it must be 0 or more"),
        (lambda: proportion(1.5, 4), "n is 1.5; give a whole number"),
        (lambda: proportion(1, NAN), "base is nan; give a whole number"),
        (lambda: proportion(1, 4, frame=3), "the frame holds 3 and 4 were drawn"),
        (lambda: proportion(1, 4, level=95), "write 0.95 for 95 per cent"),
        (lambda: proportion(1, 4, level=NAN), "level is nan; leave out what is not known"),
        (lambda: proportion(1, 4, method="wald"), "method is 'wald'; write wilson or exact"),
        (lambda: effective_base(0, 4), "base is 0; it must be 1 or more"),
        (lambda: rate(1, 0), "population is 0 and per is 1000; both must be above 0"),
        (lambda: rate(1, NAN), "population is nan"),
        (lambda: rate(-1, 5), "n is -1"),
        (lambda: rate(1, 5, method="wald"), "method is 'wald'; write byar or exact"),
        (lambda: rate_ratio((0, 5), (0, 5)), "neither had an event"),
        (lambda: rate_ratio((1, 0), (0, 5)), "both must be above 0"),
        (lambda: median([1, 2, NAN, 4, 5, 6]), "values, value 3 is nan"),
        (lambda: median([]), "values holds 0 values; it needs 1"),
        (lambda: median(["a"]), "value 1 is 'a'; give a number"),
    ],
)  # fmt: skip
def test_what_has_no_interval_is_refused_saying_what_and_how(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_levels_and_overlap():
    assert z_of(0.95) == pytest.approx(1.959964, abs=1e-6)
    one, two = Interval(1, 0, 2, 0.95, ""), Interval(3, 2, 4, 0.95, "")
    assert one.overlaps(two)
    assert two.overlaps(one)
    assert not one.overlaps(Interval(5, 4, 6, 0.95, ""))
    assert intervals.proportion(5, 10, level=0.99).low < intervals.proportion(5, 10).low
