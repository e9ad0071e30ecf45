"""Access reviews: what there is to notice, what is decided, the record of it."""

import csv
import datetime as dt
import io

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sightline.access import review_queries, services
from sightline.access.actors import CommandLine
from sightline.access.models import AccessReview, Assignment, AuditEvent, IsDeed, ReviewLine, User
from sightline.access.review_views import _months_on
from sightline.access.services import Decision
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from tests.factories.access import (
    AccessReviewFactory,
    AssignmentFactory,
    OrganisationFactory,
    ReviewLineFactory,
    UserFactory,
    assign,
    authenticator,
)

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def officer() -> User:
    return assign(UserFactory(name="O. Officer"), "information-governance-officer")


@pytest.fixture
def client(officer: User) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def soon() -> dt.date:
    return timezone.localdate() + 90 * DAY


def deeds() -> list[tuple[str, str]]:
    found = AuditEvent.objects.filter(IsDeed("verb")).order_by("pk")
    return [(event.verb, event.target) for event in found]


def test_a_review_is_for_the_information_governance_officer(officer: User) -> None:
    held = AssignmentFactory()
    decisions = [Decision(held.pk, soon())]
    for outsider, refusal in (
        (UserFactory(), NotFound),
        (assign(UserFactory(), "inspection-lead"), NotFound),
        (assign(UserFactory(), "system-administrator"), NotPermitted),
    ):
        with pytest.raises(refusal):
            services.review_access(actor=outsider, decisions=decisions)
    assert deeds() == []
    made = services.review_access(actor=officer, decisions=decisions, note=" Quarterly ")
    assert (made.reviewed_by, made.note) == (officer.audit_name, "Quarterly")
    assert deeds() == [("access.reviewed", f"access-review:{made.pk}")]
    assert services.review_access(actor=CommandLine("root"), decisions=decisions)


def test_what_is_kept_stays_and_what_is_ended_ends_and_both_are_on_record(officer: User) -> None:
    kept, ended = AssignmentFactory(), AssignmentFactory(scope_key="angus")
    authenticator(kept.person)
    made = services.review_access(
        actor=officer,
        decisions=[Decision(kept.pk, soon()), Decision(ended.pk, None, "Left the project")],
    )
    assert Assignment.objects.get(pk=kept.pk).ended_at is None
    assert Assignment.objects.get(pk=ended.pk).ended_by == officer.audit_name
    lines = {line.assignment_id: line for line in made.lines.all()}
    assert (lines[kept.pk].next_review, lines[kept.pk].had_factor) == (soon(), True)
    assert (lines[ended.pk].reason, lines[ended.pk].had_factor) == ("Left the project", False)
    assert ("role.ended", ended.person.audit_name) in deeds()
    line = AuditEvent.objects.get(verb="access.reviewed")
    assert line.after == {"kept": "1", "ended": "1"}


def test_one_fault_leaves_everything_as_it_was(officer: User) -> None:
    good, today = AssignmentFactory(), timezone.localdate()
    over = AssignmentFactory(ends=dt.date(2021, 1, 1))
    only = assign(UserFactory(), "system-administrator").assignments.get()
    for bad, refusal, said in (
        ([], BadInput, "Nothing is decided"),
        ([Decision(good.pk, None, " ")], BadInput, "Say why"),
        ([Decision(over.pk, soon())], NotAllowed, "has ended since"),
        ([Decision(999_999, soon())], NotFound, "is not there"),
        ([Decision(officer.assignments.get().pk, soon())], NotAllowed, "your own access"),
        ([Decision(good.pk, today)], NotAllowed, "must be within a year"),
        ([Decision(good.pk, today + 367 * DAY)], NotAllowed, "must be within a year"),
        ([Decision(good.pk, None, "x"), Decision(only.pk, None, "x")], NotAllowed, "Nobody else"),
    ):
        with pytest.raises(refusal, match=said), transaction.atomic():
            services.review_access(actor=officer, decisions=bad)
    assert Assignment.objects.get(pk=good.pk).ended_at is None
    assert not AccessReview.objects.exists()


def test_the_list_says_what_there_is_to_notice(client: Client) -> None:
    now, today = timezone.now(), timezone.localdate()
    AssignmentFactory(
        person__name="A. Away", person__last_login=now - 61 * DAY, role="safety-reader"
    )
    AssignmentFactory(person__name="B. Busy", person__last_login=now, ends=today + 30 * DAY)
    reviewed = ReviewLineFactory(
        assignment__person__name="C. Checked",
        assignment__person__last_login=now,
        next_review=today,
    )
    AssignmentFactory(person__name="D. Gone", person__is_active=False)
    page = client.get(reverse("access:access-review"))
    rows = {row.name: row for row, _ in page.context["rows"]}
    assert rows["A. Away"].notices == (
        "Not signed in for 60 days", "No second factor", "Never reviewed",
    )  # fmt: skip
    assert rows["B. Busy"].notices == ("Ends soon", "Never reviewed")
    assert rows["C. Checked"].notices == ("Review due",)
    assert rows["C. Checked"].reviewed_by == "test"
    assert "D. Gone" not in rows
    assert "Yours: somebody else reviews it" in page.content.decode()
    for show, names in (
        ("away", {"A. Away", "O. Officer"} - {"O. Officer"}),
        ("ending", {"B. Busy"}),
        ("factor", {"A. Away", "O. Officer"}),
        ("due", {"A. Away", "B. Busy", "C. Checked", "O. Officer"}),
    ):
        found = client.get(reverse("access:access-review") + f"?show={show}").context["rows"]
        assert {row.name for row, _ in found} == names, show
    words = client.get(reverse("access:access-review") + "?words=busy&role=chief-officer")
    assert [row.name for row, _ in words.context["rows"]] == ["B. Busy"]
    nobody = client.get(reverse("access:access-review") + "?words=zzz").content.decode()
    assert "Nothing matches" in nobody
    assert reviewed.next_review == today


def test_a_review_from_the_list_to_the_spreadsheet(client: Client, officer: User) -> None:
    kept = AssignmentFactory(person__name="=1+1", person__organisation=OrganisationFactory())
    ended, later = AssignmentFactory(), AssignmentFactory()
    page = reverse("access:access-review")
    empty = client.post(page, {}).content.decode()
    assert "Choose Keep or End for at least one role" in empty
    faulty = client.post(page, {f"decision{ended.pk}": "end"}).content.decode()
    assert "Say why this role ends" in faulty
    with time_machine.travel(dt.datetime(2026, 8, 31, 9, tzinfo=dt.UTC)):
        client.force_login(officer)
        saved = client.post(page, {
            f"decision{kept.pk}": "keep", f"months{kept.pk}": "6",
            f"decision{ended.pk}": "end", f"reason{ended.pk}": "No longer on the team",
            f"decision{later.pk}": "",
            "note": "Autumn",
        })  # fmt: skip
        review = AccessReview.objects.get()
        assert saved.url == reverse("access:review", args=[review.pk])
        text = client.get(saved.url).content.decode()
        assert "Autumn" in text
        assert "No longer on the team" in text
        assert "By O. Officer" in text
        download = client.get(reverse("access:review-download", args=[review.pk]))
        assert "O. Officer" in client.get(reverse("access:reviews")).content.decode()
        assert client.get(reverse("access:review", args=[999_999])).status_code == 404
    rows = list(csv.reader(io.StringIO(download.content.decode("utf-8-sig"))))
    assert rows[1][0] == "'=1+1"  # text, not a formula
    assert rows[1][8:10] == ["Keep", "2027-02-28"]
    assert rows[2][8:] == ["End", "[x]", "No longer on the team"]
    assert len(rows) == 3
    assert deeds()[-1] == ("access.review-exported", f"access-review:{review.pk}")


def test_a_role_that_ended_meanwhile_is_said_and_nothing_is_saved(client: Client) -> None:
    gone = AssignmentFactory(ends=dt.date(2021, 1, 1))
    said = client.post(reverse("access:access-review"), {f"decision{gone.pk}": "keep"})
    assert "has ended since you opened the list" in said.content.decode()
    missing = client.post(reverse("access:access-review"), {"decision999999": "keep"})
    assert "is not there" in missing.content.decode()
    client.post(reverse("access:access-review"), {"decisionx": "keep"})
    assert not AccessReview.objects.exists()


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    client: Client, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    def fill(count: int) -> None:
        for number in range(count):
            line = ReviewLineFactory(
                assignment__person__organisation=OrganisationFactory(),
                review__reviewed_by=UserFactory().audit_name,
            )
            AssignmentFactory(person=line.assignment.person, scope_key=f"x-{number}")

    fill(2)
    client.get(reverse("access:access-review"))
    with django_assert_num_queries(7):
        client.get(reverse("access:access-review"))
    fill(20)
    with django_assert_num_queries(7):
        page = client.get(reverse("access:access-review"))
    assert len(page.context["rows"]) == 25
    assert len(client.get(reverse("access:access-review") + "?page=2").context["rows"]) == 20


def test_the_pages_of_reviews_ask_as_often_for_many_as_for_few(
    client: Client, django_assert_num_queries
) -> None:  # type: ignore[no-untyped-def]
    review = AccessReviewFactory(reviewed_by="command:root")
    ReviewLineFactory.create_batch(12, review=review)
    AccessReviewFactory.create_batch(12)
    client.get(reverse("access:reviews"))
    with django_assert_num_queries(5):
        listed = client.get(reverse("access:reviews"))
    assert "The command line, as root" in listed.content.decode()
    with django_assert_num_queries(5):
        client.get(reverse("access:review", args=[review.pk]))


def test_administrators_may_not_review_and_are_told_who_can() -> None:
    client = Client()
    client.force_login(assign(UserFactory(), "system-administrator"))
    refused = client.get(reverse("access:access-review"))
    assert refused.status_code == 403
    assert "Information governance officer" in refused.content.decode()


def test_the_latest_review_counts(officer: User) -> None:
    held = AssignmentFactory()
    for days in (30, 60):
        services.review_access(
            actor=officer, decisions=[Decision(held.pk, timezone.localdate() + days * DAY)]
        )
    found = review_queries.to_review().get(pk=held.pk)
    assert found.review_due == timezone.localdate() + 60 * DAY


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (dt.date(2026, 1, 31), 1, dt.date(2026, 2, 28)),
        (dt.date(2026, 12, 1), 1, dt.date(2027, 1, 1)),
        (dt.date(2027, 2, 28), 12, dt.date(2028, 2, 28)),
        (dt.date(2028, 2, 29), 12, dt.date(2029, 2, 28)),
        (dt.date(2026, 11, 20), 3, dt.date(2027, 2, 20)),
    ],
)
def test_months_on(day: dt.date, months: int, later: dt.date) -> None:
    assert _months_on(day, months) == later


@pytest.mark.parametrize(
    ("changes", "constraint"),
    [
        ({"next_review": None}, "review_line_kept_until_or_ended_with_reason"),
        ({"decision": "end"}, "review_line_kept_until_or_ended_with_reason"),
        (
            {"decision": "end", "next_review": None},
            "review_line_kept_until_or_ended_with_reason",
        ),
    ],
)
def test_the_database_refuses_what_cannot_be(changes: dict[str, object], constraint: str) -> None:
    line = ReviewLineFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ReviewLine.objects.filter(pk=line.pk).update(**changes)


def test_the_database_refuses_an_assignment_twice_in_a_review_and_a_review_of_nobody() -> None:
    line = ReviewLineFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        ReviewLineFactory(review=line.review, assignment=line.assignment)
    with pytest.raises(IntegrityError, match="access_review_is_somebodys"), transaction.atomic():
        AccessReview.objects.filter(pk=line.review_id).update(reviewed_by="")
    assert str(line) == f"keep: {line.assignment_id}"
    assert str(line.review) == f"Access review {line.review_id}"
