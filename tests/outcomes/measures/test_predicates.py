"""Predicates and dates say in the engine what they say in plain Python, nulls included."""

import datetime as dt
import random
from itertools import pairwise
from typing import Any

import pyarrow as pa
import pytest

from sightline.outcomes.definitions import Predicate
from sightline.outcomes.measures import bands, dates
from sightline.outcomes.measures.periods import age_on, month_number, plus_months
from sightline.outcomes.measures.predicates import all_hold, holds
from sightline.warehouse.engines import Engine
from tests.outcomes.measures import plain

DICE = random.Random(5)  # noqa: S311 - made-up rows


def _day(first: str, last: str) -> dt.date:
    low = dt.date.fromisoformat(first)
    return low + dt.timedelta(days=DICE.randint(0, (dt.date.fromisoformat(last) - low).days))


def _row() -> dict[str, Any]:
    births = (None, _day("2004-02-25", "2004-03-03"), _day("2020-02-25", "2020-03-03"))
    near = (None, _day("2020-01-20", "2020-03-05"), _day("2020-02-25", "2020-03-05"))
    ticked = [one for one in "xyz" if DICE.random() < 1 / 2]
    return {
        "date_of_birth": DICE.choice(births),
        "on": DICE.choice(near),
        "other": DICE.choice(near),
        "looked": _day("2020-02-25", "2020-03-03"),
        "number": DICE.choice([None, 0, 1, 2, 3, 4]),
        "code": DICE.choice([None, "a", "b", ""]),
        "flag": DICE.choice([None, True, False]),
        "ticked": DICE.choice([None, ticked, ticked]),
    }


SCHEMA = pa.schema(
    [
        *((name, pa.date32()) for name in ("date_of_birth", "on", "other", "looked")),
        ("number", pa.int64()),
        ("code", pa.string()),
        ("flag", pa.bool_()),
        ("ticked", pa.list_(pa.string())),
        ("n", pa.int64()),
    ]
)
WRITTEN: list[dict[str, Any]] = [
    {"column": "code", "is": ["a"]},
    {"column": "code", "not": ["a"]},
    {"column": "number", "at_least": "2"},
    {"column": "number", "at_most": "2"},
    {"column": "number", "over": "2", "at_most": "3"},
    {"column": "number", "under": "2.5"},
    {"column": "on", "at_least": "2020-02-29"},
    {"column": "code", "known": "yes"},
    {"column": "code", "known": "no"},
    {"column": "flag", "true": "yes"},
    {"column": "flag", "true": "no"},
    {"column": "ticked", "has": ["x", "y"]},
    {"column": "ticked", "has_any": ["x", "y"]},
    {"column": "ticked", "has_none": ["x", "y"]},
    {"column": "on", "before": "other"},
    {"column": "on", "after": "other"},
    {"column": "on", "on_or_before": "other"},
    {"column": "on", "on_or_after": "day"},
    {"column": "day", "on_or_after": "on"},
    {"column": "on", "within": {"of": "other", "days": "28"}},
    {"column": "on", "within": {"of": "other", "weeks": "6"}},
    {"column": "on", "within": {"of": "other", "months": "2"}},
    {"passed": {"of": "on", "months": "1"}},
    {"passed": {"of": "on", "days": "3"}},
    {"age": {"from": "16"}},
    {"age": {"to": "15"}},
    {"age": {"from": "0", "to": "0"}},
    {"unborn": "yes"},
    {"unborn": "no"},
    {"any": [{"column": "flag", "true": "yes"}, {"column": "number", "at_least": "3"}]},
    {"none": [{"column": "flag", "true": "yes"}, {"age": {"from": "16"}}]},
]
READ = [Predicate.model_validate(one) for one in WRITTEN]


def test_every_predicate_holds_of_the_rows_it_should(duck: Engine) -> None:
    rows = [_row() for _ in range(1000)]
    table = duck.put(pa.Table.from_pylist([{**r, "n": i} for i, r in enumerate(rows)], SCHEMA))
    asked = {f"p{i}": holds(test, table, table.looked) for i, test in enumerate(READ)}
    found = duck.fetch(table.select("n", **asked)).to_pylist()
    assert len(found) == len(rows)
    for number in range(len(READ)):
        said = {line[f"p{number}"] is True for line in found}
        assert said == {True, False}, f"{WRITTEN[number]} holds of some rows and not of others"
    for line in found:
        row = rows[line["n"]]
        for number, test in enumerate(READ):
            by_hand = plain.holds(test, row, row["looked"])
            assert (line[f"p{number}"] is True) == by_hand, f"{WRITTEN[number]} of {row}"


def test_nothing_asked_is_true(duck: Engine) -> None:
    table = duck.put(pa.table({"a": [1, 2]}))
    assert duck.fetch(table.filter(all_hold([], table))).num_rows == 2


def test_dates_are_reckoned_as_in_plain_python(duck: Engine) -> None:
    every = [
        (_day("1999-01-01", "2026-12-31"), _day("1999-01-01", "2026-12-31")) for _ in range(900)
    ]
    ends = [dt.date(2024, 1, 31), dt.date(2024, 2, 29), dt.date(2023, 2, 28), dt.date(2023, 12, 31)]
    pairs = [*every, *((a, b) for a in ends for b in ends)]
    made = pa.table(
        {"n": range(len(pairs)), "a": [a for a, _ in pairs], "b": [b for _, b in pairs]}
    )
    table = duck.put(made)
    a, b = table.a, table.b
    asked = table.select(
        "n",
        days=dates.days_between(a, b),
        plus_1=dates.plus_months(a, 1),
        minus_1=dates.plus_months(a, -1),
        same=dates.plus_months(dates.plus_days(a, 0), 0),
        age=dates.age_on(a, b),
        week=dates.plus_days(a, 7),
        own=dates.plus_days(a, a.day().cast("int64")),
        month=dates.month_index(a),
        quarter=dates.quarter_index(a),
        first=dates.first_of_month(a),
        last=dates.last_of_month(a),
        lower=dates.earlier(a, b),
        upper=dates.later(a, b),
        band=bands.band_on(a, b, "looked-after"),
    )
    for row in duck.fetch(asked).to_pylist():
        one, two = pairs[row["n"]]
        last = plus_months(one.replace(day=1), 1) - dt.timedelta(days=1)
        assert row["days"] == (two - one).days
        assert (row["plus_1"], row["minus_1"]) == (plus_months(one, 1), plus_months(one, -1))
        assert row["same"] == one
        assert row["age"] == age_on(one, two)
        assert row["week"] == one + dt.timedelta(days=7)
        assert row["own"] == one + dt.timedelta(days=one.day)
        assert row["month"] == month_number(one)
        assert row["quarter"] == (month_number(one) - 1) // 3
        assert (row["first"], row["last"]) == (one.replace(day=1), last)
        assert (row["lower"], row["upper"]) == (min(one, two), max(one, two))
        wanted = "not-known" if two < one else bands.band_of(age_on(one, two), "looked-after")
        assert row["band"] == wanted


def test_a_date_and_a_length_is_a_date_in_the_engine_too(duck: Engine) -> None:
    table = duck.put(pa.table({"a": [dt.date(2024, 1, 31)]}))
    kept = duck.keep(table.select(later=dates.plus_months(table.a, 1)), "kept_dates")
    assert kept.schema()["later"].is_date()


def test_the_known_one_of_two_dates_wins(duck: Engine) -> None:
    table = duck.put(
        pa.table({"a": pa.array([dt.date(2024, 1, 1)]), "b": pa.nulls(1, pa.date32())})
    )
    got = table.select(x=dates.earlier(table.a, table.b), y=dates.later(table.a, table.b))
    assert duck.fetch(got).to_pylist() == [{"x": dt.date(2024, 1, 1), "y": dt.date(2024, 1, 1)}]


@pytest.mark.parametrize("name", ["register", "looked-after", "aftercare"])
def test_bands_leave_no_age_out_and_none_twice(name: str) -> None:
    found = [bands.band_of(age, name) for age in range(30)]
    assert list(dict.fromkeys(found)) == list(bands.names(name))
    ends = [(b.first, b.last) for b in bands.BANDS[name]]
    assert all(low == (high or 0) + 1 for (_, high), (low, _) in pairwise(ends))
