"""`sightline access who`, `grant`, `end`, `add-person`."""

import datetime as dt
import json
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command

from sightline.access.models import AuditEvent, IsDeed, User
from sightline.access.permissions import Permission, holds
from tests.factories.access import AssignmentFactory, UserFactory, assign

pytestmark = pytest.mark.django_db


def run(command: str, *words: str, **options: str) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, **options)
    return out.getvalue()


def refused(capsys: pytest.CaptureFixture[str], command: str, *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as leaving:
        run(command, *words)
    return int(leaving.value.code or 0), capsys.readouterr().err


def test_a_person_is_invited_with_the_command_that_adds_them_or_later() -> None:
    said = run("access_add_person", "a@example.org", "A. Person", "--invite")
    assert "A. Person added and invited (a@example.org)" in said
    said = run("access_invite", "a@example.org", "--address", "https://sightline.example")
    assert "Letter sent to a@example.org. Its link works until" in said
    assert "https://sightline.example/accounts/join/link/" in mail.outbox[1].body


def test_what_is_due_for_review_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("access_review", "--show", "ending") == "Nothing matches.\n"
    AssignmentFactory(person__name="A. Person")
    for show in ("due", "all", "away"):
        said = run("access_review", "--show", show)
        assert "A. Person" in said
        assert "Never signed in; Never reviewed" in said
    rows = json.loads(run("access_review", "--format", "json"))
    assert rows[0]["role"] == "Chief officer"


def test_leavers_are_closed() -> None:
    UserFactory(email="gone@example.org", leaves_on=dt.date(2021, 1, 1))
    assert run("access_leavers") == "Access of 1 closed.\ngone@example.org\n"
    assert run("access_leavers") == "Access of 0 closed.\n"


def test_a_person_is_added_given_a_role_seen_and_loses_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "operator")
    said = run("access_add_person", "a@example.org", "A. Person", "--post", "Head")
    assert "A. Person added (a@example.org). Next: sightline access grant" in said

    said = run(
        "access_grant",
        "a@example.org",
        "chief-officer",
        "partnership:fife",
        "--until",
        "2099-12-31",
    )
    assert "a@example.org holds chief-officer in partnership:fife until 2099-12-31" in said
    person = User.objects.get(email="a@example.org")
    assert holds(person, Permission.PUBLISHED_VIEW)

    said = run("access_who", "--scope", "fife")
    assert "A. Person" in said
    assert "chief-officer" in said

    said = run("access_end", "A@example.org", "chief-officer", "partnership:fife")
    assert said.strip() == "a@example.org no longer holds chief-officer in partnership:fife."
    assert "Nobody holds a role there." in run("access_who")
    deeds = AuditEvent.objects.filter(IsDeed("verb")).order_by("pk")
    assert [(event.actor, event.verb) for event in deeds] == [
        ("command:operator", "person.added"),
        ("command:operator", "role.given"),
        ("command:operator", "role.ended"),
    ]


def test_who_as_json_narrowed() -> None:
    held = AssignmentFactory(person__email="a@example.org", person__name="A. Person")
    AssignmentFactory(scope_key="angus")
    AssignmentFactory(person__is_active=False)
    for words in (("--scope", "fife"), ("--person", "A@example.org")):
        (row,) = json.loads(run("access_who", *words, "--format", "json"))
        assert row == {
            "email": "a@example.org",
            "name": "A. Person",
            "organisation": "",
            "role": "chief-officer",
            "scope_kind": "partnership",
            "scope_key": "fife",
            "starts": str(held.starts),
            "ends": None,
        }


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("nobody@example.org", "chief-officer", "partnership:fife"), 7, "Nobody has the address"),
        (("a@example.org", "boss", "partnership:fife"), 7, "There is no role boss"),
        (("a@example.org", "chief-officer", "fife"), 3, "fife is not a scope; write scotland"),
        (("a@example.org", "chief-officer", "scotland"), 6, "is given for one partnership"),
        (("a@example.org", "chief-officer", "partnership:atlantis"), 6, "no partnership called"),
        (
            ("a@example.org", "chief-officer", "partnership:fife", "--until", "Friday"),
            3,
            "Friday is not a day; write it as 2026-12-31",
        ),
    ],
)
def test_grant_refuses_with_a_message_and_the_status_of_its_kind(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, said: str
) -> None:
    UserFactory(email="a@example.org")
    left, message = refused(capsys, "access_grant", *words)
    assert (left, said in message) == (status, True), message
    assert "Traceback" not in message
    assert not User.objects.get(email="a@example.org").assignments.exists()


def test_end_refuses_what_is_not_held(capsys: pytest.CaptureFixture[str]) -> None:
    assign(UserFactory(email="a@example.org", name="A."), "chief-officer", "partnership", "fife")
    status, said = refused(
        capsys, "access_end", "a@example.org", "chief-officer", "partnership:angus"
    )
    assert (status, said.strip()) == (
        7, "A. does not hold chief-officer in partnership angus.",
    )  # fmt: skip


def test_add_person_refuses_an_address_that_is_none_or_taken(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert refused(capsys, "access_add_person", "nobody", "N.")[0] == 3
    UserFactory(email="a@example.org")
    assert refused(capsys, "access_add_person", "a@example.org", "N.")[0] == 6
