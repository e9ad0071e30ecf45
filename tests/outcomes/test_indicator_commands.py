"""`sightline indicators list`, `check` and `run`."""

import datetime as dt
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command

from sightline.children.definitions import dataset, datasets
from sightline.children.tables import empty, from_rows
from sightline.kernel.errors import BadInput
from sightline.outcomes.clocks import reading_schema
from sightline.outcomes.definitions import indicator, indicators
from sightline.outcomes.management.commands import indicators_run
from sightline.outcomes.measures import examples
from sightline.outcomes.measures.places import places_table
from sightline.outcomes.measures.running import run

pytestmark = pytest.mark.django_db


def said(*words: str, **options: Any) -> Any:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


def refused(capsys: pytest.CaptureFixture[str], *words: str, **options: Any) -> str:
    """What is said when a command ends with a status of its own."""
    with pytest.raises(SystemExit):
        call_command(*words, **options)
    return capsys.readouterr().err


def test_the_list_has_every_indicator_and_can_be_narrowed() -> None:
    everything = json.loads(said("indicators_list", format="json"))
    assert [one["code"] for one in everything] == [one.code for one in indicators()]
    some = json.loads(said("indicators_list", theme="voice", kind="experience", format="json"))
    assert {(one["theme"], one["kind"]) for one in some} == {("voice", "experience")}
    assert "cp13" in said("indicators_list", theme="protection")
    assert "none of these" in said("indicators_list", theme="weather")


def test_the_check_answers_examples_again() -> None:
    assert "2 indicators are well formed" in said("indicators_check", "cp13", "cp18")
    whole = json.loads(said("indicators_check", "cp17", format="json"))
    assert whole["engine"] == "duckdb"
    assert whole["answers"] == len(_example("cp17").answers)


def _example(code: str) -> examples.Example:
    found = examples.example_of(indicator(code))
    assert found is not None
    return found


def test_the_check_names_every_answer_that_differs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    right = _example("cp17")
    wrong = right.answers[0].model_copy(update={"people": 99})
    changed = right.model_copy(update={"answers": (wrong, *right.answers[1:])})
    of = {"cp17": changed, "cp13": None}
    monkeypatch.setattr(examples, "example_of", lambda one: of[one.code])
    told = refused(capsys, "indicators_check", "cp17", "cp13")
    assert "people is 99 by hand" in told
    assert "it has no worked example" in told


def test_a_view_that_lacks_a_column_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    one = indicator("cp13").model_copy(
        update={"from_": "row", "count_column": "shoe_size", "breakdowns": ("hat", "age")}
    )
    with examples_engine() as engine:
        faults = examples.faults_of_view(one, engine)
    assert [part for part in ("no column shoe_size", "no column by_hat", "row is int64")
            if not any(part in fault for fault in faults)] == []  # fmt: skip
    assert examples.faults_of_view(indicator("wf10"), None) == []  # type: ignore[arg-type]


def examples_engine() -> Any:
    from sightline.warehouse.engines import engine

    return engine()


@pytest.fixture
def build(tmp_path: Path) -> Path:
    """The folder of a build with two children on the register."""
    born = dt.date(2015, 1, 1)
    rows: dict[str, list[dict[str, object]]] = {
        "children": [{"child": c, "date_of_birth": born, "sex": "male"} for c in "AB"],
        "register-entries": [{"child": c, "registered_on": dt.date(2023, 9, 1)} for c in "AB"],
    }  # fmt: skip
    (tmp_path / "tables").mkdir()
    for one in datasets():
        made = from_rows(dataset(one.code), rows[one.code]) if one.code in rows else empty(one)
        pq.write_table(made, tmp_path / "tables" / f"{one.code}.parquet")
    pq.write_table(reading_schema().empty_table(), tmp_path / "clock-readings.parquet")
    pq.write_table(places_table([]), tmp_path / "places.parquet")
    people = [
        {"year": 2024, "sex": sex, "from_age": 0, "to_age": 17, "people": 500, "simd": ""}
        for sex in ("male", "female")
    ]
    pq.write_table(pa.Table.from_pylist(people), tmp_path / "population.parquet")
    supplied = {code: ["2020-08-01", "2024-07-31"] for code in (*rows, "register-concerns")}
    (tmp_path / "overview.json").write_text(json.dumps({"supplied": supplied}))
    return tmp_path


def test_a_build_is_worked_out_again_from_its_folder(build: Path) -> None:
    done = run(build, [indicator("cp13"), indicator("la01")], ["2023-24 Q4"], breakdowns=["sex"])
    rows = {(r["indicator"], r["breakdown"], r["category"]): r for r in done.results.to_pylist()}
    assert rows["cp13", "", ""]["value"] == pytest.approx(2.0)
    assert rows["cp13", "sex", "male"]["of"] == 500
    assert rows["la01", "", ""]["state"] == "not submitted"
    years = run(build, [indicator("cp13")], breakdowns=[]).results["period"].to_pylist()
    assert years[-1] == "2023-24"
    assert len(years) == 10


def test_a_build_of_nothing_has_no_periods_and_no_build_is_said(build: Path) -> None:
    (build / "overview.json").write_text(json.dumps({"supplied": {}}))
    assert run(build, [indicator("cp13")]).results.num_rows == 0
    (build / "overview.json").unlink()
    with pytest.raises(BadInput, match="made without indicators"):
        run(build, [indicator("cp13")])


@pytest.fixture
def published(build: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    opened: list[str] = []

    def opening(actor: Any, number: int, *, reason: str) -> Path:
        opened.append(reason)
        return build

    monkeypatch.setattr(indicators_run, "current_build", lambda _: SimpleNamespace(number=4))
    monkeypatch.setattr(indicators_run, "get_build_for", lambda actor, area, number: (area, number))
    monkeypatch.setattr(indicators_run, "open_tables", opening)
    return lambda: opened


def test_figures_are_printed_nowhere_and_written_where_asked(
    published: Callable[..., Any], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "figures.parquet"
    asked = {"partnership": "Moray", "indicator": ["cp13"], "period": ["2023-24 Q4"], "to": str(to)}
    done = json.loads(said("indicators_run", format="json", by=["sex"], **asked))
    assert (done["build"], done["engine"], done["partnership"]) == (4, "duckdb", "moray")
    assert done["lines"][0]["code"] == "cp13"
    assert done["lines"][0]["results"] == sum(done["lines"][0]["states"].values())
    assert pq.read_table(to)["indicator"].unique().to_pylist() == ["cp13"]
    assert to.stat().st_mode & 0o077 == 0
    assert published() == ["indicators run"], "the opening is recorded by the door"
    assert "is there already" in refused(capsys, "indicators_run", **asked)
    text = said("indicators_run", **{**asked, "to": "", "build": 3})
    assert "duckdb took" in text
    again = said("indicators_run", **{**asked, "to": str(tmp_path / "again.parquet")})
    assert "The figures are in" in again


def test_without_a_build_there_is_nothing_to_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(indicators_run, "current_build", lambda _: None)
    told = refused(capsys, "indicators_run", partnership="moray")
    assert "No build of Moray is published" in told
