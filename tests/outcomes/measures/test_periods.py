"""Periods: keys, calendars, days as they stand, and whether they follow each other."""

import datetime as dt
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.errors import BadInput
from sightline.outcomes.measures.periods import (
    Span,
    age_on,
    between,
    default_keys,
    key_of,
    parse,
    plus_months,
)

DAY = dt.date.fromisoformat
DAYS = st.dates(dt.date(2000, 1, 1), dt.date(2040, 12, 31))
GRIDS = st.sampled_from(["month", "quarter", "year"])
CALENDARS = st.sampled_from(["aug_jul", "apr_mar", "school"])


@pytest.mark.parametrize(
    ("key", "calendar", "first", "last"),
    [
        ("2023-24", "aug_jul", "2023-08-01", "2024-07-31"),
        ("2023-24", "school", "2023-08-01", "2024-07-31"),
        ("2023-24", "apr_mar", "2023-04-01", "2024-03-31"),
        ("2023-24 Q1", "aug_jul", "2023-08-01", "2023-10-31"),
        ("2023-24 Q3", "aug_jul", "2024-02-01", "2024-04-30"),
        ("2023-24 Q4", "apr_mar", "2024-01-01", "2024-03-31"),
        ("2023-24 M03", "aug_jul", "2023-10-01", "2023-10-31"),
        ("2023-24 M07", "aug_jul", "2024-02-01", "2024-02-29"),
        ("1999-00", "aug_jul", "1999-08-01", "2000-07-31"),
        ("2021-03-01..2021-09-30", "apr_mar", "2021-03-01", "2021-09-30"),
        ("2021-03-01..2021-03-01", "aug_jul", "2021-03-01", "2021-03-01"),
    ],
)
def test_a_key_stands_for_days(key: str, calendar: str, first: str, last: str) -> None:
    period = parse(key, calendar)  # type: ignore[arg-type]
    assert (period.key, period.first, period.last) == (key, DAY(first), DAY(last))


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("2023", "is not a period"),
        ("2023-25", "is not a period"),
        ("2023-24 Q5", "is not a period"),
        ("2023-24 M13", "is not a period"),
        ("2023-24 M00", "is not a period"),
        ("", "is not a period"),
        ("2021-02-30..2021-03-01", "no day of the calendar"),
        ("2021-09-30..2021-03-01", "ends before it begins"),
        ("1800-01-01..2021-03-01", "outside 1900 to 2199"),
        ("1800-01", "outside 1900 to 2199"),
    ],
)
def test_what_is_no_period_is_told_how_to_be_one(key: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse(key, "aug_jul")


@given(DAYS, GRIDS, CALENDARS)
def test_every_day_lies_in_the_period_of_its_key(day: dt.date, grid, calendar) -> None:
    period = parse(key_of(day, grid, calendar), calendar)
    assert period.first <= day <= period.last


@given(DAYS, st.integers(0, 1500), GRIDS, CALENDARS)
def test_between_gives_whole_periods_that_follow_each_other(day, length, grid, calendar) -> None:
    last = day + dt.timedelta(days=length)
    found = [parse(key, calendar) for key in between(day, last, grid, calendar)]
    assert all(day <= one.first and one.last <= last for one in found)
    for one, after in pairwise(found):
        assert after.first == one.last + dt.timedelta(days=1)
    assert len(found) >= length // 366 - 1 or grid != "year"


def test_the_periods_of_an_indicator_are_those_of_its_grid() -> None:
    keys = default_keys(DAY("2022-08-01"), DAY("2023-07-31"), "quarter", "aug_jul")
    assert keys == ("2022-23 Q1", "2022-23 Q2", "2022-23 Q3", "2022-23 Q4")


def test_a_cohort_is_looked_at_earlier_and_whole_months_stay_whole() -> None:
    back = parse("2023-24 Q2", "aug_jul").back(8)
    assert (back.first, back.last) == (DAY("2023-03-01"), DAY("2023-05-31"))
    days = parse("2024-03-15..2024-03-31", "aug_jul").back(1)
    assert (days.first, days.last) == (DAY("2024-02-15"), DAY("2024-02-29"))


@pytest.mark.parametrize(
    ("keys", "months"),
    [
        (["2023-24 Q1", "2023-24 Q2"], 3),
        (["2023-24 Q2", "2023-24 Q1", "2023-24 Q1"], 3),
        (["2023-24 Q1", "2023-24 Q3"], 0),
        (["2022-23", "2023-24"], 12),
        (["2022-23", "2023-24 Q1"], 0),
        (["2023-24 M01"], 1),
        (["2021-03-02..2021-03-31"], 0),
        (["2021-03-01..2021-03-30"], 0),
    ],
)
def test_periods_are_regular_when_they_are_equal_and_follow_each_other(keys, months) -> None:
    assert Span.of(keys, "aug_jul").months == months


def test_periods_are_in_the_order_of_time_each_once() -> None:
    span = Span.of(["2023-24 Q2", "2023-24 Q1", "2023-24 Q2"], "aug_jul", back=3)
    assert [one.key for one in span] == ["2023-24 Q1", "2023-24 Q2"]
    assert span.windows[0].first == DAY("2023-05-01")
    assert len(span) == 2


def test_ages_and_months_are_those_of_the_calendar() -> None:
    assert plus_months(DAY("2024-01-31"), 1) == DAY("2024-02-29")
    assert plus_months(DAY("2024-03-31"), -1) == DAY("2024-02-29")
    assert age_on(DAY("2008-02-29"), DAY("2009-02-28")) == 0
    assert age_on(DAY("2008-02-29"), DAY("2009-03-01")) == 1
