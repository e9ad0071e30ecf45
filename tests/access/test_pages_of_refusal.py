"""Who answers for a request's writes, how refusals become pages, and the guard of the tests."""

import socket

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import path

from sightline.access.actors import acting_as, acting_name, command_line
from sightline.access.addresses import Declaration, address, declaration_of
from sightline.access.models import AuditEvent, Organisation
from sightline.access.permissions import Permission
from sightline.config.urls import urlpatterns as real
from sightline.kernel.errors import (
    BadInput,
    Fault,
    Faults,
    NotAllowed,
    NotAvailable,
    NotFound,
    NotPermitted,
)
from tests.factories.access import UserFactory, assign

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

ERRORS: dict[str, Exception] = {
    "not-found": NotFound("There is no such thing."),
    "django-404": Http404("There is no such page of it."),
    "not-permitted": NotPermitted("You cannot see the trail.", permission=Permission.AUDIT_VIEW),
    "not-permitted-unknown": NotPermitted("You cannot do this."),
    "not-now": NotAllowed("It was agreed on 3 May."),
    "bad-input": BadInput("Half points are not used."),
    "faults": Faults(
        "angus.json", [Fault("evaluations.0", "7 is not on the scale", "Use 1 to 6.")]
    ),
    "not-here": NotAvailable("PDF is not installed here."),
    "bug": ZeroDivisionError("a bug"),
}


@address(needs=None, scope="public")
def raising(request: HttpRequest, which: str) -> HttpResponse:
    raise ERRORS[which]


@address(needs=None, scope="public")
def writing(request: HttpRequest) -> HttpResponse:
    Organisation.objects.create(code="x", name="X")
    return HttpResponse(acting_name())


@address(needs=Permission.AUDIT_VIEW, scope="national", seen_by=Permission.PEOPLE_VIEW)
def national(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


@address(needs=Permission.INSPECTION_CREATE, scope="signed-in", seen_by=Permission.PUBLISHED_VIEW)
def anywhere(request: HttpRequest) -> HttpResponse:
    return HttpResponse("in")


urlpatterns = [
    *real,
    path("raise/<slug:which>/", raising),
    path("write/", writing),
    path("national/", national),
    path("anywhere/", anywhere),
]


@pytest.mark.parametrize(
    ("which", "status", "said"),
    [
        ("not-found", 404, ["Page not found", "There is no such thing."]),
        ("django-404", 404, ["Page not found"]),
        ("not-permitted", 403, ["You cannot see the trail.", "Information governance officer"]),
        ("not-permitted-unknown", 403, ["You cannot do this."]),
        ("not-now", 409, ["It was agreed on 3 May."]),
        ("bad-input", 400, ["Half points are not used."]),
        ("faults", 400, ["angus.json cannot be used", "7 is not on the scale", "Use 1 to 6."]),
        ("not-here", 503, ["PDF is not installed here."]),
    ],
)
def test_an_error_meant_for_people_is_a_page_with_its_status(
    client: Client, which: str, status: int, said: list[str]
) -> None:
    answer = client.get(f"/raise/{which}/")
    text = answer.content.decode()
    assert answer.status_code == status
    assert text.count("<h1") == 1
    for words in said:
        assert words in text


@pytest.mark.parametrize("which", ["not-now", "not-here"])
def test_that_nothing_was_saved_is_said_to_whoever_tried_to_save(
    client: Client, which: str
) -> None:
    """A page that cannot be shown after a step was taken must not say that the step was not."""
    assert "Nothing was saved" in client.post(f"/raise/{which}/").content.decode()
    assert "Nothing was saved" not in client.get(f"/raise/{which}/").content.decode()


def test_a_bug_is_left_to_django(client: Client) -> None:
    with pytest.raises(ZeroDivisionError):
        client.get("/raise/bug/")


def test_writes_of_a_request_are_those_of_the_person_or_a_visitor(client: Client) -> None:
    assert client.get("/write/").content == b"visitor"
    Organisation.objects.all().delete()
    person = UserFactory()
    client.force_login(person)
    assert client.get("/write/").content.decode() == person.audit_name
    by = AuditEvent.objects.filter(verb="row.added", target__startswith="access_organisation:")
    assert [event.actor for event in by.order_by("pk")] == ["visitor", person.audit_name]
    assert acting_name() == "test"


def test_an_address_for_the_signed_in_sends_others_to_sign_in_and_back(client: Client) -> None:
    answer = client.get("/national/?a=b")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/national/%3Fa%3Db")


@pytest.mark.parametrize(
    ("page", "role", "kind", "status"),
    [
        ("/national/", "information-governance-officer", "national", 200),
        ("/national/", "system-administrator", "national", 403),
        ("/national/", "inspection-lead", "national", 404),
        ("/anywhere/", "inspection-lead", "inspection", 200),
        ("/anywhere/", "inspector", "inspection", 403),
        ("/anywhere/", "system-administrator", "national", 404),
    ],
)
def test_the_declaration_refuses_where_no_object_is_needed(
    client: Client, page: str, role: str, kind: str, status: int
) -> None:
    client.force_login(assign(UserFactory(), role, kind, "anything"))
    assert client.get(page).status_code == status


def test_a_declaration_that_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError, match="asks nobody for a permission"):
        Declaration(Permission.AUDIT_VIEW, "public")
    with pytest.raises(ValueError, match="must say which permission"):
        Declaration(None, "national")
    assert declaration_of(len) is None
    assert declaration_of(national) == Declaration(
        Permission.AUDIT_VIEW, "national", Permission.PEOPLE_VIEW
    )


def test_the_person_at_the_keyboard_is_named_by_account(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "somebody")
    with acting_as(command_line()):
        assert acting_name() == "command:somebody"
    assert acting_name() == "test"


def test_tests_reach_no_network() -> None:
    for host in ("192.0.2.1", "example.org", "2001:db8::1"):
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family) as probe, pytest.raises(RuntimeError, match="no network"):
            probe.connect((host, 80))
    with socket.socket() as server, socket.socket() as probe:
        server.bind(("127.0.0.1", 0))
        server.listen()
        probe.connect(server.getsockname())


def test_a_view_keeps_its_name(rf: RequestFactory) -> None:
    assert (national.__name__, national.__module__) == ("national", __name__)
