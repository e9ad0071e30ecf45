"""Tables of one period protected as one: shared totals, linked lines, and what was shown before."""

import math
from itertools import product

import pytest

from sightline.stats.disclosure import (
    Count,
    Inside,
    Member,
    Parts,
    Slice,
    protect,
    protect_together,
)
from sightline.stats.disclosure.network import Network
from tests.stats.disclosing import OPERATIONAL, PUBLIC, RESEARCH, table, texts


def together(*members, links=(), rules=PUBLIC, before=None):
    return [one.shown for one in protect_together(members, links, rules, before)]


def member(*counts, code="t", line="k", base="n", by="Age", whole=True, **more):
    exact = table(*counts, code=code, by=by, **more)
    return Member(exact, line, base if exact.measure else "", whole)


# The network


def test_bounds_pass_round_until_nothing_follows():
    net = Network()
    a, b, c, total = (net.add(n) for n in (3, 7, 12, 22))
    net.equate(total, [a, b, c])
    low, high = [1.0, 1.0, 12.0, 22.0], [math.inf, math.inf, 12.0, 22.0]
    lows, highs = net.bounds(low, high, [a, b])
    assert (lows[a], highs[a]) == (1.0, 9.0)
    assert net.reached(low, high, {a: 5.0, b: 5.0}) == {}
    assert net.reached(low, high, {a: 9.0}) == {a: 8.0}


def test_linear_programming_sees_what_passing_bounds_round_does_not():
    net = Network()
    cells = {key: net.add(5) for key in product("xy", "pq")}
    rows = {r: net.add(10) for r in "xy"}
    both = net.add(5)
    for r in "xy":
        net.equate(rows[r], [cells[r, c] for c in "pq"])
    # x + p and y + q are known together: only the sum of equations tells of a single cell.
    net.equate(both, [cells["x", "p"]])
    low = [0.0] * 4 + [10.0, 10.0, 5.0]
    high = [math.inf] * 4 + [10.0, 10.0, 5.0]
    assert net.reached(low, high, {cells["x", "q"]: 1.0}) == {cells["x", "q"]: 0.0}
    assert net.reached(low, high, {cells["y", "q"]: 5.0}) == {}


def test_what_has_no_end_is_wide_enough_and_what_is_known_is_not():
    net = Network()
    a, b = net.add(4), net.add(9)
    whole = net.add(13)
    net.equate(whole, [a, b])
    low, high = [0.0, 9.0, 0.0], [math.inf, 9.0, math.inf]
    assert net.reached(low, high, {a: 5.0, b: 5.0}) == {b: 0.0}


def test_numbers_that_do_not_fit_count_as_told():
    net = Network()
    a, whole = net.add(4), net.add(4)
    net.equate(whole, [a])
    assert a in net.reached([6.0, 0.0], [9.0, 4.0], {a: 1.0})


# One indicator


@pytest.mark.parametrize("counts", [(3, 7, 12), (2, 5, 6, 7), (20, 30, 40), (0, 9, 9)])
def test_one_table_is_hidden_as_it_is_by_itself(counts):
    (one,) = together(member(*counts))
    assert texts(one) == texts(protect(table(*counts), PUBLIC)[0])


def test_without_anything_to_hide_everything_is_shown_and_small_counts_flagged():
    shown = together(member(3, 7), rules=OPERATIONAL)[0]
    assert texts(shown) == ["3", "7", "10"]


def test_a_total_that_is_hidden_hides_every_breakdown_of_it():
    shown = together(
        member(Count("all", "All", 9, families=2), code="h", by="All"),
        member(4, 5, code="a"),
        member(9, 0, code="s", by="Sex"),
    )
    for one in shown:
        assert set(texts(one)) == {"[c]"}


def test_a_base_that_two_indicators_share_is_hidden_in_both():
    one, other = together(
        member((3, 4), (20, 30), (10, 20), code="a", line="k1"),
        member((0, 4), (2, 30), (9, 20), code="b", line="k2"),
    )
    assert texts(one, "of") == texts(other, "of")
    assert texts(one, "of")[0] == "[c]"


def test_categories_that_overlap_are_protected_by_their_own_total():
    head = member(Count("all", "All", 20), code="h", by="All")
    by = member(3, 9, 14, code="c", by="Concern", whole=False)
    shown = together(head, by)
    assert texts(shown[0]) == ["20", "20"]
    assert texts(shown[1]) == ["[c]", "[c]", "14", "26"]


def test_everybody_of_a_small_group_in_one_category_withholds_it():
    (one,) = together(member(0, 7, 0))
    assert texts(one)[:3] == ["[c]"] * 3
    assert one.withheld


def test_zeros_are_hidden_and_counts_rounded_where_the_profile_asks():
    (one,) = together(member(0, 23, 48, 31), rules=RESEARCH)
    assert texts(one)[0] == "[c]"
    assert texts(one)[-1] == "100"


def test_meetings_of_too_few_people_are_hidden_though_they_are_many():
    counts = [Count("a", "A", 9, behind=2), Count("b", "B", 30), Count("c", "C", 40)]
    assert texts(together(member(*counts))[0])[0] == "[c]"
    assert texts(protect(table(*counts), PUBLIC)[0])[0] == "[c]"


# Linked indicators


def test_an_indicator_inside_another_is_hidden_where_few_lie_between():
    wide = member(20, 30, 40, code="w", line="w")
    narrow = member(18, 12, 30, code="n", line="n")
    apart = together(wide, narrow)
    assert "[c]" not in texts(apart[1])
    linked = together(wide, narrow, links=[Inside("n", "w")])
    assert texts(linked[0]) == ["20", "30", "40", "90"]
    assert texts(linked[1])[0] == "[c]"
    assert texts(linked[1]).count("[c]") >= 2


def test_a_link_that_the_figures_contradict_is_left_aside():
    wide, narrow = member(20, 30, code="w", line="w"), member(25, 25, code="n", line="n")
    shown = together(wide, narrow, links=[Inside("n", "w"), Inside("w", "w")])
    assert "[c]" not in texts(shown[1])


def test_parts_do_not_give_the_last_one_away():
    whole = member(30, 40, code="w", line="w")
    parts = [
        member(18, 25, code="p", line="p"),
        member(9, 12, code="q", line="q"),
        member(3, 3, code="r", line="r"),
    ]
    apart = together(whole, *parts)
    assert texts(apart[1])[0] == "18"
    links = [Parts("w", ("p", "q", "r"))]
    linked = together(whole, *parts, links=links)
    shown = [texts(one)[0] for one in linked]
    assert shown[3] == "[c]"
    assert shown.count("[c]") >= 2


def test_a_rest_that_is_small_is_protected_too():
    whole = member(30, 40, code="w", line="w")
    parts = [member(18, 25, code="p", line="p"), member(9, 15, code="q", line="q")]
    linked = together(whole, *parts, links=[Parts("w", ("p", "q"))])
    assert "[c]" in [texts(one)[0] for one in linked]
    over = together(whole, *parts, links=[Parts("w", ("p", "q", "p"))])
    assert "[c]" not in texts(over[1])


def test_a_line_that_is_a_category_of_another_hides_it():
    base = member(20, 8, 40, code="b", line="b", by="Setting")
    own = member(Count("all", "All", 8, families=2), code="o", line="o", by="All")
    shown = together(base, own, links=[Slice("o", "b", "Setting", ("b",))])
    assert texts(shown[1]) == ["[c]", "[c]"]
    assert texts(shown[0])[1] == "[c]"
    assert texts(shown[0]).count("[c]") >= 2
    missing = together(
        base, own, links=[Slice("o", "b", "Sex", ("b",)), Slice("o", "b", "Setting", ("a",))]
    )
    assert texts(missing[0])[1] == "8"


# What was shown before


def test_what_was_hidden_stays_hidden_and_what_is_known_is_not_hidden_in_vain():
    first = together(member(3, 7, 12))[0]
    (second,) = together(member(13, 17, 22), before={"t": [first]})
    assert texts(second) == ["[c]", "[c]", "22", "52"]
    known = together(member(20, 30, 40))[0]
    third = protect_together([member(20, 30, 40)], (), PUBLIC, {"t": [known]})[0]
    assert (third.stands, texts(third.shown)) == (False, ["20", "30", "40", "90"])


def test_a_change_of_few_leaves_the_whole_family_as_it_was():
    before = together(member(20, 30, 40), member(45, 45, code="s", by="Sex"))
    later = [member(22, 30, 40), member(46, 46, code="s", by="Sex")]
    found = protect_together(later, (), PUBLIC, {"t": [before[0]], "s": [before[1]]})
    assert [one.stands for one in found] == [True, True]
    assert texts(found[0].shown) == ["20", "30", "40", "90"]
    fresh = protect_together(
        [*later, member(92, code="h", by="All")], (), PUBLIC, {"t": [before[0]], "s": [before[1]]}
    )
    assert not any(one.stands for one in fresh)
    assert fresh[0].record.compared_n == 1


def test_a_base_that_changed_by_few_is_a_change_too():
    before = together(member((10, 20), (15, 30)))[0]
    later = member((10, 22), (15, 30))
    assert protect_together([later], (), PUBLIC, {"t": [before]})[0].stands
    other = protect_together([later], (), RESEARCH, {"t": [before]})[0]
    assert not other.stands
