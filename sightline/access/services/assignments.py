"""Giving, extending and ending roles."""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from sightline.access import audit, policies
from sightline.access.actors import Actor
from sightline.access.doors import get_assignment_for, require_people
from sightline.access.models import Assignment, User
from sightline.access.permissions import NATIONAL, Permission, Scope, forget
from sightline.access.roles import role as role_named
from sightline.access.services.shared import end_now, id_of, reason_of
from sightline.kernel.errors import NotAllowed


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
    policies.check_not_to_self(by_id=id_of(actor), person=person)
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
    end_now(actor, assignment)
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


@transaction.atomic
def extend_assignment(
    *, actor: Actor, assignment_id: int, ends: dt.date, reason: str
) -> Assignment:
    """Move the last day of an assignment to a later one, and say why.

    Raises:
        NotFound, NotPermitted: as `get_assignment_for`.
        BadInput: no reason is given.
        NotAllowed: it is one's own, it is over, it has no end, or the day is not later.
    """
    assignment = get_assignment_for(actor, assignment_id, Permission.PEOPLE_MANAGE)
    why = reason_of(reason)
    policies.check_not_to_self(by_id=id_of(actor), person=assignment.person)
    policies.check_can_extend(assignment, ends=ends, today=timezone.localdate())
    before = assignment.ends
    as_seen = Assignment.objects.filter(pk=assignment.pk, ended_at=None, ends=before)
    if not as_seen.update(ends=ends):
        raise NotAllowed("Somebody changed this a moment ago. Look at it again.")
    forget(assignment.person)
    audit.record(
        actor,
        "role.extended",
        f"person:{assignment.person_id}",
        reason=why,
        before={"was": str(before)},
        after={
            "role": assignment.role,
            "scope": f"{assignment.scope_kind}:{assignment.scope_key}",
            "until": str(ends),
        },
    )
    assignment.refresh_from_db()
    return assignment
