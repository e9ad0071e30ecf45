"""Pages of a round: begun, prepared, read, locked, shared and deleted by hand."""

import datetime as dt

import pytest
from django.urls import reverse

from sightline.access import audit
from sightline.kernel.errors import Fault, Faults
from sightline.kernel.measures import State
from sightline.partnerships import exercises
from sightline.record_reading import audits, presenters, progress
from sightline.record_reading.forms import NothingForm
from sightline.record_reading.models import AuditAction, Conflict, Reading, RollingAudit, Round
from sightline.record_reading.results import Share
from sightline.record_reading.services import allocating, auditing
from sightline.record_reading.views import kept
from tests.factories import record_reading as make
from tests.factories.access import UserFactory, assign
from tests.record_reading.worlds import HERE, INSPECTION, begun, hand_in, somebody, world

pytestmark = pytest.mark.django_db


def day(name, date):
    """A date as the three boxes send it."""
    return {f"{name}_day": date.day, f"{name}_month": date.month, f"{name}_year": date.year}


def soon(days):
    return dt.date.today() + dt.timedelta(days=days)


def at(round, name, *more):
    return reverse(f"record_reading:{name}", args=[round.area, round.slug, *more])


def text_of(client, url, **data):
    page = client.post(url, data, follow=True) if data else client.get(url)
    assert page.status_code == 200, page.content.decode()
    return page.content.decode()


@pytest.fixture
def lead(client):
    """Who leads quality in the area, and runs its audits."""
    person = assign(UserFactory(name="Q. Lead"), "quality-lead", "partnership", HERE)
    client.force_login(person)
    return person


def reader_here(name):
    return assign(UserFactory(name=name), "local-record-reader", "partnership", HERE)


def sampled(round, size=6, **over):
    """A sample of some records, and the return it came from."""
    snapshot = make.SnapshotFactory(round=round, number=1, held=size, strata={"audit": size})
    sample = make.SampleFactory(round=round, number=1, snapshot=snapshot)
    return [
        make.SampledRecordFactory(sample=sample, number=n, place=n, **over)
        for n in range(1, size + 1)
    ]


NEW = {
    "title": "Spring audit", "template": "local-audit@1", "look_back": "2", "base": "5",
    "double_share": "20", "threshold": "0.60",
}  # fmt: skip


def begin(client, **over):
    page = client.post(reverse("record_reading:new", args=[HERE]), {**NEW, **over})
    assert page.status_code == 302, page.content.decode()
    return Round.objects.get(slug="spring-audit")


def test_a_round_is_begun_prepared_opened_and_locked(client, lead):
    assert "No round has been begun" in text_of(client, reverse("record_reading:list", args=[HERE]))
    round = begin(client, **day("reads_from", soon(0)), **day("reads_until", soon(3)))
    hub = text_of(client, at(round, "round"))
    assert "Being prepared" in hub
    assert hub.count("Cannot start yet") == 3
    assert "Last changed by Q. Lead" in hub
    assert "with the template “Local audit of meetings and plans”" in hub
    assert "None records" not in hub
    assert "Name at least one reader" in hub
    records = sampled(round)
    for name, pair in (("A. One", 1), ("B. Two", 1)):
        text = text_of(
            client, at(round, "readers"), person=reader_here(name).pk, kind="auditor",
            agency="health", pair=pair, teams="Team  East", **day("trained_on", soon(-9)),
        )  # fmt: skip
        assert f"{name} is named" in text
        assert "Team East" in text
    assert "Cannot start yet" in text_of(client, at(round, "round"))
    text = text_of(client, at(round, "allocation"), go="on")
    assert "7 readings allotted" in text
    assert text.count("(not begun)") == 7
    text_of(client, at(round, "support"), content_note="Hard to read.", supervisor="S. Visor, 1")
    assert "Say when what was read is deleted" in text_of(client, at(round, "open"))
    text_of(client, at(round, "destruction"), **day("destroy_on", soon(90)))
    assert "Open the round" in text_of(client, at(round, "open"))
    text = text_of(client, at(round, "open"), go="on")
    assert "Readers can begin" in text
    assert "(records: 6, readers: 2)" in text
    assert "0 of 7" in text
    hand_in(*Reading.objects.filter(round=round))
    assert "Every record is finished" in text_of(client, at(round, "lock"))
    text = text_of(client, at(round, "lock"), go="on")
    assert "The round is locked" in text
    assert "Share the feedback sheet" in text
    assert "can see the feedback sheet now" in text_of(client, at(round, "share"), go="on")
    assert "was shared with the partnership" in text_of(client, at(round, "round"))
    text = text_of(client, at(round, "reopen"), reason="One record was read wrongly")
    assert "open again" in text
    assert "One record was read wrongly" in text
    assert len(records) == 6


@pytest.fixture(autouse=True)
def _inspections(monkeypatch):
    monkeypatch.setattr(exercises, "_sources", [lambda: {INSPECTION: HERE}])


def test_what_is_wrong_is_said_in_the_form(client, lead):
    page = client.post(reverse("record_reading:new", args=[HERE]), {**NEW, "template": ""})
    assert "Select what is asked of every record" in page.content.decode()
    late = day("reads_from", soon(3)) | day("reads_until", soon(1))
    page = client.post(reverse("record_reading:new", args=[HERE]), {**NEW, **late})
    assert "Last day of reading must be the first day or later" in page.content.decode()
    here = world(state="reading", reads_until=soon(5))
    page = client.post(at(here.round, "destruction"), day("destroy_on", soon(2)))
    assert "choose a later day" in page.content.decode()
    assert not Round.objects.filter(slug="spring-audit").exists()


def test_a_lead_begins_a_round_for_an_inspection_alone(client):
    client.force_login(somebody("inspection-lead", "inspection", INSPECTION))
    page = client.get(reverse("record_reading:new", args=[HERE])).content.decode()
    assert f"The inspection {INSPECTION}" in page
    assert "The partnership itself" not in page
    page = client.post(
        reverse("record_reading:new", args=[HERE]), {**NEW, "inspection": INSPECTION}
    )
    assert page.status_code == 302
    assert Round.objects.get().inspection == INSPECTION


def test_where_there_is_one_area_its_rounds_are_shown_at_once(client):
    person = somebody("quality-lead")
    client.force_login(person)
    assert client.get(reverse("record_reading:areas"))["Location"] == reverse(
        "record_reading:list", args=[HERE]
    )
    assign(person, "quality-lead", "partnership", "angus")
    assert "Angus" in text_of(client, reverse("record_reading:areas"))


def open_world(**over):
    here = world(6, state="reading", reads_from=soon(-2), reads_until=soon(1), **over)
    readers = [here.reader(1, name="A. One"), here.reader(1, name="B. Two"), here.reader(2)]
    allocating.allocate(actor=here.lead, round=here.round)
    return here, readers


def test_how_it_goes_is_shown_with_who_is_behind(client):
    here, readers = open_world(inspection=INSPECTION, double_share=0)
    client.force_login(here.lead)
    one = [reading for reading in here.readings() if reading.reader == readers[0]]
    hand_in(*one)
    begun(next(reading for reading in here.readings() if reading.reader == readers[1]))
    text = text_of(client, at(here.round, "round"))
    assert "2 of 6 readings are handed in" in text
    assert "Who is behind" in text
    assert "B. Two: 1 fewer handed in than by now" in text
    assert "A. One: " not in text
    assert "Pair 1" in text
    make.ConflictFactory(reader=readers[0], record=one[0].record)
    make.SampledRecordFactory(sample=here.records[0].sample, number=9, place=9)
    text = text_of(client, at(here.round, "round"))
    assert f"{one[0].record.label} was handed in by A. One, to whom it has been closed" in text
    assert "1 record has no reader" in text
    text = text_of(client, at(here.round, "allocation"), go="on")
    assert "1 reading allotted" in text


def test_an_even_pace():
    first, last = soon(0), soon(2)
    assert [progress.expected(9, first, last, soon(n)) for n in (-1, 0, 1, 2, 3, 9)] == [
        0, 0, 3, 6, 9, 9,
    ]  # fmt: skip
    assert progress.expected(9, None, last, soon(1)) == 0
    assert progress.expected(9, first, None, soon(1)) == 0


def test_each_person_sees_what_their_deeds_open(client):
    here, readers = open_world(inspection=INSPECTION)
    round = here.round
    co_ordinator = somebody("partnership-co-ordinator")
    client.force_login(co_ordinator)
    text = text_of(client, at(round, "round"))
    assert "What readers write is not shown to the partnership" in text
    assert "The return" in text
    for word in ("A. One", "Moderation", "Last changed", "Feedback", "handed in"):
        assert word not in text
    Round.objects.filter(pk=round.pk).update(
        state="locked", locked_at=make.NOW, locked_by="x", shared_at=make.NOW, shared_by="x"
    )
    assert "Feedback sheet" in text_of(client, at(round, "round"))
    Round.objects.filter(pk=round.pk).update(state="reading")
    client.force_login(readers[0].person)
    text = text_of(client, at(round, "round"))
    assert "Go to My reading" in text
    for word in ("B. Two", "Moderation", "Last changed", "Allotted"):
        assert word not in text
    client.force_login(somebody("service-manager", "inspection", INSPECTION))
    text = text_of(client, at(round, "round"))
    assert "Moderation" in text
    assert "Lock the round" in text
    assert "Who reads which record" not in text
    for person in (
        somebody("local-record-reader"),
        somebody("young-inspection-volunteer", "inspection", INSPECTION),
        somebody("inspection-lead", "inspection", "fife-2024"),
        somebody("quality-lead"),
    ):
        client.force_login(person)
        assert client.get(at(round, "round")).status_code == 404


def test_a_reader_says_that_they_know_a_child(client):
    here, readers = open_world(double_share=0)
    client.force_login(readers[0].person)
    mine = next(one for one in here.readings() if one.reader == readers[0]).record
    url = at(here.round, "own-conflict")
    assert "Nobody minds" in text_of(client, url)
    text = text_of(client, url, number=mine.number, kind="knows")
    assert f"{mine.label} is closed to A. One" in text
    assert "given to another reader" in text
    text = text_of(client, url, number=77, kind="knows")
    assert "No record of this round has the number R-077" in text
    assert Conflict.objects.count() == 1
    client.force_login(here.lead)
    assert client.get(url).status_code == 403
    make.ReaderFactory(round=here.round, person=here.lead)
    assert "Nobody minds" in text_of(client, url)


def test_readers_are_changed_given_rest_and_ended(client):
    here, (one, other, third) = open_world(double_share=0)
    client.force_login(here.lead)
    text = text_of(client, at(here.round, "reader", one.pk), kind="auditor", pair="2", teams="")
    assert "Saved." in text
    one.refresh_from_db()
    assert one.pair == 2
    text = text_of(client, at(here.round, "end-reader", one.pk), reason="Ill")
    assert "records are still allotted" in text
    assert "2 readings, to whoever has least" in text_of(client, at(here.round, "away", one.pk))
    text = text_of(client, at(here.round, "away", one.pk), reason="Ill", ends="on")
    assert "2 readings given to others" in text
    one.refresh_from_db()
    assert one.ended_reason == "Ill"
    assert client.get(at(here.round, "reader", one.pk)).status_code == 404
    text = text_of(client, at(here.round, "end-reader", third.pk), reason="Ill")
    assert "still allotted" in text
    for reading in here.readings():
        make.ConflictFactory(reader=third, record=reading.record)
    text = text_of(client, at(here.round, "away", other.pk), reason="Ill", ends="on")
    assert "Nobody else may open R-" in text
    other.refresh_from_db()
    assert not other.ended_at
    hand_in(*here.readings())
    assert "reads no more" in text_of(client, at(here.round, "end-reader", third.pk), reason="x")


def test_conflicts_are_declared_by_whoever_runs_it_and_lifted(client):
    here, (one, *_) = open_world(double_share=0)
    client.force_login(here.lead)
    record = here.records[0]
    record.facts = make.facts(1, teams=["East"])
    record.save()
    here.reader(3, teams=["east"], name="E. Ast")
    text = text_of(client, at(here.round, "conflict", one.pk), number=2, kind="worked", note="Once")
    assert "They worked with the child or family: Once" in text
    assert "E. Ast: R-001" in text
    conflict = Conflict.objects.get()
    assert "R-002" in text_of(client, at(here.round, "lift-conflict", conflict.pk))
    text = text_of(client, at(here.round, "lift-conflict", conflict.pk), go="on")
    assert "R-002 is open to A. One" in text
    assert client.get(at(here.round, "lift-conflict", conflict.pk)).status_code == 404


def test_what_nobody_may_open_is_said(client):
    here = world(2, state="reading", double_share=0)
    one = here.reader(1, name="A. One")
    client.force_login(here.lead)
    make.ConflictFactory(reader=one, record=here.records[0])
    text = text_of(client, at(here.round, "allocation"), go="on")
    assert "No reader may open R-001" in text
    assert "There is nobody else who may read it" in text_of(client, at(here.round, "assign", 1))
    text = text_of(client, at(here.round, "conflict", one.pk), number=2, kind="knows")
    assert "Nobody else may open R-002" in text
    later = make.SampledRecordFactory(sample=here.records[0].sample, number=3, twice=True)
    text = text_of(client, at(here.round, "allocation"), go="on")
    assert "R-003 was to be read by two" in text
    hand_in(Reading.objects.get(record=later))
    text = text_of(client, at(here.round, "conflict", one.pk), number=3, kind="knows")
    assert "was handed in before" in text


def test_single_records_are_given_to_others(client):
    here, (one, *_) = open_world(double_share=0)
    client.force_login(here.lead)
    reading = next(r for r in here.readings() if r.reader != one)
    number = reading.record.number
    page = text_of(client, at(here.round, "assign", number))
    assert f"First reading, in place of {reading.reader.person.name}" in page
    text = text_of(client, at(here.round, "assign", number), part="1", reader=str(one.pk))
    assert f"{reading.record.label} is given on" in text
    assert reading.record.readings.get().reader == one
    hand_in(reading.record.readings.get())
    page = text_of(client, at(here.round, "assign", number))
    assert "Second reading" in page
    assert "in place of" not in page
    assert client.get(at(here.round, "assign", 99)).status_code == 404


def test_another_template(client, lead):
    here = world(2, state="reading")
    text = text_of(client, at(here.round, "template"))
    assert "keep the template they were begun with" in text
    text = text_of(client, at(here.round, "template"), template="local-audit@1", reason="x")
    assert "for 0 readings that nobody has begun" in text


def test_what_was_read_is_deleted_by_hand(client, lead):
    here = world(3, state="locked", results={"counted": "x"})
    page = client.post(at(here.round, "destroy"))
    assert "Select that you know nobody can bring it back" in page.content.decode()
    text = text_of(client, at(here.round, "destroy"), sure="on")
    assert "What was read has been deleted" in text
    assert "0 of 3" in text
    assert client.get(at(here.round, "destroy")).status_code == 409
    reading = world(3, state="reading")
    assert client.get(at(reading.round, "destroy")).status_code == 409
    assert "Give this round up" in text_of(client, at(world(1).round, "round"))


def test_a_rolling_audit_from_its_pages(client, lead):
    text = text_of(
        client, reverse("record_reading:new-audit", args=[HERE]), title="Meetings", topic="All",
        template="local-audit@1", every_weeks=10, size=20, **day("starts_on", soon(0)),
    )  # fmt: skip
    assert "with its first turn to be prepared" in text
    assert "Nothing to compare yet" in text
    audit = RollingAudit.objects.get()
    turn = audit.rounds.get()
    page = reverse("record_reading:audit", args=[HERE, audit.slug])
    text = text_of(
        client, at(turn, "new-action"), words="Say who", owner="Manager", item="plan-quality",
        **day("due_on", soon(-1)),
    )  # fmt: skip
    assert "Say who" in text
    assert "Overdue" in text
    later = auditing.begin_turn(actor=lead, audit=audit, turn=2)
    assert "Say who (Manager" in text_of(client, at(later, "round"))
    listed = text_of(client, reverse("record_reading:list", args=[HERE]))
    assert listed.count("Meetings, turn 2") == 1
    assert "<td>The rolling audit “Meetings”</td>" in listed
    text = text_of(client, at(turn, "action-done", 1), came_of_it="They say so now")
    assert "They say so now" in text
    assert AuditAction.objects.get().done_at
    assert client.get(at(turn, "action-done", 2)).status_code == 404
    assert client.get(at(world(0).round, "new-action")).status_code == 409
    assert "The audit has ended" in text_of(
        client, reverse("record_reading:end-audit", args=[HERE, audit.slug]), go="on"
    )
    client.force_login(somebody("chief-officer"))
    text = text_of(client, page)
    assert "This audit has ended" in text
    assert "Mark as done" not in text
    assert client.get(reverse("record_reading:new-audit", args=[HERE])).status_code == 403
    assert client.get(reverse("record_reading:new", args=[HERE])).status_code == 403


def test_what_somebody_has_to_read_and_run_is_at_home(client):
    here, readers = open_world(double_share=0)
    client.force_login(readers[0].person)
    page = client.get(reverse("home"))
    assert f"{here.round.title}</a>: 2 still to hand in" in page.content.decode()
    head = [link.label for link in page.context["navigation"].primary]
    assert "My reading" in head
    assert "Record reading" not in head
    client.force_login(here.lead)
    page = client.get(reverse("home"))
    assert "Record reading that goes on" in page.content.decode()
    frame = page.context["navigation"]
    assert [link.label for link in frame.primary] == [
        "Home", "Inspections", "Findings", "Outcomes", "Surveys", "Record reading",
    ]  # fmt: skip
    assert frame.account[0].label == "Partnerships"
    page = client.get(at(here.round, "round"))
    assert [one.label for one in page.context["navigation"].primary if one.current] == [
        "Record reading"
    ]


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, ""),
        (dt.date(2026, 3, 2), dt.date(2026, 3, 2), "2 March 2026"),
        (dt.date(2026, 3, 2), dt.date(2026, 3, 4), "2 to 4 March 2026"),
        (dt.date(2026, 3, 30), dt.date(2026, 4, 2), "30 March to 2 April 2026"),
        (dt.date(2025, 12, 30), dt.date(2026, 1, 2), "30 December 2025 to 2 January 2026"),
    ],
)
def test_days_as_they_are_written(first, last, said):
    assert presenters.days(first, last) == said


def test_a_round_of_many_takes_as_many_questions_as_one_of_few(
    client, lead, django_assert_max_num_queries
):
    for size in (3, 12):
        here = world(size, state="reading")
        here.reader(1), here.reader(1)
        allocating.allocate(actor=here.lead, round=here.round)
        for page in ("round", "allocation"):
            client.get(at(here.round, page))
            with django_assert_max_num_queries(32):
                client.get(at(here.round, page))


def test_the_last_change_has_names_and_words_in_place_of_codes(client, lead):
    round, reader = world(0).round, somebody("local-record-reader", name="C. Third")
    said = {"record": "R-013", "way": "agreed", "template": "local-audit@1"}
    for verb, more, words in (
        ("third-asked", {"reader": reader.audit_name}, "asked C. Third to read R-013"),
        ("settled", {"item": "plan-quality"}, "settled “Quality of plan” of R-013"),
        ("settled", {"item": "no-more"}, "settled “no-more” of R-013"),
        ("begun", {}, "with the template “Local audit of meetings and plans”"),
        ("begun", {"template": "no-more@1"}, "with the template “no-more@1”"),
        ("shared", None, "shared the feedback sheet"),
    ):
        after = None if more is None else said | more
        audit.record(lead, f"record-round.{verb}", f"record-round:{HERE}/{round.slug}", after=after)
        assert words in text_of(client, at(round, "round")), verb


@pytest.mark.parametrize(
    ("reference", "said"),
    [("fife-2026", "The inspection of Fife, 2026"), ("fife-again", "The inspection of Fife")],
)
def test_an_inspection_is_called_by_its_area_and_year(reference, said):
    here = world(0, inspection=reference)
    assert presenters.row(here.round).whose == said


def test_one_reader_is_not_called_readers(client, lead):
    days = {"reads_from": soon(0), "reads_until": soon(1), "destroy_on": soon(90)}
    here = world(1, **days, content_note="Hard to read.", supervisor="S. Visor, 1")
    here.reader()
    allocating.allocate(actor=lead, round=here.round)
    assert "From now on 1 reader sees" in text_of(client, at(here.round, "open"))


FORMS = {  # each page that is a form, and what it says where it is sent empty
    "set-up": "Enter what the round is called",
    "support": "Enter what readers are told",
    "destruction": "Enter day on which what was read is deleted",
    "template": "Select",
    "readers": "Who",
    "reopen": "Enter",
    "new-action": "Enter what is to be done",
    "own-conflict": "Enter reading number",
}


@pytest.mark.parametrize(("page", "said"), FORMS.items())
def test_every_form_says_what_is_missing(client, page, said):
    audit = make.RollingAuditFactory(area=HERE)
    state = "locked" if page == "reopen" else "reading"
    here = world(1, state=state, audit=audit, turn=1)
    make.ReaderFactory(round=here.round, person=here.lead)
    client.force_login(here.lead)
    assert client.get(at(here.round, page)).status_code == 200
    sent = client.post(at(here.round, page), {"x": ""})
    assert sent.status_code == 200
    assert "There is a problem" in sent.content.decode()
    assert said in sent.content.decode()


def test_forms_about_a_reader_an_action_and_an_audit(client):
    audit = make.RollingAuditFactory(area=HERE)
    here = world(1, state="reading", audit=audit, turn=1)
    one = here.reader(1)
    make.AuditActionFactory(round=here.round, number=1)
    client.force_login(here.lead)
    for url in (
        at(here.round, "reader", one.pk),
        at(here.round, "end-reader", one.pk),
        at(here.round, "away", one.pk),
        at(here.round, "conflict", one.pk),
        at(here.round, "assign", 1),
        at(here.round, "action-done", 1),
        reverse("record_reading:new-audit", args=[HERE]),
    ):
        assert client.get(url).status_code == 200
        assert "There is a problem" in client.post(url, {"x": ""}).content.decode()
    assert "No more turns begin" in text_of(
        client, reverse("record_reading:end-audit", args=[HERE, audit.slug])
    )


def test_readers_of_an_inspection_are_the_team_and_the_partnerships(client):
    here = world(1, inspection=INSPECTION)
    client.force_login(here.lead)
    for person in (
        somebody("inspector", "inspection", INSPECTION, name="I. Inspector"),
        somebody("local-record-reader", name="L. Local"),
        somebody("local-record-reader", key="angus", name="N. Obody"),
        somebody("inspector", "inspection", "fife-2024", name="N. Either"),
    ):
        assert person
    text = text_of(client, at(here.round, "readers"))
    for name, is_there in (("I. Ins", 1), ("L. Loc", 1), ("N. Obody", 0), ("N. Either", 0)):
        assert (name in text) == bool(is_there)
    own = world(1)
    client.force_login(own.lead)
    make.ReaderFactory(round=own.round, person=own.lead)
    assign(UserFactory(name="E. Verywhere"), "inspection-lead", "national", "scotland")
    text = text_of(client, at(own.round, "readers"))
    assert "L. Local" in text
    assert "E. Verywhere" not in text


def test_when_everybody_is_named_that_is_said(client, lead):
    here = world(1)
    make.ReaderFactory(round=here.round, person=here.lead)
    make.ReaderFactory(round=here.round, person=lead)
    assert "Everybody who could be named is named" in text_of(client, at(here.round, "readers"))


@pytest.mark.parametrize(("in_days", "said"), [(14, True), (15, False)])
def test_a_day_of_deletion_that_is_near_is_said(client, lead, in_days, said):
    here = world(1, state="reading", reads_until=None, destroy_on=soon(in_days))
    assert ("locked or not" in text_of(client, at(here.round, "round"))) == said


def test_only_what_is_read_is_locked(client, lead):
    assert client.get(at(world(1).round, "lock")).status_code == 409


def test_every_fault_of_what_was_sent_is_said():
    form = NothingForm({})

    def act():
        raise Faults("The return", [Fault("B2", "is empty."), Fault("B3", "is empty.")])

    assert not kept(form, act)
    assert form.non_field_errors() == ["B2: is empty.", "B3: is empty."]


def test_a_turn_that_did_not_ask_says_so():
    turns = (
        audits.Turn(make.RoundFactory.build(turn=1), 5, None, {}),
        audits.Turn(
            make.RoundFactory.build(turn=2), 5, None,
            {"Plan": Share("x", "x", 2, 5, State.OBSERVED)},
        ),
    )  # fmt: skip
    assert audits.Trend(turns).rows == (("Plan", ("not asked", "2 of 5")),)
