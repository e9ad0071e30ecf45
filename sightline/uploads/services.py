"""Every write of an upload: received, checked, imported, thrown away, undone, destroyed."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.scopes import Scope
from sightline.jobs.services import start
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable
from sightline.uploads import files, policies, queries
from sightline.uploads.checking import (
    FileCheck,
    Identified,
    Tell,
    identified_in_refusal,
    quietly,
)
from sightline.uploads.files import Incoming
from sightline.uploads.kinds import Kind, Outcome, Row, kind_named
from sightline.uploads.models import State, Upload, UploadFault
from sightline.uploads.permissions import get_kind_for, get_upload_for
from sightline.uploads.tally import Found, Section, Tally, as_data
from sightline.warehouse.reading import Table, open_table

MOST_STORED: Final = 5_000
"""Faults listed on pages; the annotated copy has those beyond too."""
MOST_PLACES: Final = 500
"""Places of identifiers that are listed."""
NAME_NOT_KEPT: Final = "(name not kept)"
_CHANGED: Final = (
    "What is held here has changed since this file was checked, so importing it would do something "
    "else than you were shown. Nothing was imported. Check the file again."
)


@dataclass(frozen=True)
class Received:
    """An upload, and whether it is one that was imported before, so that nothing was done."""

    upload: Upload
    repeated: bool


@dataclass(frozen=True)
class Committed:
    """An upload that has been imported, and whether this call did it."""

    upload: Upload
    changed: bool


class _Mismatch(Exception):
    """Rolls a rehearsal back."""


@transaction.atomic
def receive(
    *,
    actor: Actor,
    kind: str,
    scope: Scope,
    name: str,
    incoming: Incoming,
    sheet: str = "",
    queue: bool = True,
) -> Received:
    """Keep a file that has arrived, and have it checked.

    The same file as was last imported for this kind and scope is not kept: there is nothing to do.
    Without `queue` no job is started for the check, because whoever calls this checks it next.

    Raises:
        NotFound: as `get_kind_for`.
        BadInput: it is empty.
    """
    try:
        found, scope = get_kind_for(actor, kind, scope.kind, scope.key)
        if incoming.size == 0:
            raise BadInput("The selected file is empty")
    except BaseException:
        incoming.discard()
        raise
    before = queries.same_import(kind=kind, scope=scope, sha256=incoming.sha256)
    if before is not None:
        incoming.discard()
        audit.record(actor, "upload.repeated", f"upload:{before.pk}")
        return Received(before, repeated=True)
    upload = Upload(
        pk=incoming.id,
        kind=kind,
        scope_kind=scope.kind,
        scope_key=scope.key,
        file_name=files.clean_name(name),
        size=incoming.size,
        sha256=incoming.sha256,
        result={"sheet": sheet},
        received_at=timezone.now(),
        received_by=actor.audit_name,
    )
    upload.save(force_insert=True)
    audit.record(
        actor, "upload.received", f"upload:{upload.pk}",
        after={"kind": kind, "scope": f"{scope.kind}:{scope.key}"},
    )  # fmt: skip
    incoming.keep()
    if queue:
        _start_check(actor, upload, found)
    return Received(upload, repeated=False)


def _start_check(actor: Actor, upload: Upload, kind: Kind) -> None:
    job = start(
        actor=actor,
        code="uploads.check",
        about=f"upload:{upload.pk}",
        title=f"Check a file: {kind.title}",
        upload=str(upload.pk),
    )
    upload.job = job.pk
    upload.save(update_fields=["job"])


@transaction.atomic
def check_again(*, actor: Actor, key: UUID) -> Upload:
    """Have a file checked again, because what is held here has changed.

    Raises:
        NotFound: as `get_upload_for`.
        NotAllowed: it was imported, or is no longer here.
    """
    upload = queries.locked(get_upload_for(actor, key))
    policies.check_can_check_again(upload)
    upload.state = State.RECEIVED
    upload.save(update_fields=["state"])
    audit.record(actor, "upload.checked-again", f"upload:{upload.pk}")
    _start_check(actor, upload, kind_named(upload.kind))
    return upload


def check(*, actor: Actor, key: UUID, tell: Tell) -> Upload:
    """Check a file from end to end, and keep what was found. Carried out by a job; again is safe.

    A file that holds what could tell who somebody is, and may not, is destroyed at once.

    Args:
        actor: who sent it.
        key: of the upload.
        tell: told now and then how many rows have been read.

    Raises:
        NotFound: as `get_upload_for`.
    """
    upload = get_upload_for(actor, key)
    waiting = Upload.objects.filter(pk=key, state__in=[State.RECEIVED, State.CHECKING])
    if not waiting.update(state=State.CHECKING):
        return upload
    kind, scope = kind_named(upload.kind), Scope(upload.scope_kind, upload.scope_key)
    try:
        table = _table(upload)
        done = FileCheck(table, kind, scope, name=upload.file_name, tell=tell, sha256=upload.sha256)
        tally = done.run()
    except (BadInput, NotAvailable) as refusal:
        told = identified_in_refusal(upload.file_name, str(refusal))
        if kind.refuses_identifiers and told:
            return _quarantine(actor, upload, told)
        return _refuse(actor, upload, str(refusal))
    if done.identified:
        return _quarantine(actor, upload, done.identified, moved=done.moved)
    outcome = Outcome()
    if not tally.stops() and _can_go_in(kind, tally):
        outcome = _rehearse(actor, upload, done)
    return _note_check(actor, upload, done, outcome)


def _can_go_in(kind: Kind, tally: Tally) -> bool:
    """Whether there is something that an import would put in."""
    if kind.all_or_none and tally.held.count:
        return False
    return bool(tally.good or (kind.takes_none and not tally.rows))


def _table(upload: Upload) -> Table:
    source = files.source_of(upload.pk, name=upload.file_name, size=upload.size)
    return open_table(source, sheet=str(upload.result.get("sheet", "")))


def _counted(rows: Iterable[Row], given: list[int]) -> Iterator[Row]:
    for row in rows:
        given[0] += 1
        yield row


@dataclass(frozen=True)
class _Ready:
    """A file that has been checked, and what its kind made of the good rows, if it makes anything.

    Made outside any transaction, so that a long file keeps nobody else from writing.
    """

    done: FileCheck
    given: int
    prepared: object


def _ready(done: FileCheck) -> _Ready | None:
    """The good rows given to a kind that prepares them, or None."""
    if done.kind.prepare is None:
        return None
    given = [0]
    prepared = done.kind.prepare(scope=done.scope, rows=_counted(done.good_rows(), given))
    return _Ready(done, given[0], prepared)


def _carry_in(actor: Actor, upload: Upload, done: FileCheck, ready: _Ready | None) -> Outcome:
    """Give the good rows to the kind; every one of them must be accounted for."""
    if ready is not None:
        taken = ready.given
        outcome = done.kind.commit(
            actor=actor, scope=done.scope, rows=iter(()), upload=str(upload.pk),
            prepared=ready.prepared,
        )  # fmt: skip
    else:
        given = [0]
        rows = _counted(done.good_rows(), given)
        outcome = done.kind.commit(actor=actor, scope=done.scope, rows=rows, upload=str(upload.pk))
        taken = given[0]
    if not taken == done.tally.good == outcome.rows:
        raise RuntimeError(
            f"{done.kind.code}: {done.tally.good} rows were good, {taken} were taken and "
            f"{outcome.rows} accounted for."
        )
    return outcome


def _rehearse(actor: Actor, upload: Upload, done: FileCheck) -> Outcome:
    """What importing would do: it is done, and rolled back."""
    try:
        ready = _ready(done)
        with transaction.atomic():
            outcome = _carry_in(actor, upload, done, ready)
            raise _Mismatch
    except _Mismatch:
        return outcome
    except (BadInput, NotAllowed) as refusal:
        done.tally.add(
            Found(Section.FILE, 0, 0, "The whole file", "It cannot be imported", str(refusal))
        )
        return Outcome()


def _is_still_checked(upload: Upload) -> bool:
    """Whether nobody threw the file away while it was being checked; holds it still from now on."""
    return bool(queries.locked(upload).state == State.CHECKING)


@transaction.atomic
def _note_check(actor: Actor, upload: Upload, done: FileCheck, outcome: Outcome) -> Upload:
    if not _is_still_checked(upload):
        return upload
    table, tally = done.table, done.tally
    stopped = tally.stops()
    upload.result = {
        "sheet": str(upload.result.get("sheet", "")),
        "read": table.sheet,
        "format": table.format.value,
        "said": list(table.said),
        "groups": as_data(tally.groups()),
        "faults": sum(group.count for group in tally.groups()),
        "headings": list(done.heading.unknown),
        "unknown": tally.unknown.as_data(),
    }
    upload.rows, upload.look_again = tally.rows, tally.again.count
    upload.good = 0 if stopped else tally.good
    upload.held_back = tally.rows - upload.good
    for name, rows in asdict(outcome).items():
        setattr(upload, name, rows)
    upload.checked_at, upload.checked_by = timezone.now(), actor.audit_name
    upload.state = State.REFUSED if stopped else State.CHECKED
    if stopped:
        _destroyed(actor, upload)
    upload.faults.all().delete()
    _keep_faults(upload, tally)
    upload.save()
    audit.record(
        actor, "upload.refused" if stopped else "upload.checked", f"upload:{upload.pk}",
        after={"rows": upload.rows, "good": upload.good, "held_back": upload.held_back},
    )  # fmt: skip
    return upload


def _keep_faults(upload: Upload, tally: Tally) -> None:
    rows = [
        UploadFault(
            upload=upload,
            order=order,
            section=one.section,
            words=[one.address, one.what, one.sent, one.expected],
        )
        for order, one in enumerate(tally.in_order()[:MOST_STORED], start=1)
    ]
    UploadFault.objects.bulk_create(rows, batch_size=500)


@transaction.atomic
def _refuse(actor: Actor, upload: Upload, reason: str) -> Upload:
    """Note that the file cannot be read, and destroy it: nobody has a use for it."""
    if not _is_still_checked(upload):
        return upload
    upload.state = State.REFUSED
    upload.result = {"reason": reason}
    upload.checked_at, upload.checked_by = timezone.now(), actor.audit_name
    _destroyed(actor, upload)
    upload.save()
    audit.record(actor, "upload.refused", f"upload:{upload.pk}")
    return upload


@transaction.atomic
def _quarantine(
    actor: Actor, upload: Upload, identified: list[Identified], *, moved: str = ""
) -> Upload:
    """Destroy the file, and keep nothing but which cells held which kind of thing."""
    files.destroy(upload.pk)
    if not _is_still_checked(upload):
        return upload
    kinds: dict[str, int] = {}
    for one in identified:
        kinds[one.kind.words] = kinds.get(one.kind.words, 0) + 1
    upload.state = State.QUARANTINED
    upload.file_name = NAME_NOT_KEPT
    upload.sha256 = ""
    upload.result = {
        "kinds": sorted(kinds.items(), key=lambda item: -item[1]),
        "places": [[one.place, one.kind.words] for one in identified[:MOST_PLACES]],
        "moved": moved,
    }
    upload.checked_at, upload.checked_by = timezone.now(), actor.audit_name
    upload.rows = upload.good = upload.held_back = upload.look_again = 0
    _destroyed(actor, upload)
    upload.faults.all().delete()
    upload.save()
    audit.record(
        actor, "upload.quarantined", f"upload:{upload.pk}", after={"cells": len(identified)}
    )
    return upload


def _destroyed(actor: Actor, upload: Upload) -> None:
    """The bytes are to go: said now, done once this transaction is through."""
    upload.destroyed_at, upload.destroyed_by = timezone.now(), actor.audit_name
    transaction.on_commit(lambda: files.destroy(upload.pk))


def commit(*, actor: Actor, key: UUID, good: int, tell: Tell = quietly) -> Committed:
    """Import the good rows, in one step. A second time changes nothing.

    Args:
        actor: who imports.
        key: of the upload.
        good: how many rows they were shown would be imported.
        tell: told now and then how many rows have been read.

    Raises:
        NotFound: as `get_upload_for`.
        NotAllowed: not checked, nothing good in it, or what is held has changed since it was.
    """
    upload = get_upload_for(actor, key)
    ready = None
    if upload.state != State.COMMITTED and kind_named(upload.kind).prepare is not None:
        policies.check_can_commit(upload)
        done = _checked_anew(upload, tell)
        if not done.tally.stops():
            ready = _ready(done)
    return _commit(actor, upload, good=good, ready=ready)


def _checked_anew(upload: Upload, tell: Tell = quietly) -> FileCheck:
    """The file of an upload, checked; identifiers were looked for when it came."""
    scope = Scope(upload.scope_kind, upload.scope_key)
    done = FileCheck(
        _table(upload), kind_named(upload.kind), scope, name=upload.file_name, looks=False,
        tell=tell, sha256=upload.sha256,
    )  # fmt: skip
    done.run()
    return done


@transaction.atomic
def _commit(actor: Actor, upload: Upload, *, good: int, ready: _Ready | None) -> Committed:
    upload = queries.locked(upload)
    if upload.state == State.COMMITTED:
        return Committed(upload, changed=False)
    policies.check_can_commit(upload)
    scope = Scope(upload.scope_kind, upload.scope_key)
    if queries.same_import(kind=upload.kind, scope=scope, sha256=upload.sha256) is not None:
        raise NotAllowed("This very file was imported a moment ago. Nothing was changed.")
    done = ready.done if ready is not None else _checked_anew(upload)
    tally = done.tally
    if (
        tally.stops()
        or (tally.good, tally.rows) != (upload.good, upload.rows)
        or good != tally.good
    ):
        raise NotAllowed(_CHANGED)
    outcome = _carry_in(actor, upload, done, ready)
    if asdict(outcome) != {name: getattr(upload, name) for name in asdict(outcome)}:
        raise NotAllowed(_CHANGED)
    as_shown = Upload.objects.filter(pk=upload.pk, state=State.CHECKED)
    now = timezone.now()
    if not as_shown.update(
        state=State.COMMITTED, committed_at=now, committed_by=actor.audit_name
    ):  # pragma: no cover - the row is locked
        raise NotAllowed(_CHANGED)
    audit.record(
        actor, "upload.imported", f"upload:{upload.pk}",
        after={"held_back": upload.held_back, **asdict(outcome)},
    )  # fmt: skip
    upload.refresh_from_db()
    return Committed(upload, changed=True)


@transaction.atomic
def start_import(*, actor: Actor, key: UUID, good: int) -> Upload:
    """Have a large file imported outside this request. While that goes on, again is no second one.

    Raises:
        NotFound: as `get_upload_for`.
        NotAllowed: as `commit`, as far as can be known without reading the file.
    """
    upload = queries.locked(get_upload_for(actor, key))
    if upload.state == State.COMMITTED or queries.import_under_way(upload) is not None:
        return upload
    policies.check_can_commit(upload)
    if good != upload.good:
        raise NotAllowed(_CHANGED)
    job = start(
        actor=actor,
        code="uploads.import",
        about=f"upload:{upload.pk}",
        title=f"Import a file: {kind_named(upload.kind).title}",
        upload=str(upload.pk),
        good=good,
    )
    upload.job = job.pk
    upload.save(update_fields=["job"])
    audit.record(actor, "upload.import-started", f"upload:{upload.pk}")
    return upload


def checked_file(*, actor: Actor, key: UUID) -> FileCheck:
    """The file of an upload, read and checked anew, for a copy of it. Its opening is recorded.

    Raises:
        NotFound: as `get_upload_for`.
        NotAllowed: nothing of it is kept, or it has not been checked for identifiers yet.
    """
    upload = get_upload_for(actor, key)
    policies.check_can_read_file(upload)
    audit.record_read(actor, f"upload:{upload.pk}")
    return _checked_anew(upload)


@transaction.atomic
def throw_away(*, actor: Actor, key: UUID) -> Upload:
    """Destroy a file that nothing was imported from.

    Raises:
        NotFound: as `get_upload_for`.
        NotAllowed: it was imported, or nothing of it is kept.
    """
    upload = queries.locked(get_upload_for(actor, key))
    policies.check_can_throw_away(upload)
    _throw_away(actor, upload)
    audit.record(actor, "upload.thrown-away", f"upload:{upload.pk}")
    return upload


def _throw_away(actor: Actor, upload: Upload) -> None:
    upload.state = State.THROWN_AWAY
    _destroyed(actor, upload)
    _forget_words(upload)
    upload.save()


def _forget_words(upload: Upload) -> None:
    """With the bytes goes what the check quoted from them."""
    upload.faults.all().delete()
    upload.result = {"format": upload.result.get("format", "")}


@transaction.atomic
def destroy_file(*, actor: Actor, key: UUID, reason: str) -> Upload:
    """Destroy the bytes of an upload before their time; rows imported stay. Again is no fault.

    Whoever calls this owns the rows, and has asked whether `actor` may: they may hold no right to
    send files of this kind.

    Raises:
        BadInput: no reason is given.
    """
    upload = queries.locked(Upload.objects.get(pk=key))
    if not reason.strip():
        raise BadInput("Say why the file is destroyed.")
    if upload.destroyed_at is None:
        if upload.state in {State.RECEIVED, State.CHECKING, State.CHECKED}:
            upload.state = State.THROWN_AWAY
        _destroyed(actor, upload)
        _forget_words(upload)
        upload.save()
        audit.record(actor, "upload.destroyed", f"upload:{upload.pk}", reason=reason)
    return upload


@transaction.atomic
def undo(*, actor: Actor, key: UUID) -> Outcome:
    """Take out what an upload put in.

    Raises:
        NotFound: as `get_upload_for`.
        NotAllowed: not imported, too long ago, or later uploads have replaced its rows.
    """
    upload = queries.locked(get_upload_for(actor, key))
    policies.check_can_undo(upload, today=timezone.localdate())
    kind, scope = kind_named(upload.kind), Scope(upload.scope_kind, upload.scope_key)
    outcome: Outcome = kind.undo(actor=actor, scope=scope, upload=str(upload.pk))
    upload.state = State.UNDONE
    upload.undone_at, upload.undone_by = timezone.now(), actor.audit_name
    _destroyed(actor, upload)
    _forget_words(upload)
    upload.save()
    audit.record(actor, "upload.undone", f"upload:{upload.pk}", after=asdict(outcome))
    return outcome


def sweep(*, actor: Actor) -> dict[str, int]:
    """Destroy what nobody needs: staged files after 14 days, imported ones when none can undo."""
    now = timezone.now()
    staged = list(queries.staged_before(now - dt.timedelta(days=policies.DAYS_STAGED)))
    for upload in staged:
        with transaction.atomic():
            _throw_away(actor, upload)
            audit.record(actor, "upload.thrown-away", f"upload:{upload.pk}", reason="two weeks old")
    used = list(queries.committed_before(now - dt.timedelta(days=policies.DAYS_TO_UNDO + 1)))
    for upload in used:
        with transaction.atomic():
            _destroyed(actor, upload)
            _forget_words(upload)
            upload.save(update_fields=["destroyed_at", "destroyed_by", "result"])
            audit.record(actor, "upload.destroyed", f"upload:{upload.pk}")
    loose = list(files.left_over(queries.with_bytes()))
    for path in loose:
        path.unlink(missing_ok=True)
    return {"thrown away": len(staged), "destroyed": len(used), "left over": len(loose)}
