"""Checking a whole file, without a database: names of columns, shape, rules, copies."""

import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.uploads import tally as tallies
from sightline.uploads.checking import FileCheck
from sightline.uploads.copies import annotated, neutral
from sightline.uploads.headings import COMMENTS
from sightline.uploads.kinds import Kind
from sightline.uploads.tally import Section, as_data, from_data
from sightline.warehouse.writing import write_workbook
from tests.uploads.conftest import FIFE, KIND, commit, undo
from tests.warehouse import made

HEADER = ["Name of thing", "How many", "Rate", "Day", "Level"]


def checked(content, name="things.csv", **more):
    done = FileCheck(made.table(content, name), KIND, FIFE, name=name, **more)
    done.run()
    return done


def faults(done, section=Section.ROW):
    return [(one.address, one.what) for one in done.tally.in_order() if one.section is section]


def values(done):
    return [tuple(row.values.values()) for row in done.good_rows()]


@pytest.mark.parametrize(
    "header",
    [
        "Name of thing,How many,Rate,Day,Level",
        "NAME OF THING,how_many, Rate ,day,LEVEL",
        "Thing,count,rate,day,level",
        "A report of things,,,,\n\nName of thing,How many,Rate,Day,Level",
    ],
)
def test_columns_are_found_by_title_and_synonym_without_case_under_whatever_stands_above(header):
    done = checked(f"{header}\nLeven,3,1.5,2026-03-04,low\n".encode())
    assert values(done) == [("Leven", 3, Decimal("1.5"), dt.date(2026, 3, 4), "lo")]
    assert (done.tally.rows, done.tally.good) == (1, 1)


@pytest.mark.parametrize(
    ("content", "stops"),
    [
        ("a,b\n1,2\n", [("Rows 1 to 20", "No row has the names of the columns")]),
        ("How many\n3\n", [("Row 1", "The column “Name of thing” is missing")]),
        ("Thing,Thing,Day\nx,y,\n", [("B1", "Two columns are “Name of thing”")]),
        ("Thing,Colour\nx,red\n", [("B1", "The column “Colour” is not asked for")]),
        ("Thing,Day\n,\n\n", [("Under row 1", "There are column names and no rows")]),
        ("Thing\nEverything\n", [("The whole file", "Everything cannot be sent at once")]),
    ],
)
def test_what_stops_the_whole_file_is_said_in_the_sender_s_words(content, stops):
    done = checked(content.encode())
    assert faults(done, Section.FILE) == stops
    assert done.tally.stops()


def test_ragged_lines_are_faults_with_the_line_of_the_file():
    done = checked(b'Thing,How many\n"a\nb",1\nx\ny,2,3\nz,4,,\n')
    found = {one.row: one for one in done.tally.kept}
    assert set(found) == {3, 4}
    assert (found[3].address, found[3].what) == ("line 4 (row 3)", "The line has too few cells")
    assert (found[4].address, found[4].what) == ("line 5 (row 4)", "The line has too many cells")
    assert [row.values["name"] for row in done.good_rows()] == ["a\nb", "z"]


def test_a_value_under_no_name_holds_its_row_back():
    done = checked(made.xlsx_of([["Thing", None, "Day"], ["x", "?", None]]), "b.xlsx")
    assert faults(done) == [("B2", "There is a value under no column name")]


def test_merged_cells_hold_back_the_rows_they_touch_and_name_the_range():
    book = made.workbook([["Report"], ["Thing", "How many"], ["x", 1], [None, 2], ["z", 3]])
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("A3:A4")
    book.active.merge_cells("E3:E9")
    done = checked(made.saved(book), "b.xlsx")
    assert {one.address for one in done.tally.kept if "merged" in one.what} == {"A3:A4"}
    assert [row.values["name"] for row in done.good_rows()] == ["z"]
    book.active.merge_cells("A2:B2")
    assert checked(made.saved(book), "b.xlsx").tally.stops()


def test_merged_cells_without_end_are_cut_short(monkeypatch):
    monkeypatch.setattr("sightline.uploads.checking.MOST_MERGED", 2)
    book = made.workbook([["Thing", "Day"], *([f"t{n}", "2026-03-04"] for n in range(5))])
    book.active.merge_cells("A2:A6")
    found = checked(made.saved(book), "b.xlsx").tally.kept
    assert sum("merged" in one.what for one in found) == 2


def test_formula_errors_are_faults():
    book = made.workbook([["Thing", "How many"], ["x", None], ["y", None]])
    book.active["B2"] = "#DIV/0!"
    book.active["B2"].data_type = "e"
    book.active["B3"] = "=1+1"
    done = checked(made.saved(book), "b.xlsx")
    assert faults(done) == [
        ("B2", "The formula has an error in “How many”"),
        ("B3", "No saved result in “How many”"),
    ]


def test_rules_hold_back_or_ask_to_look_again_and_show_what_was_sent():
    done = checked(b"Thing,How many\nx,1\nx,2\ny,95\n")
    assert faults(done) == [("A3", "This name is there twice")]
    assert faults(done, Section.AGAIN) == [("B4", "Much more than usual")]
    assert [one.sent for one in done.tally.in_order()] == ["x", "95"]
    assert [group.sent for group in done.tally.groups()] == ["x", "95"]
    assert (done.tally.rows, done.tally.good, done.tally.again.count) == (3, 2, 1)


def test_a_kind_that_does_not_take_every_row_still_has_them_all_checked():
    lazy = Kind(
        code="lazy", title="Lazy", what="x", columns=KIND.columns, needs=KIND.needs,
        scope_kind="partnership", check=lambda rows, scope: iter(()), commit=commit, undo=undo,
    )  # fmt: skip
    done = FileCheck(made.table(b"Thing,How many\nx,1\ny,z\n"), lazy, FIFE)
    assert done.run().rows == 2
    assert done.tally.held.count == 1
    plain = Kind(
        code="p", title="P", what="x", columns=KIND.columns, needs=KIND.needs,
        scope_kind="partnership", commit=commit, undo=undo, refuses_identifiers=False,
    )  # fmt: skip
    done = FileCheck(made.table(b"Thing,How many\nx,1\n"), plain, FIFE)
    assert done.run().good == 1
    with pytest.raises(ValueError, match="no two of one name"):
        Kind(
            code="q", title="Q", what="x", columns=(*KIND.columns, *KIND.columns),
            needs=KIND.needs, scope_kind="partnership", commit=commit, undo=undo,
        )  # fmt: skip


def test_cells_of_a_row_know_their_address():
    seen = []

    def note(rows, scope):
        for row in rows:
            seen.append((dict(row.cells), len(row.cells), row.number))
        return iter(())

    noting = Kind(
        code="n", title="N", what="x", columns=KIND.columns, needs=KIND.needs,
        scope_kind="partnership", check=note, commit=commit, undo=undo,
    )  # fmt: skip
    FileCheck(made.table(b"How many,Thing\n1,x\n"), noting, FIFE).run()
    assert seen == [({"name": "B2", "count": "A2"}, 2, 2)]


def test_beyond_a_limit_faults_are_counted_and_no_longer_kept(monkeypatch):
    monkeypatch.setattr(tallies, "MOST_KEPT", 3)
    done = checked(b"Thing,How many\n" + b"x,?\n" * 10)
    assert len(done.tally.kept) == 3
    (group,) = [one for one in done.tally.groups() if "not a number" in one.what]
    assert (group.count, group.more, group.places) == (10, 7, ["B2", "B3", "B4"])
    assert done.tally.held.count == 10
    assert from_data(as_data(done.tally.groups())) == done.tally.groups()


def test_faults_stand_in_the_order_of_columns_with_aa_after_z():
    names = [*"abcdefghijklmnopqrstuvwxyz", "aa", "ab"]
    columns = tuple(type(KIND.columns[0])(name, f"T{name}", kind="whole") for name in names)
    wide = Kind(
        code="w", title="W", what="x", columns=columns, needs=KIND.needs,
        scope_kind="partnership", commit=commit, undo=undo,
    )  # fmt: skip
    text = ",".join(f"T{name}" for name in names) + "\n" + ",".join("?" * 28) + "\n"
    done = FileCheck(made.table(text.encode() + text.split("\n")[1].encode()), wide, FIFE)
    done.run()
    assert [one.address for one in done.tally.in_order()][-5:] == ["Z3", "AA2", "AA3", "AB2", "AB3"]


def test_progress_is_told_over_all_readings(monkeypatch):
    monkeypatch.setattr("sightline.uploads.checking.EVERY", 2)
    told = []
    checked(b"Thing,How many\nx,1\ny,2\nz,3\n", tell=lambda read, total: told.append((read, total)))
    assert told[0] == (2, 15)
    assert [read for read, _ in told] == sorted(read for read, _ in told)


IDENTIFYING = [
    ["Thing", "Day"],
    ["x", None],
]


def test_identifiers_are_found_wherever_they_stand_in_a_workbook():
    book = made.workbook([["Report of Mairi Sinclair, CHI 0104148766"], *IDENTIFYING])
    more = book.create_sheet("More")
    for row in (["CHI number"], ["0104148766"], ["1212120021"], ["2308099942"]):
        more.append(row)
    book.create_sheet("Blank")
    done = checked(made.saved(book), "b.xlsx")
    places = {one.place for one in done.identified}
    assert "A1" in places
    assert any(place.endswith("of sheet 2") for place in places)
    assert checked(made.saved(book), "b.xlsx", looks=False).identified == []


def test_the_name_of_a_file_is_looked_at_too():
    done = checked(b"Thing\nx\n", "CHI_0104148766.csv")
    assert [one.place for one in done.identified] == ["the name of the file"]


CELL = st.sampled_from(["Leven", "Nith", "=1+1", "-x", "007", "a,b", "two\nlines", "  ", "", "ü"])
COUNT = st.sampled_from(["1", "341,400", "12.5", "", "95", "many"])
DAYS = st.sampled_from(["2026-03-04", "31/03/2026", "04/03/2026", "03/31/2026", "soon", ""])
RATES = st.sampled_from(["1.5", "0", "x", ""])
ROW = st.tuples(CELL, COUNT, RATES, DAYS, st.sampled_from(["low", "HI", "?", ""]))


@given(rows=st.lists(ROW, max_size=12))
@settings(max_examples=12, deadline=None)
def test_rows_in_are_rows_good_and_rows_held_back_and_each_format_says_the_same(
    rows, tmp_path_factory
):
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    folder = tmp_path_factory.mktemp("made")
    # In a workbook an apostrophe keeps a text from being a formula, as Excel does it.
    cells = [[f"'{c}" if c[:1] in "=-" and c else c or None for c in row] for row in rows]
    files = {
        "f.csv": text.getvalue().encode(),
        "f.xlsx": made.xlsx_of([HEADER, *cells]),
        "f.parquet": made.parquet_of([HEADER, *(rows or [("",) * 5])], folder),
    }
    said = []
    for name, content in files.items():
        done = checked(content, name, looks=False)
        tally = done.tally
        assert tally.rows == tally.good + tally.held.count
        assert len(values(done)) == tally.good
        said.append((tally.rows, faults(done), faults(done, Section.AGAIN), values(done)))
    assert said[0] == said[1] == said[2]


@given(rows=st.lists(ROW, min_size=1, max_size=8), short=st.integers(0, 3))
@settings(max_examples=12, deadline=None)
def test_a_copy_sent_again_as_it_is_says_the_same(rows, short):
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows, ["x"] * short] if short else [HEADER, *rows])
    cells = [[cell or None for cell in row] for row in rows if row[0][:1] not in "=-"]
    for content, name in (
        (text.getvalue().encode(), "f.csv"),
        (made.xlsx_of([HEADER, *cells]), "f.xlsx"),
    ):
        first = checked(content, name, looks=False)
        if first.tally.stops():
            continue
        copy = annotated(first)
        again = checked(copy.content.read(), copy.name, looks=False)
        assert values(again) == values(first)
        assert [what for _, what in faults(again)] == [what for _, what in faults(first)]
        assert again.tally.rows == first.tally.rows
        third = annotated(again)
        assert checked(third.content.read(), third.name, looks=False).tally.rows == first.tally.rows


def test_a_copy_of_a_workbook_has_comments_and_marks_and_no_formula():
    book = made.workbook([["Report"], [], [*HEADER[:2], "Day"]])
    book.active.append(["ok", 1, dt.date(2026, 3, 14)])
    book.active.append(["'=cmd|x", "many", dt.datetime(2026, 3, 4, 9, 30)])
    book.active.append([True, 12.5, "soon"])
    book.active["B7"] = "#REF!"
    book.active["B7"].data_type = "e"
    made_copy = annotated(checked(made.saved(book), "things.xlsx"))
    assert made_copy.name == "things-with-comments.xlsx"
    sheet = openpyxl.load_workbook(made_copy.content)["Data"]
    assert sheet["A1"].value == "Report"
    assert [cell.value for cell in sheet[3]] == ["Name of thing", "How many", "Day", COMMENTS]
    assert sheet["A5"].value == "'=cmd|x"
    assert "B5: “How many” is not a number" in sheet["D5"].value
    assert sheet["B5"].fill.fgColor.rgb == "FFFFE08A"
    assert sheet["A4"].fill.fgColor.rgb != "FFFFE08A"
    assert sheet["C4"].value == dt.datetime(2026, 3, 14)
    assert sheet["C5"].value == dt.datetime(2026, 3, 4, 9, 30)
    assert sheet["A6"].value is True
    assert sheet["B7"].value == "#REF!"
    assert sheet["A7"].fill.fgColor.rgb == "FFFFE08A"  # empty, and needed


def test_a_copy_of_parquet_is_a_workbook_and_of_text_is_text(tmp_path):
    content = made.parquet_of([["Thing", "How many"], ["x", "many"]], tmp_path)
    copy = annotated(checked(content, "f.parquet"))
    assert openpyxl.load_workbook(copy.content)["Rows"]["C2"].value.startswith("B2:")
    copy = annotated(checked(b"Thing;How many\n'=1;many\n", "f.csv"))
    rows = list(csv.reader(io.TextIOWrapper(copy.content, "utf-8-sig"), delimiter=";"))
    assert rows[0] == ["Thing", "How many", COMMENTS]
    assert rows[1][:2] == ["'=1", "many"]


def test_what_a_copy_holds_of_odd_values():
    assert neutral(dt.time(9, 30)) == "09:30:00"
    assert neutral("   ") is None
    assert neutral("=" * 40_000).startswith("'=")
    written = io.BytesIO()
    old = dt.date(1890, 5, 6)
    write_workbook(written, [(1, [old, Decimal("1.50"), False])], sheet="[]")
    (row,) = openpyxl.load_workbook(written).active.iter_rows(values_only=True)
    assert row == ("1890-05-06", 1.5, False)


def test_very_long_workbooks_come_back_as_text(monkeypatch):
    monkeypatch.setattr("sightline.uploads.copies.MOST_ROWS", 1)
    content = made.xlsx_of([["Thing", "Day"], ["x", dt.date(2026, 1, 2)]])
    copy = annotated(checked(content, "f.xlsx"))
    assert copy.name == "f-with-comments.csv"
    assert b"2026-01-02" in copy.content.read()
