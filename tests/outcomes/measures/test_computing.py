"""Denominators, states and what reads no view: populations, gaps, published figures, balance."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pytest

from sightline.children.definitions import dataset
from sightline.children.tables import from_rows
from sightline.kernel.errors import NotFound
from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.outcomes.measures import computing, views
from sightline.outcomes.measures.answers import RESULTS, Answers
from sightline.outcomes.measures.computing import compute, materialise
from sightline.outcomes.measures.population import UNKNOWN, People, Population
from sightline.warehouse.engines import Engine

DAY = dt.date.fromisoformat
COMMON: dict[str, Any] = {
    "code": "xx01", "version": "1", "title": "Made up", "theme": "protection", "kind": "output",
    "direction": "up", "frequency": "year", "calendar": "aug_jul", "counted": "those",
    "base_words": "all", "source": {"title": "Made up", "tag": "L"},
}  # fmt: skip
FLOW = {**COMMON, "shape": "flow", "view": "register_entries", "date": "registered_on"}


@dataclass(frozen=True)
class Days:
    first: dt.date
    last: dt.date


def defined(written: dict[str, Any], **changes: Any) -> IndicatorDefinition:
    return IndicatorDefinition.model_validate({**written, **changes})


def row_of(table: pa.Table, period: str = "2023-24", by: str = "", category: str = "") -> Any:
    (found,) = [
        row
        for row in table.to_pylist()
        if (row["period"], row["breakdown"], row["category"]) == (period, by, category)
    ]
    return found


# -- population


ROWS = [
    (2020, "male", 0, 4, 10), (2020, "female", 0, 4, 11), (2020, "persons", 5, 15, 50),
    (2022, "persons", 0, 15, 70), (2022, "persons", 0, 4, 20, "1"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ((2022, 0, 15), People(70)),
        ((2023, 0, 15), People(70, provisional=True)),
        ((2022, 0, 4), People(21, provisional=True)),
        ((2020, 0, 4, "male"), People(10)),
        ((2020, 0, 15), UNKNOWN),
        ((2020, 0, 5), UNKNOWN),
        ((2019, 0, 4), UNKNOWN),
        ((2022, 0, 4, "persons", "1"), People(20)),
        ((2022, 0, 4, "persons", "2"), UNKNOWN),
        ((2020, 5, 15, "female"), UNKNOWN),
    ],
)
def test_people_are_of_these_ages_exactly(asked: tuple[Any, ...], wanted: People) -> None:
    population = Population.of(ROWS)
    assert population.people(*asked) == wanted
    assert population.people(*asked) == wanted, "the second time, as kept"


# -- what was not submitted


@pytest.fixture(scope="module")
def register(duck: Engine) -> Any:
    schema = pa.schema([("child", pa.string()), ("registered_on", pa.date32())])
    rows = [{"child": "A", "registered_on": DAY("2023-09-01")}]
    return duck.put(pa.Table.from_pylist(rows, schema))


@pytest.mark.parametrize(
    ("supplied", "state"),
    [
        (None, "observed"),
        ({}, "not submitted"),
        ({"register-entries": ("2023-08-01", "2024-07-31")}, "not submitted"),
        ({"register-entries": ("2023-08-01", "2024-07-31"), "children": ("2024-07-31",) * 2},
         "observed"),
        ({"register-entries": ("2023-08-02", "2024-07-31"), "children": ("2024-07-31",) * 2},
         "not submitted"),
        ({"register-entries": ("2023-08-01", "2024-07-30"), "children": ("2024-07-31",) * 2},
         "not submitted"),
    ],
)  # fmt: skip
def test_what_was_not_supplied_is_never_a_zero(
    supplied: Any, state: str, register, duck: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = views.View("register_entries", ("register-entries", "children"), "", None, None, len)
    monkeypatch.setattr(computing, "named", lambda _: need)
    days = supplied and {c: Days(DAY(a), DAY(b)) for c, (a, b) in supplied.items()}
    days = {} if supplied == {} else days
    got = compute(
        [defined(FLOW, unit="count")], {}, ["2023-24"], engine=duck, supplied=days,
        views={"register_entries": register},
    )  # fmt: skip
    row = row_of(got)
    assert row["state"] == state
    if state == "not submitted":
        names = ("people", "records", "families", "counted", "of", "unknown", "value")
        assert {row[name] for name in names} == {None}


def test_a_cohort_needs_what_came_before_its_period(
    register, duck: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    need = views.View("register_entries", ("register-entries",), "", None, None, len)
    monkeypatch.setattr(computing, "named", lambda _: need)
    one = defined(FLOW, unit="per_cent", shape="cohort", after_months="12")
    for first, state in (("2022-08-01", "not available"), ("2022-08-02", "not submitted")):
        got = compute(
            [one], {}, ["2023-24"], engine=duck, views={"register_entries": register},
            supplied={"register-entries": Days(DAY(first), DAY("2024-07-31"))},
        )  # fmt: skip
        assert row_of(got)["state"] == state


def test_nothing_there_is_a_true_zero_and_nothing_to_divide_by_is_not(
    register, duck: Engine
) -> None:
    kept = {"register_entries": register}
    count, share = defined(FLOW, unit="count"), defined(FLOW, unit="per_cent", code="xx02")
    got = compute([count, share], {}, ["2019-20"], engine=duck, views=kept).to_pylist()
    assert [(row["value"], row["state"]) for row in got] == [(0.0, "true zero"),
                                                             (None, "not available")]  # fmt: skip


# -- a list taken on certain days


def test_where_no_list_was_taken_nothing_was_submitted(duck: Engine) -> None:
    schema = pa.schema([("child", pa.string()), ("a", pa.date32()), ("b", pa.date32()),
                        ("x", pa.bool_())])  # fmt: skip
    rows = [{"child": "A", "a": DAY("2024-07-31"), "b": DAY("2024-08-01"), "x": False}]
    table = duck.put(pa.Table.from_pylist(rows, schema))
    one = defined(COMMON, shape="snapshot", view="lists", unit="count", census="yes", until="b",
                  where=[{"column": "x", "true": "yes"}], **{"from": "a"})  # fmt: skip
    keys = ["2023-24 Q3", "2023-24 Q4"]
    got = compute([one, one.model_copy(update={"code": "xx02"})], {}, keys, engine=duck,
                  views={"lists": table})  # fmt: skip
    assert [row["state"] for row in got.to_pylist()] == ["not submitted", "true zero"] * 2


def test_a_rate_of_a_stock_needs_a_month(duck: Engine, register) -> None:
    stock = {"view": "held", "from": "registered_on", "until": "registered_on"}
    one = defined(FLOW, shape="average-stock", unit="per_100", stock=stock)
    kept = {"register_entries": register, "held": register}
    got = compute([one], {}, ["2023-08-02..2023-08-20"], engine=duck, views=kept)
    assert got["state"].to_pylist() == ["not available"]


# -- shapes that read no view


def gap(**more: Any) -> IndicatorDefinition:
    return defined(COMMON, shape="gap", unit="points", of_indicator="xx02", breakdown="place",
                   first="away", second="home", **more)  # fmt: skip


@pytest.mark.parametrize(
    ("flags", "value", "state"),
    [
        ({"home": [True, False], "away": [True]}, 50.0, "observed"),
        ({"home": [True], "away": [True]}, 0.0, "true zero"),
        ({"home": [True]}, None, "not available"),
        ({}, None, "not available"),
    ],
)
def test_a_gap_is_the_difference_of_two_shares(flags, value, state, duck: Engine) -> None:
    schema = pa.schema([("child", pa.string()), ("on", pa.date32()), ("by_place", pa.string()),
                        ("x", pa.bool_())])  # fmt: skip
    rows = [
        {"child": f"{place}{n}", "on": DAY("2023-09-01"), "by_place": place, "x": flag}
        for place, some in flags.items()
        for n, flag in enumerate(some)
    ]
    share = defined(COMMON, code="xx02", shape="flow", view="made", date="on", unit="per_cent",
                    counts=[{"column": "x", "true": "yes"}], breakdowns=["place"])  # fmt: skip
    table = duck.put(pa.Table.from_pylist(rows, schema))
    got = compute([gap(), share], {}, ["2023-24"], engine=duck, views={"made": table})
    found = next(row for row in got.to_pylist() if row["indicator"] == "xx01")
    assert (found["value"], found["state"]) == (value, state)


def test_a_gap_of_what_was_not_submitted_is_not_submitted(
    duck: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema = pa.schema([("child", pa.string()), ("on", pa.date32()), ("by_place", pa.string())])
    rows = [{"child": p, "on": DAY("2023-09-01"), "by_place": p} for p in ("home", "away")]
    need = views.View("made", ("irds",), "", None, None, len)
    monkeypatch.setattr(computing, "named", lambda _: need)
    share = defined(COMMON, code="xx02", shape="flow", view="made", date="on", unit="per_cent",
                    breakdowns=["place"])  # fmt: skip
    table = duck.put(pa.Table.from_pylist(rows, schema))
    got = compute([gap(), share], {}, ["2023-24"], engine=duck, views={"made": table}, supplied={})
    assert set(got["state"].to_pylist()) == {"not submitted"}


def test_the_balance_is_of_indicators_that_have_a_value(duck: Engine, register) -> None:
    balance = defined(COMMON, code="xx09", shape="balance", unit="per_cent", kind="quality")
    flow = defined(FLOW, unit="count", kind="outcome")
    empty = defined(FLOW, unit="per_cent", kind="process", code="xx02")
    kept = {"register_entries": register}
    got = compute([balance, flow, empty], {}, ["2023-24", "2019-20"], engine=duck, views=kept)
    rows = {r["period"]: r for r in got.to_pylist() if r["indicator"] == "xx09"}
    assert (rows["2023-24"]["counted"], rows["2023-24"]["of"]) == (1, 2)
    assert (rows["2019-20"]["counted"], rows["2019-20"]["of"], rows["2019-20"]["value"]) == (
        1, 1, 100.0)  # fmt: skip
    alone = compute([balance], {}, ["2023-24"], engine=duck, reported=[])
    assert row_of(alone)["state"] == "not available"
    assert row_of(compute([balance], {}, ["2023-24"], engine=duck, reported=[flow]))["of"] == 1


def published(**row: Any) -> dict[str, Any]:
    end = DAY("2024-07-31")
    return {"measure": "xx01", "area": "Moray", "period": "2023-24", "period_end": end,
            "vintage": "first", "published_on": DAY("2025-03-01"), **row}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "value", "state"),
    [
        ([published(value=12.5)], 12.5, "observed"),
        ([published(value=0.0)], 0.0, "true zero"),
        ([published(value=5.0, marker="suppressed")], None, "suppressed"),
        ([published(marker="not-applicable")], None, "not applicable"),
        ([published()], None, "not available"),
        ([], None, "not submitted"),
        ([published(value=1.0, area="Fife")], None, "not submitted"),
        ([published(value=1.0, measure="xx02")], None, "not submitted"),
        ([published(value=1.0, period="2022-23", period_end=DAY("2023-07-31"))], None,
         "not submitted"),
        ([published(value=2.0, vintage="second", published_on=DAY("2026-03-01")),
          published(value=1.0)], 2.0, "observed"),
        ([published(value=3.0, period="2024")], 3.0, "observed"),
    ],
)  # fmt: skip
def test_a_published_figure_is_of_the_latest_issue(rows, value, state, duck: Engine) -> None:
    one = defined(COMMON, shape="supplied", unit="per_cent", measure="xx01")
    tables = {"published-figures": duck.put(from_rows(dataset("published-figures"), rows))}
    got = compute([one], tables, ["2023-24"], engine=duck, areas=["Moray", "S12000020"])
    row = row_of(got)
    assert (row["value"], row["state"]) == (value, state)


def test_published_categories_are_those_of_the_breakdown(duck: Engine) -> None:
    rows = [published(value=9.0, base=40.0), published(value=3.0, category="foster")]
    tables = {"published-figures": duck.put(from_rows(dataset("published-figures"), rows))}
    for breakdowns, name in ((["placement"], "placement"), ([], "category")):
        one = defined(COMMON, shape="supplied", unit="per_cent", measure="xx01",
                      breakdowns=breakdowns)  # fmt: skip
        got = compute([one], tables, ["2023-24"], engine=duck)
        assert row_of(got)["of"] == 40
        assert row_of(got, by=name, category="foster")["value"] == 3.0
    assert row_of(compute([one], {}, ["2023-24"], engine=duck))["state"] == "not submitted"


def test_results_have_the_columns_that_are_kept() -> None:
    assert Answers().table().schema == RESULTS


# -- views


def test_views_are_declared_once_and_found_by_name() -> None:
    assert views.named("register_entries").needs
    assert all(one.build.__doc__ for one in views.views().values()), "each says what a row is"
    with pytest.raises(NotFound, match="There is no view nothing"):
        views.named("nothing")
    with pytest.raises(ValueError, match="two views register_entries"):
        views.view("register_entries", needs=(), title="Again")(lambda tables: tables["children"])


def test_only_the_views_that_are_read_are_worked_out(duck: Engine) -> None:
    assert materialise([gap()], {}, duck) == {}
    assert indicator("cp13").view
