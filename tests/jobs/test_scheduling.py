"""The clock starts what is due, once."""

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from sightline.access.models import AuditEvent
from sightline.jobs import registry, scheduling
from sightline.jobs.models import Job, Schedule
from sightline.jobs.scheduling import tick
from tests.jobs.conftest import Plant

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def alarm(plant: Plant, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """One job of the clock, every five minutes; what ran."""
    ran: list[str] = []
    monkeypatch.setattr(registry, "_known", {})
    plant(lambda progress: ran.append(progress.actor.audit_name), "tests.alarm", minutes=5)
    return ran


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Set the time: so many minutes after the start."""
    start = timezone.now()

    def move(minutes: float) -> dt.datetime:
        now = start + minutes * MINUTE
        monkeypatch.setattr(scheduling.timezone, "now", lambda: now)
        return now

    return move


def test_it_runs_at_first_then_whenever_it_is_due(
    alarm: list[str], at: Any, django_capture_on_commit_callbacks: Any
) -> None:
    for minutes, runs in ((0, 1), (1, 1), (4.9, 1), (5, 2), (6, 2), (12, 3), (16, 3), (17, 4)):
        at(minutes)
        with django_capture_on_commit_callbacks(execute=True):
            tick()
        assert len(alarm) == runs, minutes
    assert set(alarm) == {"schedule:tests.alarm"}
    assert set(Job.objects.values_list("state", flat=True)) == {"done"}


def test_what_was_missed_is_made_up_once(
    alarm: list[str], at: Any, django_capture_on_commit_callbacks: Any
) -> None:
    at(0)
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    at(600)
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            tick()
    assert len(alarm) == 2


def test_none_is_started_while_one_waits(alarm: list[str], at: Any, queue: None) -> None:
    at(0)
    assert len(tick()) == 1
    at(6)
    assert tick() == []
    assert Job.objects.count() == 1


def test_the_slower_of_two_schedulers_starts_nothing(alarm: list[str], queue: None) -> None:
    Schedule.objects.create(code="tests.alarm", due=timezone.now() - MINUTE)
    stale = Schedule.objects.get()
    (item,) = registry.of_the_clock()
    assert scheduling._started(item, stale) is not None
    Job.objects.update(state="done", ended=timezone.now())
    assert scheduling._started(item, stale) is None
    assert Job.objects.count() == 1


def test_a_shorter_period_counts_at_once(alarm: list[str], at: Any, queue: None) -> None:
    now = at(0)
    Schedule.objects.create(code="tests.alarm", due=now + dt.timedelta(days=1))
    assert len(tick()) == 1


def test_what_the_clock_does_not_start_is_none_of_its_business(plant: Plant) -> None:
    plant(code="tests.one")
    assert scheduling._started(registry.registered("tests.one"), None) is None


def test_the_clock_leaves_no_line_for_every_run(alarm: list[str], queue: None) -> None:
    tick()
    assert not AuditEvent.objects.exists()
