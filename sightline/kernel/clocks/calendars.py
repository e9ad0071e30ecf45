"""Working calendars: which days are worked, and counting them exactly and fast."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sightline.kernel.errors import BadInput

SATURDAY, SUNDAY, DAYS_IN_WEEK = 5, 6, 7
WEEKEND: Final = frozenset({SATURDAY, SUNDAY})


class ClosedKind(StrEnum):
    """Whose day off it is."""

    PUBLIC = "public"
    SCHOOL = "school"
    COUNCIL = "council"
    STATUTORY = "statutory"


OFFICES: Final = frozenset({ClosedKind.PUBLIC, ClosedKind.COUNCIL, ClosedKind.STATUTORY})
"""The kinds on which offices are closed. Social workers work through school holidays."""


@dataclass(frozen=True, order=True)
class ClosedDay:
    """One day off, its name, and whose it is."""

    day: dt.date
    name: str = ""
    kind: ClosedKind = ClosedKind.PUBLIC


@dataclass(frozen=True)
class Calendar:
    """Which days are worked, from `first` to `last`, both included.

    Attributes:
        name: what it is called in messages and beside every date worked out with it.
        closed: days off; a bare date is a public holiday. One day may be given several times.
        first, last: the days it covers. Left out, whole years from that of the earliest day off
            to that of the latest. A day outside is refused, never guessed.
        weekend: days of the week not worked, Monday 0.
        version: which issue of the calendar this is, to be kept with what was worked out.
        closes: kinds of day off on which nobody works. A school holiday is held, and is a working
            day, unless `closes` names it.

    Raises:
        BadInput: it covers nothing, a day off lies outside, or a whole year has no working day.
    """

    name: str
    closed: Iterable[ClosedDay | dt.date] = ()
    first: dt.date | None = None
    last: dt.date | None = None
    weekend: frozenset[int] = WEEKEND
    version: str = ""
    closes: frozenset[ClosedKind] = OFFICES
    days_off: tuple[ClosedDay, ...] = field(init=False, compare=False, repr=False)
    _worked: tuple[int, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Settle what it covers, and number its working days."""
        days = sorted({d if isinstance(d, ClosedDay) else ClosedDay(d) for d in self.closed})
        object.__setattr__(self, "closed", frozenset(days))
        object.__setattr__(self, "days_off", tuple(days))
        self._settle_first_and_last()
        first, last = self.covers
        outside = [off for off in days if not first <= off.day <= last]
        if outside:
            raise BadInput(
                f"{self.name} covers {first} to {last}, and {outside[0].name or 'a day off'} on "
                f"{outside[0].day} lies outside; lengthen what it covers or take the day out."
            )
        shut = {off.day.toordinal() for off in days if off.kind in self.closes}
        worked = tuple(
            n
            for n in range(first.toordinal(), last.toordinal() + 1)
            if (n - 1) % DAYS_IN_WEEK not in self.weekend and n not in shut
        )
        object.__setattr__(self, "_worked", worked)
        self._refuse_years_without_work(first, last)

    def _settle_first_and_last(self) -> None:
        years = [off.day.year for off in self.days_off]
        if (self.first is None or self.last is None) and not years:
            raise BadInput(
                f"{self.name} names no day off and not which days it covers; say its first and "
                "last day."
            )
        if self.first is None:
            object.__setattr__(self, "first", dt.date(min(years), 1, 1))
        if self.last is None:
            object.__setattr__(self, "last", dt.date(max(years), 12, 31))
        first, last = self.covers
        if last < first:
            raise BadInput(f"{self.name} would end on {last}, before it starts; swap the days.")

    def _refuse_years_without_work(self, first: dt.date, last: dt.date) -> None:
        whole = [
            year
            for year in range(first.year, last.year + 1)
            if first <= dt.date(year, 1, 1) and dt.date(year, 12, 31) <= last
        ]
        for year in whole:
            if not self._between(dt.date(year, 1, 1), dt.date(year, 12, 31)):
                raise BadInput(
                    f"{self.name} has no working day in {year}, so nothing could ever be due; "
                    "check its days off and its weekend."
                )
        if not self._worked:
            raise BadInput(
                f"{self.name} has no working day at all, so nothing could ever be due; check its "
                "days off and its weekend."
            )

    @property
    def covers(self) -> tuple[dt.date, dt.date]:
        """The first and last day it can answer for, both included."""
        if self.first is None or self.last is None:
            raise BadInput(f"{self.name} does not say which days it covers.")
        return self.first, self.last

    def is_working(self, day: dt.date) -> bool:
        """Whether `day` is worked.

        Raises:
            BadInput: the calendar does not cover it.
        """
        number = self._checked(day)
        place = bisect_left(self._worked, number)
        return place < len(self._worked) and self._worked[place] == number

    def why_closed(self, day: dt.date) -> tuple[str, ...]:
        """Names of the days off held on a day, school holidays too; empty for a plain day."""
        self._checked(day)
        return tuple(off.name or str(off.kind) for off in self.days_off if off.day == day)

    def nth_after(self, start: dt.date, number: int) -> dt.date:
        """The `number`th working day after `start`, which itself is day 0; see `add_working_days`.

        Raises:
            BadInput: the start, or the day it comes to, is not covered.
        """
        ordinal = self._checked(start)
        if number == 0:
            return start
        if number > 0:
            place = bisect_right(self._worked, ordinal) + number - 1
        else:
            place = bisect_left(self._worked, ordinal) + number
        if not 0 <= place < len(self._worked):
            way = "after" if number > 0 else "before"
            raise BadInput(
                f"{self.name} covers {self._span}, too short to count {abs(number):,} working "
                f"days {way} {start}; add the days off of further years."
            )
        return dt.date.fromordinal(self._worked[place])

    def working_days(self, after: dt.date, until: dt.date) -> int:
        """How many working days lie after `after`, up to and including `until`; 0 if none.

        Raises:
            BadInput: one of the days is not covered.
        """
        first, last = self._checked(after), self._checked(until)
        return max(0, bisect_right(self._worked, last) - bisect_right(self._worked, first))

    def _between(self, first: dt.date, last: dt.date) -> int:
        place = bisect_left(self._worked, first.toordinal())
        return bisect_right(self._worked, last.toordinal()) - place

    @property
    def _span(self) -> str:
        first, last = self.covers
        return f"{first} to {last}"

    def _checked(self, day: dt.date) -> int:
        first, last = self.covers
        plain = day.date() if isinstance(day, dt.datetime) else day
        if not first <= plain <= last:
            raise BadInput(
                f"{self.name} covers {self._span} and says nothing of {plain}; add the days off of "
                f"{plain.year} to it."
            )
        return plain.toordinal()

    def __str__(self) -> str:
        return f"{self.name}, {self.version}" if self.version else self.name


def add_working_days(start: dt.date, number: int, calendar: Calendar) -> dt.date:
    """The day `number` working days after `start` (before it, when `number` is negative).

    `start` is day 0 and need not be worked; 0 gives it back. Adding 1 to any day gives the next
    working day.

    Raises:
        BadInput: `calendar` does not cover the start or the day it comes to.
    """
    return calendar.nth_after(start, number)


def _days_of_the_year(year: int) -> tuple[ClosedDay, ...]:
    return tuple(
        ClosedDay(dt.date(year, month, day), name, ClosedKind.STATUTORY)
        for month, day, name in (
            (1, 1, "1 January"),
            (1, 2, "2 January"),
            (12, 25, "25 December"),
            (12, 26, "26 December"),
        )
    )


def statutory(first_year: int, last_year: int) -> Calendar:
    """Working days as the Children's Hearings (Scotland) Act 2011 counts them, whole years.

    All days but Saturdays, Sundays, 25 and 26 December, 1 and 2 January. Other holidays are worked.

    Source:
        the 2011 Act, section 202; not confirmed against its text.
    """
    return Calendar(
        name="Working days of the 2011 Act",
        closed=statutory_days(first_year, last_year),
        first=dt.date(first_year, 1, 1),
        last=dt.date(last_year, 12, 31),
        version="1",
    )


def statutory_days(first_year: int, last_year: int) -> tuple[ClosedDay, ...]:
    """25 and 26 December, 1 and 2 January of every year from the first to the last, included."""
    years = range(first_year, last_year + 1)
    return tuple(day for year in years for day in _days_of_the_year(year))


def weekdays(first_year: int, last_year: int) -> Calendar:
    """Monday to Friday with no day off, whole years: for sources that name no holiday."""
    return Calendar(
        name="Mondays to Fridays",
        first=dt.date(first_year, 1, 1),
        last=dt.date(last_year, 12, 31),
        version="1",
    )
