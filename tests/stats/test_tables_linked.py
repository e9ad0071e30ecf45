"""Many-way tables after earlier releases: vintages, quarters and years, councils and localities."""

import dataclasses

import pytest

from sightline.stats.disclosure import Area, attack, bounds, from_shown, protect, protect_table
from sightline.stats.disclosure import protecting_tables as protecting
from sightline.stats.disclosure.attacker import Attack, Told
from sightline.stats.disclosure.protecting import REVISED, TOGETHER, TOO_FEW
from sightline.stats.disclosure.protecting_tables import CONTRADICTS
from tests.stats.disclosing import PUBLIC, QUARTERS, YEAR, profile, table
from tests.stats.tabling import build, dimension, drawn, keys, one_way, two_way, with_hidden

S2 = [[14, 9, 3], [11, 8, 6], [10, 12, 7]]


def days(span):
    return {"people": {"first": span[0], "last": span[1]}}


def released(*tables, rules=PUBLIC):
    seen, records = [], []
    for one in tables:
        shown, record = protect_table(one, rules, seen)
        seen.append(shown)
        records.append(record)
    return seen, records


def test_s5_quarters_released_one_by_one_and_then_their_year():
    quarters = [
        one_way(n, 20, 30, **days(span)) for n, span in zip((2, 5, 6, 7), QUARTERS, strict=True)
    ]
    year = one_way(20, 80, 120, **days(YEAR))
    seen, records = released(*quarters, year)
    assert seen[0].hidden >= {("a",)}
    assert ("a",) in seen[-1].hidden or ("",) in seen[-1].hidden
    assert records[-1].linked_n or records[-1].withheld
    assert not attack(seen).told


def test_the_year_is_shown_where_the_quarters_leave_room():
    quarters = [one_way(12, 20, **days(span)) for span in QUARTERS]
    seen, records = released(*quarters, one_way(48, 80, **days(YEAR)))
    assert not seen[-1].hidden
    assert records[-1].compared_n == 4


def test_a_council_and_the_council_without_a_locality():
    whole = one_way(40, 60, 80, people={"area": Area("fife")})
    rest = one_way(37, 50, 70, people={"area": Area("fife", without=("fife/leven",))})
    seen, _ = released(whole, rest)
    assert seen[1].cells[("a",)].value is None
    assert not attack(seen).told
    planted = protect_table(rest, PUBLIC)[0]
    (told,) = attack([seen[0], planted]).told
    assert (told.least, told.most, told.besides) == (3, 3, 1)
    assert (0, ("a",)) in told.because


def test_localities_and_the_council_they_make_up():
    north = two_way([[3, 20], [30, 40]], people={"area": Area("fife/north")})
    south = two_way([[15, 22], [31, 41]], people={"area": Area("fife/south")})
    made = ("fife/north", "fife/south")
    council = two_way([[18, 42], [61, 81]], people={"area": Area("fife", made_of=made)})
    seen, _ = released(north, south, council)
    assert ("a", "u") in seen[0].hidden
    assert not attack(seen).told


def test_another_breakdown_of_the_same_people_shares_the_totals():
    first, second = (
        two_way(S2),
        build([dimension("area", *"abc"), dimension("sex", "f", "m")], [12, 14, 22, 3, 15, 14]),
    )
    seen, _ = released(first, second)
    assert ("b", "m") in seen[1].hidden
    assert not attack(seen).told


def test_a_shared_cell_hidden_in_one_is_hidden_in_the_other():
    sides = [dimension("area", *"abc"), dimension("sex", "f", "m")]
    small = one_way(3, 40, 50, sensitive=False)
    by_kind = build([dimension("kind", *"abc"), sides[1]], [2, 1, 20, 20, 25, 25])
    seen, _ = released(small, by_kind)
    assert ("a",) in seen[0].hidden
    assert ("a", "") in seen[1].hidden
    assert not attack(seen).told


def test_one_way_releases_count_too():
    before = protect(table(3, 7, 12, by="Kind"), PUBLIC)[0]
    assert from_shown(before).cells[("a",)].value is None
    sides = [dimension("kind", *"abc"), dimension("sex", "f", "m")]
    shown, record = protect_table(build(sides, [2, 1, 3, 4, 6, 6]), PUBLIC, [before])
    assert ("a", "") in shown.hidden
    assert record.compared_n == 1
    pairs = protect(table((12, 30), (18, 40)), PUBLIC)[0]
    made = from_shown(pairs)
    assert made.cells[("a", "")].value == 30
    assert made.cells[("a", "yes")].value == 12
    gone = from_shown(protect(table((2, 4), (10, 20), (12, 30)), PUBLIC)[0])
    assert ("a", "yes") in gone.hidden


def test_another_vintage_keeps_hidden_what_was_and_hides_small_changes():
    first = protect_table(two_way(S2), PUBLIC)[0]
    later = [[20, 19, 13], [21, 18, 16], [20, 22, 17]]
    shown, record = protect_table(two_way(later, vintage="2"), PUBLIC, [first])
    assert first.hidden <= shown.hidden
    assert record.linked_n == len(first.hidden)
    moved = [[16, 29, 23], [31, 28, 26], [30, 32, 27]]
    assert ("a", "u") in protect_table(two_way(moved), PUBLIC, [first])[0].hidden


def test_a_total_that_changed_by_few_withholds_the_new_vintage():
    first = protect_table(two_way(S2), PUBLIC)[0]
    shown, record = protect_table(two_way([[17, 9, 3], *S2[1:]]), PUBLIC, [first])
    assert shown.withheld == record.withheld == REVISED
    assert not [cell for cell in shown.cells.values() if cell.value is not None]
    third, _ = protect_table(two_way(S2), PUBLIC, [first, shown])
    assert third.withheld == REVISED


def test_dimensions_in_another_order_are_the_same_table():
    first = protect_table(two_way(S2), PUBLIC)[0]
    turned = build(
        [dimension("care", *"uvw"), dimension("area", *"abc")],
        [S2[row][column] for column in range(3) for row in range(3)],
    )
    shown, record = protect_table(turned, PUBLIC, [first])
    assert shown.hidden == {(care, area) for area, care in first.hidden}
    assert record.compared_n == 1


def test_releases_that_do_not_add_up_withhold_the_table():
    quarter = one_way(90, 20, **days(QUARTERS[0]))
    year = one_way(48, 80, **days(YEAR))
    seen, _ = released(quarter)
    shown, record = protect_table(year, PUBLIC, seen)
    assert shown.withheld == CONTRADICTS
    assert record.finding == "The table is withheld."
    both = [*seen, protect_table(year, PUBLIC)[0]]
    assert protect_table(one_way(9, 9, **days(QUARTERS[1])), PUBLIC, both)[0].withheld == TOGETHER


def test_other_profiles_and_releases_that_hide_nothing_are_not_compared():
    open_to_officers = profile(code="operational", hides=False, threshold=0, narrow_threshold=0)
    exact = protect_table(two_way(S2), open_to_officers)[0]
    shown, record = protect_table(two_way(S2), PUBLIC, [exact])
    assert record.compared_n == 0
    assert shown.hidden == keys("av", "aw", "bv", "bw")


@pytest.mark.parametrize("seed", range(8))
def test_no_second_release_gives_either_away(seed):
    numbers = (1, 2, 3, 5, 6, 8, 11, 14, 20, 31)
    first, second = drawn(seed, 9, numbers), drawn(seed + 50, 9, numbers)
    both = [one + other for one, other in zip(first, second, strict=True)]

    def square(counts):
        return [counts[:3], counts[3:6], counts[6:]]

    half = (QUARTERS[0][0], QUARTERS[1][1])
    seen, _ = released(two_way(square(first), **days(half)), two_way(square(both), **days(YEAR)))
    assert not attack(seen).told
    assert not attack(seen).contradicts


def test_where_nothing_protects_it_the_table_is_withheld(monkeypatch):
    monkeypatch.setattr(protecting, "choose", lambda *_, **__: None)
    shown, record = protect_table(two_way(S2), PUBLIC)
    assert shown.withheld == record.withheld == TOO_FEW
    assert shown.hidden == set(shown.cells)


def test_what_the_attacker_tells_is_protected_until_nothing_is_left(monkeypatch):
    told = Told((0, ("a", "w")), 3, 3, 5, None, frozenset({(0, ("c", "w")), (0, ("", "w"))}))
    answers = [Attack((told,), 4, 0, 0, contradicts=False)]
    monkeypatch.setattr(
        protecting, "attack",
        lambda *_, **__: answers.pop() if answers else Attack((), 4, 0, 0, contradicts=False),
    )  # fmt: skip
    shown, record = protect_table(two_way(S2), PUBLIC)
    assert ("c", "w") in shown.hidden
    assert record.linked_n > 0
    never = Attack((), 4, 0, 1, contradicts=False)
    monkeypatch.setattr(protecting, "attack", lambda *_, **__: never)
    assert protect_table(two_way(S2), PUBLIC)[0].withheld == TOO_FEW
    monkeypatch.setattr(protecting, "_ROUNDS", 1)
    assert protect_table(two_way(S2), PUBLIC)[0].withheld == TOO_FEW


def test_the_attacker_reads_a_hidden_sum_off_another_breakdown():
    by_area = protect_table(two_way(S2), PUBLIC)[0]
    by_care = [dimension("care", *"uvw"), dimension("sex", "f", "m")]
    other = protect_table(build(by_care, [20, 15, 15, 14, 8, 8]), PUBLIC)[0]
    hidden = with_hidden(by_area, keys(".u", "au", "bu", "cu", "..", "a.", "b.", "c."))
    assert bounds([hidden])[(0, ("", "u"))][1] is None
    assert bounds([hidden, other])[(0, ("", "u"))] == (35, 35)
    assert (0, ("", "u")) in {told.at for told in attack([hidden, other]).told}


def test_inner_cells_first_and_their_totals_later_tell_nothing():
    inner, total = (one_way(3, 20, 30, margins=[margin]) for margin in (["kind"], []))
    seen, records = released(inner, total)
    assert seen[0].hidden == {("a",)}
    assert seen[1].hidden == {("",)}
    assert records[1].compared_n == 1
    assert not attack(seen).told
    squares = [two_way(S2, margins=margins) for margins in ([["area", "care"]], [["area"], []])]
    seen, _ = released(*squares)
    assert ("a", "") in seen[1].hidden
    assert ("c", "") not in seen[1].hidden
    assert (0, ("a", "w")) not in {told.at for told in attack(seen).told}


def test_sums_of_a_hierarchy_that_came_later_tell_nothing():
    flat, nested = (
        build([dimension("x", *categories)], [3, 9, 20, 30], margins=[["x"]])
        for categories in ("abcd", ("n", "s", "n>a", "n>b", "s>c", "s>d"))
    )
    seen, _ = released(flat, nested)
    assert seen[0].hidden == {("a",)}
    assert ("n",) in seen[1].hidden
    assert seen[1].cells[("s",)].value == 50


def test_what_a_later_layout_changed_is_not_taken_to_hold():
    inner = one_way(3, 20, 30, margins=[["kind"]])
    later = one_way(13, 40, 60, margins=[[]])
    seen, records = released(inner, later)
    assert seen[1].cells[("",)].value == 113
    assert not records[1].withheld


def test_a_third_table_is_looked_at_beside_every_layout_of_another():
    inner, total = (one_way(3, 20, 30, margins=[margin]) for margin in (["kind"], []))
    by_sex = build([dimension("sex", "f", "m")], [26, 27], margins=[["sex"]])
    apart = [protect_table(inner, PUBLIC)[0], protect_table(total, PUBLIC)[0]]
    assert protect_table(by_sex, PUBLIC, apart)[1].compared_n == 2
    other = protect_table(one_way(30, 20, 30, margins=[["kind"]]), PUBLIC)[0]
    low = protect_table(one_way(9, 9, 9, margins=[[]]), PUBLIC)[0]
    assert protect_table(by_sex, PUBLIC, [other, low])[1].compared_n == 1


def test_a_dimension_of_another_code_is_still_the_same_dimension():
    sides = [dimension("x", *"abcd")]
    renamed = [dataclasses.replace(sides[0], code="y")]
    seen, _ = released(build(sides, [3, 9, 20, 30]), build(renamed, [3, 9, 20, 30]))
    assert seen[1].hidden == seen[0].hidden
