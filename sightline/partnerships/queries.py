"""Reads about partnerships. Areas come from definitions, so they cost no database query."""

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from sightline.kernel.errors import NotFound
from sightline.kernel.periods import ImpreciseDate
from sightline.partnerships.definitions import Agency, SupersededCode, areas, names_of, plain_name
from sightline.partnerships.models import (
    Holiday,
    LocalDetail,
    Locality,
    Post,
    StrategicGroup,
    StrategicPlan,
)


@dataclass(frozen=True)
class Partnership:
    """One community planning partnership area."""

    code: str
    name: str
    council_code: str
    health_board: str
    variants: tuple[str, ...]
    superseded_codes: tuple[SupersededCode, ...]
    agencies: tuple[Agency, ...]
    invented: bool

    @property
    def title(self) -> str:
        """The partnership's full name, in words."""
        return f"{self.name} community planning partnership"

    def agency(self, code: str) -> str:
        """The name of one of its agencies; the health board by its own name."""
        if code == "health-board":
            return self.health_board
        if code == "council":
            return f"{self.name} council"
        return next((agency.name for agency in self.agencies if agency.code == code), code)


@lru_cache(maxsize=2)
def _index(with_invented: bool) -> tuple[tuple[Partnership, ...], dict[str, Partnership]]:
    found: list[Partnership] = []
    by_name: dict[str, Partnership] = {}
    for definition in areas():
        if definition.invented and not with_invented:
            continue
        for area in definition.areas:
            partnership = Partnership(
                code=area.code,
                name=area.name,
                council_code=area.council_code,
                health_board=area.health_board,
                variants=area.variants,
                superseded_codes=area.superseded_codes,
                agencies=definition.agencies,
                invented=definition.invented,
            )
            found.append(partnership)
            by_name |= dict.fromkeys(names_of(area), partnership)
    return tuple(sorted(found, key=lambda p: p.name)), by_name


def all_partnerships() -> tuple[Partnership, ...]:
    """Every area by name; the invented one only in a demonstration."""
    return _index(settings.SIGHTLINE_DEMONSTRATION)[0]


def partnership(code: str) -> Partnership:
    """The area with this code, or `NotFound`."""
    found = _index(settings.SIGHTLINE_DEMONSTRATION)[1].get(code)
    if found is None or found.code != code:
        raise NotFound(f"There is no partnership {code!r}. `/partnerships/` lists them.")
    return found


def find(name: str) -> Partnership:
    """The area by any of its names or council codes, old ones included, or `NotFound`."""
    found = _index(settings.SIGHTLINE_DEMONSTRATION)[1].get(plain_name(name))
    if found is None:
        names = ", ".join(p.name for p in all_partnerships())
        raise NotFound(f"No partnership is called {name!r}. There are: {names}.")
    return found


def names() -> dict[str, str]:
    """Name by code, for every area."""
    return {p.code: p.name for p in all_partnerships()}


KINDS: dict[str, type[LocalDetail]] = {
    "localities": Locality,
    "groups": StrategicGroup,
    "plans": StrategicPlan,
    "posts": Post,
    "holidays": Holiday,
}
_ORDER = {"holidays": ("first", "name"), "posts": ("agency", "designation")}


@dataclass(frozen=True)
class Details:
    """What one partnership tells about itself, each in reading order.

    A plan comes with its years in words, a post with the name of its agency.
    """

    localities: tuple[Locality, ...]
    groups: tuple[StrategicGroup, ...]
    plans: tuple[tuple[StrategicPlan, str], ...]
    posts: tuple[tuple[Post, str], ...]
    holidays: tuple[Holiday, ...]


def details(area: Partnership) -> Details:
    """Local details of one partnership: five queries, however many there are."""

    def rows(kind: str) -> tuple[LocalDetail, ...]:
        manager = KINDS[kind]._default_manager
        return tuple(manager.filter(partnership=area.code).order_by(*_ORDER.get(kind, ("name",))))

    return Details(
        localities=rows("localities"),  # type: ignore[arg-type]
        groups=rows("groups"),  # type: ignore[arg-type]
        plans=tuple((plan, str(ImpreciseDate(plan.years))) for plan in rows("plans")),  # type: ignore[attr-defined,misc]
        posts=tuple((post, area.agency(post.agency)) for post in rows("posts")),  # type: ignore[attr-defined,misc]
        holidays=rows("holidays"),  # type: ignore[arg-type]
    )


def holidays(code: str, *, first: dt.date, last: dt.date) -> tuple[Holiday, ...]:
    """Holidays of an area that touch `first` to `last`, both days included."""
    touching = Holiday.objects.filter(partnership=code, first__lte=last, last__gte=first)
    return tuple(touching.order_by("first", "name"))
