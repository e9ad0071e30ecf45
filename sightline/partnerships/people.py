"""Reads about population: how many people of which ages lived in a place, in the middle of a year.

Vintages are never mixed. A year that is not held is an error; the nearest one is given only to
whoever asks for the nearest, with a note. These are published counts, not counts of children known
to services, so nothing is hidden.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Literal

from sightline.kernel.errors import BadInput, NotFound
from sightline.partnerships.datasets import OLDEST, Dataset, DatasetKind
from sightline.partnerships.models import Locality, LocalityZone, Population, ReferenceLoad
from sightline.partnerships.places import Key, current, key_of, zones_load, zones_of_load
from sightline.partnerships.queries import Partnership, partnership

Sex = Literal["persons", "female", "male"]
Ages = tuple[int, int]
EVERYBODY: Final[Ages] = (0, OLDEST)
BROAD_AGES: Final[tuple[Ages, ...]] = (
    (0, 4), (5, 11), (12, 15), (16, 17), (18, 25), (26, 44), (45, 64), (65, 79), (80, OLDEST)
)  # fmt: skip
"""The ages shown on a partnership's page: children by stage of school, then adults."""


@dataclass(frozen=True)
class Count:
    """People of a place in the middle of one year.

    Attributes:
        people: how many.
        year: the middle of which year they were counted in.
        vintage, source, licence: the file they come from, and who published it.
        made_from: how the figure was come by, in words.
        note: what a reader must be told; empty when the year is the one asked for.
    """

    people: int
    year: int
    vintage: str
    source: str
    licence: str
    made_from: str
    note: str = ""


@dataclass(frozen=True)
class _Added:
    """Rows of one sex, added up; `ages` is null where the file gives totals alone."""

    people: int
    ages: tuple[int, ...] | None


def _add(rows: Iterable[tuple[str, int, list[int] | None]]) -> dict[str, _Added]:
    found: dict[str, tuple[int, list[int] | None]] = {}
    for sex, people, ages in rows:
        before, counted = found.get(sex, (0, [0] * (OLDEST + 1) if ages else None))
        if counted is not None and ages is not None:
            counted = [one + other for one, other in zip(counted, ages, strict=True)]
        found[sex] = (before + people, counted)
    return {sex: _Added(n, tuple(a) if a is not None else None) for sex, (n, a) in found.items()}


def _rows(load: int, places: Iterable[str]) -> dict[str, _Added]:
    rows = Population.objects.filter(load=load, place__in=list(places))
    return _add(rows.values_list("sex", "people", "ages"))


@lru_cache(maxsize=256)
def _of_area(load: Key, areas: Key, code: str) -> tuple[int, Mapping[str, _Added]]:
    """How many data zones a partnership has, and their rows added up."""
    zones = [zone for zone, area in zones_of_load(areas).items() if area == code]
    return len(zones), _rows(load[0], zones)


def _whole(added: Mapping[str, _Added], sex: Sex, ages: Ages) -> int:
    """The people of a sex and ages, or `NotFound` saying what the file lacks."""
    if sex in added:
        parts = [added[sex]]
    elif sex == "persons" and {"female", "male"} <= set(added):
        parts = [added["female"], added["male"]]
    else:
        raise NotFound("it does not tell the sexes apart" if added else "it has no row for it")
    if ages == EVERYBODY:
        return sum(part.people for part in parts)
    if any(part.ages is None for part in parts):
        raise NotFound("it gives totals alone, and no ages")
    first, last = ages
    return sum(sum(part.ages[first : last + 1]) for part in parts if part.ages is not None)


def _check(ages: Ages) -> None:
    first, last = ages
    if not 0 <= first <= last <= OLDEST:
        raise BadInput(
            f"Ages {first} to {last} cannot be counted; give completed years from 0 to {OLDEST}, "
            f"of which {OLDEST} is {OLDEST} and over."
        )


def _loaded(area: Partnership, year: int | None = None) -> list[tuple[Dataset, ReferenceLoad]]:
    """Populations that are loaded (of one year, if given): councils' own before sums of zones."""
    found = [*current(DatasetKind.COUNCIL_POPULATION), *current(DatasetKind.ZONE_POPULATION)]
    return [
        (one, load)
        for one, load in found
        if one.invented == area.invented and year in {None, one.year}
    ]


def _added_up(one: Dataset, load: ReferenceLoad, code: str) -> tuple[str, Mapping[str, _Added]]:
    """What a file has for a partnership's area, and how that was come by, in words."""
    if one.kind is DatasetKind.COUNCIL_POPULATION:
        return "figures for the council area", _rows(load.pk, [code])
    zones, added = _of_area(key_of(load), zones_load(load.geography), code)
    return f"{zones:,} data zones added up", added


def _count(one: Dataset, load: ReferenceLoad, people: int, made_from: str) -> Count:
    return Count(people, one.year or 0, load.vintage, load.source, load.licence, made_from)


def population(area: str, *, year: int, sex: Sex = "persons", ages: Ages = EVERYBODY) -> Count:
    """People of a partnership's area in the middle of a year.

    Args:
        area: code of the partnership.
        year: the year, which must be loaded.
        sex: persons, female or male.
        ages: youngest and oldest completed year counted, both included; 90 is 90 and over.

    Raises:
        NotFound: there is no such partnership, the year is not loaded, or its files do not tell the
            ages or sexes apart; says which years are loaded.
        BadInput: the ages cannot be counted.
    """
    found = partnership(area)
    _check(ages)
    reasons = []
    for one, load in _loaded(found, year):
        made_from, added = _added_up(one, load, found.code)
        try:
            return _count(one, load, _whole(added, sex, ages), made_from)
        except NotFound as reason:
            reasons.append(f"{load.vintage} ({one.code}): {reason}")
    if reasons:
        why = "; ".join(reasons)
        raise NotFound(f"That cannot be told of {found.name} in {year}. {why}.")
    raise NotFound(f"No population of mid-{year} is loaded. {_years_held(found)}")


def _years_held(area: Partnership) -> str:
    years = sorted({one.year for one, _ in _loaded(area) if one.year})
    return f"Loaded are: {', '.join(map(str, years))}." if years else "None is loaded yet."


def nearest_population(
    area: str, *, year: int, sex: Sex = "persons", ages: Ages = EVERYBODY
) -> Count:
    """As `population`, of the nearest year that can tell, the later of two as near.

    The count's `year` is the one it is of, and its `note` says so unless it is the year asked for.

    Raises:
        NotFound, BadInput: as `population`; no year can tell.
    """
    years = {one.year for one, _ in _loaded(partnership(area)) if one.year}
    for found in sorted(years, key=lambda held: (abs(held - year), -held)):
        try:
            count = population(area, year=found, sex=sex, ages=ages)
        except NotFound:
            continue
        if found == year:
            return count
        note = f"Of mid-{found}, the nearest year held to {year}."
        return replace(count, note=note)
    return population(area, year=year, sex=sex, ages=ages)


def latest_population_by_age(area: str) -> tuple[Count, tuple[tuple[Ages, int], ...]]:
    """Everybody in an area in the latest year that has ages, and people of each of `BROAD_AGES`.

    Raises:
        NotFound: there is no such partnership, or no population with ages is loaded for it.
    """
    whose = partnership(area)
    code = whose.code
    loads = sorted(_loaded(whose), key=lambda pair: -(pair[0].year or 0))
    for one, load in loads:
        made_from, added = _added_up(one, load, code)
        try:
            by_age = tuple((ages, _whole(added, "persons", ages)) for ages in BROAD_AGES)
        except NotFound:
            continue
        return _count(one, load, _whole(added, "persons", EVERYBODY), made_from), by_age
    raise NotFound(f"No population of {whose.name} by age is loaded.")


def population_of_locality(
    locality: Locality, *, on: dt.date, year: int, sex: Sex = "persons", ages: Ages = EVERYBODY
) -> Count:
    """People of a locality, as it was drawn `on` a day, in the middle of a year.

    Raises:
        NotFound: no data zone lies in it on that day, or as `population`.
        BadInput: the ages cannot be counted.
    """
    _check(ages)
    placed = LocalityZone.objects.filter(locality=locality, first__lte=on).exclude(last__lt=on)
    zones = sorted(placed.values_list("zone", flat=True))
    if not zones:
        raise NotFound(f"No data zone lies in {locality.name} on {on}; add its data zones first.")
    reasons = []
    whose = partnership(locality.partnership)
    for one, load in _loaded(whose, year):
        if one.kind is not DatasetKind.ZONE_POPULATION:
            continue
        try:
            people = _whole(_rows(load.pk, zones), sex, ages)
        except NotFound as reason:
            reasons.append(f"{load.vintage}: {reason}")
            continue
        made_from = f"{len(zones):,} data zones added up, as the locality was on {on}"
        return _count(one, load, people, made_from)
    why = "; ".join(reasons)
    if why:
        raise NotFound(f"That cannot be told of {locality.name} in {year}. {why}.")
    raise NotFound(f"No population of data zones of mid-{year} is loaded. {_years_held(whose)}")


def by_single_age(
    area: str, *, year: int, zones: Iterable[str] | None = None
) -> Mapping[Sex, tuple[int, ...]]:
    """People of each completed age, from 0 to 90 and over, by sex, in the middle of a year.

    Args:
        area: code of the partnership.
        year: the year.
        zones: only in these data zones; the whole area when None.

    Returns:
        By sex, 91 numbers. Empty when no file of that year tells ages (of zones, where zones are
        asked for): nothing is made up.

    Raises:
        NotFound: there is no such partnership.
    """
    found = partnership(area)
    for one, load in _loaded(found, year):
        if zones is not None and one.kind is not DatasetKind.ZONE_POPULATION:
            continue
        added = _rows(load.pk, zones) if zones is not None else _added_up(one, load, found.code)[1]
        known = {sex: part.ages for sex, part in added.items() if part.ages is not None}
        if "persons" not in known and {"female", "male"} <= set(known):
            both = zip(known["female"], known["male"], strict=True)
            known["persons"] = tuple(one + other for one, other in both)
        if known:
            sexes: tuple[Sex, ...] = ("persons", "female", "male")
            return {sex: known[sex] for sex in sexes if sex in known}
    return {}
