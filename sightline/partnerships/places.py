"""Reads about places: data zones, and how deprived they are by which version of the index.

Every figure says which vintage it is of. Population is in `people`, localities and calendars in
`localities`.

What is worked out from a load is kept in memory by its key and checksum: its rows never change.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from sightline.kernel.errors import BadInput, NotFound
from sightline.kernel.periods import Period
from sightline.partnerships import bands as banding
from sightline.partnerships.datasets import (
    Dataset,
    DatasetKind,
    SchoolYears,
    dataset,
    datasets,
)
from sightline.partnerships.models import DataZone, DeprivationRank, Population, ReferenceLoad
from sightline.partnerships.queries import all_partnerships, partnership

Scope = Literal["scotland", "health-board", "council"]
Key = tuple[int, str]
"""A load: its row, and the checksum of its file."""
SCOPES: Final[tuple[Scope, ...]] = ("scotland", "health-board", "council")


@dataclass(frozen=True)
class Zone:
    """A data zone: its code, geography, partnership and intermediate zone."""

    code: str
    geography: str
    partnership: str
    intermediate_zone: str


def zone(code: str) -> Zone:
    """The data zone with this code: one query.

    Raises:
        NotFound: there is none, in words that say which geography is held.
    """
    row = (
        DataZone.objects.filter(code=code, load__replaced_at=None)
        .values_list("code", "geography", "partnership", "intermediate_zone")
        .first()
    )
    if row is None:
        raise NotFound(_no_such_zone(code))
    return Zone(*row)


def zones_of(area: str) -> tuple[Zone, ...]:
    """Every data zone of a partnership, in order of code, of whichever geographies are loaded."""
    rows = DataZone.objects.filter(partnership=area, load__replaced_at=None).order_by("code")
    return tuple(
        Zone(*row)
        for row in rows.values_list("code", "geography", "partnership", "intermediate_zone")
    )


def _no_such_zone(code: str) -> str:
    held = DataZone.objects.filter(load__replaced_at=None)
    geographies = sorted(set(held.values_list("geography", flat=True).distinct()))
    if not geographies:
        return (
            "No data zones are loaded yet. `sightline reference load FILE` loads an index of "
            "deprivation, which names them."
        )
    said = " or ".join(f"the {name} geography" for name in geographies)
    count = held.count()
    return (
        f"There is no data zone {code} in {said}, which has {count:,}. Check the code; another "
        "geography has other codes."
    )


@dataclass(frozen=True)
class Held:
    """A dataset and its current load; null while it is not loaded."""

    dataset: Dataset
    load: ReferenceLoad | None

    @property
    def rows(self) -> str:
        """Rows of its file as people write them, "none" while it is not loaded."""
        return f"{self.load.rows:,}" if self.load else "none"


def held() -> tuple[Held, ...]:
    """Every dataset there is, each with its current load: one query."""
    loads = {load.dataset: load for load in ReferenceLoad.objects.filter(replaced_at=None)}
    return tuple(Held(one, loads.get(one.code)) for one in datasets())


def current(kind: DatasetKind) -> list[tuple[Dataset, ReferenceLoad]]:
    """Every dataset of a kind that is loaded, with its current load."""
    return [(h.dataset, h.load) for h in held() if h.dataset.kind is kind and h.load is not None]


def current_load(code: str) -> ReferenceLoad:
    """The current load of a dataset.

    Raises:
        NotFound: there is no such dataset, or it is not loaded.
    """
    wanted = dataset(code)
    load = ReferenceLoad.objects.filter(dataset=code, replaced_at=None).first()
    if load is None:
        raise NotFound(
            f"{wanted.title} is not loaded here. Get it from {wanted.publisher}, then "
            "`sightline reference load FILE`."
        )
    return load


# -- deprivation


@dataclass(frozen=True)
class Version:
    """The version of the index to use for an event, and a note where it is not meant for it."""

    dataset: str
    vintage: str
    note: str = ""


def _starts(years: SchoolYears) -> int:
    return int(years.first[:4])


def _ends(years: SchoolYears) -> int:
    return int(years.last[:4]) if years.last else _LATEST


_LATEST: Final = 9999


def version_for(day: dt.date, *, geography: str = "2011") -> Version:
    """The version of the index of deprivation for an event on a day, by the rule in its definition.

    The definitions say for which school years (1 August to 31 July) each version is used. Between
    two of them the nearer is given, the later of two as near, with a note.

    Raises:
        NotFound: no index of this geography is defined.
    """
    year = day.year if day.month >= Period.school("2020/21").first.month else day.year - 1
    found = [
        (one, one.event_years)
        for one in datasets()
        if one.event_years is not None and one.geography == geography
    ]
    if not found:
        raise NotFound(f"No index of deprivation is defined for the {geography} geography.")

    def apart(years: SchoolYears) -> int:
        return max(_starts(years) - year, year - _ends(years), 0)

    best, years = min(found, key=lambda pair: (apart(pair[1]), -_starts(pair[1])))
    note = ""
    if apart(years):
        said = f"{year}/{(year + 1) % 100:02d}"
        until = f" to {years.last}" if years.last else " on"
        note = (
            f"No version is meant for {said}; the nearest is {best.vintage}, meant for "
            f"{years.first}{until}."
        )
    return Version(best.code, best.vintage, note)


@dataclass(frozen=True)
class Weighting:
    """What makes bands equal: data zones (`year` 0), or people of the index or of a year.

    `people` is "zones", "index" (the people the index itself was made with) or "year".
    """

    by: Literal["zones", "index", "year"] = "zones"
    year: int = 0

    def __post_init__(self) -> None:
        if (self.by == "year") != bool(self.year):
            raise BadInput("Bands by the people of a year need the year, and no others do.")


BY_ZONES: Final = Weighting()


@dataclass(frozen=True)
class Bands:
    """The band of every data zone, 1 for the most deprived, and how it was made.

    Attributes:
        of: band by data zone.
        number: how many bands there are.
        version: vintage of the index.
        scope: within what the bands are shares.
        weighting: what they are equal shares of, in words, with the vintage of any people.
    """

    of: Mapping[str, int]
    number: int
    version: str
    scope: Scope
    weighting: str

    def __getitem__(self, code: str) -> int:
        if code not in self.of:
            raise NotFound(f"There is no data zone {code} in this index ({self.version}).")
        return self.of[code]


def bands(
    version: str,
    *,
    number: int = banding.QUINTILES,
    scope: Scope = "scotland",
    weighting: Weighting = BY_ZONES,
) -> Bands:
    """Quintiles (or `number` bands) of deprivation of every data zone, by the rule of M-03.

    Args:
        version: code of the dataset of the index, such as `simd-2020v2`.
        number: 5 or 10, or any other number of bands.
        scope: shares of Scotland, of each health board, or of each council.
        weighting: equal shares of data zones, or of people and then of which vintage.

    Raises:
        NotFound: the index, or the population asked for, is not loaded.
        BadInput: the weighting cannot be made from what is loaded.
    """
    if scope not in SCOPES:
        raise BadInput(f"{scope!r} is no scope; there are {', '.join(SCOPES)}.")
    load = current_load(version)
    people = None
    said = "equal shares of data zones"
    if weighting.by == "index":
        counted = dataset(version).people_counted or "not stated when"
        said = f"equal shares of people, as the index counted them ({counted})"
    elif weighting.by == "year":
        people = _zone_population(weighting.year, load.geography)
        said = f"equal shares of people, {people.vintage}"
    areas = zones_load(load.geography)
    counts = key_of(people) if people else None
    found = _bands(key_of(load), areas, counts, weighting.by, number, scope)
    return Bands(found, number, load.vintage, scope, said)


def key_of(load: ReferenceLoad) -> Key:
    """What results worked out from a load are kept under."""
    return load.pk, load.sha256


def zones_load(geography: str) -> Key:
    """Key of the load that names the data zones of a geography, or `NotFound`."""
    row = DataZone.objects.filter(geography=geography, load__replaced_at=None)
    key = row.values_list("load_id", "load__sha256").first()
    if key is None:
        raise NotFound(f"The data zones of the {geography} geography are not loaded.")
    return key


def _zone_population(year: int, geography: str) -> ReferenceLoad:
    for one, load in current(DatasetKind.ZONE_POPULATION):
        if (one.year, one.geography) == (year, geography):
            return load
    raise NotFound(
        f"No population of data zones of mid-{year} is loaded. `sightline reference status` says "
        "what is."
    )


@lru_cache(maxsize=4)
def zones_of_load(load: Key) -> Mapping[str, str]:
    """Every data zone that a load names, with its partnership."""
    rows = DataZone.objects.filter(load=load[0])
    return dict(rows.values_list("code", "partnership"))


@lru_cache(maxsize=4)
def _ranks_of(load: Key) -> Mapping[str, tuple[int, int | None]]:
    rows = DeprivationRank.objects.filter(load=load[0])
    return {zone: (rank, n) for zone, rank, n in rows.values_list("zone", "overall", "people")}


@lru_cache(maxsize=4)
def _people_of(load: Key) -> Mapping[str, int]:
    found: dict[str, int] = {}
    for place, people in Population.objects.filter(load=load[0]).values_list("place", "people"):
        found[place] = found.get(place, 0) + people
    return found


@lru_cache(maxsize=32)
def _bands(
    load: Key, areas: Key, people: Key | None, by: str, number: int, scope: Scope
) -> Mapping[str, int]:
    ranks = _ranks_of(load)
    weights: Mapping[str, int | None] = dict.fromkeys(ranks, 1)
    if by == "index":
        weights = {zone: counted for zone, (_, counted) in ranks.items()}
    elif people is not None:
        counts = _people_of(people)
        weights = {zone: counts.get(zone) for zone in ranks}
    unknown = sum(weight is None for weight in weights.values())
    if unknown:
        raise BadInput(f"{unknown:,} data zones have no count of people, so no bands can be made.")
    ranked = [banding.Ranked(zone, rank, weights[zone] or 0) for zone, (rank, _) in ranks.items()]
    if scope == "scotland":
        return banding.bands(ranked, number)
    area = zones_of_load(areas)
    if scope == "council":
        return banding.bands_within(ranked, number, group=area.__getitem__)
    boards = {one.code: one.health_board for one in all_partnerships()}
    return banding.bands_within(ranked, number, group=lambda zone: boards[area[zone]])


@dataclass(frozen=True)
class Ranks:
    """Overall rank of every data zone of a partnership by one version, 1 the most deprived.

    `of` is how many data zones are ranked in all.
    """

    by_zone: Mapping[str, int]
    of: int
    vintage: str
    source: str
    licence: str

    def in_most_deprived(self, per_cent: int) -> int:
        """How many of these zones are in the most deprived per cent of all."""
        return banding.in_most_deprived(self.by_zone, per_cent, of=self.of)


def ranks(area: str, version: str) -> Ranks:
    """Ranks of the data zones of a partnership by one version of the index.

    Raises:
        NotFound: there is no such partnership, the version is not loaded, or it ranks none of its
            data zones.
    """
    code = partnership(area).code
    load = current_load(version)
    areas, all_ranks = zones_of_load(zones_load(load.geography)), _ranks_of(key_of(load))
    found = {zone: rank for zone, (rank, _) in all_ranks.items() if areas[zone] == code}
    if not found:
        raise NotFound(f"The index ({load.vintage}) ranks no data zone of {area}.")
    return Ranks(found, len(all_ranks), load.vintage, load.source, load.licence)


@dataclass(frozen=True)
class RankOfZone:
    """The rank of one data zone by one version, out of how many, and its fifth of Scotland."""

    version: str
    vintage: str
    rank: int
    of: int
    fifth: int


@dataclass(frozen=True)
class PeopleOfZone:
    """People of one data zone, in one vintage."""

    people: int
    vintage: str
    source: str


@dataclass(frozen=True)
class ZoneFacts:
    """All that is held of one data zone, each figure with its vintage."""

    zone: Zone
    area: str
    name: str
    ranks: tuple[RankOfZone, ...]
    people: tuple[PeopleOfZone, ...]


def zone_facts(code: str) -> ZoneFacts:
    """All that is held of a data zone.

    Raises:
        NotFound: as `zone`.
    """
    found = zone(code)
    name, people = "", []
    for one, load in current(DatasetKind.ZONE_POPULATION):
        if one.geography != found.geography:
            continue
        rows = Population.objects.filter(load=load, place=code).values_list("name", "people")
        name = name or next((row[0] for row in rows), "")
        people.append(PeopleOfZone(sum(row[1] for row in rows), load.vintage, load.source))
    ranked = []
    for one, load in current(DatasetKind.DEPRIVATION):
        if one.geography == found.geography:
            held_ranks = _ranks_of(key_of(load))
            fifth = bands(one.code)[code]
            ranked.append(
                RankOfZone(one.code, load.vintage, held_ranks[code][0], len(held_ranks), fifth)
            )
    area = partnership(found.partnership).name
    return ZoneFacts(found, area, name, tuple(ranked), tuple(people))
