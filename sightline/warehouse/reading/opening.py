"""Tells by its content what a file is, and opens the table in it."""

from pathlib import PurePath
from typing import Final

from sightline.kernel.errors import BadInput
from sightline.warehouse.reading.archives import why_not_old
from sightline.warehouse.reading.columnar import open_parquet
from sightline.warehouse.reading.shapes import Format, Source, Table
from sightline.warehouse.reading.text import open_text
from sightline.warehouse.reading.workbooks import open_workbook

FORMATS: Final = (".csv", ".xlsx", ".parquet")
_WANTED: Final = "Send a CSV file, an Excel workbook (.xlsx) or Parquet."
_START: Final = 1_024

_OTHERS: Final = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"\x1f\x8b", "a compressed file"),
    (b"7z\xbc\xaf", "a compressed file"),
    (b"Rar!", "a compressed file"),
    (b"BZh", "a compressed file"),
    (b"SQLite format 3", "a database"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
)
_MARKUP: Final = (
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<table", "a web page"),
    (b"<?xml", "an XML file"),
    (b"<svg", "a picture"),
    (b'{"', "a JSON file"),
    (b"[{", "a JSON file"),
)
_NAMED: Final = {
    Format.CSV: (".csv", ".txt", ".tsv", ".tab"),
    Format.XLSX: (".xlsx",),
    Format.PARQUET: (".parquet", ".pq"),
}


def recognise(source: Source) -> Format:
    """What a file is, by its content.

    Raises:
        BadInput: nothing that can be read, and what it is instead.
    """
    with source.open() as file:
        start = file.read(_START)
        if not start.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
            raise BadInput("The file is empty. Choose the one that holds the table.")
        if start.startswith(b"PK\x03\x04") or start.startswith(b"PK\x05\x06"):
            return Format.XLSX
        if start.startswith(b"PAR1"):
            return Format.PARQUET
        if start.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            raise BadInput(why_not_old(file))
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for mark, what in _OTHERS:
        if start.startswith(mark):
            raise BadInput(f"It is {what}, not a table. {_WANTED}")
    for mark, what in _MARKUP:
        if bare.startswith(mark):
            raise BadInput(f"It is {what}, not a table. {_WANTED}")
    return Format.CSV


def open_table(source: Source, *, sheet: str = "") -> Table:
    """The table in a file, whatever its name says it is.

    Args:
        source: the file.
        sheet: of a workbook, the sheet to read; else the first that holds anything.

    Raises:
        BadInput: it cannot be read; the message says why, where, and what to send instead.
        NotAvailable: it is Parquet, and this machine cannot read that.
    """
    found = recognise(source)
    if found is Format.PARQUET:
        table = open_parquet(source)
    elif found is Format.XLSX:
        table = open_workbook(source, sheet=sheet)
    else:
        table = open_text(source)
    ending = PurePath(source.name).suffix.lower()
    if ending not in _NAMED[found]:
        called = f"is called {ending}" if ending else "has a name without an ending"
        said = f"The file {called} and is {found.words}. It was read as what it is."
        table = Table(**{**table.__dict__, "said": (said, *table.said)})
    return table
