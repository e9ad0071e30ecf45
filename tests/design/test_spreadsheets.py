"""Downloads as tables: safe to open, nothing blank, what went in comes out."""

import csv
import datetime as dt
import io
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from sightline.design.spreadsheets import HEADER_ROW, Cell, Sheet, safe_cell, to_csv, to_xlsx
from sightline.kernel.measures import State

FORMULA_STARTS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
anything = st.text(max_size=40)
nasty = st.builds(str.__add__, st.sampled_from([*FORMULA_STARTS, " =", "\xa0@", "\x00="]), anything)
cell = st.one_of(
    anything, nasty, st.integers(-(10**9), 10**9), st.none(), st.sampled_from(list(State)[1:]),
    st.floats(-1e6, 1e6), st.booleans(), st.dates(),
)  # fmt: skip


def read(made: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(made.decode("utf-8-sig"), newline="")))


@settings(deadline=None)
@given(rows=st.lists(st.tuples(cell, cell), max_size=8))
def test_no_cell_of_a_csv_is_blank_or_starts_a_formula(rows):
    found = read(to_csv(("One", "Two"), rows))
    assert found[0] == ["One", "Two"]
    assert len(found) == len(rows) + 1
    for given_row, found_row in zip(rows, found[1:], strict=True):
        for gave, got in zip(given_row, found_row, strict=True):
            assert got.strip()
            if isinstance(gave, str):
                assert not got.lstrip(" \xa0").startswith(FORMULA_STARTS)


@settings(deadline=None)
@given(value=anything.filter(lambda text: text.strip() and text.isprintable()))
def test_plain_text_comes_back_as_it_went_in(value):
    got = read(to_csv(("One",), [(value,)]))[1][0]
    assert got in {value, f"'{value}"}
    assert (got == value) == (not value.lstrip(" \xa0\u200b\ufeff").startswith(FORMULA_STARTS))


@settings(deadline=None)
@given(number=st.one_of(st.integers(-(10**9), 10**9), st.floats(-1e6, 1e6)))
def test_numbers_stay_numbers_negative_ones_too(number):
    assert float(read(to_csv(("One",), [(number,)]))[1][0]) == number


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+44 1234", "'+44 1234"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"),
        ("\uff1dHYPERLINK", "'\uff1dHYPERLINK"),
        ("a=b", "a=b"),
        ("", "[x]"),
        ("   ", "[x]"),
        (None, "[x]"),
        (State.SUPPRESSED, "[c]"),
        (State.NOT_ASKED, "[z]"),
        (State.TRUE_ZERO, 0),
        (True, "yes"),
        (-5, -5),
        (0, 0),
        (Decimal("2.5"), 2.5),
        ("a\x00b", "ab"),
    ],
)
def test_what_a_cell_becomes(value, expected):
    assert safe_cell(value) == expected


@pytest.mark.parametrize("value", [float("inf"), float("nan"), "x" * 40_000, State.OBSERVED])
def test_what_no_cell_can_hold_is_refused(value):
    with pytest.raises(ValueError, match=r"number|characters|state"):
        safe_cell(value)


def test_a_csv_opens_in_excel():
    made = to_csv(("Area", "Note"), [("Argyll and Bute", "Bòrd, “quoted”\nsecond line")])
    assert made.startswith(b"\xef\xbb\xbf")
    assert made.count(b"\r\n") == 2
    assert read(made)[1] == ["Argyll and Bute", "Bòrd, “quoted”\nsecond line"]


def test_dates_are_written_so_that_they_sort():
    assert read(to_csv(("Day",), [(dt.date(2023, 10, 7),)]))[1] == ["2023-10-07"]


def workbook(rows: list[tuple[Cell, ...]], notes: tuple[str, ...] = ("A note.",)) -> bytes:
    sheet = Sheet("Evaluations", "Evaluations by area", ("Area", "Value"), tuple(rows), notes)
    return to_xlsx([sheet], title="Overview", notes=("For every sheet.",))


@settings(deadline=None)
@given(rows=st.lists(st.tuples(anything, cell), min_size=1, max_size=6))
def test_a_workbook_has_no_formula_no_blank_and_no_merged_cell(rows):
    book = load_workbook(io.BytesIO(workbook(rows)))
    assert book.sheetnames == ["Cover", "Notes", "Evaluations"]
    for sheet in book:
        assert not sheet.merged_cells.ranges
        table = next(iter(sheet.tables.values()))
        assert table.ref.startswith(f"A{HEADER_ROW}:")
        for row in sheet[table.ref]:
            for each in row:
                assert each.value is not None
                assert each.data_type != "f"
                if isinstance(each.value, str):
                    assert not each.value.startswith(FORMULA_STARTS)
    assert len(list(book["Evaluations"].rows)) == HEADER_ROW + len(rows)


def test_a_workbook_says_what_it_is():
    book = load_workbook(io.BytesIO(workbook([("Fife", 4), ("Angus", None), ("Moray", -2)])))
    assert book.properties.title == "Overview"
    assert book.properties.language == "en-GB"
    sheet = book["Evaluations"]
    assert sheet["A1"].value == "Evaluations by area"
    assert [each.value for each in sheet[HEADER_ROW]] == ["Area", "Value"]
    assert all(each.font.bold for each in sheet[HEADER_ROW])
    assert sheet.freeze_panes == f"A{HEADER_ROW + 1}"
    assert [row[1].value for row in sheet[f"A{HEADER_ROW + 1}:B{HEADER_ROW + 3}"]] == [4, "[x]", -2]
    notes = [
        [each.value for each in row] for row in book["Notes"].iter_rows(min_row=HEADER_ROW + 1)
    ]
    assert ["Evaluations", "A note."] in notes
    assert ["Every sheet", "For every sheet."] in notes
    listed = [row[0].value for row in book["Cover"].iter_rows(min_row=HEADER_ROW + 1)]
    assert listed == ["Notes", "Evaluations"]


def test_text_that_looks_like_an_error_stays_text():
    book = load_workbook(io.BytesIO(workbook([("#N/A", "#REF!")])))
    row = book["Evaluations"][HEADER_ROW + 1]
    assert [(each.value, each.data_type) for each in row] == [("#N/A", "s"), ("#REF!", "s")]


def test_dates_in_a_workbook_are_dates():
    book = load_workbook(io.BytesIO(workbook([("Fife", dt.date(2020, 8, 12))])))
    assert book["Evaluations"].cell(HEADER_ROW + 1, 2).value == dt.datetime(2020, 8, 12)


@pytest.mark.parametrize(
    ("build", "said"),
    [
        (lambda: Sheet("", "T", ("A",), (("1",),)), "1 to 31 characters"),
        (lambda: Sheet("x" * 32, "T", ("A",), (("1",),)), "1 to 31 characters"),
        (lambda: Sheet("a/b", "T", ("A",), (("1",),)), "holds /"),
        (lambda: Sheet("Notes", "T", ("A",), (("1",),)), "kept for the workbook"),
        (lambda: Sheet("S", " ", ("A",), (("1",),)), "no title"),
        (lambda: Sheet("S", "T", ("A",), ()), "no rows"),
        (lambda: Sheet("S", "T", ("A", "a"), (("1", "2"),)), "two columns of one name"),
        (lambda: Sheet("S", "T", ("A", " "), (("1", "2"),)), "without a name"),
        (lambda: Sheet("S", "T", ("A",), (("1", "2"),)), "row 1: 2 cells under 1"),
        (lambda: to_csv(("A", "B"), [("1",)]), "row 1: 1 cells under 2"),
        (lambda: to_xlsx([], title="T"), "at least one sheet"),
        (
            lambda: to_xlsx(
                [Sheet(name, "T", ("A",), (("1",),)) for name in ("S", "s")], title="T"
            ),
            "Two sheets",
        ),
    ],
)  # fmt: skip
def test_a_table_nobody_could_read_is_refused(build, said):
    with pytest.raises(ValueError, match=said):
        build()


def test_an_empty_csv_still_has_its_headings():
    assert read(to_csv(("A", "B"), [])) == [["A", "B"]]


def test_a_day_is_shown_without_a_time_and_a_moment_with_one():
    day, moment = dt.date(2026, 2, 1), dt.datetime(2026, 2, 1, 9, 30)
    sheet = load_workbook(io.BytesIO(workbook([("Day", day), ("Moment", moment)])))["Evaluations"]
    cells = [sheet.cell(HEADER_ROW + row, 2) for row in (1, 2)]
    assert [each.number_format for each in cells] == ["yyyy-mm-dd", "yyyy-mm-dd hh:mm"]
    assert cells[1].value == moment
