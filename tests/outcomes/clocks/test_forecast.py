"""What is overdue, what falls due soon, and what the past year would make of it."""

import datetime as dt
from typing import Any

import pytest

from sightline.outcomes.clocks import forecast

TODAY = dt.date(2025, 6, 1)


def line(days: int | None, status: str, rule: str = "T-30") -> dict[str, Any]:
    due = None if days is None else TODAY + dt.timedelta(days=days)
    return {"rule": rule, "due_on": due, "status": status}


@pytest.mark.parametrize(
    ("days", "status", "counted"),
    [
        (-1, "breached_open", (1, 0, 0, 1, 1)), (-365, "breached_open", (1, 0, 0, 1, 1)),
        (-366, "breached_open", (1, 0, 0, 0, 0)), (0, "not_due", (0, 1, 1, 0, 0)),
        (6, "not_due", (0, 1, 1, 0, 0)), (7, "not_due", (0, 0, 1, 0, 0)),
        (27, "not_due", (0, 0, 1, 0, 0)), (-1, "met", (0, 0, 0, 1, 0)),
        (-1, "met_late", (0, 0, 0, 1, 1)),
    ],
)  # fmt: skip
def test_each_case_counts_where_it_stands(days: int, status: str, counted: tuple[int, ...]) -> None:
    (found,) = forecast([line(days, status)], today=TODAY)
    assert (found.overdue, found.this_week, found.soon, found.judged, found.late) == counted


def test_what_says_nothing_is_left_out() -> None:
    quiet = [line(28, "not_due"), line(0, "met"), line(None, "unknown"), line(-5, "excepted")]
    assert forecast(quiet, today=TODAY) == ()


def test_the_share_of_the_past_year_is_carried_forward_from_twenty_cases_on() -> None:
    past = [line(-9, "met")] * 15 + [line(-9, "met_late")] * 4
    soon = [line(3, "not_due")] * 8
    (few,) = forecast([*past, *soon], today=TODAY)
    assert few.expected_late is None
    (enough,) = forecast([*past, line(-9, "breached_open"), *soon], today=TODAY)
    assert enough.expected_late == 2.0
