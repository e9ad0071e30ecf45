"""What a conflict of interest closes and to whom, and that records read twice are read unseen."""

from typing import Any

import pytest
from django.db.models import QuerySet
from django.urls import reverse

from sightline.access import audit
from sightline.access.models import User
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.record_reading import moderation_queries, permissions, queries
from sightline.record_reading.models import Reader, Reading, SampledRecord
from sightline.record_reading.moderation_permissions import is_one_of_the_two
from sightline.record_reading.reading_permissions import require_writer
from sightline.record_reading.services import allocating, moderating, readers
from sightline.record_reading.services import reading as services
from sightline.record_reading.services.readers import As
from tests.factories import record_reading as make
from tests.record_reading.reading_made import signed_in
from tests.record_reading.worlds import HERE, World, begun, hand_in, somebody, world

pytestmark = pytest.mark.django_db
GOOD = {"plan-present": "yes", "plan-quality": "4"}
OTHER = {"plan-present": "yes", "plan-quality": "5"}


def reading(here: World, reader: Reader, number: int = 1, part: int = 1, **over: Any) -> Reading:
    """A reading of one of the records."""
    record = here.records[number - 1]
    return make.ReadingFactory(reader=reader, record=record, round=here.round, part=part, **over)


def twice(here: World, one: Reader, other: Reader, number: int = 1) -> SampledRecord:
    """A record that two have read, who differ."""
    record = here.records[number - 1]
    SampledRecord.objects.filter(pk=record.pk).update(twice=True)
    hand_in(reading(here, one, number), values=GOOD)
    hand_in(reading(here, other, number, part=2), values=OTHER)
    record.refresh_from_db()
    return record


def declare(here: World, reader: Reader, record: SampledRecord) -> Any:
    return readers.declare_conflict(actor=here.lead, reader=reader, record=record, kind="worked")


def ended(here: World, reader: Reader) -> None:
    readers.end_reader(actor=here.lead, round=here.round, reader=reader, reason="Ill")


def named_anew(here: World, person: User, **over: Any) -> Reader:
    reads_as = As("auditor", "health", **over)
    return readers.name_reader(actor=here.lead, round=here.round, person=person, reads_as=reads_as)


def assign(here: World, reader: Reader, part: int = 1, number: int = 1) -> Reading:
    record = here.records[number - 1]
    return allocating.assign(actor=here.lead, record=record, reader=reader, part=part)


def at(here: World, page: str, *args: Any) -> str:
    return reverse(f"record_reading:{page}", args=[here.round.area, here.round.slug, *args])


# Whoever leads is bound too.


@pytest.mark.parametrize("way", ["declared", "declared and ended", "own team"])
def test_a_conflict_binds_whoever_leads_and_runs_the_round(way: str) -> None:
    here = world(3, state="reading")
    teams = ["North team"] if way == "own team" else []
    lead = make.ReaderFactory(round=here.round, person=here.lead, teams=teams)
    one, other = here.reader(name="A. One"), here.reader(name="B. Other")
    for record in here.records[:2]:
        if way == "own team":
            record.facts = {**record.facts, "teams": ["north TEAM"]}
            record.save()
        else:
            declare(here, lead, record)
    if way == "declared and ended":
        ended(here, lead)
    twice(here, one, other)
    once = reading(here, one, 2, on_paper=True)
    hand_in(once, values=GOOD)
    make.DipCheckFactory(reading=once)
    client = signed_in(here.lead)
    assert "R-001" not in client.get(at(here, "moderation")).content.decode()
    assert "R-001" not in client.get(at(here, "agreement")).content.decode()
    assert client.get(at(here, "difference", 1, "plan-quality")).status_code == 404
    assert at(here, "dip-check", 2) not in client.get(at(here, "dip")).content.decode()
    assert client.get(at(here, "dip-check", 2)).status_code == 404
    assert "Closed to you" in client.get(at(here, "paper")).content.decode()
    assert client.get(at(here, "paper-reading", 2, 1)).status_code == 404
    for act in (require_writer, lambda actor, reading: services.put_on_paper(
        actor=actor, reading=reading
    )):  # fmt: skip
        with pytest.raises(NotFound):
            act(here.lead, once)
    colleague = signed_in(somebody("quality-lead"))
    assert "R-001" in colleague.get(at(here, "moderation")).content.decode()
    assert "R-001" in colleague.get(at(here, "agreement")).content.decode()
    assert colleague.get(at(here, "dip-check", 2)).status_code == 200


def test_what_is_closed_is_asked_at_once(django_assert_num_queries: Any) -> None:
    here = world(6, state="reading")
    lead = make.ReaderFactory(round=here.round, person=here.lead, teams=["North"])
    for record in here.records[:3]:
        make.ConflictFactory(reader=lead, record=record)
    with django_assert_num_queries(2):
        closed = permissions.closed_to_person(here.lead, here.round, here.records)
    assert closed == {record.pk for record in here.records[:3]}


def test_a_reader_talks_nothing_through_of_a_record_that_is_closed() -> None:
    here = world(1, state="reading")
    one = here.reader()
    hand_in(first := reading(here, one), values=GOOD)
    make.DipCheckFactory(
        reading=first, outcome="discuss", note="x", checked_at=make.NOW, checked_by="x:y"
    )
    assert len(moderation_queries.to_discuss(one.person, here.round).dips) == 1
    declare(here, one, here.records[0])
    assert moderation_queries.to_discuss(one.person, here.round).dips == ()


# A conflict is between a person and a child.


def test_somebody_named_anew_keeps_their_conflicts() -> None:
    here = world(2, state="reading")
    one = here.reader(name="A. One")
    declared = declare(here, one, here.records[0]).conflict
    ended(here, one)
    anew = named_anew(here, one.person)
    assert permissions.is_closed_to(anew, here.records[0])
    with pytest.raises(NotAllowed, match="conflict of interest"):
        assign(here, anew)
    with pytest.raises(NotAllowed, match=r"closed to A\. One already"):
        declare(here, anew, here.records[0])
    done = allocating.allocate(actor=here.lead, round=here.round)
    assert (done.readings, done.closed) == (1, ("R-001",))
    readers.lift_conflict(actor=here.lead, conflict=declared)
    assert assign(here, anew).reader == anew


def test_teams_of_an_earlier_naming_close_records_too() -> None:
    here = world(1, state="reading")
    one = here.reader(teams=["North"])
    here.records[0].facts = {**here.records[0].facts, "teams": ["North"]}
    here.records[0].save()
    ended(here, one)
    assert permissions.is_closed_to(named_anew(here, one.person), here.records[0])


def test_a_conflict_holds_when_another_sample_draws_the_child() -> None:
    here = world(2)
    one, other = here.reader(name="A. One"), here.reader(name="B. Other")
    earlier = here.records[0]
    earlier.reference = "SG 0001"
    earlier.save()
    declare(here, one, earlier)
    sample = earlier.sample
    sample.set_aside_at, sample.set_aside_by = make.NOW, "x:y"
    sample.set_aside_reason = "Anew"
    sample.save()
    again = make.SampleFactory(round=here.round, number=2, snapshot=sample.snapshot)
    drawn = make.SampledRecordFactory(sample=again, number=7, reference="sg  0001")
    fresh = make.SampledRecordFactory(sample=again, number=8, reference="SG-0002")
    for record in (drawn, fresh):
        assert permissions.is_closed_to(one, record) == (record == drawn)
        assert not permissions.is_closed_to(other, record)
    client = signed_in(here.lead)
    page = client.get(at(here, "readers")).content.decode()
    assert "R-007" in page
    conflict = one.conflicts.get()
    said = client.post(at(here, "lift-conflict", conflict.pk), follow=True).content.decode()
    assert "R-007 is open to A. One" in said
    assert not permissions.is_closed_to(one, drawn)


def test_records_without_a_label_are_not_taken_for_one_child() -> None:
    here = world(1)
    here.records[0].reference = ""
    here.records[0].save()
    other = make.SampledRecordFactory(
        sample=make.SampleFactory(
            round=here.round, number=2, set_aside_at=make.NOW, set_aside_by="x:y",
            set_aside_reason="Anew",
        ),
        reference="",
    )  # fmt: skip
    assert not permissions.is_same_child(here.records[0], other)


def test_two_readings_are_by_two_people_however_often_they_are_named() -> None:
    here = world(1, state="reading")
    one = here.reader(name="A. One")
    hand_in(reading(here, one))
    ended(here, one)
    anew = named_anew(here, one.person)
    with pytest.raises(NotAllowed, match=r"A\. One reads R-001 already"):
        assign(here, anew, part=2)
    assert permissions.possible_readers([anew], here.records[0], 2) == []


def test_a_reading_is_not_given_on_to_the_other_of_the_two_under_another_row() -> None:
    here = world(2, state="reading")
    one, other = here.reader(), here.reader()
    hand_in(reading(here, one))
    away = reading(here, other, part=2)
    ended(here, one)
    named_anew(here, one.person)
    done = allocating.reassign(actor=here.lead, reader=other, reason="Away")
    assert done.kept == ("R-001",)
    away.refresh_from_db()
    assert away.reader == other


def test_whoever_made_a_reading_decides_no_difference_of_it_after_they_ended() -> None:
    here = world(1, state="reading")
    lead, other = make.ReaderFactory(round=here.round, person=here.lead), here.reader()
    record = twice(here, lead, other)
    ended(here, lead)
    (pair,) = moderation_queries.read_twice(here.round)
    assert is_one_of_the_two(here.lead, pair)
    with pytest.raises(NotAllowed, match="You read R-001 yourself"):
        moderating.settle(
            actor=here.lead, record=record, item="plan-quality", way="adjudicated", value="4",
            why="Mine",
        )  # fmt: skip


# Two readings do not see each other.


def test_whoever_opened_a_paper_reading_reads_the_record_no_more() -> None:
    here = world(1, state="reading")
    lead, one = make.ReaderFactory(round=here.round, person=here.lead), here.reader()
    first, record = reading(here, one), here.records[0]
    client = signed_in(here.lead)
    assert permissions.possible_readers([lead], record, 2) == [lead]
    assert client.post(at(here, "paper-mark", 1, 1)).status_code == 302
    assert client.get(at(here, "paper-reading", 1, 1)).status_code == 200
    hand_in(first, values=GOOD)
    assert permissions.possible_readers([lead], record, 2) == []
    with pytest.raises(NotAllowed, match="would not read it unseen"):
        assign(here, lead, part=2)


@pytest.mark.parametrize("kind", ["record-dip", "record-difference", "reading"])
def test_whoever_looked_at_a_reading_does_not_make_the_second(kind: str) -> None:
    here = world(1, state="reading")
    one, other = here.reader(), here.reader()
    first = reading(here, one)
    hand_in(first)
    key = first.pk if kind == "reading" else f"{HERE}/{here.round.slug}/R-001"
    audit.record_read(other.person, f"{kind}:{key}")
    assert permissions.have_seen([here.records[0]])[here.records[0].pk] == {
        one.person.audit_name, other.person.audit_name,
    }  # fmt: skip


def test_a_reading_that_was_opened_before_it_was_given_on_told_nothing() -> None:
    here = world(1, state="reading")
    one, other, third = here.reader(), here.reader(), here.reader()
    reading(here, one)
    signed_in(one.person).get(at(here, "reading", 1))
    assign(here, other)
    assert assign(here, one, part=2).reader == one
    assert permissions.have_seen([here.records[0]])[here.records[0].pk] == {
        one.person.audit_name, other.person.audit_name,
    }  # fmt: skip
    assert permissions.possible_readers([third], here.records[0], 2) == [third]


def test_whoever_typed_in_a_reading_is_dealt_no_other_of_the_record() -> None:
    here = world(1, state="reading")
    one, typist, third = here.reader(), here.reader(), here.reader(name="C. Third")
    first = reading(here, one, on_paper=True)
    make.SectionEntryFactory(reading=first, entered_by=typist.person.audit_name)
    Reading.objects.filter(pk=first.pk).update(
        state="withdrawn", started_at=make.NOW, started_by=typist.person.audit_name,
        ended_at=make.NOW, ended_by="x:y", ended_reason="x",
    )  # fmt: skip
    allocating.allocate(actor=here.lead, round=here.round)
    assert [found.reader for found in here.readings()] == [third]
    # The first was theirs, so it goes back to them before it goes to the typist.
    assert allocating.move_on(here.lead, here.round, here.readings()[0], "Away")
    assert [found.reader for found in here.readings()] == [one]


def test_a_paper_reading_begun_on_the_screen_is_its_readers_alone() -> None:
    here = world(1, state="reading")
    one = here.reader()
    first = reading(here, one, on_paper=True)
    client = signed_in(here.lead)
    assert client.get(at(here, "paper-reading", 1, 1)).status_code == 200
    Reading.objects.filter(pk=first.pk).update(
        state="in-progress", started_at=make.NOW, started_by=one.person.audit_name
    )
    first.refresh_from_db()
    assert client.get(at(here, "paper-reading", 1, 1)).status_code == 404
    assert at(here, "paper-reading", 1, 1) not in client.get(at(here, "paper")).content.decode()
    with pytest.raises(NotFound):
        require_writer(here.lead, first)
    require_writer(one.person, first)


def test_whoever_runs_a_round_types_in_their_own_paper_reading_unless_it_is_closed() -> None:
    here = world(1, state="reading")
    lead = make.ReaderFactory(round=here.round, person=here.lead)
    reading(here, lead, on_paper=True, started_at=make.NOW, started_by=here.lead.audit_name)
    client = signed_in(here.lead)
    assert client.get(at(here, "paper-reading", 1, 1)).status_code == 200
    make.ConflictFactory(reader=lead, record=here.records[0])
    assert client.get(at(here, "paper-reading", 1, 1)).status_code == 404


def test_a_reading_with_entries_is_not_put_on_paper_by_others() -> None:
    here = world(1, state="reading")
    first = reading(here, here.reader())
    make.SectionEntryFactory(reading=first)
    with pytest.raises(NotAllowed, match="begun on the screen"):
        services.put_on_paper(actor=here.lead, reading=first)


def test_a_third_reading_is_for_somebody_who_cannot_see_the_two_once_they_are_in() -> None:
    here = world(1, state="reading")
    one, other, third = here.reader(name="A"), here.reader(name="B"), here.reader(name="C. Third")
    leads = make.ReaderFactory(round=here.round, person=somebody("quality-lead", name="D. Leads"))
    first, second = reading(here, one), reading(here, other, part=2)
    client = signed_in(here.lead)
    assert "Third reading" not in client.get(at(here, "assign", 1)).content.decode()
    with pytest.raises(NotAllowed, match="once both readings of it are in"):
        assign(here, third, part=3)
    hand_in(first, second, values=GOOD)
    page = client.get(at(here, "assign", 1)).content.decode()
    assert "Third reading" in page
    assert "C. Third" in page
    assert "D. Leads" not in page
    with pytest.raises(NotAllowed, match="would not read it unseen"):
        assign(here, leads, part=3)
    made = assign(here, third, part=3)
    assert not allocating.move_on(here.lead, here.round, made, "Away")
    fourth = here.reader(name="E. Fourth")
    assert allocating.move_on(here.lead, here.round, made, "Away")
    assert here.readings()[-1].reader == fourth


# What happens at the same time, and what comes back.


def test_what_was_begun_or_handed_in_meanwhile_is_not_given_away() -> None:
    here = world(2, state="reading")
    one, other = here.reader(), here.reader()
    stale = reading(here, one)
    begun(Reading.objects.get(pk=stale.pk))
    assert allocating.move_on(here.lead, here.round, stale, "Away")
    stale.refresh_from_db()
    assert (stale.state, stale.reader, stale.entries.count()) == ("reassigned", one, 1)
    late = reading(here, one, 2)
    hand_in(Reading.objects.get(pk=late.pk), values=GOOD)
    assert not allocating.move_on(here.lead, here.round, late, "Away")
    late.refresh_from_db()
    assert (late.state, late.reader) == ("complete", one)
    assert other in {found.reader for found in here.readings()}


def test_readings_that_are_taken_away_are_held_first(monkeypatch: pytest.MonkeyPatch) -> None:
    held: list[Any] = []
    real = QuerySet.select_for_update

    def noted(self: Any, *args: Any, **more: Any) -> Any:
        if self.model is Reading:
            held.append(more)
        return real(self, *args, **more)

    monkeypatch.setattr(QuerySet, "select_for_update", noted)
    here = world(2, state="reading")
    one, other = here.reader(), here.reader()
    reading(here, one), reading(here, one, 2)
    assign(here, other)
    assert held
    held.clear()
    allocating.reassign(actor=here.lead, reader=one, reason="Away")
    assert held
    held.clear()
    declare(here, other, here.records[1])
    assert held
    assert all(more == {"of": ("self",)} for more in held)


def test_what_somebody_had_begun_goes_on_when_the_record_comes_back() -> None:
    here = world(1, state="reading")
    one, other = here.reader(), here.reader()
    mine = begun(reading(here, one))
    declared = declare(here, one, here.records[0])
    assert declared.moved
    readers.lift_conflict(actor=here.lead, conflict=declared.conflict)
    back = assign(here, one)
    assert (back.pk, back.state, back.entries.count()) == (mine.pk, "in-progress", 1)
    assert (back.ended_at, back.ended_by, back.ended_reason) == (None, "", "")
    assert Reading.objects.get(reader=other).state == "reassigned"
    blank = assign(here, other)
    assert (blank.state, blank.entries.count()) == ("assigned", 0)
    assert Reading.objects.get(pk=mine.pk).state == "reassigned"
    begun(blank)
    assert assign(here, one).pk == mine.pk
    assert assign(here, other).pk == blank.pk


def test_an_own_conflict_about_a_record_that_is_begun_is_asked_about_once() -> None:
    here = world(2, state="reading")
    one, _ = here.reader(), here.reader()
    begun(reading(here, one))
    reading(here, one, 2)
    client, url = signed_in(one.person), at(here, "own-conflict")
    said = client.post(url, {"number": "1", "kind": "knows"}).content.decode()
    assert "You have begun this record" in said
    assert not queries.conflicts_in(here.round).exists()
    assert "give it up" not in client.get(url).content.decode()
    assert client.post(url, {"number": "1", "kind": "knows", "sure": "on"}).status_code == 302
    assert client.post(url, {"number": "2", "kind": "knows"}).status_code == 302
    assert queries.conflicts_in(here.round).count() == 2
