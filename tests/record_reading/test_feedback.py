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
from sightline.record_reading import feedback_permissions as doors
from sightline.record_reading import feedback_presenters as presenters
from sightline.record_reading.counting import cases, count, given, units
from sightline.record_reading.differences import counted
from sightline.record_reading.generating import How, make_round
from sightline.record_reading.models import Reading, Round, SectionEntry
from sightline.record_reading.services import publishing, rounds
from sightline.saving import services as saving
from sightline.saving.permissions import get_place_to_read
from sightline.saving.places import place_of
from tests.factories.access import UserFactory, assign

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
    assert sheet.read == 10
    assert sheet.drawn == 10


def test_of_what_was_flagged_only_counts_are_told_and_none_under_the_base() -> None:
    round = a_round()
    sheet = feedback.sheet(round, quantity_terms())
    texts = feedback.flagged_texts(round)
    assert {one.flag for one in texts} == {"strengths", "concerns", "good-practice"}
    for flag in sheet.flagged:
        records = {one.record for one in texts if one.flag == flag.code}
        assert flag.sections[0].number == feedback.told(len(records), round.base)
    assert feedback.told(0, 5) == "none"
    assert feedback.told(4, 5) == "fewer than 5"
    assert feedback.told(1234, 5) == "1,234"
    shown = str(sheet.flagged) + str(sheet.figures) + str(sheet.agencies)
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
    assert feedback.sheet(round, quantity_terms()).pairs == ("1 pair: 2 readers of a local audit")
    round.readers.update(pair=None)
    assert feedback.sheet(round, quantity_terms()).pairs == "2 readers of a local audit"
    round.readers.update(ended_at=round.opened_at, ended_by="test")
    assert feedback.sheet(round, quantity_terms()).pairs == ""


def test_a_sheet_without_strata_and_agencies_says_so() -> None:
    sheet = replace(feedback.sheet(a_round(size=2), quantity_terms()), strata=(), agencies=())
    assert "was not asked" in str(presenters.document(sheet, "Fife"))
