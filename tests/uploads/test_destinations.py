"""Kinds that go to something of a context's own, are taken whole or not at all, quote nothing."""

import dataclasses
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.urls import reverse

from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.access.scopes import Scope
from sightline.identifiers import Kind as Identifier
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.partnerships.models import StrategicGroup
from sightline.uploads import kinds, services
from sightline.uploads.files import Incoming
from sightline.uploads.kinds import Column, Destination, Kind
from sightline.uploads.models import Upload
from sightline.uploads.permissions import may_send
from tests.factories.access import UserFactory
from tests.uploads.conftest import KIND

KEY = "fife"
KEEPERS: set[int] = set()


def _door(actor: Actor, key: str) -> None:
    if key != KEY or getattr(actor, "pk", None) not in KEEPERS:
        raise NotFound("There is no such box.")


def _tells(name: str, cell: object) -> Identifier | None:
    return Identifier.NUMBER if name == "name" and cell == "B17" else None


@pytest.fixture
def box() -> Iterator[Kind]:
    """A kind that is sent to a box, whose files are taken whole and quoted nowhere."""
    made = dataclasses.replace(
        KIND, code="boxed", scope_kind="box", is_listed=False, all_or_none=True, quotes=False,
        tells=_tells,
        columns=(*KIND.columns, Column("several", "Several", kind="set", options=("a", "b"))),
        sent_to=Destination(
            door=_door, name=lambda key: f"The box of {key}",
            crumbs=lambda key: [("The box", f"/boxes/{key}/")],
        ),
    )  # fmt: skip
    kinds.register(made)
    yield made
    kinds.forget(made.code)


@pytest.fixture
def keeper(db: None) -> Iterator[User]:
    """Who may send to the box, and holds no role."""
    person: User = UserFactory()
    KEEPERS.add(person.pk)
    yield person
    KEEPERS.clear()


def sent(person: User, content: bytes) -> Upload:
    """Send bytes to the box, and have them checked."""
    incoming = Incoming()
    incoming.write(content)
    incoming.finish()
    done = services.receive(
        actor=person, kind="boxed", scope=Scope("box", KEY), name="box.csv", incoming=incoming,
        queue=False,
    )  # fmt: skip
    return services.check(actor=person, key=done.upload.pk, tell=lambda read, total: None)


GOOD = b"Name of thing,How many\nWall,1\nHill,2\n"


def test_its_own_door_is_asked(box: Kind, keeper: User) -> None:
    upload = sent(keeper, GOOD)
    assert services.commit(actor=keeper, key=upload.pk, good=2).changed
    assert StrategicGroup.objects.filter(partnership=KEY).count() == 2
    with pytest.raises(NotFound):
        sent(UserFactory(), GOOD)
    with pytest.raises(NotFound):
        services.receive(
            actor=keeper, kind="boxed", scope=Scope("partnership", KEY), name="box.csv",
            incoming=Incoming(),
        )  # fmt: skip
    assert may_send(keeper) == []


def test_its_pages_say_where_it_goes(
    box: Kind, keeper: User, client_for: Callable[[User], Client]
) -> None:
    client = client_for(keeper)
    said = client.get(reverse("uploads:send", args=["boxed", "box", KEY])).content.decode()
    assert "Send a file: Things of an area, The box of fife" in said
    assert '<a href="/boxes/fife/"' in said or 'href="/boxes/fife/"' in said
    upload = sent(keeper, GOOD)
    said = client.get(reverse("uploads:upload", args=[upload.pk])).content.decode()
    assert "Nothing is wrong with the file." in said
    assert "/boxes/fife/" in said


def test_nothing_goes_in_while_a_row_is_held_back(
    box: Kind, keeper: User, client_for: Callable[[User], Client]
) -> None:
    upload = sent(keeper, GOOD + b"Tower,many\n")
    assert (upload.state, upload.good, upload.held_back, upload.added) == ("checked", 2, 1, 0)
    with pytest.raises(NotAllowed, match="whole or not at all"):
        services.commit(actor=keeper, key=upload.pk, good=2)
    said = client_for(keeper).get(reverse("uploads:upload", args=[upload.pk])).content.decode()
    assert "Nothing is imported until every row can be used." in said
    assert "What will happen if you import" not in said
    assert not StrategicGroup.objects.exists()


def test_no_fault_says_what_stood_there(box: Kind, keeper: User) -> None:
    upload = sent(
        keeper, b"Name of thing,,How many,Level,Several\nWall,beside,many,secret,x;y\n"
    )  # fmt: skip
    groups = upload.result["groups"]
    assert len(groups) == 4
    assert {group["sent"] for group in groups} == {"(not shown)"}
    assert upload.result["unknown"] == {}
    ruled = sent(keeper, b"Name of thing\nWall\nWall\n")
    assert {group["sent"] for group in ruled.result["groups"]} == {""}


def test_what_the_kind_tells_of_a_person_destroys_the_file(box: Kind, keeper: User) -> None:
    upload = sent(keeper, b"Name of thing,How many\nWall,1\nB17,2\n")
    assert upload.state == "quarantined"
    assert upload.result["places"] == [["A3", Identifier.NUMBER.words]]
