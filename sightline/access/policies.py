"""What the state allows when people are added and roles are given and ended."""

import datetime as dt

from sightline.access import scopes
from sightline.access.models import Assignment, User
from sightline.access.roles import Role
from sightline.access.scopes import Scope
from sightline.kernel.errors import NotAllowed


def _day(day: dt.date) -> str:
    return f"{day.day} {day:%B %Y}"


def check_can_grant(*, person: User, role: Role, scope: Scope) -> None:
    """Raise `NotAllowed` unless this role may be given to this person in this scope."""
    if not person.is_active:
        raise NotAllowed(f"{person.name} no longer has access. Let them back in first.")
    if scope.kind not in role.scopes:
        kinds = " or ".join(Assignment.ScopeKind(kind).label.lower() for kind in role.scopes)
        raise NotAllowed(f"{role.title} is given for {kinds}. Choose one of those.")
    known = scopes.names_of(scope.kind)
    if known is not None and scope.key not in known:
        raise NotAllowed(f"There is no {scope.kind} called {scope.key}. Check how it is spelt.")


def check_days(*, starts: dt.date, ends: dt.date | None, today: dt.date) -> None:
    """Raise `NotAllowed` unless the last day is still to come, and not before the first."""
    if ends is None:
        return
    if ends < starts:
        raise NotAllowed(f"The last day, {_day(ends)}, is before the first, {_day(starts)}.")
    if ends < today:
        raise NotAllowed(f"The last day, {_day(ends)}, is past. Choose today or a later day.")


def check_not_to_self(*, by_id: int | None, person: User) -> None:
    """Raise `NotAllowed` when somebody gives a role to themselves."""
    if by_id == person.pk:
        raise NotAllowed(
            "You cannot give a role to yourself. Ask somebody else who gives roles to do it."
        )


def check_not_held(existing: Assignment | None) -> None:
    """Raise `NotAllowed` when the person holds the role there already."""
    if existing is not None:
        until = f" until {_day(existing.ends)}" if existing.ends else ""
        raise NotAllowed(
            f"{existing.person.name} holds this role there already, from "
            f"{_day(existing.starts)}{until}. End that one first."
        )


def check_can_end(assignment: Assignment, *, today: dt.date) -> None:
    """Raise `NotAllowed` for an assignment that is over."""
    if assignment.ended_at is not None:
        raise NotAllowed(f"This was ended on {_day(assignment.ended_at.date())}.")
    if assignment.ends is not None and assignment.ends < today:
        raise NotAllowed(f"This ended by itself on {_day(assignment.ends)}.")


def check_somebody_still_gives_roles(*, others: int) -> None:
    """Raise `NotAllowed` when nobody else could give roles afterwards."""
    if others == 0:
        raise NotAllowed(
            "Nobody else can give and end roles, so this one stays. "
            "Give the role to another person first."
        )


def check_can_deactivate(person: User, *, by_id: int | None) -> None:
    """Raise `NotAllowed` for yourself, and for somebody without access."""
    if person.pk == by_id:
        raise NotAllowed("You cannot take away your own access. Ask somebody else to do it.")
    if not person.is_active:
        raise NotAllowed(f"{person.name} has no access already.")
