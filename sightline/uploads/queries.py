"""Reads of uploads."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from sightline.access.scopes import Scope
from sightline.jobs.models import OPEN, Job
from sightline.uploads.models import State, Upload, UploadFault


def history(kind: str, scope: Scope) -> QuerySet[Upload]:
    """Every upload of a kind in a scope, the latest first."""
    return Upload.objects.filter(kind=kind, scope_kind=scope.kind, scope_key=scope.key).order_by(
        "-received_at", "-pk"
    )


def recent(pairs: Iterable[tuple[str, Scope]], *, most: int) -> list[Upload]:
    """The latest uploads of these kinds in these scopes."""
    wanted = Q(pk__in=[])
    places: dict[tuple[str, str], list[str]] = {}
    for kind, scope in pairs:
        places.setdefault((kind, scope.kind), []).append(scope.key)
    for (kind, scope_kind), keys in places.items():
        wanted |= Q(kind=kind, scope_kind=scope_kind, scope_key__in=keys)
    return list(Upload.objects.filter(wanted).order_by("-received_at", "-pk")[:most])


def same_import(*, kind: str, scope: Scope, sha256: str) -> Upload | None:
    """The last import of a kind in a scope, if it was of a file with this hash."""
    last = history(kind, scope).filter(state=State.COMMITTED).order_by("-committed_at").first()
    return last if last is not None and last.sha256 == sha256 else None


def import_under_way(upload: Upload) -> Job | None:
    """The job that is importing this upload, if one waits or is under way."""
    return importing_job(upload, states=OPEN)


def import_that_failed(upload: Upload) -> Job | None:
    """The last job that was to import this upload, if that did not come to a good end."""
    return importing_job(upload, states=[Job.State.FAILED, Job.State.CANCELLED])


def importing_job(upload: Upload, *, states: Iterable[str]) -> Job | None:
    """The upload's job, if it is one that imports and is in one of these states."""
    if upload.job is None:
        return None
    wanted = Job.objects.filter(pk=upload.job, code="uploads.import", state__in=list(states))
    return wanted.first()


def earlier_imports(*, kind: str, scope: Scope, sha256: str) -> QuerySet[Upload]:
    """Imports of a file with this hash, the latest first."""
    return history(kind, scope).filter(state=State.COMMITTED, sha256=sha256)


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
