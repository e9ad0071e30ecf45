"""The doors to partnerships."""

from sightline.access.actors import Actor
from sightline.access.permissions import NATIONAL, Permission, Scope, holds_anywhere, require
from sightline.partnerships.queries import Partnership, partnership


def check_may_see_partnerships(actor: Actor) -> None:
    """Raise `NotPermitted` unless some role of the actor sees partnerships.

    The areas of Scotland and what they publish of themselves are public facts, so whoever sees one
    sees all.
    """
    if not holds_anywhere(actor, Permission.PARTNERSHIP_VIEW):
        require(actor, Permission.PARTNERSHIP_VIEW, scope=NATIONAL, thing="partnerships")


def get_partnership_for(actor: Actor, code: str, permission: Permission) -> Partnership:
    """The partnership, if `actor` holds `permission` over it.

    Raises:
        NotFound: there is no such area.
        NotPermitted: the actor may not see partnerships, or may not do this to this one.
    """
    check_may_see_partnerships(actor)
    found = partnership(code)
    if permission is not Permission.PARTNERSHIP_VIEW:
        scope = Scope("partnership", code)
        require(actor, permission, scope=scope, thing=f"the details of {found.name}")
    return found
