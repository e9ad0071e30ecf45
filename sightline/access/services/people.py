"""People: added, moved to another post, leaving, their access taken away and given back."""

import datetime as dt
from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from sightline.access import audit, policies, queries
from sightline.access.actors import Actor
from sightline.access.doors import require_people
from sightline.access.models import Assignment, Organisation, User
from sightline.access.permissions import Permission, forget
from sightline.access.services.shared import (
    check_others_give_roles,
    end_now,
    forget_how_they_sign_in,
    gives_roles,
    id_of,
    sign_out_everywhere,
    withdraw_open,
)
from sightline.kernel.errors import BadInput, NotAllowed


@transaction.atomic
def add_person(
    *,
    actor: Actor,
    email: str,
    name: str,
    designation: str = "",
    organisation: Organisation | None = None,
    password: str | None = None,
    password_hash: str = "",
) -> User:
    """Add a person, who may sign in once they hold a password.

    Args:
        actor: who adds them.
        email: their address; they sign in with it.
        name: how they are shown.
        designation: their post, in words.
        organisation: who employs them.
        password: none leaves it to them to set one from "Forgotten your password?".
        password_hash: a hash made before, instead of a password.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        BadInput: the address is none.
        NotAllowed: somebody has this address already.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        raise BadInput(f"{email} is not an address; it should be like name@example.org.") from None
    if User.objects.filter(email=address).exists():
        raise NotAllowed(f"Somebody has the address {address} already. Find them in the list.")
    person = User(email=address, name=name, designation=designation, organisation=organisation)
    if password_hash:
        person.password = password_hash
    else:
        person.set_password(password)
    person.save()
    audit.record(actor, "person.added", f"person:{person.pk}")
    return person


@transaction.atomic
def deactivate(*, actor: Actor, person: User) -> None:
    """Take away a person's access. They and what they did stay on record.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        NotAllowed: oneself, or somebody without access.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    policies.check_can_deactivate(person, by_id=id_of(actor))
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        raise NotAllowed(f"{person.name} has no access already.")
    person.is_active = False
    sign_out_everywhere(person)
    withdraw_open(actor, person)
    audit.record(actor, "person.deactivated", f"person:{person.pk}")


@transaction.atomic
def readmit(*, actor: Actor, person: User) -> None:
    """Let somebody back in whose access was taken away. Roles that ended stay ended.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        NotAllowed: oneself, or they have access.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    policies.check_can_readmit(person, by_id=id_of(actor), today=timezone.localdate())
    User.objects.filter(pk=person.pk).update(is_active=True, leaves_on=None)
    person.is_active, person.leaves_on = True, None
    audit.record(actor, "person.readmitted", f"person:{person.pk}")


@transaction.atomic
def sign_out(*, actor: Actor, person: User) -> None:
    """Sign a person out wherever they are signed in: a lost laptop, an open screen.

    Raises:
        NotFound, NotPermitted: as `require_people`; anybody may sign out themselves.
    """
    if id_of(actor) != person.pk:
        require_people(actor, Permission.PEOPLE_MANAGE)
    sign_out_everywhere(person)
    audit.record(actor, "person.signed-out", f"person:{person.pk}")


@transaction.atomic
def move(
    *,
    actor: Actor,
    person: User,
    moved_on: dt.date,
    designation: str,
    organisation: Organisation | None,
    ending: Collection[int],
    shown: Collection[int],
) -> list[Assignment]:
    """Put a person in another post, and end the roles of the old one, in one step.

    Args:
        actor: who says so.
        person: who moves.
        moved_on: the first day in the new post, today or before.
        designation: the new post, in words.
        organisation: who employs them now.
        ending: keys of the assignments that end.
        shown: keys of all assignments they held when the actor decided.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        NotAllowed: somebody without access, a day to come, or what they hold has changed since.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    today = timezone.localdate()
    policies.check_can_move(person, moved_on=moved_on, today=today)
    held = {item.pk: item for item in queries.not_over(person, today=today)}
    policies.check_as_shown(shown=set(shown), held=set(held), ending=set(ending))
    ended = [held[pk] for pk in sorted(ending)]
    for assignment in ended:
        end_now(actor, assignment)
    before = {"post": person.designation, "employer": _employer(person.organisation)}
    person.designation, person.organisation = designation, organisation
    person.save(update_fields=["designation", "organisation"])
    audit.record(
        actor,
        "person.moved",
        f"person:{person.pk}",
        before=before,
        after={
            "now": designation or "a post without a name",
            "works_for": _employer(organisation),
            "on": str(moved_on),
            "ended": len(ended),
        },
    )
    return ended


def _employer(organisation: Organisation | None) -> str:
    return organisation.code if organisation else ""


@transaction.atomic
def leave(*, actor: Actor, person: User, last_day: dt.date) -> None:
    """End everything a person holds on their last day, and their access with it.

    With a last day of today or before, at once: signed out everywhere, factors and password
    removed. With a later one, every role ends that day and signing in does too; `close_leavers`
    removes the rest. They and what they did stay on record.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        NotAllowed: oneself, somebody without access, nobody else could give roles, or a day more
            than a year away.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    today = timezone.localdate()
    policies.check_can_deactivate(person, by_id=id_of(actor))
    policies.check_last_day(last_day, today=today)
    held = queries.not_over(person, today=today)
    if any(gives_roles(item) for item in held):
        check_others_give_roles(actor, person)
    User.objects.filter(pk=person.pk).update(leaves_on=last_day)
    person.leaves_on = last_day
    if last_day <= today:
        _close(actor, person)
    else:
        _end_by(actor, held, last_day)
    forget(person)
    audit.record(
        actor,
        "person.left",
        f"person:{person.pk}",
        after={"on": str(last_day), "ended": len(held)},
    )


def _end_by(actor: Actor, held: Collection[Assignment], last_day: dt.date) -> None:
    """Roles end on the last day at the latest; one that starts afterwards ends now."""
    for assignment in held:
        if assignment.starts > last_day:
            end_now(actor, assignment)
        elif assignment.ends is None or assignment.ends > last_day:
            Assignment.objects.filter(pk=assignment.pk).update(ends=last_day)


def _close(actor: Actor, person: User) -> None:
    """Nothing is left by which they could come in."""
    for assignment in queries.not_over(person, today=timezone.localdate()):
        Assignment.objects.filter(pk=assignment.pk).update(
            ended_at=timezone.now(), ended_by=actor.audit_name
        )
    withdraw_open(actor, person)
    User.objects.filter(pk=person.pk).update(is_active=False)
    person.is_active = False
    forget_how_they_sign_in(person)


@transaction.atomic
def close_leavers(*, actor: Actor) -> list[User]:
    """Take away the access of everybody whose last day is past, and return them.

    They could not sign in any more; this removes what they signed in with.

    Raises:
        NotFound, NotPermitted: as `require_people`.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    leavers = list(queries.leavers(today=timezone.localdate()))
    for person in leavers:
        _close(actor, person)
        audit.record(actor, "person.deactivated", f"person:{person.pk}")
    return leavers
