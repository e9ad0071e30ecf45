"""Reading: what a file is, what is in it, what is refused and what the refusal says."""

import datetime as dt
import io
import json
import os
import zipfile

import duckdb
import pytest
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from sightline.kernel.errors import BadInput
from sightline.warehouse.reading import (
    Broken,
    Format,
    Source,
    address,
    archives,
    letters,
    open_table,
    sheets,
    text,
    workbooks,
)
from sightline.warehouse.reading.sheets import Seen
from tests.warehouse import made

ROWS = [["Name", "Number"], ["Leven", 3], ["Nith", 4]]
SHEET = "xl/worksheets/sheet1.xml"
ENTITY = b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"
TEXT = "Name,Number\r\nLeven,3\r\nNith,4\r\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (TEXT.encode(), ""),
        (b"\xef\xbb\xbf" + TEXT.encode(), ""),
        (TEXT.encode("utf-16"), "UTF-16"),
        (b"\xfe\xff" + TEXT.encode("utf-16-be"), "UTF-16"),
        (TEXT.replace(",", ";").encode(), "semicolons"),
        (TEXT.replace(",", "\t").encode(), "tabs"),
        (b"sep=;\r\n" + TEXT.replace(",", ";").encode(), "semicolons"),
        (b"sep=\t\r\n" + TEXT.replace(",", "\t").encode(), "tabs"),
        (b'"Name","Number"\n"Leven",3\n"Nith",4', ""),
        (TEXT.replace("\r\n", "\r").encode(), ""),
    ],
)
def test_text_is_read_however_it_was_saved(content, said):
    found = made.table(content)
    assert made.cells(found) == [["Name", "Number"], ["Leven", "3"], ["Nith", "4"]]
    assert found.format is Format.CSV
    assert said in " ".join(found.said)
    assert bool(found.said) is bool(said)


def test_letters_that_are_not_utf_8_are_read_as_windows_and_it_is_said():
    found = made.table("Name,Cost\nSìne,£3".encode("cp1252"))
    assert made.cells(found)[1] == ["Sìne", "£3"]
    assert "Windows-1252" in found.said[0]


def test_a_quoted_cell_keeps_commas_and_line_ends_and_rows_count_as_a_spreadsheet_counts():
    found = made.table(b'a,b\n"x,\ny",2\n\n3,4\n')
    lines = list(found.lines())
    assert [(line.number, line.place) for line in lines] == [(1, 1), (2, 2), (3, 4), (4, 5)]
    assert lines[1].cells == ["x,\ny", "2"]
    assert found.rows >= 4


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \r\n", "empty"),
        (b"a,b\n1,\x00\n", "no text has"),
        (b"a,b\n1,\x812\n\x9d", "how its letters are coded"),
        ("a,b\n1,\0".encode("utf-16"), "no text has"),
        (b'a,b\n1,"open\n', "Line 2 of the file cannot be read"),
        (b'a,b\n1,"x"y"\n', "Line 2 of the file cannot be read"),
        (b"a," + b"," * 1_200, "1,202 cells"),
        (b"%PDF-1.7", "It is a PDF"),
        (b"\x89PNG\r\n", "It is a picture"),
        (b"<!DOCTYPE html><table>", "It is a web page"),
        (b'{"a": 1}', "It is a JSON file"),
        (b"<?xml version='1.0'?>", "It is an XML file"),
        (b"\x1f\x8b\x08", "a compressed file"),
        (made.old_container("WordDocument"), "It is a Word document"),
        (made.old_container("Workbook"), "before 2007"),
        (made.old_container("EncryptedPackage"), "locked with a password"),
        (made.old_container("PowerPoint Document"), "a presentation"),
        (made.old_container("Nothing"), "It is not a table"),
        (b"PAR1 and then nothing", "damaged"),
        (b"PK\x03\x04 and then nothing", "damaged"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_it_is(content, words):
    with pytest.raises(BadInput, match=words):
        made.cells(made.table(content))


def test_more_rows_than_can_be_are_refused(monkeypatch):
    monkeypatch.setattr(text, "MOST_ROWS", 2)
    with pytest.raises(BadInput, match="more than 2 rows"):
        made.cells(made.table(TEXT.encode()))


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (TEXT.encode(), "file.xlsx", "is called .xlsx and is a CSV file"),
        (made.xlsx_of(ROWS), "file.csv", "is called .csv and is an Excel workbook"),
        (TEXT.encode(), "file", "without an ending and is a CSV file"),
    ],
)
def test_a_wrong_name_is_said_and_the_content_read(content, name, said):
    found = made.table(content, name)
    assert said in found.said[0]
    assert str(made.cells(found)[1][0]) == "Leven"


def test_a_workbook_gives_numbers_dates_and_its_places():
    book = made.workbook([])
    sheet = book.active
    sheet["C3"], sheet["D3"], sheet["E3"] = "Name", dt.date(2026, 3, 4), 341400.0
    sheet["C5"], sheet["D5"] = dt.datetime(2026, 3, 4, 10, 30), True
    sheet.row_dimensions[5].hidden = True
    sheet.column_dimensions["D"].hidden = True
    sheet["Z90"].number_format = "0.0"  # formatted, and empty
    found = made.table(made.saved(book), "book.xlsx")
    lines = {line.number: line.cells for line in found.lines()}
    assert max(lines) == 5
    assert lines[3] == [None, None, "Name", dt.date(2026, 3, 4), 341400.0]
    assert lines[5][2:4] == [dt.datetime(2026, 3, 4, 10, 30), True]
    assert found.sheet == "Data"
    assert "Hidden rows (1)" in found.said[0]
    assert "Hidden columns (1)" in found.said[1]


def test_of_several_sheets_the_first_shown_one_that_holds_anything_is_read():
    book = made.workbook([], title="Blank")
    book.create_sheet("Hidden").append(["x"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("Rows").append(["a"])
    book.create_sheet("More").append(["b"])
    content = made.saved(book)
    found = made.table(content, "b.xlsx")
    assert found.sheet == "Rows"
    assert "The sheet “Rows” was read. Not read: “Hidden” and “More”." in found.said
    assert [[line.cells for line in lines()] for lines in found.elsewhere] == [[["x"]], [["b"]]]
    assert made.table(content, "b.xlsx", sheet="more").sheet == "More"
    with pytest.raises(BadInput, match="No sheet called “Blank” holds anything"):
        made.table(content, "b.xlsx", sheet="Blank")


def test_errors_and_formulas_without_a_value_are_told_apart_from_empty_cells():
    book = made.workbook([["a", "b"], [1, None]])
    sheet = book.active
    sheet["B2"] = "#REF!"
    sheet["B2"].data_type = "e"
    sheet["C9"] = "=A2+1"
    found = made.table(made.saved(book), "b.xlsx")
    lines = {line.number: line.cells for line in found.lines()}
    assert lines[2][1] == Broken("#REF!", "Mend the formula, or type the value.")
    assert isinstance(lines[9][2], Broken)
    assert found.said == ()  # no value was saved with it, so none is said to be read


def test_merged_cells_are_told_with_their_range():
    book = made.workbook([["a", "b"], [1, 2], [3, 4]])
    book.active.merge_cells("A2:B3")
    (merged,) = made.table(made.saved(book), "b.xlsx").merged
    assert str(merged) == "A2:B3"


def test_an_empty_workbook_is_refused():
    with pytest.raises(BadInput, match="The workbook is empty"):
        made.table(made.xlsx_of([]), "b.xlsx")


def test_a_workbook_that_counts_from_1904_is_refused():
    book = made.workbook([["Day"], [dt.date(2026, 3, 4)]])
    book.epoch = CALENDAR_MAC_1904
    with pytest.raises(BadInput, match="counts its days from 1904"):
        made.table(made.saved(book), "b.xlsx")


def good() -> bytes:
    return made.xlsx_of(ROWS)


def macro_type() -> bytes:
    with zipfile.ZipFile(io.BytesIO(good())) as archive:
        types = archive.read("[Content_Types].xml")
    changed = types.replace(b"spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")
    return made.with_member(good(), "[Content_Types].xml", changed)


def locked_archive() -> bytes:
    content = bytearray(good())
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def other_packing(method: int) -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", method) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
    return written.getvalue()


def lied_about(content: bytes) -> bytes:
    """An archive whose end says that it has a single member."""
    at = content.rfind(b"PK\x05\x06")
    return content[: at + 8] + b"\1\0\1\0" + content[at + 12 :]


def twice_named() -> bytes:
    written = io.BytesIO(good())
    with zipfile.ZipFile(written, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return written.getvalue()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (made.bomb, "unpacks to far more"),
        (made.lying_bomb, "unpacks to far more|damaged"),
        (made.many_members, "thousands of files"),
        (lambda: made.with_member(good(), "xl/vbaProject.bin", b"x"), "holds macros"),
        (macro_type, "holds macros"),
        (lambda: made.with_member(good(), "xl/workbook.bin", b"x"), "binary workbook"),
        (lambda: made.with_member(good(), "word/document.xml", b"x"), "Word document"),
        (lambda: made.with_member(good(), "ppt/presentation.xml", b"x"), "presentation"),
        (lambda: made.with_member(good(), "[Content_Types].xml", None), "archive of files"),
        (lambda: made.with_member(good(), "xl/workbook.xml", None), "damaged"),
        (lambda: made.with_member(good(), "xl/_rels/workbook.xml.rels", None), "damaged"),
        (lambda: made.with_member(good(), "xl/workbook.xml", b"<workbook"), "damaged"),
        (
            lambda: made.with_member(
                good(), "xl/workbook.xml", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"
            ),
            "damaged",
        ),
        (
            lambda: made.with_member(good(), SHEET, b"<x><c r='1A'/></x>"),
            "damaged",
        ),
        (
            lambda: made.with_member(good(), SHEET, b"<x><row r='y'/></x>"),
            "damaged",
        ),
        (lambda: good()[:-40], "damaged"),
        (lambda: good().replace(b"PK\x01\x02", b"PK\x01\x03"), "damaged"),
        (lambda: good()[:4] + good()[4:].replace(b"PK\x03\x04", b"PK\x03\x05"), "damaged"),
        (lambda: good()[:60] + b"\xff" * 40 + good()[100:], "damaged"),
        (lambda: other_packing(zipfile.ZIP_BZIP2), "damaged"),
        (lambda: lied_about(made.many_members()), "holds 3,000 files"),
        (lambda: made.with_member(good(), "xl/styles.xml", b"<styleSheet"), "damaged"),
        (lambda: b"PK\x03\x04" + b"x" * 100, "damaged"),
        (locked_archive, "locked with a password"),
        (twice_named, "damaged"),
    ],
)
def test_a_workbook_that_is_not_safe_is_refused(make, words):
    with pytest.raises(BadInput, match=words):
        made.table(make(), "book.xlsx")


def test_an_opendocument_file_says_so():
    content = made.with_member(good(), "[Content_Types].xml", None)
    with pytest.raises(BadInput, match="OpenDocument"):
        made.table(made.with_member(content, "mimetype", b"x"), "b.xlsx")


def test_links_and_things_within_a_workbook_are_left_alone_and_it_is_said():
    content = good()
    for name in ("xl/externalLinks/externalLink1.xml", "xl/embeddings/o.bin", "xl/comments1.xml"):
        content = made.with_member(content, name, b"x")
    said = " ".join(made.table(content, "b.xlsx").said)
    assert "links to other workbooks" in said
    assert "not opened" in said
    assert "Comments on cells were not read" in said


def test_a_cell_far_out_is_refused_before_memory_is_set_aside_for_it():
    book = made.workbook(ROWS)
    book.active["XFD1048576"] = 1
    with pytest.raises(BadInput, match="row 1,048,576 and column 16,384"):
        made.table(made.saved(book), "b.xlsx")


def test_more_columns_than_can_be_are_refused():
    with pytest.raises(BadInput, match="1,001 columns"):
        made.table(made.xlsx_of([["x"] * 1_001]), "b.xlsx")


SHARED = b"<sst><si><t>abcdefghij</t></si><si><r><t>kl</t></r><r><t>m</t></r></si></sst>"


def test_a_long_text_used_many_times_is_counted_as_often_as_it_is_used(monkeypatch):
    assert sheets.text_lengths(io.BytesIO(SHARED)) == [10, 3]
    cell = b"<c t='s'><v>0</v></c>"
    sheet = b"<a:s xmlns:a='x'><a:row r='1'>" + cell.replace(b"c", b"a:c").replace(b"v", b"a:v") * 3
    sheet += b"</a:row></a:s>"
    monkeypatch.setattr(sheets, "MOST_TEXT", 30)
    seen = sheets.look_through(io.BytesIO(sheet), [10])
    assert (seen.last_row, seen.last_column) == (1, 3)
    monkeypatch.setattr(sheets, "MOST_TEXT", 29)
    with pytest.raises(BadInput, match="texts are too long"):
        sheets.look_through(io.BytesIO(sheet), [10])


def test_a_workbook_of_more_bytes_than_can_be_is_refused():
    huge = Source(open=lambda: io.BytesIO(good()), name="b.xlsx", size=10**9)
    with pytest.raises(BadInput, match="at most 60 MB"):
        open_table(huge)


def test_parquet_gives_values_as_they_are(tmp_path):
    day = dt.date(2026, 3, 4)
    content = made.parquet_of([["Name", "n", "f", "d", "b"], ["x", 1, 1.5, day, True]], tmp_path)
    found = made.table(content, "f.parquet")
    assert made.cells(found) == [["Name", "n", "f", "d", "b"], ["x", 1, 1.5, day, True]]
    assert found.rows == 2


def parquet_by(query, folder):
    path = folder / "made.parquet"
    duckdb.execute(f"COPY ({query}) TO '{path}' (FORMAT parquet)")
    return path.read_bytes()


def test_parquet_moments_lose_their_zone_and_lists_are_refused(tmp_path):
    content = parquet_by("SELECT TIMESTAMPTZ '2026-03-04 10:00:00+00' AS t", tmp_path)
    assert made.cells(made.table(content, "f.parquet"))[1] == [dt.datetime(2026, 3, 4, 10)]
    content = parquet_by("SELECT [1, 2] AS l", tmp_path)
    with pytest.raises(BadInput, match="The column “l” holds"):
        made.table(content, "f.parquet")


def test_parquet_with_too_many_columns_is_refused_and_one_cut_short_too(tmp_path, monkeypatch):
    wide = "SELECT " + ", ".join(f"1 AS c{n}" for n in range(1_001))
    with pytest.raises(BadInput, match="1,001 columns"):
        made.table(parquet_by(wide, tmp_path), "f.parquet")
    content = parquet_by("SELECT range AS n FROM range(100000)", tmp_path)
    changed = content[:2_000] + os.urandom(4_000) + content[6_000:]
    with pytest.raises(BadInput, match="damaged"):
        made.cells(made.table(changed, "f.parquet"))


def test_duckdb_sees_nothing_but_the_file(tmp_path):
    from sightline.warehouse.reading.columnar import _connected

    content = parquet_by("SELECT 1 AS n", tmp_path)
    with _connected(made.source(content)) as (connection, place):
        assert place.startswith("/proc/self/fd/")
        with pytest.raises(duckdb.Error):
            connection.execute("SELECT * FROM read_csv('/etc/hostname')")
        with pytest.raises(duckdb.Error):
            connection.execute("SET enable_external_access = true")
        with pytest.raises(duckdb.Error):
            connection.execute("INSTALL httpfs")


@pytest.mark.parametrize(
    ("column", "said"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA")]
)
def test_columns_have_the_letters_spreadsheets_give_them(column, said):
    assert letters(column) == said
    assert sheets.number_of(said) == column
    assert address(7, column) == f"{said}7"


def test_a_format_reads_as_words():
    assert json.dumps([one.words for one in Format]) == json.dumps(
        ["a CSV file", "an Excel workbook", "a Parquet file"]
    )


def test_formulas_are_counted_as_read_only_where_they_have_a_value():
    seen = Seen(formulas=3, unsaved={(2, 1)})
    (said,) = workbooks._sayings("Rows", [], seen)
    assert said.startswith("Of 2 formulas, the value")


def test_a_part_too_large_to_look_through_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "MOST_BESIDE", 10)
    book = made.workbook([["a"], ["b"]])
    book.active["A1"].comment = Comment("a long remark", "A. Writer")
    with pytest.raises(BadInput, match="comments or text boxes"):
        made.table(made.saved(book), "b.xlsx")
