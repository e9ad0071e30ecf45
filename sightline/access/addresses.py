"""What every address declares: who may open it, and how far the right must reach.

Each view is declared with `@address`. It sends people who have not signed in to do so, and refuses,
for a page that concerns no single object, whoever lacks the permission. For an object the door
inside the view decides. The declarations make the permission table, and a test tries each address
in each role against it; an address without one fails the build.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Final, Literal, ParamSpec, TypeAlias

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.urls import URLResolver, get_resolver

from sightline.access.enums import Permission
from sightline.access.permissions import EVERYONE, NATIONAL, SeenBy, holds_anywhere, require
from sightline.kernel.errors import NotFound

Reach: TypeAlias = Literal["public", "signed-in", "national", "partnership", "inspection"]
P = ParamSpec("P")
View: TypeAlias = Callable[P, HttpResponseBase]

_ATTRIBUTE: Final = "sightline_address"


@dataclass(frozen=True)
class Declaration:
    """Who may open an address.

    `scope` says how far the right must reach: `public` (nobody is asked to sign in), `signed-in`
    (with `needs`: held anywhere), `national` (held for all of Scotland), `partnership` or
    `inspection` (held over the one the address names; its door checks). Somebody without `needs`
    meets 403 if they hold `seen_by` (one of them, where it names several), otherwise 404.
    `or_needs` open it in place of `needs` where the thing is of another kind, which its door tells
    apart. `without_factor`: also open to somebody who has still to set up the second factor their
    role asks for, as public addresses are.
    """

    needs: Permission | None
    scope: Reach
    seen_by: SeenBy | frozenset[Permission] = None
    without_factor: bool = False
    or_needs: frozenset[Permission] = frozenset()

    def __post_init__(self) -> None:
        if self.scope == "public" and self.needs is not None:
            raise ValueError("A public address asks nobody for a permission; leave out `needs`.")
        if self.scope in {"national", "partnership", "inspection"} and self.needs is None:
            raise ValueError(f"A {self.scope} address must say which permission it `needs`.")
        several = bool(self.or_needs) or isinstance(self.seen_by, frozenset)
        if several and self.scope not in {"signed-in", "partnership", "inspection"}:
            raise ValueError(f"A {self.scope} address has no door that could tell kinds apart.")

    @property
    def wanted(self) -> frozenset[Permission]:
        """The permissions that open it, each for things of its kind."""
        return self.or_needs | ({self.needs} if self.needs else set())

    @property
    def seen_with(self) -> frozenset[Permission]:
        """The permissions with which somebody may know of it and not open it."""
        if isinstance(self.seen_by, frozenset):
            return self.seen_by
        return frozenset({self.seen_by} if isinstance(self.seen_by, Permission) else ())


def address(
    *,
    needs: Permission | None,
    scope: Reach,
    seen_by: SeenBy | frozenset[Permission] = None,
    without_factor: bool = False,
    or_needs: frozenset[Permission] = frozenset(),
) -> Callable[[Callable[Concatenate[Any, P], HttpResponseBase]], Callable[..., HttpResponseBase]]:
    """Declare who may open the address this view answers. Put it outermost."""
    declared = Declaration(needs, scope, seen_by, without_factor, or_needs)

    def declare(
        view: Callable[Concatenate[Any, P], HttpResponseBase],
    ) -> Callable[..., HttpResponseBase]:
        @wraps(view)
        def declared_view(
            request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            if declared.scope != "public":
                if not request.user.is_authenticated:
                    return redirect_to_login(request.get_full_path())
                _check(request, declared)
            return view(request, *args, **kwargs)

        setattr(declared_view, _ATTRIBUTE, declared)
        return declared_view

    return declare


def _check(request: HttpRequest, declared: Declaration) -> None:
    """Refuse where no object is needed to know the answer."""
    if declared.needs is None:
        return
    if declared.scope == "national":
        require(request.user, declared.needs, scope=NATIONAL, seen_by=_one(declared.seen_by))
    elif declared.scope == "signed-in" and not _holds_any(request, declared.wanted):
        require(request.user, declared.needs, seen_by=_one(declared.seen_by))
    elif declared.seen_by != EVERYONE and not _holds_any(
        request, declared.wanted | declared.seen_with
    ):
        # They hold none of these over anything, so this object need not be looked up.
        raise NotFound("There is no such page, or it is not yours to see.")


def _one(seen_by: SeenBy | frozenset[Permission]) -> SeenBy:
    """What `require` is told: several are for doors, which know the object."""
    return None if isinstance(seen_by, frozenset) else seen_by


def _holds_any(request: HttpRequest, permissions: frozenset[Permission]) -> bool:
    return any(holds_anywhere(request.user, one) for one in permissions)


def declaration_of(view: object) -> Declaration | None:
    """What a view declares, or None when nobody has said."""
    found = getattr(view, _ATTRIBUTE, None)
    return found if isinstance(found, Declaration) else None


@dataclass(frozen=True)
class Address:
    """One address: its name with namespace, its pattern, the names in its brackets, who may."""

    name: str
    pattern: str
    takes: frozenset[str]
    declared: Declaration | None


def addresses(
    resolver: URLResolver | None = None, namespace: str = "", before: str = ""
) -> Iterator[Address]:
    """Every address of a resolver (of the whole service), in its order."""
    for item in (resolver or get_resolver()).url_patterns:
        shown = before + str(item.pattern).removeprefix("^").removesuffix("$")
        if isinstance(item, URLResolver):
            inner = f"{namespace}{item.namespace}:" if item.namespace else namespace
            yield from addresses(item, inner, shown)
        else:
            yield Address(
                name=f"{namespace}{item.name or ''}",
                pattern=shown,
                takes=frozenset(item.pattern.regex.groupindex),
                declared=declaration_of(item.callback),
            )
