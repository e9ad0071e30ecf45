"""The doors of access itself: a person, an assignment."""

from sightline.access.actors import Actor
from sightline.access.models import Assignment, User
from sightline.access.permissions import NATIONAL, Permission, require
from sightline.kernel.errors import NotFound


def require_people(actor: Actor, permission: Permission) -> None:
    """Pass whoever holds `permission` over people; those who may only look are told who can.

    Raises:
        NotFound: the actor may not see people at all.
        NotPermitted: they may see people and not do this.
    """
    require(
        actor,
        permission,
        scope=NATIONAL,
        seen_by=Permission.PEOPLE_VIEW,
        thing="the people of this service",
    )


def get_person_for(actor: Actor, person_id: int, permission: Permission) -> User:
    """The person with this key, with their employer, if `actor` holds `permission` over people.

    Raises:
        NotFound, NotPermitted: as `require_people`; and there is no such person.
    """
    require_people(actor, permission)
    person = User.objects.select_related("organisation").filter(pk=person_id).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person


def get_assignment_for(actor: Actor, assignment_id: int, permission: Permission) -> Assignment:
    """The assignment with this key, with its person, if `actor` holds `permission` over people.

    Raises:
        NotFound, NotPermitted: as `require_people`; and there is no such assignment.
    """
    require_people(actor, permission)
    found = Assignment.objects.select_related("person").filter(pk=assignment_id).first()
    if found is None:
        raise NotFound("There is no such assignment.")
    return found
