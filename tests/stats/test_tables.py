"""Many-way tables: the worked tables S1 to S6, what is hidden for itself, what comes out."""

import dataclasses
import json
import re
from pathlib import Path

import pytest

from sightline.kernel.measures import State
from sightline.stats.disclosure import (
    Area,
    Category,
    Dimension,
    Method,
    ShownTable,
    attack,
    bounds,
    chart_values,
    from_shown,
    mean,
    per_cent,
    protect,
    protect_table,
    ratio,
    spelled_table,
    table_as_data,
    table_from_data,
)
from tests.stats.disclosing import COMMITTEE, PUBLIC, RESEARCH, profile, table
from tests.stats.tabling import build, dimension, keys, one_way, two_way

PAGE = Path(__file__).parents[2] / "docs/methods/M-13-protecting-tables.md"
S2 = [[14, 9, 3], [11, 8, 6], [10, 12, 7]]


def texts(*counts, rules=PUBLIC, **more):
    shown = protect_table(one_way(*counts, **more), rules)[0]
    inner = [key for key in shown.cells if key != ("",)]
    return shown.texts([*inner, ("",)])


def test_s1_one_more_is_hidden_beside_a_small_count():
    assert texts(3, 7, 12) == ["[c]", "[c]", "12", "22"]


def test_s2_a_rectangle_is_hidden_and_nothing_more():
    shown, record = protect_table(two_way(S2), PUBLIC)
    assert shown.hidden == keys("av", "aw", "bv", "bw")
    assert (record.primary_n, record.secondary_n, record.method) == (1, 3, Method.OPTIMAL)
    ranges = bounds([shown])
    assert {most - least for least, most in ranges.values()} == {7}
    assert ranges[(0, ("a", "w"))] == (1, 8)
    free = dataclasses.replace(shown, zeros_shown=False, maker=_maker())
    assert bounds([free])[(0, ("a", "w"))] == (0, 9)


def _maker():
    from sightline.stats.disclosure.shown import MAKER

    return MAKER


def test_s3_all_of_a_small_group():
    four = protect_table(one_way(4, 0), PUBLIC)[0]
    assert {cell.text for cell in four.cells.values()} == {"[c]"}
    assert four.withheld
    six = protect_table(one_way(6, 0), PUBLIC)[0]
    assert six.texts([("a",), ("b",), ("",)]) == ["[c]", "[c]", "6"]
    assert per_cent(six, ("a",), ("",)).text == "[c]"
    assert texts(40, 0) == ["40", "0", "40"]


def test_s4_hiding_the_only_count_is_pointless_so_the_breakdown_is_withheld():
    shown, record = protect_table(one_way(0, 4, 0), PUBLIC)
    assert {cell.text for cell in shown.cells.values()} == {"[c]"}
    assert record.finding == "The table is withheld."
    assert record.method is Method.WITHHELD


def test_s5_the_quarters_of_a_year_as_a_hierarchy_and_one_after_another():
    assert texts(2, 5, 6, 7) == ["[c]", "[c]", "6", "7", "20"]
    quarters = dimension("time", "year", "year>q1", "year>q2", "year>q3", "year>q4")
    shown = protect_table(build([quarters], [2, 5, 6, 7]), PUBLIC)[0]
    assert shown.hidden == {("q1",), ("q2",)}


def test_s6_few_who_are_not_are_hidden_with_those_who_are_and_a_wide_share_is_said():
    shown = protect_table(one_way(38, 2), PUBLIC)[0]
    assert shown.texts([("a",), ("b",), ("",)]) == ["[c]", "[c]", "40"]
    assert shown.at_least == 87
    assert protect_table(one_way(38, 2, sensitive=True), PUBLIC)[0].at_least == 75
    assert protect_table(one_way(30, 10), PUBLIC)[0].at_least is None
    assert protect_table(one_way(9, 1), PUBLIC)[0].at_least == 50
    assert protect_table(one_way(4, 4), PUBLIC)[0].at_least is None


@pytest.mark.parametrize(
    "counts", [(3, 7, 12), (0, 4, 0), (2, 5, 6, 7), (3, 12, 12, 30), (0, 40, 0), (1, 0, 11, 0)]
)
def test_one_way_tables_come_out_as_they_do_from_protect(counts):
    assert protect_table(one_way(*counts), PUBLIC)[0].cells == {
        key: cell for key, cell in from_shown(protect(table(*counts), PUBLIC)[0]).cells.items()
    }


def test_k_of_n_by_area_protects_those_counted_those_not_and_the_base():
    sides = [dimension("area", "a", "b", "c", "d"), dimension("seen", "y", "n")]
    shown, _ = protect_table(build(sides, [18, 2, 10, 20, 12, 30, 2, 1]), PUBLIC)
    assert keys("an", "d.", "dn", "dy") <= shown.hidden
    assert not attack([shown]).told
    assert shown.cells[("b", "")].text in {"30", "[c]"}


def test_families_count_as_well_as_people():
    families = {("a", "u"): 1, ("b", "u"): 3}
    shown = protect_table(two_way([[14, 9], [11, 8]], families=families), PUBLIC)[0]
    assert ("a", "u") in shown.hidden
    assert not protect_table(two_way([[14, 9], [11, 8]]), PUBLIC)[0].hidden


def test_stricter_thresholds_for_sensitive_three_way_and_below_council():
    rows = [[14, 9], [11, 12]]
    assert not protect_table(two_way(rows), PUBLIC)[0].hidden
    assert ("a", "v") in protect_table(two_way(rows, sensitive=True), PUBLIC)[0].hidden
    below = two_way(rows, people={"below_council": True})
    assert ("a", "v") in protect_table(below, PUBLIC)[0].hidden
    sides = [dimension("x", "a", "b"), dimension("y", "c", "d"), dimension("z", "e", "f")]
    three = protect_table(build(sides, [9, 20, 20, 20, 20, 20, 20, 20]), PUBLIC)[0]
    assert (three.threshold, ("a", "c", "e") in three.hidden) == (10, True)
    places = (Category("fife"), Category("north", "", "fife", below_council=True),
              Category("south", "", "fife", below_council=True), Category("moray"))  # fmt: skip
    area = Dimension("area", "Area", places)
    shown = protect_table(build([area], [7, 30, 8]), PUBLIC)[0]
    assert shown.hidden == {("north",), ("south",)}
    assert (shown.limit(("north",)), shown.limit(("moray",))) == (10, 5)


def test_research_hides_zeros_and_rounds_what_is_left():
    shown, _ = protect_table(two_way([[3, 0, 33], [41, 62, 25], [20, 31, 57]]), RESEARCH)
    assert keys("au", "av") <= shown.hidden
    values = [cell.value for cell in shown.cells.values() if cell.value is not None]
    assert values
    assert all(value % 5 == 0 for value in values)
    assert any("rounded to the nearest 5" in note for note in shown.notes)
    assert not attack([shown]).told


def test_committee_hides_nothing_and_flags():
    shown, record = protect_table(two_way([[3, 9], [8, 0]]), COMMITTEE)
    assert shown.cells[("a", "u")].small
    assert not shown.cells[("b", "v")].small
    assert (record.finding, record.method) == ("Nothing is hidden.", Method.NOTHING)
    assert "In private." in shown.notes


def test_zeros_are_hidden_where_nothing_else_protects():
    shown = protect_table(two_way([[2, 0, 0], [0, 30, 0], [0, 0, 30]]), PUBLIC)[0]
    assert not attack([shown]).told
    assert shown.spare == 2 or shown.withheld or ("a", "") in shown.hidden


def test_margins_that_are_not_published_are_not_there():
    sides = [dimension("x", "a", "b"), dimension("y", "c", "d")]
    inner = build(sides, [3, 9, 8, 12], margins=[["x", "y"]])
    shown = protect_table(inner, PUBLIC)[0]
    assert set(shown.cells) == keys("ac", "ad", "bc", "bd")
    assert shown.hidden == keys("ac")
    sums = build(sides, [3, 9, 8, 12], margins=[["x"], ["y"], []])
    assert protect_table(sums, PUBLIC)[0].hidden == set()
    tight = build(sides, [1, 29, 0, 30], margins=[["x"], ["y"], []])
    assert not attack([protect_table(tight, PUBLIC)[0]]).told


def test_the_fallback_is_used_when_time_runs_out_and_says_so():
    rows = [[14, 9, 3, 20], [11, 8, 6, 22], [10, 12, 7, 2], [16, 30, 1, 18]]
    best, _ = protect_table(two_way(rows), PUBLIC)
    shown, record = protect_table(two_way(rows), PUBLIC, seconds=0.0)
    assert record.method is Method.FALLBACK
    assert "the fallback, because time ran out" in record.finding
    assert not attack([shown]).told
    assert len(shown.hidden) >= len(best.hidden)


def test_the_same_table_gives_the_same_result():
    first, second = (protect_table(two_way(S2), PUBLIC)[0] for _ in range(2))
    assert table_as_data(first) == table_as_data(second)


def test_a_shown_table_goes_into_json_and_back_and_nobody_else_makes_one():
    shown = protect_table(two_way(S2), PUBLIC)[0]
    again = table_from_data(json.loads(json.dumps(table_as_data(shown))))
    assert again == shown
    assert shown.key == (("[c]", "too few to show"),)
    with pytest.raises(TypeError, match="by nobody else"):
        ShownTable(**{n: getattr(shown, n) for n in table_as_data(shown)}, maker=object())


def test_derived_figures_come_from_what_is_shown():
    shown = protect_table(two_way(S2), PUBLIC)[0]
    assert per_cent(shown, ("a", "u"), ("a", "")).text == "54"
    assert per_cent(shown, ("a", "w"), ("a", "")).text == "[c]"
    assert per_cent(shown, ("a", "u"), ("a", "u")).value == 100
    assert ratio(shown, ("a", "u"), ("b", "u")) == pytest.approx(14 / 11)
    assert ratio(shown, ("a", "w"), ("b", "u")) is State.SUPPRESSED
    assert chart_values(shown, "care", ("a", "")) == [14, State.SUPPRESSED, State.SUPPRESSED]
    ages = {"u": 1.0, "v": 2.0, "w": 4.0}
    assert mean(shown, "care", ages, ("c", "")) == pytest.approx((10 + 24 + 28) / 29)
    assert mean(shown, "care", ages, ("a", "")) is State.SUPPRESSED
    for wrong, said in (
        (lambda: per_cent(shown, ("a", ""), ("a", "u")), "is not part of"),
        (lambda: per_cent(shown, ("z", ""), ("", "")), "is no published cell"),
        (lambda: mean(shown, "care", {"u": 1.0}, ("a", "")), "v stands for no number"),
        (lambda: mean(shown, "age", ages, ("a", "")), "is no dimension"),
        (lambda: chart_values(shown, "age", ("a", "")), "is no dimension"),
    ):
        with pytest.raises(ValueError, match=said):
            wrong()


def test_a_table_spelled_twice_is_the_same_and_another_is_not():
    assert spelled_table(two_way(S2)) == spelled_table(two_way(S2))
    assert spelled_table(two_way(S2)) != spelled_table(two_way([[14, 9, 4], *S2[1:]]))


def test_a_threshold_under_2_is_refused():
    with pytest.raises(ValueError, match="under 2 hides nothing"):
        protect_table(two_way(S2), profile(threshold=1))


def test_earlier_tables_of_other_people_are_ignored():
    other = protect_table(two_way(S2, people={"who": "adults"}), PUBLIC)[0]
    elsewhere = protect_table(two_way(S2, people={"area": Area("moray")}), PUBLIC)[0]
    shown, record = protect_table(two_way(S2), PUBLIC, [other, elsewhere])
    assert shown.hidden == keys("av", "aw", "bv", "bw")
    assert record.compared_n == 1


def test_the_method_page_s_table_is_what_comes_out():
    rows = re.findall(r"^\| (North|South|East|Total) \| (.+) \|$", PAGE.read_text(), re.M)
    given, printed = rows[:4], rows[4:8]
    counts = [[int(n) for n in cells.split(" | ")[:3]] for _, cells in given[:3]]
    shown = protect_table(two_way(counts), PUBLIC)[0]
    for row, (_, cells) in zip(("a", "b", "c", ""), printed, strict=True):
        assert shown.texts([(row, c) for c in ("u", "v", "w", "")]) == cells.split(" | ")
    ranges = re.findall(r"^\| (\w+), (\w+) \| (\d+) to (\d+) \|$", PAGE.read_text(), re.M)
    names = {"North": "a", "South": "b", "Foster": "v", "Resid": "w"}
    assert {
        (0, (names[area], names[care])): (int(least), int(most))
        for area, care, least, most in ranges
    } == bounds([shown])
