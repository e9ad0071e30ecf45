"""Reasons and notes name nobody, unless somebody has looked and says so."""

import pytest

from sightline.record_reading.forms import ReasonForm
from sightline.record_reading.models import Settlement
from sightline.record_reading.moderation_forms import CheckDipForm, SettleForm
from sightline.record_reading.unnamed import LOOKED

NAMED = "Kayleigh Munro’s plan has dates; she was born on 1/2/2012."


def test_what_looks_like_a_name_stops_once() -> None:
    """It says which words, offers to say that nobody is named, and then takes them."""
    form = ReasonForm({"reason": NAMED})
    assert not form.is_valid()
    assert "“Kayleigh Munro" in form.errors["reason"][0]
    assert not form.fields[LOOKED].widget.is_hidden
    assert ReasonForm({"reason": NAMED, LOOKED: "on"}).is_valid()


def test_what_names_nobody_goes_on_and_is_asked_nothing() -> None:
    """No box is shown where there is nothing to look at."""
    form = ReasonForm({"reason": "The plan has no dates."})
    assert form.is_valid()
    assert form.fields[LOOKED].widget.is_hidden


@pytest.mark.parametrize(
    "form",
    [
        SettleForm(
            {"way": "agreed", "value": "4", "why": NAMED},
            ways=[Settlement.Way.AGREED, Settlement.Way.TWO_VIEWS],
            options=[("4", "Good")],
        ),
        CheckDipForm({"outcome": "discuss", "note": NAMED}),
    ],
    ids=["settle", "dip"],
)
def test_moderation_looks_at_its_words_too(form: SettleForm | CheckDipForm) -> None:
    """Why a difference was settled, and what is to be talked through."""
    assert not form.is_valid()
    assert any("may tell who somebody is" in said for said in str(form.errors).splitlines())
