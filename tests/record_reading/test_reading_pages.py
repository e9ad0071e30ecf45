"""Pages of reading: my reading, a reading, a section, two versions, handing in, paper."""

import datetime as dt
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from sightline.access.models import AuditEvent
from sightline.record_reading import reading_breaks as breaks
from sightline.record_reading import reading_presenters as presenters
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.asking import template
from sightline.record_reading.models import Reading, SectionEntry
from sightline.record_reading.services import reading as services
from tests.factories import record_reading as made
from tests.factories.access import UserFactory, assign
from tests.record_reading.reading_made import (
    AREA,
    Somebody,
    auditor,
    begun,
    posted,
    reading_of,
    save,
    signed_in,
    values,
    version,
    whole,
)

pytestmark = pytest.mark.django_db
WORDS = " ".join(item.code for item in template(made.TEMPLATE).section("narrative").items)
PLAN = "plan-present plan-risk plan-need plan-outcomes plan-quality"


def text(who: Somebody, page: str = "", section: str = "", more: str = "") -> str:
    """A page that opens, as it is sent."""
    answer = who.client.get(who.url(page, section) + more)
    assert answer.status_code == 200
    return answer.content.decode()


def as_script(who: Somebody, section: str, **given: Any) -> Any:
    """What the script of a page sends, and what it is told."""
    return who.client.post(
        who.url("section", section), posted(**given), headers={"accept": "application/json"}
    )


def test_somebody_reads_a_record_from_the_list_to_handing_in() -> None:
    who = begun()
    assert "Start next" in who.client.get("/reading/").content.decode()
    assert "Before you read" in text(who)
    assert "Nothing is saved here yet." in text(who, "section", "plan")

    plan = who.url("section", "plan")
    answer = who.client.post(plan, posted(of="plan-present", q_plan_present="yes"))
    assert (answer.status_code, answer["Location"]) == (302, f"{plan}#q-plan-risk")
    page = text(who, "section", "plan")
    assert "Your answers bring 4 more questions." in page
    assert 'name="q-plan-quality"' in page
    assert "Before you read" not in text(who)  # said once
    assert "Go on with" in who.client.get("/reading/").content.decode()
    page = text(who, "check")
    assert "still need" in page
    assert plan in page
    assert "Hand in R-" not in page
    assert who.client.post(who.url("check")).status_code == 200
    assert Reading.objects.get(pk=who.reading.pk).state == Reading.State.IN_PROGRESS

    done = begun(name="B. Reader")
    whole(done)
    assert f"Hand in {done.reading.record.label}" in text(done, "check")
    assert done.client.post(done.url("check"))["Location"] == "/reading/"
    assert "1 of 1 handed in" in done.client.get("/reading/").content.decode()
    page = text(done)
    assert "It can only be looked at" in page
    assert done.url("reopen") in page
    for page in ("section", "check"):
        section = "plan" if page == "section" else ""
        assert done.client.get(done.url(page, section))["Location"] == done.url()
    done.client.post(done.url("reopen"), {"reason": "A slip."})
    assert "is open again" in text(done)


# A section


def test_saving_leads_to_the_next_section_that_asks_something() -> None:
    who = begun()
    answer = who.client.post(
        who.url("section", "plan"), posted(of="plan-present", q_plan_present="no")
    )
    assert answer["Location"] == who.url("section", "review")
    last = who.client.post(
        who.url("section", "narrative"), posted(of=WORDS, flag_concerns="Nobody asked.")
    )
    assert last["Location"] == who.url()
    assert queries.answers_so_far(who.reading)["flags"] == {"concerns": "Nobody asked."}


def test_a_break_is_after_saving_and_shows_nothing_of_the_record() -> None:
    who = begun(round=made.OpenRoundFactory(area=AREA, supervisor="D. Support, room 4"))
    answer = who.client.post(
        who.url("section", "plan"), posted(of="plan-present", q_plan_present="yes", go="break")
    )
    assert answer["Location"] == f"{who.url('break')}?from=plan"
    page = who.client.get(answer["Location"]).content.decode()
    assert "D. Support, room 4" in page
    assert "116 123" in page
    assert who.url("section", "plan") in page
    assert "Records in the audit" not in page
    assert queries.answers_so_far(who.reading)["values"] == {"plan-present": "yes"}
    assert who.url("section", "plan") not in text(who, "break", more="?from=nowhere")


def test_a_reason_is_asked_for_and_everything_is_saved_all_the_same() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    sent = posted(of=PLAN, based_on=1, q_plan_present="yes", q_plan_quality="6")
    answer = who.client.post(who.url("section", "plan"), sent)
    assert answer["Location"] == f"{who.url('section', 'plan')}?look=reasons"
    page = who.client.get(answer["Location"]).content.decode()
    assert "<title>Error: " in page
    assert page.count("Say why it is excellent.") == 2  # in the summary and at the box
    assert "What you answered is saved." in page
    assert queries.answers_so_far(who.reading)["values"]["plan-quality"] == "6"
    mended = sent | {"based_on": 2, "why-plan-quality": "All aims met.", "token": uuid.uuid4()}
    assert who.client.post(who.url("section", "plan"), mended)["Location"] == who.url(
        "section", "review"
    )


def test_a_reason_is_not_needed_for_what_is_neither_high_nor_low() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    for number, quality in enumerate("345", 1):
        sent = posted(of=PLAN, based_on=number, q_plan_present="yes", q_plan_quality=quality)
        answer = who.client.post(who.url("section", "plan"), sent)
        assert answer["Location"] == who.url("section", "review"), quality


def test_what_other_answers_leave_out_is_said_and_comes_back() -> None:
    who = begun()
    save(who, "plan", {**values(plan_present="yes", plan_quality="4")})
    sent = posted(of=PLAN, based_on=1, q_plan_present="no", q_plan_quality="4")
    answer = who.client.post(who.url("section", "plan"), sent, follow=True)
    assert "this is left out: Quality of plan (4 Good)" in answer.content.decode()
    page = text(who, "section", "plan")
    assert "Left out" in page
    assert 'name="q-plan-quality"' not in page
    assert "Quality of plan (4 Good)" in text(who, "check")
    back = posted(of="plan-present", based_on=2, q_plan_present="yes")
    who.client.post(who.url("section", "plan"), back)
    page = text(who, "section", "plan")
    assert 'value="4" id="id_q-plan-quality_2" class="ds_radio__input" checked' in page


def test_agencies_are_asked_in_a_table_and_what_is_missing_is_said_of_each() -> None:
    who = begun()
    save(who, "meeting", values(meeting_held="yes"))
    page = text(who, "section", "meeting")
    assert '<th scope="row">Police' in page
    assert '<span class="visually-hidden">Police: </span>' in page
    sent = posted(
        of="meeting-held meeting-attendance", based_on=1, q_meeting_held="yes",
        **{"q_meeting_attendance__police": "yes"},
    )  # fmt: skip
    who.client.post(who.url("section", "meeting"), sent)
    assert queries.answers_so_far(who.reading)["values"]["meeting-attendance"] == {"police": "yes"}
    assert "Choose an answer for: Social work" in text(who, "check")
    page = text(who, "section", "meeting", "?look=reasons")
    assert "Choose an answer for Social work." in page
    assert "Choose an answer for Police." not in page


def test_names_are_pointed_out_and_stop_nothing_but_handing_in() -> None:
    who = begun()
    whole(who)
    given: dict[str, Any] = {"of": WORDS, "based_on": version(who, "narrative")}
    sent = as_script(who, "narrative", flag_concerns="Kayleigh was not heard.", **given).json()
    assert sent["notices"] == [
        "Concerns: “Kayleigh” looks like a name. Write “the child”, or say what part they have."
    ]
    assert "“Kayleigh” looks like a name" in text(who, "section", "narrative")
    page = who.client.post(who.url("check")).content.decode()
    assert "Look at the words above: mend them, or say that they may stay" in page
    assert who.client.post(who.url("check"), {"names_looked_at": "on"}).status_code == 302


def test_a_concern_is_raised_without_leaving_the_form() -> None:
    who = begun()
    here = who.url("section", "plan")
    page = text(who, "section", "plan")
    assert f'<a href="/concerns/raise/?from={here}" target="_blank" rel="opener">' in page
    raised = who.client.get(f"/concerns/raise/?from={here}").content.decode()
    label, round = who.reading.record.label, who.reading.round
    assert f"Reading {label}, {round.title}, Fife" in raised
    assert f"page {here}" not in raised
    elsewhere = signed_in(auditor(area="angus")).get(f"/concerns/raise/?from={here}")
    assert round.title not in elsewhere.content.decode()
    assert "Reading R-" not in who.client.get("/concerns/raise/?from=/reading/").content.decode()
    assert who.reading.record.reference not in raised


# As it is typed


def test_the_script_is_told_what_is_saved() -> None:
    who = begun()
    said = as_script(who, "plan", of="plan-present", q_plan_present="yes").json()
    assert said["saved"] == 1
    assert said["notices"] == [
        "Your answers bring 4 more questions. Save and continue shows what they bring."
    ]
    again = as_script(who, "plan", of="plan-present", q_plan_present="no", based_on=1).json()
    assert again["notices"] == []
    assert "Saved at" in text(who, "section", "plan")


def test_two_tabs_keep_both_texts_and_say_who_and_when() -> None:
    who = begun()
    as_script(who, "plan", of="plan-present", flag_strengths="Of the first tab.")
    said = as_script(who, "plan", of="plan-present", flag_strengths="Of the second tab.").json()
    assert said["message"] == "You, in another window, changed this a moment ago."
    assert (said["clash"], said["on"], said["url"]) == (2, 2, who.url("two", "plan"))
    without_script = posted(of="plan-present", flag_strengths="Of a third.")
    answer = who.client.post(who.url("section", "plan"), without_script)
    assert answer["Location"] == who.url("two", "plan")
    assert "Two versions" in text(who, "section", "plan")
    assert "Two versions" in text(who)
    assert who.url("two", "plan") in text(who, "check")

    page = text(who, "two", "plan")
    assert "Of the first tab." in page
    assert "Of the second tab." in page
    assert "1 more stands beside" in page
    assert "First, in use: you, " in page
    assert "Second, kept beside: you, " in page
    sent = {"keep": "joined", "in_use": 1, "beside": 2, "token": uuid.uuid4()}
    assert who.client.post(who.url("two", "plan"), sent)["Location"] == who.url("section", "plan")
    again = {**sent, "token": uuid.uuid4()}
    answer = who.client.post(who.url("two", "plan"), again, follow=True)
    assert "settled already" in answer.content.decode()
    who.client.post(
        who.url("two", "plan"), {"keep": "in-use", "in_use": 4, "beside": 3, "token": uuid.uuid4()}
    )
    assert queries.answers_so_far(who.reading)["flags"]["strengths"] == (
        "Of the first tab.\n\nOf the second tab."
    )
    assert who.client.get(who.url("two", "plan"))["Location"] == who.url("section", "plan")


def test_whoever_types_in_a_form_is_named_to_its_reader() -> None:
    who = begun()
    as_script(who, "plan", of="plan-present", flag_strengths="Of the reader.")
    SectionEntry.objects.update(entered_by=auditor("B. Typist").audit_name)
    said = as_script(who, "plan", of="plan-present", flag_strengths="Of the second tab.").json()
    assert said["message"] == "B. Typist changed this a moment ago."
    page = text(who, "two", "plan")
    assert "First, in use: B. Typist, " in page
    assert "Second, kept beside: you, " in page


def test_what_cannot_be_saved_is_said_to_script_and_person() -> None:
    who = begun()
    long = as_script(who, "plan", of="plan-present", flag_strengths="x" * 10_001)
    assert (long.status_code, long.json()["message"]) == (
        400, "Keep to 10,000 characters. You have 10001",
    )  # fmt: skip
    nothing = who.client.post(
        who.url("section", "plan"), {}, headers={"accept": "application/json"}
    )
    assert "Load the page again" in nothing.json()["message"]
    answer = who.client.post(who.url("section", "plan"), {})
    assert answer["Location"] == who.url("section", "plan")
    page = who.client.post(
        who.url("section", "plan"), posted(of="plan-present", flag_strengths="x" * 10_001)
    ).content.decode()
    assert "Keep to 10,000 characters. You have 10001" in page
    assert "x" * 10_001 in page
    assert as_script(who, "nowhere").status_code == 404
    assert who.client.get(who.url("section", "nowhere")).status_code == 404
    assert as_script(who, "plan", based_on=9, of="plan-present", q_plan_present="no").json() == {
        "message": "There is no version 9 of this section. Load the page again."
    }


@pytest.mark.parametrize(("state", "word"), [("withdrawn", "withdrawn"), ("reassigned", "another")])
def test_a_record_withdrawn_half_read_says_so_and_keeps_what_was_written(
    state: str, word: str
) -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    Reading.objects.update(state=state, ended_at=made.NOW, ended_by="command:test")
    answer = who.client.get(who.url())
    assert answer.status_code == 409
    assert word in answer.content.decode()
    assert word in who.client.get("/reading/").content.decode()
    said = as_script(who, "plan", of="plan-present", q_plan_present="no", based_on=1)
    assert said.status_code == 409
    assert "What you wrote is kept" in said.json()["message"]
    assert queries.answers_so_far(who.reading)["values"] == {"plan-present": "yes"}


def test_after_55_minutes_it_is_said_once(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000_000.0
    monkeypatch.setattr("sightline.record_reading.reading_breaks.time.time", lambda: now)
    who = begun()
    for minute in range(0, 55, 5):
        now = 1_000_000.0 + minute * 60
        assert breaks.WORDS not in text(who, "section", "plan"), minute
    now += 5 * 60
    assert breaks.WORDS in text(who, "section", "plan")
    assert breaks.WORDS not in text(who, "section", "plan")
    now += 11 * 60  # nothing was done, so that was a break
    assert breaks.WORDS not in text(who, "section", "plan")
    for _ in range(11):
        now += 5 * 60
        said = as_script(who, "plan", of="plan-present", flag_strengths=str(now)).json()
    assert breaks.WORDS in said.get("notices", [breaks.WORDS])


# Who may


def everybody_else(who: Somebody) -> dict[str, Client]:
    """Those to whom this reading is not there, signed in."""
    round = who.reading.round
    pair = auditor("The pair")
    reader = made.ReaderFactory(person=pair, round=round, pair=1)
    record = made.SampledRecordFactory(sample=who.reading.record.sample, number=900)
    made.ReadingFactory(reader=reader, record=record)
    people = {
        "the pair": pair,
        "who runs it": assign(UserFactory(), "quality-lead", "partnership", AREA),
        "programme lead": assign(UserFactory(), "inspection-lead", "national", ""),
        "volunteer": assign(UserFactory(), "young-inspection-volunteer", "inspection", "fife-2026"),
        "elsewhere": auditor("Elsewhere", area="angus"),
        "partnership staff": assign(UserFactory(), "partnership-co-ordinator", "partnership", AREA),
        "stranger": UserFactory(),
    }
    return {name: signed_in(person) for name, person in people.items()}


def test_a_reading_is_its_readers_alone() -> None:
    who = begun()
    save(who, "plan", {"flags": {"strengths": "A heron at the pond."}})
    for name, client in everybody_else(who).items():
        for page, section in (
            ("", ""), ("section", "plan"), ("two", "plan"), ("check", ""), ("break", ""),
            ("reopen", ""), ("print", ""),
        ):  # fmt: skip
            answer = client.get(who.url(page, section))
            assert answer.status_code in {403, 404}, (name, page)
            assert "heron" not in answer.content.decode()
        sent = posted(of="plan-present", q_plan_present="no", based_on=1)
        assert client.post(who.url("section", "plan"), sent).status_code in {403, 404}, name
    assert len(queries.history(who.reading, "plan")) == 1


def test_the_two_of_a_record_do_not_see_each_other_before_both_are_in() -> None:
    first = begun()
    other = auditor("B. Reader")
    reader = made.ReaderFactory(person=other, round=first.reading.round)
    second = reading_of(other, reader=reader, record=first.reading.record, part=2)
    save(first, "plan", {**values(plan_present="no"), "flags": {"strengths": "A heron."}})
    save(second, "plan", {**values(plan_present="yes"), "flags": {"strengths": "A kestrel."}})
    for who, own, others in ((first, "heron", "kestrel"), (second, "kestrel", "heron")):
        assert who.url() == first.url()
        pages = [text(who), text(who, "section", "plan"), text(who, "check")]
        pages.append(who.client.get("/reading/").content.decode())
        assert any(own in page for page in pages)
        assert not any(others in page for page in pages)


def test_a_conflict_of_interest_closes_the_pages() -> None:
    who = begun()
    save(who, "plan", {"flags": {"strengths": "A heron."}})
    made.ConflictFactory(reader=who.reading.reader, record=who.reading.record)
    for page, section in (("", ""), ("section", "plan"), ("check", ""), ("print", "")):
        assert who.client.get(who.url(page, section)).status_code == 404
    assert who.url() not in who.client.get("/reading/").content.decode()
    team = begun(name="B. Reader", round=made.OpenRoundFactory(area=AREA))
    team.reading.reader.teams = ["North team"]
    team.reading.reader.save()
    record = team.reading.record
    record.facts = {**record.facts, "teams": ["north  TEAM"]}
    record.save()
    assert team.client.get(team.url()).status_code == 404
    assert team.url() not in team.client.get("/reading/").content.decode()


def test_opening_is_recorded_and_saving_is_no_further_opening() -> None:
    who = begun()
    text(who, "section", "plan")
    for number in range(3):
        as_script(who, "plan", of="plan-present", based_on=number, flag_strengths=f"A{number}")
    assert AuditEvent.objects.filter(verb="reading.read").count() == 1
    assert AuditEvent.objects.filter(verb="reading.written").count() == 1


def test_a_reader_without_records_is_told_so() -> None:
    page = signed_in(auditor()).get("/reading/").content.decode()
    assert "No records are allotted to you now." in page
    stranger = signed_in(UserFactory())
    assert stranger.get("/reading/").status_code in {403, 404}


def test_a_round_that_is_over_is_only_looked_at() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    round = who.reading.round
    round.state, round.locked_at, round.locked_by = "locked", made.NOW, "command:test"
    round.save()
    page = who.client.get("/reading/").content.decode()
    assert "Reading is over." in page
    assert "Start next" not in page
    assert '<details class="sl-details">' in page
    assert "Not handed in before the round was locked" in page
    assert "In progress" not in page
    assert "You have nothing to do now." in page
    assert "Nothing can be written now" in text(who)
    said = as_script(who, "plan", of="plan-present", q_plan_present="no", based_on=1)
    assert said.status_code == 409


def test_it_is_said_why_letters_of_sections_are_left_out() -> None:
    assert "some letters are left out" in text(begun())
    whole_method = reading_of(auditor(), template="risk-of-harm@1")
    assert "letters are left out" not in text(whole_method)


def test_what_two_see_differently_is_in_both_their_lists() -> None:
    who = begun()
    other = made.ReaderFactory(person=auditor("B. Reader"), round=who.reading.round)
    for reading, quality in (
        (who.reading, "4"),
        (made.ReadingFactory(reader=other, record=who.reading.record, part=2), "2"),
    ):
        reading.state, reading.submitted_at, reading.submitted_by = "complete", made.NOW, "person:1"
        reading.answers = values(plan_present="yes", plan_quality=quality)
        reading.save()
    page = who.client.get("/reading/").content.decode()
    assert "answered 1 question differently" in page


# How much is asked of the database


def test_pages_ask_the_database_a_few_questions_however_much_there_is(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    who = begun()
    whole(who)
    for number in range(2, 12):
        record = made.SampledRecordFactory(sample=who.reading.record.sample, number=100 + number)
        made.ReadingFactory(reader=who.reading.reader, record=record)
    who.client.get("/reading/")
    with django_assert_max_num_queries(12):
        who.client.get("/reading/")
    with django_assert_max_num_queries(22):
        who.client.get(who.url())
    with django_assert_max_num_queries(22):
        who.client.get(who.url("section", "plan"))
    with django_assert_max_num_queries(24):
        as_script(who, "plan", of=PLAN, based_on=1, q_plan_present="no")
    services.hand_in(actor=who.person, reading=who.reading)
    with django_assert_max_num_queries(16):
        who.client.get(who.url())


def test_what_is_on_the_page_and_not_asked_any_more_is_taken_all_the_same() -> None:
    who = begun()
    save(who, "meeting", values(meeting_held="no"))
    sent = posted(of="meeting-held meeting-decisions nonsense", based_on=1, q_meeting_held="no")
    who.client.post(who.url("section", "meeting"), sent)
    assert queries.answers_so_far(who.reading)["values"] == {"meeting-held": "no"}


def test_a_section_of_which_nothing_is_asked_leads_to_the_list() -> None:
    who = reading_of(auditor(), template="care-and-protection@1")
    states = {one.code: one.state for one in queries.sections(who.reading)}
    silent = [code for code, state in states.items() if state == "nothing"]
    for code in silent:
        assert who.client.get(who.url("section", code))["Location"] == who.url()


def test_a_tampered_answer_is_refused_and_said_at_its_question() -> None:
    who = begun()
    page = who.client.post(
        who.url("section", "plan"), posted(of="plan-present", q_plan_present="perhaps")
    ).content.decode()
    assert "<title>Error: " in page
    assert queries.entry_in_use(who.reading, "plan") is None


def test_days_of_a_round_in_words() -> None:
    day = dt.date(2026, 3, 2)
    round = made.RoundFactory.build(reads_from=day, reads_until=None)
    assert presenters.days(round) == "2 March 2026"
    round.reads_until = day
    assert presenters.days(round) == "2 March 2026"
    round.reads_until = dt.date(2026, 3, 4)
    assert presenters.days(round) == "2 March 2026 to 4 March 2026"
    assert presenters.days(made.RoundFactory.build()) == ""


def test_pairs_are_named_to_each_other() -> None:
    round = made.OpenRoundFactory(area=AREA)
    person = auditor()
    reader = made.ReaderFactory(person=person, round=round, pair=1)
    made.ReaderFactory(person=auditor("B. Reader"), round=round, pair=1)
    made.ReaderFactory(person=auditor("Of another pair"), round=round, pair=2)
    page = text(reading_of(person, reader=reader))
    assert "B. Reader" in page
    assert "Of another pair" not in page


def test_a_reading_that_is_in_is_not_opened_again_by_its_pages_once_others_are() -> None:
    who = begun()
    whole(who)
    services.hand_in(actor=who.person, reading=who.reading)
    other = made.ReaderFactory(person=auditor("B. Reader"), round=who.reading.round)
    made.CompleteReadingFactory(reader=other, record=who.reading.record, part=2)
    assert who.url("reopen") not in text(who)
    assert who.client.get(who.url("reopen")).status_code == 409


def test_what_was_saved_when_the_session_ended_is_not_taken_for_a_second_version() -> None:
    who = begun()
    page = text(who, "section", "plan")
    marker = re.search(r'name="sightline_typed" value="([^"]+)"', page)
    assert marker is not None
    sent = posted(of="plan-present", q_plan_present="yes", flag_strengths="A heron.")
    sent["sightline_typed"] = marker[1]
    save(who, "plan", {**values(plan_present="yes"), "flags": {"strengths": "A heron."}})
    late = {"headers": {"accept": "application/json"}}
    assert Client().post(who.url("section", "plan"), sent, **late).status_code == 401
    page = text(who, "section", "plan")
    assert "We put back what you typed" in page
    assert 'name="based_on" value="1"' in page

    other = sent | {"flag-strengths": "A heron and a kestrel."}
    assert Client().post(who.url("section", "plan"), other, **late).status_code == 401
    page = text(who, "section", "plan")
    assert "A heron and a kestrel." in page
    assert 'name="based_on" value="0"' in page  # based on what its writer saw, so kept beside


def test_the_numbers_of_the_break_are_those_that_somebody_looks_after() -> None:
    path = Path(settings.SIGHTLINE_DEFINITIONS) / "respondent" / "help@1.yaml"
    known = path.read_text(encoding="utf-8")
    assert all(f'number: "{line.number}"' in known for line in presenters.LINES)
