"""Family groups: areas that are laid side by side because the people who live there are alike.

A median among them is of what they have published, never of this service's own figures, and is said
only where at least three others of the group have published one: of two, a median tells nothing.
"""

import statistics
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Protocol

from django.conf import settings
from pydantic import Field

from sightline.kernel.definitions import Closed, Definition, Registry, Words
from sightline.kernel.errors import Fault, Faults, NotFound
from sightline.outcomes.definitions import Source
from sightline.partnerships.queries import find

FEWEST: Final = 3
"""So many others of a group have to have published a figure before their median is said."""


class Group(Closed):
    """Areas of one family, by name."""

    title: Words
    areas: Annotated[tuple[Words, ...], Field(min_length=2)]


class FamilyGroups(Definition):
    """One way of putting areas into families, and on whose authority."""

    title: Words
    source: Source
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]


def load(folder: Path) -> Registry[FamilyGroups]:
    """Read the groupings, and check that no area is in two families.

    Raises:
        SightlineError: naming file, field, fault and fix.
    """
    found = Registry.load(FamilyGroups, folder / "family-groups")
    faults = list(_in_two(found))
    if faults:
        raise Faults("definitions/family-groups", faults)
    return found


def _in_two(found: Iterable[FamilyGroups]) -> Iterator[Fault]:
    for one in found:
        names = Counter(plain(name) for group in one.groups for name in group.areas)
        for name, times in names.items():
            if times > 1:
                yield Fault(f"{one.key} groups", f"{name} is in two", "An area has one family.")


@lru_cache(maxsize=1)
def _registry() -> Registry[FamilyGroups]:
    return load(settings.SIGHTLINE_DEFINITIONS)


@lru_cache(maxsize=512)
def plain(name: str) -> str:
    """An area by the name it goes by here, whichever of its names a publication used."""
    try:
        return find(name).name
    except NotFound:
        return " ".join(name.split())


@dataclass(frozen=True)
class Family:
    """The other areas of an area's family group.

    Attributes:
        title: the group's.
        source: who put them together.
        confirmed: whether that was checked against the source.
        others: their names, the area itself left out.
    """

    title: str
    source: str
    confirmed: bool
    others: frozenset[str]

    def has(self, area: str) -> bool:
        """Whether an area, by any of its names, is one of the others."""
        return plain(area) in self.others


def family_of(area: str) -> Family | None:
    """The family group of an area, by its name; None where it is in none."""
    latest = {one.code: _registry().latest(one.code) for one in _registry()}
    for one in latest.values():
        for group in one.groups:
            names = {plain(name) for name in group.areas}
            if plain(area) in names:
                return Family(
                    group.title, one.source.title, one.source.tag not in {"K", "L"},
                    frozenset(names - {plain(area)}),
                )  # fmt: skip
    return None


class Figure(Protocol):
    """What is asked of a published figure."""

    @property
    def area(self) -> str: ...

    @property
    def period(self) -> str: ...

    @property
    def value(self) -> float | None: ...


@dataclass(frozen=True)
class Median:
    """The median of the others of a family in a period, and of how many; None where of too few."""

    value: float | None
    areas: int


def median_of(family: Family, published: Sequence[Figure], period: str) -> Median:
    """The median of what the others of a family have published of a period."""
    held = {
        plain(one.area): one.value
        for one in published
        if one.period == period and one.value is not None and family.has(one.area)
    }
    values = [value for value in held.values() if value is not None]
    if len(values) < FEWEST:
        return Median(None, len(values))
    return Median(float(statistics.median(values)), len(values))
