"""Reads about localities, and the working calendar of a partnership."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import Protocol

from sightline.kernel.clocks import Calendar, ClosedDay, ClosedKind
from sightline.kernel.clocks.calendars import statutory_days
from sightline.kernel.errors import BadInput, NotFound
from sightline.partnerships.definitions import local_details
from sightline.partnerships.models import Holiday, Locality, LocalityZone
from sightline.partnerships.queries import Partnership, partnership

DAY = dt.timedelta(days=1)
LONGEST_HOLIDAY = 400
"""Days: a longer one is a slip in a date."""


class DaysOff(Protocol):
    """A holiday from `first` to `last`, both included."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def first(self) -> dt.date: ...
    @property
    def last(self) -> dt.date: ...


def locality_of(zone: str, *, on: dt.date) -> Locality:
    """The locality a data zone lies in on a day.

    Raises:
        NotFound: it lies in none that is held.
    """
    placed = LocalityZone.objects.filter(zone=zone, first__lte=on).exclude(last__lt=on)
    row = placed.select_related("locality").order_by("-first").first()
    if row is None:
        raise NotFound(f"Data zone {zone} lies in no locality held here on {on}.")
    return row.locality


def calendar_of(code: str) -> Calendar:
    """The working days of a partnership: weekdays but its public holidays and the four by statute.

    25 and 26 December, 1 and 2 January are closed in every year. School holidays are held in the
    calendar and are worked. It covers whole years, from the first to the last in which a public
    holiday is held; there is none between that has no public holiday.

    Raises:
        NotFound: there is no such partnership.
        BadInput: it holds no public holiday, none in a year between two others, or its days off
            leave a year without a working day.
    """
    found = partnership(code)
    rows = Holiday.objects.filter(partnership=found.code).order_by("first", "name")
    return made_calendar(found, rows)


def made_calendar(area: Partnership, holidays: Iterable[DaysOff]) -> Calendar:
    """The calendar these holidays make; errors as `calendar_of`."""
    days = [day for holiday in holidays for day in _days(holiday)]
    years = sorted({day.day.year for day in days if day.kind is ClosedKind.PUBLIC})
    if not years:
        raise BadInput(
            f"No public holidays of {area.name} are held, so working days cannot be counted. Add "
            "them on its page, or upload them."
        )
    gaps = sorted(set(range(years[0], years[-1] + 1)) - set(years))
    if gaps:
        raise BadInput(
            f"Public holidays of {area.name} are held for {years[0]} and {years[-1]}, and none for "
            f"{', '.join(map(str, gaps))}; add those."
        )
    first, last = dt.date(years[0], 1, 1), dt.date(years[-1], 12, 31)
    inside = [day for day in days if first <= day.day <= last]
    return Calendar(
        name=f"Working days of {area.name}",
        closed=[*inside, *statutory_days(years[0], years[-1])],
        first=first,
        last=last,
        version=f"public holidays of {years[0]} to {years[-1]}",
    )


def check_days_off(area: Partnership, holidays: Iterable[DaysOff]) -> None:
    """Raise `BadInput` if these holidays leave a year without a working day.

    A year that lacks public holidays is no fault here: they may yet be added.
    """
    days = {day for holiday in holidays for day in _days(holiday) if day.kind is ClosedKind.PUBLIC}
    for year in sorted({day.day.year for day in days}):
        Calendar(
            name=f"The calendar of {area.name}",
            closed=[*(day for day in days if day.day.year == year), *statutory_days(year, year)],
            first=dt.date(year, 1, 1),
            last=dt.date(year, 12, 31),
        )


def _days(holiday: DaysOff) -> list[ClosedDay]:
    length = (holiday.last - holiday.first).days + 1
    if length > LONGEST_HOLIDAY:
        raise BadInput(
            f"{holiday.name} would last {length:,} days, from {holiday.first} to {holiday.last}; "
            "check its dates."
        )
    kind = ClosedKind(holiday.kind)
    return [ClosedDay(holiday.first + DAY * n, holiday.name, kind) for n in range(length)]


def zones_of_localities(area: Partnership, *, on: dt.date) -> dict[str, int]:
    """How many data zones lie in each locality of a partnership on a day, by name, in order."""
    placed = LocalityZone.objects.filter(partnership=area.code, first__lte=on).exclude(last__lt=on)
    names = placed.values_list("locality__name", flat=True)
    return dict(sorted(Counter(names).items()))


@lru_cache(maxsize=1)
def _taken_up() -> dict[str, dict[str, dt.date]]:
    return {
        one.code: {entry.guidance: entry.day for entry in one.taken_up} for one in local_details()
    }


def guidance_taken_up(area: Partnership) -> dict[str, dt.date]:
    """The days on which a partnership took up guidance, where not the usual: for `Rulebook.rule`.

    They are in the partnership's file below `definitions/partnerships/local`.
    """
    return dict(_taken_up().get(area.code, {}))
