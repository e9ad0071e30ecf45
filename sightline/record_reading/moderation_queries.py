"""Every read of moderation: what is to be discussed, and readings the lead looks at again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from sightline.access.models import User
from sightline.record_reading.differences import (
    OVER,
    SECOND,
    THIRD,
    Difference,
    ReadTwice,
    read_once,
    read_twice,
)
from sightline.record_reading.models import DipCheck, Reader, Reading, Round, Settlement
from sightline.record_reading.permissions import closed_to_person, possible_readers
from sightline.record_reading.queries import readers_of, to_read


def for_a_dip(round: Round) -> QuerySet[Reading]:
    """Readings handed in of records read once, that no dip has drawn, by reading number."""
    drawn = DipCheck.objects.filter(reading=OuterRef("pk"))
    return (
        read_once(round)
        .filter(~Exists(drawn))
        .select_related("record", "reader__person")
        .order_by("record__number")
    )


def dips_of(round: Round) -> QuerySet[DipCheck]:
    """Every reading drawn to be looked at again: the draw last made first, by reading number."""
    return (
        DipCheck.objects.filter(reading__round=round)
        .select_related("reading__record", "reading__reader__person")
        .order_by("-drawn_at", "reading__record__number")
    )


@dataclass(frozen=True)
class ToDiscuss:
    """What a reader has to talk through in one round.

    Attributes:
        round: which.
        pairs: the records that they and another have read, both handed in.
        dips: readings of theirs that the lead would like to talk through.
    """

    round: Round
    pairs: tuple[ReadTwice, ...]
    dips: tuple[DipCheck, ...]


def to_discuss(person: User, round: Round) -> ToDiscuss:
    """What somebody has to talk through with those they read with; nothing where they do not read.

    Only of records that both have handed in, and of which both readings are theirs to see.
    """
    own = list(Reader.objects.filter(round=round, person=person, ended_at__isnull=True))
    records = Reading.objects.filter(
        reader__in=own, part__lte=SECOND, state=Reading.State.COMPLETE
    ).values_list("record", flat=True)
    found = read_twice(round, records) if own else []
    dips = list(
        dips_of(round).filter(
            reading__reader__in=own, outcome=DipCheck.Outcome.DISCUSS,
            reading__in=read_once(round),
        )
    )  # fmt: skip
    records_there = [pair.record for pair in found] + [one.reading.record for one in dips]
    closed = closed_to_person(person, round, records_there)
    mine = tuple(pair for pair in found if pair.record.pk not in closed)
    open_dips = tuple(one for one in dips if one.reading.record_id not in closed)
    return ToDiscuss(round, pairs=mine, dips=open_dips)


@dataclass(frozen=True)
class Counts:
    """How far the reading of a round is, as moderation says it.

    Attributes:
        chosen: records that two are to read.
        twice: those that both have handed in.
        checks: readings for the lead to look at again, and not yet looked at.
    """

    chosen: int
    twice: int
    checks: int


def counts(round: Round, twice: int) -> Counts:
    """How far the reading of a round is, `twice` records having been read twice."""
    second = Reading.objects.filter(round=round, part=SECOND, record__in=to_read(round))
    chosen = second.exclude(state__in=OVER).count()
    return Counts(chosen, twice, dips_of(round).filter(outcome="").count())


def could_read_unseen(pair: ReadTwice) -> list[Reader]:
    """Readers to whom a record is open, and who have seen nothing of what the two said of it."""
    return possible_readers(readers_of(pair.first.round), pair.record, THIRD)


def reader_names(round: Round) -> dict[str, str]:
    """The names of everybody who reads or has read in a round, by the key of the reader."""
    named = round.readers.values_list("pk", "person__name")
    return {str(key): name for key, name in named}


def history(pair: ReadTwice, difference: Difference) -> Sequence[Settlement]:
    """Everything that was ever settled about a difference, the last first."""
    return list(
        pair.record.settlements.filter(item=difference.item, agency=difference.agency).order_by(
            "-settled_at"
        )
    )
