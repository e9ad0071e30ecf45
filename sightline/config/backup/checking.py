"""What is looked at after a restore, so that "it is back" is known and not hoped."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.db import DatabaseError, connection, transaction

from sightline.access.actors import CommandLine, acting_as
from sightline.access.models import AuditEvent, Organisation
from sightline.access.triggers import missing_triggers
from sightline.config.backup.files import state
from sightline.secrets import taking_stock

SHOWN: Final = 3


@dataclass(frozen=True)
class Check:
    """One thing that was looked at."""

    what: str
    good: bool
    found: str


class _Undo(Exception):
    """Takes back a write that was only a try."""


def check_all(
    actor: CommandLine, *, expected: Mapping[str, int], found: Mapping[str, int]
) -> tuple[Check, ...]:
    """Look at rows, keys between tables, triggers, sealed values, and a write."""
    return (
        _rows(expected, found),
        _said("Every row that is named is there", connection.check_constraints),
        _triggers(),
        _sealed(),
        _audited_write(actor),
        _trail_only_grows(),
    )


def _rows(expected: Mapping[str, int], found: Mapping[str, int]) -> Check:
    differ = sorted(table for table in expected if expected[table] != found.get(table))
    said = f"{sum(found.values()):,} rows of {len(found)} tables"
    if differ:
        said = f"not as many as were copied: {', '.join(differ[:SHOWN])}"
    return Check("As many rows as were copied", not differ, said)


def _said(what: str, look: Callable[[], None]) -> Check:
    try:
        look()
    except DatabaseError as fault:
        return Check(what, False, str(fault).splitlines()[0])
    return Check(what, True, "yes")


def _triggers() -> Check:
    missing = missing_triggers()
    found = f"missing: {', '.join(missing[:SHOWN])}" if missing else "all in place"
    return Check("The audit trail’s triggers", not missing, found)


def _sealed() -> Check:
    many, closed = 0, Counter[str]()
    for one in taking_stock.opened():
        many += 1
        if one.why:
            closed[one.where] += 1
    places = ", ".join(f"{count:,} of {where}" for where, count in closed.most_common(SHOWN))
    found = f"do not open: {places}" if closed else f"all {many:,} open"
    return Check("Sealed values, with the keys here", not closed, found)


def _audited_write(actor: CommandLine) -> Check:
    """Write a row, see its line in the trail, and take both back."""
    lines = 0
    try:
        with acting_as(actor), transaction.atomic():
            row = Organisation.objects.create(code="restore-check", name="Restore check")
            target = f"{Organisation._meta.db_table}:{row.pk}"
            lines = AuditEvent.objects.filter(verb="row.added", target=target).count()
            raise _Undo
    except _Undo:
        good = lines == 1
        return Check("A write is in the trail", good, "yes" if good else "no line was written")
    except DatabaseError as fault:
        return Check("A write is in the trail", False, str(fault).splitlines()[0])


def _trail_only_grows() -> Check:
    """Try to change the trail, which must refuse."""
    try:
        with transaction.atomic():
            AuditEvent.objects.update(reason="changed")
            raise _Undo
    except _Undo:
        good = not AuditEvent.objects.exists()
        return Check("The trail refuses to be changed", good, "it did not")
    except DatabaseError:
        return Check("The trail refuses to be changed", True, "yes")


def try_restore(folder: Path) -> str:
    """Restore into a scratch database that is gone afterwards; gives the report as JSON.

    In a process of its own, because Django settles on one database when it starts. The scratch
    copy is in clear as far as the database is, so it is made in the state folder, for this account.
    """
    home = state()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    scratch = Path(tempfile.mkdtemp(prefix=".trying-", dir=home))
    try:
        (scratch / "static").mkdir()
        settings = os.environ | {
            "SIGHTLINE_DATABASE": f"sqlite:///{scratch / 'try.sqlite3'}",
            "SIGHTLINE_STATE": str(scratch),
        }
        command = [sys.executable, "-m", "sightline.cli", "restore", str(folder.resolve())]
        done = subprocess.run(  # noqa: S603 (our own command, and a path)
            [*command, "--format", "json"],
            env=settings,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    if done.returncode:
        raise NotRestored(done.stderr.strip() or done.stdout.strip(), done.returncode)
    return done.stdout


class NotRestored(Exception):
    """The trial failed; the message and status are those of `restore`."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status
