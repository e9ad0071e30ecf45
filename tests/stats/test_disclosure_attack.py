"""A plain attacker tries every table that could be meant, and gets at nothing that is hidden.

The attacker shares no arithmetic with the code: it enumerates.
"""

import datetime as dt
import random
from itertools import product

import pytest

from sightline.kernel.measures import State
from sightline.stats.disclosure import Area, Count, linked, protect
from sightline.stats.disclosure.protecting import REVISED, TOGETHER
from tests.stats.disclosing import (
    COMMITTEE,
    PUBLIC,
    QUARTERS,
    RESEARCH,
    YEAR,
    possible,
    profile,
    table,
    texts,
    widths,
    with_hidden,
)  # fmt: skip


def test_the_attacker_breaks_a_planted_pattern_that_hides_the_small_count_alone():
    whole = protect(table(30, 70, 120), PUBLIC)[0]
    planted = with_hidden(whole, [0])
    assert list(possible(planted)) == [(30, 70, 120)]
    assert widths(planted) == [0]


def test_the_attacker_breaks_two_hidden_counts_that_have_no_room():
    from sightline.stats.disclosure import as_data, from_data

    data = as_data(protect(table(12, 13, 30), PUBLIC)[0])
    data["total"]["count"]["value"] = 32
    planted = with_hidden(from_data(data), [0, 1])
    assert widths(planted) == [2, 2]


@pytest.mark.parametrize("rules", [False, True], ids=["sums alone", "knowing the rules"])
def test_no_table_of_three_small_counts_gives_one_away(rules):
    for counts in product(range(11), repeat=3):
        shown = protect(table(*counts), PUBLIC)[0]
        found = widths(shown, rules=rules)
        assert min(found, default=99) >= 5, (counts, texts(shown), found)
        for row, count in zip(shown.rows, counts, strict=True):
            assert row.count.value is None or not 0 < count < 5


@pytest.mark.parametrize("seed", range(4))
def test_no_larger_table_gives_one_away(seed):
    dice = random.Random(seed)  # noqa: S311 - tests want the same tables each time
    for _ in range(40):
        counts = [dice.choice((0, 1, 2, 3, 4, 5, 6, 8, 11, 20)) for _ in range(4)]
        rules = dice.choice((PUBLIC, PUBLIC.stricter(7)))
        shown = protect(table(*counts), rules)[0]
        assert min(widths(shown), default=99) >= rules.threshold, (counts, texts(shown))


def pairs_possible(shown, most=40):
    """Every (k, n) of each row that could be meant by a table of "k of n"."""
    rows = []
    for row in shown.rows:
        bases = range(most) if row.of.value is None else [row.of.value]
        rows.append([
            (n, d) for d in bases for n in range(d + 1) if row.count.value in (None, n)
        ])  # fmt: skip
    total, base = shown.total.count.value, shown.total.of.value
    for guess in product(*rows):
        if (total is None or sum(n for n, _ in guess) == total) and (
            base is None or sum(d for _, d in guess) == base
        ):
            yield guess


@pytest.mark.parametrize("seed", range(3))
def test_no_table_of_k_of_n_gives_away_those_counted_or_those_not(seed):
    dice = random.Random(seed)  # noqa: S311
    for _ in range(60):
        bases = [dice.choice((5, 6, 8, 10, 11, 12, 14, 19)) for _ in range(3)]
        counts = [(dice.randint(0, d), d) for d in bases]
        shown = protect(table(*counts), PUBLIC)[0]
        guesses = list(pairs_possible(shown))
        assert tuple(counts) in guesses
        for place, row in enumerate(shown.rows):
            if row.count.value is None:
                for part in (lambda n, d: n, lambda n, d: d - n):
                    values = {part(*guess[place]) for guess in guesses}
                    assert max(values) - min(values) >= 5, (counts, texts(shown), place)


@pytest.mark.parametrize(
    "counts", [((2, 4), (10, 12), (7, 11)), ((1, 3), (2, 2), (9, 12)), ((4, 4), (0, 4), (3, 3))]
)
def test_small_bases_stay_hidden_in_a_table_of_k_of_n(counts):
    shown = protect(table(*counts), PUBLIC)[0]
    guesses = list(pairs_possible(shown, most=16))
    for place, row in enumerate(shown.rows):
        if row.of.value is None:
            values = {guess[place][1] for guess in guesses}
            assert max(values) - min(values) >= 5, (texts(shown, "of"), place)


# Earlier releases


def released(*tables, rules=PUBLIC):
    """Protect one after another, each knowing those before."""
    seen = []
    for one in tables:
        seen.append(protect(one, rules, seen)[0])
    return seen


def test_s5_a_year_after_its_quarters_is_withheld():
    quarters = [table(n, days=days) for n, days in zip((2, 5, 6, 7), QUARTERS, strict=True)]
    *shown, year = released(*quarters, table(20))
    assert [texts(one)[-1] for one in shown] == ["[c]", "5", "6", "7"]
    assert texts(year) == ["[c]", "[c]"]


def test_s5_the_last_quarter_after_the_year_is_withheld():
    quarters = [table(n, days=days) for n, days in zip((2, 5, 6, 7), QUARTERS, strict=True)]
    shown = released(table(20), *quarters)
    assert [texts(one)[-1] for one in shown] == ["20", "[c]", "5", "6", "[c]"]


def test_s5_quarters_with_room_are_all_shown():
    quarters = [table(n, days=days) for n, days in zip((12, 15, 16, 17), QUARTERS, strict=True)]
    shown = released(*quarters, table(60))
    assert [texts(one)[-1] for one in shown] == ["12", "15", "16", "17", "60"]


def test_the_council_and_the_council_less_one_locality_are_not_both_shown():
    council = table(30, 40, area=Area("fife"))
    less = table(28, 40, area=Area("fife", without=("fife/levenmouth",)))
    first, second = released(council, less)
    assert texts(first) == ["30", "40", "70"]
    assert texts(second) == ["[c]", "40", "[c]"] or second.withheld
    assert linked.leaks(linked.quantities([first, second])) == set()


def test_a_council_after_all_of_its_localities():
    parts = ("fife/east", "fife/west")
    east = table(3, 30, area=Area("fife/east"))
    west = table(20, 30, area=Area("fife/west"))
    whole = table(23, 60, area=Area("fife", made_of=parts))
    *_, council = released(east, west, whole)
    assert texts(council)[0] == "[c]"


def test_overlapping_years_and_the_quarter_they_do_not_share():
    year = table(30)
    first = table(10, days=QUARTERS[0])
    later = (dt.date(2026, 4, 1), dt.date(2027, 3, 31))
    rolling = table(23, days=later)  # so the first quarter of 2027 has 3
    shown = released(year, first, rolling)
    assert [texts(one)[-1] for one in shown] == ["30", "10", "[c]"]


def test_a_total_hidden_in_one_breakdown_is_not_shown_by_another():
    by_age = table(30, 40)
    by_sex = table(35, 35, by="Sex")
    shown = released(by_age, by_sex)
    assert texts(shown[1]) == ["35", "35", "70"]
    late = released(table(12, 13, by="Place"), table(3, 22))
    assert texts(late[1]) == ["[c]", "[c]", "25"]


def test_other_people_are_not_compared():
    other = protect(table(2, 5, 6, 7, who="carers"), PUBLIC)[0]
    shown, record = protect(table(20), PUBLIC, [other])
    assert texts(shown) == ["20", "20"]
    assert record.compared_n == 0


def test_what_was_hidden_stays_hidden_in_the_next_vintage():
    before = protect(table(3, 7, 30), PUBLIC)[0]
    after, record = protect(table(13, 17, 40, vintage="2"), PUBLIC, [before])
    assert texts(after) == ["[c]", "[c]", "40", "70"]
    assert record.linked_n == 2
    again = protect(table((3, 20), (10, 20), (12, 30)), PUBLIC)[0]
    later = protect(table((13, 30), (19, 40), (22, 45), vintage="2"), PUBLIC, [again])[0]
    assert texts(later) == ["[c]", "[c]", "22", "54"]


def test_a_small_change_between_vintages_does_not_show():
    before = protect(table(20, 30, 40), PUBLIC)[0]
    moved = protect(table(22, 28, 40, vintage="2"), PUBLIC, [before])[0]
    assert texts(moved) == ["[c]", "[c]", "40", "90"]
    added, record = protect(table(22, 30, 40, vintage="2"), PUBLIC, [before])
    assert texts(added) == ["[c]"] * 4
    assert added.withheld == record.withheld == REVISED
    much = protect(table(26, 37, 45, vintage="2"), PUBLIC, [before])[0]
    assert texts(much) == ["26", "37", "45", "108"]


def test_what_was_withheld_stays_withheld():
    before = protect(table(0, 7, 0), PUBLIC)[0]
    after = protect(table(20, 30, 40, vintage="2"), PUBLIC, [before])[0]
    assert texts(after) == ["[c]", "[c]", "[c]", "90"]
    gone = protect(table(0, 4, 0), PUBLIC)[0]
    after = protect(table(20, 30, 40, vintage="2"), PUBLIC, [gone])[0]
    assert texts(after)[-1] == "[c]"


def test_a_total_that_was_hidden_stays_hidden():
    before = protect(table((3, 30), (0, 40)), PUBLIC)[0]
    assert texts(before) == ["[c]", "0", "[c]"]
    after = protect(table((13, 30), (20, 40), vintage="2"), PUBLIC, [before])[0]
    assert texts(after)[-1] == "[c]"


def test_research_hides_whatever_the_public_does_not_see():
    public = protect(table(3, 12, 13, 40), PUBLIC)[0]
    research = protect(table(3, 12, 13, 40), RESEARCH, [public])[0]
    hidden = [row.count.value is None for row in public.rows]
    also = [row.count.value is None for row in research.rows]
    assert all(there or not here for here, there in zip(hidden, also, strict=True))


def test_figures_that_disagree_with_a_release_are_withheld():
    shown = released(
        *(table(10, days=days) for days in QUARTERS), table(30)
    )  # the quarters make 40
    assert shown[-1].withheld == TOGETHER or texts(shown[-1]) == ["[c]", "[c]"]


def test_where_earlier_releases_disagree_nothing_more_is_shown_of_them():
    quarters = [protect(table(10, days=days), PUBLIC)[0] for days in QUARTERS]
    year = protect(table(30), PUBLIC)[0]
    assert linked.leaks(linked.quantities([*quarters, year]))
    shown = protect(table(15, 15, by="Sex"), PUBLIC, [*quarters, year])[0]
    assert shown.withheld == TOGETHER


def test_more_releases_than_are_looked_through_means_withheld(monkeypatch):
    monkeypatch.setattr(linked, "MOST_SUMS", 2)
    quarters = [table(12, days=days) for days in QUARTERS]
    shown = released(*quarters, table(48))
    assert shown[-1].withheld == TOGETHER


def test_k_of_n_is_checked_against_its_parts_too():
    quarters = [
        table((n, d), days=days)
        for (n, d), days in zip(((8, 20), (9, 20), (10, 20), (11, 20)), QUARTERS, strict=True)
    ]
    *_, year = released(*quarters, table((38, 80)))
    assert texts(year) == ["38", "38"]
    less = table((36, 78), area=Area("fife", without=("fife/levenmouth",)))
    *_, last = released(table((38, 80)), less)
    assert texts(last)[-1] == "[c]"


def test_what_was_not_counted_takes_no_part_in_the_comparison():
    gone = Count("c", "C", None, state=State.NOT_AVAILABLE)
    first = table(12, 20, gone, days=QUARTERS[0])
    *_, year = released(first, table(30, 44, 60))
    assert texts(year) == ["30", "44", "60", "134"]


def test_what_hides_nothing_is_not_compared():
    committee = protect(table(2, 5, 6, 7), COMMITTEE)[0]
    shown, record = protect(table(20), PUBLIC, [committee])
    assert texts(shown) == ["20", "20"]
    assert record.compared_n == 0


def halves(rest, whole, part):
    """Every split of two categories into a part and the rest that both tables allow."""
    most = 24
    options = []
    for place in range(2):
        both = whole.rows[place].count.value
        inside = part.rows[place].count.value
        options.append([
            (p, r) for p in range(most) for r in range(most)
            if inside in (None, p) and both in (None, p + r)
        ])  # fmt: skip
    totals = whole.total.count.value, part.total.count.value
    for first, second in product(*options):
        inside = first[0] + second[0]
        if totals[1] in (None, inside) and totals[0] in (None, inside + first[1] + second[1]):
            yield first, second


@pytest.mark.parametrize("order", ["whole first", "part first"])
def test_a_part_and_its_whole_together_give_nothing_away(order):
    dice = random.Random(order)  # noqa: S311
    for _ in range(40):
        inside = [dice.choice((0, 1, 3, 5, 6, 9)) for _ in range(2)]
        rest = [dice.choice((0, 1, 2, 4, 5, 7)) for _ in range(2)]
        whole = table(*(a + b for a, b in zip(inside, rest, strict=True)), days=YEAR)
        part = table(*inside, days=QUARTERS[0])
        made = released(*([whole, part] if order == "whole first" else [part, whole]))
        shown = made if order == "whole first" else made[::-1]
        splits = list(halves(rest, *shown))
        told = (inside, rest, [texts(one) for one in shown])
        for place in range(2):
            if shown[0].rows[place].count.value == 0:
                continue  # nobody at all, so nobody in the part: shown, and no small number
            left = {split[place][1] for split in splits}
            assert len(left) > 1 or not 0 < rest[place] < 5, ("the rest", told)
            for one, value in ((shown[1], 0), (shown[0], None)):
                if one.rows[place].count.value is None:
                    values = {s[place][0] if value == 0 else sum(s[place]) for s in splits}
                    assert max(values) - min(values) >= 5, ("hidden", told)


def test_rounded_releases_are_compared_by_what_they_can_stand_for():
    loose = profile(code="r", rounding=5)
    shown = released(table(40), table(20, days=QUARTERS[0]), rules=loose)
    assert [texts(one)[-1] for one in shown] == ["40", "20"]
