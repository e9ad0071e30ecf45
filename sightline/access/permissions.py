"""Whether somebody may do something, and what they are told when they may not.

Contexts build their doors on `require`. Not yours: `NotFound`. Yours to see but not to do:
`NotPermitted`, naming who can.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from sightline.access import queries, roles
from sightline.access.actors import Actor, CommandLine
from sightline.access.enums import Permission
from sightline.access.models import User
from sightline.access.scopes import NATIONAL, Scope
from sightline.kernel.errors import NotFound, NotPermitted

__all__ = [
    "EVERYONE", "NATIONAL", "OPEN", "Permission", "Scope", "SeenBy",
    "forget", "holds", "holds_anywhere", "require", "scopes_held", "who_can",
]  # fmt: skip


OPEN: Final = frozenset({
    Permission.FRAMEWORK_VIEW, Permission.PARTNERSHIP_VIEW, Permission.PUBLISHED_VIEW,
})  # fmt: skip
"""What these show is the same for everybody, so held anywhere they are held everywhere."""

EVERYONE: Final = "everyone"
SeenBy: TypeAlias = Permission | Literal["everyone"] | None
"""Who may know that a thing exists without being able to use it."""

Somebody: TypeAlias = Actor | AnonymousUser


@dataclass(frozen=True)
class _Grant:
    scope: Scope
    permissions: frozenset[Permission]


_CACHE: Final = "_sightline_grants"


def _grants(person: User) -> tuple[_Grant, ...]:
    """The person's live assignments, read once per day and `User` object.

    A request has its own `User` object, so a list page asks the database once however many rows
    it checks, and a change made in one request is seen in the next.
    """
    today = timezone.localdate()
    held: tuple[dt.date, tuple[_Grant, ...]] | None = getattr(person, _CACHE, None)
    if held is None or held[0] != today:
        grants = tuple(
            _Grant(Scope(item.scope_kind, item.scope_key), roles.permissions_of(item.role))
            for item in queries.live_assignments(person, on=today)
        )
        held = (today, grants)
        setattr(person, _CACHE, held)
    return held[1]


def forget(person: User) -> None:
    """Read this person's assignments again, because they have just changed."""
    if hasattr(person, _CACHE):
        delattr(person, _CACHE)


def holds(
    actor: Somebody,
    permission: Permission,
    *,
    scope: Scope = NATIONAL,
    also: Collection[Scope] = (),
) -> bool:
    """Whether `actor` holds `permission` over `scope`, or over one of `also`.

    A national assignment always counts. The command line holds everything: whoever runs it could
    read the database itself. An anonymous or deactivated person holds nothing.
    """
    if isinstance(actor, CommandLine):
        return True
    if permission in OPEN:
        return holds_anywhere(actor, permission)
    if not isinstance(actor, User) or not actor.is_active:
        return False
    reach = {NATIONAL, scope, *also}
    return any(permission in item.permissions and item.scope in reach for item in _grants(actor))


def holds_anywhere(actor: Somebody, permission: Permission) -> bool:
    """Whether `actor` holds `permission` in any scope at all."""
    if isinstance(actor, CommandLine):
        return True
    if not isinstance(actor, User) or not actor.is_active:
        return False
    return any(permission in item.permissions for item in _grants(actor))


def scopes_held(actor: Somebody, permission: Permission) -> frozenset[Scope]:
    """Where `actor` holds `permission`, for filtering a list; `NATIONAL` means all."""
    if isinstance(actor, CommandLine):
        return frozenset({NATIONAL})
    if not isinstance(actor, User) or not actor.is_active:
        return frozenset()
    return frozenset(item.scope for item in _grants(actor) if permission in item.permissions)


_ANYWHERE: Final = "for all of Scotland"
_REACHES: Final = {
    "national": _ANYWHERE,
    "partnership": "in this partnership",
    "inspection": "in this inspection",
}


def who_can(permission: Permission) -> list[str]:
    """Titles of the roles that permit this."""
    return roles.titles_with(permission)


def _sees(actor: Somebody, seen_by: SeenBy, scope: Scope, also: Collection[Scope]) -> bool:
    if seen_by is None:
        return False
    if seen_by == EVERYONE:
        return isinstance(actor, User) and actor.is_active
    return holds(actor, Permission(seen_by), scope=scope, also=also)


def require(
    actor: Somebody,
    permission: Permission,
    *,
    scope: Scope = NATIONAL,
    also: Collection[Scope] = (),
    seen_by: SeenBy = None,
    thing: str = "this page",
) -> None:
    """Pass whoever holds `permission` over `scope`; refuse anybody else in the right way.

    Args:
        actor: who asks.
        permission: what they need.
        scope: what the thing belongs to.
        also: wider scopes that count as well, such as the inspection's partnership.
        seen_by: the permission with which somebody may know that the thing exists, or `EVERYONE`
            signed in. None: only those who hold `permission` itself.
        thing: what was asked for, in words, such as "this inspection".

    Raises:
        NotFound: a stranger, who learns nothing, not even that the thing exists.
        NotPermitted: they may see it but not do this; the message says who can.
    """
    if holds(actor, permission, scope=scope, also=also):
        return
    if not _sees(actor, seen_by, scope, also):
        raise NotFound(f"There is no such page, or {thing} is not yours to see.")
    raise refusal(permission, scope, thing)


def refusal(
    permission: Permission, scope: Scope, thing: str, *, here_only: bool = False
) -> NotPermitted:
    """What somebody is told who may see a thing and not do this: the roles that can.

    `here_only`: the door counts the permission over this very scope alone, so that holding it for
    all of Scotland would not help.
    """
    people = " or ".join(title.lower() for title in who_can(permission))
    places = [_REACHES[scope.kind]]
    if not here_only and _ANYWHERE not in places:
        places.append(_ANYWHERE)
    return NotPermitted(
        f"You cannot do this to {thing}. You need to be {people}, with that role "
        f"{' or '.join(places)}.",
        permission=permission,
    )
