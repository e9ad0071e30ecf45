"""Forms: every control named, every error said twice in the same words, everything typed kept."""

import datetime as dt

import pytest
import time_machine
from django import forms

from sightline.design.forms import DateField, FilterForm, SightlineForm
from sightline.design.gallery.examples import SailingForm, faulty_form
from sightline.design.templatetags.design import error_links
from tests.design.page import by_id, drawn, tree, with_class, words

FORM = '<c-form :form="form" submit="Save" />'
CONTROLS = {"input", "select", "textarea"}


class DayForm(SightlineForm):
    day = DateField(label="Meeting date", earliest=dt.date(2018, 8, 1), latest=dt.date(2030, 1, 1))


class OptionalDayForm(SightlineForm):
    day = DateField(label="Meeting date", required=False, not_in_future=True)


def sent(day: str, month: str, year: str) -> dict[str, str]:
    return {"day_day": day, "day_month": month, "day_year": year}


def test_every_control_has_a_name_people_can_read():
    root = drawn(FORM, {"form": SailingForm()})
    labelled = {one.attrib["for"] for one in root.iter("label")}
    for control in (one for one in root.iter() if one.tag in CONTROLS):
        assert control.attrib["id"] in labelled, control.attrib
    legends = {words(one) for one in root.iter("legend")}
    assert legends == {"Kind of boat", "Days it sails", "First sailing"}


def test_hints_are_tied_to_what_they_explain():
    root = drawn(FORM, {"form": SailingForm()})
    assert by_id(root, "id_name").attrib["aria-describedby"] == "id_name_helptext"
    assert words(by_id(root, "id_name_helptext")) == "As painted on it."
    days = next(one for one in root.iter("fieldset") if "Days" in words(one))
    assert days.attrib["aria-describedby"] == "id_days_helptext"


def test_only_what_may_be_left_empty_says_so_and_filters_do_not():
    root = drawn(FORM, {"form": SailingForm()})
    optional = [words(one) for one in root.iter("label") if "optional" in words(one)]
    assert optional == ["What passengers should know (optional)", "Timetable (optional)"]

    class Filters(FilterForm):
        kind = forms.CharField(label="Kind", required=False)

    assert "optional" not in words(drawn(FORM, {"form": Filters()}))


def test_each_error_is_said_at_the_top_and_beside_its_field_in_the_same_words(rf):
    form = faulty_form(rf.get("/"))["form"]
    root = drawn(FORM, {"form": form})
    summary = next(with_class(root, "sl-errors"))
    lines = [(words(one), one.attrib["href"][1:]) for one in summary.iter("a")]
    assert len(lines) == len(form.errors) == 8
    for message, target in lines:
        control = by_id(root, target)
        beside = [
            one
            for one in with_class(root, "sl-question")
            if control in list(one.iter()) and f"Error: {message}" in words(one)
        ]
        assert len(beside) == 1, message
        assert any(one.get("aria-invalid") == "true" for one in beside[0].iter()), message


def test_errors_are_tied_to_their_controls(rf):
    root = drawn(FORM, faulty_form(rf.get("/")))
    assert by_id(root, "id_name").attrib["aria-describedby"] == "id_name_helptext id_name_error"
    kinds = next(one for one in root.iter("fieldset") if one.get("role") == "radiogroup")
    assert kinds.attrib["aria-describedby"] == "id_kind_error"
    assert kinds.attrib["aria-invalid"] == "true"


def test_what_was_typed_is_kept_however_wrong(rf):
    root = drawn(FORM, faulty_form(rf.get("/")))
    number = by_id(root, "id_passengers")
    assert (number.attrib["type"], number.attrib["value"]) == ("text", "a few")
    assert [by_id(root, f"id_first_{part}").attrib["value"] for part in range(3)] == [
        "31", "2", "2026",
    ]  # fmt: skip


def test_a_form_without_errors_has_no_summary_and_browser_checks_are_off():
    root = drawn(FORM, {"form": SailingForm(), "csrf_token": "t" * 64})
    assert not list(with_class(root, "sl-errors"))
    form = root.find(".//form")
    assert "novalidate" in form.attrib
    assert form.attrib["enctype"] == "multipart/form-data"
    assert "csrfmiddlewaretoken" in [one.get("name") for one in root.iter("input")]


def test_a_form_that_only_asks_sends_no_token():
    root = drawn('<c-form :form="form" method="get" />', {"form": FilterForm(), "csrf_token": "t"})
    assert not list(root.iter("input"))


def test_errors_of_the_whole_form_come_first_and_lead_nowhere():
    class Pair(SightlineForm):
        one = forms.CharField(label="One")

        def clean(self):
            raise forms.ValidationError("These two clash")

    root = drawn(FORM, {"form": Pair({})})
    assert [words(one) for one in root.find(".//ul").iter("li")] == ["These two clash", "Enter one"]
    assert len(root.findall(".//ul//a")) == 1


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (forms.CharField(label="Reason"), "", "Enter reason"),
        (forms.CharField(label="CHI number"), "", "Enter CHI number"),
        (
            forms.CharField(label="Reason", max_length=3),
            "four",
            "Reason must be 3 characters or fewer. You have 4",
        ),
        (forms.IntegerField(label="Count"), "x", "Count must be a whole number"),
        (forms.FloatField(label="Rate"), "x", "Rate must be a number"),
        (forms.IntegerField(label="Count", min_value=0), "-1", "Count must be 0 or more"),
        (forms.ChoiceField(label="Kind", choices=[("a", "A")]), "", "Select kind"),
        (forms.ChoiceField(label="Kind", choices=[("a", "A")]), "b", "Select kind from the list"),
        (forms.EmailField(label="Email"), "x", "Email must be an address like name@example.org"),
        (forms.BooleanField(label="I agree"), "", "Tick to go on: I agree"),
    ],
)
def test_messages_name_the_field_and_say_what_to_do(field, value, message):
    form = type("One", (SightlineForm,), {"it": field})({"it": value})
    assert form.errors["it"] == [message]


def test_a_message_its_author_wrote_stays():
    field = forms.CharField(label="Reason", error_messages={"required": "Enter why you chose Good"})
    form = type("One", (SightlineForm,), {"it": field})({})
    assert form.errors["it"] == ["Enter why you chose Good"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("", "", ""), "Enter meeting date"),
        (("4", "", ""), "Meeting date must include a month and a year"),
        (("", "3", "2026"), "Meeting date must include a day"),
        (("31", "2", "2026"), "Meeting date must be a real date"),
        (("4", "March", "2026"), "Meeting date must be a real date"),
        (("4", "3", "26"), "Meeting date must be a real date"),
        (("31", "7", "2018"), "Meeting date must be 1 August 2018 or later"),
        (("2", "1", "2030"), "Meeting date must be 1 January 2030 or earlier"),
    ],
)
def test_a_date_that_cannot_be_taken_says_why(typed, message):
    assert DayForm(sent(*typed)).errors["day"] == [message]


@pytest.mark.parametrize("day", [dt.date(2018, 8, 1), dt.date(2030, 1, 1), dt.date(2024, 2, 29)])
def test_a_date_within_its_limits_is_taken(day):
    form = DayForm(sent(f" {day.day} ", str(day.month), str(day.year)))
    assert form.is_valid()
    assert form.cleaned_data["day"] == day


@time_machine.travel("2026-03-04 12:00")
def test_today_is_not_the_future_and_tomorrow_is():
    assert OptionalDayForm(sent("4", "3", "2026")).is_valid()
    tomorrow = OptionalDayForm(sent("5", "3", "2026"))
    assert tomorrow.errors["day"] == ["Meeting date must be today or earlier"]


def test_an_optional_date_may_be_left_empty():
    form = OptionalDayForm(sent("", " ", ""))
    assert form.is_valid()
    assert form.cleaned_data["day"] is None


def test_a_date_is_opened_as_it_was_given_and_known_to_be_unchanged():
    given = {"day": dt.date(2026, 3, 4)}
    root = tree(str(DayForm(initial=given)))
    assert [one.attrib["value"] for one in root.iter("input")] == ["4", "3", "2026"]
    assert not DayForm(sent("4", "3", "2026"), initial=given).has_changed()
    assert DayForm(sent("5", "3", "2026"), initial=given).has_changed()
    assert not OptionalDayForm(sent("", "", "")).has_changed()


class CarryingForm(SightlineForm):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label="Name")


def test_an_error_of_a_hidden_field_is_said_without_a_link_that_leads_nowhere():
    form = CarryingForm({"seen": "x", "name": ""})
    hidden, seen = error_links(form)
    assert (hidden.message, hidden.target) == (str(form.errors["seen"][0]), "")
    assert seen.target == form["name"].id_for_label
    root = drawn("<c-error-summary :form='form' />", {"form": form})
    assert [one.attrib["href"] for one in root.iter("a")] == [f"#{seen.target}"]
    assert hidden.message in words(root)
