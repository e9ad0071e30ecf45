"""Which counts are shown: the worked tables S1 and S3 to S6, profiles, zeros, groups, families."""

import re
from pathlib import Path

import pytest

from sightline.kernel.measures import State
from sightline.stats.disclosure import Count, Shown, ShownCell, as_data, from_data, protect
from tests.stats.disclosing import (
    COMMITTEE,
    OPERATIONAL,
    PUBLIC,
    RESEARCH,
    profile,
    table,
    texts,
)  # fmt: skip

PAGE = Path(__file__).parents[2] / "docs/methods/M-02-hiding-small-counts.md"


def shown(*counts, rules=PUBLIC, **more):
    return protect(table(*counts, **more), rules)[0]


def test_s1_one_more_is_hidden_beside_a_small_count():
    result, record = protect(table(3, 7, 12), PUBLIC)
    assert texts(result) == ["[c]", "[c]", "12", "22"]
    assert texts(result, "per_cent") == ["[c]", "[c]", "55", "100"]
    assert (record.primary_n, record.secondary_n, record.narrowest) == (1, 1, 8)
    assert record.finding == "2 hidden; each could be any of 9 numbers or more (needed: 6)."


def test_s3_all_of_a_small_group():
    four = shown((4, 4))
    assert texts(four) == ["[c]", "[c]"]
    assert texts(four, "of") == ["[c]", "[c]"]
    six = shown((6, 6))
    assert texts(six) == ["[c]", "[c]"]
    assert texts(six, "of") == ["6", "6"]
    assert texts(six, "per_cent") == ["[c]", "[c]"]
    assert texts(shown((0, 6))) == ["[c]", "[c]"]
    assert texts(shown((40, 40)), "per_cent") == ["100", "100"]


def test_s4_hiding_the_only_count_is_pointless_so_the_breakdown_is_withheld():
    result, record = protect(table(0, 4, 0), PUBLIC)
    assert texts(result) == ["[c]"] * 4
    assert result.withheld == record.withheld == "Too few people to show by category."
    assert record.finding == "The breakdown is withheld."


def test_s5_in_one_table_the_next_smallest_quarter_is_hidden_too():
    assert texts(shown(2, 5, 6, 7)) == ["[c]", "[c]", "6", "7", "20"]


def test_s6_few_who_are_not_are_hidden_too_and_a_wide_share_is_said():
    result = shown((38, 40))
    assert texts(result) == ["[c]", "[c]"]
    assert texts(result, "of") == ["40", "40"]
    assert result.at_least == 87
    assert shown((38, 40), sensitive=True).at_least == 75
    assert shown((3, 40)).at_least is None
    assert shown((30, 40)).at_least is None
    assert shown((9, 10), (20, 40)).at_least is None


def test_a_small_count_out_of_many_hides_another_row():
    result, record = protect(table((3, 20), (10, 20), (12, 30)), PUBLIC)
    assert texts(result) == ["[c]", "[c]", "12", "25"]
    assert texts(result, "of") == ["20", "20", "30", "70"]
    assert texts(result, "per_cent") == ["[c]", "[c]", "40", "36"]
    assert record.narrowest == 11


def test_a_small_base_is_hidden_and_another_beside_it():
    result = shown((2, 4), (10, 20), (12, 30))
    assert texts(result, "of") == ["[c]", "[c]", "30", "54"]
    assert texts(result) == ["[c]", "[c]", "12", "24"]


def test_everybody_of_a_small_group_in_one_category():
    assert texts(shown(0, 7, 0)) == ["[c]", "[c]", "[c]", "7"]
    assert texts(shown(0, 40, 0)) == ["0", "40", "0", "40"]
    assert texts(shown(0, 0)) == ["0", "0", "0"]


def test_zeros_are_hidden_where_nothing_else_protects():
    result, record = protect(table(1, 0, 11, 0), PUBLIC)
    assert texts(result) == ["[c]", "0", "[c]", "0", "12"]
    assert record.secondary_n == 1
    small = shown(2, 0, 3, 0, 0)
    assert texts(small) == ["[c]", "[c]", "[c]", "[c]", "[c]", "5"]


def test_families_count_as_well_as_people():
    one_family = Count("a", "A", 8, families=1)
    assert texts(shown(one_family, 20, 30)) == ["[c]", "[c]", "30", "58"]
    assert texts(shown(Count("a", "A", 8, families=3), 20, 30)) == ["8", "20", "30", "58"]


def test_sensitive_tables_and_small_areas_have_the_stricter_threshold():
    assert texts(shown(7, 12, 30)) == ["7", "12", "30", "49"]
    assert texts(shown(7, 12, 30, sensitive=True)) == ["[c]", "[c]", "30", "49"]
    assert texts(shown(7, 12, 30, below_council=True)) == ["[c]", "[c]", "30", "49"]
    assert texts(protect(table(7, 12, 30), PUBLIC.stricter(8))[0]) == ["[c]", "[c]", "30", "49"]


def test_research_hides_zeros_and_rounds_what_is_left():
    result = shown(3, 0, 33, 41, 62, rules=RESEARCH)
    assert texts(result) == ["[c]", "[c]", "[c]", "40", "60", "140"]
    assert any("rounded to the nearest 5" in note for note in result.notes)
    assert texts(result, "per_cent")[3] == "29"
    assert texts(shown(0, 0, rules=RESEARCH)) == ["[c]", "[c]", "[c]"]


def test_operational_and_committee_hide_nothing_and_committee_flags():
    assert texts(shown(3, 0, 12, rules=OPERATIONAL)) == ["3", "0", "12", "15"]
    flagged, record = protect(table(3, 0, 12), COMMITTEE)
    assert [row.count.small for row in flagged.rows] == [True, False, False]
    assert "In private." in flagged.notes
    assert record.finding == "Nothing is hidden."
    assert not flagged.hides


def test_no_percentage_on_a_small_base():
    assert texts(shown(5, 0), "per_cent") == ["[c]"] * 3
    assert texts(shown((5, 10), (6, 12)), "per_cent") == ["50", "50", "50"]


def test_what_was_not_counted_keeps_its_state_and_the_total_says_so():
    gone = Count("d", "D", None, state=State.NOT_AVAILABLE)
    result = shown(12, 20, 30, gone)
    assert texts(result) == ["12", "20", "30", "[x]", "62"]
    assert "The total is incomplete: it leaves out D." in result.notes
    assert result.key == (("[x]", "not available"),)
    asked = Count("b", "B", None, state=State.NOT_ASKED)
    pairs = shown((12, 30), asked)
    assert texts(pairs) == ["12", "[z]", "12"]


def test_ties_go_to_the_category_least_used_elsewhere_then_by_order():
    plain = shown(3, 12, 12, 30)
    assert texts(plain) == ["[c]", "[c]", "12", "30", "57"]
    other = shown(Count("b", "B", 25), Count("x", "X", 32), by="Sex")
    used = protect(table(3, 12, 12, 30), PUBLIC, [other])[0]
    assert texts(used) == ["[c]", "12", "[c]", "30", "57"]


def test_the_same_table_gives_the_same_result():
    assert as_data(shown(3, 7, 12)) == as_data(shown(3, 7, 12))


def test_a_shown_table_goes_into_json_and_back():
    for result in (shown(3, 7, 12), shown((38, 40)), shown(0, 4, 0)):
        assert from_data(as_data(result)) == result


def test_nobody_else_makes_a_shown_table():
    result = shown(3, 7, 12)
    fields = {name: getattr(result, name) for name in as_data(result)}
    with pytest.raises(TypeError, match="and by nobody else"):
        Shown(**fields, maker=object())
    with pytest.raises(TypeError):
        Shown(**fields)
    import dataclasses

    with pytest.raises((TypeError, ValueError)):
        dataclasses.replace(result, threshold=1)


def test_cells_say_what_they_are():
    assert ShownCell(1204, State.OBSERVED).text == "1,204"
    assert ShownCell(1204, State.OBSERVED).words == "1,204"
    assert ShownCell(0, State.TRUE_ZERO).words == "none"
    hidden = ShownCell(None, State.SUPPRESSED)
    assert (hidden.text, hidden.words, hidden.drawn) == (
        "[c]", "too few to show", State.SUPPRESSED,
    )  # fmt: skip
    assert shown(0, 4, 0).is_empty
    assert not shown(3, 7, 12).is_empty


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"threshold": 1}, "a threshold under 2 hides nothing"),
        ({"narrow_threshold": 4}, "less strict than the usual 5"),
        ({"secondary": False}, "hiding one count of a total shows it"),
        ({"family_threshold": -1}, "family_threshold is below zero"),
        ({"rounding": 0}, "rounding and minimum_base are 1 or more"),
    ],
)
def test_a_profile_that_protects_nothing_is_refused(changes, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        profile(**changes)


def test_a_stricter_threshold_is_never_looser():
    assert PUBLIC.stricter(3) == PUBLIC
    assert PUBLIC.stricter(12).narrow_threshold == 12
    assert PUBLIC.key == "public@1"


def test_the_method_page_s_tables_are_what_comes_out():
    rows = re.findall(r"^\| (S\d[a-z]?) \| ([^|]+) \| ([^|]+) \|", PAGE.read_text(), re.M)
    assert {name for name, _, _ in rows} >= {"S1", "S3a", "S3b", "S4", "S5", "S6"}
    for name, given, printed in rows:
        counts = [
            tuple(map(int, part.split(" of "))) if " of " in part else int(part)
            for part in given.strip().split(", ")
        ]
        assert texts(shown(*counts)) == printed.strip().split(", "), name
