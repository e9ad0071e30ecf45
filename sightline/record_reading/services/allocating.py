"""Who reads which record: dealt to pairs, changed one by one, given on when somebody is away."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.record_reading import dealing, policies, queries
from sightline.record_reading.dealing import Card, Seat
from sightline.record_reading.differences import THIRD, read_twice
from sightline.record_reading.models import Reader, Reading, Round, SampledRecord
from sightline.record_reading.permissions import (
    Deed,
    closed_records,
    have_seen,
    is_closed_to,
    possible_readers,
)
from sightline.record_reading.services.shared import held, target


@dataclass(frozen=True)
class Allotted:
    """What came of allotting.

    Attributes:
        readings: how many were allotted.
        closed: reading numbers of records that no reader may open.
        once: those that were to be read twice and have one reader alone.
        kept: of a reader who is away: records that stay theirs, because nobody else may open them.
    """

    readings: int
    closed: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


@transaction.atomic
def allocate(*, actor: Actor, round: Round) -> Allotted:
    """Deal every record that is to be read to the readers; once reading has begun, only new ones.

    The deal depends on the round's seed (`double_seed`, made the first time), the records, the
    readers with their pairs, and the conflicts of interest, and on nothing else.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is locked, no sample is drawn, or nobody is named.
    """
    round = held(actor, round, Deed.RUN)
    policies.check_can_set_up(round)
    records = list(queries.to_read(round).select_related("replaces"))
    readers = list(queries.readers_of(round))
    if not records:
        raise NotAllowed("Draw the sample first.")
    if not readers:
        raise NotAllowed("Name at least one reader first.")
    if not round.double_seed:
        round.double_seed = secrets.token_hex(8)
        round.save(update_fields=["double_seed"])
    if round.state == Round.State.PREPARING:
        Reading.objects.filter(round=round, state=Reading.State.ASSIGNED).delete()
    given = queries.readings_in(round)
    taken = set(given.values_list("record", flat=True))
    anew = not taken
    new = [record for record in records if record.pk not in taken]
    found = _deal(round, new, readers, anew=anew)
    made = _write(actor, round, new, readers, found)
    audit.record(actor, "record-round.allotted", target(round), after={"readings": made})
    label = {record.number: record.label for record in records}
    return Allotted(
        made,
        closed=tuple(label[number] for number in found.closed),
        once=tuple(label[number] for number in found.once),
    )


def _deal(
    round: Round, records: Sequence[SampledRecord], readers: Sequence[Reader], *, anew: bool
) -> dealing.Dealt:
    closed, seen = closed_records(readers, records), have_seen(records)
    cards = [
        Card(
            record.number,
            record.stratum,
            closed[record.pk]
            | {str(one.pk) for one in readers if one.person.audit_name in seen[record.pk]},
            None if anew else _is_twice(record),
        )
        for record in records
    ]
    share = round.double_share if anew else 0
    return dealing.deal(cards, seats_of(round, readers), per_cent=share, seed=round.double_seed)


def _is_twice(record: SampledRecord) -> bool:
    """Whether one that came later is read twice: as the one it stands in for was to be."""
    return record.twice or bool(record.replaces and record.replaces.twice)


def seats_of(round: Round, readers: Iterable[Reader]) -> list[Seat]:
    """The readers with what they hold, handed in or not."""
    loads: dict[Any, int] = {}
    for reader in queries.readings_in(round).values_list("reader", flat=True):
        loads[reader] = loads.get(reader, 0) + 1
    return [Seat(str(one.pk), one.pair, loads.get(one.pk, 0)) for one in readers]


def _write(
    actor: Actor,
    round: Round,
    records: Sequence[SampledRecord],
    readers: Sequence[Reader],
    found: dealing.Dealt,
) -> int:
    by_key = {str(reader.pk): reader for reader in readers}
    now = timezone.now()
    made = []
    for record in records:
        parts = found.parts.get(record.number, ())
        if record.twice != (twice := len(parts) > 1):
            SampledRecord.objects.filter(pk=record.pk).update(twice=twice)
        made += [
            _reading(actor, round, record, by_key[key], part, now)
            for part, key in enumerate(parts, 1)
        ]
    Reading.objects.bulk_create(made)
    return len(made)


def _reading(
    actor: Actor, round: Round, record: SampledRecord, reader: Reader, part: int, now: Any
) -> Reading:
    return Reading(
        round=round, record=record, reader=reader, part=part, template=round.template,
        assigned_at=now, assigned_by=actor.audit_name,
    )  # fmt: skip


@transaction.atomic
def assign(*, actor: Actor, record: SampledRecord, reader: Reader, part: int = 1) -> Reading:
    """Give one reading of a record to a reader, in place of whoever has it.

    What the other has begun is kept, and nobody's to write any more. Part 2 makes it a record that
    is read twice; part 3 is a third reader's.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run or lead; nothing of that name in it.
        NotAllowed: the round is locked; the record is closed to the reader, or theirs already; they
            know answers of another reading of it, or could see both; the reading is handed in; a
            third is wanted before both are in.
        BadInput: there is no such part.
    """
    round = held(actor, record.sample.round, Deed.RUN, Deed.MODERATE)
    policies.check_can_set_up(round)
    if part not in (1, 2, 3):
        raise BadInput("A reading is the first, the second or a third.")
    record, reader = _found(round, record, reader)
    there = Reading.objects.filter(record=record).exclude(state__in=queries.OVER)
    if is_closed_to(reader, record):
        raise NotAllowed(
            f"{record.label} is closed to {reader.person.name}: a conflict of interest."
        )
    if there.filter(reader__person=reader.person_id).exists():
        raise NotAllowed(f"{reader.person.name} reads {record.label} already.")
    if part > 1 and not there.filter(part=1).exists():
        raise NotAllowed(f"Give {record.label} a first reader before another.")
    if part == THIRD and not read_twice(round, [record.pk]):
        raise NotAllowed(f"{record.label} has a third reader once both readings of it are in.")
    old = _held(there.filter(part=part)).first()
    if old is not None:
        policies.check_can_move(old)
    if not possible_readers([reader], record, part):
        raise NotAllowed(
            f"{reader.person.name} has seen or can see what another answered about "
            f"{record.label}, so would not read it unseen."
        )
    if part == dealing.SECOND and not record.twice:
        record.twice = True
        record.save(update_fields=["twice"])
    before = {"reader": old.reader.person.name} if old else None
    made = _give(actor, round, record, reader, part, old, "Given to another reader.")
    audit.record(
        actor, "record-round.assigned", target(round),
        before=before,
        after={"record": record.label, "reader": reader.person.name, "part": part},
    )  # fmt: skip
    return made


def _held(readings: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings as they are now, locked until the transaction ends: nobody writes meanwhile."""
    return readings.select_for_update(of=("self",)).select_related("record", "reader__person")


def _found(round: Round, record: SampledRecord, reader: Reader) -> tuple[SampledRecord, Reader]:
    kept = queries.to_read(round).filter(pk=record.pk).first()
    named = queries.readers_of(round).filter(pk=reader.pk).first()
    if kept is None or named is None:
        raise NotFound("There is no such record, or no such reader, in this round.")
    return kept, named


def _give(
    actor: Actor,
    round: Round,
    record: SampledRecord,
    reader: Reader,
    part: int,
    old: Reading | None,
    reason: str,
) -> Reading:
    """The reading that is the reader's now; one that was begun is ended and kept.

    `old` is held. What the reader began of this part before it went to another goes on.
    """
    now = timezone.now()
    before = _begun_before(record, reader, part)
    if old is not None and old.state == Reading.State.ASSIGNED and before is None:
        old.reader, old.template = reader, round.template
        old.assigned_at, old.assigned_by = now, actor.audit_name
        old.save(update_fields=["reader", "template", "assigned_at", "assigned_by"])
        return old
    if old is not None:
        old.state = Reading.State.REASSIGNED
        old.ended_at, old.ended_by, old.ended_reason = now, actor.audit_name, reason
        old.save(update_fields=["state", "ended_at", "ended_by", "ended_reason"])
    if before is None:
        made = _reading(actor, round, record, reader, part, now)
        made.save()
        return made
    before.state, before.reader = Reading.State.IN_PROGRESS, reader
    before.ended_at, before.ended_by, before.ended_reason = None, "", ""
    before.save(update_fields=["state", "reader", "ended_at", "ended_by", "ended_reason"])
    return before


def _begun_before(record: SampledRecord, reader: Reader, part: int) -> Reading | None:
    """The last reading of a part that somebody had begun before it was given to another."""
    theirs = Reading.objects.filter(
        record=record, part=part, reader__person=reader.person_id,
        state=Reading.State.REASSIGNED, started_at__isnull=False,
    )  # fmt: skip
    return _held(theirs.order_by("-ended_at")).first()


def move_on(actor: Actor, round: Round, reading: Reading, reason: str) -> bool:
    """Give a reading to another reader who may read it unseen and has least; False: nobody may.

    False too for one that was handed in meanwhile. Without an audit line of its own: for services,
    inside their transaction.
    """
    here = _held(Reading.objects.filter(pk=reading.pk)).get()
    if here.state == Reading.State.COMPLETE or here.state in queries.OVER:
        return False
    record = here.record
    named = [one for one in queries.readers_of(round) if one.person_id != here.reader.person_id]
    readers = possible_readers(named, record, here.part)
    key = dealing.one_more(
        Card(record.number, record.stratum), seats_of(round, readers), reading=(),
        seed=round.double_seed,
    )  # fmt: skip
    if key is None:
        return False
    taker = next(one for one in readers if str(one.pk) == key)
    _give(actor, round, record, taker, here.part, here, reason)
    return True


@transaction.atomic
def reassign(*, actor: Actor, reader: Reader, reason: str) -> Allotted:
    """Give everything that somebody has not handed in to others: they are away.

    What they began is kept with its entries, and is nobody's to write any more.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is locked. BadInput: no reason is given.
    """
    round = held(actor, reader.round, Deed.RUN)
    policies.check_can_set_up(round)
    if not reason.strip():
        raise BadInput("Say why the records go to others.")
    own = queries.readings_in(round).filter(reader=reader)
    mine = list(_held(own.exclude(state=Reading.State.COMPLETE)))
    moved: Mapping[str, bool] = {
        reading.record.label: move_on(actor, round, reading, reason.strip()) for reading in mine
    }
    audit.record(
        actor, "record-round.reassigned", target(round), reason=reason.strip(),
        after={"reader": reader.person.name, "readings": sum(moved.values())},
    )  # fmt: skip
    return Allotted(
        sum(moved.values()), kept=tuple(label for label, went in moved.items() if not went)
    )
