"""The attacker breaks what is badly hidden, agrees with enumeration, and gets at nothing else."""

import dataclasses

import pytest

from sightline.stats.disclosure import Percentage, attack, attacker_model, bounds, protect_table
from sightline.stats.disclosure.shown import MAKER, cell
from tests.stats.disclosing import PUBLIC, RESEARCH, profile
from tests.stats.tabling import (
    build,
    dimension,
    drawn,
    enumerated,
    keys,
    one_way,
    possible,
    two_way,
    with_hidden,
)

S2 = [[14, 9, 3], [11, 8, 6], [10, 12, 7]]
TINY = profile(threshold=2, narrow_threshold=2, minimum_base=1)
SHAPES = {
    "two-way": lambda: [dimension("x", *"abc"), dimension("y", *"uvw")],
    "three-way": lambda: [dimension("x", *"ab"), dimension("y", *"uv"), dimension("z", *"pq")],
    "nested": lambda: [
        dimension("x", "n", "s", "n>a", "n>b", "s>c", "s>d"), dimension("y", *"uv"),
    ],
}  # fmt: skip
SIZES = {"two-way": 9, "three-way": 8, "nested": 8}


def open_table(table):
    """Everything shown, to plant patterns in."""
    never = profile(threshold=2, narrow_threshold=2, family_threshold=0, minimum_base=1)
    return protect_table(table, never)[0]


def test_it_breaks_a_pattern_that_hides_the_small_count_alone():
    whole = open_table(two_way(S2))
    planted = with_hidden(whole, keys("aw"), threshold=5)
    (told,) = attack([planted]).told
    assert (told.least, told.most, told.at) == (3, 3, (0, ("a", "w")))
    assert told.because >= {(0, ("a", ""))} or told.because >= {(0, ("", "w"))}
    assert bounds([planted]) == {(0, ("a", "w")): (3, 3)}


def test_it_breaks_a_row_that_is_protected_and_a_column_that_is_not():
    planted = with_hidden(open_table(two_way(S2)), keys("aw", "av"), threshold=5)
    assert {told.least for told in attack([planted]).told} == {3, 9}


def test_it_breaks_a_total_told_by_a_hierarchy():
    sides = [dimension("x", "n", "s", "n>a", "n>b", "s>c", "s>d")]
    planted = with_hidden(open_table(build(sides, [3, 9, 20, 30])), {("a",), ("c",)}, threshold=5)
    assert [told.least for told in attack([planted]).told] == [3, 20]


def test_it_reads_a_percentage_beside_a_hidden_count():
    planted = with_hidden(open_table(one_way(3, 17, 20, 20)), {("a",), ("b",)}, threshold=5)
    assert not attack([planted]).told
    said = [Percentage(0, ("a",), ("",), 5.0, 0)]
    found = attack([planted], said).told
    assert {(told.at[1], told.least, told.most) for told in found} == {
        (("a",), 3, 3), (("b",), 17, 17)
    }  # fmt: skip


def test_it_knows_what_rounding_leaves_open():
    table = two_way([[13, 29, 41], [36, 62, 25], [20, 31, 57]])
    shown = protect_table(table, RESEARCH)[0]
    assert not shown.hidden
    planted = with_hidden(shown, keys("au"))
    ((least, most),) = bounds([planted]).values()
    assert least <= 13 <= most
    assert most > least
    assert most - least <= 16
    stricter = dataclasses.replace(planted, threshold=most - least + 1, maker=MAKER)
    assert [told.at[1] for told in attack([stricter]).told] == [("a", "u")]


def test_tables_that_contradict_each_other_are_found_out():
    shown = open_table(two_way(S2))
    other = dict(shown.cells) | {("", ""): cell(81)}
    assert attack([dataclasses.replace(shown, cells=other, maker=MAKER)]).contradicts
    hidden = with_hidden(shown, keys("au", "av", "bu", "bv"))
    wrong = dict(hidden.cells) | {("a", ""): cell(27)}
    assert attack([dataclasses.replace(hidden, cells=wrong, maker=MAKER)]).contradicts
    with pytest.raises(ValueError, match="contradict each other"):
        bounds([dataclasses.replace(hidden, cells=wrong, maker=MAKER)])


def test_more_unknowns_than_it_can_look_through_count_as_not_settled(monkeypatch):
    monkeypatch.setattr(attacker_model, "MOST_UNKNOWNS", 5)
    assert attack([open_table(two_way(S2))]).unsettled == 1


def test_without_time_for_whole_numbers_what_is_open_counts_as_told(monkeypatch):
    from sightline.stats.disclosure import attacker

    planted = with_hidden(open_table(two_way(S2)), keys("av", "aw", "bv", "bw"), threshold=5)
    monkeypatch.setattr(attacker._Block, "_note", lambda self, where: False)
    found = attack([planted], seconds=0.0)
    assert found.unsettled == len(found.told) == 4
    monkeypatch.undo()
    monkeypatch.setattr(attacker._Block, "seen", lambda self, place: 0.0)
    assert not attack([planted]).told


def test_a_count_that_nothing_limits_has_no_greatest():
    planted = with_hidden(open_table(one_way(3, 9)), {("a",), ("",)})
    assert bounds([planted])[(0, ("a",))][1] is None
    assert not attack([planted]).told


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(4))
def test_its_ranges_are_those_of_every_whole_table_there_is(shape, seed):
    counts = drawn(seed, SIZES[shape], (0, 1, 1, 2, 3, 4))
    shown = open_table(build(SHAPES[shape](), counts))
    inner = sorted(key for key in shown.cells if all(key))
    places = sorted(set(drawn(seed + 100, 5, range(len(inner)))))
    hidden = {inner[place] for place in places} | {inner[0]}
    planted = with_hidden(shown, hidden, zeros_shown=False)
    if ("",) * len(planted.dimensions) in planted.hidden:
        planted = open_table(build(SHAPES[shape](), [n + 2 for n in counts]))
        planted = with_hidden(planted, hidden, zeros_shown=False)
    found = {at[1]: span for at, span in bounds([planted]).items()}
    assert found == enumerated(planted)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(5))
def test_no_small_table_gives_one_away_by_enumeration(shape, seed):
    counts = drawn(seed, SIZES[shape], (0, 1, 1, 2, 3, 4))
    table = build(SHAPES[shape](), counts)
    shown = protect_table(table, TINY)[0]
    if shown.cells[("",) * len(table.dimensions)].value is None or len(shown.hidden) > 12:
        assert not attack([shown]).told
        return
    for key, (least, most) in enumerated(shown).items():
        assert most - least >= shown.limit(key), (seed, key, counts)
    knowing = [
        sums for sums in possible(shown)
        if any(0 < sums[key] < shown.limit(key) for key in shown.hidden)
    ]  # fmt: skip
    for key in shown.hidden if knowing else ():
        counts_of_it = {sums[key] for sums in knowing}
        assert len(counts_of_it) > 1, (seed, key, counts)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("seconds", [20.0, 0.0], ids=["optimal", "fallback"])
def test_no_random_table_is_recoverable(shape, seed, seconds):
    counts = drawn(seed, SIZES[shape])
    shown, record = protect_table(build(SHAPES[shape](), counts), PUBLIC, seconds=seconds)
    found = attack([shown])
    assert not found.told
    assert not found.unsettled
    for key, (least, most) in bounds([shown]).items():
        assert most is None or most - least >= shown.limit(key[1])
    for key, value in shown.cells.items():
        assert value.value is None or not 0 < value.value < shown.limit(key)
    assert record.primary_n + record.secondary_n == len(shown.hidden)


@pytest.mark.parametrize("seed", range(6))
def test_no_random_rounded_table_is_recoverable(seed):
    counts = [count * 4 for count in drawn(seed, 9)]
    shown = protect_table(build(SHAPES["two-way"](), counts), RESEARCH)[0]
    assert not attack([shown]).told


@pytest.mark.parametrize("seed", range(6))
def test_a_primary_only_pattern_of_a_random_table_is_broken(seed):
    counts = [count + 6 for count in drawn(seed, 9)]
    counts[seed] = 3
    planted = with_hidden(
        open_table(build(SHAPES["two-way"](), counts)),
        {("abc"[seed // 3], "uvw"[seed % 3])}, threshold=5,
    )  # fmt: skip
    assert [(told.least, told.most) for told in attack([planted]).told] == [(3, 3)]


@pytest.mark.parametrize("seed", range(4))
def test_rounded_tables_that_show_zeros_do_not_contradict_themselves(seed):
    rounded = profile(rounding=5)
    shown, record = protect_table(build(SHAPES["two-way"](), drawn(seed, 9)), rounded)
    found = attack([shown])
    assert not found.contradicts
    assert not found.told
    assert record.withheld in {"", "Too few people to show by category."}
    for (_, key), (least, most) in bounds([shown]).items():
        assert most is None or most - least >= shown.limit(key)
