"""Clocks: every date vector of the method page, and properties against counting day by day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.kernel.clocks import (
    Calendar,
    ClosedDay,
    ClosedKind,
    Limit,
    Pause,
    Unit,
    add_months,
    add_working_days,
    due,
    statutory,
    weekdays,
)
from sightline.kernel.errors import BadInput

DAY = dt.timedelta(days=1)
GOOD_FRIDAY = dt.date(2024, 3, 29)
COUNCIL = Calendar("A council", [GOOD_FRIDAY], dt.date(2024, 1, 1), dt.date(2025, 12, 31))
PLAIN = weekdays(2024, 2025)
ACT = statutory(2024, 2025)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


CD, WD, WEEK = Unit.CALENDAR_DAY, Unit.WORKING_DAY, Unit.WEEK
MONTH, PREGNANT = Unit.MONTH, Unit.GESTATION_WEEK

VECTORS = [
    ("D1", "2024-01-05", Limit(28, CD), None, "2024-02-02"),
    ("D2", "2024-01-05", Limit(21, CD), None, "2024-01-26"),
    ("D3", "2024-03-20", Limit(15, CD), None, "2024-04-04"),
    ("D4", "2024-03-20", Limit(15, WD), COUNCIL, "2024-04-11"),
    ("D5", "2024-03-20", Limit(15, WD), PLAIN, "2024-04-10"),
    ("D6", "2024-12-18", Limit(10, WD), ACT, "2025-01-07"),
    ("D7", "2023-11-30", Limit(3, MONTH), None, "2024-02-29"),
    ("D8", "2023-08-31", Limit(6, MONTH), None, "2024-02-29"),
    ("D8", "2024-08-31", Limit(6, MONTH), None, "2025-02-28"),
    ("D9", "2024-02-01", Limit(6, WEEK), None, "2024-03-14"),
    ("D9", "2024-03-14", Limit(3, MONTH), None, "2024-06-14"),
    ("D9", "2024-06-14", Limit(6, MONTH), None, "2024-12-14"),
    ("D10", "2024-02-01", Limit(1, WEEK), None, "2024-02-08"),
    ("D10", "2024-02-08", Limit(3, MONTH), None, "2024-05-08"),
    ("D11", "2024-09-01", Limit(28, PREGNANT), None, "2024-06-09"),
    ("D12", "2024-02-01", Limit(4, WEEK), None, "2024-02-29"),
    ("D13", "2024-02-01", Limit(18, WEEK), None, "2024-06-06"),
    ("D14", "2024-02-02", Limit(5, CD, backwards=True), None, "2024-01-28"),
    ("D15", "2024-03-28", Limit(3, WD), COUNCIL, "2024-04-03"),
    ("D16", "2024-04-02", Limit(21, WD), PLAIN, "2024-05-01"),
    ("D17", "2024-02-01", Limit(22, CD), None, "2024-02-23"),
    ("D17", "2024-02-01", Limit(22, CD, inclusive=True), None, "2024-02-22"),
    ("D18", "2024-05-20", Limit(28, CD), None, "2024-06-17"),
    ("D18", "2024-09-01", Limit(28, PREGNANT), None, "2024-06-09"),
]


@pytest.mark.parametrize(("case", "start", "limit", "calendar", "last"), VECTORS)
def test_every_date_vector(case, start, limit, calendar, last):
    assert due(limit, day(start), calendar=calendar) == day(last), case


# -- against counting day by day

FIRST, LAST = dt.date(2023, 1, 1), dt.date(2026, 12, 31)
days = st.dates(dt.date(2023, 9, 1), dt.date(2025, 3, 31))
numbers = st.integers(1, 60)
closed = st.frozensets(days, max_size=25)
weekends = st.frozensets(st.integers(0, 6), max_size=4)
stretches = st.lists(
    st.tuples(days, st.one_of(st.none(), st.integers(0, 40))).map(
        lambda pair: Pause(pair[0], None if pair[1] is None else pair[0] + pair[1] * DAY, "because")
    ),
    max_size=3,
)


def made(closed, weekend=frozenset({5, 6})):
    return Calendar("Made", closed, FIRST, LAST, weekend)


def works(day, closed, weekend=frozenset({5, 6})):
    return day.weekday() not in weekend and day not in closed


@given(start=days, number=st.integers(-60, 60), closed=closed, weekend=weekends)
def test_working_days_are_counted_as_one_counts_them_on_a_wall_calendar(
    start, number, closed, weekend
):
    step, left, at = (DAY if number > 0 else -DAY), abs(number), start
    while left:
        at += step
        left -= works(at, closed, weekend)
    calendar = made(closed, weekend)
    assert add_working_days(start, number, calendar) == at
    if number >= 0:
        counted = calendar.working_days(start, at)
        assert counted == number


@given(start=days, closed=closed)
def test_a_day_is_worked_unless_it_is_closed_or_of_the_weekend(start, closed):
    assert made(closed).is_working(start) == works(start, closed)


def by_hand(start, limit, closed, pauses):
    """The last day in time, one day at a time; None once only paused days are ahead."""
    number = limit.number * (7 if limit.unit is WEEK else 1)
    at, left = (start - DAY if limit.inclusive else start), number
    while left:
        at += DAY
        if at > LAST:
            return None
        paused = any(pause.holds(at) for pause in pauses)
        if limit.unit is WD:
            left -= works(at, closed) and not paused
        else:
            left -= not paused
    return at


@given(
    start=days,
    number=st.integers(1, 25),
    unit=st.sampled_from([CD, WD, WEEK]),
    inclusive=st.booleans(),
    closed=closed,
    pauses=stretches,
)
def test_days_and_weeks_pass_over_pauses_as_counted_by_hand(
    start, number, unit, inclusive, closed, pauses
):
    limit = Limit(number, unit, inclusive)
    calendar = made(closed)
    assert due(limit, start, calendar=calendar, pauses=pauses) == by_hand(
        start, limit, closed, pauses
    )


@given(start=days, number=numbers, pauses=stretches)
def test_months_end_as_many_days_later_as_were_paused(start, number, pauses):
    end = add_months(start, number)
    at, left = start, (end - start).days
    while left and at < dt.date(2040, 1, 1):
        at += DAY
        left -= not any(pause.holds(at) for pause in pauses)
    assert due(Limit(number, MONTH), start, pauses=pauses) == (at if not left else None)


@given(start=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), number=st.integers(-240, 240))
def test_months_keep_the_day_or_take_the_last_there_is(start, number):
    end = add_months(start, number)
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == number
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)


@given(start=days, number=numbers, unit=st.sampled_from([CD, WEEK]))
def test_beginning_with_ends_a_day_earlier(start, number, unit):
    after = due(Limit(number, unit), start)
    assert due(Limit(number, unit, inclusive=True), start) == after - DAY


@given(start=days, number=st.integers(1, 40), closed=closed)
def test_counting_back_undoes_counting_on(start, number, closed):
    calendar = made(closed)
    end = due(Limit(number, WD), start, calendar=calendar)
    back = due(Limit(number, WD, backwards=True), end, calendar=calendar)
    assert calendar.working_days(back, end) == number
    assert back == start or not calendar.is_working(start)


# -- edges


@pytest.mark.parametrize(
    ("limit", "start", "last"),
    [
        (Limit(1, MONTH, inclusive=True), "2024-02-01", "2024-02-29"),
        (Limit(1, MONTH, inclusive=True), "2024-01-31", "2024-02-29"),
        (Limit(12, MONTH), "2024-02-29", "2025-02-28"),
        (Limit(3, MONTH, backwards=True), "2024-05-31", "2024-02-29"),
        (Limit(3, MONTH, inclusive=True, backwards=True), "2024-05-15", "2024-02-16"),
        (Limit(5, CD, inclusive=True, backwards=True), "2024-02-02", "2024-01-29"),
        (Limit(2, WEEK, backwards=True), "2024-02-15", "2024-02-01"),
        (Limit(3, WD, inclusive=True), "2024-03-28", "2024-04-02"),
        (Limit(1, WD, inclusive=True), "2024-01-01", "2024-01-01"),
        (Limit(1, WD, inclusive=True), "2024-03-30", "2024-04-01"),
        (Limit(1, WD, inclusive=True, backwards=True), "2024-04-01", "2024-04-01"),
        (Limit(2, WD, inclusive=True, backwards=True), "2024-04-01", "2024-03-28"),
        (Limit(1, WD), "2024-03-30", "2024-04-01"),
    ],
)
def test_ends_of_months_first_days_and_counting_back(limit, start, last):
    assert due(limit, day(start), calendar=COUNCIL) == day(last)


def test_hours_are_hours_of_real_time_whatever_the_clocks_did():
    from zoneinfo import ZoneInfo

    here = ZoneInfo("Europe/London")
    night = dt.datetime(2024, 3, 30, 12, tzinfo=here)  # the clocks go forward that night
    moment = due(Limit(24, Unit.HOUR), night)
    assert moment == dt.datetime(2024, 3, 31, 13, tzinfo=here)
    assert (moment - night.astimezone(dt.UTC)) == dt.timedelta(hours=24)
    for bare in (dt.date(2024, 3, 30), dt.datetime(2024, 3, 30, 12)):
        with pytest.raises(BadInput, match="needs the moment it starts"):
            due(Limit(24, Unit.HOUR), bare)
    with pytest.raises(BadInput, match="cannot be paused by days"):
        due(Limit(24, Unit.HOUR), night, pauses=[Pause(night.date(), None, "x")])


def test_a_day_with_a_time_is_its_day():
    noon = dt.datetime(2024, 1, 5, 12, tzinfo=dt.UTC)
    assert due(Limit(28, CD), noon) == day("2024-02-02")
    assert COUNCIL.is_working(noon)


@pytest.mark.parametrize("limit", [Limit(28, PREGNANT), Limit(5, CD, backwards=True)])
def test_what_does_not_stop_takes_no_pause(limit):
    with pytest.raises(BadInput, match="cannot be paused; leave the pauses out"):
        due(limit, day("2024-02-01"), pauses=[Pause(day("2024-02-03"), None, "ill")])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, CD), "0 is not a sensible number of days"),
        ((-3, WD), "-3 is not a sensible number of working days"),
        ((46, PREGNANT), "46 is not a sensible number of weeks of pregnancy"),
        ((24, Unit.HOUR, True), "A limit in hours is counted forwards from its start alone"),
        ((28, PREGNANT, False, True), "A limit in weeks of pregnancy is counted forwards"),
    ],
)
def test_limits_that_cannot_be_counted_are_refused(arguments, message):
    with pytest.raises(BadInput, match=message):
        Limit(*arguments)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (Limit(28, CD), "28 days"),
        (Limit(1, WD), "1 working day"),
        (Limit(28, PREGNANT), "28 weeks of pregnancy"),
        (Limit(1, PREGNANT), "1 week of pregnancy"),
        (Limit(5, CD, backwards=True), "5 days before"),
        (Limit(22, CD, inclusive=True), "22 days, counting the first day"),
    ],
)
def test_a_limit_reads_as_people_say_it(limit, words):
    assert str(limit) == words


def test_pauses_have_a_reason_and_an_order():
    with pytest.raises(BadInput, match="stopped for a reason"):
        Pause(day("2024-01-01"), None, " ")
    with pytest.raises(BadInput, match="ends on 2024-01-01, before it starts"):
        Pause(day("2024-01-02"), day("2024-01-01"), "ill")


def test_working_days_need_a_calendar_that_covers_them():
    with pytest.raises(BadInput, match="needs a calendar"):
        due(Limit(3, WD), day("2024-03-28"))
    with pytest.raises(
        BadInput, match="A council covers 2024-01-01 to 2025-12-31 and says nothing"
    ):
        due(Limit(3, WD), day("2026-01-05"), calendar=COUNCIL)
    with pytest.raises(BadInput, match="too short to count 3 working days after 2025-12-31"):
        due(Limit(3, WD), day("2025-12-31"), calendar=COUNCIL)
    with pytest.raises(BadInput, match="too short to count 3 working days before 2024-01-03"):
        add_working_days(day("2024-01-03"), -3, COUNCIL)
    late = [Pause(day("2025-12-30"), day("2026-03-01"), "ill")]
    with pytest.raises(BadInput, match="says nothing of 2026-03-01"):
        due(Limit(9, WD), day("2025-12-29"), calendar=COUNCIL, pauses=late)
    later = [Pause(day("2026-12-30"), None, "ill")]
    assert due(Limit(1, WD), day("2025-12-29"), calendar=COUNCIL, pauses=later) == day("2025-12-30")


# -- calendars


def test_the_calendar_of_the_act_closes_four_days_and_weekends():
    shut = {d.day for d in ACT.days_off}
    assert len(shut) == 8
    assert not ACT.is_working(day("2024-12-25"))
    assert ACT.is_working(GOOD_FRIDAY)
    assert str(ACT) == "Working days of the 2011 Act, 1"


def test_a_school_holiday_is_held_and_worked_unless_the_calendar_closes_for_it():
    holidays = [
        ClosedDay(day("2024-10-14"), "October week", ClosedKind.SCHOOL),
        ClosedDay(day("2024-10-14"), "Fast day", ClosedKind.SCHOOL),
        ClosedDay(day("2024-11-30"), kind=ClosedKind.COUNCIL),
    ]
    office = Calendar("Office", holidays)
    assert office.covers == (day("2024-01-01"), day("2024-12-31"))
    assert office.is_working(day("2024-10-14"))
    assert office.why_closed(day("2024-10-14")) == ("Fast day", "October week")
    assert office.why_closed(day("2024-11-30")) == ("council",)
    assert office.why_closed(day("2024-10-15")) == ()
    school = Calendar("School", holidays, closes=frozenset({ClosedKind.SCHOOL}))
    assert not school.is_working(day("2024-10-14"))
    assert str(school) == "School"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Bare",), "Bare names no day off and not which days it covers"),
        (("Bare", [], day("2024-01-01")), "names no day off"),
        (("Back", [], day("2024-02-01"), day("2024-01-01")), "before it starts; swap the days"),
        (
            ("Out", [ClosedDay(day("2025-01-01"), "New Year")], day("2024-01-01"), GOOD_FRIDAY),
            "New Year on 2025-01-01 lies outside",
        ),
        (
            ("Shut", [], day("2024-01-01"), day("2024-12-31"), frozenset(range(7))),
            "Shut has no working day in 2024, so nothing could ever be due",
        ),
        (
            ("Shut", [], day("2024-03-02"), day("2024-03-03")),
            "Shut has no working day at all, so nothing could ever be due",
        ),
        (
            ("Shut", [day("2024-01-01") + n * DAY for n in range(366)]),
            "no working day in 2024",
        ),
    ],
)  # fmt: skip
def test_calendars_by_which_nothing_could_be_due_are_refused(arguments, message):
    with pytest.raises(BadInput, match=message):
        Calendar(*arguments)


def test_a_calendar_without_a_working_day_in_one_year_of_several_is_refused():
    shut = [day("2025-01-01") + n * DAY for n in range(365)]
    with pytest.raises(BadInput, match="no working day in 2025"):
        Calendar("Shut", shut, day("2024-01-01"), day("2026-12-31"))


def test_calendars_of_the_same_days_are_the_same_calendar():
    assert Calendar("A", [GOOD_FRIDAY]) == Calendar("A", [ClosedDay(GOOD_FRIDAY)])
    assert len({Calendar("A", [GOOD_FRIDAY]), Calendar("A", (GOOD_FRIDAY,))}) == 1
    assert COUNCIL.working_days(day("2024-03-28"), day("2024-03-20")) == 0
    assert add_working_days(GOOD_FRIDAY, 0, COUNCIL) == GOOD_FRIDAY


def test_add_months_past_the_end_of_time_is_refused():
    with pytest.raises(BadInput, match="is no date"):
        add_months(day("2024-01-01"), 12 * 9000)
