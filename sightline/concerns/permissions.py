"""The door to a concern, and what part somebody has in one.

Four people may open it: who raised it, the inspection lead (or who stands in), the local lead once
it was passed on, the service manager. Nobody else, administrators and the command line included:
`access.permissions.holds` lets the command line do anything, so it is turned away here first.
"""

from enum import StrEnum
from typing import Final
from uuid import UUID

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.access.permissions import Permission, Scope, holds
from sightline.concerns.models import Concern, Deed
from sightline.concerns.queries import STANDS_IN, target
from sightline.kernel.errors import NotFound, NotPermitted


class Part(StrEnum):
    """What somebody is to a concern."""

    RAISER = "who raised it"
    LEAD = "the inspection lead"
    RECEIVER = "the local lead for concerns"
    MANAGER = "the service manager"


MAY: Final[dict[Deed, frozenset[Part]]] = {
    Deed.PASSED_ON: frozenset({Part.LEAD, Part.MANAGER}),
    Deed.KEPT: frozenset({Part.LEAD, Part.MANAGER}),
    Deed.ACKNOWLEDGED: frozenset({Part.RECEIVER, Part.MANAGER}),
    Deed.ACTED: frozenset({Part.RECEIVER, Part.MANAGER}),
    Deed.CONCLUDED: frozenset({Part.RECEIVER, Part.MANAGER}),
    Deed.RETURNED: frozenset({Part.LEAD, Part.MANAGER}),
    Deed.CLOSED: frozenset({Part.LEAD, Part.MANAGER}),
    Deed.ASKED: frozenset({Part.LEAD, Part.RECEIVER, Part.MANAGER}),
    Deed.ANSWERED: frozenset({Part.RAISER}),
    Deed.HANDED_OVER: frozenset({Part.LEAD, Part.MANAGER}),
}
"""Who may do what. The service manager may do whatever others leave undone."""

_ORDER: Final = tuple(Part)
NO_SUCH: Final = "There is no such concern, or it is not yours to see."


def parts_of(actor: Actor, concern: Concern) -> frozenset[Part]:
    """Every part `actor` has in a concern; none for a stranger, and none for the command line."""
    if not isinstance(actor, User) or not actor.is_active:
        return frozenset()
    inspection = Scope("inspection", concern.inspection)
    partnership = Scope("partnership", concern.partnership)
    found = set()
    if concern.raised_by_id == actor.pk:
        found.add(Part.RAISER)
    if concern.inspection and not concern.past_lead:
        stands_in = concern.stand_in_id == actor.pk and holds(actor, STANDS_IN, scope=inspection)
        if stands_in or holds(actor, Permission.CONCERN_DECIDE, scope=inspection):
            found.add(Part.LEAD)
    reached = concern.passed_on and not concern.past_local_lead
    if reached and holds(actor, Permission.CONCERN_RECEIVE, scope=partnership):
        found.add(Part.RECEIVER)
    if holds(actor, Permission.CONCERN_OVERSEE, scope=inspection):
        found.add(Part.MANAGER)
    return frozenset(found)


def get_concern_for(actor: Actor, key: UUID) -> tuple[Concern, frozenset[Part]]:
    """The concern and the parts `actor` has in it. Its words are unsealed by whoever shows them.

    Raises:
        NotFound: there is none, or the actor has no part in it (one answer for both).
    """
    found = Concern.objects.select_related("raised_by", "stand_in").filter(pk=key).first()
    parts = parts_of(actor, found) if found is not None else frozenset()
    if found is None or not parts:
        raise NotFound(NO_SUCH)
    return found, parts


def open_concern_for(actor: Actor, key: UUID) -> tuple[Concern, frozenset[Part]]:
    """As `get_concern_for`, to show its words: that it was opened is recorded.

    Raises:
        NotFound: as `get_concern_for`.
    """
    found, parts = get_concern_for(actor, key)
    audit.record_read(actor, target(found))
    return found, parts


def get_concern_to(actor: Actor, key: UUID, deed: Deed) -> Concern:
    """The concern, if this deed is `actor`'s to do with it.

    Raises:
        NotFound: as `get_concern_for`.
        NotPermitted: they may open it and not do this; the message says who can.
    """
    found, parts = get_concern_for(actor, key)
    if parts & MAY[deed]:
        return found
    who = " or ".join(part.value for part in _ORDER if part in MAY[deed])
    raise NotPermitted(f"You cannot do this with concern {found.label}. It is for {who} to do.")


def deeds_of(concern: Concern, parts: frozenset[Part]) -> frozenset[Deed]:
    """What somebody with these parts might do, whatever the state."""
    return frozenset(deed for deed, who in MAY.items() if who & parts)


def require_person(actor: Actor) -> User:
    """The person, for what only a person may do.

    Raises:
        NotPermitted: the command line, or somebody whose access was taken away.
    """
    if isinstance(actor, User) and actor.is_active:
        return actor
    raise NotPermitted("Only a person who has signed in raises or opens a matter of concern.")
