"""Making a backup: one moment of the database, then the files, each sealed; whole or not at all."""

import datetime as dt
import json
import os
import shutil
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from sightline import __version__
from sightline.access import audit
from sightline.access.actors import CommandLine
from sightline.config.backup import files, keys
from sightline.config.backup.manifest import (
    DATABASE,
    FILES,
    NAME,
    Manifest,
    applied,
    check_up_to_date,
)
from sightline.config.backup.parts import write_part
from sightline.config.backup.rows import footing, heading, lines, tables
from sightline.kernel.errors import BadInput, NotAvailable
from sightline.secrets import taking_stock


@dataclass(frozen=True)
class Made:
    """A backup that was made."""

    folder: Path
    tables: int
    rows: int
    files: int
    size: int
    keys: tuple[Path, ...]
    keys_sealed: bool


def make_backup(
    *,
    actor: CommandLine,
    folder: Path,
    keys_to: Path | None = None,
    passphrase_file: Path | None = None,
) -> Made:
    """Back up the database and the files into a folder that is not there yet, or empty.

    Raises:
        BadInput: the folder or the keys cannot go there.
        NotAllowed: the tables are not those of this release.
        NotAvailable: there is no room.
    """
    if passphrase_file is not None and keys_to is None:
        raise BadInput("--passphrase-file is for the copy of the keys: say --keys-to as well.")
    passphrase = keys.read_passphrase(passphrase_file) if passphrase_file else None
    if keys_to is not None:
        keys.check_apart(keys_to, folder)
    check_up_to_date()
    with _unfinished(folder) as work:
        manifest = _written(work, folder, actor)
    copied: tuple[Path, ...] = ()
    if keys_to is not None:
        copied = keys.write_keys(settings.SIGHTLINE_KEYS, keys_to, passphrase)
    audit.record(actor, "backup.made", f"backup:{manifest.id}", after={"keys": bool(copied)})
    return Made(
        folder=folder,
        tables=len(manifest.tables),
        rows=sum(manifest.tables.values()),
        files=manifest.files,
        size=sum(part.size for part in manifest.parts.values()),
        keys=copied,
        keys_sealed=passphrase is not None,
    )


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """A folder to work in, which gets its name when all is in it, and goes if anything fails."""
    work = folder.with_name(f".{folder.name}.unfinished")
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(f"{folder} is there and not empty. Name a folder that is not there yet.")
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(mode=0o700)
        try:
            yield work
            if folder.exists():
                folder.rmdir()
            work.rename(folder)
        finally:
            shutil.rmtree(work, ignore_errors=True)
    except OSError as fault:
        raise NotAvailable(
            f"The backup cannot be written to {folder}: {fault.strerror or fault}. "
            "Nothing is left of it; make room, or name another place."
        ) from None


def _written(work: Path, folder: Path, actor: CommandLine) -> Manifest:
    backup_id = uuid.uuid4().hex
    counts: dict[str, int] = {}
    many_files = 0
    made_at = dt.datetime.now(tz=dt.UTC)

    def fill_rows(target: BinaryIO) -> None:
        _write_rows(target, counts)

    def fill_files(target: BinaryIO) -> None:
        nonlocal many_files
        many_files = files.pack(target, without=folder.parent)

    with _one_moment():
        migrations = applied()
        rows = write_part(work / DATABASE, f"backup:{backup_id}/{DATABASE}", fill_rows)
        used = _keys_used()
    # After the rows: a file that came meanwhile is one too many, which hurts nobody.
    packed = write_part(work / FILES, f"backup:{backup_id}/{FILES}", fill_files)
    manifest = Manifest(
        id=backup_id,
        made_at=made_at,
        made_by=actor.audit_name,
        release=__version__,
        database=connection.vendor,
        migrations=migrations,
        tables=counts,
        files=many_files,
        keys=used,
        parts={DATABASE: rows, FILES: packed},
    )
    text = json.dumps(manifest.model_dump(mode="json"), indent=1)
    with os.fdopen(os.open(work / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(text + "\n")
        out.flush()
        os.fsync(out.fileno())
    return manifest


def _write_rows(target: BinaryIO, counts: dict[str, int]) -> None:
    for model in tables(apps):
        rows = 0
        target.write(heading(model).encode() + b"\n")
        for line in lines(model):
            target.write(line.encode() + b"\n")
            rows += 1
        target.write(footing(rows).encode() + b"\n")
        counts[model._meta.db_table] = rows
    target.write(json.dumps({"end": len(counts)}).encode() + b"\n")


def _keys_used() -> dict[str, list[str]]:
    """The ids of the keys that what is copied is sealed with, and those that seal the parts."""
    used: dict[str, Counter[str]] = {
        purpose: Counter({held[0][0]: 1}) for purpose, held in settings.SIGHTLINE_KEYS.items()
    }
    for place in taking_stock.status():
        used[place.purpose].update(place.by_key)
    return {
        purpose: sorted(key_id for key_id in found if key_id != taking_stock.NOT_SEALED)
        for purpose, found in used.items()
    }


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that reads the database as it is now, and keeps nobody from writing."""
    if connection.in_atomic_block:
        yield
        return
    here: Any = connections[DEFAULT_DB_ALIAS]  # what is set is of SQLite's alone
    if here.vendor == "sqlite":
        usual = here.transaction_mode
        here.transaction_mode = "DEFERRED"  # IMMEDIATE would keep writers waiting
        try:
            with transaction.atomic():
                yield
        finally:
            here.transaction_mode = usual
        return
    from psycopg import IsolationLevel  # only where PostgreSQL is

    here.ensure_connection()
    raw = here.connection
    usual = raw.isolation_level, raw.read_only
    # On the connection and not by a statement: who acts is announced before any statement of ours.
    raw.isolation_level, raw.read_only = IsolationLevel.REPEATABLE_READ, True
    try:
        with transaction.atomic():
            yield
    finally:
        raw.isolation_level, raw.read_only = usual
