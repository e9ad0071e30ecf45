"""What is written in a reading: nothing overwritten, nothing lost, nothing stored twice."""

import uuid
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent, User
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound, NotPermitted
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.asking import template
from sightline.record_reading.models import Reading, Round, SectionEntry
from sightline.record_reading.reading_answers import carried, joined, merged, normal
from sightline.record_reading.services import reading as services
from sightline.record_reading.services.reading import Beside, Saved
from tests.factories import record_reading as made
from tests.factories.access import UserFactory, assign
from tests.record_reading.reading_made import (
    AREA,
    Somebody,
    auditor,
    begun,
    reading_of,
    save,
    values,
    whole,
)

pytestmark = pytest.mark.django_db


def told(verb: str) -> int:
    """How many lines of the trail say this."""
    return AuditEvent.objects.filter(verb=verb).count()


def test_each_save_is_a_further_version_and_equal_answers_store_nothing() -> None:
    who = begun()
    first = save(who, "plan", values(plan_present="yes"))
    assert isinstance(first, Saved)
    assert first.version == 1
    assert who.reading.state == Reading.State.IN_PROGRESS
    assert save(who, "plan", values(plan_present="yes"), 1) == first
    again = {**values(plan_present="yes"), "whys": {}, "flags": {"strengths": "  "}}
    assert save(who, "plan", again, 1) == first
    second = save(who, "plan", values(plan_present="no"), 1)
    assert second.version == 2
    assert queries.answers_so_far(who.reading)["values"] == {"plan-present": "no"}
    assert [entry.version for entry in queries.history(who.reading, "plan")] == [2, 1]
    assert told("reading.written") == 1  # one sitting


def test_nothing_at_all_is_not_stored_and_emptying_is() -> None:
    who = begun()
    assert save(who, "plan", {}).version == 0
    assert not SectionEntry.objects.exists()
    save(who, "plan", values(plan_present="yes"))
    assert save(who, "plan", {}, 1).version == 2
    assert queries.answers_so_far(who.reading)["values"] == {}


def test_a_token_sent_twice_stores_nothing_and_is_answered_the_same() -> None:
    who = begun()
    token = uuid.uuid4()
    sent: dict[str, Any] = {
        "actor": who.person, "reading": who.reading, "section": "plan", "based_on": 0,
        "token": token, "answers": values(plan_present="yes"),
    }  # fmt: skip
    first = services.save_section(**sent)
    save(who, "plan", values(plan_present="no"), 1)
    assert services.save_section(**sent) == first
    assert SectionEntry.objects.count() == 2
    with pytest.raises(BadInput, match="token"):
        services.save_section(**{**sent, "answers": values(plan_present="no")})
    with pytest.raises(BadInput, match="token"):
        services.save_section(**{**sent, "section": "context", "answers": {}})
    beside = {**sent, "token": uuid.uuid4(), "answers": values(plan_present="not-expected")}
    kept = services.save_section(**beside)
    assert isinstance(kept, Beside)
    same = services.save_section(**beside)
    assert isinstance(same, Beside)
    assert same.mine == kept.mine


def test_what_is_based_on_a_version_replaced_stands_beside_it() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    save(who, "plan", {**values(plan_present="yes"), "flags": {"strengths": "One tab."}}, 1)
    kept = save(who, "plan", {**values(plan_present="yes"), "flags": {"strengths": "Two"}}, 1)
    assert isinstance(kept, Beside)
    assert (kept.theirs.version, kept.mine.version) == (2, 3)
    assert queries.answers_so_far(who.reading)["flags"] == {"strengths": "One tab."}

    on = {**values(plan_present="yes"), "flags": {"strengths": "Two and more"}}
    further = save(who, "plan", on, 3)  # the same tab goes on typing
    assert isinstance(further, Beside)
    assert further.mine.version == 4
    same = save(who, "plan", on, 4)
    assert isinstance(same, Beside)
    assert same.mine.version == 4
    third = {**values(plan_present="yes"), "flags": {"strengths": "A third tab"}}
    assert isinstance(save(who, "plan", third, 1), Beside)
    assert [one.version for one in queries.open_besides(who.reading)] == [4, 5]
    assert [one.state for one in queries.sections(who.reading) if one.code == "plan"] == [
        "two-versions"
    ]
    assert told("reading.kept-beside") == 3
    with pytest.raises(NotAllowed, match="two versions"):
        services.hand_in(actor=who.person, reading=who.reading)


@pytest.mark.parametrize(
    ("keep", "text"),
    [("in-use", "One tab."), ("beside", "Two"), ("joined", "One tab.\n\nTwo")],
)
def test_two_versions_are_settled_and_both_kept(keep: services.Keep, text: str) -> None:
    who = begun()
    save(who, "plan", {"flags": {"strengths": "One tab."}})
    save(who, "plan", {"flags": {"strengths": "Two"}})
    token = uuid.uuid4()
    given: dict[str, Any] = {
        "actor": who.person, "reading": who.reading, "section": "plan", "keep": keep,
        "in_use": 1, "beside": 2, "token": token,
    }  # fmt: skip
    done = services.settle_section(**given)
    assert services.settle_section(**given) == done
    assert queries.answers_so_far(who.reading)["flags"] == {"strengths": text}
    assert queries.open_besides(who.reading) == []
    assert SectionEntry.objects.count() == 3
    assert told("reading.settled") == 1
    with pytest.raises(NotAllowed, match="settled already"):
        services.settle_section(**{**given, "token": uuid.uuid4()})


def test_what_was_saved_meanwhile_is_looked_at_before_settling() -> None:
    who = begun()
    save(who, "plan", {"flags": {"strengths": "One tab."}})
    save(who, "plan", {"flags": {"strengths": "Two"}})
    save(who, "plan", {"flags": {"strengths": "One tab, and on."}}, 1)
    with pytest.raises(NotAllowed, match="meanwhile"):
        services.settle_section(
            actor=who.person, reading=who.reading, section="plan", keep="beside", in_use=1,
            beside=2, token=uuid.uuid4(),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("section", "answers", "based_on", "words"),
    [
        ("nowhere", {}, 0, "no section"),
        ("plan", values(records_seen=["health"]), 0, "not asked"),
        ("plan", {"flags": {"praise": "Good."}}, 0, "not asked"),
        ("plan", {"flags": {"strengths": "x" * 10_001}}, 0, "10,000"),
        ("plan", values(plan_present="yes"), 7, "no version 7"),
    ],
)
def test_what_cannot_be_kept_is_refused(
    section: str, answers: dict[str, Any], based_on: int, words: str
) -> None:
    with pytest.raises(BadInput, match=words):
        save(begun(), section, answers, based_on)


def test_it_is_not_told_saved_inside_a_transaction_that_may_be_undone() -> None:
    who = begun()
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        save(who, "plan", values(plan_present="yes"))


# Who may


def strangers(who: Somebody) -> dict[str, User]:
    """Everybody who may not write in a reading of an audit of Fife's own."""
    other = auditor("Other reader")
    made.ReaderFactory(person=other, round=who.reading.round)
    pair = auditor("The pair")
    reader = made.ReaderFactory(person=pair, round=who.reading.round, pair=1)
    made.ReadingFactory(reader=reader, record=who.reading.record, part=2)
    return {
        "reader": other,
        "pair": pair,
        "manager": assign(UserFactory(), "quality-lead", "partnership", AREA),
        "lead": assign(UserFactory(), "inspection-lead", "national", ""),
        "volunteer": assign(UserFactory(), "young-inspection-volunteer", "inspection", "fife-2026"),
        "same role elsewhere": auditor("Elsewhere", area="angus"),
        "co-ordinator": assign(UserFactory(), "partnership-co-ordinator", "partnership", AREA),
        "stranger": UserFactory(),
    }


def test_only_its_reader_writes_in_a_reading() -> None:
    who = begun()
    for name, person in strangers(who).items():
        other = Somebody(person, who.reading, who.client)
        with pytest.raises(NotFound):
            save(other, "plan", values(plan_present="yes"))
        with pytest.raises(NotFound):
            services.hand_in(actor=person, reading=who.reading)
        with pytest.raises(NotFound):
            services.settle_section(
                actor=person, reading=who.reading, section="plan", keep="joined", in_use=1,
                beside=2, token=uuid.uuid4(),
            )  # fmt: skip
        assert not SectionEntry.objects.exists(), name
    services.save_section(
        actor=command_line(), reading=who.reading, section="plan", based_on=0, token=uuid.uuid4(),
        answers=values(plan_present="yes"),
    )  # fmt: skip


def test_a_conflict_of_interest_closes_the_record() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    conflict = made.ConflictFactory(reader=who.reading.reader, record=who.reading.record)
    with pytest.raises(NotFound):
        save(who, "plan", values(plan_present="no"), 1)
    conflict.lifted_at, conflict.lifted_by = made.NOW, "command:test"
    conflict.save()
    assert isinstance(save(who, "plan", values(plan_present="no"), 1), Saved)


def test_a_reader_who_reads_no_more_writes_no_more() -> None:
    who = begun()
    reader = who.reading.reader
    reader.ended_at, reader.ended_by = made.NOW, "command:test"
    reader.save()
    with pytest.raises(NotFound):
        save(who, "plan", values(plan_present="yes"))


@pytest.mark.parametrize(
    ("state", "words"),
    [("withdrawn", "withdrawn from the sample"), ("reassigned", "given to another reader")],
)
def test_what_is_over_is_not_written_in_and_says_why(state: str, words: str) -> None:
    who = begun()
    Reading.objects.update(state=state, ended_at=made.NOW, ended_by="command:test")
    with pytest.raises(NotAllowed, match=words):
        save(who, "plan", values(plan_present="yes"))


def test_a_round_that_is_locked_while_a_reading_is_waited_for_is_seen() -> None:
    """As whoever waited for a reading that the locking held."""
    who = begun()
    waited: list[str] = []

    def locked(execute: Any, sql: str, *more: Any) -> Any:
        done = execute(sql, *more)
        if not waited and "record_reading_reading" in sql:
            waited.append(sql)
            Round.objects.filter(pk=who.reading.round_id).update(
                state="locked", locked_at=made.NOW, locked_by="x"
            )
        return done

    with transaction.atomic(), connection.execute_wrapper(locked):
        held = services._locked(who.reading)
    assert ("FOR UPDATE" in waited[0]) == (connection.vendor == "postgresql")
    assert held.round.state == "locked"
    with pytest.raises(NotAllowed, match="Reading is over"):
        save(who, "plan", values(plan_present="yes"))


@pytest.mark.parametrize(("state", "words"), [("preparing", "not begun"), ("locked", "over")])
def test_records_are_read_while_the_round_is_read(state: str, words: str) -> None:
    who = begun()
    round = who.reading.round
    round.state, round.locked_at, round.locked_by = state, made.NOW, "command:test"
    round.save()
    with pytest.raises(NotAllowed, match=words):
        save(who, "plan", values(plan_present="yes"))


# Handing in


def test_what_is_missing_is_named_and_then_it_is_handed_in_tidied() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes", plan_quality="6"))
    with pytest.raises(Faults) as refused:
        services.hand_in(actor=who.person, reading=who.reading)
    where = {fault.where: fault.what for fault in refused.value.faults}
    assert where["Quality of plan"] == "Say why it is excellent."
    assert "Records seen" in where

    done = begun(name="B. Reader")
    answers = whole(done)
    plan = queries.entry_in_use(done.reading, "plan")
    assert plan is not None
    changed = {**plan.answers, "values": {**plan.answers["values"], "plan-present": "no"}}
    save(done, "plan", changed, plan.version)
    services.hand_in(actor=done.person, reading=done.reading)
    held = Reading.objects.get(pk=done.reading.pk)
    assert held.state == Reading.State.COMPLETE
    assert held.submitted_by == done.person.audit_name
    assert "plan-quality" in answers["values"]
    assert "plan-quality" not in held.answers["values"]
    assert "plan-quality" not in held.answers["whys"]
    assert queries.answers_so_far(held)["values"]["plan-quality"]  # the versions keep it
    with pytest.raises(NotAllowed, match="handed in"):
        save(done, "plan", values(plan_present="yes"), plan.version + 1)
    with pytest.raises(NotAllowed, match="handed in"):
        services.hand_in(actor=done.person, reading=done.reading)


def test_words_that_may_name_somebody_are_looked_at_first() -> None:
    who = begun()
    whole(who)
    save(who, "oversight", {"flags": {"concerns": "Kayleigh was not heard."}}, 1)
    who = Somebody(who.person, Reading.objects.get(pk=who.reading.pk), who.client)
    whole_again = queries.history(who.reading, "oversight")[1].answers
    save(who, "oversight", {**whole_again, "flags": {"concerns": "Kayleigh was not heard."}}, 2)
    with pytest.raises(Faults, match="“Kayleigh” looks like a name"):
        services.hand_in(actor=who.person, reading=who.reading)
    services.hand_in(actor=who.person, reading=who.reading, names_looked_at=True)
    line = AuditEvent.objects.get(verb="reading.handed-in")
    assert line.after == {"names_looked_at": 1}


# Opening again


def handed_in(**more: Any) -> Somebody:
    """Somebody whose reading is in."""
    who = begun(**more)
    whole(who)
    services.hand_in(actor=who.person, reading=who.reading)
    return Somebody(who.person, Reading.objects.get(pk=who.reading.pk), who.client)


def test_its_reader_opens_it_again_until_somebody_else_may_have_seen_it() -> None:
    who = handed_in()
    with pytest.raises(BadInput, match="why"):
        services.reopen_reading(actor=who.person, reading=who.reading, reason="  ")
    held = services.reopen_reading(actor=who.person, reading=who.reading, reason="A slip.")
    assert (held.state, held.answers, held.submitted_at) == ("in-progress", None, None)
    assert AuditEvent.objects.get(verb="reading.reopened").reason == "A slip."
    with pytest.raises(NotAllowed, match="not handed in"):
        services.reopen_reading(actor=who.person, reading=who.reading, reason="Again.")
    services.hand_in(actor=who.person, reading=who.reading)

    other = made.ReaderFactory(person=auditor("B. Reader"), round=who.reading.round)
    made.CompleteReadingFactory(reader=other, record=who.reading.record, part=2)
    with pytest.raises(NotAllowed, match="Others may have seen"):
        services.reopen_reading(actor=who.person, reading=who.reading, reason="A slip.")
    lead = assign(UserFactory(), "quality-lead", "partnership", AREA)
    services.reopen_reading(actor=lead, reading=who.reading, reason="Talked through.")


def test_a_reading_a_lead_looked_at_is_opened_again_by_the_lead_alone() -> None:
    who = handed_in()
    made.DipCheckFactory(reading=who.reading)
    with pytest.raises(NotAllowed, match="Others may have seen"):
        services.reopen_reading(actor=who.person, reading=who.reading, reason="A slip.")


def test_nobody_else_opens_it_again() -> None:
    who = handed_in()
    people = strangers(who)
    del people["manager"]
    for name, person in people.items():
        with pytest.raises((NotFound, NotPermitted)):
            services.reopen_reading(actor=person, reading=who.reading, reason=name)


# Paper


def test_whoever_runs_the_round_types_in_what_was_written_on_paper() -> None:
    who = begun()
    lead = assign(UserFactory(), "quality-lead", "partnership", AREA)
    typing = Somebody(lead, who.reading, who.client)
    with pytest.raises(NotFound):
        save(typing, "plan", values(plan_present="yes"))
    services.put_on_paper(actor=lead, reading=who.reading)
    services.put_on_paper(actor=who.person, reading=who.reading)  # said twice
    assert told("reading.put-on-paper") == 1
    who.reading.refresh_from_db()
    assert isinstance(save(typing, "plan", values(plan_present="yes")), Saved)
    assert isinstance(save(who, "plan", values(plan_present="no"), 1), Saved)


def test_what_was_begun_on_the_screen_stays_with_its_reader() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    lead = assign(UserFactory(), "quality-lead", "partnership", AREA)
    with pytest.raises(NotAllowed, match="begun on the screen"):
        services.put_on_paper(actor=lead, reading=who.reading)
    with pytest.raises((NotFound, NotPermitted)):
        services.put_on_paper(actor=auditor("Other"), reading=who.reading)


def test_whoever_reads_the_record_too_types_in_nothing_of_it() -> None:
    who = begun()
    lead = assign(UserFactory(), "quality-lead", "partnership", AREA)
    own = made.ReaderFactory(person=lead, round=who.reading.round)
    made.ReadingFactory(reader=own, record=who.reading.record, part=2)
    with pytest.raises(NotAllowed, match="yourself"):
        services.put_on_paper(actor=lead, reading=who.reading)
    Reading.objects.filter(pk=who.reading.pk).update(on_paper=True)
    who.reading.refresh_from_db()
    with pytest.raises(NotAllowed, match="yourself"):
        save(Somebody(lead, who.reading, who.client), "plan", values(plan_present="yes"))


# Templates


def test_a_reading_keeps_the_template_it_was_begun_with() -> None:
    who = begun()
    save(who, "plan", values(plan_present="yes"))
    who.reading.round.template = "care-and-protection@1"
    who.reading.round.save()
    held = Reading.objects.get(pk=who.reading.pk)
    assert [one.code for one in queries.sections(held)] == [
        one.code for one in template("local-audit@1").sections
    ]
    other = reading_of(auditor("B. Reader"), template="care-and-protection@1")
    assert len(queries.sections(other.reading)) > 9


# Answers put together

texts = st.text("ab \n", max_size=6)
halves = st.fixed_dictionaries(
    {
        "values": st.dictionaries(
            st.sampled_from(["plan-present"]), st.sampled_from(["yes", "no"])
        ),
        "whys": st.dictionaries(st.sampled_from(["plan-quality", "review-quality"]), texts),
        "flags": st.dictionaries(st.sampled_from(["strengths", "concerns"]), texts),
    }
)


@given(first=halves, second=halves)
def test_joining_loses_no_text(first: dict[str, Any], second: dict[str, Any]) -> None:
    both = joined(template("local-audit@1"), first, second)
    for one in map(normal, (first, second)):
        for part in ("whys", "flags"):
            for code, text in one[part].items():
                assert text in both[part][code]
    assert set(both["values"]) == set(first["values"]) | set(second["values"])


def test_joining_keeps_every_choice_of_several_and_of_each_agency() -> None:
    first = values(records_seen=["health"], meeting_attendance={"health": "yes", "police": "no"})
    second = values(records_seen=["police", "health"], meeting_attendance={"police": "yes"})
    second["values"]["oversight-words"] = "New"
    both = joined(template("local-audit@1"), first, second)["values"]
    assert both["records-seen"] == ["health", "police"]
    assert both["meeting-attendance"] == {"health": "yes", "police": "yes"}
    text = next(item.code for item in template("local-audit@1").items() if item.kind == "text")
    both = joined(template("local-audit@1"), {"values": {text: "A"}}, {"values": {text: "B"}})
    assert both["values"][text] == "A\n\nB"


@given(parts=st.lists(halves, max_size=3))
def test_putting_sections_together_keeps_every_flag(parts: list[dict[str, Any]]) -> None:
    whole_of = merged(parts)
    for part in map(normal, parts):
        for flag, text in part["flags"].items():
            assert text in whole_of["flags"][flag]


def test_what_the_page_did_not_show_is_carried_on() -> None:
    before = {**values(plan_present="yes", plan_quality="2"), "whys": {"plan-quality": "Thin."}}
    after = carried(before, values(plan_present="no"), ["plan-present"])
    assert after["values"] == {"plan-present": "no", "plan-quality": "2"}
    assert after["whys"] == {"plan-quality": "Thin."}
    emptied = carried(before, {}, ["plan-present", "plan-quality"])
    assert normal(emptied) == {"values": {}, "whys": {}, "flags": {}}
