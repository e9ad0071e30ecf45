"""The doors to partnerships."""

from sightline.access.actors import Actor
from sightline.access.permissions import EVERYONE, NATIONAL, Permission, Scope, require
from sightline.partnerships.queries import Partnership, partnership

SEE = Permission.PARTNERSHIP_VIEW


def get_partnership_for(actor: Actor, code: str, permission: Permission) -> Partnership:
    """The partnership, if `actor` holds `permission` over it.

    The areas of Scotland and what they publish of themselves are public facts, so whoever sees one
    sees all.

    Raises:
        NotFound: there is no such area, or the actor may not even see it.
        NotPermitted: the actor may not see partnerships, or sees this one but may not do this.
    """
    found = partnership(code)
    require(
        actor,
        permission,
        scope=Scope("partnership", code),
        seen_by=EVERYONE if permission is SEE else SEE,
        thing=f"the details of {found.name}",
    )
    return found


def require_reference_data(actor: Actor) -> None:
    """Pass whoever may load published data about places.

    Raises:
        NotFound: the actor may not see partnerships at all.
        NotPermitted: they may see them, and not load data for everybody.
    """
    require(
        actor,
        Permission.REFERENCE_LOAD,
        scope=NATIONAL,
        seen_by=SEE,
        thing="the reference data of this service",
    )
