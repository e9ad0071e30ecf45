"""Planted faults are where the list says, and nowhere else; wrong files are wrong as they say."""

import csv
import datetime as dt
import io
import json
from pathlib import Path

import pytest

from sightline.kernel.errors import BadInput
from sightline.outcomes.generating.areas import last_year_end, setting
from sightline.outcomes.generating.extracts import extract
from sightline.outcomes.generating.faults import PLANTERS, plant
from sightline.outcomes.generating.files import as_sent, cell, table
from sightline.outcomes.generating.making_files import generate
from tests.outcomes.generating.lives_made import UNTIL, a_log

Tables = dict[str, list[list[str]]]
OF_THE_ISSUE = {
    "ambiguous-date", "overlapping-spells", "aged-140", "duplicate-key", "missing-months",
    "unknown-code", "shifted-columns", "formula",
}  # fmt: skip


def tables() -> Tables:
    return {code: table(code, rows) for code, rows in extract(a_log()).items()}


def test_each_kind_is_planted_and_listed() -> None:
    spoilt = tables()
    planted = plant(spoilt, 7, UNTIL)
    assert len(planted) == len(PLANTERS)
    assert {one.kind for one in planted} >= OF_THE_ISSUE


def test_only_what_is_listed_differs() -> None:
    clean, spoilt = tables(), tables()
    planted = plant(spoilt, 7, UNTIL)
    listed = {(one.dataset, one.line) for one in planted if one.line}
    gone = {"irds", "register-concerns"}
    for code, lines in spoilt.items():
        if code in gone:
            assert len(lines) < len(clean[code])
            continue
        for number, line in enumerate(lines, start=1):
            if (code, number) not in listed:
                assert line == clean[code][number - 1]
            elif number <= len(clean[code]) and (code, "no-concern") not in {
                (one.dataset, one.kind) for one in planted if one.line == number
            }:
                assert line != clean[code][number - 1], (code, number)


def test_a_listed_cell_says_what_was_put_there() -> None:
    spoilt = tables()
    planted = {one.kind: one for one in plant(spoilt, 7, UNTIL)}

    def value(kind: str) -> str:
        one = planted[kind]
        return spoilt[one.dataset][one.line - 1][spoilt[one.dataset][0].index(one.column)]

    assert value("aged-140") == "1886-05-17"
    assert value("unknown-code") == "boarding"
    assert value("formula").startswith("=")
    assert value("ambiguous-date") == "03/04/21"
    assert value("empty-required") == ""
    assert value("in-the-future") > UNTIL.isoformat()


def test_a_row_that_is_not_there_is_not_touched() -> None:
    from sightline.outcomes.generating.drawing import Draw
    from sightline.outcomes.generating.faults import Bed

    assert Bed({}, Draw("none"), UNTIL).line("irds") == 0


def test_an_overlap_needs_an_end() -> None:
    from sightline.outcomes.generating.drawing import Draw
    from sightline.outcomes.generating.faults import Bed, _months

    bed = Bed({"placements": [["started_on", "ended_on"], ["2024-01-01", ""]]}, Draw("none"), UNTIL)
    assert _months(bed, "placements", 2, "started_on", "ended_on") == 0


def test_boards_and_schools_name_children_by_their_own_numbers() -> None:
    rows = extract(a_log())
    sent = as_sent(rows, 7)
    by_number = [row for row in sent["health-assessments"] if "chi" in row]
    assert 0.8 < len(by_number) / len(sent["health-assessments"]) < 1
    assert all("child" not in row for row in by_number)
    known = {row["chi"] for row in rows["children"] if row.get("chi")}
    strange = [row for row in by_number if row["chi"] not in known]
    assert 0 < len(strange) / len(by_number) < 0.06


@pytest.mark.parametrize(
    ("dataset", "column", "value", "template", "supplier"),
    [
        ("placements", "placement_type", "kinship", "kinship", "With kinship carers"),
        ("placements", "started_on", dt.date(2024, 2, 1), "2024-02-01", "01/02/2024"),
        ("placements", "emergency", True, "yes", "Y"),
        ("placements", "emergency", False, "no", "N"),
        ("placements", "distance_km", 12.5, "12.5", "12.5"),
        ("placements", "household", None, "", ""),
        ("irds", "started_at", dt.datetime(2024, 2, 1, 9, 15), "2024-02-01 09:15",
         "01/02/2024 09:15"),
        ("irds", "agencies", ["police", "health"], "police;health", "Police;Health"),
    ],
)  # fmt: skip
def test_a_cell(dataset: str, column: str, value: object, template: str, supplier: str) -> None:
    from sightline.children.definitions import dataset as known

    one = known(dataset).column(column)
    assert cell(value, one) == template
    assert cell(value, one, "supplier") == supplier


def small(**changed: int) -> object:
    return setting(
        "strathgarry", **{"children": 300, "years": 3, "seed": 5, **changed}, until=UNTIL
    )


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("generated") / "spoilt"
    generate(folder, small(), faults=True, variants=True)  # type: ignore[arg-type]
    return folder


def test_a_folder_has_extracts_and_beside_them_what_is_known_of_them(written: Path) -> None:
    about = json.loads((written / "beside" / "about.json").read_text())
    for file in about["files"]:
        rows = list(csv.reader(io.StringIO(Path(file["file"]).read_text())))
        assert len(rows) == file["rows"] + 1
    planted = json.loads((written / "beside" / "planted.json").read_text())
    assert len(planted) == len(PLANTERS)
    answers = (written / "beside" / "answers.csv").read_text().splitlines()
    assert len(answers) == about["answers"] + 1 > 1_000


def test_wrong_files_are_wrong_as_they_say(written: Path) -> None:
    folder = written / "variants"

    def text(kind: str, encoding: str = "utf-8") -> str:
        return (folder / f"{kind}.csv").read_text(encoding=encoding)

    assert text("empty") == ""
    assert len(text("heading-alone").splitlines()) == 1
    assert text("half-a-file").splitlines()[0].startswith("child,")
    assert not text("half-a-file").endswith("\n")
    assert "child|registered_on" in text("wrong-delimiter")
    assert "full_name" in text("names-in-it").splitlines()[0]
    assert "é" in text("wrong-encoding", "utf-16")
    with pytest.raises(UnicodeDecodeError):
        text("wrong-encoding")
    assert all(line.startswith(",") for line in text("shifted-columns").splitlines()[1:])
    last_year = text("last-years-file").splitlines()
    assert 1 < len(last_year) <= len((written / "register-entries.csv").read_text().splitlines())


def test_a_folder_that_holds_something_is_refused(written: Path) -> None:
    with pytest.raises(BadInput, match="holds something already"):
        generate(written, small())  # type: ignore[arg-type]


def test_the_same_setting_writes_the_same_files(tmp_path: Path) -> None:
    one = generate(tmp_path / "one", small(), known=False)  # type: ignore[arg-type]
    two = generate(tmp_path / "two", small(), known=False)  # type: ignore[arg-type]
    for first, second in zip(one.files, two.files, strict=True):
        assert first.file.read_bytes() == second.file.read_bytes()
    assert not (tmp_path / "one" / "beside" / "planted.json").exists()


def test_typed_tables_are_written_by_the_engine(tmp_path: Path) -> None:
    from sightline.warehouse.engines import engine

    made = generate(tmp_path / "typed", small(), parquet=True, known=False)  # type: ignore[arg-type]
    entries = next(one for one in made.files if one.dataset == "register-entries")
    with engine("duckdb") as warehouse:
        found = warehouse.fetch(warehouse.read(entries.file))
    assert found.num_rows == entries.rows > 0
    assert str(found.schema.field("registered_on").type).startswith("date32")


def test_real_areas_and_impossible_numbers_are_refused() -> None:
    with pytest.raises(BadInput, match="fife is not an invented area"):
        setting("fife", children=300, years=3, seed=1)
    with pytest.raises(BadInput, match="10 children cannot be made"):
        small(children=10)
    with pytest.raises(BadInput, match="30 years cannot be made"):
        small(years=30)


@pytest.mark.parametrize(
    ("today", "end"),
    [(dt.date(2026, 7, 31), dt.date(2025, 7, 31)), (dt.date(2026, 8, 1), dt.date(2026, 7, 31))],
)
def test_the_year_that_is_over(today: dt.date, end: dt.date) -> None:
    assert last_year_end(today) == end


def test_without_a_day_lives_end_with_the_year_that_is_over() -> None:
    made = setting("strathgarry", children=300, years=3, seed=1)
    assert (made.until.month, made.until.day) == (7, 31)
    assert made.first.replace(year=made.first.year + 3) > made.until
