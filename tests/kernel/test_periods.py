"""Periods and dates that are not exact."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.errors import BadInput
from sightline.kernel.periods import ImpreciseDate, Period

DAY = dt.timedelta(days=1)
years = st.integers(1900, 2198)


def written(year):
    return f"{year}/{(year + 1) % 100:02d}"


@pytest.mark.parametrize(
    ("make", "month", "words"),
    [
        (Period.financial, 4, "financial year"),
        (Period.school, 8, "school year"),
        (Period.returns, 8, "return year"),
    ],
)
@given(year=years)
def test_years_run_a_whole_year_from_their_first_day(make, month, words, year):
    period = make(written(year))
    assert period.first == dt.date(year, month, 1)
    assert period.last + DAY == dt.date(year + 1, month, 1)
    assert period.first in period
    assert period.last in period
    assert period.first - DAY not in period
    assert period.last + DAY not in period
    assert str(period) == f"{words} {written(year)}"


@pytest.mark.parametrize("make", [Period.financial, Period.school, Period.returns])
@pytest.mark.parametrize(
    "text", ["2021", 2021, "2021/23", "2021-22", "21/22", "2021/2022", "", None]
)
def test_a_bare_or_odd_year_is_refused(make, text):
    with pytest.raises(BadInput, match="2025/26"):
        make(text)


def test_a_bare_year_is_told_that_it_could_be_several():
    with pytest.raises(BadInput, match="bare year, which could be any of several"):
        Period.financial("2021")


@given(year=years, number=st.integers(1, 4))
def test_quarters_follow_each_other_without_a_gap(year, number):
    quarter = Period.quarter(f"{year}-Q{number}")
    following = Period.quarter(f"{year}-Q{number + 1}" if number < 4 else f"{year + 1}-Q1")
    assert quarter.last + DAY == following.first


def test_a_quarter_reads_in_words():
    assert str(Period.quarter("2026-Q1")) == "January to March 2026"
    assert Period.quarter("2024-Q1").last == dt.date(2024, 3, 31)


@pytest.mark.parametrize("text", ["2026", "2026Q1", "2026-Q5", "2026-Q0", "Q1-2026", None, 1])
def test_an_odd_quarter_is_refused(text):
    with pytest.raises(BadInput, match="is not a quarter; write it as 2026-Q1"):
        Period.quarter(text)


def test_school_and_return_years_of_one_time_are_different_periods():
    assert Period.school("2025/26") != Period.returns("2025/26")


@pytest.mark.parametrize(
    ("make", "text"), [(Period.financial, "9999/00"), (Period.quarter, "0000-Q1")]
)
def test_a_year_outside_what_is_sensible_is_refused_in_words(make, text):
    with pytest.raises(BadInput, match="outside 1900 to 2199"):
        make(text)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "words"),
    [
        ("2020-06-16", (2020, 6, 16), (2020, 6, 16), "16 June 2020"),
        ("2020-02", (2020, 2, 1), (2020, 2, 29), "February 2020"),
        ("2019", (2019, 1, 1), (2019, 12, 31), "2019"),
        ("2019-08/2019-12", (2019, 8, 1), (2019, 12, 31), "August to December 2019"),
        ("2018-04/2020-03", (2018, 4, 1), (2020, 3, 31), "April 2018 to March 2020"),
        ("2021-07/2025", (2021, 7, 1), (2025, 12, 31), "July 2021 to 2025"),
        ("2022-07~2022-08", (2022, 7, 1), (2022, 8, 31), "July or August 2022"),
        ("2022-07~2022-10", (2022, 7, 1), (2022, 10, 31), "between July and October 2022"),
        ("2023-04-17/2023-09-13", (2023, 4, 17), (2023, 9, 13), "17 April to 13 September 2023"),
        ("2019/2020", (2019, 1, 1), (2020, 12, 31), "2019 to 2020"),
    ],
)
def test_an_imprecise_date_has_bounds_and_words(text, earliest, latest, words):
    date = ImpreciseDate(text)
    assert (date.earliest, date.latest) == (dt.date(*earliest), dt.date(*latest))
    assert str(date) == words
    assert date.is_exact == (earliest == latest)
    assert date.is_span == ("/" in text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is not a date"),
        ("June 2020", "is not a date"),
        ("2020-13", "is not a date"),
        ("2020-02-30", "is not a date"),
        ("2020-00", "is not a date"),
        ("2020/", "is not a date"),
        (" 2020", "is not a date"),
        ("2020-06-16\n", "is not a date"),
        ("\uff12\uff10\uff12\uff10", "is not a date"),
        ("16/06/2020", "is not a date; write 2020-06-16, 2020-06 or 2020"),
        ("2020/2021/2022", "is not a date"),
        ("2020-12/2020-01", "ends before it starts"),
        ("1899", "outside 1900 to 2199"),
        ("2200", "outside 1900 to 2199"),
        (2020, "is not a written date"),
    ],
)
def test_what_is_not_a_date_is_refused_saying_why(text, message):
    with pytest.raises(BadInput, match=message):
        ImpreciseDate(text)


@given(st.dates(dt.date(1900, 1, 1), dt.date(2199, 12, 31)))
def test_a_day_lies_within_its_month_and_its_year(day):
    exact, month, year = (ImpreciseDate(day.isoformat()[:n]) for n in (10, 7, 4))
    assert exact.earliest == exact.latest == day
    assert year.earliest <= month.earliest <= day <= month.latest <= year.latest


@given(st.text(alphabet="0123456789-/~ ", max_size=22))
def test_any_text_is_a_date_or_refused(text):
    try:
        date = ImpreciseDate(text)
    except BadInput:
        return
    assert date.earliest <= date.latest
    assert str(date)
