"""Writes of access: adding people, giving and ending roles, taking access away."""

import datetime as dt

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from sightline.access import audit, policies, queries
from sightline.access.actors import Actor
from sightline.access.doors import get_assignment_for, require_people
from sightline.access.models import Assignment, Organisation, User
from sightline.access.permissions import NATIONAL, Permission, Scope, forget
from sightline.access.roles import permissions_of, roles
from sightline.access.roles import role as role_named
from sightline.kernel.errors import BadInput, NotAllowed


def _id_of(actor: Actor) -> int | None:
    """The person acting, or None for the command line."""
    return actor.pk if isinstance(actor, User) else None


def _roles_that_give_roles() -> list[str]:
    return [item.code for item in roles() if Permission.PEOPLE_MANAGE in item.permissions]


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
def grant(
    *,
    actor: Actor,
    person: User,
    role: str,
    scope: Scope = NATIONAL,
    starts: dt.date | None = None,
    ends: dt.date | None = None,
) -> Assignment:
    """Give a role in a scope from `starts` (today) to `ends` (until ended), both days included.

    Raises:
        NotFound: there is no such role; or the actor is a stranger, as `require_people`.
        NotPermitted: the actor may see people and not give roles.
        NotAllowed: not for this scope, held already, to oneself, to somebody without access, or
            the days cannot be.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    found = role_named(role)
    today = timezone.localdate()
    first = starts or today
    policies.check_not_to_self(by_id=_id_of(actor), person=person)
    policies.check_can_grant(person=person, role=found, scope=scope)
    policies.check_days(starts=first, ends=ends, today=today)
    policies.check_not_held(_held(person, role, scope, first, ends))
    assignment = Assignment.objects.create(
        person=person,
        role=role,
        scope_kind=scope.kind,
        scope_key=scope.key,
        starts=first,
        ends=ends,
        granted_at=timezone.now(),
        granted_by=actor.audit_name,
    )
    forget(person)
    audit.record(
        actor,
        "role.given",
        f"person:{person.pk}",
        after={"role": role, "scope": f"{scope.kind}:{scope.key}", "until": ends and str(ends)},
    )
    return assignment


def _held(
    person: User, role: str, scope: Scope, starts: dt.date, ends: dt.date | None
) -> Assignment | None:
    """An assignment of the same role in the same scope whose days overlap these."""
    same = person.assignments.filter(
        role=role, scope_kind=scope.kind, scope_key=scope.key, ended_at=None
    ).exclude(ends__lt=starts)
    if ends is not None:
        same = same.filter(starts__lte=ends)
    return same.select_related("person").first()


@transaction.atomic
def end_assignment(*, actor: Actor, assignment_id: int) -> Assignment:
    """End an assignment from this moment on.

    Raises:
        NotFound, NotPermitted: as `get_assignment_for`.
        NotAllowed: it is over, or nobody else could give roles afterwards.
    """
    assignment = get_assignment_for(actor, assignment_id, Permission.PEOPLE_MANAGE)
    policies.check_can_end(assignment, today=timezone.localdate())
    if Permission.PEOPLE_MANAGE in permissions_of(assignment.role):
        _check_others_give_roles(actor, assignment.person)
    still_as_seen = Assignment.objects.filter(pk=assignment.pk, ended_at=None)
    if not still_as_seen.update(ended_at=timezone.now(), ended_by=actor.audit_name):
        raise NotAllowed("Somebody ended this a moment ago.")
    forget(assignment.person)
    if isinstance(actor, User):
        forget(actor)
    audit.record(
        actor,
        "role.ended",
        f"person:{assignment.person_id}",
        before={
            "role": assignment.role,
            "scope": f"{assignment.scope_kind}:{assignment.scope_key}",
        },
    )
    assignment.refresh_from_db()
    return assignment


def _check_others_give_roles(actor: Actor, person: User) -> None:
    """Keep somebody who can give roles. The command line may always put that right again."""
    if isinstance(actor, User):
        others = queries.others_holding(_roles_that_give_roles(), but=person)
        policies.check_somebody_still_gives_roles(others=others)


@transaction.atomic
def deactivate(*, actor: Actor, person: User) -> None:
    """Take away a person's access. They and what they did stay on record.

    Raises:
        NotFound, NotPermitted: as `require_people`.
        NotAllowed: oneself, or somebody without access.
    """
    require_people(actor, Permission.PEOPLE_MANAGE)
    policies.check_can_deactivate(person, by_id=_id_of(actor))
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False):
        raise NotAllowed(f"{person.name} has no access already.")
    person.is_active = False
    audit.record(actor, "person.deactivated", f"person:{person.pk}")
