"""Rolling audits: begun, turn after turn by the clock, actions noted and done, the trend."""

import datetime as dt

import pytest

from sightline.access.models import AuditEvent
from sightline.jobs.actors import Clock
from sightline.jobs.progress import Progress
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.record_reading import audits, jobs
from sightline.record_reading.models import AuditAction, RollingAudit, Round
from sightline.record_reading.services import allocating, auditing, destroying, rounds
from sightline.record_reading.services.auditing import Rolling, ToDo
from sightline.record_reading.services.publishing import count_round
from tests.factories import record_reading as make
from tests.record_reading.worlds import HERE, World, hand_in, somebody

pytestmark = pytest.mark.django_db
MONDAY = dt.date(2026, 1, 5)
CLOCK = Clock("record_reading.turns")


def begin(actor, **over):
    rolling = Rolling(
        **{
            "title": "Planning meetings", "template": "local-audit@1", "topic": "Meetings",
            "every_weeks": 10, "size": 20, "starts_on": MONDAY,
        } | over
    )  # fmt: skip
    return auditing.begin_audit(actor=actor, area=HERE, rolling=rolling)


def week(number):
    return MONDAY + dt.timedelta(weeks=number)


def test_an_audit_begins_with_its_first_turn():
    lead = somebody("quality-lead")
    audit = begin(lead)
    turn = audit.rounds.get()
    assert (turn.turn, turn.title, turn.slug) == (
        1, "Planning meetings, turn 1", "planning-meetings-turn-1",
    )  # fmt: skip
    assert (turn.reads_from, turn.reads_until) == (MONDAY, MONDAY + dt.timedelta(4))
    assert begin(lead).slug == "planning-meetings-2"
    assert AuditEvent.objects.filter(verb="record-audit.begun").count() == 2
    for over, error in (
        ({"title": " "}, BadInput),
        ({"topic": ""}, BadInput),
        ({"every_weeks": 0}, BadInput),
        ({"size": 0}, BadInput),
        ({"template": "no@1"}, NotFound),
    ):
        with pytest.raises(error):
            begin(lead, **over)
    for role in ("chief-officer", "partnership-co-ordinator", "local-record-reader"):
        with pytest.raises(NotFound):
            begin(somebody(role))
    with pytest.raises(NotFound):
        begin(somebody("inspection-lead", "national", "scotland"))


@pytest.mark.parametrize(
    ("day", "turn"),
    [
        (MONDAY - dt.timedelta(1), 0), (MONDAY, 1), (week(10) - dt.timedelta(1), 1),
        (week(10), 2), (week(35), 4),
    ],
)  # fmt: skip
def test_which_turn_a_day_lies_in(day, turn):
    audit = make.RollingAuditFactory.build(starts_on=MONDAY, every_weeks=10)
    assert auditing.turn_of(audit, day) == turn
    if turn:
        assert auditing.first_day(audit, turn) <= day < auditing.first_day(audit, turn + 1)


def test_the_next_turn_has_the_settings_of_the_one_before():
    lead = somebody("quality-lead")
    audit = begin(lead)
    Round.objects.update(
        reads_until=MONDAY + dt.timedelta(2), destroy_on=MONDAY + dt.timedelta(32), base=8,
        double_share=25, threshold="0.70", look_back=1, content_note="Hard.", supervisor="S. V.",
    )  # fmt: skip
    assert auditing.begin_due_turns(actor=CLOCK, today=week(10) - dt.timedelta(1)) == 0
    assert auditing.begin_due_turns(actor=CLOCK, today=week(10)) == 1
    assert auditing.begin_due_turns(actor=CLOCK, today=week(11)) == 0
    turn = audit.rounds.get(turn=2)
    assert (turn.base, turn.double_share, str(turn.threshold), turn.look_back) == (
        8, 25, "0.70", 1,
    )  # fmt: skip
    assert (turn.content_note, turn.supervisor) == ("Hard.", "S. V.")
    assert turn.reads_from == week(10)
    assert turn.reads_until == week(10) + dt.timedelta(2)
    assert turn.destroy_on == week(10) + dt.timedelta(32)
    assert turn.made_by == "schedule:record_reading.turns"


def test_turns_that_were_missed_stay_missed():
    audit = begin(somebody("quality-lead"))
    Round.objects.update(reads_from=None, reads_until=None, content_note="")
    assert auditing.begin_due_turns(actor=CLOCK, today=week(35)) == 1
    turn = audit.rounds.get(turn=4)
    assert turn.reads_from == week(30)
    assert turn.reads_until == week(30) + dt.timedelta(4)
    assert turn.content_note


def test_an_audit_that_has_ended_begins_nothing():
    lead = somebody("quality-lead")
    audit = begin(lead)
    with pytest.raises(NotPermitted):
        auditing.end_audit(actor=somebody("chief-officer"), audit=audit)
    assert auditing.end_audit(actor=lead, audit=audit).ended_at
    with pytest.raises(NotAllowed, match="ended already"):
        auditing.end_audit(actor=lead, audit=audit)
    assert auditing.begin_due_turns(actor=CLOCK, today=week(10)) == 0
    with pytest.raises(NotAllowed, match="has ended"):
        auditing.begin_turn(actor=lead, audit=audit, turn=2)


def test_a_turn_is_begun_once():
    lead = somebody("quality-lead")
    audit = begin(lead)
    with pytest.raises(NotAllowed, match="begun before"):
        auditing.begin_turn(actor=lead, audit=audit, turn=1)
    assert auditing.begin_turn(actor=lead, audit=audit, turn=2)


def test_the_clock_begins_what_is_due():
    begin(somebody("quality-lead"), starts_on=dt.date.today() - dt.timedelta(weeks=10))
    assert jobs.turns(Progress("key", CLOCK)) == {"begun": 1}
    assert jobs.turns(Progress("key", CLOCK)) == {"begun": 0}


# Actions.


def test_actions_are_noted_shown_on_the_next_turn_and_done():
    lead = somebody("quality-lead")
    audit = begin(lead)
    first = audit.rounds.get()
    second = auditing.begin_turn(actor=lead, audit=audit, turn=2)
    due = dt.date(2026, 6, 1)
    made = auditing.note_action(
        actor=lead, round=first, to_do=ToDo(" Say who ", "Service manager", due, "plan-quality")
    )
    assert (made.number, made.words, made.owner, made.due_on) == (
        1, "Say who", "Service manager", due,
    )  # fmt: skip
    assert auditing.note_action(actor=lead, round=first, to_do=ToDo("a", "b")).number == 2
    assert [one.number for one in auditing.open_actions(second)] == [1, 2]
    assert auditing.open_actions(first) == []
    assert auditing.open_actions(make.RoundFactory()) == []
    with pytest.raises(BadInput, match="came of it"):
        auditing.finish_action(actor=lead, action=made, came_of_it="")
    done = auditing.finish_action(actor=lead, action=made, came_of_it="Plans say who.")
    assert done.done_at
    assert [one.number for one in auditing.open_actions(second)] == [2]
    with pytest.raises(NotAllowed, match="marked as done before"):
        auditing.finish_action(actor=lead, action=made, came_of_it="again")


def test_what_is_no_action():
    lead = somebody("quality-lead")
    audit = begin(lead)
    for to_do in (ToDo("", "b"), ToDo("a", " ")):
        with pytest.raises(BadInput):
            auditing.note_action(actor=lead, round=audit.rounds.get(), to_do=to_do)
    with pytest.raises(NotAllowed, match="turns of a rolling audit"):
        auditing.note_action(actor=lead, round=make.RoundFactory(area=HERE), to_do=ToDo("a", "b"))
    with pytest.raises(NotPermitted):
        auditing.note_action(
            actor=somebody("chief-officer"), round=audit.rounds.get(), to_do=ToDo("a", "b")
        )
    assert not AuditAction.objects.exists()


# The trend.


def read(audit, turn, lead, *, good, records=20):
    """A turn that was read by a pair, so many plans of which were good, and locked."""
    round = auditing.begin_turn(actor=lead, audit=audit, turn=turn) if turn > 1 else (
        audit.rounds.get())  # fmt: skip
    Round.objects.filter(pk=round.pk).update(
        state="reading", opened_at=make.NOW, opened_by="x", destroy_on=dt.date(2099, 1, 1),
        double_share=100,
    )  # fmt: skip
    round.refresh_from_db()
    snapshot = make.SnapshotFactory(round=round, number=1, held=60, strata={"audit": 60})
    sample = make.SampleFactory(round=round, number=1, snapshot=snapshot)
    found = [
        make.SampledRecordFactory(sample=sample, number=n, place=n) for n in range(1, records + 1)
    ]
    here = World(round, lead, found)
    here.reader(1), here.reader(1)
    allocating.allocate(actor=lead, round=round)
    for reading in here.readings():
        grade = "5" if reading.record.number <= good else "2"
        hand_in(reading, values={"plan-present": "yes", "plan-quality": grade})
    rounds.lock_round(actor=lead, round=round)
    count_round(actor=lead, key=round.pk)
    round.refresh_from_db()
    return round


def test_turns_are_set_beside_each_other():
    lead = somebody("quality-lead")
    audit = begin(lead)
    for turn, good in ((1, 8), (2, 14)):
        read(audit, turn, lead, good=good)
    auditing.begin_turn(actor=lead, audit=audit, turn=3)
    turns = list(audit.rounds.order_by("turn"))
    found = audits.trend(lead, turns)
    assert [one.label for one in found.turns] == ["Turn 1", "Turn 2"]
    assert [one.read for one in found.turns] == [20, 20]
    assert [one.together for one in found.turns] == [40, 70]
    assert found.turns[0].alike.words.startswith("100% of 40")
    quality = dict(found.rows)[found.items[0]]
    assert quality[0].startswith("8 of 20 (40%), ")
    first, second = audits.charts(audit, found)
    assert "40% in the first turn shown, 70% in the last" in first.headline
    assert second.rows[0] == ("Turn 1", "100%")
    destroying.destroy(actor=lead, round=turns[0])
    turns[0].refresh_from_db()
    assert audits.trend(lead, turns).turns[0].alike == found.turns[0].alike


def test_one_turn_makes_no_trend():
    lead = somebody("quality-lead")
    audit = begin(lead)
    read(audit, 1, lead, good=2, records=5)
    found = audits.trend(lead, audit.rounds.all())
    assert audits.charts(audit, found) == []
    assert found.turns[0].alike.answers == 10


def test_a_turn_that_was_given_up_has_nothing_to_show():
    lead = somebody("quality-lead")
    audit = begin(lead)
    destroying.destroy(actor=lead, round=audit.rounds.get())
    (turn,) = audits.trend(lead, audit.rounds.all()).turns
    assert (turn.read, turn.alike, turn.quality) == (None, None, {})
    assert RollingAudit.objects.count() == 1
