"""What a backup says of itself in the clear: no content, only counts, hashes and ids of keys."""

import datetime as dt
import json
from pathlib import Path
from typing import Final, Literal

from django.db import connection
from django.db.migrations.loader import MigrationLoader
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sightline.kernel.errors import BadInput, NotAllowed

FORMAT: Final = 1
NAME: Final = "manifest.json"
DATABASE, FILES = "database.sealed", "files.sealed"
LARGEST: Final = 4_000_000


class Part(BaseModel):
    """One sealed file of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int = Field(ge=0)


class Manifest(BaseModel):
    """The table of contents of a backup."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["sightline-backup"] = "sightline-backup"
    format: int = FORMAT
    id: str = Field(pattern=r"^[0-9a-f]{32}$")
    made_at: dt.datetime
    made_by: str
    release: str
    database: str  # sqlite or postgresql: where the rows came from; they go to either
    migrations: dict[str, list[str]]  # what is applied, by app
    tables: dict[str, int]  # rows
    files: int
    keys: dict[str, list[str]]  # ids of the keys that opened what is inside, by purpose
    parts: dict[str, Part]

    def about(self, part: str) -> str:
        """What a part is sealed about: parts of two backups cannot be mixed."""
        return f"backup:{self.id}/{part}"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a backup folder.

    Raises:
        BadInput: there is none, or it is not one of ours.
        NotAllowed: it was made by a release that writes another format.
    """
    file = folder / NAME
    try:
        if file.stat().st_size > LARGEST:
            raise BadInput(f"{file} is too large to be the manifest of a backup.")
        given = json.loads(file.read_text(encoding="utf-8"))
        if isinstance(given, dict) and given.get("kind") == "sightline-backup":
            _check_format(given.get("format"))
        return Manifest.model_validate(given)
    except FileNotFoundError:
        raise BadInput(f"{folder} is not a backup: there is no {NAME} in it.") from None
    except OSError as fault:
        raise BadInput(f"{file} cannot be read: {fault.strerror}.") from None
    except (ValueError, ValidationError):
        raise BadInput(
            f"{file} is not the manifest of a backup, or is damaged. Use another backup."
        ) from None


def _check_format(found: object) -> None:
    if isinstance(found, int) and found > FORMAT:
        raise NotAllowed(
            f"This backup was made by a newer release: it has format {found}, and this one reads "
            f"{FORMAT}. Bring this copy up to date first. Nothing was touched."
        )


def applied() -> dict[str, list[str]]:
    """The migrations in the database, by app."""
    found: dict[str, list[str]] = {}
    for app, name in sorted(MigrationLoader(connection).applied_migrations):
        found.setdefault(app, []).append(name)
    return found


def check_up_to_date() -> None:
    """Refuse to copy tables that this release does not describe.

    Raises:
        NotAllowed: migrations wait.
    """
    loader = MigrationLoader(connection)
    waiting = sorted(set(loader.graph.nodes) - set(loader.applied_migrations))
    if waiting:
        app, name = waiting[0]
        raise NotAllowed(
            f"The tables are older than this release ({app} {name} waits). Back up with the "
            "release that made them, or run migrate first."
        )


def check_not_newer(manifest: Manifest) -> None:
    """Refuse a backup of tables that this release does not know.

    Raises:
        NotAllowed: naming one migration that is missing here.
    """
    known = set(MigrationLoader(connection).disk_migrations or {})
    theirs = {(app, name) for app, names in manifest.migrations.items() for name in names}
    unknown = sorted(theirs - known)
    if unknown:
        app, name = unknown[0]
        raise NotAllowed(
            f"This backup was made by a newer release: {app} {name} is not known here. Bring this "
            "copy up to date first. Nothing was touched."
        )
