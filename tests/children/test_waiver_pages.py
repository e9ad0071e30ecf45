"""Pages of waivers: one person asks, another approves."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from sightline.children import presenters
from sightline.children.models import Waiver
from sightline.children.rules.definitions import rules
from tests.factories.access import UserFactory, assign
from tests.factories.children import WaiverFactory

PAGE = "/p/fife/data/waivers/"
RULE = next(
    one for one in rules().values() if one.dataset == "register-entries" and one.severity == "E"
)
ASKED = {
    "rule": RULE.id, "dataset": "register-entries", "keys": "C1; 2024-01-02\n\n",
    "reason": "Moved from another system",
    "valid_from_day": 1, "valid_from_month": 1, "valid_from_year": 2026,
    "valid_until_day": 1, "valid_until_month": 6, "valid_until_year": 2026,
}  # fmt: skip


@pytest.fixture
def analyst(sender, client_for):
    return client_for(sender)


def test_one_asks_and_another_approves(analyst, client_for):
    assert "No rule is waived" in analyst.get(PAGE).content.decode()
    assert analyst.post(PAGE, ASKED).status_code == 302
    held = Waiver.objects.get()
    assert held.keys == [["C1", "2024-01-02"]]
    assert "Waits for approval" in analyst.get(PAGE).content.decode()
    one = reverse("children:waiver", kwargs={"area": "fife", "key": held.pk})
    assert "Approve this waiver" not in analyst.get(one).content.decode()
    assert analyst.post(one, {"approve": "1"}).status_code == 403
    lead = client_for(assign(UserFactory(), "quality-lead", "partnership", "fife"))
    assert "Approve this waiver" in lead.get(one).content.decode()
    assert lead.post(one, {"approve": "1"}).status_code == 302
    held.refresh_from_db()
    assert held.approved_at is not None
    assert "approved" in lead.post(one, {"approve": "1"}, follow=True).content.decode()
    assert analyst.post(one, {"withdraw": "1"}).status_code == 302
    held.refresh_from_db()
    assert held.withdrawn_at is not None


def test_what_cannot_be_waived_is_said(analyst):
    answer = analyst.post(PAGE, ASKED | {"rule": "V-XYZ"})
    assert "There is no rule V-XYZ" in answer.content.decode()
    assert not Waiver.objects.exists()


def test_those_who_only_look_cannot_ask(client_for, db):
    viewer = client_for(assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife"))
    assert "Ask for this waiver" not in viewer.get(PAGE).content.decode()
    assert viewer.post(PAGE, ASKED).status_code == 403


def test_the_state_of_a_waiver_in_words(db):
    now, today = timezone.now(), dt.date(2026, 6, 1)
    person = UserFactory()
    for more, state in (
        ({}, "Waits for approval"),
        ({"approved_at": now, "approved_by": person}, "In force"),
        ({"withdrawn_at": now, "withdrawn_by": person}, "Withdrawn"),
        (
            {"approved_at": now, "approved_by": person, "valid_until": dt.date(2026, 2, 1)},
            "Approved, not in force today",
        ),
    ):
        held = WaiverFactory(**more)
        assert presenters.waiver(held, today).state == state
        assert str(held)
    assert presenters.waiver(WaiverFactory(keys=[["a"], ["b"]]), today).rows == "2 rows"
