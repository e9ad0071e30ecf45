"""Readings on paper, and what whoever runs or leads a round does with a reading."""

import pytest

from sightline.access.models import AuditEvent
from sightline.record_reading.models import Reading
from sightline.record_reading.services import reading as services
from tests.factories.access import UserFactory, assign
from tests.record_reading.reading_made import (
    AREA,
    Somebody,
    auditor,
    begun,
    posted,
    reading_of,
    signed_in,
    whole,
)
from tests.record_reading.test_reading_pages import everybody_else, text

pytestmark = pytest.mark.django_db


def lead_of(who: Somebody) -> Somebody:
    """Whoever runs the round, at the pages of paper."""
    lead = assign(UserFactory(name="L. Lead"), "quality-lead", "partnership", AREA)
    return Somebody(lead, who.reading, signed_in(lead))


def test_a_form_is_printed_and_typed_in_by_whoever_runs_the_round() -> None:
    who = begun()
    lead = lead_of(who)
    round = who.reading.round
    paper = f"/p/{AREA}/records/{round.slug}/paper/"
    number = who.reading.record.number
    form = f"{paper}{number}/1/"
    typed = f"{form}type/"
    printed = lead.client.get(form).content.decode()
    assert who.reading.record.label in printed
    assert who.reading.record.reference not in printed
    assert "Only if G1 is answered: Yes." in printed
    assert text(who, "print") == printed
    assert lead.client.get(typed).status_code == 404  # not said to be on paper yet
    assert "Type in from paper" in lead.client.get(paper).content.decode()
    assert lead.client.post(f"{form}mark/")["Location"] == typed
    assert "From paper" in lead.client.get(typed).content.decode()
    sent = posted(of="plan-present", q_plan_present="no")
    assert lead.client.post(f"{typed}plan/", sent)["Location"] == f"{typed}review/"
    assert "From paper" in lead.client.get(f"{typed}plan/").content.decode()
    assert lead.client.get(f"{typed}plan/two/")["Location"] == f"{typed}plan/"
    assert lead.client.get(f"{typed}break/").status_code == 200
    assert "by L. Lead" in text(who, "section", "plan")

    whole(who)
    assert lead.client.post(f"{typed}check/")["Location"] == paper
    assert "It can only be looked at" in lead.client.get(typed).content.decode()
    assert Reading.objects.get(pk=who.reading.pk).submitted_by == lead.person.audit_name
    assert lead.client.get(f"{paper}{number}/3/").status_code == 404
    for client in everybody_else(who).values():
        if client.get(paper).status_code != 200:
            assert client.get(typed).status_code in {403, 404}


def test_a_reader_says_that_they_write_on_paper() -> None:
    who = begun()
    assert who.client.post(who.url("on-paper"))["Location"] == who.url()
    assert "From paper" in text(who)
    assert "From paper" in text(who, "section", "plan")


def test_the_questions_on_paper_are_those_that_may_be_asked() -> None:
    who = reading_of(auditor(), template="risk-of-harm@1")
    page = text(who, "print")
    assert "Tick all that apply." in page
    assert "Needed for 1, 2 and 6." in page


def test_a_lead_opens_a_reading_again_with_a_reason() -> None:
    who = begun()
    lead = lead_of(who)
    round = who.reading.round
    url = f"/p/{AREA}/records/{round.slug}/readings/{who.reading.record.number}/1/reopen/"
    assert lead.client.get(url).status_code == 409  # not handed in
    whole(who)
    services.hand_in(actor=who.person, reading=who.reading)
    page = lead.client.get(url).content.decode()
    assert "It says who does what." not in page  # none of its answers
    assert lead.client.post(url, {"reason": ""}).status_code == 200
    assert lead.client.post(url, {"reason": "Talked through."}).status_code == 302
    assert Reading.objects.get(pk=who.reading.pk).state == Reading.State.IN_PROGRESS
    assert AuditEvent.objects.get(verb="reading.reopened").reason == "Talked through."
    assert who.client.get(url).status_code in {403, 404}
    assert lead.client.get(url.replace("/1/reopen/", "/3/reopen/")).status_code == 404
