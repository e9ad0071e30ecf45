"""The same question in other rounds: earlier ones of the area, and other areas' one may see.

Only where the template of either declares the item to be the same: other words are another
question. Bases are added up over rounds only where nothing of any of them is hidden.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sightline.access.actors import Actor
from sightline.record_reading import asking
from sightline.record_reading.counting import Unit
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed, may
from sightline.record_reading.results import Apart, Share, apart, pooled
from sightline.record_reading.results_names import EXACT, PROTECTED
from sightline.record_reading.results_permissions import kind_for
from sightline.record_reading.results_queries import SHOWING, Results, results

MOST: Final = 6
_LOOKED_AT: Final = 60


@dataclass(frozen=True)
class Other:
    """A band in another round, and how far this round lies from it."""

    round: Round
    share: Share
    apart: Apart


def comparable_rounds(actor: Actor, round: Round, item: str) -> Iterator[Round]:
    """Locked rounds that asked the same, that somebody may see; those of the area first.

    Within the area and outside it the latest come first.
    """
    locked = Round.objects.filter(state__in=SHOWING, locked_at__isnull=False)
    near = list(locked.exclude(pk=round.pk).order_by("-locked_at", "slug")[:_LOOKED_AT])
    near.sort(key=lambda other: other.area != round.area)
    same: dict[str, bool] = {}
    for other in near:
        if other.template not in same:
            how = asking.comparable(round.template, item, other.template)
            same[other.template] = how == "same"
        if same[other.template] and may(actor, other, Deed.RESULTS):
            yield other


def others(actor: Actor, here: Results, unit: Unit, name: str) -> list[Other]:
    """A band of a unit in other rounds, at most `MOST` of them.

    Args:
        actor: who looks; they see of each round what they may see of it.
        here: the round they are looking at, as they see it.
        unit: which unit of it.
        name: which band.
    """
    own = here.band(unit, name)
    if own is None:
        return []
    rounds = comparable_rounds(actor, here.round, unit.item.code)
    shares = ((other, _in_round(actor, other, unit, name, here.kind)) for other in rounds)
    known = (Other(other, share, apart(own, share)) for other, share in shares if share)
    return list(islice(known, MOST))


def _in_round(actor: Actor, other: Round, unit: Unit, name: str, kind: str) -> Share | None:
    """The same band there, exact only where both rounds are looked at so; None if not shown."""
    both = EXACT if kind == EXACT == kind_for(actor, other) else PROTECTED
    found = results(actor, other, both, lambda code: code == unit.code)
    alike = [
        one
        for one in found.units
        if one.code == unit.code and one.bands.get(name) == unit.bands[name]
    ]
    return found.band(alike[0], name) if alike else None


def together(here: Share, others: Sequence[Other]) -> Share | None:
    """This round and the others as one, bases added up; None where there is none beside it."""
    if not others:
        return None
    label = f"All {len(others) + 1} rounds together"
    return pooled(here.code, label, [here, *(one.share for one in others)])
