"""Every address, in every role, near and far: the answer is what the declaration says.

The expected status is worked out here from the declaration of the address and the roles as data,
not by asking `permissions`. A page's content is tested elsewhere: after each address has been drawn
once, templates are left out, which keeps some four thousand requests under a minute.
"""

import inspect
import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.template import Template
from django.test import Client
from django.urls import URLResolver, path, reverse
from django.urls.resolvers import RegexPattern

from sightline.access.actors import acting_as
from sightline.access.addresses import Address, Declaration, address, addresses
from sightline.access.enums import Permission
from sightline.access.permissions import EVERYONE, OPEN
from sightline.access.roles import Role, permissions_of, roles
from sightline.access.scopes import NATIONAL, Scope
from sightline.design.documents import to_docx, to_pdf
from sightline.design.spreadsheets import to_xlsx
from tests.access import objects, record_objects
from tests.access.objects import BUILDERS, COLLEAGUES, DRAFT, ELSEWHERE, HERE, PUBLISHED, Thing
from tests.env import ENGINE
from tests.factories.access import UserFactory, assign

pytestmark = pytest.mark.django_db

UNDECLARED: dict[str, str] = {}
"""Addresses of other packages that declare nothing, each with the reason why that is right."""


EVERY = list(addresses())
REGISTERED = record_objects  # importing it registered what it builds


def undeclared(found: list[Address]) -> list[str]:
    return [
        f"/{item.pattern} declares nobody: put @address(needs=…, scope=…) on its view."
        for item in found
        if item.declared is None and item.name not in UNDECLARED
    ]


def test_every_address_declares_who_may_open_it() -> None:
    assert len(EVERY) > 40
    assert undeclared(EVERY) == []


def test_an_address_that_declares_nothing_is_caught() -> None:
    def forgotten(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    @address(needs=None, scope="signed-in")
    def remembered(request: HttpRequest) -> HttpResponse:
        return HttpResponse()

    planted = URLResolver(
        RegexPattern(""), [path("forgotten/", forgotten), path("remembered/", remembered)]
    )
    (said,) = undeclared(list(addresses(planted)))
    assert said.startswith("/forgotten/ declares nobody: put @address")


def test_every_address_can_be_tried() -> None:
    missing = [
        f"{item.name}: tests/access/objects.py has no builder for {sorted(item.takes)}; add one."
        for item in EVERY
        if item.takes and (item.name.rpartition(":")[0], item.takes) not in BUILDERS
    ]
    assert missing == []


@dataclass(frozen=True)
class Somebody:
    """A signed-in person: which role, where it was given, and how that lies to the objects."""

    relation: str  # own, colleague's, elsewhere, or stranger
    role: str
    scopes: frozenset[Scope]
    client: Client

    def __str__(self) -> str:
        return f"{self.role} ({self.relation})" if self.role else self.relation

    def holds(self, permission: Permission, *over: Scope) -> bool:
        """Worked out from the role file alone."""
        reach = {NATIONAL, *over}
        return permission in permissions_of(self.role) and (
            permission in OPEN or bool(self.scopes & reach)
        )

    def holds_over(self, permission: Permission, over: frozenset[Scope]) -> bool:
        """Over one of these very scopes."""
        return permission in permissions_of(self.role) and bool(self.scopes & over)

    def holds_anywhere(self, permission: Permission) -> bool:
        return permission in permissions_of(self.role)


def placements(role: Role) -> Iterator[tuple[str, frozenset[Scope]]]:
    """Where a role might be given, and how that lies to the objects."""
    if "national" in role.scopes:
        yield "own", frozenset({NATIONAL})
    if "partnership" in role.scopes:
        yield "own", frozenset({Scope("partnership", HERE)})
        yield "elsewhere", frozenset({Scope("partnership", ELSEWHERE)})
    if "inspection" in role.scopes:
        yield "own", frozenset({Scope("inspection", PUBLISHED), Scope("inspection", DRAFT)})
        yield "colleague's", frozenset({Scope("inspection", COLLEAGUES)})
        yield "elsewhere", frozenset({Scope("inspection", f"{ELSEWHERE}-2026")})


@dataclass(frozen=True)
class World:
    people: tuple[Somebody, ...]
    things: dict[tuple[str, frozenset[str]], list[Thing]]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """People in every role and the objects, made once and undone after the last address."""
    with django_db_blocker.unblock(), acting_as("test"), transaction.atomic():
        objects.build_inspections()
        built = {key: list(builder()) for key, builder in BUILDERS.items()}
        yield World(tuple(_people()), built)
        transaction.set_rollback(True)


def _people() -> Iterator[Somebody]:
    for role in roles():
        for relation, scopes in placements(role):
            person = UserFactory()
            for scope in scopes:
                assign(person, role.code, scope.kind, scope.key)
            yield Somebody(relation, role.code, scopes, _signed_in(person))
    yield Somebody("stranger", "", frozenset(), _signed_in(UserFactory()))


def _signed_in(person: Any) -> Client:
    """Their client, whose session is stamped already: requests that are undone would stamp anew."""
    client = Client(raise_request_exception=False)
    client.force_login(person)
    client.get(reverse("home"))
    return client


def expected(declared: Declaration, thing: Thing, somebody: Somebody) -> int:
    """The status that the declaration promises this person: 200, 403 or 404."""
    if thing.seen_with and not somebody.holds(thing.seen_with, thing.belongs_to):
        return 404
    if thing.opened_with and not any(somebody.holds(*one) for one in thing.opened_with):
        return 404
    if thing.counts is not None:
        held = {one for one, over in thing.counts.items() if somebody.holds_over(one, over)}
        if declared.wanted & held:
            return 200
        return 403 if declared.seen_with & held else 404
    if declared.needs is None or any(
        _may(declared, one, thing, somebody) for one in declared.wanted
    ):
        return 200
    if declared.seen_by is None:
        return 404
    if declared.seen_by == EVERYONE:
        return 403
    return 403 if any(_may(declared, one, thing, somebody) for one in declared.seen_with) else 404


def _may(declared: Declaration, permission: Permission, thing: Thing, who: Somebody) -> bool:
    if declared.scope == "signed-in":
        return who.holds_anywhere(permission)
    if declared.scope == "national":
        return who.holds(permission)
    return who.holds(permission, thing.belongs_to, *thing.also)


def asked(declared: Declaration, thing: Thing, world: World) -> Iterator[Somebody]:
    """Who opens it: everybody, and on the second database one of each relation and answer.

    What a role may do is worked out in Python, and so the same on both; that every page can be
    read on both is seen by whoever may open it and whoever may not.
    """
    met = set()
    for somebody in world.people:
        kind = (somebody.relation, expected(declared, thing, somebody))
        if ENGINE == "sqlite" or kind not in met:
            yield somebody
        met.add(kind)


def answer(client: Client, method: str, url: str) -> int:
    """The status of one request, whose writes are undone."""
    with transaction.atomic():
        status = getattr(client, method)(url).status_code
        transaction.set_rollback(True)
    return int(status)


def draw_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out templates and files: who may have them is settled before they are made."""
    monkeypatch.setattr(Template, "render", lambda self, context: "")
    makers = {to_pdf, to_docx, to_xlsx}
    for module in [m for name, m in sys.modules.items() if name.startswith("sightline.")]:
        for name, value in list(vars(module).items()):
            if inspect.isfunction(value) and value in makers:
                monkeypatch.setattr(module, name, lambda *given, **named: b"")


@pytest.fixture(autouse=True)
def _quietly(caplog: pytest.LogCaptureFixture) -> None:
    """Django warns of each refusal, and here are thousands."""
    caplog.set_level(logging.CRITICAL, logger="django.request")


def tried(item: Address, thing: Thing, world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Open one address of one thing as everybody; each wrong answer in a sentence."""
    assert item.declared is not None
    url = reverse(item.name, kwargs=dict(thing.kwargs))
    wrong = []
    drawn = False
    may = [one for one in world.people if expected(item.declared, thing, one) == 200]
    first = (may or world.people)[0]
    method = "post" if answer(first.client, "get", url) == 405 else "get"
    passes = {302} if method == "post" else objects.OTHERWISE.get(item.name, {200})
    if item.name in thing.not_now:
        passes = {409}
    if item.declared.scope == "public":
        passes = {200, 302}  # such as sign-in, which leads those on who have signed in
    for somebody in asked(item.declared, thing, world):
        want = expected(item.declared, thing, somebody)
        got = answer(somebody.client, method, url)
        right = got in passes if want == 200 else got == want
        if not right:
            wrong.append(f"{somebody} met {got}, not {want}: {url} ({thing.what})")
        if want != 200 and method == "get":
            posted = answer(somebody.client, "post", url)
            if posted not in {want, 405}:
                wrong.append(f"{somebody} posted and met {posted}, not {want}: {url}")
        if want == 200 and not drawn:
            drawn = True
            draw_no_more(monkeypatch)
    monkeypatch.undo()
    assert drawn or item.name in objects.NAMED_ALONE, f"nobody at all may open {url}"
    return wrong


@pytest.mark.no_cover
@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.name)
def test_everybody_meets_what_the_declaration_says(
    item: Address, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    namespace = item.name.rpartition(":")[0]
    found = world.things[namespace, item.takes] if item.takes else [Thing("the page", {})]
    wrong = [line for thing in found for line in tried(item, thing, world, monkeypatch)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.no_cover
@pytest.mark.parametrize("item", EVERY, ids=lambda item: item.name)
def test_somebody_who_has_not_signed_in_is_sent_to_do_so(item: Address, world: World) -> None:
    assert item.declared is not None
    namespace = item.name.rpartition(":")[0]
    found = world.things[namespace, item.takes] if item.takes else [Thing("the page", {})]
    for thing in found:
        url = reverse(item.name, kwargs=dict(thing.kwargs))
        for method in ("get", "post"):
            said = getattr(Client(), method)(url)
            if item.declared.scope == "public":
                assert said.status_code in {200, 302, 405}
            else:
                assert said.status_code == 302
                assert said["Location"].startswith(reverse("account_login"))


def test_the_people_tried_cover_every_role_and_relation(world: World) -> None:
    assert {who.role for who in world.people} == {role.code for role in roles()} | {""}
    assert {who.relation for who in world.people} == {
        "own", "colleague's", "elsewhere", "stranger",
    }  # fmt: skip
