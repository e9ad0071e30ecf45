"""The doors to an area's outcomes, to what is written on its charts, and to who is behind them."""

from uuid import UUID

from sightline.access.actors import Actor
from sightline.access.permissions import NATIONAL, Permission, Scope, holds, scopes_held
from sightline.children import permissions as children
from sightline.kernel.errors import NotFound
from sightline.kernel.measures import Measure
from sightline.outcomes import queries
from sightline.outcomes.models import Annotation
from sightline.partnerships.queries import Partnership, all_partnerships

SEE = Permission.OUTCOMES_VIEW


def get_area_for(actor: Actor, area: str, permission: Permission = SEE) -> Partnership:
    """The area, if `actor` holds `permission` over its outcomes; raises as the door of its data."""
    return children.get_area_for(actor, area, permission, see=SEE, what="outcomes")


def get_measure_for(actor: Actor, reference: str, profile: str = "") -> Measure:
    """What `actor` may be shown of one figure.

    Args:
        actor: who asks.
        reference: `area/indicator@period`, or `area/indicator.breakdown=category@period`.
        profile: under which profile; the fullest that is theirs when empty.

    Raises:
        NotFound: the reference names nothing, or nothing of it is theirs to see.
    """
    area, _, rest = reference.partition("/")
    return queries.measure(actor, get_area_for(actor, area), rest, profile)


def areas_for(actor: Actor) -> list[Partnership]:
    """The areas whose outcomes somebody may see."""
    held = scopes_held(actor, SEE)
    return [
        found
        for found in all_partnerships()
        if NATIONAL in held or Scope("partnership", found.code) in held
    ]


def may(actor: Actor, permission: Permission, area: str) -> bool:
    """Whether `actor` holds a permission over an area, for links that lead further."""
    return holds(actor, permission, scope=Scope("partnership", area))


def get_annotation_for(actor: Actor, key: UUID | str) -> Annotation:
    """A note on a chart that `actor` may take off.

    Raises:
        NotFound: there is no such note, or it is not theirs to see.
        NotPermitted: they may see it and not take it off.
    """
    found = Annotation.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("There is no such note.")
    get_area_for(actor, found.area, Permission.OUTCOMES_ANNOTATE)
    return found
