"""The feedback sheet: what it tells, whom, and from when."""

import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sightline.access.actors import CommandLine
from sightline.access.models import AuditEvent, User
from sightline.framework.queries import quantity_terms
from sightline.kernel.errors import NotAllowed, NotFound, NotPermitted
from sightline.record_reading import asking, feedback
from sightline.record_reading import feedback_counts as sheets
from sightline.record_reading import feedback_permissions as doors
from sightline.record_reading import feedback_presenters as presenters
from sightline.record_reading.counting import cases, count, given, units
from sightline.record_reading.differences import counted
from sightline.record_reading.feedback_counts import _Before as Before
from sightline.record_reading.feedback_counts import _Rule as Rule
from sightline.record_reading.generating import How, make_round
from sightline.record_reading.models import Reading, Round, SectionEntry
from sightline.record_reading.reading_answers import FLAG_LABELS
from sightline.record_reading.services import destroying, publishing, rounds
from sightline.saving import services as saving
from sightline.saving.permissions import get_place_to_read
from sightline.saving.places import place_of
from tests.factories import record_reading as make
from tests.factories.access import UserFactory, assign
from tests.record_reading.worlds import hand_in, world

pytestmark = pytest.mark.django_db
ACTOR = CommandLine("test")
AREA, INSPECTION = "fife", "fife-2026"
PAGES = ("feedback", "feedback-print", "feedback-pdf")


def a_round(**over: Any) -> Round:
    """A round of an inspection of Fife in which everything is read."""
    how = over.pop("how", How(entries=True, settled=1.0, pairs=2))
    said = {
        "slug": "spring", "template": "local-audit@1", "size": 30, "seed": 5,
        "inspection": INSPECTION,
    }  # fmt: skip
    return make_round(actor=ACTOR, area=AREA, how=how, **{**said, **over})


def locked(round: Round) -> Round:
    """The same, locked and counted."""
    found = rounds.lock_round(actor=ACTOR, round=round, leave_two_views=True, reason="For a test.")
    found.refresh_from_db()
    if not found.results.get("counted"):
        publishing.count_round(actor=ACTOR, key=found.pk)
        found.refresh_from_db()
    return found


def lead() -> User:
    return assign(UserFactory(), "inspection-lead", "inspection", INSPECTION)


def co_ordinator() -> User:
    return assign(UserFactory(), "partnership-co-ordinator", "partnership", AREA)


def write(round: Round, field: str, words: str, person: User) -> None:
    """Somebody saves a text of the sheet."""
    saving.save_text(
        actor=person, place=doors.place_of(round, field), text=words, based_on=0,
        token=uuid.uuid4(),
    )  # fmt: skip


def address(round: Round, page: str = "feedback", *more: str) -> str:
    return reverse(f"record_reading:{page}", args=[round.area, round.slug, *more])


def test_every_figure_is_the_main_band_of_its_item_counted_again() -> None:
    round = locked(a_round(size=60, template="care-and-protection@1"))
    sheet = feedback.sheet(round, quantity_terms())
    asked = asking.template(round.template)
    found = cases(asked, counted(round))
    lines = {line.item: line for section in sheet.figures for line in section.lines}
    checked = 0
    for unit in units(asked):
        told = lines.get(unit.short)
        if told is None or told.counted == "[c]":
            continue
        plain = count(unit, given(unit, found))
        band = feedback.main_band(unit)
        assert told.counted.startswith(f"{plain.band(band)} of {plain.base}")
        checked += 1
    assert checked > 10
    assert "M" not in {section.letter for section in sheet.figures}


def test_there_are_no_figures_before_the_round_is_locked() -> None:
    sheet = feedback.sheet(a_round(size=10), quantity_terms())
    assert sheet.figures == ()
    assert not sheet.waits
    assert sheet.counts is not None
    assert sheet.counts.read == 10
    assert sheet.drawn == 10


def test_of_what_was_flagged_only_counts_are_told_and_none_under_the_base() -> None:
    round = a_round()
    sheet = feedback.sheet(round, quantity_terms())
    texts = feedback.flagged_texts(round)
    assert {one.flag for one in texts} == {"strengths", "concerns", "good-practice"}
    assert sheet.counts is not None
    for flag in sheet.counts.flagged:
        records = {one.record for one in texts if one.flag == flag.code}
        assert flag.sections[0].number == sheets.told(len(records), 30, 5)[1]
    shown = str(sheet.counts) + str(sheet.figures)
    assert not any(one.text in shown for one in texts)
    assert "R-0" not in shown


def test_a_flag_stands_under_its_section_and_is_found_without_entries_too() -> None:
    with_entries = feedback.flagged_texts(a_round())
    titles = {str(one.title) for one in asking.template("local-audit@1").sections}
    assert with_entries
    assert {one.section for one in with_entries} <= titles
    without = feedback.flagged_texts(a_round(slug="other", how=How(pairs=1)))
    assert {one.section for one in without} == {""}
    assert without


def test_what_a_later_version_of_a_section_says_counts_and_what_lies_beside_does_not() -> None:
    round = a_round(size=2, twice_share=0, how=How(pairs=1))
    reading = Reading.objects.filter(round=round).select_related("record").first()
    assert reading is not None
    for version, text, beside in ((1, "Old", False), (2, "New", False), (3, "Aside", True)):
        SectionEntry.objects.create(
            reading=reading, section="plan", version=version, based_on=0, beside=beside,
            answers={"values": {}, "whys": {}, "flags": {"concerns": text}}, token=uuid.uuid4(),
            entered_at=reading.submitted_at, entered_by="test",
        )  # fmt: skip
    own = [one for one in feedback.flagged_texts(round) if one.record == reading.record.label]
    assert [(one.section != "", one.text) for one in own] == [(True, "New")]


def test_the_team_reads_it_at_once_and_the_partnership_when_it_is_shared(
    client_for: Callable[[User], Client],
) -> None:
    round = a_round()
    team, partner = client_for(lead()), client_for(co_ordinator())
    for page in PAGES:
        assert team.get(address(round, page)).status_code == 200, page
        assert partner.get(address(round, page)).status_code == 403, page
    locked(round)
    assert partner.get(address(round)).status_code == 403
    rounds.share_feedback(actor=ACTOR, round=round)
    for page in PAGES:
        assert partner.get(address(round, page)).status_code == 200, page
    shown = partner.get(address(round)).content.decode()
    assert "no assurance" in shown
    assert "feedback/write" not in shown
    for one in feedback.flagged_texts(round):
        assert one.text not in shown
    assert partner.get(address(round, "feedback-write", "themes")).status_code == 403


def test_a_stranger_and_a_local_reader_find_nothing(client_for: Callable[[User], Client]) -> None:
    round = locked(a_round())
    rounds.share_feedback(actor=ACTOR, round=round)
    elsewhere = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    reader = assign(UserFactory(), "local-record-reader", "partnership", AREA)
    for person in (elsewhere, reader):
        assert client_for(person).get(address(round)).status_code == 404
    with pytest.raises(NotFound):
        doors.get_feedback_for(elsewhere, AREA, round.slug)


def test_nobody_opens_it_before_reading_begins(client_for: Callable[[User], Client]) -> None:
    round = a_round(size=2)
    Round.objects.filter(pk=round.pk).update(state="preparing")
    team = client_for(lead())
    assert team.get(address(round)).status_code == 404
    assert team.get(address(round, "feedback-write", "themes")).status_code == 404


def test_the_lead_writes_its_words_beside_what_was_flagged_and_opening_that_is_recorded(
    client_for: Callable[[User], Client],
) -> None:
    round, person = a_round(), lead()
    page = client_for(person).get(address(round, "feedback-write", "themes"))
    shown = page.content.decode()
    assert feedback.flagged_texts(round)[0].text in shown
    assert AuditEvent.objects.filter(verb="record-flags.read").exists()
    write(round, "themes", "Plans.\n\nVoice of the child.\n", person)
    text = next(
        one for one in presenters.texts(feedback.sheet(round, quantity_terms()), writes=False)
    )
    assert (text.field, text.lines) == ("themes", ("Plans.", "Voice of the child."))
    assert "Voice of the child." in client_for(person).get(address(round)).content.decode()
    assert client_for(person).get(address(round, "feedback-write", "other")).status_code == 404


def test_what_is_shared_is_not_written_any_more(client_for: Callable[[User], Client]) -> None:
    round, person = locked(a_round()), lead()
    write(round, "strengths", "Chronologies.", person)
    rounds.share_feedback(actor=ACTOR, round=round)
    with pytest.raises(NotAllowed):
        write(round, "strengths", "Plans.", person)
    assert "no longer change" in (
        client_for(person).get(address(round, "feedback-write", "strengths")).content.decode()
    )
    with pytest.raises(NotPermitted):
        write(round, "strengths", "Plans.", co_ordinator())


@pytest.mark.parametrize("key", ["nothing", "b0b0b0b0-0000-4000-8000-000000000000"])
def test_a_text_of_no_round_is_nobodys(key: str) -> None:
    with pytest.raises(NotFound):
        saving.save_text(
            actor=lead(), place=f"{doors.KIND}:{key}/themes", text="Plans.", based_on=0,
            token=uuid.uuid4(),
        )  # fmt: skip


def test_when_what_was_read_is_deleted_the_words_and_figures_stay() -> None:
    round = locked(a_round())
    write(round, "strengths", "Chronologies.", lead())
    before = feedback.sheet(round, quantity_terms())
    round.state = Round.State.DESTROYED
    sheet = feedback.sheet(round, quantity_terms())
    assert sheet.figures == before.figures
    assert sheet.words["strengths"] == "Chronologies."
    assert feedback.flagged_texts(round) == []


def test_the_file_says_what_the_page_says() -> None:
    round = locked(a_round())
    write(round, "strengths", "Chronologies.", lead())
    sheet = feedback.sheet(round, quantity_terms())
    made = str(presenters.document(sheet, "Fife"))
    assert "Chronologies." in made
    assert presenters.CAVEAT in made
    for section in sheet.figures:
        for line in section.lines:
            assert line.counted in made


def test_its_texts_are_named_and_stand_on_its_page() -> None:
    round, person = a_round(size=2), lead()
    write(round, "themes", "Plans.", person)
    place = place_of(doors.place_of(round, "themes"))
    assert place.title == f"the feedback sheet of {round.title}, Fife"
    assert place.address == address(round)
    assert get_place_to_read(person, str(place)) == place
    with pytest.raises(NotPermitted):
        get_place_to_read(co_ordinator(), str(place))


def test_readers_without_pairs_are_counted_as_they_read() -> None:
    round = a_round(size=2, inspection="", how=How(pairs=1))
    assert sheets.counts(round).pairs == "1 pair: 2 readers of a local audit"
    round.readers.update(pair=None)
    assert sheets.counts(round).pairs == "2 readers of a local audit"
    round.readers.update(ended_at=round.opened_at, ended_by="test")
    assert sheets.counts(round).pairs == ""


def test_a_sheet_without_strata_and_agencies_says_so() -> None:
    sheet = feedback.sheet(a_round(size=2), quantity_terms())
    assert sheet.counts is not None
    for agencies, words in (((), "was not asked"), (None, "would tell of a few")):
        found = replace(sheet, counts=replace(sheet.counts, strata=(), agencies=agencies))
        assert words in str(presenters.document(found, "Fife"))


# What may be told


def told_by(seen: int, of: int, least: int = 5) -> str:
    return sheets.told(seen, of, least)[1]


def test_neither_a_few_with_nor_a_few_without_are_told() -> None:
    """None and all are, as in the results, where there are as many as may be shown."""
    assert [told_by(n, 12) for n in (0, 1, 4, 5, 7)] == [
        "none", "fewer than 5", "fewer than 5", "5", "7",
    ]  # fmt: skip
    assert [told_by(n, 12) for n in (8, 11, 12)] == ["nearly all", "nearly all", "12"]
    assert [told_by(n, 4) for n in (0, 4)] == ["fewer than 5", "fewer than 5"]
    assert told_by(1234, 5000) == "1,234"


def line(n: int | None, words: str = "fewer than 5") -> sheets.Told:
    return sheets.Told("x", words, n)


def test_sections_are_not_told_where_together_they_tell_of_a_few() -> None:
    """12 flagged anywhere, 8 in one section, a few in the one other: it would be 4 of them."""
    assert not sheets.are_safe([line(8), line(None)], 12, 5)
    assert sheets.are_safe([line(8), line(None), line(None)], 12, 5)
    assert sheets.are_safe([line(8), line(None, sheets.NEARLY)], 12, 5)
    assert not sheets.are_safe([line(11), line(10)], 20, 5)
    assert sheets.are_safe([line(11), line(9)], 20, 5)
    assert sheets.are_safe([line(15), line(10)], 20, 5)


def test_the_first_numbers_stay_where_they_changed_by_a_few() -> None:
    """And what was hidden stays hidden unless it is far from all that it can have been."""
    before = Before(30, (line(10), sheets.Told("y", "fewer than 5", None)))
    rule = Rule(30, 5, None)

    def now(label: str, n: int) -> str:
        return rule._told(sheets.Told(label, "", n), 30, before).number

    assert [now("x", n) for n in (6, 10, 14, 15, 3, 28)] == [
        "10", "10", "10", "15", "fewer than 5", "nearly all",
    ]  # fmt: skip
    assert [now("y", n) for n in (3, 8, 9, 21, 22, 0)] == [
        "fewer than 5", "fewer than 5", "9", "21", "fewer than 5", "fewer than 5",
    ]  # fmt: skip
    assert [now("z", n) for n in (0, 4, 5)] == ["none", "none", "5"]
    assert rule._told(sheets.Told("x", "", 40), 30, before).number == sheets.NEARLY


def of_an_inspection(records: int, **over: Any) -> Any:
    return world(records, state="reading", inspection=INSPECTION, **over)


def told_of(round: Round) -> dict[str, str]:
    """Every number of the sheet's flags and agencies as it is told."""
    found = feedback.sheet(round, quantity_terms()).counts
    assert found is not None
    flags = {one.title: one.sections[0].number for one in found.flagged}
    return {"read": str(found.read), **flags, **{a.label: a.number for a in found.agencies or ()}}


def read_by(reader: Any, record: Any, *agencies: str, flags: Any = None, **more: Any) -> Reading:
    made = make.ReadingFactory(reader=reader, record=record, round=record.sample.round, **more)
    hand_in(made, values={"records-seen": list(agencies)}, flags=flags or {})
    return made


def test_twelve_read_and_eleven_with_health_is_not_told() -> None:
    here = of_an_inspection(12, base=3)
    reader = here.reader(name="A")
    for record in here.records[:11]:
        read_by(reader, record, "social-work", "health", flags={"concerns": "A concern."})
    read_by(reader, here.records[11], "social-work", flags={"strengths": "A strength."})
    shown = told_of(here.round)
    assert shown["read"] == "12"
    assert shown["Health"] == "nearly all"
    assert shown["Social work"] == "12"
    assert [shown[title] for flag, title in FLAG_LABELS.items() if flag == "concerns"] == [
        "nearly all"
    ]
    # The base of the round is 3: its profile shows no fewer than 5.
    assert [shown[title] for flag, title in FLAG_LABELS.items() if flag == "strengths"] == [
        "fewer than 5"
    ]


def test_what_was_locked_with_something_unread_counts_the_same_records_everywhere() -> None:
    here = of_an_inspection(7)
    first, second = here.reader(name="A"), here.reader(name="B")
    for record in here.records[:5]:
        read_by(first, record, "health")
    read_by(second, here.records[0], "health", part=2)
    waiting = here.records[4]
    waiting.twice = True
    waiting.save()
    make.ReadingFactory(reader=second, record=waiting, round=here.round, part=2)
    open_one = sheets.counts(here.round)
    assert (open_one.read, open_one.twice, [one.read for one in open_one.strata]) == (4, 1, [4])
    found = locked(here.round)
    shown = sheets.counts(found)
    assert (shown.read, shown.twice, [one.read for one in shown.strata]) == (5, 1, [5])
    assert shown.read == found.results["read"]


def test_a_second_locking_tells_no_change_of_a_few() -> None:
    here = of_an_inspection(30)
    reader = here.reader(name="A")
    made = [read_by(reader, record, "health") for record in here.records[:20]]
    made += [read_by(reader, record, "social-work") for record in here.records[20:29]]
    first = told_of(locked(here.round))
    assert (first["read"], first["Health"], first["Social work"]) == ("29", "20", "9")
    again = rounds.reopen_round(actor=ACTOR, round=here.round, reason="One more.")
    read_by(reader, here.records[29], "health", "social-work")
    again = locked(again)
    assert told_of(again) == first
    again = rounds.reopen_round(actor=ACTOR, round=again, reason="Many more.")
    hand_in(*made[:8], values={"records-seen": ["health", "social-work"]}, flags={"concerns": "x"})
    shown = told_of(locked(again))
    assert (shown["read"], shown["Health"], shown["Social work"]) == ("29", "20", "18")
    assert "8" in shown.values()


def test_the_same_readings_tell_the_same_again() -> None:
    """By section as of all sections, with what was told before and without."""
    round = locked(a_round(size=60))
    first = sheets.from_data(round.results[sheets.FEEDBACK])
    assert sheets.counts(round, first) == first
    assert sheets.counts(round) == first
    assert any(len(one.sections) > 1 for one in first.flagged)


def test_while_records_are_read_only_those_who_write_it_see_it(
    client_for: Callable[[User], Client],
) -> None:
    round = a_round()
    panel = client_for(assign(UserFactory(), "panel-member", "inspection", INSPECTION))
    inspector = client_for(assign(UserFactory(), "inspector", "inspection", INSPECTION))
    for client in (panel, inspector):
        for page in PAGES:
            shown = client.get(address(round, page)).content.decode()
            assert "comes when reading is over" in shown
            assert "Records read" not in shown
    assert "Records read" in client_for(lead()).get(address(round)).content.decode()
    locked(round)
    assert "Records read" in panel.get(address(round)).content.decode()


def test_a_locked_round_tells_nothing_before_it_is_counted_and_an_old_one_what_there_is() -> None:
    round = locked(a_round(size=6))
    kept = feedback.sheet(round, quantity_terms()).counts
    round.results = {"counted": "before"}
    assert feedback.sheet(round, quantity_terms()).counts == kept
    round.results = {}
    waiting = feedback.sheet(round, quantity_terms())
    assert (waiting.counts, waiting.drawn, waiting.held) == (None, 0, 0)
    round.state = Round.State.DESTROYED
    gone = feedback.sheet(round, quantity_terms())
    assert (gone.counts, gone.waits) == (None, False)
    assert presenters.DELETED in str(presenters.document(gone, "Fife"))


def test_the_shared_sheet_says_the_same_when_what_was_read_is_deleted(
    client_for: Callable[[User], Client],
) -> None:
    round = locked(a_round())
    rounds.share_feedback(actor=ACTOR, round=round)
    before = told_of(round)
    destroying.destroy(actor=ACTOR, round=round)
    round.refresh_from_db()
    assert told_of(round) == before
    partner = client_for(co_ordinator())
    shown = partner.get(address(round)).content.decode()
    assert "30 of 30 drawn" in shown
    assert "were deleted on" in shown
    Round.objects.filter(pk=round.pk).update(results={})
    assert "nothing was kept" in partner.get(address(round)).content.decode()
