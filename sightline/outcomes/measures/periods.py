"""Periods of indicators: years, quarters and months of a calendar, and any other days.

A key says which: `2023-24`, `2023-24 Q3`, `2023-24 M03` are of the calendar of the indicator (the
first month of a year of August to July is August); `2021-03-01..2021-09-30` are days as they stand.
"""

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from sightline.kernel.errors import BadInput
from sightline.outcomes.definitions import Calendar, Frequency

Grid = Literal["month", "quarter", "year"]
MONTHS: Final[dict[str, int]] = {"month": 1, "quarter": 3, "year": 12}
_FIRST_MONTH: Final[dict[str, int]] = {"aug_jul": 8, "apr_mar": 4, "school": 8}
_KEY = re.compile(r"^(\d{4})-(\d{2})(?: (?:Q([1-4])|M(0[1-9]|1[0-2])))?$")
_DAYS = re.compile(r"^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$")
_YEAR, _LOWEST, _HIGHEST = 12, 1900, 2199


def month_number(day: dt.date) -> int:
    """Months since the year 0."""
    return day.year * _YEAR + day.month - 1


def first_of(number: int) -> dt.date:
    """The first day of a month by its number."""
    return dt.date(number // _YEAR, number % _YEAR + 1, 1)


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month so many months later, or that month's last day."""
    start = first_of(month_number(day) + months)
    last = first_of(month_number(start) + 1) - dt.timedelta(days=1)
    return start.replace(day=min(day.day, last.day))


def age_on(birth: dt.date, day: dt.date) -> int:
    """Whole years by birthday; somebody born on 29 February has theirs on 1 March."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, under the key they are asked for by."""

    key: str
    first: dt.date
    last: dt.date

    def back(self, months: int) -> "Period":
        """The same so many months earlier: whole months stay whole months."""
        after = self.last + dt.timedelta(days=1)
        last = plus_months(after, -months) - dt.timedelta(days=1)
        return Period(self.key, plus_months(self.first, -months), last)


def _sensible(year: int, key: str) -> int:
    if not _LOWEST <= year <= _HIGHEST:
        raise BadInput(f"{key}: the year is outside {_LOWEST} to {_HIGHEST}; check it.")
    return year


def parse(key: str, calendar: Calendar) -> Period:
    """The days a key stands for, in a calendar.

    Raises:
        BadInput: it is no key, or ends before it begins, in words that say how to write it.
    """
    if match := _DAYS.match(key):
        try:
            first, last = dt.date.fromisoformat(match[1]), dt.date.fromisoformat(match[2])
        except ValueError:
            raise BadInput(f"{key}: one of these is no day of the calendar.") from None
        for day in (first, last):
            _sensible(day.year, key)
        if last < first:
            raise BadInput(f"{key} ends before it begins; put the earlier day first.")
        return Period(key, first, last)
    match = _KEY.match(key)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
        raise BadInput(
            f"{key!r} is not a period. Write a year as 2023-24, a quarter as 2023-24 Q3, a month "
            "as 2023-24 M03, or days as 2021-03-01..2021-09-30."
        )
    start = _sensible(int(match[1]), key) * _YEAR + _FIRST_MONTH[calendar] - 1
    length = _YEAR
    if match[3]:
        start, length = start + 3 * (int(match[3]) - 1), 3
    elif match[4]:
        start, length = start + int(match[4]) - 1, 1
    return Period(key, first_of(start), first_of(start + length) - dt.timedelta(days=1))


def key_of(day: dt.date, grid: Grid, calendar: Calendar) -> str:
    """The key of the period of a grid that a day lies in."""
    since = month_number(day) - (_FIRST_MONTH[calendar] - 1)
    year, month = divmod(since, _YEAR)
    text = f"{year}-{(year + 1) % 100:02d}"
    if grid == "quarter":
        return f"{text} Q{month // 3 + 1}"
    return f"{text} M{month + 1:02d}" if grid == "month" else text


def between(first: dt.date, last: dt.date, grid: Grid, calendar: Calendar) -> tuple[str, ...]:
    """Keys of the periods of a grid that lie wholly within two days."""
    found = []
    day = first
    while day <= last:
        period = parse(key_of(day, grid, calendar), calendar)
        if period.first >= first and period.last <= last:
            found.append(period.key)
        day = period.last + dt.timedelta(days=1)
    return tuple(found)


@dataclass(frozen=True)
class Span:
    """The periods asked for, in order, with the days in which rows are looked for.

    Attributes:
        periods: as they are reported.
        windows: the days looked at for each: earlier by the months of a cohort.
    """

    periods: tuple[Period, ...]
    windows: tuple[Period, ...]

    @classmethod
    def of(cls, keys: Sequence[str], calendar: Calendar, *, back: int = 0) -> "Span":
        """The periods of these keys, in order of time; a key that is there twice is taken once.

        Raises:
            BadInput: one of them is no period.
        """
        found = {parse(key, calendar) for key in keys}
        periods = tuple(sorted(found, key=lambda one: (one.first, one.last, one.key)))
        return cls(periods, tuple(period.back(back) for period in periods))

    @cached_property
    def months(self) -> int:
        """Months of each period when they are whole, equal and follow each other, else 0."""
        firsts = [month_number(window.first) for window in self.windows]
        for window, after in zip(self.windows, [*self.windows[1:], None], strict=True):
            if window.first.day != 1 or (window.last + dt.timedelta(days=1)).day != 1:
                return 0
            if after is not None and after.first != window.last + dt.timedelta(days=1):
                return 0
        ends = [month_number(window.last) + 1 for window in self.windows]
        lengths = {end - first for first, end in zip(firsts, ends, strict=True)}
        return lengths.pop() if len(lengths) == 1 else 0

    @property
    def start(self) -> int:
        """The number of the first month looked at."""
        return month_number(self.windows[0].first)

    def __len__(self) -> int:
        return len(self.periods)

    def __iter__(self) -> Iterator[Period]:
        return iter(self.periods)


def grid_of(frequency: Frequency) -> Grid:
    """The grid an indicator is published on."""
    return frequency


def default_keys(
    first: dt.date, last: dt.date, frequency: Frequency, calendar: Calendar
) -> tuple[str, ...]:
    """The periods an indicator is worked out for when nobody says: all that the days hold whole."""
    return between(first, last, grid_of(frequency), calendar)
