"""Who reads which record: dealt, changed one by one, given on, and dealt again."""

import pytest

from sightline.access.models import AuditEvent
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.record_reading.models import Reading, Round, SampledRecord
from sightline.record_reading.services import allocating
from tests.factories import record_reading as make
from tests.record_reading.worlds import INSPECTION, begun, hand_in, somebody, world

pytestmark = pytest.mark.django_db


def allocate(here):
    return allocating.allocate(actor=here.lead, round=here.round)


def test_records_are_dealt_to_pairs_and_the_share_to_both():
    here = world(20, double_share=20)
    pairs = [here.reader(pair) for pair in (1, 1, 2, 2)]
    done = allocate(here)
    assert (done.readings, done.closed, done.once) == (24, (), ())
    twice = SampledRecord.objects.filter(twice=True)
    assert twice.count() == 4
    for record in twice:
        first, second = record.readings.order_by("part")
        assert first.reader.pair == second.reader.pair
        assert (first.part, second.part) == (1, 2)
    held = [sum(r.reader == one for r in here.readings()) for one in pairs]
    assert held == [6, 6, 6, 6]
    assert AuditEvent.objects.get(verb="record-round.allotted").after == {"readings": 24}


def test_the_same_seed_deals_the_same_and_anew_until_it_opens():
    here = world(10)
    here.reader(1), here.reader(1)
    allocate(here)
    here.round.refresh_from_db()
    assert here.round.double_seed
    first = [(r.record.number, r.part, r.reader_id) for r in here.readings()]
    once = next(r for r in here.readings() if not r.record.twice)
    other = here.round.readers.exclude(pk=once.reader_id).get()
    allocating.assign(actor=here.lead, record=once.record, reader=other)
    allocate(here)
    assert [(r.record.number, r.part, r.reader_id) for r in here.readings()] == first
    Round.objects.update(double_seed="another")
    allocate(here)
    assert [(r.record.number, r.part, r.reader_id) for r in here.readings()] != first


def test_once_reading_has_begun_only_what_is_new_is_dealt():
    here = world(6, state="reading", double_share=50)
    here.reader(1), here.reader(1)
    allocate(here)
    before = {(r.record.number, r.part, r.reader_id) for r in here.readings()}
    gone = next(one for one in SampledRecord.objects.filter(twice=True))
    gone.state, gone.withdrawn_at, gone.withdrawn_by = "withdrawn", make.NOW, "x"
    gone.save()
    anew = make.SampledRecordFactory(
        sample=gone.sample, number=7, place=7, replaces=gone, facts=make.facts(7)
    )
    plain = make.SampledRecordFactory(sample=gone.sample, number=8, place=8)
    done = allocate(here)
    assert done.readings == 3  # twice, as the one it stands in for was to be; and once
    assert anew.readings.count() == 2
    assert plain.readings.count() == 1
    assert before <= {(r.record.number, r.part, r.reader_id) for r in here.readings()}
    assert allocate(here).readings == 0


def test_nobody_is_dealt_what_is_closed_to_them_and_what_cannot_be_read_is_said():
    here = world(3, double_share=0)
    one, other = here.reader(1, teams=["North"]), here.reader(1)
    record = here.records[0]
    record.facts = make.facts(1, teams=["north"])
    record.save()
    make.ConflictFactory(reader=other, record=here.records[1])
    assert allocate(here).closed == ()
    assert record.readings.get().reader == other
    assert here.records[1].readings.get().reader == one
    make.ConflictFactory(reader=other, record=record)
    done = allocate(here)
    assert done.closed == ("R-001",)
    assert not record.readings.exists()


def test_a_record_to_be_read_twice_with_one_reader_left_is_said():
    here = world(2, state="reading", double_share=0)
    one, other = here.reader(1), here.reader(1)
    allocate(here)
    later = make.SampledRecordFactory(sample=here.records[0].sample, number=9, place=9, twice=True)
    make.ConflictFactory(reader=other, record=later)
    done = allocate(here)
    assert (done.readings, done.once) == (1, ("R-009",))
    assert later.readings.get().reader == one
    later.refresh_from_db()
    assert not later.twice


def test_what_it_needs_and_who_may():
    empty = world(0)
    with pytest.raises(NotAllowed, match="Draw the sample"):
        allocate(empty)
    here = world(2)
    with pytest.raises(NotAllowed, match="Name at least one"):
        allocate(here)
    reader = here.reader(1)
    for actor, error in (
        (reader.person, NotPermitted),
        (somebody("chief-officer"), NotPermitted),
        (somebody("partnership-co-ordinator"), NotFound),
        (somebody("inspection-lead", "national", "scotland"), NotFound),
    ):
        with pytest.raises(error):
            allocating.allocate(actor=actor, round=here.round)
        with pytest.raises(error):
            allocating.assign(actor=actor, record=here.records[0], reader=reader)
        with pytest.raises(error):
            allocating.reassign(actor=actor, reader=reader, reason="x")


def test_a_single_record_is_given_to_another():
    here = world(2, state="reading", double_share=0)
    one, other = here.reader(1), here.reader(1)
    allocate(here)
    reading = next(r for r in here.readings() if r.reader == one)

    def assign(reader, part=1, record=reading.record):
        return allocating.assign(actor=here.lead, record=record, reader=reader, part=part)

    with pytest.raises(NotAllowed, match="already"):
        assign(one)
    assert assign(other).pk == reading.pk  # nobody had begun it
    begun(reading := Reading.objects.get(pk=reading.pk))
    made = assign(one)
    reading.refresh_from_db()
    assert (reading.state, reading.entries.count(), made.reader) == ("reassigned", 1, one)
    with pytest.raises(NotAllowed, match="would not read it unseen"):
        assign(other, part=2)  # they had begun the first
    second = assign(here.reader(2), part=2)
    reading.record.refresh_from_db()
    assert reading.record.twice
    hand_in(second)
    third = here.reader(2)
    with pytest.raises(NotAllowed, match="has been handed in"):
        assign(third, part=2)
    with pytest.raises(NotAllowed, match="once both readings of it are in"):
        assign(third, part=3)
    hand_in(made)
    assert assign(third, part=3).part == 3
    line = AuditEvent.objects.filter(verb="record-round.assigned").order_by("pk")
    assert line[0].before == {"reader": one.person.name}
    assert line[2].before is None


def test_what_a_single_record_is_not_given_to():
    here = world(2, state="reading", inspection=INSPECTION)
    one, other = here.reader(1), here.reader(1)
    make.ConflictFactory(reader=one, record=here.records[0])
    first = here.records[0]
    for reader, part, error, said in (
        (one, 1, NotAllowed, "conflict of interest"),
        (other, 2, NotAllowed, "first reader before another"),
        (other, 4, BadInput, "the first, the second"),
        (world(1).reader(1), 1, NotFound, "no such reader"),
    ):
        with pytest.raises(error, match=said):
            allocating.assign(actor=here.lead, record=first, reader=reader, part=part)
    SampledRecord.objects.filter(pk=first.pk).update(state="reserve")
    with pytest.raises(NotFound):
        allocating.assign(actor=here.lead, record=first, reader=other)
    leads = somebody("service-manager", "inspection", INSPECTION)
    assert allocating.assign(actor=leads, record=here.records[1], reader=other)


def test_what_somebody_who_is_away_has_not_handed_in_goes_to_others():
    here = world(6, state="reading", double_share=0)
    away, *others = here.reader(1), here.reader(1), here.reader(2)
    allocate(here)
    mine = [r for r in here.readings() if r.reader == away]
    assert len(mine) == 2
    later = make.ReadingFactory(
        reader=away, round=here.round,
        record=make.SampledRecordFactory(sample=here.records[0].sample, number=7, place=7),
    )  # fmt: skip
    hand_in(mine[0])
    begun(mine[1])
    for reader in others:
        make.ConflictFactory(reader=reader, record=later.record)
    with pytest.raises(BadInput, match="Say why"):
        allocating.reassign(actor=here.lead, reader=away, reason=" ")
    done = allocating.reassign(actor=here.lead, reader=away, reason="Away until Monday")
    assert (done.readings, done.kept) == (1, ("R-007",))
    mine[1].refresh_from_db()
    assert (mine[1].state, mine[1].ended_reason) == ("reassigned", "Away until Monday")
    assert mine[1].entries.count() == 1
    still = {r.record.number for r in here.readings() if r.reader == away}
    assert still == {mine[0].record.number, 7}
    line = AuditEvent.objects.get(verb="record-round.reassigned")
    assert (line.reason, line.after["readings"]) == ("Away until Monday", 1)


def test_of_a_record_read_twice_the_other_of_the_pair_does_not_get_both():
    here = world(1, state="reading", double_share=100)
    one, other = here.reader(1), here.reader(1)
    allocate(here)
    assert allocating.reassign(actor=here.lead, reader=one, reason="x").kept == ("R-001",)
    third = here.reader(2)
    assert allocating.reassign(actor=here.lead, reader=one, reason="x").readings == 1
    assert {r.reader for r in here.readings()} == {other, third}
