"""What the database refuses, and what a label may look like."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sightline.access.models import AuditEvent
from sightline.concerns.models import LETTERS, Alarm, Concern, Letter, State, Step, new_label
from tests.factories.concerns import AlarmFactory, ConcernFactory, LetterFactory, StepFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 3, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"state": "lost"}, "concern_state_is_known"),
        ({"partnership": ""}, "concern_has_a_partnership"),
        ({"due": None}, "concern_has_a_clock_until_it_is_closed"),
        ({"state": State.CLOSED, "passed_on": True}, "concern_has_a_clock_until_it_is_closed"),
        ({"keep_until": dt.date(2030, 1, 1)}, "concern_has_a_clock_until_it_is_closed"),
        ({"inspection": ""}, "concern_is_decided_by_the_lead_of_an_inspection"),
        ({"past_lead": True}, "concern_is_decided_by_the_lead_of_an_inspection"),
        ({"passed_on": True}, "concern_is_decided_by_the_lead_of_an_inspection"),
        ({"state": State.PASSED}, "concern_is_acted_on_by_whoever_may_open_it"),
        ({"destroyed_at": NOW}, "concern_destroyed_at_and_by_together_after_closing"),
        ({"destroyed_at": NOW, "destroyed_by": "x"},
         "concern_destroyed_at_and_by_together_after_closing"),
    ],
)  # fmt: skip
def test_a_concern_that_cannot_be_is_refused(change: dict[str, Any], name: str) -> None:
    concern = ConcernFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Concern.objects.filter(pk=concern.pk).update(**change)


@pytest.mark.parametrize(
    ("factory", "model", "change", "name"),
    [
        (StepFactory, Step, {"deed": "lost"}, "step_deed_is_known"),
        (AlarmFactory, Alarm, {"given_by": ""}, "alarm_is_given_by_somebody"),
        (LetterFactory, Letter, {"why": "gossip"}, "letter_says_something_known"),
    ],
)
def test_a_row_round_it_that_cannot_be_is_refused(
    factory: Any, model: Any, change: dict[str, str], name: str
) -> None:
    row = factory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.filter(pk=row.pk).update(**change)


def test_a_turn_is_taken_once() -> None:
    step = StepFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        StepFactory(concern=step.concern)


def test_labels_say_nothing_and_are_not_counted() -> None:
    labels = {new_label() for _ in range(200)}
    assert len(labels) == 200
    for label in labels:
        assert label[:2] == "C-"
        assert set(label[2:].replace("-", "")) <= set(LETTERS)


def test_the_trail_of_rows_holds_neither_words_nor_route() -> None:
    concern = ConcernFactory(worry="Zyxwvut", passed=True, past_local_lead=True)
    concern.worry = "Qwertzuiop"
    concern.save()
    lines = AuditEvent.objects.filter(target__startswith="concerns_concern:")
    assert {line.verb for line in lines} == {"row.added", "row.changed"}
    for line in lines:
        for row in (line.before or {}, line.after or {}):
            assert not {
                "worry", "where_seen", "danger", "told", "about_whom",
                "partnership", "inspection", "urgent", "past_lead", "past_local_lead",
            } & set(row)  # fmt: skip
