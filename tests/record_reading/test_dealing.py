"""Dealing records to readers: even, never to whom they are closed, the same from the same seed."""

from collections import Counter

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sightline.record_reading.dealing import (
    Card,
    Seat,
    choose_twice,
    deal,
    one_more,
    share_of,
)

STRATA = ("care", "register", "aftercare")


@st.composite
def tables(draw, *, conflicts=False, most=100):
    """Records of some strata, readers in pairs, and perhaps conflicts."""
    pairs = draw(st.integers(1, 5))
    seats = [Seat(f"{pair}{side}", pair) for pair in range(1, pairs + 1) for side in "ab"]
    cards = []
    for number in range(1, draw(st.integers(1, 40)) + 1):
        shut = draw(st.frozensets(st.sampled_from([seat.reader for seat in seats]))) if (
            conflicts) else frozenset()  # fmt: skip
        cards.append(Card(number, draw(st.sampled_from(STRATA)), shut))
    return cards, seats, draw(st.integers(0, most)), draw(st.text(min_size=1, max_size=8))


def loads(found, seats):
    held = Counter({seat.reader: seat.held for seat in seats})
    for parts in found.parts.values():
        held.update(parts)
    return held


@settings(max_examples=40)
@given(tables(most=50))
def test_it_is_even_across_readers_and_pairs(table):
    cards, seats, per_cent, seed = table
    found = deal(cards, seats, per_cent=per_cent, seed=seed)
    held = loads(found, seats)
    twice = sum(len(parts) == 2 for parts in found.parts.values())
    assert set(found.parts) == {card.number for card in cards}
    assert found.closed == found.once == ()
    if len(cards) - twice >= len(seats):  # enough of those read once to even it out
        assert max(held.values()) - min(held.values()) <= 1
        pairs = Counter()
        for reader, count in held.items():
            pairs[reader[:-1]] += count
        assert max(pairs.values()) - min(pairs.values()) <= 1


@settings(max_examples=40)
@given(tables(conflicts=True))
def test_nobody_is_dealt_what_is_closed_to_them_and_nobody_reads_twice(table):
    cards, seats, per_cent, seed = table
    found = deal(cards, seats, per_cent=per_cent, seed=seed)
    for card in cards:
        parts = found.parts.get(card.number, ())
        assert not set(parts) & card.closed_to
        assert len(set(parts)) == len(parts) <= 2
        nobody = {seat.reader for seat in seats} <= card.closed_to
        assert (card.number in found.closed) == nobody == (not parts)


@settings(max_examples=40)
@given(tables(conflicts=True))
def test_no_move_of_a_record_read_once_would_make_it_more_even(table):
    cards, seats, per_cent, seed = table
    found = deal(cards, seats, per_cent=per_cent, seed=seed)
    held = loads(found, seats)
    for card in cards:
        parts = found.parts.get(card.number, ())
        if len(parts) == 1:
            open_to = [held[s.reader] for s in seats if s.reader not in card.closed_to]
            assert held[parts[0]] - min(open_to) <= 1


@settings(max_examples=40)
@given(tables())
@example(([Card(n, "care") for n in range(1, 46)], [Seat("1a", 1), Seat("1b", 1)], 10, "s"))
def test_the_share_holds_in_each_stratum_and_both_are_of_a_pair(table):
    cards, seats, per_cent, seed = table
    found = deal(cards, seats, per_cent=per_cent, seed=seed)
    for stratum in STRATA:
        held = [card for card in cards if card.stratum == stratum]
        twice = [found.parts[card.number] for card in held if len(found.parts[card.number]) == 2]
        assert len(twice) == share_of(len(held), per_cent)
        assert abs(len(twice) - len(held) * per_cent / 100) <= max(0.5, per_cent > 0)
        assert bool(twice) == bool(per_cent and held)
        assert all(one[:-1] == other[:-1] for one, other in twice)


@settings(max_examples=40)
@given(tables(conflicts=True), st.randoms())
def test_the_order_of_what_is_given_does_not_matter(table, chance):
    cards, seats, per_cent, seed = table
    first = deal(cards, seats, per_cent=per_cent, seed=seed)
    mixed, others = list(cards), list(seats)
    chance.shuffle(mixed)
    chance.shuffle(others)
    assert deal(mixed, others, per_cent=per_cent, seed=seed) == first


def test_another_seed_is_another_deal():
    cards = [Card(n, "care") for n in range(1, 21)]
    seats = [Seat("a", 1), Seat("b", 1)]
    deals = {
        tuple(deal(cards, seats, per_cent=20, seed=str(seed)).parts.items()) for seed in range(5)
    }
    assert len(deals) == 5


def test_those_of_no_pair_read_beside_each_other():
    cards = [Card(n, "care") for n in range(1, 13)]
    seats = [Seat("1a", 1), Seat("1b", 1), Seat("x"), Seat("y"), Seat("z", 9)]
    found = deal(cards, seats, per_cent=100, seed="s")
    couples = {frozenset(parts) for parts in found.parts.values()}
    assert couples <= {frozenset(two) for two in (("1a", "1b"), ("x", "y"), ("y", "z"), ("x", "z"))}
    held = loads(found, seats)
    assert max(held.values()) - min(held.values()) <= 2


def test_somebody_alone_is_read_beside_by_whoever_has_least():
    cards = [Card(n, "care") for n in range(1, 10)]
    seats = [Seat("1a", 1), Seat("1b", 1), Seat("x")]
    found = deal(cards, seats, per_cent=100, seed="s")
    assert set(loads(found, seats).values()) == {6}


def test_one_reader_alone_reads_everything_once_and_that_is_said():
    cards = [Card(n, "care") for n in range(1, 5)]
    found = deal(cards, [Seat("x")], per_cent=50, seed="s")
    assert set(found.parts.values()) == {("x",)}
    assert found.once == ()  # none was chosen, because none can be
    again = deal([Card(1, "care", twice=True)], [Seat("x")], per_cent=0, seed="s")
    assert again.parts == {1: ("x",)}
    assert again.once == (1,)


def test_a_pair_that_may_not_both_open_it_is_passed_over_for_one_that_may():
    seats = [Seat("1a", 1), Seat("1b", 1), Seat("2a", 2), Seat("2b", 2)]
    shut = Card(1, "care", frozenset({"1a"}), twice=True)
    assert set(deal([shut], seats, per_cent=0, seed="s").parts[1]) == {"2a", "2b"}
    none = Card(1, "care", frozenset({"1a", "2a"}), twice=True)
    assert set(deal([none], seats, per_cent=0, seed="s").parts[1]) == {"1b", "2b"}
    cards = [Card(1, "care", frozenset({"1a", "2a"})), Card(2, "care")]
    for seed in "abcdef":
        assert choose_twice(cards, seats, per_cent=50, seed=seed) == {2}


def test_what_is_held_already_counts():
    seats = [Seat("a", 1, held=5), Seat("b", 1)]
    found = deal([Card(n, "care", twice=False) for n in range(1, 6)], seats, per_cent=0, seed="s")
    assert loads(found, seats) == {"a": 5, "b": 5}


def test_one_more_reader():
    seats = [Seat("a", 1, held=2), Seat("b", 1), Seat("c", held=1)]
    card = Card(1, "care", frozenset({"b"}))
    assert one_more(card, seats, reading=["a"], seed="s") == "c"
    assert one_more(card, seats, reading=["a", "c"], seed="s") is None
