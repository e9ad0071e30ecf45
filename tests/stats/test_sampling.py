"""Samples: drawn again the same, minimums met, siblings apart, shares in proportion."""

import json
import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.stats.sampling import (
    Draw,
    Plan,
    Unit,
    draw,
    hash_of,
    redraw,
    share_out,
    size_for,
)
from sightline.stats.sampling_record import as_data, from_data, printed


def frame(sizes, family=0):
    """A frame with so many of each stratum; every `family` of them in a row are siblings."""
    units = []
    for name, size in sizes.items():
        for i in range(size):
            kin = f"family {len(units) // family}" if family else ""
            units.append(Unit(f"{name}-{i:03}", name, kin))
    return units


SIZES = {"home": 90, "kinship": 60, "foster": 45, "residential": 8}


def _least(units, plan, seed):
    """What the minimums come to, strata that are short counted as far as they go."""
    free = draw(units, replace(plan, size=1, minimum=0), seed=seed).strata
    return sum(min(plan.minimum, s.held - len(s.passed_over)) for s in free)


@given(
    sizes=st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 30), min_size=1),
    family=st.integers(0, 4),
    minimum=st.integers(0, 4),
    reserves=st.integers(0, 5),
    seed=st.text(min_size=1, max_size=8).filter(str.strip),
    asked=st.floats(0.05, 1),
)
def test_a_draw_is_the_same_from_its_record_whatever_the_order(
    sizes, family, minimum, reserves, seed, asked
):
    units = frame(sizes, family)
    plan = Plan(max(1, int(asked * len(units))), minimum, reserves=reserves, short=True)
    rooms = {u.family or u.reference for u in units}
    if plan.size > len(rooms) or _least(units, plan, seed) > plan.size:
        with pytest.raises(ValueError, match="to be drawn"):
            draw(units, plan, seed=seed)
        return
    drawn = draw(units, plan, seed=seed)
    shuffled = units[:]
    random.Random(1).shuffle(shuffled)  # noqa: S311 - repeatable
    record = from_data(json.loads(json.dumps(as_data(drawn))))
    assert redraw(shuffled, record) == drawn
    by_name = {unit.reference: unit for unit in units}
    assert len(set(drawn.drawn)) == len(drawn.drawn) == plan.size
    named = [by_name[r] for s in drawn.strata for r in (*s.drawn, *s.reserves)]
    families = [unit.family for unit in named if unit.family]
    assert len(set(families)) == len(families)
    for stratum in drawn.strata:
        room = stratum.held - len(stratum.passed_over)
        assert len(stratum.drawn) >= min(minimum, room)
        assert len(stratum.reserves) == min(reserves, room - len(stratum.drawn))
        assert all(by_name[r].stratum == stratum.stratum for r in stratum.drawn)
        for lost, by in stratum.passed_over:
            assert by_name[lost].family == by_name[by].family


def largest_remainders(size, held):
    """The plain way: whole parts first, then the largest remainders; ties to the larger."""
    total = sum(held.values())
    ideal = {name: Fraction(size * n, total) for name, n in held.items()}
    given_out = {name: int(share) for name, share in ideal.items()}
    order = sorted(held, key=lambda n: (given_out[n] - ideal[n], -held[n], n))
    for name in order[: size - sum(given_out.values())]:
        given_out[name] += 1
    return given_out


@given(st.dictionaries(st.sampled_from("abcdefgh"), st.integers(1, 60), min_size=1), st.data())
def test_shares_are_those_of_largest_remainders(held, data):
    size = data.draw(st.integers(1, sum(held.values())))
    assert share_out(Plan(size), held, held) == largest_remainders(size, held)


def test_minimums_come_first_and_single_strata_may_have_their_own():
    drawn = draw(frame(SIZES), Plan(60, minimum=5, minimums={"foster": 20}), seed="Fife")
    assert {s.stratum: s.wanted for s in drawn.strata} == {
        "foster": 20, "home": 21, "kinship": 14, "residential": 5,
    }  # fmt: skip
    assert [s.weight for s in drawn.strata] == [45 / 20, 90 / 21, 60 / 14, 8 / 5]


@given(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 60), min_size=1), st.data())
def test_strata_at_no_bound_stand_for_as_many_a_record(held, data):
    size = data.draw(st.integers(1, sum(held.values())))
    least = {name: data.draw(st.integers(0, n)) for name, n in held.items()}
    if sum(least.values()) > size:
        return
    found = share_out(Plan(size, minimums=least), held, held)
    assert sum(found.values()) == size
    assert all(least[name] <= found[name] <= held[name] for name in held)
    free = [name for name in held if least[name] < found[name] < held[name]]
    for one in free:
        for other in free:
            assert (found[one] - 1) / held[one] < (found[other] + 1) / held[other]


def test_another_seed_is_another_sample_and_each_is_drawn_about_as_often():
    units = frame({"a": 20})
    assert draw(units, Plan(5), seed="one").drawn != draw(units, Plan(5), seed="two").drawn
    times = dict.fromkeys((u.reference for u in units), 0)
    for seed in range(800):
        for reference in draw(units, Plan(5), seed=str(seed)).drawn:
            times[reference] += 1
    assert all(150 <= n <= 250 for n in times.values())  # 200 wanted, standard error 12


def test_a_draw_stays_as_it_was_in_this_release():
    """Another number of METHOD is due when this changes."""
    drawn = draw(frame({"a": 6, "b": 4}), Plan(4, reserves=1), seed="Fife 2026")
    assert drawn.method == "sightline stratified draw 1"
    assert {s.stratum: (s.drawn, s.reserves) for s in drawn.strata} == EXPECTED


EXPECTED = {"a": (("a-004", "a-001"), ("a-000",)), "b": (("b-001", "b-003"), ("b-002",))}


def test_a_record_that_was_changed_or_is_of_another_frame_is_refused():
    units = frame({"a": 20})
    drawn = draw(units, Plan(5), seed="s")
    with pytest.raises(ValueError, match="this is not the frame it was drawn from"):
        redraw(units[1:], drawn)
    with pytest.raises(ValueError, match="it was drawn by 'other 2'"):
        redraw(units, replace(drawn, method="other 2"))
    changed = replace(drawn, strata=(replace(drawn.strata[0], drawn=("a-001",)),))
    with pytest.raises(ValueError, match="the draw came out differently"):
        redraw(units, changed)
    for broken in ({}, {"plan": 3}, {**as_data(drawn), "strata": [{"x": 1}]}, []):
        with pytest.raises(ValueError, match="this is no record of a draw"):
            from_data(broken)
    assert isinstance(from_data(as_data(drawn)), Draw)


def test_the_printed_record_says_what_it_takes_to_draw_again():
    plan = Plan(9, minimum=1, minimums={"a": 2}, reserves=2)
    said = printed(draw(frame({"a": 20, "b": 10}, family=2), plan, seed="Fife"))
    for words in (
        "sightline stratified draw 1, seed 'Fife', from 30 records.", "Frame: SHA-256 ",
        "Asked: 9 in all; at least 1 of each stratum; at least 2 of a; 2 reserves a stratum; "
        "one of a family.", "a: 6 of 20, each standing for 3.33", "Reserves, in order: ",
        " gave way to ",
    ):  # fmt: skip
        assert words in said
    plain = printed(draw(frame({"a": 3, "b": 1}), Plan(1, one_of_a_family=False), seed="s"))
    assert "families not kept apart" in plain
    assert "Drawn: none" in plain


@pytest.mark.parametrize(
    ("margin", "more", "size"),
    [
        (0.05, {}, 385), (0.1, {}, 97), (0.05, {"frame": 1000}, 278), (0.1, {"frame": 20}, 17),
        (0.05, {"share": 0.2}, 246), (0.5, {"frame": 1}, 1), (0.01, {"frame": 50}, 50),
        (0.05, {"level": 0.99}, 664),
    ],
)  # fmt: skip
def test_how_many_to_draw(margin, more, size):
    assert size_for(margin, **more) == size


UNITS = frame({"a": 6, "b": 3})


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: draw([], Plan(1), seed="s"), "the frame is empty"),
        (lambda: draw(UNITS, Plan(1), seed=" "), "the seed is empty"),
        (lambda: draw([*UNITS, UNITS[0]], Plan(1), seed="s"), "a-000 is in the frame twice"),
        (lambda: draw([Unit("r", "")], Plan(1), seed="s"), "no reference or no stratum"),
        (lambda: draw([Unit("r\n", "a")], Plan(1), seed="s"), "holds a line end"),
        (lambda: draw(UNITS, Plan(10), seed="s"), "10 are to be drawn and 9 can be, of 9"),
        (lambda: draw(UNITS, Plan(0), seed="s"), "size is 0; it must be 1 or more"),
        (lambda: draw(UNITS, Plan(2.5), seed="s"), "size is 2.5; give a whole number"),
        (lambda: draw(UNITS, Plan(4, minimum=4), seed="s"), "b can give 3 and its minimum is 4"),
        (lambda: draw(UNITS, Plan(4, minimum=3), seed="s"), "add up to 6, more than the 4"),
        (lambda: draw(UNITS, Plan(4, minimums={"c": 1}), seed="s"), "c is no stratum"),
        (lambda: draw(UNITS, Plan(4, reserves=-1), seed="s"), "reserves is -1"),
        (lambda: draw(UNITS, Plan(4, minimum=-1), seed="s"), "minimum of a is -1"),
        (
            lambda: draw(frame({"a": 6}, family=3), Plan(4), seed="s"),
            "4 are to be drawn and 2 can be, of 6 in the frame with siblings kept apart",
        ),
        (lambda: size_for(0), "margin is 0 and share 0.5; give shares"),
        (lambda: size_for(float("nan")), "margin is nan"),
        (lambda: size_for(0.1, share=1), "share 1; give shares"),
        (lambda: size_for(0.1, frame=0), "frame is 0; it must be 1"),
    ],
)
def test_what_cannot_be_drawn_is_refused_saying_what_and_how(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_the_hash_of_a_frame_depends_on_every_field():
    one = [Unit("r", "a", "f")]
    others = ([Unit("q", "a", "f")], [Unit("r", "b", "f")], [Unit("r", "a", "g")])
    assert len({hash_of(one), *map(hash_of, others)}) == 4
