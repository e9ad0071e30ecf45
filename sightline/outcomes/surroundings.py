"""What surrounds the children of an area: deprivation and locality of each zone, and population.

Worked out once for a build, from the reference data that is loaded, and kept in it: a figure can be
worked out again from the build alone, whatever is loaded later.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from sightline.kernel.errors import NotFound
from sightline.partnerships import people, places
from sightline.partnerships.models import DataZone, LocalityZone

if TYPE_CHECKING:
    import pyarrow as pa

FIRST_YEAR: Final = 2008
"""The school year in which child-level returns began; nothing held is earlier."""
OLDEST: Final = 25
LONG_AGO: Final = dt.date(1900, 1, 1)
FAR_OFF: Final = dt.date(9999, 12, 31)
_AUGUST: Final = 8

Span = tuple[dt.date, dt.date]


def version_spans(today: dt.date, *, geography: str) -> list[tuple[str, Span]]:
    """By version of the index, the days of events it is used for, both included, in order.

    The first span reaches back, the last one forward: nobody is left without a version.

    Raises:
        NotFound: no index of this geography is defined.
    """
    years = range(FIRST_YEAR, max(today.year, FIRST_YEAR) + 1)
    found = [
        (places.version_for(dt.date(year, _AUGUST, 1), geography=geography).dataset, year)
        for year in years
    ]
    runs = [(code, [year for _, year in run]) for code, run in groupby(found, lambda at: at[0])]
    spans = []
    for place, (code, held) in enumerate(runs):
        first = dt.date(held[0], _AUGUST, 1) if place else LONG_AGO
        last = dt.date(held[-1] + 1, _AUGUST, 1) - dt.timedelta(days=1)
        spans.append((code, (first, last if place < len(runs) - 1 else FAR_OFF)))
    return spans


def cut(
    spans: Iterable[tuple[str | None, Span]], by: Iterable[tuple[str | None, Span]]
) -> Iterator[tuple[str | None, str | None, Span]]:
    """Two divisions of the same time laid over each other: what holds in each piece."""
    others = list(by)
    for one, (first, last) in spans:
        for other, (begun, ended) in others:
            low, high = max(first, begun), min(last, ended)
            if low <= high:
                yield one, other, (low, high)


def whole(spans: Sequence[tuple[str, Span]]) -> list[tuple[str | None, Span]]:
    """The spans in order with what lies before, between and after them, in which nothing holds."""
    found: list[tuple[str | None, Span]] = []
    reached = LONG_AGO
    day = dt.timedelta(days=1)
    for value, (first, last) in sorted(spans, key=lambda at: at[1]):
        if first > reached:
            found.append((None, (reached, first - day)))
        found.append((value, (max(first, reached), last)))
        reached = last + day if last < FAR_OFF else FAR_OFF
    if reached < FAR_OFF or not found:
        found.append((None, (reached, FAR_OFF)))
    return found


def _geographies(zones: Iterable[str]) -> dict[str, str]:
    held = DataZone.objects.filter(code__in=set(zones), load__replaced_at=None)
    return dict(held.values_list("code", "geography"))


def _fifths(geography: str, today: dt.date) -> list[tuple[Mapping[str, int], Span]]:
    """By span, the fifth of every zone of a geography."""
    try:
        spans = version_spans(today, geography=geography)
    except NotFound:
        return []
    return [(_quintiles(code), span) for code, span in spans]


def _quintiles(version: str) -> Mapping[str, int]:
    """By zone, its fifth within Scotland; empty where that version is not loaded."""
    try:
        return places.bands(version).of
    except NotFound:
        return {}


def _localities(zones: Iterable[str]) -> dict[str, list[tuple[str, Span]]]:
    found: dict[str, list[tuple[str, Span]]] = {}
    rows = LocalityZone.objects.filter(zone__in=set(zones)).select_related("locality")
    for row in rows.order_by("zone", "first"):
        span = (row.first, row.last or FAR_OFF)
        found.setdefault(row.zone, []).append((row.locality.name, span))
    return found


def places_table(zones: Iterable[str], *, today: dt.date) -> "pa.Table":
    """By data zone and days, its fifth of deprivation ("1" the most deprived) and its locality.

    Columns: zone, simd, locality, first, last. The spans of a zone do not overlap and leave no day
    out. Null `simd`: the version is not loaded or does not know the zone. Null `locality`: none.
    """
    import pyarrow as pa

    wanted = sorted(set(zones))
    geographies = _geographies(wanted)
    versions = {name: _fifths(name, today) for name in set(geographies.values())}
    localities = _localities(wanted)
    rows: list[dict[str, Any]] = []
    for zone in wanted:
        known = versions.get(geographies.get(zone, ""), [])
        fifths = [(str(of[zone]) if zone in of else None, span) for of, span in known]
        for simd, locality, (first, last) in cut(
            fifths or whole([]), whole(localities.get(zone, []))
        ):
            rows.append(
                {"zone": zone, "simd": simd, "locality": locality, "first": first, "last": last}
            )
    return pa.Table.from_pylist(rows, schema=_places_schema())


def _places_schema() -> "pa.Schema":
    import pyarrow as pa

    text, day = pa.string(), pa.date32()
    return pa.schema(
        [("zone", text), ("simd", text), ("locality", text), ("first", day), ("last", day)]
    )


def population_rows(
    area: str, years: Iterable[int]
) -> Iterator[tuple[int, str, int, int, int, str]]:
    """Year, sex, age from and to (one completed age, to 25), people, and their fifth or "".

    Only for the years whose population is held with its ages; by fifth of deprivation where it is
    held of data zones and an index knows them, by the version right for that year.
    """
    zones = [zone.code for zone in places.zones_of(area)]
    held = places_table(zones, today=dt.date(max([*years, FIRST_YEAR]), 12, 31)).to_pylist()
    for year in years:
        yield from _ages(area, year, None, "")
        by_fifth: dict[str, list[str]] = {}
        middle = dt.date(year, 6, 30)
        for row in held:
            if row["simd"] and row["first"] <= middle <= row["last"]:
                by_fifth.setdefault(row["simd"], []).append(row["zone"])
        for fifth, inside in sorted(by_fifth.items()):
            yield from _ages(area, year, inside, fifth)


def _ages(
    area: str, year: int, zones: Sequence[str] | None, fifth: str
) -> Iterator[tuple[int, str, int, int, int, str]]:
    for sex, ages in people.by_single_age(area, year=year, zones=zones).items():
        for age in range(OLDEST + 1):
            yield year, sex, age, age, ages[age], fifth
