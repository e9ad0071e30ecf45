"""Somebody who sends extracts of Fife, and files written by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sightline.access.models import User
from sightline.access.scopes import Scope
from sightline.children import building
from sightline.uploads import services
from sightline.uploads.files import Incoming
from sightline.uploads.models import Upload
from tests.factories.access import UserFactory, assign

FIFE = Scope("partnership", "fife")
CHILDREN = b"""Child,Date of birth,Sex,Ethnic group,Home data zone,Health number
C001,2010-05-01,F,White Scottish,S01000001,
C002,2012-11-30,boy,,S01000002,
C003,,U,Not known,,
"""
ENTRIES = b"""Child,Placed on the register,Taken off the register
C001,2023-08-14,2024-01-31
C002,2023-10-02,
C001,2024-05-20,
"""


@pytest.fixture(autouse=True)
def _state(settings: Any, tmp_path: Path) -> None:
    """Files of a test are its own."""
    settings.SIGHTLINE_STATE = tmp_path / "state"


@pytest.fixture(autouse=True)
def _no_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """What others work out in a build, or do when it is published, is theirs to test."""
    for name in ("_steps", "_publishers", "_withdrawers", "_citers"):
        monkeypatch.setattr(building, name, {})


@pytest.fixture
def sender(db: None) -> User:
    """The analyst of Fife."""
    return assign(UserFactory(), "partnership-analyst", "partnership", "fife")


def arrived(content: bytes) -> Incoming:
    """Bytes that have arrived."""
    incoming = Incoming()
    incoming.write(content)
    incoming.finish()
    return incoming


Send = Callable[..., Upload]


@pytest.fixture
def send(sender: User, django_capture_on_commit_callbacks: Any) -> Send:
    """Send bytes as an extract, and give the upload once it has been checked."""

    def sent(dataset: str, content: bytes, name: str = "", **more: Any) -> Upload:
        with django_capture_on_commit_callbacks(execute=True):
            done = services.receive(
                actor=more.pop("actor", sender), kind=dataset, scope=FIFE,
                name=name or f"{dataset}.csv", incoming=arrived(content), **more,
            )  # fmt: skip
        done.upload.refresh_from_db()
        return done.upload

    return sent


@pytest.fixture
def load(send: Send, sender: User, django_capture_on_commit_callbacks: Any) -> Send:
    """Send bytes as an extract, and import every good row of it."""

    def loaded(dataset: str, content: bytes, **more: Any) -> Upload:
        upload = send(dataset, content, **more)
        with django_capture_on_commit_callbacks(execute=True):
            return services.commit(actor=sender, key=upload.pk, good=upload.good).upload

    return loaded


@pytest.fixture
def finds(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Have the rules find what a test says: dataset, row, column, rule, severity, what."""
    from sightline.children import cleaning

    def found(*faults: tuple[object, ...], waived: str = "") -> None:
        import pyarrow as pa

        def checked(engine: Any, tables: Any, **_: Any) -> Any:
            names = ("dataset", "extract", "row", "column", "rule", "severity", "what", "waiver")
            rows = [
                dict(zip(names, (one[0], "x", *one[1:], waived), strict=True)) for one in faults
            ]
            table = engine.put(pa.Table.from_pylist(rows, schema=cleaning.FAULT_SCHEMA))
            return cleaning.Found(
                table, {"V-001": "placements were not supplied"}, {"Q-01": [0.5, "Half", True]},
                "rules-2026@1",
            )  # fmt: skip

        monkeypatch.setattr(cleaning, "checked", checked)
        monkeypatch.setattr("sightline.children.services.builds._ruleset", lambda: "rules-2026@1")

    found()
    return found
