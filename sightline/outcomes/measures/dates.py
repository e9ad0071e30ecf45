"""Dates in table expressions, the same on every engine.

An engine may make a date and an interval a timestamp; what comes from here is always a date.
"""

from typing import Any

import ibis

Expression = Any
"""A date or number of a table: Ibis builds these at run time, and types them itself."""


def _as_date(moment: Expression) -> Expression:
    return moment.cast("timestamp").cast("date")


def days_between(first: Expression, last: Expression) -> Expression:
    """Days from one date to another: 0 on the same day, negative when the second is earlier."""
    return last.delta(first, unit="day")


def plus_days(day: Expression, days: "int | Expression") -> Expression:
    """So many days later."""
    if isinstance(days, int):
        return _as_date(day + ibis.interval(days=days)) if days else day
    return _as_date(day + days.as_interval("D"))


def plus_months(day: Expression, months: int) -> Expression:
    """The same day of the month so many months later, or that month's last day if it has none."""
    return _as_date(day + ibis.interval(months=months)) if months else day


def age_on(birth: Expression, day: Expression) -> Expression:
    """Whole years by birthday; somebody born on 29 February has theirs on 1 March.

    Null without a date of birth; -1 or less for somebody born later than that day.
    """
    had = (day.month() * 100 + day.day()) >= (birth.month() * 100 + birth.day())
    return day.year() - birth.year() - ibis.ifelse(had, 0, 1)


def month_index(day: Expression) -> Expression:
    """Months since the year 0, so that the next month is one more."""
    return day.year() * 12 + day.month() - 1


def quarter_index(day: Expression, first_month: int = 8) -> Expression:
    """Quarters since the year 0 in a year that begins with a month (8 for August)."""
    return ((month_index(day) - (first_month - 1) % 3) / 3).floor().cast("int64")


def first_of_month(day: Expression) -> Expression:
    """The first day of its month."""
    return _as_date(day.truncate("M"))


def last_of_month(day: Expression) -> Expression:
    """The last day of its month."""
    return plus_days(plus_months(first_of_month(day), 1), -1)


def earlier(first: Expression, second: Expression) -> Expression:
    """The earlier of two dates; the one that is known where the other is not."""
    return ibis.ifelse(second.isnull() | (first <= second), first, second)


def later(first: Expression, second: Expression) -> Expression:
    """The later of two dates; the one that is known where the other is not."""
    return ibis.ifelse(second.isnull() | (first >= second), first, second)
