"""Keys to exchange, and a model with sealed fields whose table exists for one test."""

import uuid
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from sightline.secrets import SealedJSON, SealedText
from sightline.secrets import registry as known

OLD, NEW, VAULT = (letter * 32 for letter in (b"o", b"n", b"v"))
Keys = Callable[..., None]
every_field = known.fields


@pytest.fixture
def keys(settings: Any) -> Keys:
    """Set the ids of the data keys, the current one first: `keys("new", "old")`."""
    secrets = {"old": OLD, "new": NEW}

    def hold(*ids: str, vault: tuple[str, ...] = ("vault",)) -> None:
        settings.SIGHTLINE_KEYS = {
            "data": tuple((name, secrets[name]) for name in ids),
            "concerns": tuple((name, VAULT) for name in vault),
        }

    hold("old")
    return hold


@pytest.fixture(scope="session")
def _letter_model() -> Any:
    with isolate_apps("sightline.jobs"):

        class Letter(models.Model):
            id = models.UUIDField(primary_key=True, default=uuid.uuid4)
            words = SealedText()
            note = SealedText(purpose="concerns", null=True, blank=True)
            facts = SealedJSON(default=dict)
            place = models.CharField(max_length=20, default="")

            class Meta:
                app_label = "jobs"
                db_table = "planted_letter"

            class Sensitivity:
                secret: ClassVar[set[str]] = {"words", "note", "facts"}
                plain: ClassVar[set[str]] = {"id", "place"}

            def __str__(self) -> str:
                return "a letter"

        yield Letter


@pytest.fixture
def letter(_letter_model: Any, db: None, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The model, its table, and `secrets` knowing of its fields."""
    columns = ", ".join(
        f"{f.column} {f.db_type(connection)} {'' if f.null else 'NOT NULL'}"
        for f in _letter_model._meta.concrete_fields
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE planted_letter ({columns}, PRIMARY KEY (id))")
    found = tuple(f for f in _letter_model._meta.concrete_fields if isinstance(f, SealedText))
    monkeypatch.setattr(known, "fields", lambda: found)
    return _letter_model


@pytest.fixture(autouse=True)
def _own_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a test registers is forgotten after it, and the contexts' own is out of the way."""
    for name in ("_files", "_values", "_indexes"):
        monkeypatch.setattr(known, name, {})
    monkeypatch.setattr(known, "fields", lambda: ())


def raw(row: Any, field: str) -> bytes | None:
    """The column as it stands in the database."""
    with connection.cursor() as cursor:
        key = row._meta.pk.get_db_prep_value(row.pk, connection)
        cursor.execute(f"SELECT {field} FROM planted_letter WHERE id = %s", [key])  # noqa: S608
        found = cursor.fetchone()[0]
    return None if found is None else bytes(found)
