"""Reads of uploads."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from sightline.access.scopes import Scope
from sightline.uploads.models import State, Upload, UploadFault


def history(kind: str, scope: Scope) -> QuerySet[Upload]:
    """Every upload of a kind in a scope, the latest first."""
    return Upload.objects.filter(kind=kind, scope_kind=scope.kind, scope_key=scope.key).order_by(
        "-received_at", "-pk"
    )


def recent(pairs: Iterable[tuple[str, Scope]], *, most: int) -> list[Upload]:
    """The latest uploads of these kinds in these scopes."""
    wanted = Q(pk__in=[])
    for kind, scope in pairs:
        wanted |= Q(kind=kind, scope_kind=scope.kind, scope_key=scope.key)
    return list(Upload.objects.filter(wanted).order_by("-received_at", "-pk")[:most])


def same_import(*, kind: str, scope: Scope, sha256: str) -> Upload | None:
    """The last import of a kind in a scope, if it was of a file with this hash."""
    last = history(kind, scope).filter(state=State.COMMITTED).order_by("-committed_at").first()
    return last if last is not None and last.sha256 == sha256 else None


def locked(upload: Upload) -> Upload:
    """The upload as it is now, with every other of its kind and scope held still meanwhile."""
    scope = Scope(upload.scope_kind, upload.scope_key)
    rows = history(upload.kind, scope).order_by("pk").select_for_update()
    return next(row for row in rows if row.pk == upload.pk)


def faults_of(upload: Upload) -> QuerySet[UploadFault]:
    """The faults of an upload: by section, column (AA after Z) and row."""
    return UploadFault.objects.filter(upload=upload).order_by("order")


def staged_before(moment: dt.datetime) -> QuerySet[Upload]:
    """Uploads received before then that nothing was imported from, and whose bytes are here."""
    return Upload.objects.filter(received_at__lt=moment, destroyed_at=None).exclude(
        state=State.COMMITTED
    )


def committed_before(moment: dt.datetime) -> QuerySet[Upload]:
    """Imports from before then whose bytes are here."""
    return Upload.objects.filter(committed_at__lt=moment, destroyed_at=None, state=State.COMMITTED)


def with_bytes() -> set[UUID]:
    """Uploads whose bytes are needed."""
    return set(Upload.objects.filter(destroyed_at=None).values_list("pk", flat=True))
