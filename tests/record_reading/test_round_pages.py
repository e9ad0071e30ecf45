"""Pages of a round: begun, prepared, read, locked, shared and deleted by hand."""

import datetime as dt

import pytest
from django.urls import reverse

from sightline.record_reading.models import Reading, Round
from tests.factories import record_reading as make
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db
HERE = "fife"


def day(name, date):
    """A date as the three boxes send it."""
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def soon(days):
    return dt.date.today() + dt.timedelta(days=days)


def at(round, name, *more):
    return reverse(f"record_reading:{name}", args=[round.area, round.slug, *more])


def text_of(client, url, **data):
    page = client.post(url, data, follow=True) if data else client.get(url)
    assert page.status_code == 200, page.content.decode()
    return page.content.decode()


@pytest.fixture
def lead(client):
    """Who leads quality in the area, and runs its audits."""
    person = assign(UserFactory(name="Q. Lead"), "quality-lead", "partnership", HERE)
    client.force_login(person)
    return person


def reader_here(name):
    return assign(UserFactory(name=name), "local-record-reader", "partnership", HERE)


def sampled(round, size=6, **over):
    """A sample of some records, and the return it came from."""
    snapshot = make.SnapshotFactory(round=round, number=1, held=size, strata={"audit": size})
    sample = make.SampleFactory(round=round, number=1, snapshot=snapshot)
    return [
        make.SampledRecordFactory(sample=sample, number=n, place=n, **over)
        for n in range(1, size + 1)
    ]


def hand_in(*readings):
    """As if their readers had."""
    for reading in readings:
        reading.state, reading.answers = "complete", {"values": {}, "whys": {}, "flags": {}}
        reading.started_at = reading.submitted_at = make.NOW
        reading.started_by = reading.submitted_by = "command:test"
        reading.save()


NEW = {
    "title": "Spring audit", "template": "local-audit@1", "look_back": "2", "base": "5",
    "double_share": "20", "threshold": "0.60",
}  # fmt: skip


def begin(client, **over):
    page = client.post(reverse("record_reading:new", args=[HERE]), {**NEW, **over})
    assert page.status_code == 302, page.content.decode()
    return Round.objects.get(slug="spring-audit")


def test_a_round_is_begun_prepared_opened_and_locked(client, lead):
    assert "No round has been begun" in text_of(client, reverse("record_reading:list", args=[HERE]))
    round = begin(client, **day("reads_from", soon(0)), **day("reads_until", soon(3)))
    hub = text_of(client, at(round, "round"))
    assert "Being prepared" in hub
    assert hub.count("Cannot start yet") == 3
    assert "Last changed by Q. Lead" in hub
    assert "Name at least one reader" in hub
    records = sampled(round)
    for name, pair in (("A. One", 1), ("B. Two", 1)):
        text = text_of(
            client, at(round, "readers"), person=reader_here(name).pk, kind="auditor",
            agency="health", pair=pair, teams="Team  East", **day("trained_on", soon(-9)),
        )  # fmt: skip
        assert f"{name} is named" in text
        assert "Team East" in text
    assert "Cannot start yet" in text_of(client, at(round, "round"))
    text = text_of(client, at(round, "allocation"), go="on")
    assert "7 readings allotted" in text
    assert text.count("(not begun)") == 7
    text_of(client, at(round, "support"), content_note="Hard to read.", supervisor="S. Visor, 1")
    assert "Say when what was read is deleted" in text_of(client, at(round, "open"))
    text_of(client, at(round, "destruction"), **day("destroy_on", soon(90)))
    assert "Open the round" in text_of(client, at(round, "open"))
    text = text_of(client, at(round, "open"), go="on")
    assert "Readers can begin" in text
    assert "0 of 7" in text
    hand_in(*Reading.objects.filter(round=round))
    assert "Every record is finished" in text_of(client, at(round, "lock"))
    text = text_of(client, at(round, "lock"), go="on")
    assert "The round is locked" in text
    assert "Share the feedback sheet" in text
    assert "can see the feedback sheet now" in text_of(client, at(round, "share"), go="on")
    assert "was shared with the partnership" in text_of(client, at(round, "round"))
    text = text_of(client, at(round, "reopen"), reason="One record was read wrongly")
    assert "open again" in text
    assert "One record was read wrongly" in text
    assert len(records) == 6
