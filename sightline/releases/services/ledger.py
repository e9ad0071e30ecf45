"""The ledger's lock and its lines."""

import zlib

from django.db import connection
from django.utils import timezone

from sightline.access.actors import Actor
from sightline.releases.models import LedgerEntry, TableSet

_LOCK = zlib.crc32(b"sightline.releases")


def lock() -> None:
    """One declaration at a time: each must see what the one before released."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    # SQLite transactions are immediate here: the first of two holds the only write lock.


def entry_of(actor: Actor, of: TableSet, kind: LedgerEntry.Kind, **more: object) -> LedgerEntry:
    """A line of the ledger, not yet written."""
    return LedgerEntry(
        kind=kind,
        table_set=of,
        written_at=timezone.now(),
        written_by=actor.audit_name,
        **more,
    )
