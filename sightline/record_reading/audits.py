"""How the turns of a rolling audit compare: agreement between readers, and quality, turn by turn.

Only turns that are locked and counted have a place here, with the figures that were protected when
they were. A turn read by another template is compared where the item is the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sightline.access.actors import Actor
from sightline.design.charts import Chart, Series, Value, line
from sightline.design.charts.model import is_known
from sightline.kernel.errors import NotFound
from sightline.kernel.measures import State
from sightline.record_reading import results_queries
from sightline.record_reading.alike import Alike, alike_of
from sightline.record_reading.models import RollingAudit, Round
from sightline.record_reading.results import COUNTS_UNDER, Share

GOOD: Final = "good-or-better"


@dataclass(frozen=True)
class Turn:
    """One turn that is locked.

    Attributes:
        round: which.
        read: records that were read; None where that is not said.
        alike: agreement; None where too little was read twice.
        quality: for each quality item, by its short name, the share that was good or better.
    """

    round: Round
    read: int | None
    alike: Alike | None
    quality: dict[str, Share] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """As it is called on an axis."""
        return f"Turn {self.round.turn}"

    @property
    def together(self) -> Value:
        """All quality answers together: per cent good or better, or why there is none."""
        known = [one for one in self.quality.values() if one.n is not None and one.base]
        base = sum(one.base or 0 for one in known)
        if base < COUNTS_UNDER:
            return State.NOT_AVAILABLE
        return round(100 * sum(one.n or 0 for one in known) / base)


@dataclass(frozen=True)
class Trend:
    """The turns in their order, and the quality items that any of them has."""

    turns: tuple[Turn, ...]

    @property
    def items(self) -> tuple[str, ...]:
        """Short names of quality items, in the order they first appear."""
        return tuple(dict.fromkeys(name for turn in self.turns for name in turn.quality))

    @property
    def rows(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """For each item its share in every turn, in words."""
        return tuple(
            (name, tuple(_words(turn.quality.get(name)) for turn in self.turns))
            for name in self.items
        )


def _words(share: Share | None) -> str:
    if share is None:
        return "not asked"
    return f"{share.counted}, {share.between}" if share.between else share.counted


def trend(actor: Actor, rounds: Sequence[Round]) -> Trend:
    """The turns that are locked, as somebody may see them."""
    shown = {Round.State.LOCKED, Round.State.DESTROYED}
    return Trend(tuple(_turn(actor, one) for one in rounds if one.state in shown))


def _turn(actor: Actor, turn: Round) -> Turn:
    try:
        found = results_queries.results(actor, turn)
    except NotFound:  # deleted without having been locked
        return Turn(turn, None, alike_of(turn))
    quality = {}
    for unit in found.units:
        share = found.band(unit, GOOD) if unit.item.is_quality else None
        if share is not None:
            quality[str(unit.item.short)] = share
    return Turn(turn, found.read, alike_of(turn), quality)


def charts(audit: RollingAudit, found: Trend) -> list[Chart]:
    """Agreement and quality from turn to turn, where two turns can be set beside each other."""
    quality: list[Value] = [turn.together for turn in found.turns]
    alike: list[Value] = [
        round(100 * turn.alike.share) if turn.alike else State.NOT_AVAILABLE for turn in found.turns
    ]
    drawn = (
        ("Quality questions answered good or better", "Good or better", quality),
        ("Answers on which two readers agree", "Same answer", alike),
    )
    return [
        line(
            headline=_headline(what, values),
            subtitle=f"{what}, per cent, {audit.title}, by turn",
            periods=[turn.label for turn in found.turns],
            series=[Series(name, tuple(values))],
            unit="%",
        )
        for what, name, values in drawn
        if sum(map(is_known, values)) > 1
    ]


def _headline(what: str, values: Sequence[Value]) -> str:
    known = [value for value in values if is_known(value)]
    return f"{what}: {known[0]}% in the first turn shown, {known[-1]}% in the last"
