"""Inequality: vectors I1 to I4, the regression a second way, direction, and what cannot be had."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from sightline.stats.inequality import (
    Group,
    gap_change,
    inequality,
    slope_by_resampling,
    worse_where_deprived,
)
from sightline.stats.intervals import Interval, Missing


def groups(rates, bases):
    return [
        Group(i, base * rate / 100, base)
        for i, (rate, base) in enumerate(zip(rates, bases, strict=True), start=1)
    ]


I1 = groups((24, 18, 15, 12, 9), (300, 250, 200, 150, 100))
I2 = groups((22, 19, 16, 12, 11), (200,) * 5)
I3 = groups((20,) * 5, (100,) * 5)


@pytest.mark.parametrize(
    ("vector", "given_groups", "overall", "slope", "relative", "above", "part", "gap", "ratio"),
    [
        ("I1", I1, 17.4, (18.0, 14.894, 21.106), 1.0345, 51.724, 48.276, 15, 2.667),
        ("I2", I2, 16.0, (14.5, 10.496, 18.504), 0.90625, 45.3125, 31.25, 11, 2.0),
        ("I3", I3, 20.0, (0, 0, 0), 0, 0, 0, 0, 1),
    ],
)
def test_the_vectors_of_data_and_indicators_4_2(
    vector, given_groups, overall, slope, relative, above, part, gap, ratio
):
    found = inequality(given_groups)
    assert found.overall * 100 == pytest.approx(overall), vector
    ends = (found.slope.estimate * 100, found.slope.low * 100, found.slope.high * 100)
    assert ends == pytest.approx(slope, abs=6e-4)
    assert found.relative_slope.estimate == pytest.approx(relative, abs=6e-5)
    assert found.above_average == pytest.approx(above, abs=6e-4)
    assert found.attributable == pytest.approx(part, abs=6e-4)
    assert found.absolute_range * 100 == pytest.approx(gap)
    assert found.relative_range == pytest.approx(ratio, abs=6e-4)


def test_i4_a_group_that_is_not_known_leaves_nothing_to_say():
    found = inequality(I1[:4])
    assert set(vars(found).values()) == {Missing("group 5 of 5 is not known")}


@given(
    st.lists(st.tuples(st.integers(1, 900), st.floats(0, 1)), min_size=10, max_size=10),
    st.sampled_from([5, 10]),
)
def test_the_slope_is_that_of_a_weighted_regression(drawn, of):
    used = [Group(i, base * share, base) for i, (base, share) in enumerate(drawn[:of], start=1)]
    used = [Group(g.rank, min(g.n, g.base), g.base) for g in used]
    weights = np.array([g.base for g in used]) / sum(g.base for g in used)
    ranks = np.cumsum(weights) - weights / 2
    rates = np.array([g.rate for g in used])
    fit = sm.WLS(rates, sm.add_constant(ranks), weights=weights).fit()
    found = inequality(used, of=of).slope
    assert found.estimate == pytest.approx(-fit.params[1], abs=1e-7)
    high, low = -fit.conf_int()[1]
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-6)
    assert found.low <= found.estimate <= found.high


def test_small_rates_keep_their_interval():
    """The error of a fit to rates of one in a hundred thousand is no dust."""
    rare = inequality(groups((0.002, 0.001, 0.003, 0.001, 0.001), (100_000,) * 5)).slope
    assert rare.low < 0 < rare.high


def test_nobody_anywhere_and_nobody_in_the_last_group():
    none = inequality(groups((0,) * 5, (100,) * 5))
    assert (none.slope.estimate, none.relative_slope.estimate, none.above_average) == (0, 0, 0)
    assert none.attributable == Missing("the least deprived group has none")
    some = inequality(groups((9, 7, 5, 2, 0), (100,) * 5))
    assert some.relative_range == Missing("the least deprived group has none")
    assert some.absolute_range == pytest.approx(0.09)


def test_direction():
    slope = inequality(I1).slope
    assert worse_where_deprived(slope, higher_is_worse=True) == "worse in the most deprived areas"
    assert worse_where_deprived(slope, higher_is_worse=False) == "worse in the least deprived areas"
    other = inequality(groups((9, 12, 15, 18, 24), (100,) * 5)).slope
    assert other.estimate < 0
    assert worse_where_deprived(other, higher_is_worse=True) == "worse in the least deprived areas"
    flat = inequality(I3).slope
    assert worse_where_deprived(flat, higher_is_worse=True) == "no clear difference by deprivation"


def test_resampling_shows_the_error_of_small_numbers_and_repeats():
    found = slope_by_resampling(I1)
    assert found == slope_by_resampling(I1)
    assert found.estimate == pytest.approx(0.18)
    assert found.high - found.low > 2 * 0.03106  # wider than the fit among five points
    assert slope_by_resampling(I1, seed=2) != found
    smaller = [Group(g.rank, g.n / 3, g.base / 3) for g in I1 if g.rank]
    with pytest.raises(ValueError, match="group 2 has no whole counts"):
        slope_by_resampling(smaller)
    with pytest.raises(ValueError, match="4 of 5 groups are known"):
        slope_by_resampling(I1[:4])
    with pytest.raises(ValueError, match="times is 5; it must be 100 or more"):
        slope_by_resampling(I1, times=5)


def gap(estimate, half, level=0.95):
    return Interval(estimate, estimate - half, estimate + half, level, "")


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (gap(10, 1), gap(5, 1), "narrowed"), (gap(5, 1), gap(10, 1), "widened"),
        (gap(10, 4), gap(5, 4), "no clear change"), (gap(4, 1), gap(-1, 1), "narrowed"),
        (gap(-10, 1), gap(-5, 1), "narrowed"), (gap(-5, 1), gap(-10, 1), "widened"),
        (gap(10, 3), gap(6, 3), "no clear change"), (gap(10, 2), gap(7, 2), "narrowed"),
    ],
)  # fmt: skip
def test_a_gap_changed_only_where_the_interval_of_the_change_leaves_out_0(before, after, words):
    assert gap_change(before, after) == words


NAN = float("nan")


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: inequality(I1, of=4), "of is 4; write 5 for fifths or 10 for tenths"),
        (lambda: inequality([*I1, I1[0]]), "each of 1 to 5 may be there once"),
        (lambda: inequality([Group(6, 1, 2)]), "each of 1 to 5"),
        (lambda: inequality([Group(1, 1, 0)]), "group 1 is 1 of 0; the base must be above 0"),
        (lambda: inequality([Group(1, 3, 2)]), "group 1 is 3 of 2"),
        (lambda: inequality([Group(1, NAN, 2)]), "n of 1 is nan"),
        (lambda: inequality([Group(1.5, 1, 2)]), "rank is 1.5; give a whole number"),
        (lambda: inequality(I1, level=2), "write 0.95 for 95 per cent"),
        (lambda: gap_change(gap(1, 1), gap(1, 1, 0.9)), r"levels are 0\.95 and 0\.9"),
        (lambda: gap_change(gap(1, 1), gap(1, math.inf)), "an end of a gap is -inf"),
    ],
)
def test_what_cannot_be_measured_is_refused_saying_what_and_how(call, message):
    with pytest.raises(ValueError, match=message):
        call()
