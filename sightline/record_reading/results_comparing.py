"""The same question in other rounds: earlier ones of the area, and other areas' one may see.

Only where the template of either declares the item to be the same: other words are another
question. Bases are added up over rounds only where nothing of any of them is hidden.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sightline.access.actors import Actor
from sightline.kernel.errors import NotFound
from sightline.record_reading import templates
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
            how = templates.comparable(round.template, item, other.template)
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
    found = []
    for other in comparable_rounds(actor, here.round, unit.item.code):
        share = _in_round(actor, other, unit, name, here.kind)
        if own is not None and share is not None:
            found.append(Other(other, share, apart(own, share)))
        if len(found) == MOST:
            break
    return found


def _in_round(actor: Actor, other: Round, unit: Unit, name: str, kind: str) -> Share | None:
    """The same band there, exact only where both rounds are looked at so."""
    both = EXACT if kind == EXACT == kind_for(actor, other) else PROTECTED
    asked = templates.template(other.template).item(unit.item.code)
    if templates.bands(asked).get(name) != unit.bands.get(name):
        return None
    try:
        listed = results(actor, other, both, lambda code: code == unit.code)
    except NotFound:
        return None
    same = next((one for one in listed.units if one.code == unit.code), None)
    if same is None:
        return None
    if listed.everybody(same) is None and listed.code(same) in listed.listed:
        wanted = listed.code(same)
        listed = results(actor, other, both, lambda code: code == wanted)
    return listed.band(same, name)


def together(here: Share, others: Sequence[Other]) -> Share | None:
    """This round and the others as one, bases added up; None where there is none beside it."""
    if not others:
        return None
    label = f"All {len(others) + 1} rounds together"
    return pooled(here.code, label, [here, *(one.share for one in others)])
