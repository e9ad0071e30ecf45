"""What is known of a partnership's place, as its page shows it.

All figures are published aggregates (data zones, mid-year estimates of population), so nothing is
hidden; each says its vintage and source.
"""

from dataclasses import dataclass

from django.utils import timezone

from sightline.design.charts import Chart, Point, bars
from sightline.kernel.errors import BadInput, NotFound
from sightline.partnerships import people, places
from sightline.partnerships.datasets import OLDEST, DatasetKind
from sightline.partnerships.localities import calendar_of, zones_of_localities
from sightline.partnerships.queries import Partnership

FIFTH = 20
CHILD_UNTIL = 17


@dataclass(frozen=True)
class Share:
    """How many of a partnership's data zones are in the most deprived fifth, by one version."""

    title: str
    zones: int
    in_fifth: int
    per_cent: int
    source: str


@dataclass(frozen=True)
class Place:
    """The place section of a partnership's page; `missing` says what is not loaded yet."""

    zones: int
    shares: tuple[Share, ...]
    chart: Chart | None
    made_from: str
    localities: dict[str, int]
    calendar: str
    missing: tuple[str, ...]


def whole_per_cent(part: int, whole: int) -> int:
    """Per cent, rounded half up to a whole number."""
    return (200 * part + whole) // (2 * whole)


def place(area: Partnership) -> Place:
    """What is held of a partnership's place."""
    missing: list[str] = []
    shares = _shares(area)
    if not shares:
        missing.append("No data zones and no index of deprivation are loaded for this area yet.")
    chart, made_from = None, ""
    try:
        total, counted = people.latest_population_by_age(area.code)
    except NotFound:
        missing.append("No population by age is loaded for this area yet.")
    else:
        chart, made_from = _chart(area, total, counted), total.made_from
    return Place(
        zones=shares[0].zones if shares else 0,
        shares=shares,
        chart=chart,
        made_from=made_from,
        localities=zones_of_localities(area, on=timezone.localdate()),
        calendar=_calendar(area),
        missing=tuple(missing),
    )


def _shares(area: Partnership) -> tuple[Share, ...]:
    found = []
    for one, _ in places.current(DatasetKind.DEPRIVATION):
        if one.invented != area.invented:
            continue
        try:
            ranks = places.ranks(area.code, one.code)
        except NotFound:
            continue
        zones, in_fifth = len(ranks.by_zone), ranks.in_most_deprived(FIFTH)
        share = whole_per_cent(in_fifth, zones)
        found.append(Share(one.title, zones, in_fifth, share, f"{one.publisher}, {ranks.licence}"))
    return tuple(reversed(found))


def ages_in_words(ages: people.Ages) -> str:
    """`0 to 4`, and `80 and over`."""
    first, last = ages
    return f"{first} and over" if last == OLDEST else f"{first} to {last}"


def _chart(
    area: Partnership, total: people.Count, counted: tuple[tuple[people.Ages, int], ...]
) -> Chart:
    children = sum(number for ages, number in counted if ages[1] <= CHILD_UNTIL)
    share = whole_per_cent(children, total.people) if total.people else 0
    return bars(
        headline=f"{children:,} of {total.people:,} people ({share}%) are under 18",
        subtitle=f"People by age, {area.name}, {total.vintage}",
        points=[Point(ages_in_words(ages), number) for ages, number in counted],
        measure="People",
        row_name="Age",
        source=f"{total.source}. {total.licence}.",
    )


def _calendar(area: Partnership) -> str:
    try:
        first, last = calendar_of(area.code).covers
    except BadInput as reason:
        return str(reason)
    years = str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    return (
        f"Working days can be counted in {years}: Mondays to Fridays but the public holidays below "
        "and 25 and 26 December, 1 and 2 January."
    )
