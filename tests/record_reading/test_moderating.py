"""Settling differences, asking a third reader, and looking at readings again."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from sightline.access.actors import CommandLine
from sightline.access.models import AuditEvent, User
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.record_reading import moderation_queries as queries
from sightline.record_reading.differences import counted, differences
from sightline.record_reading.models import (
    DipCheck,
    Reader,
    Reading,
    Round,
    SampledRecord,
    Settlement,
)
from sightline.record_reading.services import moderating
from tests.factories import record_reading as make
from tests.factories.access import UserFactory, assign
from tests.record_reading.moderated import NOW, a_record, a_round, read, read_twice

pytestmark = pytest.mark.django_db
Way = Settlement.Way

GOOD = {"plan-present": "yes", "plan-quality": "4"}
WEAK = {"plan-present": "yes", "plan-quality": "2"}


@dataclass
class World:
    """A round of Fife's own: who leads it, a pair, another pair, and a record two have read."""

    round: Round
    lead: User
    one: Reader
    two: Reader
    other: Reader
    record: SampledRecord

    def settle(self, actor: Any, **over: Any) -> Settlement:
        """Settle the quality of the plan as good."""
        said = {"item": "plan-quality", "way": Way.AGREED, "value": "3", "why": "Dates missing."}
        return moderating.settle(actor=actor, record=self.record, **(said | over))


def a_reader(round: Round, name: str, area: str = "fife") -> Reader:
    """Somebody named as a reader who may read there."""
    person = assign(UserFactory(name=name), "local-record-reader", "partnership", area)
    return make.ReaderFactory(round=round, person=person)


@pytest.fixture
def world() -> World:
    """See `World`."""
    round = a_round(area="fife")
    one, two, other = (a_reader(round, name) for name in ("A. One", "B. Two", "C. Other"))
    record = read_twice(round, 1, GOOD, WEAK, (one, two))
    lead = assign(UserFactory(name="L. Lead"), "quality-lead", "partnership", "fife")
    return World(round, lead, one, two, other, record)


def lines(verb: str) -> list[AuditEvent]:
    """The lines of the trail with a verb."""
    return list(AuditEvent.objects.filter(verb=f"record-round.{verb}"))


# Settling.


@pytest.mark.parametrize("who", ["one", "two", "lead"])
def test_what_a_pair_agreed_is_recorded_by_one_of_them_or_by_the_lead(
    world: World, who: str
) -> None:
    found = getattr(world, who)
    actor = found.person if isinstance(found, Reader) else found
    made = world.settle(actor)
    assert (made.way, made.value, made.why) == ("agreed", "3", "Dates missing.")
    assert (made.between, made.settled_by) == (["4", "2"], actor.audit_name)
    (line,) = lines("settled")
    assert line.target == f"record-round:fife/{world.round.slug}"
    assert set(line.after["readers"]) == {world.one.person.audit_name, world.two.person.audit_name}
    said = [value for name, value in line.after.items() if name != "readers"]
    assert not {"2", "3", "4"} & set(map(str, said))
    assert not line.reason
    (difference,) = differences(world.round)
    assert difference.settlement
    assert difference.settlement.value == "3"
    assert counted(world.round)[0].answers["values"]["plan-quality"] == "3"


def test_the_answers_of_both_stay_as_they_were(world: World) -> None:
    world.settle(world.one.person)
    given = {one.part: one.answers["values"] for one in world.record.readings.all()}
    assert given == {1: GOOD, 2: WEAK}


def test_only_the_lead_decides_or_leaves_two_views(world: World) -> None:
    for way in (Way.ADJUDICATED, Way.TWO_VIEWS):
        with pytest.raises(NotPermitted):
            world.settle(world.one.person, way=way)
    assert world.settle(world.lead, way=Way.ADJUDICATED).way == "adjudicated"
    left = world.settle(world.lead, way=Way.TWO_VIEWS, value="3")
    assert left.value is None
    (found,) = counted(world.round)
    assert found.spread == {("plan-quality", ""): ("4", "2")}
    assert "plan-quality" not in found.answers["values"]


def test_what_the_lead_decided_is_not_the_readers_to_change(world: World) -> None:
    world.settle(world.lead, way=Way.ADJUDICATED)
    with pytest.raises(NotAllowed, match="has decided this"):
        world.settle(world.two.person)


def test_a_lead_who_read_the_record_does_not_decide_alone(world: World) -> None:
    assign(world.one.person, "quality-lead", "partnership", "fife")
    with pytest.raises(NotAllowed, match="You read R-001 yourself"):
        world.settle(world.one.person, way=Way.ADJUDICATED)
    assert world.settle(world.one.person, way=Way.TWO_VIEWS)


def test_strangers_and_others_of_the_round_do_not_learn_that_it_is_there(world: World) -> None:
    elsewhere = assign(UserFactory(), "quality-lead", "partnership", "angus")
    volunteer = assign(UserFactory(), "young-inspection-volunteer", "inspection", "fife-2026")
    national = assign(UserFactory(), "service-manager")
    for actor in (world.other.person, UserFactory(), elsewhere, volunteer, national):
        with pytest.raises(NotFound):
            world.settle(actor)
    chief = assign(UserFactory(), "chief-officer", "partnership", "fife")
    with pytest.raises(NotPermitted):
        world.settle(chief)


def test_a_reader_who_has_ended_or_is_conflicted_sees_it_no_more(world: World) -> None:
    make.ConflictFactory(reader=world.one, record=world.record)
    with pytest.raises(NotFound):
        world.settle(world.one.person)
    Reader.objects.filter(pk=world.two.pk).update(ended_at=NOW, ended_by="x:y", ended_reason="Away")
    with pytest.raises(NotFound):
        world.settle(world.two.person)


def test_nothing_of_half_a_pair_can_be_settled(world: World) -> None:
    world.record.readings.filter(part=2).update(state="in-progress")
    for actor in (world.lead, world.one.person, world.two.person):
        with pytest.raises(NotFound):
            world.settle(actor)


def test_there_must_be_a_difference_an_answer_and_a_reason(world: World) -> None:
    with pytest.raises(NotFound):
        world.settle(world.lead, item="plan-present")
    with pytest.raises(NotFound):
        world.settle(world.lead, agency="police")
    for value in ("9", None, ""):
        with pytest.raises(BadInput, match="Choose the answer"):
            world.settle(world.lead, value=value)
    with pytest.raises(BadInput, match="Say why"):
        world.settle(world.lead, why="  ")
    with pytest.raises(BadInput, match="third reader decides"):
        world.settle(world.lead, way=Way.THIRD)
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("state", ["preparing", "locked", "destroyed"])
def test_nothing_is_settled_in_a_round_that_is_not_read(world: World, state: str) -> None:
    by = {"locked_at": NOW, "locked_by": "x:y", "destroyed_at": NOW, "destroyed_by": "x:y"}
    Round.objects.filter(pk=world.round.pk).update(state=state, **by)
    with pytest.raises(NotAllowed):
        world.settle(world.lead)


def test_settling_anew_supersedes_and_keeps(world: World) -> None:
    first = world.settle(world.one.person)
    second = world.settle(world.two.person, value="4")
    first.refresh_from_db()
    assert first.superseded_by == world.two.person.audit_name
    assert second.superseded_at is None
    assert counted(world.round)[0].answers["values"]["plan-quality"] == "4"
    (pair,) = queries.read_twice(world.round)
    kept = queries.history(pair, differences(world.round)[0])
    assert [one.pk for one in kept] == [second.pk, first.pk]


def test_nobody_settles_over_what_they_have_not_seen(world: World) -> None:
    first = world.settle(world.one.person, follows=None)
    with pytest.raises(NotAllowed, match=r"A\. One settled this"):
        world.settle(world.two.person, follows=None)
    assert world.settle(world.two.person, follows=first.pk)


def test_one_agency_is_settled_by_itself(world: World) -> None:
    first = {"meeting-held": "yes", "meeting-attendance": {"police": "yes", "health": "no"}}
    second = {"meeting-held": "yes", "meeting-attendance": {"police": "no", "health": "yes"}}
    record = read_twice(world.round, 2, first, second, (world.one, world.two))
    moderating.settle(
        actor=world.lead, record=record, item="meeting-attendance", agency="health",
        way=Way.ADJUDICATED, value="yes", why="Noted in the minutes.",
    )  # fmt: skip
    found = counted(world.round)[1].answers["values"]["meeting-attendance"]
    assert found == {"police": "yes", "health": "yes"}


def test_the_database_keeps_one_settlement_in_use_and_who_made_it(world: World) -> None:
    made = world.settle(world.lead)
    again = {"record": world.record, "item": "plan-quality", "agency": ""}
    with pytest.raises(IntegrityError), transaction.atomic():
        make.SettlementFactory(**again)
    make.SettlementFactory(**again, superseded_at=NOW, superseded_by="x:y")
    for broken in ({"superseded_at": NOW}, {"settled_by": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Settlement.objects.filter(pk=made.pk).update(**broken)


def test_what_is_open_can_be_left_even_where_a_settlement_no_longer_counts(world: World) -> None:
    world.settle(world.lead)
    reading = world.record.readings.get(part=2)
    reading.answers = {**reading.answers, "values": {**WEAK, "plan-quality": "1"}}
    reading.save()
    open_ones = [one for one in differences(world.round) if one.settlement is None]
    assert len(open_ones) == 1
    moderating.leave_two_views(world.lead, open_ones, "Left when the round was locked.")
    assert counted(world.round)[0].spread == {("plan-quality", ""): ("4", "1")}


def test_a_command_settles_for_the_lead(world: World) -> None:
    assert world.settle(CommandLine("me"), way=Way.ADJUDICATED).settled_by == "command:me"


# A third reader.


def ask(world: World, reader: Reader, **over: Any) -> Reading:
    """Have the record read once more."""
    said = {"actor": world.lead, "record": world.record, "reason": "Two steps apart."}
    return moderating.ask_third_reader(reader=reader, **(said | over))


def test_a_third_reader_reads_unseen_and_decides(world: World) -> None:
    made = ask(world, world.other)
    assert (made.part, made.state, made.reader) == (3, "assigned", world.other)
    assert [line.reason for line in lines("third-asked")] == ["Two steps apart."]
    with pytest.raises(NotFound):
        world.settle(world.other.person)
    assert queries.to_discuss(world.other.person, world.round).pairs == ()
    Reading.objects.filter(pk=made.pk).update(
        state="complete", submitted_at=NOW, submitted_by=world.other.person.audit_name
    )
    made.refresh_from_db()
    made.answers = {"values": {**GOOD, "plan-quality": "5"}, "whys": {}, "flags": {}}
    made.save()
    assert counted(world.round)[0].answers["values"]["plan-quality"] == "5"
    with pytest.raises(NotAllowed, match="has decided this"):
        world.settle(world.one.person)
    world.settle(world.lead, way=Way.ADJUDICATED, value="4")
    assert counted(world.round)[0].answers["values"]["plan-quality"] == "4"


def test_a_third_reader_who_could_lead_waits_until_they_have_handed_in(world: World) -> None:
    with pytest.raises(NotAllowed, match="can see what both readers said"):
        ask(world, make.ReaderFactory(round=world.round, person=world.lead))
    ask(world, world.other)
    assign(world.other.person, "quality-lead", "partnership", "fife")
    with pytest.raises(NotFound):
        world.settle(world.other.person)


def test_asking_is_the_leads_once_and_for_a_reason(world: World) -> None:
    with pytest.raises(NotPermitted):
        ask(world, world.other, actor=world.one.person)
    with pytest.raises(BadInput, match="what the third reader is asked"):
        ask(world, world.other, reason=" ")
    with pytest.raises(NotAllowed, match="reads R-001 already"):
        ask(world, world.one)
    ask(world, world.other)
    with pytest.raises(NotAllowed, match="has a third reader already"):
        ask(world, a_reader(world.round, "D. More"))


def test_nobody_is_asked_where_nothing_is_left_to_settle(world: World) -> None:
    world.settle(world.lead)
    with pytest.raises(NotAllowed, match="Nothing is left to settle"):
        ask(world, world.other)


def test_those_who_could_read_unseen_are_neither_of_the_two_nor_leads_nor_conflicted(
    world: World,
) -> None:
    closed, leads = a_reader(world.round, "D. Closed"), a_reader(world.round, "E. Leads")
    make.ConflictFactory(reader=closed, record=world.record)
    assign(leads.person, "quality-lead", "partnership", "fife")
    (pair,) = queries.read_twice(world.round)
    assert queries.could_read_unseen(pair) == [world.other]


# Looking at readings again.


def some_readings(world: World, many: int = 12) -> None:
    """Readings of records that one person reads: every third is `other`'s."""
    readers = (world.one, world.two, world.other)
    for number in range(11, 11 + many):
        read(a_record(world.round, number), readers[number % 3], GOOD)


def draw(world: World, **over: Any) -> list[str]:
    """Draw, and say which."""
    said = {"actor": world.lead, "round": world.round, "seed": "one two", "size": 4}
    return sorted(one.reading.record.label for one in moderating.draw_dip_sample(**(said | over)))


def test_a_draw_has_every_reader_and_comes_out_the_same_again(world: World) -> None:
    some_readings(world)
    first = draw(world)
    assert len(first) == 4
    readers = {one.reading.reader_id for one in DipCheck.objects.all()}
    assert readers == {world.one.pk, world.two.pk, world.other.pk}
    (line,) = lines("dip-drawn")
    assert line.after == {"readings": 4, "of": 12, "seed": "one two"}
    DipCheck.objects.all().delete()
    assert draw(world) == first
    DipCheck.objects.all().delete()
    assert draw(world, seed="another") != first


def test_a_reading_is_drawn_once_and_never_of_a_record_two_read(world: World) -> None:
    some_readings(world, 6)
    half = a_record(world.round, 30, twice=True)
    read(half, world.one, GOOD)
    begun = a_record(world.round, 31)
    read(begun, world.one, None)
    first = draw(world)
    second = draw(world, size=None, per_cent=100)
    assert len(first) == 4
    assert len(second) == 2
    assert not {"R-001", "R-030", "R-031"} & {*first, *second}
    with pytest.raises(NotAllowed, match="no reading to draw"):
        draw(world)


def test_who_has_read_little_is_in_every_draw(world: World) -> None:
    for number in range(11, 20):
        read(a_record(world.round, number), world.one, GOOD)
    read(a_record(world.round, 20), world.two, GOOD)
    assert "R-020" in draw(world, size=2)


def test_a_share_is_rounded_up(world: World) -> None:
    some_readings(world)
    assert len(draw(world, size=None, per_cent=26)) == 4


def test_what_cannot_be_drawn_is_refused(world: World) -> None:
    some_readings(world)
    for over, words in (
        ({"size": 2}, "at least 3"),
        ({"size": 13}, "There are 12 readings"),
        ({"size": 0}, "There are 12 readings"),
        ({"size": None}, "one of the two"),
        ({"per_cent": 10}, "one of the two"),
        ({"size": None, "per_cent": 101}, "between 1 and 100"),
        ({"seed": "  "}, "seed is empty"),
    ):
        with pytest.raises(BadInput, match=words):
            draw(world, **over)
    with pytest.raises(NotPermitted):
        draw(world, actor=world.one.person)
    assert not DipCheck.objects.exists()


def check(world: World, made: DipCheck, **over: Any) -> DipCheck:
    """Keep what the lead thought."""
    said = {"actor": world.lead, "check": made, "outcome": DipCheck.Outcome.SOUND}
    return moderating.check_dip(**(said | over))


def test_what_the_lead_thought_is_kept_and_told_to_the_reader(world: World) -> None:
    made = make.DipCheckFactory(reading=read(a_record(world.round, 9), world.one, GOOD))
    check(world, made)
    assert queries.to_discuss(world.one.person, world.round).dips == ()
    done = check(world, made, outcome=DipCheck.Outcome.DISCUSS, note=" Dates. ")
    assert (done.note, done.checked_by) == ("Dates.", world.lead.audit_name)
    assert [line.after["outcome"] for line in lines("dip-checked")] == [
        "sound",
        "to be talked through",
    ]
    assert queries.to_discuss(world.one.person, world.round).dips == (made,)
    assert queries.to_discuss(world.two.person, world.round).dips == ()


def test_checks_are_the_leads_of_readings_not_their_own(world: World) -> None:
    made = make.DipCheckFactory(reading=read(a_record(world.round, 9), world.one, GOOD))
    with pytest.raises(NotPermitted):
        check(world, made, actor=world.one.person)
    assign(world.one.person, "quality-lead", "partnership", "fife")
    with pytest.raises(NotAllowed, match="You made this reading"):
        check(world, made, actor=world.one.person)
    with pytest.raises(BadInput, match="what is to be talked through"):
        check(world, made, outcome=DipCheck.Outcome.DISCUSS)
    Round.objects.filter(pk=world.round.pk).update(
        state="destroyed", destroyed_at=NOW, destroyed_by="x:y"
    )
    with pytest.raises(NotAllowed, match="deleted"):
        check(world, made)


def test_the_database_holds_checks_together(world: World) -> None:
    made = make.DipCheckFactory(reading=read(a_record(world.round, 9), world.one, GOOD))
    for broken in ({"outcome": "sound"}, {"checked_at": NOW, "checked_by": "x:y"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            DipCheck.objects.filter(pk=made.pk).update(**broken)
    with pytest.raises(IntegrityError), transaction.atomic():
        make.DipCheckFactory(reading=made.reading)
