"""Bands of deprivation: the stated rule against counting one by one, and its edges."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.errors import BadInput
from sightline.partnerships.bands import Ranked, bands, bands_within, in_most_deprived


def one_by_one(zones, number):
    """The rule a second time: each unit of weight walks past the ends of the bands."""
    whole = sum(zone.weight for zone in zones)
    found = {}
    for zone in zones:
        reached = sum(other.weight for other in zones if other.rank <= zone.rank)
        share = Fraction(reached, whole)
        found[zone.zone] = next(k for k in range(1, number + 1) if share <= Fraction(k, number))
    return found


zones = st.lists(st.tuples(st.integers(1, 40), st.integers(0, 50)), min_size=1, max_size=60).map(
    lambda rows: [Ranked(f"Z{n}", rank, weight) for n, (rank, weight) in enumerate(rows)]
)


@given(zones=zones.filter(lambda found: sum(z.weight for z in found)), number=st.integers(2, 10))
def test_bands_agree_with_counting_one_by_one(zones, number):
    found = bands(zones, number)
    assert found == one_by_one(zones, number)
    ordered = sorted(zones, key=lambda zone: zone.rank)
    by_rank = [found[zone.zone] for zone in ordered]
    assert by_rank == sorted(by_rank)
    assert bands(list(reversed(zones)), number) == found


def test_equal_shares_of_data_zones_end_where_the_published_bands_end():
    scotland = [Ranked(f"Z{rank}", rank) for rank in range(1, 6977)]
    fifths, tenths = bands(scotland, 5), bands(scotland, 10)
    assert [fifths[f"Z{rank}"] for rank in (1, 1395, 1396, 2790, 2791, 6976)] == [1, 1, 2, 2, 3, 5]
    assert [tenths[f"Z{rank}"] for rank in (697, 698, 1395, 1396)] == [1, 2, 2, 3]


def test_a_zone_that_reaches_over_the_end_belongs_to_the_next_band():
    weighed = [Ranked("a", 1, 15), Ranked("b", 2, 10), Ranked("c", 3, 75)]
    assert bands(weighed, 5) == {"a": 1, "b": 2, "c": 5}


def test_zones_of_one_rank_are_taken_together():
    tied = [Ranked("a", 1), Ranked("b", 2.5), Ranked("c", 2.5), Ranked("d", 4), Ranked("e", 5)]
    assert bands(tied, 5) == {"a": 1, "b": 3, "c": 3, "d": 4, "e": 5}


def test_within_a_group_bands_are_shares_of_the_group():
    council = {"a": "here", "b": "here", "c": "there", "d": "there"}
    ranked = [Ranked(zone, rank) for rank, zone in enumerate(council, 1)]
    assert bands_within(ranked, 2, group=council.__getitem__) == {"a": 1, "b": 2, "c": 1, "d": 2}


@pytest.mark.parametrize(
    ("zones", "number", "message"),
    [
        ([Ranked("a", 1)], 1, "1 is not a number of bands"),
        ([Ranked("a", 1), Ranked("a", 2)], 5, "given twice"),
        ([], 5, "nobody in these data zones"),
        ([Ranked("a", 1, 0)], 5, "nobody in these data zones"),
        ([Ranked("a", 1, 5), Ranked("b", 2, -1)], 5, "nobody in these data zones"),
    ],
)
def test_what_cannot_be_shared_out_is_refused(zones, number, message):
    with pytest.raises(BadInput, match=message):
        bands(zones, number)


@pytest.mark.parametrize(("per_cent", "counted"), [(1, 0), (15, 1), (20, 2), (99, 3), (100, 4)])
def test_in_the_most_deprived_per_cent(per_cent, counted):
    ranks = {"a": 1046, "b": 1395, "c": 1396, "d": 6976}
    assert in_most_deprived(ranks, per_cent, of=6976) == counted


def test_a_per_cent_is_one_to_a_hundred():
    with pytest.raises(BadInput, match="101 is no per cent"):
        in_most_deprived({}, 101, of=6976)
