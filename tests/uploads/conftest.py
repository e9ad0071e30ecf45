"""A kind of file of the tests' own, and somebody who may send it."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from sightline.access.enums import Permission
from sightline.access.models import User
from sightline.access.scopes import Scope
from sightline.identifiers import Kind as Identifier
from sightline.kernel.errors import NotAllowed
from sightline.partnerships.models import StrategicGroup
from sightline.uploads import kinds, services
from sightline.uploads.files import Incoming
from sightline.uploads.kinds import Column, Kind, Outcome, Row, RowFault
from sightline.uploads.models import Upload
from tests.factories.access import UserFactory, assign

FIFE = Scope("partnership", "fife")
CODE = "things"


def check(rows: Iterable[Row], scope: Scope) -> Iterator[RowFault]:
    """No name twice; a count over 90 is to be looked at again."""
    seen: set[object] = set()
    for row in rows:
        if row.values["name"] in seen:
            yield RowFault(row.number, "name", "This name is there twice", "one row for each")
        seen.add(row.values["name"])
        if (row.values["count"] or 0) > 90:
            yield RowFault(row.number, "count", "Much more than usual", "up to 90", stops=False)
    if "Everything" in seen:
        yield RowFault(None, "name", "Everything cannot be sent at once", "some of it")


def commit(*, actor: Any, scope: Scope, rows: Iterable[Row], upload: str) -> Outcome:
    """Each row is a group of the area, its purpose the count."""
    counted = {"added": 0, "replaced": 0, "unchanged": 0}
    for row in rows:
        purpose = str(row.values["count"])
        held = StrategicGroup.objects.filter(partnership=scope.key, name=row.values["name"]).first()
        if held is None:
            StrategicGroup.objects.create(
                partnership=scope.key, name=row.values["name"], purpose=purpose, source=upload,
                added_at=timezone.now(), added_by=actor.audit_name,
            )  # fmt: skip
            counted["added"] += 1
        elif held.purpose == purpose:
            counted["unchanged"] += 1
        else:
            StrategicGroup.objects.filter(pk=held.pk).update(purpose=purpose, source=upload)
            counted["replaced"] += 1
    return Outcome(**counted)


def undo(*, actor: Any, scope: Scope, upload: str) -> Outcome:
    """Take out what the upload added, unless something has replaced it since."""
    mine = StrategicGroup.objects.filter(source=upload)
    if not mine.exists():
        raise NotAllowed("A later upload has replaced its rows. Undo that one first.")
    return Outcome(removed=mine.delete()[0])


KIND = Kind(
    code=CODE,
    title="Things of an area",
    what="One row a thing.",
    columns=(
        Column(
            "name", "Name of thing", required=True, synonyms=("Thing",), longest=30,
            holds=frozenset({Identifier.NAME}),
        ),
        Column("count", "How many", kind="whole", least=0, most=1_000),
        Column("rate", "Rate", kind="number"),
        Column("day", "Day", kind="date"),
        Column("level", "Level", kind="code", options={"lo": "Low", "hi": "High"}),
    ),
    needs=Permission.PARTNERSHIP_EDIT,
    scope_kind="partnership",
    check=check,
    commit=commit,
    undo=undo,
)  # fmt: skip


@pytest.fixture(autouse=True)
def _state(settings: Any, tmp_path: Path) -> None:
    """Files of a test are its own."""
    settings.SIGHTLINE_STATE = tmp_path / "state"


@pytest.fixture(autouse=True)
def kind() -> Iterator[Kind]:
    """The kind of the tests, registered for each of them."""
    kinds.register(KIND)
    yield KIND
    kinds.forget(CODE)


@pytest.fixture
def sender(db: None) -> User:
    """Somebody who may send things of Fife."""
    return assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")


def arrived(content: bytes) -> Incoming:
    """Bytes that have arrived."""
    incoming = Incoming()
    incoming.write(content)
    incoming.finish()
    return incoming


Send = Callable[..., Upload]


@pytest.fixture
def send(sender: User, django_capture_on_commit_callbacks: Any) -> Send:
    """Send bytes, and give the upload once it has been checked."""

    def sent(content: bytes, name: str = "things.csv", **more: Any) -> Upload:
        with django_capture_on_commit_callbacks(execute=True):
            done = services.receive(
                actor=more.pop("actor", sender), kind=CODE, scope=FIFE, name=name,
                incoming=arrived(content), **more,
            )  # fmt: skip
        done.upload.refresh_from_db()
        return done.upload

    return sent
