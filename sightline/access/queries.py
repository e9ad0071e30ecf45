"""Reads of people and assignments."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils import timezone

from sightline.access.models import Assignment, User
from sightline.access.scopes import Scope
from sightline.kernel.errors import NotFound


def live_assignments(person: User, *, on: dt.date | None = None) -> list[Assignment]:
    """One person's assignments in force on a day (today); first and last day are both included."""
    day = on or timezone.localdate()
    return list(Assignment.objects.live_on(day).filter(person=person).order_by("pk"))


def person_by_email(email: str) -> User:
    """The person who signs in with this address.

    Raises:
        NotFound: nobody does.
    """
    found = User.objects.filter(email=email.strip().lower()).first()
    if found is None:
        raise NotFound(
            f"Nobody has the address {email}. Add them with sightline access add-person."
        )
    return found


def assignment_of(person: User, *, role: str, scope: Scope) -> Assignment:
    """What gives this person this role there, today or from a later day.

    Raises:
        NotFound: nothing does.
    """
    held = person.assignments.filter(
        role=role, scope_kind=scope.kind, scope_key=scope.key, ended_at=None
    ).exclude(ends__lt=timezone.localdate())
    found = held.order_by("starts").first()
    if found is None:
        raise NotFound(f"{person.name} does not hold {role} in {scope.kind} {scope.key}.")
    return found


def all_assignments(person: User) -> list[Assignment]:
    """One person's assignments, past and to come as well, newest first."""
    return list(person.assignments.order_by("-starts", "-pk"))


def people(*, words: str = "", role: str = "") -> QuerySet[User]:
    """People by name, with employer and assignments already fetched.

    Args:
        words: part of a name, e-mail address or post; empty for everybody.
        role: code of a role that they hold today; empty for any.
    """
    found = User.objects.select_related("organisation").prefetch_related("assignments")
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(email__icontains=words) | Q(designation__icontains=words)
        )
    if role:
        live = Assignment.objects.live_on(timezone.localdate()).filter(role=role)
        found = found.filter(pk__in=live.values("person"))
    return found.order_by("name", "pk")


def is_live(assignment: Assignment, *, today: dt.date) -> bool:
    """Whether an assignment already fetched is in force; the same rule as `live_on`."""
    return (
        assignment.starts <= today
        and (assignment.ends is None or assignment.ends >= today)
        and (assignment.ended_at is None or timezone.localdate(assignment.ended_at) > today)
    )


@dataclass(frozen=True)
class Holding:
    """Who holds what, where, from and until when (both days included; no end is None)."""

    email: str
    name: str
    organisation: str
    role: str
    scope_kind: str
    scope_key: str
    starts: dt.date
    ends: dt.date | None


def holdings(*, scope_key: str = "", email: str = "") -> tuple[Holding, ...]:
    """Assignments in force today of active people, by name and role; narrowed if asked."""
    found = Assignment.objects.live_on(timezone.localdate()).filter(person__is_active=True)
    if scope_key:
        found = found.filter(scope_key=scope_key)
    if email:
        found = found.filter(person__email=email.lower())
    rows = found.select_related("person__organisation").order_by("person__name", "role", "pk")
    return tuple(
        Holding(
            email=row.person.email,
            name=row.person.name,
            organisation=row.person.organisation.name if row.person.organisation else "",
            role=row.role,
            scope_kind=row.scope_kind,
            scope_key=row.scope_key,
            starts=row.starts,
            ends=row.ends,
        )
        for row in rows
    )


def others_holding(roles: Collection[str], *, but: User) -> int:
    """How many other active people hold one of these roles today, in any scope."""
    return (
        Assignment.objects.live_on(timezone.localdate())
        .filter(role__in=roles, person__is_active=True)
        .exclude(person=but)
        .values("person")
        .distinct()
        .count()
    )
