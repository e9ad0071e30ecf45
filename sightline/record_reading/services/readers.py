"""Who reads in a round: named, paired, ended; and which records are closed to them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.record_reading import policies, queries
from sightline.record_reading.models import Conflict, Reader, Reading, Round, SampledRecord
from sightline.record_reading.permissions import (
    Deed,
    declared_in,
    is_same_child,
    may,
    may_be_named,
)
from sightline.record_reading.services import allocating
from sightline.record_reading.services.rounds import needed, plain
from sightline.record_reading.services.shared import held, target


@dataclass(frozen=True)
class As:
    """As whom somebody reads: the kind, their agency and teams, the pair, the day of training."""

    kind: str
    agency: str = ""
    teams: Sequence[str] = ()
    pair: int | None = None
    trained_on: dt.date | None = None


def name_reader(*, actor: Actor, round: Round, person: User, reads_as: As) -> Reader:
    """Name somebody who reads records of a round, from now on.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is locked; they may not read, or are named already.
        BadInput: the training is in the future, or there is no such kind of reader.
    """
    with transaction.atomic():
        round = held(actor, round, Deed.RUN)
        policies.check_can_set_up(round)
        if not may_be_named(person, round):
            raise NotAllowed(
                f"{person.name} cannot read records here. Somebody who manages people can give "
                "them a role that reads."
            )
        if queries.readers_of(round).filter(person=person).exists():
            raise NotAllowed(f"{person.name} is named already.")
        made = Reader(
            round=round, person=person, named_at=timezone.now(), named_by=actor.audit_name
        )
        _put(made, reads_as)
        made.save()
        audit.record(
            actor, "record-round.reader-named", target(round),
            after={"reader": person.name} | _plain(made),
        )  # fmt: skip
    return made


def change_reader(*, actor: Actor, round: Round, reader: Reader, reads_as: As) -> Reader:
    """Change as whom somebody reads, such as the pair they are of.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run, or has no such reader.
        NotAllowed: it is locked. BadInput: as `name_reader`.
    """
    with transaction.atomic():
        round = held(actor, round, Deed.RUN)
        policies.check_can_set_up(round)
        found = _reader(round, reader)
        before = _plain(found)
        _put(found, reads_as)
        found.save()
        audit.record(
            actor, "record-round.reader-changed", target(round),
            before=before, after={"reader": found.person.name} | _plain(found),
        )  # fmt: skip
    return found


def end_reader(*, actor: Actor, round: Round, reader: Reader, reason: str) -> None:
    """Let somebody read no more in a round. What they handed in stays.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run, or has no such reader.
        NotAllowed: records are still theirs to read; the message says how many.
        BadInput: no reason is given.
    """
    with transaction.atomic():
        round = held(actor, round, Deed.RUN)
        policies.check_not_destroyed(round)
        found = _reader(round, reader)
        reason = needed(reason, "why they read no more")
        mine = Reading.objects.filter(reader=found).exclude(state__in=queries.OVER)
        left = mine.exclude(state=Reading.State.COMPLETE).count()
        if left:
            raise NotAllowed(
                f"{left} {'record is' if left == 1 else 'records are'} still allotted to "
                f"{found.person.name}. Give {'it' if left == 1 else 'them'} to others first."
            )
        found.ended_at, found.ended_by = timezone.now(), actor.audit_name
        found.ended_reason = reason
        found.save(update_fields=["ended_at", "ended_by", "ended_reason"])
        audit.record(
            actor, "record-round.reader-ended", target(round), reason=reason,
            after={"reader": found.person.name},
        )  # fmt: skip


def _reader(round: Round, reader: Reader) -> Reader:
    found = queries.readers_of(round).filter(pk=reader.pk).first()
    if found is None:
        raise NotFound("There is no such reader in this round.")
    return found


def _put(reader: Reader, reads_as: As) -> None:
    if reads_as.kind not in Reader.Kind.values:
        raise BadInput("Say as whom they read.")
    if reads_as.trained_on and reads_as.trained_on > timezone.localdate():
        raise BadInput("The training must be today or earlier.")
    if reads_as.pair is not None and reads_as.pair < 1:
        raise BadInput("Pairs are numbered from 1.")
    reader.kind, reader.agency, reader.pair = reads_as.kind, reads_as.agency, reads_as.pair
    reader.teams = [name for name in (" ".join(team.split()) for team in reads_as.teams) if name]
    reader.trained_on = reads_as.trained_on


def _plain(reader: Reader) -> dict[str, Any]:
    names = ("kind", "agency", "teams", "pair", "trained_on")
    return {name: plain(getattr(reader, name)) for name in names}


@dataclass(frozen=True)
class Declared:
    """A conflict as it was declared, and what became of the reading that was there.

    `moved` says that the record was theirs and is somebody else's now; `unread` that it was and
    nobody else may open it; `handed_in` that they had handed a reading of it in, which stays.
    """

    conflict: Conflict
    moved: bool = False
    unread: bool = False
    handed_in: bool = False


def declare_conflict(
    *, actor: Actor, reader: Reader, record: SampledRecord, kind: str, note: str = ""
) -> Declared:
    """Say that a reader may not open a record; if it was theirs to read, it goes to another.

    Raises:
        NotFound, NotPermitted: they neither are the reader nor run the round.
        NotFound: the record is of another round. NotAllowed: the round is locked, or it is closed
            to the reader already. BadInput: there is no such kind of conflict.
    """
    with transaction.atomic():
        round = _round_for(actor, reader)
        policies.check_can_set_up(round)
        found, record = _reader(round, reader), _record(round, record)
        if kind not in Conflict.Kind.values:
            raise BadInput("Say how they are bound to the child or family.")
        if _of_child(round, found, record):
            raise NotAllowed(f"{record.label} is closed to {found.person.name} already.")
        made = Conflict.objects.create(
            reader=found, record=record, kind=kind, note=note.strip(),
            declared_at=timezone.now(), declared_by=actor.audit_name,
        )  # fmt: skip
        audit.record(
            actor, "record-round.conflict-declared", target(round),
            after={"record": record.label, "reader": found.person.name, "kind": kind},
        )  # fmt: skip
        return _given_up(actor, round, made)


def _of_child(round: Round, reader: Reader, record: SampledRecord) -> list[Conflict]:
    """What stands between a person and the child of a record, whenever it was declared."""
    declared = declared_in(round).filter(reader__person=reader.person_id)
    return [
        one
        for one in declared.select_related("record", "reader__person")
        if is_same_child(one.record, record)
    ]


def _given_up(actor: Actor, round: Round, conflict: Conflict) -> Declared:
    """Give the record to another reader, if it was to be read by the one it is now closed to."""
    mine = (
        Reading.objects.filter(reader__person=conflict.reader.person_id, record=conflict.record)
        .exclude(state__in=queries.OVER)
        .select_for_update(of=("self",))
        .select_related("record", "reader__person")
        .first()
    )
    if mine is None:
        return Declared(conflict)
    if mine.state == Reading.State.COMPLETE:
        return Declared(conflict, handed_in=True)
    moved = allocating.move_on(actor, round, mine, "A conflict of interest was declared.")
    return Declared(conflict, moved=moved, unread=not moved)


def lift_conflict(*, actor: Actor, conflict: Conflict) -> None:
    """Say that a record is open to a reader after all. It goes back to nobody by itself.

    All that stands between the person and the child in this round is lifted.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it was lifted before, or the round is locked.
    """
    with transaction.atomic():
        round = held(actor, conflict.reader.round, Deed.RUN)
        policies.check_can_set_up(round)
        found = Conflict.objects.select_related("record", "reader__person").get(pk=conflict.pk)
        if found.lifted_at:
            raise NotAllowed("This was lifted before.")
        now = timezone.now()
        for one in _of_child(round, found.reader, found.record):
            one.lifted_at, one.lifted_by = now, actor.audit_name
            one.save(update_fields=["lifted_at", "lifted_by"])
        audit.record(
            actor, "record-round.conflict-lifted", target(round),
            after={"record": found.record.label, "reader": found.reader.person.name},
        )  # fmt: skip


def _round_for(actor: Actor, reader: Reader) -> Round:
    """The round, if the actor is this reader or runs it."""
    if reader.person == actor and may(actor, reader.round, Deed.READ):
        return held(actor, reader.round, Deed.READ)
    return held(actor, reader.round, Deed.RUN)


def _record(round: Round, record: SampledRecord) -> SampledRecord:
    found = queries.to_read(round).filter(pk=record.pk).first()
    if found is None:
        raise NotFound("There is no such record in this round.")
    return found
