"""Waivers: asked for by one person, approved by another, for some time, of some rows."""

import datetime as dt

import pytest

from sightline.access.models import AuditEvent
from sightline.access.scopes import Scope
from sightline.children.rules.waived import Waived
from sightline.children.rules.waivers import (
    approve_waiver,
    request_waiver,
    waived_on,
    withdraw_waiver,
)
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db
FIFE, MORAY = Scope("partnership", "fife"), Scope("partnership", "moray")
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2026, 12, 31)


def person(role, scope=FIFE):
    found = UserFactory()
    assign(found, role, scope.kind, scope.key)
    return found


@pytest.fixture
def analyst():
    return person("partnership-analyst")


@pytest.fixture
def lead():
    return person("quality-lead")


def ask(actor, **other):
    given = {
        "area": "fife", "rule": "V-010", "dataset": "register-entries", "reason": "Two systems.",
        "valid_from": FIRST, "valid_until": LAST, **other,
    }  # fmt: skip
    return request_waiver(actor=actor, **given)


def test_what_is_asked_for_holds_only_once_somebody_else_approved_it(analyst, lead):
    waiver = ask(analyst, keys=[["A", "2024-01-01"]])
    assert waived_on("fife", FIRST) == ()
    approve_waiver(actor=lead, area="fife", key=waiver.pk)
    expected = Waived(str(waiver.pk), "V-010", "register-entries", (("A", "2024-01-01"),))
    assert waived_on("fife", FIRST) == waived_on("fife", LAST) == (expected,)
    assert waived_on("fife", FIRST - dt.timedelta(days=1)) == ()
    assert waived_on("fife", LAST + dt.timedelta(days=1)) == ()
    assert waived_on("moray", FIRST) == ()
    withdraw_waiver(actor=analyst, area="fife", key=waiver.pk)
    assert waived_on("fife", FIRST) == ()


def test_each_step_is_recorded(analyst, lead):
    waiver = ask(analyst)
    approve_waiver(actor=lead, area="fife", key=waiver.pk)
    withdraw_waiver(actor=analyst, area="fife", key=waiver.pk)
    verbs = AuditEvent.objects.filter(target=f"waiver:{waiver.pk}").order_by("pk")
    assert [event.verb for event in verbs] == [
        "waiver.requested", "waiver.approved", "waiver.withdrawn",
    ]  # fmt: skip


def test_nobody_approves_what_they_asked_for(lead, analyst):
    assign(lead, "partnership-analyst", FIFE.kind, FIFE.key)
    waiver = ask(lead)
    with pytest.raises(NotAllowed, match="somebody else approves it"):
        approve_waiver(actor=lead, area="fife", key=waiver.pk)
    with pytest.raises((NotPermitted, NotFound)):
        approve_waiver(actor=analyst, area="fife", key=waiver.pk)


def test_a_waiver_is_approved_once_and_withdrawn_once(analyst, lead):
    waiver = ask(analyst)
    approve_waiver(actor=lead, area="fife", key=waiver.pk)
    with pytest.raises(NotAllowed, match="approved already"):
        approve_waiver(actor=lead, area="fife", key=waiver.pk)
    withdraw_waiver(actor=analyst, area="fife", key=waiver.pk)
    with pytest.raises(NotAllowed, match="withdrawn already"):
        withdraw_waiver(actor=analyst, area="fife", key=waiver.pk)
    with pytest.raises(NotAllowed, match="Ask for a new one"):
        approve_waiver(actor=lead, area="fife", key=waiver.pk)


@pytest.mark.parametrize("role", ["partnership-analyst", "quality-lead"])
def test_people_of_another_area_find_nothing(analyst, role):
    waiver = ask(analyst)
    stranger = person(role, MORAY)
    for service in (approve_waiver, withdraw_waiver):
        with pytest.raises(NotFound):
            service(actor=stranger, area="fife", key=waiver.pk)
    with pytest.raises(NotFound):
        ask(stranger)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"rule": "V-999"}, "no rule V-999"),
        ({"rule": "V-026", "dataset": "register-concerns"}, "nothing to waive"),
        ({"dataset": "children"}, "is about entries on the child protection register"),
        ({"keys": [["A"]]}, "named by child, registered_on"),
        ({"reason": "  "}, "Say why"),
        ({"valid_until": dt.date(2025, 12, 31)}, "swap the days"),
        ({"valid_until": dt.date(2028, 1, 3)}, "two years at most"),
    ],
)
def test_what_cannot_be_waived_is_said(analyst, wrong, told):
    with pytest.raises(BadInput, match=told):
        ask(analyst, **wrong)


def test_a_rule_of_every_dataset_is_waived_for_one(analyst):
    assert ask(analyst, rule="V-002", dataset="children").dataset == "children"
