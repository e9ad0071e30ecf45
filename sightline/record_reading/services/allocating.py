"""Who reads which record: dealt to pairs, changed one by one, given on when somebody is away."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.record_reading import dealing, policies, queries
from sightline.record_reading.dealing import Card, Seat
from sightline.record_reading.models import Reader, Reading, Round, SampledRecord
from sightline.record_reading.permissions import Deed, closed_records, is_closed_to
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
    closed = closed_records(readers, records)
    cards = [
        Card(record.number, record.stratum, closed[record.pk], None if anew else _is_twice(record))
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
        NotAllowed: the round is locked; the record is closed to the reader, or theirs already; the
            reading is handed in.
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
    if there.filter(reader=reader).exists():
        raise NotAllowed(f"{reader.person.name} reads {record.label} already.")
    if part > 1 and not there.filter(part=1).exists():
        raise NotAllowed(f"Give {record.label} a first reader before another.")
    old = there.filter(part=part).select_related("record", "reader__person").first()
    if old is not None:
        policies.check_can_move(old)
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
    """The reading that is the reader's now; one that was begun is ended and kept."""
    now = timezone.now()
    if old is not None and old.state == Reading.State.ASSIGNED:
        old.reader, old.template = reader, round.template
        old.assigned_at, old.assigned_by = now, actor.audit_name
        old.save(update_fields=["reader", "template", "assigned_at", "assigned_by"])
        return old
    if old is not None:
        old.state = Reading.State.REASSIGNED
        old.ended_at, old.ended_by, old.ended_reason = now, actor.audit_name, reason
        old.save(update_fields=["state", "ended_at", "ended_by", "ended_reason"])
    made = _reading(actor, round, record, reader, part, now)
    made.save()
    return made


def move_on(actor: Actor, round: Round, reading: Reading, reason: str) -> bool:
    """Give a reading to another reader who may open the record and has least; False: nobody may.

    Without an audit line of its own: for services, inside their transaction.
    """
    readers = [one for one in queries.readers_of(round) if one.pk != reading.reader_id]
    closed = closed_records(readers, [reading.record])[reading.record_id]
    there = Reading.objects.filter(record=reading.record).exclude(state__in=queries.OVER)
    card = Card(reading.record.number, reading.record.stratum, closed)
    key = dealing.one_more(
        card,
        seats_of(round, readers),
        reading=[str(one) for one in there.values_list("reader", flat=True)],
        seed=round.double_seed,
    )
    if key is None:
        return False
    taker = next(one for one in readers if str(one.pk) == key)
    _give(actor, round, reading.record, taker, reading.part, reading, reason)
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
    mine = queries.readings_in(round).filter(reader=reader).exclude(state=Reading.State.COMPLETE)
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
