"""The five shipped questionnaires: whole, without faults, and easy enough to read."""

import pytest

from sightline.surveys import questionnaires

CODES = {"staff", "staff-pulse", "children", "young-people", "parents-carers"}
LONGEST = 22


def test_there_are_five() -> None:
    """Staff, a short form of it, children, young people, and parents and carers."""
    assert {one.code for one in questionnaires.shipped()} == CODES


@pytest.mark.parametrize("one", questionnaires.shipped(), ids=lambda one: one.key)
def test_each_is_whole_and_within_the_limits_of_reading(one) -> None:
    """No fault, and no text that reads harder than its audience's limit."""
    assert questionnaires.faults(one) == ()
    hard = [
        (found.item, found.school_years, found.limit, found.longest_sentence)
        for found in questionnaires.readings(one)
        if found.school_years > found.limit or found.longest_sentence > LONGEST
    ]
    assert hard == []
    assert questionnaires.reading(one).school_years <= questionnaires.reading(one).limit


def test_what_the_pulse_asks_compares_with_the_staff_survey() -> None:
    """Items of the same code have the same words, wording number and choices."""
    pulse = questionnaires.questionnaire("staff-pulse@1")
    staff = questionnaires.questionnaire("staff@1")
    known = {item.code: item for item in staff.items()}
    shared = [item for item in pulse.items() if item.kind == "scale"]
    assert len(shared) >= 5
    for item in shared:
        assert item.text == known[item.code].text
        assert item.wording == known[item.code].wording
        assert pulse.options(item) == staff.options(known[item.code])


@pytest.mark.parametrize("code", ["children", "young-people", "parents-carers"])
def test_nobody_but_staff_has_to_answer(code: str) -> None:
    """Every question can be skipped; choices offer both ways of not answering."""
    for item in questionnaires.questionnaire(f"{code}@1").items():
        assert not item.required
        if item.kind in {"scale", "frequency"}:
            assert item.dont_know
            assert item.prefer_not
