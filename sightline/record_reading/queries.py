"""Every read of rounds, readers and what is allotted that is more than a row by its key."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import F, QuerySet

from sightline.record_reading.models import (
    Conflict,
    Reader,
    Reading,
    Round,
    Sample,
    SampledRecord,
    Snapshot,
)
from sightline.record_reading.results_queries import SHOWING, measure

__all__ = [
    "OVER", "Progress", "conflicts_in", "locked_rounds", "measure", "progress_of", "readers_of",
    "readings_in", "sample_of", "snapshot_of", "to_read",
]  # fmt: skip

OVER: Final = (Reading.State.REASSIGNED, Reading.State.WITHDRAWN)
"""States of readings that are nobody's to write any more."""

KEPT: Final = "kept"
"""The part of a round's results that says how much there was, once what was read is deleted."""


def sample_of(round: Round) -> Sample | None:
    """The sample in use; None before one is drawn."""
    return round.samples.filter(set_aside_at__isnull=True).first()


def snapshot_of(round: Round) -> Snapshot | None:
    """The return in use: the one sent last and not withdrawn."""
    return round.snapshots.filter(withdrawn_at__isnull=True).order_by("-number").first()


def to_read(round: Round) -> QuerySet[SampledRecord]:
    """The records that are to be read, by reading number."""
    return SampledRecord.objects.filter(
        sample__round=round,
        sample__set_aside_at__isnull=True,
        state=SampledRecord.State.DRAWN,
    ).order_by("number")


def readers_of(round: Round) -> QuerySet[Reader]:
    """Who reads now, by pair and name; those of no pair last."""
    return (
        round.readers.filter(ended_at__isnull=True)
        .select_related("person")
        .order_by(F("pair").asc(nulls_last=True), "kind", "person__name", "pk")
    )


def readings_in(round: Round) -> QuerySet[Reading]:
    """Every reading of a record that is to be read, by reading number and part."""
    return (
        Reading.objects.filter(round=round, record__in=to_read(round))
        .exclude(state__in=OVER)
        .select_related("record", "reader", "reader__person")
        .order_by("record__number", "part")
    )


def conflicts_in(round: Round) -> QuerySet[Conflict]:
    """Every conflict of interest that stands, by reading number."""
    return (
        Conflict.objects.filter(
            reader__round=round,
            record__sample__set_aside_at__isnull=True,
            lifted_at__isnull=True,
        )
        .select_related("reader", "reader__person", "record")
        .order_by("record__number", "reader__person__name")
    )


def locked_rounds(template: str) -> QuerySet[Round]:
    """The rounds read by a template whose results there are, the latest first."""
    found = Round.objects.filter(template=template, state__in=SHOWING, locked_at__isnull=False)
    return found.order_by("-locked_at", "slug")


@dataclass(frozen=True)
class Progress:
    """How far some readings are: how many were given, begun (or handed in), and handed in."""

    label: str
    given: int = 0
    begun: int = 0
    handed_in: int = 0


def progress_of(label: str, states: Iterable[str]) -> Progress:
    """The progress of readings in these states."""
    found = list(states)
    begun = sum(state != Reading.State.ASSIGNED for state in found)
    done = sum(state == Reading.State.COMPLETE for state in found)
    return Progress(label, len(found), begun, done)
