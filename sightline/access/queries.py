"""Reads of people and assignments."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from sightline.access.enums import Permission
from sightline.access.models import Assignment, Invitation, User
from sightline.access.roles import asking_for_a_second_factor, roles
from sightline.access.scopes import NATIONAL, Scope
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


def people(*, words: str = "", role: str = "", ending: bool = False) -> QuerySet[User]:
    """People by name, with employer and assignments already fetched.

    Args:
        words: part of a name, e-mail address or post; empty for everybody.
        role: code of a role that they hold today; empty for any.
        ending: only those with a role that ends within 30 days.
    """
    found = User.objects.select_related("organisation").prefetch_related("assignments")
    if words:
        found = found.filter(
            Q(name__icontains=words) | Q(email__icontains=words) | Q(designation__icontains=words)
        )
    if role:
        live = Assignment.objects.live_on(timezone.localdate()).filter(role=role)
        found = found.filter(pk__in=live.values("person"))
    if ending:
        found = found.filter(pk__in=ending_within(ENDING_SOON_DAYS).values("person"))
    return found.order_by("name", "pk")


ENDING_SOON_DAYS = 30


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


def people_holding(
    permission: Permission, scope: Scope, *, on: dt.date | None = None
) -> QuerySet[User]:
    """Active people whose live assignments give `permission` over `scope`, or for all of Scotland.

    Each person once, by name. `on` is the day that counts (today).
    """
    codes = [item.code for item in roles() if permission in item.permissions]
    live = Assignment.objects.live_on(on or timezone.localdate()).filter(
        Q(scope_kind=scope.kind, scope_key=scope.key)
        | Q(scope_kind=NATIONAL.kind, scope_key=NATIONAL.key),
        role__in=codes,
    )
    return User.objects.filter(is_active=True, pk__in=live.values("person")).order_by("name", "pk")


FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second factor. Recovery codes stand in for one that is lost."""


def authenticators(person: User) -> QuerySet[Authenticator]:
    """Everything besides a password by which a person signs in, recovery codes included."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=person)
    return found


def factors_of(person: User) -> list[Authenticator]:
    """A person's authenticator app and passkeys, oldest first."""
    return list(authenticators(person).filter(type__in=FACTORS).order_by("created_at", "pk"))


RECOVERY_CODES = 10
"""How many recovery codes are made at a time."""


def recovery_codes_left(person: User) -> int:
    """How many of a person's recovery codes are unused."""
    kept = authenticators(person).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return RECOVERY_CODES - int(kept.data["used_mask"]).bit_count() if kept else 0


def with_factor(people: Collection[int]) -> set[int]:
    """Which of these people (by key) have a second factor."""
    found = Authenticator.objects.filter(user__in=people, type__in=FACTORS)
    return set(found.values_list("user_id", flat=True))


def has_joined(person: User) -> bool:
    """Whether a person has anything to sign in with."""
    return person.has_usable_password() or authenticators(person).exists()


def needs_factor(person: User) -> bool:
    """Whether a role they hold today asks for a second factor, and the setting insists on it."""
    if settings.SIGHTLINE_SECOND_FACTOR != "required":
        return False
    live = Assignment.objects.live_on(timezone.localdate()).filter(person=person)
    return live.filter(role__in=asking_for_a_second_factor()).exists()


def must_set_up(person: User) -> bool:
    """Whether they need a second factor and have none. One question at most."""
    if settings.SIGHTLINE_SECOND_FACTOR != "required":
        return False
    live = Assignment.objects.live_on(timezone.localdate()).filter(person=person)
    factor = Authenticator.objects.filter(user=OuterRef("person"), type__in=FACTORS)
    return live.filter(~Exists(factor), role__in=asking_for_a_second_factor()).exists()


def not_over(person: User, *, today: dt.date) -> list[Assignment]:
    """One person's assignments in force or to come, oldest first."""
    held = person.assignments.filter(ended_at=None).exclude(ends__lt=today)
    return list(held.select_related("person").order_by("starts", "pk"))


def ending_within(days: int, *, person: User | None = None) -> QuerySet[Assignment]:
    """Assignments in force whose last day is at most so many days away, soonest first.

    Of active people; of one person, if asked.
    """
    today = timezone.localdate()
    found = Assignment.objects.live_on(today).filter(
        person__is_active=True, ends__lte=today + dt.timedelta(days=days)
    )
    if person is not None:
        found = found.filter(person=person)
    return found.select_related("person").order_by("ends", "person__name", "pk")


def leavers(*, today: dt.date) -> QuerySet[User]:
    """People who still have access on record though their last day is past."""
    return User.objects.filter(is_active=True, leaves_on__lt=today).order_by("pk")


def last_invitation(person: User) -> Invitation | None:
    """The letter sent to a person last, or None."""
    return person.invitations.order_by("-pk").first()
