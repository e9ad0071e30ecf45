"""Every read of moderation: what is to be discussed, and readings the lead looks at again."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from sightline.access.models import User
from sightline.record_reading.differences import (
    OVER,
    SECOND,
    Difference,
    ReadTwice,
    differences_of,
    read_twice,
)
from sightline.record_reading.models import DipCheck, Reader, Reading, Round, Settlement
from sightline.record_reading.moderation_permissions import is_one_of_the_two


def for_a_dip(round: Round) -> QuerySet[Reading]:
    """Readings handed in of records read once, that no dip has drawn, by reading number."""
    second = Reading.objects.filter(record=OuterRef("record"), part=SECOND).exclude(state__in=OVER)
    drawn = DipCheck.objects.filter(reading=OuterRef("pk"))
    return (
        Reading.objects.filter(
            ~Exists(second),
            ~Exists(drawn),
            round=round,
            state=Reading.State.COMPLETE,
            record__state="drawn",
            record__twice=False,
            record__sample__set_aside_at__isnull=True,
        )
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
        open: differences with the other reader that nobody has settled.
        settled: those that somebody has.
        dips: readings of theirs that the lead would like to talk through.
    """

    round: Round
    open: tuple[Difference, ...]
    settled: tuple[Difference, ...]
    dips: tuple[DipCheck, ...]

    @property
    def count(self) -> int:
        """How much of it waits for them."""
        return len(self.open)


def to_discuss(person: User, round: Round) -> ToDiscuss:
    """What somebody has to talk through with those they read with; nothing where they do not read.

    Only of records that both have handed in, and of which both readings are theirs to see.
    """
    own = Reader.objects.filter(round=round, person=person, ended_at__isnull=True)
    records = Reading.objects.filter(
        reader__in=own, part__lte=SECOND, state=Reading.State.COMPLETE
    ).values_list("record", flat=True)
    found = read_twice(round, records) if records else []
    mine = [one for pair in found if is_one_of_the_two(person, pair) for one in differences_of(pair)]
    dips = dips_of(round).filter(
        reading__reader__in=own, outcome=DipCheck.Outcome.DISCUSS,
        reading__state=Reading.State.COMPLETE,
    )  # fmt: skip
    return ToDiscuss(
        round,
        open=tuple(one for one in mine if one.settlement is None),
        settled=tuple(one for one in mine if one.settlement is not None),
        dips=tuple(dips),
    )


def history(pair: ReadTwice, difference: Difference) -> Sequence[Settlement]:
    """Everything that was ever settled about a difference, the last first."""
    return list(
        pair.record.settlements.filter(item=difference.item, agency=difference.agency).order_by(
            "-settled_at"
        )
    )
