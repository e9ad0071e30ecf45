"""The audit page: who did what, as sentences."""

import csv
import datetime as dt
import io
from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from sightline.access import audit, trail
from sightline.access.models import AuditEvent, IsDeed, User
from sightline.access.sentences import Sentences, _namers, label, name_things
from sightline.kernel.definitions import parse_definition
from sightline.kernel.errors import Faults
from tests.factories.access import (
    AssignmentFactory,
    AuditEventFactory,
    OrganisationFactory,
    UserFactory,
    assign,
)

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]


@pytest.fixture
def officer(client_for: ClientFor) -> Client:
    return client_for(assign(UserFactory(name="I. Officer"), "information-governance-officer"))


def text_of(client: Client, query: str = "") -> str:
    answer = client.get(reverse("access:audit") + "?" + query)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_line_reads_as_a_sentence_with_role_and_employer_of_that_day(officer: Client) -> None:
    lead = UserFactory(
        name="K. Example", organisation=OrganisationFactory(name="Care Inspectorate")
    )
    AssignmentFactory(
        person=lead,
        role="inspection-lead",
        scope_kind="inspection",
        scope_key="angus-2026",
        ends=dt.date(2026, 6, 30),
    )
    AssignmentFactory(person=lead, role="panel-member", scope_kind="inspection", scope_key="x",
                      starts=dt.date(2026, 7, 1))  # fmt: skip
    AuditEventFactory(
        at=dt.datetime(2026, 5, 14, 8, 12, tzinfo=dt.UTC),
        actor=lead.audit_name,
        verb="evaluation.corrected",
        target="inspection:angus-2026",
        reason="The report says 4.",
        after={"what": "evaluation 2.1"},
    )
    text = text_of(officer)
    assert "14 May 2026 9:12am" in text
    assert "K. Example (inspection lead, Care Inspectorate)" in text
    assert "corrected the evaluation 2.1 of the inspection angus-2026" in text
    assert "The report says 4." in text


def test_people_commands_and_visitors_are_named(officer: Client) -> None:
    person = UserFactory(name="A. Person")
    AuditEventFactory(actor="command:root", verb="role.given", target=f"person:{person.pk}",
                      after={"role": "inspector", "scope": "inspection:angus-2026"})  # fmt: skip
    AuditEventFactory(actor="schedule:access.leavers", verb="jobs.ran", target="jobs:x")
    AuditEventFactory(actor="visitor", verb="person.sign-in-failed", target=f"person:{person.pk}")
    AuditEventFactory(actor="nightly", verb="never.heard-of", target="odd:1")
    text = text_of(officer)
    assert "The command line, as root" in text
    assert "gave A. Person the role inspector (inspection:angus-2026)" in text
    assert "The clock" in text
    assert "schedule:" not in text
    assert "A visitor" in text
    assert "never heard-of: odd 1" in text
    by_the_clock = text_of(officer, "who=clock")
    assert "The clock" in by_the_clock
    assert "The command line, as root" not in by_the_clock


def test_rows_are_shown_when_asked_for_with_what_changed(officer: Client) -> None:
    employer = OrganisationFactory(name="Before")
    employer.name = "After"
    employer.save()
    assert "Before" not in text_of(officer)
    text = text_of(officer, f"rows=on&thing=access_organisation:{employer.pk}")
    assert f"changed organisation {employer.pk}" in text
    assert "Before → After" in text


def test_a_search_can_be_narrowed(officer: Client) -> None:
    one, two = UserFactory(name="A. One"), UserFactory(name="B. Two")
    for person, day in ((one, 1), (two, 31)):
        AuditEventFactory(
            at=dt.datetime(2026, 5, day, 12, tzinfo=dt.UTC),
            actor=person.audit_name,
            verb="person.added" if day == 1 else "person.deactivated",
            target=f"person:{day}",
        )

    def lines(query: str) -> list[str]:
        page = officer.get(reverse("access:audit") + "?" + query)
        return [line.who for line in page.context["lines"] if line.who != "I. Officer"]

    assert lines("") == ["B. Two", "A. One"]
    assert lines("who=one") == ["A. One"]
    assert lines("what=person.deactivated") == ["B. Two"]
    assert lines("thing=person:1") == ["A. One"]
    assert lines("start_day=31&start_month=5&start_year=2026") == ["B. Two"]
    assert lines("end_day=30&end_month=5&end_year=2026") == ["A. One"]
    assert lines("end_day=31&end_month=5&end_year=2026") == ["B. Two", "A. One"]


def test_days_are_days_in_scotland() -> None:
    AuditEventFactory(at=dt.datetime(2026, 5, 31, 23, 30, tzinfo=dt.UTC))  # 1 June in Scotland
    june = trail.Search(start=dt.date(2026, 6, 1), end=dt.date(2026, 6, 1))
    may = trail.Search(start=dt.date(2026, 5, 1), end=dt.date(2026, 5, 31))
    assert (len(trail.events(june)), len(trail.events(may))) == (1, 0)


def test_a_search_is_itself_on_record(officer: Client) -> None:
    text_of(officer, "who=someone")
    event = AuditEvent.objects.get(verb="audit.searched")
    assert event.after == {"who": "someone"}
    assert "I. Officer (information governance officer) </td> <td> searched the audit trail" in (
        text_of(officer).replace("<td>searched", "<td> searched").replace(")</td>", ") </td>")
    )


def test_days_the_wrong_way_round_are_refused_in_words(officer: Client) -> None:
    query = "start_day=2&start_month=5&start_year=2026&end_day=1&end_month=5&end_year=2026"
    answer = officer.get(reverse("access:audit") + "?" + query)
    assert answer.status_code == 400
    assert "The last day must be the first day or later" in answer.content.decode()
    answer = officer.get(reverse("access:audit-download") + "?" + query)
    assert answer.status_code == 400
    assert not AuditEvent.objects.filter(verb__startswith="audit.").exists()


def test_the_lines_can_be_downloaded_and_that_is_on_record(officer: Client) -> None:
    audit.record("=cmd|' /C calc'!A0", "person.added", "person:1", reason="=1+1")
    answer = officer.get(reverse("access:audit-download"))
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0] == ["When", "Who", "Role and employer", "Did", "Thing", "Why given"]
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert "downloaded lines of the audit trail" in rows[1]
    assert AuditEvent.objects.filter(verb="audit.exported").count() == 1


def test_the_page_asks_the_database_as_often_for_many_lines_as_for_few(
    officer: Client, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    def fill(count: int) -> None:
        for number in range(count):
            who = AssignmentFactory(person__organisation=OrganisationFactory()).person
            AuditEventFactory(actor=who.audit_name, target=f"person:{number}")

    fill(2)
    text_of(officer)
    with django_assert_num_queries(8):
        text_of(officer)
    fill(46)
    with django_assert_num_queries(8):
        text_of(officer)


def plan_of(search: trail.Search, *, without: tuple[str, ...], instead_of: str = "") -> str:
    """How the database would look; PostgreSQL not in ways that are cheap only while empty.

    `instead_of`: an index that PostgreSQL is to do without, because it is as cheap while empty.
    """
    sql, params = trail.events(search).query.sql_with_params()
    with transaction.atomic(), connection.cursor() as cursor:
        explain = "EXPLAIN QUERY PLAN"
        if connection.vendor == "postgresql":
            explain = "EXPLAIN"
            for way in without:
                cursor.execute(f"SET LOCAL enable_{way} = off")
            if instead_of:
                cursor.execute(f"DROP INDEX {instead_of}")
        cursor.execute(f"{explain} {sql}", params)
        plan = str(cursor.fetchall())
        transaction.set_rollback(True)
    return plan


def test_deeds_are_found_by_their_own_indexes() -> None:
    """The triggers write most lines, so a search for deeds must not wade through them."""
    newest = plan_of(trail.Search(), without=("seqscan", "bitmapscan", "sort"))
    assert "deed_in_order" in newest
    one = trail.Search(thing="person:1")
    found = plan_of(one, without=("seqscan",), instead_of="deed_in_order")
    assert "deed_by_target" in found


def test_a_context_names_its_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sightline.access.sentences._namers", dict(_namers))
    asked = []

    def namer(keys: object) -> dict[str, str]:
        asked.append(set(keys))  # type: ignore[call-overload]
        return {"1": "the first thing"}

    name_things("thing", namer)
    AuditEventFactory(verb="person.added", target="thing:1")
    AuditEventFactory(verb="person.added", target="thing:2")
    did = [line.did for line in trail.in_words(trail.events(trail.Search()))]
    assert did == ["added thing 2", "added the first thing"]
    assert asked == [{"1", "2"}]


def test_sentences_with_a_stray_brace_are_refused() -> None:
    with pytest.raises(Faults, match="has a brace without its pair"):
        parse_definition(
            Sentences,
            {"code": "x", "version": "1", "deeds": {"a.b": "did {thing"}},
            name="x@1.yaml",
        )


def test_a_choice_is_the_sentence_with_its_places_open() -> None:
    assert label("person.added") == "Added …"
    assert label("row.changed") == "Changed a row"


def test_deeds_and_rows_are_told_apart() -> None:
    OrganisationFactory()
    audit.record("test", "person.added", "person:1")
    deeds = AuditEvent.objects.filter(IsDeed("verb"))
    assert [event.verb for event in deeds] == ["person.added"]
