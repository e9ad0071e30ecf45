"""Roles as data: what each is called, where it may be given, what it permits.

`definitions/access/roles@1.yaml` holds them. A bad file stops the start.
"""

from enum import StrEnum
from functools import lru_cache

from django.conf import settings
from pydantic import Field, model_validator

from sightline.access.enums import Permission
from sightline.access.models import Assignment
from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import BadDefinition, NotFound

ScopeKind = Assignment.ScopeKind


class Landing(StrEnum):
    """What somebody meets first after signing in."""

    INSPECTIONS = "inspections"  # the inspections they work on
    PARTNERSHIP = "partnership"  # their partnership's page
    FINDINGS = "findings"  # the overview across published inspections
    PEOPLE = "people"  # who has access
    AUDIT = "audit"  # who did what


class Role(Closed):
    """A named set of permissions, with a sentence for people."""

    code: Code
    title: Words
    sentence: Words = Field(description="What somebody in this role does and sees.")
    scopes: tuple[ScopeKind, ...] = Field(min_length=1)
    permissions: tuple[Permission, ...] = Field(min_length=1)
    lands_on: Landing
    second_factor: bool = Field(
        default=False, description="Whether a password alone is too little for what it opens."
    )

    @model_validator(mode="after")
    def nothing_is_listed_twice(self) -> "Role":
        """A permission or scope kind given twice is a slip of editing."""
        for what in (self.scopes, self.permissions):
            if len(set(what)) < len(what):
                raise ValueError(f"{', '.join(what)} repeats an item; keep each once")
        return self


class RoleSet(Definition):
    """All roles."""

    roles: tuple[Role, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def codes_and_titles_are_unique(self) -> "RoleSet":
        """Two roles of one name could not be told apart."""
        for values in ([r.code for r in self.roles], [r.title for r in self.roles]):
            twice = sorted({value for value in values if values.count(value) > 1})
            if twice:
                raise ValueError(f"{', '.join(twice)} is given twice; name each role once")
        return self

    @model_validator(mode="after")
    def every_permission_is_somebodys(self) -> "RoleSet":
        """A permission no role holds would lock its pages for ever."""
        held = {permission for role in self.roles for permission in role.permissions}
        missing = sorted(set(Permission) - held)
        if missing:
            raise ValueError(f"no role holds {', '.join(missing)}; give it to one")
        return self


@lru_cache(maxsize=1)
def _role_sets() -> Registry[RoleSet]:
    found = Registry.load(RoleSet, settings.SIGHTLINE_DEFINITIONS / "access")
    if not len(found):
        raise BadDefinition("definitions/access holds no roles@1.yaml; put it back.")
    return found


@lru_cache(maxsize=1)
def _by_code() -> dict[str, Role]:
    return {item.code: item for item in _role_sets().latest("roles").roles}


def roles() -> tuple[Role, ...]:
    """Every role, in the order of the file."""
    return tuple(_by_code().values())


def role(code: str) -> Role:
    """The role with this code, or `NotFound` naming those there are."""
    try:
        return _by_code()[code]
    except KeyError:
        known = ", ".join(_by_code())
        raise NotFound(f"There is no role {code}. There are: {known}.") from None


def permissions_of(code: str) -> frozenset[Permission]:
    """What a role permits; nothing for a role that no longer exists."""
    found = _by_code().get(code)
    return frozenset(found.permissions) if found else frozenset()


def asking_for_a_second_factor() -> frozenset[str]:
    """Codes of the roles for which a password alone is too little."""
    return frozenset(code for code, item in _by_code().items() if item.second_factor)


def titles_with(permission: Permission) -> list[str]:
    """Titles of the roles that permit this, in the order of the file."""
    return [item.title for item in roles() if permission in item.permissions]
