"""The alarm to the second, who hears it, and the destruction of words on its day."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from sightline.access.models import AuditEvent
from sightline.concerns import queries, services
from sightline.concerns.jobs import alarm, destroy
from sightline.concerns.models import Alarm, Concern, Letter, State, Step
from sightline.jobs import Progress
from tests.concerns.conftest import People, Raise
from tests.concerns.test_services import told
from tests.factories.access import UserFactory, assign
from tests.factories.concerns import ConcernFactory, StepFactory

pytestmark = pytest.mark.django_db
NINE = dt.datetime(2026, 11, 2, 9, tzinfo=dt.UTC)
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)


@pytest.fixture
def clock() -> Iterator[Any]:
    """It is nine in the morning and stays so."""
    with time_machine.travel(NINE, tick=False) as traveller:
        yield traveller


def look() -> int:
    """What the clock does every five minutes."""
    return services.look_for_overdue(actor="schedule:concerns.alarm")


@pytest.mark.parametrize(
    ("state", "urgent", "hours"),
    [
        (State.DECIDING, False, 24),
        (State.PASSED, False, 24),
        (State.PASSED, True, 1),
        (State.ACKNOWLEDGED, False, 72),
        (State.ACKNOWLEDGED, True, 4),
        (State.ACTING, False, 672),
        (State.CONCLUDED, True, 72),
        (State.KEPT, False, 168),
    ],
)
def test_the_alarm_is_given_when_the_time_is_up_and_not_a_second_before(
    clock: Any, people: People, state: State, urgent: bool, hours: int
) -> None:
    due = NINE + hours * HOUR
    kept = state in {State.DECIDING, State.KEPT}
    concern = ConcernFactory(
        state=state, urgent=urgent, passed_on=not kept, due=due, next_alarm=due
    )
    clock.move_to(due - SECOND)
    assert (look(), queries.waiting(people.manager).overdue) == (0, 0)
    clock.move_to(due)
    assert (look(), queries.waiting(people.manager).overdue) == (1, 1)
    assert look() == 0
    given = Alarm.objects.get()
    assert (given.state, given.due, given.given_at) == (state, due, due)
    assert str(given) == f"{concern.pk} {state} {due}"


def test_it_is_given_again_each_day_until_somebody_acts(
    clock: Any, people: People, raised: Raise
) -> None:
    concern = raised(danger="yes")
    clock.shift(HOUR)
    assert look() == 1
    assert told(Letter.Why.ALARM) == ["L. Lead", "M. Manager", "O. Local"]
    clock.shift(24 * HOUR - SECOND)
    assert look() == 0
    clock.shift(SECOND)
    assert look() == 1
    services.acknowledge(actor=people.local_lead, key=concern.pk, turn=1)
    clock.shift(3 * HOUR)
    assert look() == 0
    clock.shift(HOUR)
    assert look() == 1  # acknowledged and then nothing: four hours
    line = AuditEvent.objects.filter(verb="concern.alarmed").last()
    assert line is not None
    assert line.after == {"waits": "Acknowledged, waiting for action", "told": 3}
    assert line.actor == "schedule:concerns.alarm"


def test_the_alarm_goes_round_whom_the_concern_goes_round(
    clock: Any, people: People, raised: Raise
) -> None:
    raised(past_local_lead=True, past_lead=True)
    raised()
    clock.shift(25 * HOUR)
    assert look() == 2
    # of the second, not passed on, the local lead hears nothing
    assert told(Letter.Why.ALARM) == ["L. Lead", "M. Manager", "M. Manager"]


def test_whoever_holds_the_role_by_now_is_told(clock: Any, people: People, raised: Raise) -> None:
    concern = raised()
    people.lead.assignments.all().delete()
    clock.shift(25 * HOUR)
    look()
    assert told(Letter.Why.ALARM) == ["M. Manager"]
    concern.refresh_from_db()
    assert concern.escalated
    assign(UserFactory(name="New lead"), "inspection-lead", "inspection", "fife-2026")
    clock.shift(24 * HOUR)
    look()
    assert told(Letter.Why.ALARM) == ["M. Manager", "M. Manager", "New lead"]


def test_with_nobody_left_the_administrators_are_told_and_that_is_recorded(
    clock: Any, people: People, raised: Raise
) -> None:
    for person in (people.lead, people.manager, people.local_lead):
        person.assignments.all().delete()
    raised()
    clock.shift(25 * HOUR)
    look()
    assert told(Letter.Why.NOBODY) == ["Administrator", "Administrator"]
    assert Alarm.objects.get().told == 0


def test_an_alarm_somebody_else_gave_a_moment_ago_is_not_given_twice(
    clock: Any, people: People, raised: Raise, monkeypatch: pytest.MonkeyPatch
) -> None:
    raised()
    clock.shift(25 * HOUR)
    monkeypatch.setattr(
        "sightline.concerns.services.clock.next_people",
        lambda concern: (Concern.objects.update(turn=9), (None, False))[1],
    )
    assert look() == 0
    assert not Alarm.objects.exists()


def test_the_words_go_on_the_day_after_the_last_and_the_fact_stays(clock: Any) -> None:
    concern = ConcernFactory(closed=True, keep_until=NINE.date(), worry="Not to be kept")
    step = StepFactory(concern=concern, note="Nor this", local_reference="SW-1")
    open_one = ConcernFactory()
    assert services.destroy_what_is_over(actor="test") == 0
    clock.shift(24 * HOUR)
    assert services.destroy_what_is_over(actor="test") == 1
    assert services.destroy_what_is_over(actor="test") == 0
    concern = Concern.objects.get(pk=concern.pk)
    step = Step.objects.get(pk=step.pk)
    words = (concern.worry, concern.where_seen, concern.danger, step.note, step.local_reference)
    assert words == ("",) * 5
    assert (concern.destroyed_by, concern.state) == ("test", State.CLOSED)
    assert Concern.objects.get(pk=open_one.pk).worry == "Something was not right"
    assert AuditEvent.objects.filter(verb="concern.destroyed").count() == 1


def test_the_jobs_do_both(clock: Any, people: People, raised: Raise) -> None:
    raised()
    ConcernFactory(closed=True, keep_until=dt.date(2020, 1, 1))
    clock.shift(25 * HOUR)
    from sightline.jobs.actors import Clock

    progress = Progress("key", Clock("concerns.alarm"))
    assert alarm(progress) == {"alarms": 1, "letters": 1}
    assert destroy(progress) == {"destroyed": 1}
    given = Alarm.objects.get()
    assert given.given_by == "schedule:concerns.alarm"
