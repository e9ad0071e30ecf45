"""Reads of samples: which is in use, its records, and how far reading is against the plan."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from sightline.record_reading import returning
from sightline.record_reading.models import Reading, Round, Sample, SampledRecord
from sightline.record_reading.return_policies import BEGUN

_OVER = (Reading.State.REASSIGNED, Reading.State.WITHDRAWN)


@dataclass(frozen=True)
class StratumProgress:
    """One stratum of the sample in use.

    Attributes:
        held: children in scope in it.
        planned: how many the plan gave it.
        drawn: records that are to be read now, those that stepped in included.
        read: of those, the ones of which every reading is in.
        withdrawn: records that are not to be read after all.
        reserves_left: records that can still step in.
    """

    stratum: str
    label: str
    held: int
    planned: int
    drawn: int
    read: int
    withdrawn: int
    reserves_left: int


def sample_of(round: Round) -> Sample | None:
    """The sample in use, with its snapshot's number and without its sealed parts."""
    return (
        Sample.objects.filter(round=round, set_aside_at__isnull=True)
        .select_related("snapshot")
        .defer("record", "snapshot__rows")
        .first()
    )


def samples_of(round: Round) -> QuerySet[Sample]:
    """Every draw of a round, the newest first."""
    return (
        Sample.objects.filter(round=round)
        .select_related("snapshot")
        .defer("record", "snapshot__rows")
        .order_by("-number")
    )


def records(round: Round) -> list[SampledRecord]:
    """Every record of the sample in use, by reading number: drawn, in reserve and withdrawn."""
    found = SampledRecord.objects.filter(sample__round=round, sample__set_aside_at__isnull=True)
    return list(found.select_related("replaces", "replaced_by").order_by("number"))


def is_begun(sample: Sample) -> bool:
    """Whether somebody has begun to read one of its records."""
    return Reading.objects.filter(record__sample=sample, state__in=BEGUN).exists()


def open_readings(record: SampledRecord) -> QuerySet[Reading]:
    """Its readings that count, begun or not."""
    return Reading.objects.filter(record=record).exclude(state__in=_OVER)


def progress(round: Round) -> list[StratumProgress]:
    """The sample in use by stratum, in the template's order; empty where none was drawn."""
    sample = sample_of(round)
    if sample is None:
        return []
    states = dict(SampledRecord.objects.filter(sample=sample).values_list("pk", "state").iterator())
    strata = dict(SampledRecord.objects.filter(sample=sample).values_list("pk", "stratum"))
    read = _read(sample)
    by_state = Counter((strata[pk], state) for pk, state in states.items())
    done = Counter(
        strata[pk]
        for pk, state in states.items()
        if state == SampledRecord.State.DRAWN and pk in read
    )
    wanted: Mapping[str, Any] = sample.plan.get("wanted", {})
    labels = returning.strata(round)
    held = sample.snapshot.strata
    order = [*labels, *(one for one in held if one not in labels)]
    return [
        StratumProgress(
            stratum=code,
            label=labels.get(code, code),
            held=held.get(code, 0),
            planned=wanted.get(code, by_state[code, SampledRecord.State.DRAWN]),
            drawn=by_state[code, SampledRecord.State.DRAWN],
            read=done[code],
            withdrawn=by_state[code, SampledRecord.State.WITHDRAWN],
            reserves_left=by_state[code, SampledRecord.State.RESERVE],
        )
        for code in order
        if held.get(code) or any(by_state[code, state] for state in SampledRecord.State)
    ]


def read_through(sample: Sample) -> dict[Any, bool]:
    """By record, that every reading of it is in."""
    return dict.fromkeys(_read(sample), True)


def _read(sample: Sample) -> set[Any]:
    """Records of which at least one reading is in, and none is still to come."""
    found: dict[Any, set[str]] = {}
    readings = Reading.objects.filter(record__sample=sample).exclude(state__in=_OVER)
    for record, state in readings.values_list("record_id", "state"):
        found.setdefault(record, set()).add(state)
    return {record for record, states in found.items() if states == {Reading.State.COMPLETE}}
