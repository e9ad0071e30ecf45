"""What every build gets of indicators, from a few rows to the files beside its tables."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from sightline.children.building import BuildContext, Quietly, Supplied, steps
from sightline.children.definitions import datasets
from sightline.children.tables import empty, from_rows
from sightline.outcomes import building
from sightline.outcomes.definitions import indicators
from sightline.warehouse.engines import engine

D = dt.date
TODAY = D(2026, 9, 30)
WHOLE = Supplied(D(2014, 8, 1), D(2026, 7, 31))
ROWS: dict[str, list[dict[str, Any]]] = {
    "children": [
        {"child": "A", "date_of_birth": D(2012, 5, 1), "sex": "female", "home_zone": "S01999001"},
        {"child": "B", "date_of_birth": D(2020, 5, 1), "sex": "male"},
    ],
    "register-entries": [
        {"child": "A", "registered_on": D(2025, 9, 1)},
        {"child": "B", "registered_on": D(2024, 9, 1), "deregistered_on": D(2025, 3, 1)},
    ],
    "planning-meetings": [
        {"meeting": "M", "child": "A", "meeting_type": "initial", "held_on": D(2025, 9, 1),
         "concern_on": D(2025, 8, 1), "outcome": "registered"},
        {"meeting": "N", "child": "A", "meeting_type": "review", "held_on": D(2026, 3, 1),
         "outcome": "remains"},
    ],
}  # fmt: skip


def build(folder: Path) -> Path:
    """The folder of a build of these rows."""
    with engine("duckdb", threads=1) as one:
        tables = {}
        for each in datasets():
            rows = ROWS.get(each.code)
            table = empty(each) if rows is None else from_rows(each, rows)
            tables[each.code] = one.put(table, f"given_{each.code.replace('-', '_')}")
        building.step(
            BuildContext(
                area="fife", number=1, folder=folder, engine=one, tables=tables,
                supplied=dict.fromkeys(ROWS, WHOLE), today=TODAY, progress=Quietly(),
            )
        )  # fmt: skip
    return folder


def result(folder: Path, grid: str, code: str, period: str) -> dict[str, Any]:
    rows = pq.read_table(folder / f"results-{grid}.parquet").to_pylist()
    (found,) = [
        row
        for row in rows
        if (row["indicator"], row["period"], row["breakdown"]) == (code, period, "")
    ]
    return found


def every_indicator_is_worked_out_by_year_for_ten_years(made: Path) -> None:
    table = pq.read_table(made / "results-year.parquet")
    periods = sorted(set(table["period"].to_pylist()))
    assert (periods[0], periods[-1], len(periods)) == ("2016-17", "2025-26", 10)
    asked = {one.code for one in indicators()}
    assert set(table["indicator"].to_pylist()) == asked
    quarters = pq.read_table(made / "results-quarter.parquet")
    often = {one.code for one in indicators() if one.frequency != "year"}
    assert set(quarters["indicator"].to_pylist()) == often
    assert len(set(quarters["period"].to_pylist())) == 40


def what_was_supplied_is_counted_and_what_was_not_is_never_zero(made: Path) -> None:
    assert result(made, "year", "cp13", "2025-26")["counted"] == 1
    assert result(made, "quarter", "cp13", "2024-25 Q2")["counted"] == 1
    late = result(made, "year", "cp08", "2025-26")
    assert (late["counted"], late["of"], late["value"]) == (0, 1, 0.0)
    for code in ("la01", "cl09", "la13", "cp11"):
        found = result(made, "year", code, "2025-26")
        assert (found["state"], found["value"]) == ("not submitted", None), code


def who_is_behind_a_figure_is_listed_in_order(made: Path) -> None:
    rows = pq.read_table(made / "members.parquet").to_pylist()
    keys = [(row["indicator"], row["period"], row["child"]) for row in rows]
    assert keys == sorted(keys)
    assert ("cp13", "2025-26", "A") in keys
    assert ("cp13", "2025-26", "B") not in keys


def clocks_and_what_is_overdue_are_kept(made: Path) -> None:
    readings = pq.read_table(made / "clock-readings.parquet").to_pylist()
    next_review = [row for row in readings if row["rule"] == "T-12"]
    assert [(row["due_on"], row["status"]) for row in next_review] == [
        (D(2026, 9, 1), "breached_open")
    ]
    said = json.loads((made / building.OVERVIEW).read_text(encoding="utf-8"))
    assert {line["rule"]: line["overdue"] for line in said["clocks"]}["T-12"] == 1
    assert said["supplied"]["register-entries"] == ["2014-08-01", "2026-07-31"]


def files_are_for_the_service_alone_and_the_step_is_registered(made: Path) -> None:
    names = {path.name for path in made.iterdir()}
    assert names >= {"places.parquet", "population.parquet", "journeys.parquet"}
    assert {path.stat().st_mode & 0o077 for path in made.iterdir()} == {0}
    assert steps()["indicators"] is building.step


@pytest.mark.django_db
def test_a_build_of_a_few_rows_has_every_figure_and_says_what_it_lacks(tmp_path: Path) -> None:
    made = build(tmp_path)
    every_indicator_is_worked_out_by_year_for_ten_years(made)
    what_was_supplied_is_counted_and_what_was_not_is_never_zero(made)
    who_is_behind_a_figure_is_listed_in_order(made)
    clocks_and_what_is_overdue_are_kept(made)
    files_are_for_the_service_alone_and_the_step_is_registered(made)


def test_with_nothing_supplied_there_are_no_periods() -> None:
    context = BuildContext("fife", 1, Path(), None, {}, {}, TODAY, Quietly())  # type: ignore[arg-type]
    assert building.periods(context, indicators(), "year") == ()


def test_years_out_of_the_people_of_an_earlier_one_are_kept_by_indicator(tmp_path):
    import pyarrow as pa

    from sightline.outcomes import building
    from sightline.warehouse import parquet

    names = ("indicator", "period", "breakdown", "provisional")
    rows = [
        ("cp13", "2022-23", "", False), ("cp13", "2023-24", "", True),
        ("cp13", "2023-24", "age", True),
    ]  # fmt: skip
    held = pa.Table.from_pylist([dict(zip(names, row, strict=True)) for row in rows])
    parquet.write_table(held, tmp_path / "results.parquet")
    assert building._provisional(tmp_path / "results.parquet") == {"cp13": ["2023-24"]}
