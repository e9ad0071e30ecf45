"""What several services of access do alike."""

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.utils import timezone

from sightline.access import policies, queries
from sightline.access.actors import Actor
from sightline.access.models import Assignment, Invitation, User
from sightline.access.permissions import Permission, forget
from sightline.access.roles import permissions_of, roles
from sightline.kernel.errors import BadInput, NotAllowed


def id_of(actor: Actor) -> int | None:
    """The person acting, or None for the command line."""
    return actor.pk if isinstance(actor, User) else None


def reason_of(text: str) -> str:
    """The reason, tidied.

    Raises:
        BadInput: there is none.
    """
    reason = text.strip()
    if not reason:
        raise BadInput("Say why in a few words: the reason is kept with what was done.")
    return reason


def check_others_give_roles(actor: Actor, person: User) -> None:
    """Keep somebody who can give roles. The command line may always put that right again."""
    if isinstance(actor, User):
        givers = [item.code for item in roles() if Permission.PEOPLE_MANAGE in item.permissions]
        others = queries.others_holding(givers, but=person)
        policies.check_somebody_still_gives_roles(others=others)


def gives_roles(assignment: Assignment) -> bool:
    """Whether this is one of those that keep somebody able to give roles."""
    return Permission.PEOPLE_MANAGE in permissions_of(assignment.role)


def end_now(actor: Actor, assignment: Assignment) -> None:
    """End an assignment from this moment on.

    Raises:
        NotAllowed: nobody else could give roles afterwards, or somebody ended it a moment ago.
    """
    if gives_roles(assignment):
        check_others_give_roles(actor, assignment.person)
    still_as_seen = Assignment.objects.filter(pk=assignment.pk, ended_at=None)
    if not still_as_seen.update(ended_at=timezone.now(), ended_by=actor.audit_name):
        raise NotAllowed("Somebody ended this a moment ago.")
    forget(assignment.person)
    if isinstance(actor, User):
        forget(actor)


def sign_out_everywhere(person: User) -> None:
    """Make every session of this person invalid, wherever it is."""
    User.objects.filter(pk=person.pk).update(session_epoch=F("session_epoch") + 1)
    person.refresh_from_db(fields=["session_epoch"])


def forget_how_they_sign_in(person: User) -> None:
    """Remove every factor and the password, and sign them out everywhere."""
    queries.authenticators(person).delete()
    person.password = make_password(None)
    User.objects.filter(pk=person.pk).update(password=person.password)
    sign_out_everywhere(person)


def withdraw_open(actor: Actor, person: User) -> int:
    """Withdraw the person's open invitation, if there is one; how many that were."""
    open_ones = Invitation.objects.filter(person=person, used_at=None, withdrawn_at=None)
    return open_ones.update(withdrawn_at=timezone.now(), withdrawn_by=actor.audit_name)
