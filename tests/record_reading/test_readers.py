"""Readers: named, changed, ended; conflicts of interest declared, lifted, and what follows."""

import datetime as dt

import pytest

from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.record_reading import permissions, policies
from sightline.record_reading.models import Conflict, Reader, Reading
from sightline.record_reading.services import allocating, readers
from sightline.record_reading.services.readers import As
from tests.factories import record_reading as make
from tests.factories.access import UserFactory
from tests.record_reading.worlds import INSPECTION, begun, hand_in, somebody, world

pytestmark = pytest.mark.django_db
AS = As("auditor", "health", (" Team  East ", ""), 1, dt.date(2026, 1, 5))


def name(here, person, reads_as=AS):
    return readers.name_reader(actor=here.lead, round=here.round, person=person, reads_as=reads_as)


def test_somebody_whose_role_reads_is_named():
    here = world()
    person = somebody("local-record-reader", name="L. Reader")
    made = name(here, person)
    assert (made.pair, made.teams, made.agency) == (1, ["Team East"], "health")
    assert permissions.may(person, here.round, permissions.Deed.READ)
    line = AuditEvent.objects.get(verb="record-round.reader-named")
    assert line.after["reader"] == "L. Reader"
    with pytest.raises(NotAllowed, match="named already"):
        name(here, person)


def test_who_cannot_be_named():
    own, theirs = world(), world(inspection=INSPECTION)
    local = somebody("local-record-reader")
    inspector = somebody("inspector", "inspection", INSPECTION)
    for here, person in (
        (own, somebody("chief-officer")),
        (own, inspector),
        (own, somebody("local-record-reader", key="angus")),
        (own, somebody("inspection-lead", "national", "scotland")),
        (theirs, somebody("young-inspection-volunteer", "inspection", INSPECTION)),
        (theirs, somebody("inspector", "inspection", "fife-2024")),
        (theirs, somebody("local-record-reader", key="angus")),
        (theirs, somebody("strategic-support-officer", "inspection", INSPECTION)),
        (theirs, UserFactory()),
    ):
        with pytest.raises(NotAllowed, match="cannot read records here"):
            name(here, person)
    name(own, local)
    name(theirs, local, As("local"))
    name(theirs, inspector, As("inspector"))
    assert Reader.objects.count() == 3


@pytest.mark.parametrize(
    ("reads_as", "said"),
    [
        (As("astronaut"), "as whom"),
        (As("auditor", trained_on=dt.date.today() + dt.timedelta(1)), "today or earlier"),
        (As("auditor", pair=0), "numbered from 1"),
    ],
)
def test_what_cannot_be_is_refused(reads_as, said):
    here = world()
    with pytest.raises(BadInput, match=said):
        name(here, somebody("local-record-reader"), reads_as)


def test_readers_are_changed_and_ended_by_whoever_runs_the_round():
    here = world(state="reading")
    reader = here.reader(1)
    changed = readers.change_reader(
        actor=here.lead, round=here.round, reader=reader, reads_as=As("auditor", pair=4)
    )
    assert (changed.pair, changed.teams) == (4, [])
    for actor, error in (
        (reader.person, NotPermitted),
        (somebody("committee-lead-officer"), NotPermitted),
        (somebody("local-record-reader"), NotFound),
        (somebody("quality-lead", key="angus"), NotFound),
    ):
        with pytest.raises(error):
            readers.change_reader(actor=actor, round=here.round, reader=reader, reads_as=AS)
        with pytest.raises(error):
            readers.end_reader(actor=actor, round=here.round, reader=reader, reason="x")
    with pytest.raises(BadInput, match="Say why"):
        readers.end_reader(actor=here.lead, round=here.round, reader=reader, reason="")
    readers.end_reader(actor=here.lead, round=here.round, reader=reader, reason="Ill")
    assert not permissions.may(reader.person, here.round, permissions.Deed.READ)
    with pytest.raises(NotFound, match="no such reader"):
        readers.end_reader(actor=here.lead, round=here.round, reader=reader, reason="Ill")
    assert name(here, reader.person)  # they come back


def test_nobody_ends_with_records_still_to_read():
    here = world(4, state="reading")
    one = here.reader(1)
    allocating.allocate(actor=here.lead, round=here.round)
    with pytest.raises(NotAllowed, match="4 records are still"):
        readers.end_reader(actor=here.lead, round=here.round, reader=one, reason="Ill")
    hand_in(*here.readings()[1:])
    with pytest.raises(NotAllowed, match="1 record is still"):
        readers.end_reader(actor=here.lead, round=here.round, reader=one, reason="Ill")
    hand_in(*here.readings())
    readers.end_reader(actor=here.lead, round=here.round, reader=one, reason="Ill")


# Conflicts of interest.


def declare(actor, reader, record, kind="knows", note=""):
    return readers.declare_conflict(actor=actor, reader=reader, record=record, kind=kind, note=note)


def test_a_record_that_was_theirs_goes_to_another_at_once():
    here = world(4, state="reading", double_share=0)
    one, other = here.reader(1), here.reader(1)
    allocating.allocate(actor=here.lead, round=here.round)
    mine = [reading for reading in here.readings() if reading.reader == one]
    begun(mine[1])
    done = declare(one.person, one, mine[0].record, note=" A cousin ")
    assert (done.moved, done.unread, done.handed_in) == (True, False, False)
    assert done.conflict.note == "A cousin"
    moved = Reading.objects.get(pk=mine[0].pk)
    assert moved.reader == other  # not begun: the same row
    assert declare(here.lead, one, mine[1].record).moved
    kept = Reading.objects.get(pk=mine[1].pk)
    assert (kept.state, kept.entries.count()) == ("reassigned", 1)
    assert kept.ended_reason == "A conflict of interest was declared."
    assert Reading.objects.get(record=mine[1].record, state="assigned").reader == other
    with pytest.raises(NotAllowed, match=r"closed to .* already"):
        declare(here.lead, one, mine[0].record)
    last = declare(here.lead, other, mine[0].record)
    assert (last.moved, last.unread) == (False, True)


def test_what_was_handed_in_stays_and_is_said():
    here = world(1, state="reading", double_share=0)
    one = here.reader(1)
    allocating.allocate(actor=here.lead, round=here.round)
    hand_in(*here.readings())
    assert declare(one.person, one, here.records[0]).handed_in
    assert here.readings()[0].state == "complete"


def test_a_conflict_about_a_record_of_nobody_is_only_kept():
    here = world(1)
    done = declare(here.lead, here.reader(1), here.records[0], kind="team")
    assert (done.moved, done.unread, done.handed_in) == (False, False, False)
    with pytest.raises(BadInput, match="bound to"):
        declare(here.lead, here.reader(2), here.records[0], kind="rumour")


def test_who_declares_and_of_which_records():
    here, there = world(1, state="reading"), world(1, state="reading")
    one, other = here.reader(1), here.reader(1)
    with pytest.raises(NotFound):
        declare(one.person, one, there.records[0])
    for actor, error in (
        (other.person, NotPermitted),  # a reader speaks for themself alone
        (somebody("chief-officer"), NotPermitted),
        (somebody("local-record-reader"), NotFound),
        (there.reader(1).person, NotFound),
    ):
        with pytest.raises(error):
            declare(actor, one, here.records[0])
    assert not Conflict.objects.exists()


def test_a_conflict_is_lifted_by_whoever_runs_the_round():
    here = world(1, state="reading")
    one = here.reader(1)
    conflict = declare(one.person, one, here.records[0]).conflict
    assert permissions.is_closed_to(one, here.records[0])
    with pytest.raises(NotPermitted):
        readers.lift_conflict(actor=one.person, conflict=conflict)
    readers.lift_conflict(actor=here.lead, conflict=conflict)
    assert not permissions.is_closed_to(one, here.records[0])
    with pytest.raises(NotAllowed, match="lifted before"):
        readers.lift_conflict(actor=here.lead, conflict=conflict)
    assert declare(one.person, one, here.records[0])  # and declared again
    line = AuditEvent.objects.get(verb="record-round.conflict-lifted")
    assert line.after["record"] == "R-001"


def test_records_of_ones_own_team_are_closed_whatever_the_spelling():
    here = world(0)
    sample = make.SampleFactory(round=here.round)
    theirs = make.SampledRecordFactory(
        sample=sample, facts=make.facts(teams=["north  TEAM", "Other"])
    )
    other = make.SampledRecordFactory(sample=sample, facts=make.facts(2, teams=["", "South"]))
    one = here.reader(1, teams=["North team", ""])
    assert permissions.is_closed_to(one, theirs)
    assert not permissions.is_closed_to(one, other)
    two = here.reader(1)
    make.ConflictFactory(reader=two, record=other)
    make.ConflictFactory(reader=one, record=other, lifted_at=make.NOW, lifted_by="x")
    found = permissions.closed_records([one, two], [theirs, other])
    assert found == {theirs.pk: {str(one.pk)}, other.pk: {str(two.pk)}}


def test_pairs_that_are_none_and_training_that_is_not_noted_are_said():
    here = world(0)
    here.reader(1, kind="local", trained_on=dt.date(2026, 1, 1), name="A")
    for kind in ("local", "inspector", "inspector"):
        here.reader(2, kind=kind, trained_on=dt.date(2026, 1, 1))
    here.reader(None, kind="auditor", name="B")
    assert policies.warnings(policies.ready(here.round)) == (
        "A is a local reader without an inspector beside them.",
        "Nobody has noted the training of B.",
        "Pair 2 has 3 readers; a pair has two.",
    )


def test_nobody_is_named_once_it_is_locked():
    here = world(state="locked")
    with pytest.raises(NotAllowed, match="locked"):
        name(here, somebody("local-record-reader"))
