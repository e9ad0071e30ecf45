"""Drawing a sample, withdrawing a record from it, and bringing one back."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import BadInput
from sightline.record_reading import returning, sampling_plans
from sightline.record_reading import sampling_queries as queries
from sightline.record_reading.models import Reading, Round, Sample, SampledRecord, Snapshot
from sightline.record_reading.permissions import Deed
from sightline.record_reading.return_policies import (
    BEGUN,
    check_can_bring_back,
    check_can_change,
    check_can_draw,
    check_can_withdraw,
)
from sightline.record_reading.services.shared import held, target
from sightline.stats.sampling import Draw, Plan
from sightline.stats.sampling_record import as_data

LONGEST_SEED = 120
LONGEST_REASON = 2_000
_WITHDRAWN = SampledRecord.State.WITHDRAWN


@transaction.atomic
def draw_sample(*, actor: Actor, round: Round, plan: Plan, seed: str, reason: str = "") -> Sample:
    """Draw a sample from the return as it was sent last.

    A draw in place of another needs a reason, and sets that one aside with what was allotted of it.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is locked or over, there is a sample and no reason, or reading has begun.
        BadInput: there is no return, no seed, or the plan cannot be met.
    """
    round = held(actor, round, Deed.RUN)
    before = queries.sample_of(round)
    if before is not None:
        _hold_readings(before)
    begun = before is not None and queries.is_begun(before)
    check_can_draw(round, before, reason, begun=begun)
    snapshot = returning.latest(round)
    if snapshot is None:
        raise BadInput("There is nothing to draw from. The return comes first.")
    seed, reason = _one_line(seed, "The seed", LONGEST_SEED), reason.strip()
    labels = returning.strata(round)
    found = sampling_plans.drawn(snapshot.rows, plan, seed=seed, labels=labels)
    now = timezone.now()
    if before is not None:
        _set_aside(actor, before, reason, now)
    newest = queries.samples_of(round).first()
    made = Sample.objects.create(
        round=round, number=newest.number + 1 if newest else 1, snapshot=snapshot, seed=seed,
        plan=_plan(found), record=as_data(found), frame_hash=found.frame_hash, drawn_at=now,
        drawn_by=actor.audit_name,
    )  # fmt: skip
    SampledRecord.objects.bulk_create(_records(made, found, snapshot), batch_size=500)
    audit.record(
        actor, "record-round.sample-drawn", target(round), reason=reason,
        after={"draw": made.number, "records": len(found.drawn), "children": found.frame_size,
               "seed": seed, "frame": found.frame_hash},
    )  # fmt: skip
    return made


def _hold_readings(sample: Sample) -> None:
    """Let nobody begin to read of it until this is done; whoever is at it is waited for."""
    rows = Reading.objects.select_for_update().filter(record__in=sample.records.all())
    list(rows.order_by("pk").values_list("pk"))


def _one_line(text: str, what: str, longest: int) -> str:
    said = " ".join(text.split())
    if not said:
        raise BadInput(f"{what} is empty. Enter any words, and keep them with the draw.")
    if len(said) > longest:
        raise BadInput(f"{what} must be {longest} characters or fewer. It has {len(said)}.")
    return said


def _plan(found: Draw) -> dict[str, object]:
    """The plan as it is kept in the clear: counts alone."""
    plan = dict(as_data(found)["plan"])
    return {**plan, "wanted": {one.stratum: one.wanted for one in found.strata}}


def _records(made: Sample, found: Draw, snapshot: Snapshot) -> list[SampledRecord]:
    facts = {row["reference"]: row for row in snapshot.rows}
    numbers = sampling_plans.numbered(found)
    rows = []
    for one in found.strata:
        for place, reference in enumerate((*one.drawn, *one.reserves), start=1):
            rows.append(
                SampledRecord(
                    sample=made, number=numbers[reference], stratum=one.stratum, place=place,
                    state=SampledRecord.State.DRAWN if place <= len(one.drawn)
                    else SampledRecord.State.RESERVE,
                    reference=reference, facts=facts[reference], reason="",
                )
            )  # fmt: skip
    return sorted(rows, key=lambda row: row.number)


def _set_aside(actor: Actor, sample: Sample, reason: str, now: dt.datetime) -> None:
    """The sample is no longer read; nothing of it had been begun."""
    Sample.objects.filter(pk=sample.pk).update(
        set_aside_at=now, set_aside_by=actor.audit_name, set_aside_reason=reason
    )
    waiting = Reading.objects.filter(record__sample=sample, state=Reading.State.ASSIGNED)
    waiting.update(
        state=Reading.State.WITHDRAWN, ended_at=now, ended_by=actor.audit_name,
        ended_reason="Another sample was drawn.",
    )  # fmt: skip


@transaction.atomic
def withdraw_record(*, actor: Actor, record: SampledRecord, reason: str) -> SampledRecord | None:
    """Read a record no more; the next reserve of its stratum steps in, if one is left.

    What was begun or handed in of it is kept, and counts no longer.

    Returns:
        The record that stepped in, or None where no reserve was left.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: it is locked or over, or the record is not one that is to be read.
        BadInput: no reason is given.
    """
    round, record = _held(actor, record)
    check_withdrawal(round, record)
    reason = reason.strip()
    if not reason:
        raise BadInput("Say why the record is withdrawn.")
    if len(reason) > LONGEST_REASON:
        raise BadInput(f"The reason must be {LONGEST_REASON:,} characters or fewer.")
    now = timezone.now()
    record.state, record.reason = _WITHDRAWN, reason
    record.withdrawn_at, record.withdrawn_by = now, actor.audit_name
    record.save(update_fields=["state", "reason", "withdrawn_at", "withdrawn_by"])
    _end_readings(actor, record, now, "The record was withdrawn.")
    stepped_in = _step_in(record)
    audit.record(
        actor, "record-round.record-withdrawn", target(round),
        after={"record": record.label,
               "instead": stepped_in.label if stepped_in else "no other record"},
    )  # fmt: skip
    return stepped_in


def check_withdrawal(round: Round, record: SampledRecord) -> None:
    """Raise `NotAllowed` unless this record may be withdrawn now."""
    check_can_change(round)
    check_can_withdraw(record)


def check_return_of(round: Round, record: SampledRecord) -> SampledRecord | None:
    """Raise `NotAllowed` unless this record may be brought back now; who stands in for it."""
    check_can_change(round)
    drawn = (one for one in reversed(_after(record)) if one.state == SampledRecord.State.DRAWN)
    stand_in = next(drawn, None)
    begun = (
        stand_in is not None and queries.open_readings(stand_in).filter(state__in=BEGUN).exists()
    )
    check_can_bring_back(record, stand_in, begun=begun)
    return stand_in


def _step_in(record: SampledRecord) -> SampledRecord | None:
    """Put the next reserve of the stratum in the place of a record."""
    reserves = SampledRecord.objects.filter(
        sample=record.sample_id, stratum=record.stratum, state=SampledRecord.State.RESERVE
    )
    next_one = reserves.order_by("place").first()
    if next_one is not None:
        next_one.state, next_one.replaces = SampledRecord.State.DRAWN, record
        next_one.twice = record.twice
        next_one.save(update_fields=["state", "replaces", "twice"])
    return next_one


@transaction.atomic
def bring_back(*, actor: Actor, record: SampledRecord) -> SampledRecord:
    """Read a withdrawn record after all; what stepped in for it goes back into reserve.

    Its readings are as they were; what somebody who reads no more had not handed in stays with
    nobody. A record that stepped in for one that has been brought back meanwhile goes into reserve
    itself.

    Raises:
        NotFound, NotPermitted: the round is not theirs to run.
        NotAllowed: the round is locked or over, the record was not withdrawn, or what stepped in
            is being read.
    """
    round, record = _held(actor, record)
    _hold_readings(record.sample)
    stand_in = check_return_of(round, record)
    now, was_withdrawn = timezone.now(), record.withdrawn_at
    for one in _after(record):
        one.replaces = None
        if one == stand_in:
            one.state, one.twice = SampledRecord.State.RESERVE, False
            _end_readings(actor, one, now, "The record it stood in for was brought back.")
        one.save(update_fields=["replaces", "state", "twice"])
    needed = _has_a_place(record)
    record.state = SampledRecord.State.DRAWN if needed else SampledRecord.State.RESERVE
    record.withdrawn_at, record.withdrawn_by = None, ""
    record.save(update_fields=["state", "withdrawn_at", "withdrawn_by"])
    if needed and was_withdrawn is not None:
        _take_up_readings(record, was_withdrawn)
    _fill_gaps(record)
    audit.record(
        actor, "record-round.record-brought-back", target(round), after={"record": record.label}
    )
    return record


def _has_a_place(record: SampledRecord) -> bool:
    """Whether it was drawn, or stepped in for one that is withdrawn still."""
    wanted = record.sample.plan.get("wanted", {}).get(record.stratum, record.place)
    return record.place <= wanted or record.replaces_id is not None


def _fill_gaps(record: SampledRecord) -> None:
    """Let reserves step in where there was none left when a record was withdrawn."""
    gone = SampledRecord.objects.filter(
        sample=record.sample_id, stratum=record.stratum, state=_WITHDRAWN, replaced_by__isnull=True
    )
    for one in gone.select_related("sample").order_by("place"):
        if _has_a_place(one):
            _step_in(one)


def _held(actor: Actor, record: SampledRecord) -> tuple[Round, SampledRecord]:
    """The round and the record as they are now, held still, if the round is theirs to run."""
    round = held(actor, record.sample.round, Deed.RUN)
    fresh = SampledRecord.objects.select_for_update(of=("self",)).select_related("sample")
    return round, fresh.get(pk=record.pk)


def _after(record: SampledRecord) -> list[SampledRecord]:
    """Who stepped in for a record, who for that one, and so on."""
    found: list[SampledRecord] = []
    here = record
    while (after := SampledRecord.objects.filter(replaces=here).first()) is not None:
        found.append(after)
        here = after
    return found


def _end_readings(actor: Actor, record: SampledRecord, now: dt.datetime, why: str) -> None:
    queries.open_readings(record).update(
        state=Reading.State.WITHDRAWN, ended_at=now, ended_by=actor.audit_name, ended_reason=why
    )


def _take_up_readings(record: SampledRecord, withdrawn_at: dt.datetime) -> None:
    """Readings that ended when the record was withdrawn go on where they were.

    What was handed in counts again though its reader reads no more: nobody has to go on with it.
    """
    ended = Reading.objects.filter(
        record=record, state=Reading.State.WITHDRAWN, ended_at=withdrawn_at
    )
    for reading in ended.select_related("reader"):
        reading.state = _state_before(reading)
        if reading.reader.ended_at and reading.state != Reading.State.COMPLETE:
            continue
        reading.ended_at, reading.ended_by, reading.ended_reason = None, "", ""
        reading.save(update_fields=["state", "ended_at", "ended_by", "ended_reason"])


def _state_before(reading: Reading) -> Reading.State:
    submitted, reopened = reading.submitted_at, reading.reopened_at
    if submitted is not None and (reopened is None or reopened < submitted):
        return Reading.State.COMPLETE
    return Reading.State.ASSIGNED if reading.started_at is None else Reading.State.IN_PROGRESS
