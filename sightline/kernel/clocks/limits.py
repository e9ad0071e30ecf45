"""Limits of time and the day they end on, with pauses."""

import calendar as months
import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sightline.kernel.clocks.calendars import Calendar
from sightline.kernel.errors import BadInput

MONTHS_IN_YEAR: Final = 12
DAYS_IN_WEEK: Final = 7
TERM_DAYS: Final = 280
"""From week 0 of a pregnancy to the expected date of birth."""
LONGEST: Final = {"hour": 24 * 366 * 30, "gestation_week": 45}
MOST: Final = 366 * 30
DAY: Final = dt.timedelta(days=1)


class Unit(StrEnum):
    """What a limit is counted in."""

    HOUR = "hour"
    CALENDAR_DAY = "calendar_day"
    WORKING_DAY = "working_day"
    WEEK = "week"
    MONTH = "month"
    GESTATION_WEEK = "gestation_week"


_WORDS: Final = {
    Unit.HOUR: "hour",
    Unit.CALENDAR_DAY: "day",
    Unit.WORKING_DAY: "working day",
    Unit.WEEK: "week",
    Unit.MONTH: "month",
    Unit.GESTATION_WEEK: "week of pregnancy",
}


def _plural(unit: Unit) -> str:
    first, *rest = _WORDS[unit].split(" of ")
    return " of ".join([f"{first}s", *rest])


@dataclass(frozen=True)
class Limit:
    """How long something may take.

    Attributes:
        number: how many, 1 or more.
        unit: of what.
        inclusive: the day of the start is day 1 ("beginning with"); otherwise it is day 0.
        backwards: counted back from the start event: the last day on which something that must
            come before it ("at least five days before the meeting") is in time.

    Raises:
        BadInput: the number is not sensible for the unit, or the unit cannot be counted so.
    """

    number: int
    unit: Unit
    inclusive: bool = False
    backwards: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.number <= LONGEST.get(self.unit, MOST):
            raise BadInput(f"{self.number} is not a sensible number of {_plural(self.unit)}.")
        if self.unit in {Unit.HOUR, Unit.GESTATION_WEEK} and (self.inclusive or self.backwards):
            raise BadInput(
                f"A limit in {_plural(self.unit)} is counted forwards from its start alone; take "
                "`inclusive` and `backwards` out."
            )

    def __str__(self) -> str:
        words = _WORDS[self.unit] if self.number == 1 else _plural(self.unit)
        said = f"{self.number} {words}"
        if self.backwards:
            return f"{said} before"
        return f"{said}, counting the first day" if self.inclusive else said


@dataclass(frozen=True)
class Pause:
    """Days on which a clock stands still, from `first` to `last`, both included, with the reason.

    `last` is None while it still stands.
    """

    first: dt.date
    last: dt.date | None
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise BadInput("A clock is stopped for a reason; give it.")
        if self.last is not None and self.last < self.first:
            raise BadInput(
                f"The pause of {self.first} ends on {self.last}, before it starts; swap the days."
            )

    def holds(self, day: dt.date) -> bool:
        """Whether the clock stands still on this day."""
        return self.first <= day and (self.last is None or day <= self.last)


def add_months(start: dt.date, number: int) -> dt.date:
    """The same day of the month, `number` months later (earlier when negative).

    Where that month has no such day, its last day: 31 August and six months is 29 February 2024.
    """
    whole = start.year * MONTHS_IN_YEAR + start.month - 1 + number
    year, month = divmod(whole, MONTHS_IN_YEAR)
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise BadInput(f"{number} months from {start} is no date; check the number.")
    last = months.monthrange(year, month + 1)[1]
    return dt.date(year, month + 1, min(start.day, last))


def due(
    limit: Limit,
    start: dt.date,
    *,
    calendar: Calendar | None = None,
    pauses: Iterable[Pause] = (),
) -> dt.date | None:
    """The last day (of a limit in hours: the last moment) that is in time.

    Args:
        limit: how long.
        start: day of the event that starts the clock. For weeks of pregnancy, the expected date of
            birth. For hours, an aware date and time; the answer is one too, in the same zone, so
            many hours of real time later whatever the clocks did between.
        calendar: needed for working days; kept by the caller beside the answer.
        pauses: stretches not counted. A day inside is passed over in days, weeks and working days;
            months end as many days later as were paused before their end.

    Returns:
        The day; done on it is in time. None while an open pause stands in the way.

    Raises:
        BadInput: no calendar for working days, one that does not cover the days, a start that is a
            bare date where a moment is needed, or a pause of a clock that does not stop.

    Source:
        counting and months: the engine rules of M-05; pregnancy: 280 days before the expected date
        of birth is week 0.
    """
    stops = tuple(sorted(pauses, key=lambda pause: pause.first))
    if limit.unit is Unit.HOUR:
        return _after_hours(limit, start, stops)
    day = start.date() if isinstance(start, dt.datetime) else start
    if stops and (limit.backwards or limit.unit is Unit.GESTATION_WEEK):
        raise BadInput(f"A limit of {limit} cannot be paused; leave the pauses out.")
    if limit.unit is Unit.GESTATION_WEEK:
        return day - dt.timedelta(days=TERM_DAYS) + dt.timedelta(days=DAYS_IN_WEEK * limit.number)
    if limit.unit is Unit.MONTH:
        return _after_months(limit, day, stops)
    if limit.unit is Unit.WORKING_DAY:
        if calendar is None:
            raise BadInput(f"A limit of {limit} needs a calendar of working days; give one.")
        return _after_working_days(limit, day, calendar, stops)
    number = limit.number * (DAYS_IN_WEEK if limit.unit is Unit.WEEK else 1) - limit.inclusive
    if limit.backwards:
        return day - dt.timedelta(days=number)
    return _counted(day, number + limit.inclusive, limit.inclusive, stops)


def _after_hours(limit: Limit, start: dt.date, stops: tuple[Pause, ...]) -> dt.datetime:
    if not isinstance(start, dt.datetime) or start.tzinfo is None:
        raise BadInput(
            f"A limit of {limit} needs the moment it starts, with its time zone; {start} is none."
        )
    if stops:
        raise BadInput(f"A limit of {limit} cannot be paused by days; leave the pauses out.")
    moment = start.astimezone(dt.UTC) + dt.timedelta(hours=limit.number)
    return moment.astimezone(start.tzinfo)


def _counted(
    start: dt.date, number: int, inclusive: bool, stops: tuple[Pause, ...]
) -> dt.date | None:
    """The `number`th day that is not paused; the start is the first such day when inclusive."""
    day = start - DAY if inclusive else start
    left = number
    for first, last in _stretches(stops, after=day):
        free = (first - day).days - 1
        if left <= free:
            break
        left -= free
        if last is None:
            return None
        day = last
    return day + dt.timedelta(days=left)


def _stretches(
    stops: tuple[Pause, ...], *, after: dt.date
) -> Iterator[tuple[dt.date, dt.date | None]]:
    """The paused stretches that lie after a day, in order, overlaps joined, the day cut off."""
    reached: dt.date = after
    for stop in stops:
        if stop.last is not None and stop.last <= reached:
            continue
        yield max(stop.first, reached + DAY), stop.last
        if stop.last is None:
            return
        reached = stop.last


def _after_months(limit: Limit, start: dt.date, stops: tuple[Pause, ...]) -> dt.date | None:
    if limit.backwards:
        end = add_months(start, -limit.number)
        return end + DAY if limit.inclusive else end
    end = add_months(start, limit.number)
    if limit.inclusive and end.day == start.day:  # the day before the one of the same number
        end -= DAY
    return _counted(start, (end - start).days + limit.inclusive, limit.inclusive, stops)


def _after_working_days(
    limit: Limit, start: dt.date, calendar: Calendar, stops: tuple[Pause, ...]
) -> dt.date | None:
    paused = any(stop.holds(start) for stop in stops)
    left = limit.number - (limit.inclusive and calendar.is_working(start) and not paused)
    if limit.backwards:
        return calendar.nth_after(start, -left)
    day = start
    for first, last in _stretches(stops, after=day):
        if left == 0 or first > calendar.covers[1]:
            break
        free = calendar.working_days(day, first - DAY)
        if left <= free:
            break
        left -= free
        if last is None:
            return None
        day = last
    return calendar.nth_after(day, left)
