"""What the pages about people show."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from allauth.mfa.models import Authenticator

from sightline.access import roles as definitions
from sightline.access.models import Assignment, User
from sightline.access.queries import is_live
from sightline.access.scopes import Wording


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


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey, as its owner sees it."""

    pk: int
    name: str
    added: dt.datetime
    used: dt.datetime | None


def passkeys(found: Iterable[Authenticator]) -> tuple[PasskeyRow, ...]:
    """Those of a person's factors that are passkeys."""
    return tuple(
        PasskeyRow(item.pk, item.data["name"], item.created_at, item.last_used_at)
        for item in found
        if item.type == Authenticator.Type.WEBAUTHN
    )


def _titles() -> dict[str, definitions.Role]:
    return {item.code: item for item in definitions.roles()}


def _title(titles: Mapping[str, definitions.Role], item: Assignment) -> str:
    """What the role is called; its code when there is no such role any more."""
    return titles[item.role].title if item.role in titles else item.role


def people(found: Iterable[User], *, today: dt.date) -> tuple[PersonRow, ...]:
    """People with the roles they hold today. Employers and assignments are fetched already."""
    titles, where = _titles(), Wording()
    return tuple(
        PersonRow(
            pk=person.pk,
            name=person.name,
            post=person.designation,
            employer=person.organisation.name if person.organisation else "",
            holds=tuple(
                f"{_title(titles, item)}, {where.of(item.scope_kind, item.scope_key)}"
                for item in person.assignments.all()
                if is_live(item, today=today)
            ),
            has_access=person.is_active,
        )
        for person in found
    )


def assignments(found: Iterable[Assignment], *, today: dt.date) -> tuple[AssignmentRow, ...]:
    """Assignments with what the role is called, where it reaches and whether it is in force."""
    titles, where = _titles(), Wording()
    return tuple(
        AssignmentRow(
            pk=item.pk,
            role=_title(titles, item),
            sentence=titles[item.role].sentence if item.role in titles else "",
            where=where.of(item.scope_kind, item.scope_key),
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
