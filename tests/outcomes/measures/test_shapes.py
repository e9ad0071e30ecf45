"""Each shape against plain Python on made-up rows: every period, breakdown and category."""

import datetime as dt
import random
from typing import Any

import pyarrow as pa
import pytest

from sightline.outcomes.definitions import IndicatorDefinition
from sightline.outcomes.measures.computing import compute, members
from sightline.outcomes.measures.population import Population
from sightline.warehouse.engines import Engine
from tests.outcomes.measures import plain

DICE = random.Random(11)  # noqa: S311 - made-up rows
COMMON: dict[str, Any] = {
    "code": "xx01", "version": "1", "title": "Made up", "theme": "protection", "kind": "output",
    "direction": "up", "frequency": "quarter", "calendar": "aug_jul", "counted": "those",
    "base_words": "all", "view": "made", "source": {"title": "Made up", "tag": "L"},
    "breakdowns": ["age", "sex", "simd", "locality", "concern", "place"],
}  # fmt: skip
SOME = [{"column": "flag", "true": "yes"}]
BASE = [{"column": "code", "not": ["b"]}, {"age": {"from": "2", "to": "17"}}]
LOST = [{"column": "code", "known": "no"}]
HELD = {"from": "starts_on", "until": "ends_on"}
SHAPES: dict[str, dict[str, Any]] = {
    "flow": {"shape": "flow", "date": "starts_on", "unit": "count"},
    "share": {
        "shape": "flow", "date": "starts_on", "unit": "per_cent", "where": BASE, "counts": SOME,
        "unknown": LOST,
    },
    "rows": {
        "shape": "flow", "date": "starts_on", "unit": "per_cent", "count": "rows", "counts": SOME,
        "unknown": LOST,
    },
    "packed rows": {
        "shape": "flow", "date": "starts_on", "unit": "per_cent", "count": "rows", "counts": SOME,
        "unknown": LOST, "breakdowns": ["age", "sex", "place"],
    },
    "families": {
        "shape": "flow", "date": "starts_on", "unit": "per_cent", "count": "families",
        "counts": SOME, "unknown": LOST,
    },
    "meetings": {
        "shape": "snapshot", **HELD, "unit": "per_cent", "count": "meetings",
        "count_column": "meeting", "counts": SOME, "unknown": LOST,
    },
    "snapshot": {
        "shape": "snapshot", **HELD, "unit": "per_cent", "counts": SOME, "where": BASE,
        "age_bands": "looked-after",
    },
    "unborn": {"shape": "snapshot", **HELD, "unit": "count", "where": [{"unborn": "yes"}]},
    "rate": {
        "shape": "snapshot", **HELD, "unit": "per_1000", "of": "population",
        "population": {"from": "0", "to": "17"},
    },
    "rate of boys": {
        "shape": "flow", "date": "starts_on", "unit": "per_1000", "of": "population",
        "population": {"from": "0", "to": "15", "sex": "male"}, "where": BASE,
    },
    "cohort": {
        "shape": "cohort", "date": "starts_on", "after_months": "7", "unit": "per_cent",
        "counts": [{"column": "ends_on", "within": {"of": "starts_on", "months": "6"}}],
    },
    "median": {
        "shape": "median", "date": "starts_on", "value": "days", "unit": "days",
        "where": [{"column": "code", "not": ["b"]}],
    },
    "median of a stock": {
        "shape": "median", **HELD, "value": "days", "unit": "days", "unknown": LOST,
    },
    "mean": {"shape": "mean", "date": "starts_on", "value": "days", "unit": "days", "counts": SOME,
             "count": "rows"},
    "mentions": {
        "shape": "mentions", "date": "starts_on", "mentions": "by_concern", "unit": "per_cent",
    },
    "mentions in stock": {
        "shape": "mentions", **HELD, "mentions": "by_concern", "unit": "per_cent",
    },
    "profile": {
        "shape": "profile", "over": "snapshot", **HELD, "of_breakdown": "concern",
        "unit": "per_cent", "unknown": LOST,
    },
    "profile of one": {
        "shape": "profile", "over": "flow", "date": "starts_on", "of_breakdown": "place",
        "unit": "per_cent",
    },
    "average stock": {
        "shape": "average-stock", "date": "starts_on", "unit": "per_100", "count": "rows",
        "stock": {"view": "stock", **HELD, "where": SOME},
    },
}  # fmt: skip
PERIODS = {
    "quarters": ["2020-21 Q3", "2020-21 Q4", "2021-22 Q1", "2021-22 Q2"],
    "years": ["2020-21", "2021-22"],
    "one": ["2020-21 Q4"],
    "any": ["2021-01-15..2021-06-10", "2020-21 Q4", "2021-22 M03"],
}
PEOPLE = [
    (str(year), sex, str(age), str(age), str(100 + year % 10 + age), fifth)
    for year in (2019, 2021)
    for sex in ("male", "female")
    for age in range(26)
    for fifth in ("", "1", "2", "3", "4", "5")
]
SCHEMA = pa.schema(
    [
        ("child", pa.string()), ("family", pa.string()), ("meeting", pa.string()),
        ("date_of_birth", pa.date32()), ("starts_on", pa.date32()), ("ends_on", pa.date32()),
        ("flag", pa.bool_()), ("code", pa.string()), ("days", pa.int64()), ("by_sex", pa.string()),
        ("by_simd", pa.string()), ("by_locality", pa.string()), ("by_place", pa.string()),
        ("by_concern", pa.list_(pa.string())),
    ]
)  # fmt: skip


def _day(first: str, last: str) -> dt.date:
    low = dt.date.fromisoformat(first)
    return low + dt.timedelta(days=DICE.randint(0, (dt.date.fromisoformat(last) - low).days))


def _edge() -> dt.date:
    """A day on or beside the edge of a quarter, more often than not."""
    near = ["2021-01-31", "2021-02-01", "2021-04-30", "2021-05-01", "2021-07-31", "2021-08-01"]
    if DICE.random() < 1 / 2:
        return dt.date.fromisoformat(DICE.choice(near))
    return _day("2020-06-01", "2022-03-01")


def made(number: int) -> list[dict[str, Any]]:
    """Rows of a few children, several of some."""
    births = {f"c{i}": DICE.choice([None, _day("2003-01-30", "2021-08-02")]) for i in range(9)}
    rows = []
    for _ in range(number):
        child, start = DICE.choice([*births]), _edge()
        over = DICE.choice([None, start + dt.timedelta(days=DICE.randint(1, 500)), _edge()])
        concerns = [one for one in ("neglect", "alcohol", "drugs") if DICE.random() < 1 / 2]
        rows.append(
            {
                "child": child,
                "family": f"f{int(child[1:]) % 4}",
                "meeting": f"m{DICE.randint(0, 6)}",
                "date_of_birth": births[child],
                "starts_on": DICE.choice([start, start, start, None]),
                "ends_on": over,
                "flag": DICE.choice([True, False, None]),
                "code": DICE.choice(["a", "b", None]),
                "days": DICE.choice([None, *range(5)]),
                "by_sex": DICE.choice(["male", "female", "unborn"]),
                "by_simd": DICE.choice([None, "1", "5"]),
                "by_locality": DICE.choice([None, "north", "south"]),
                "by_place": DICE.choice([None, "home", "kinship"]),
                "by_concern": DICE.choice([None, concerns, concerns]),
            }
        )
    return rows


@pytest.fixture(scope="module")
def worlds(duck: Engine) -> list[tuple[list[dict[str, Any]], Any]]:
    found = []
    for number in (0, 1, 70):
        rows = made(number)
        found.append((rows, duck.put(pa.Table.from_pylist(rows, SCHEMA))))
    return found


@pytest.mark.parametrize("periods", sorted(PERIODS))
@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_it_is_as_in_plain_python(shape: str, periods: str, worlds, duck: Engine) -> None:
    one = IndicatorDefinition.model_validate({**COMMON, **SHAPES[shape]})
    keys = PERIODS[periods]
    for rows, table in worlds if periods == "quarters" else worlds[-1:]:
        got = compute(
            [one], {}, keys, engine=duck, population=Population.of(PEOPLE),
            views={"made": table, "stock": table},
        ).to_pylist()  # fmt: skip
        world = plain.World({"made": rows, "stock": rows}, PEOPLE)
        assert {row["period"] for row in got} == set(keys)
        for row in got:
            by, category = row["breakdown"], row["category"]
            wanted = plain.answer(one, row["period"], by, category, world)
            assert row["value"] == pytest.approx(wanted.value), (row, wanted)
            if rows:
                said = [row[n] for n in ("counted", "people", "records", "families", "unknown")]
                by_hand = [wanted.people, wanted.children, wanted.records, wanted.families]
                assert said == [*by_hand, wanted.unknown], (row, wanted)
            if one.out_of != "none" or one.value:
                assert row["of"] == wanted.of, (row, wanted)
            assert row["state"] == (
                "not available" if wanted.value is None
                else "observed" if wanted.value else "true zero"
            )  # fmt: skip


@pytest.mark.parametrize("shape", ["share", "snapshot", "cohort", "profile", "flow"])
def test_the_members_are_those_who_were_counted(shape: str, worlds, duck: Engine) -> None:
    one = IndicatorDefinition.model_validate({**COMMON, **SHAPES[shape], "of_breakdown": ""} if (
        shape != "profile") else {**COMMON, **SHAPES[shape]})  # fmt: skip
    rows, table = worlds[-1]
    views, keys = {"made": table}, PERIODS["quarters"]
    listed = members([one], {}, keys, engine=duck, views=views).to_pylist()
    results = compute([one], {}, keys, engine=duck, views=views).to_pylist()
    assert len({(m["period"], m["child"]) for m in listed}) == len(listed)
    for row in results:
        here = [m for m in listed if m["period"] == row["period"]]
        if not row["breakdown"]:
            assert sum(m["counted"] for m in here) == row["people"]
            assert sum(m["unknown"] for m in here) == row["unknown"]
        elif row["breakdown"] not in {one.of_breakdown} and row["people"]:
            tagged = f"{row['breakdown']}={row['category']}"
            assert sum(m["counted"] for m in here if tagged in m["categories"]) >= row["people"]
    assert rows


def test_members_without_breakdowns_have_no_categories(worlds, duck: Engine) -> None:
    one = IndicatorDefinition.model_validate({**COMMON, **SHAPES["flow"]})
    views = {"made": worlds[-1][1]}
    listed = members([one], {}, ["2020-21"], engine=duck, views=views, breakdowns=[])
    assert listed.num_rows
    assert {tuple(one) for one in listed["categories"].to_pylist()} == {()}
    assert members([one], {}, [], engine=duck, views=views).num_rows == 0
    assert compute([one], {}, [], engine=duck, views=views).num_rows == 0


def test_rows_that_are_about_no_child_have_no_people(worlds, duck: Engine) -> None:
    bare = worlds[-1][1].drop("child", "family")
    written = {**COMMON, **SHAPES["rows"], "breakdowns": ["place"]}
    one = IndicatorDefinition.model_validate(written)
    views = {"made": bare}
    results = compute([one], {}, ["2020-21"], engine=duck, views=views).to_pylist()
    assert {(row["people"], row["families"]) for row in results} == {(None, None)}
    assert results[0]["counted"] == results[0]["records"] > 0
    assert members([one], {}, ["2020-21"], engine=duck, views=views).num_rows == 0
    count = IndicatorDefinition.model_validate(
        {**COMMON, **SHAPES["meetings"], "breakdowns": ["place"]}
    )
    whole = compute([count], {}, ["2020-21"], engine=duck, views=views).to_pylist()[0]
    assert whole["people"] is None
    assert 0 < whole["counted"] <= whole["records"]
