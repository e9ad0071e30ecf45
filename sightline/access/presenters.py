"""What the pages about people show."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from sightline.access import roles as definitions
from sightline.access.models import Assignment, User
from sightline.access.queries import is_live
from sightline.access.scopes import Scope, in_words


@dataclass(frozen=True)
class PersonRow:
    """A person in the list."""

    pk: int
    name: str
    post: str
    employer: str
    holds: tuple[str, ...]  # roles today, with where
    has_access: bool


@dataclass(frozen=True)
class AssignmentRow:
    """A role somebody holds, held, or will hold."""

    pk: int
    role: str
    sentence: str
    where: str
    starts: dt.date
    ends: dt.date | None
    state: str  # now, to come or over


def _titles() -> dict[str, definitions.Role]:
    return {item.code: item for item in definitions.roles()}


def _where(item: Assignment) -> str:
    return in_words(Scope(item.scope_kind, item.scope_key))


def people(found: Iterable[User], *, today: dt.date) -> tuple[PersonRow, ...]:
    """People with the roles they hold today. Employers and assignments are fetched already."""
    titles = _titles()
    return tuple(
        PersonRow(
            pk=person.pk,
            name=person.name,
            post=person.designation,
            employer=person.organisation.name if person.organisation else "",
            holds=tuple(
                f"{titles[item.role].title if item.role in titles else item.role}, {_where(item)}"
                for item in person.assignments.all()
                if is_live(item, today=today)
            ),
            has_access=person.is_active,
        )
        for person in found
    )


def assignments(found: Iterable[Assignment], *, today: dt.date) -> tuple[AssignmentRow, ...]:
    """Assignments with what the role is called, where it reaches and whether it is in force."""
    titles = _titles()
    return tuple(
        AssignmentRow(
            pk=item.pk,
            role=titles[item.role].title if item.role in titles else item.role,
            sentence=titles[item.role].sentence if item.role in titles else "",
            where=_where(item),
            starts=item.starts,
            ends=item.ends if item.ended_at is None else item.ended_at.date(),
            state=_state(item, today),
        )
        for item in found
    )


def _state(item: Assignment, today: dt.date) -> str:
    if is_live(item, today=today):
        return "now"
    return "to come" if item.ended_at is None and item.starts > today else "over"


def roles() -> tuple[definitions.Role, ...]:
    """Every role, for the list beside the form."""
    return definitions.roles()
