"""Deleting what was read: at its day by the clock, or before by whoever leads the round."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from django.db import connection, models, transaction
from django.db.models import Q
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.record_reading import policies, queries
from sightline.record_reading.alike import alike_of
from sightline.record_reading.models import (
    Conflict,
    DipCheck,
    Reading,
    Round,
    Sample,
    SampledRecord,
    SectionEntry,
    Settlement,
    Snapshot,
)
from sightline.record_reading.permissions import Deed
from sightline.record_reading.services.shared import held, target
from sightline.saving.models import Typed
from sightline.uploads import services as uploads
from sightline.uploads.models import Upload

_IN_ORDER: Final[tuple[tuple[str, type[models.Model], str], ...]] = (
    ("entries", SectionEntry, "reading__round"),
    ("checks", DipCheck, "reading__round"),
    ("settlements", Settlement, "record__sample__round"),
    ("readings", Reading, "round"),
    ("conflicts", Conflict, "reader__round"),
    ("records", SampledRecord, "sample__round"),
    ("samples", Sample, "round"),
    ("returns", Snapshot, "round"),
)
"""What is deleted, those that point to others first, and how each leads to its round."""

SENT_TO: Final = "record-reading"
"""The kind of scope that files of a return are sent to; its key is the round's."""

_destroyers: Final[dict[str, Callable[[Round], object]]] = {}


def register_destroyer(step: Callable[[Round], object]) -> Callable[[Round], object]:
    """Have something else deleted with what was read, in the same transaction."""
    _destroyers[f"{step.__module__}.{step.__qualname__}"] = step
    return step


def destroy(*, actor: Actor, round: Round) -> dict[str, int]:
    """Delete the return, the sample, every answer, settlement, note and draft of a round.

    A round is locked and counted first, or was never opened; on its day it is deleted whatever its
    state, once a locked one is counted.

    What was counted and protected stays, and so do the round's settings, who read, and how many
    records were read.

    Returns:
        How many rows of what were deleted.

    Raises:
        NotFound, NotPermitted: the round is not theirs to lead.
        NotAllowed: records are being read, they are not counted yet, or this was done already.
    """
    with transaction.atomic():
        found = held(actor, round, Deed.MODERATE)
        policies.check_can_destroy(found, timezone.localdate())
        rows = Reading.objects.select_for_update().filter(round=found)
        list(rows.order_by("pk").values_list("pk"))  # whoever saves now is waited for
        found.results = {**found.results, queries.KEPT: _how_much(found)}
        files = _files(found)
        deleted = {name: _delete(model, path, found) for name, model, path in _IN_ORDER}
        deleted["typed"] = _forget_typed(found)
        for upload in files:
            uploads.destroy_file(
                actor=actor, key=upload.pk, reason="What was read in its round is deleted."
            )
        for step in _destroyers.values():
            step(found)
        found.state = Round.State.DESTROYED
        found.destroyed_at, found.destroyed_by = timezone.now(), actor.audit_name
        found.save(update_fields=["state", "results", "destroyed_at", "destroyed_by"])
        audit.record(actor, "record-round.destroyed", target(found), after=deleted)
    clear_traces()
    round.refresh_from_db()
    return deleted


def _how_much(round: Round) -> dict[str, Any]:
    """What may be said of it ever after: counts, and how far readers agreed."""
    alike = alike_of(round)
    snapshot = queries.snapshot_of(round)
    complete = queries.readings_in(round).filter(state=Reading.State.COMPLETE)
    return {
        "in_scope": snapshot.held if snapshot else 0,
        "sampled": queries.to_read(round).count(),
        "read": complete.filter(part=1).count(),
        "read_twice": complete.filter(part=2).count(),
        "readers": round.readers.count(),
        "alike": asdict(alike) if alike else None,
    }


def _files(round: Round) -> list[Upload]:
    """The files that were sent to it, taken in or not, whose bytes are still there."""
    taken_in = Snapshot.objects.filter(round=round).values("upload")
    sent = Q(pk__in=taken_in) | Q(scope_kind=SENT_TO, scope_key=str(round.pk))
    return list(Upload.objects.filter(sent, destroyed_at__isnull=True))


def _delete(model: Any, path: str, round: Round) -> int:
    rows = model.objects.filter(**{path: round})
    if model is SampledRecord:
        rows.filter(replaces__isnull=False).update(replaces=None)
    count = int(rows.count())
    rows.delete()
    return count


def _forget_typed(round: Round) -> int:
    """What anybody typed on a page of the round and never sent."""
    deleted, _ = Typed.objects.filter(
        page__startswith=f"/p/{round.area}/records/{round.slug}/"
    ).delete()
    return int(deleted)


def clear_traces() -> None:
    """Have the database give up the pages that deleted rows stood on, as far as it can.

    As surveys do: SQLite overwrites what is deleted, and its log is emptied here; PostgreSQL keeps
    deleted rows in its files until they are written anew. Its log and backups are beyond reach:
    what they hold is sealed. Does nothing inside a transaction.
    """
    if connection.in_atomic_block:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for _, model, _ in _IN_ORDER:
            name = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"VACUUM FULL {name}")
