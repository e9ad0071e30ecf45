"""A number that can be opened."""

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.errors import BadInput
from sightline.kernel.measures import Measure, State, Unit

GOOD = Measure(
    value=13,
    unit=Unit.COUNT,
    counted="evaluations good or better",
    definition="care-and-protection@1",
    source="eight published reports",
    state=State.OBSERVED,
    base=16,
    base_words="of the sixteen evaluations of 2.1 and 2.2",
    as_of=dt.date(2020, 6, 16),
)


def changed(**fields):
    return dataclasses.replace(GOOD, **fields)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"value": None}, "is observed needs a value"),
        ({"state": State.NOT_ASKED}, "is not asked has no value"),
        ({"state": State.SUPPRESSED}, "is suppressed has no value"),
        ({"value": 0}, "zero is written as a true zero"),
        ({"state": State.TRUE_ZERO}, "zero is written as a true zero, and only zero is"),
        ({"base": -1}, "the base is -1; a base is 0 or more"),
        ({"base_words": ""}, "say in words who the base of 16 is"),
        ({"value": -1}, "-1 is not a count"),
        ({"value": 1.5}, "1.5 is not a count"),
        ({"value": 17}, "17 of 16 is more than all of them"),
        ({"value": True}, "True is not a number"),
        ({"value": float("nan")}, "nan is not a number"),
        ({"value": float("inf"), "unit": Unit.RATE}, "inf is not a number"),
        ({"value": 101, "unit": Unit.PER_CENT}, "101 is not a share"),
        ({"value": -0.5, "unit": Unit.PER_CENT}, "-0.5 is not a share"),
    ],
)
def test_a_number_that_says_two_things_is_refused(fields, message):
    with pytest.raises(BadInput, match=message.replace(".", r"\.")) as refused:
        changed(**fields)
    assert str(refused.value).startswith("evaluations good or better: ")


def test_what_has_no_base_needs_no_words_for_it():
    assert changed(base=None, base_words="").base is None
    assert changed(value=1.4, unit=Unit.RATE, base=None).value == 1.4
    assert changed(value=12.5, unit=Unit.PER_CENT).value == 12.5
    assert changed(value=-3, unit=Unit.PER_CENT, base=None).value == -3  # a change, not a share


def test_zero_missing_hidden_and_not_asked_are_different():
    absent = [s for s in State if s not in {State.OBSERVED, State.TRUE_ZERO}]
    made = [changed(value=None, state=state) for state in absent]
    made.append(changed(value=0, state=State.TRUE_ZERO))
    assert len(set(made)) == len(State) - 1


@given(st.integers(-5, 40), st.integers(-5, 40), st.sampled_from(State))
def test_a_count_stands_only_when_it_can_be_true(value, base, state):
    fits = 0 <= value <= base and state is (State.TRUE_ZERO if value == 0 else State.OBSERVED)
    try:
        changed(value=value, base=base, state=state)
    except BadInput:
        assert not fits
    else:
        assert fits
