"""What the state allows when people are added and roles are given and ended."""

import datetime as dt

from sightline.access import scopes
from sightline.access.models import Assignment, Invitation, User
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
            "You cannot give a role to yourself, or extend one. "
            "Ask somebody else who gives roles to do it."
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


def check_can_readmit(person: User, *, by_id: int | None, today: dt.date) -> None:
    """Raise `NotAllowed` for yourself, and for somebody who has access and stays."""
    if person.pk == by_id:
        raise NotAllowed("You cannot let yourself back in. Ask somebody else to do it.")
    if person.is_active and (person.leaves_on is None or person.leaves_on >= today):
        raise NotAllowed(f"{person.name} has access already.")


def check_can_invite(person: User, *, joined: bool) -> None:
    """Raise `NotAllowed` for somebody without access, and for somebody who has set up already."""
    if not person.is_active:
        raise NotAllowed(f"{person.name} no longer has access. Let them back in first.")
    if joined:
        raise NotAllowed(
            f"{person.name} has set up how they sign in already. If they lost it, "
            "let them set up again."
        )


def check_can_set_up_again(person: User, *, by_id: int | None) -> None:
    """Raise `NotAllowed` for yourself, and for somebody without access."""
    if person.pk == by_id:
        raise NotAllowed(
            "You cannot do this for yourself. Use a recovery code, or ask somebody else who "
            "gives roles."
        )
    if not person.is_active:
        raise NotAllowed(f"{person.name} no longer has access. Let them back in first.")


def check_own_invitation(invitation: Invitation, *, by_id: int) -> None:
    """Raise `NotAllowed` unless the invitation is this person's, and they may still come in."""
    if invitation.person_id != by_id or not invitation.person.is_active:
        raise NotAllowed("This invitation is for somebody else. Ask for one of your own.")


def check_can_extend(assignment: Assignment, *, ends: dt.date, today: dt.date) -> None:
    """Raise `NotAllowed` unless the assignment is in force until a day before `ends`."""
    check_can_end(assignment, today=today)
    if assignment.ends is None:
        raise NotAllowed("This has no last day, so there is nothing to extend.")
    if ends <= assignment.ends:
        raise NotAllowed(f"It lasts until {_day(assignment.ends)} already. Choose a later day.")


def check_can_move(person: User, *, moved_on: dt.date, today: dt.date) -> None:
    """Raise `NotAllowed` for somebody without access, and for a day to come."""
    if not person.is_active:
        raise NotAllowed(f"{person.name} no longer has access. Let them back in first.")
    if moved_on > today:
        raise NotAllowed(
            f"{_day(moved_on)} is still to come. Enter a move on its day; until then give what "
            "they hold a last day."
        )


def check_as_shown(*, shown: set[int], held: set[int], ending: set[int]) -> None:
    """Raise `NotAllowed` when what a person holds is not what the page showed."""
    if shown != held or not ending <= held:
        raise NotAllowed("What they hold has changed since you opened this. Look at it again.")


LONGEST_NOTICE = dt.timedelta(days=366)


def check_last_day(last_day: dt.date, *, today: dt.date) -> None:
    """Raise `NotAllowed` for a last day more than a year away, either way."""
    if abs(last_day - today) > LONGEST_NOTICE:
        raise NotAllowed(f"{_day(last_day)} is more than a year away. Check the year.")


def check_can_review(assignment: Assignment, *, by_id: int | None, today: dt.date) -> None:
    """Raise `NotAllowed` for your own assignment, and for one that is over."""
    if assignment.person_id == by_id:
        raise NotAllowed("You cannot review your own access. Somebody else has to.")
    if assignment.ended_at is not None or (assignment.ends and assignment.ends < today):
        raise NotAllowed(
            f"A role of {assignment.person.name} has ended since you opened the list. "
            "Open it again."
        )


def check_next_review(day: dt.date, *, today: dt.date) -> None:
    """Raise `NotAllowed` unless the next review is after today and within a year."""
    if not today < day <= today + LONGEST_NOTICE:
        raise NotAllowed(f"The next review, {_day(day)}, must be within a year from today.")
