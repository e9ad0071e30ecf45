"""Tables as files that open safely and read well: CSV, and workbooks as statisticians publish them.

Text that a spreadsheet program would run as a formula gets an apostrophe in front, the sign those
programs themselves use for "this is text". Numbers stay numbers, negative ones too. No cell is
blank: what is not there says which kind of not there (`[c]` hidden, `[x]` not available, `[z]`
does not apply).
"""

import csv
import datetime as dt
import io
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet

from sightline.kernel.measures import State

Cell: TypeAlias = str | int | float | Decimal | bool | dt.date | State | None
"""What a cell may be given. `None` and empty text are read as not available."""

HEADER_ROW = 4
"""The row of a workbook's sheet that holds the table's headings, the same on every sheet."""

_FORMULA_STARTS = "=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"
_NOT_IN_A_FILE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LONGEST_TEXT = 32_767
_LONGEST_NAME = 31
_NOT_IN_A_NAME = set("[]:*?/\\'")
_RESERVED = {"cover", "notes", "history"}
_WIDEST = 60
_SYMBOLS: dict[State, str | int] = {
    State.SUPPRESSED: "[c]",
    State.NOT_AVAILABLE: "[x]",
    State.NOT_SUBMITTED: "[x]",
    State.NOT_ASKED: "[z]",
    State.NOT_APPLICABLE: "[z]",
    State.TRUE_ZERO: 0,
}
_KEY = (
    ("[c]", "Hidden: too few to show."),
    ("[x]", "Not available: the source does not give it."),
    ("[z]", "Does not apply, or was not asked."),
)
_FILL = PatternFill("solid", fgColor="EEF2F6")
_TOP = Alignment(vertical="top", wrap_text=True)


@dataclass(frozen=True)
class Sheet:
    """One table of a workbook.

    Attributes:
        name: on the tab, at most 31 characters.
        title: what the table shows, as a sentence in the sheet's first cell.
        header: a name for each column, no two alike.
        rows: each as long as the header.
        notes: what a reader must know; they are gathered on the sheet of notes.
    """

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_name(self.name)
        if not self.title.strip():
            raise ValueError(f"Sheet {self.name} has no title.")
        if not self.rows:
            raise ValueError(f"Sheet {self.name} has no rows; leave it out and say so in a note.")
        _check_table(self.header, self.rows, where=f"Sheet {self.name}")


def safe_cell(value: Cell) -> str | int | float | dt.date:
    """The value as a file may hold it: never blank, never a formula, never infinite.

    Raises:
        ValueError: a number that is not finite, or text too long for a cell.
    """
    if isinstance(value, State):
        return _symbol(value)
    if value is None:
        return "[x]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError(f"{value} is not a number a cell can hold; give its state instead.")
    if not isinstance(value, str):
        return value
    return _safe_text(value)


def _symbol(state: State) -> str | int:
    if state is State.OBSERVED:
        raise ValueError("An observed figure is given as its number, not as its state.")
    return _SYMBOLS[state]


def _safe_text(text: str) -> str:
    clean = _NOT_IN_A_FILE.sub("", text)
    if not clean.strip():
        return "[x]"
    if len(clean) >= _LONGEST_TEXT:
        raise ValueError(
            f"A cell holds at most {_LONGEST_TEXT - 1:,} characters; “{clean[:40]}…” has "
            f"{len(clean):,}. Shorten it or use the JSON export."
        )
    bare = clean.lstrip(" \xa0\u200b\ufeff")
    return f"'{clean}" if bare[:1] in _FORMULA_STARTS else clean


def to_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> bytes:
    """The table as CSV: UTF-8 with a byte order mark, lines ended as Excel ends them.

    Raises:
        ValueError: a row that is not as long as the header, or a cell `safe_cell` refuses.
    """
    _check_table(header, rows, where="The table")
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow([safe_cell(name) for name in header])
    for row in rows:
        writer.writerow([_in_csv(safe_cell(cell)) for cell in row])
    return written.getvalue().encode("utf-8-sig")


def _in_csv(cell: str | int | float | dt.date) -> str | int | float:
    return cell.isoformat() if isinstance(cell, dt.date) else cell


def to_xlsx(
    sheets: Sequence[Sheet], *, title: str, notes: Sequence[str] = (), creator: str = "Sightline"
) -> bytes:
    """A workbook: a cover, a sheet of notes, then one table a sheet, headings always in row 4.

    Raises:
        ValueError: no sheets, two sheets of one name, or a cell `safe_cell` refuses.
    """
    if not sheets:
        raise ValueError("A workbook needs at least one sheet.")
    names = [sheet.name.lower() for sheet in sheets]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"Two sheets are called {twice[0]}; name each apart.")
    book = Workbook()
    book.properties.title = title
    book.properties.creator = creator
    book.properties.language = "en-GB"
    cover = book.active
    if not isinstance(cover, Worksheet):  # pragma: no cover - openpyxl always makes one
        raise TypeError("A new workbook has no sheet.")
    _write_cover(cover, sheets, title)
    _write_notes(book.create_sheet("Notes"), sheets, notes)
    for place, sheet in enumerate(sheets, start=1):
        _write_table(book.create_sheet(sheet.name), sheet, place)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _write_cover(to: Worksheet, sheets: Sequence[Sheet], title: str) -> None:
    to.title = "Cover"
    _put(to, 1, 1, title, bold=True, size=16)
    _put(to, 2, 1, "Each table has a sheet of its own; this list leads to them.")
    _put(to, 3, 1, "Symbols and notes are explained on the sheet Notes.")
    _head(to, ("Sheet", "What it holds", "Rows"))
    entries = [("Notes", "Symbols used, and notes to the tables", 0)]
    entries += [(sheet.name, sheet.title, len(sheet.rows)) for sheet in sheets]
    for row, (name, holds, rows) in enumerate(entries, start=HEADER_ROW + 1):
        cell = _put(to, row, 1, name)
        cell.hyperlink = f"#'{name}'!A1"
        cell.font = Font(underline="single", color="0065BD")
        _put(to, row, 2, holds)
        _put(to, row, 3, rows if rows else "[z]")
    _finish(to, (24, 70, 10), len(entries), "Cover_list")


def _write_notes(to: Worksheet, sheets: Sequence[Sheet], notes: Sequence[str]) -> None:
    _put(to, 1, 1, "Notes", bold=True, size=16)
    _put(to, 2, 1, "This sheet holds one table: what the symbols and the tables’ notes mean.")
    _put(to, 3, 1, "An apostrophe before text means that it is text and not a formula.")
    _head(to, ("Applies to", "Note"))
    entries = [(f"Symbol {symbol}", said) for symbol, said in _KEY]
    entries += [("Every sheet", note) for note in notes]
    entries += [(sheet.name, note) for sheet in sheets for note in sheet.notes]
    for row, (where, note) in enumerate(entries, start=HEADER_ROW + 1):
        _put(to, row, 1, where)
        _put(to, row, 2, note)
    _finish(to, (24, 90), len(entries), "Notes_list")


def _write_table(to: Worksheet, sheet: Sheet, place: int) -> None:
    _put(to, 1, 1, sheet.title, bold=True, size=14)
    _put(to, 2, 1, f"This sheet holds one table of {len(sheet.rows)} rows.")
    said = "Notes to this table, and its symbols, are on the sheet Notes."
    _put(to, 3, 1, said if sheet.notes else "Symbols are explained on the sheet Notes.")
    _head(to, sheet.header)
    for row, cells in enumerate(sheet.rows, start=HEADER_ROW + 1):
        for column, cell in enumerate(cells, start=1):
            _put(to, row, column, cell)
    columns = zip(sheet.header, *sheet.rows, strict=True)
    widths = [_wide_enough(column) for column in columns]
    _finish(to, widths, len(sheet.rows), f"Table_{place}")


def _head(to: Worksheet, header: Sequence[str]) -> None:
    for column, name in enumerate(header, start=1):
        cell = _put(to, HEADER_ROW, column, name, bold=True)
        cell.fill = _FILL
        cell.alignment = Alignment(vertical="bottom", wrap_text=True)


def _put(
    to: Worksheet, row: int, column: int, value: Cell, *, bold: bool = False, size: int = 11
) -> SheetCell:
    cell = to.cell(row, column)
    if not isinstance(cell, SheetCell):  # pragma: no cover - no cell is ever merged here
        raise TypeError("A merged cell cannot be written.")
    cell.value = safe_cell(value)
    if isinstance(cell.value, str):
        cell.data_type = "s"
        if row > HEADER_ROW:
            cell.alignment = _TOP
    elif isinstance(cell.value, dt.datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(cell.value, dt.date):
        cell.number_format = "yyyy-mm-dd"
    if bold or size != 11:  # noqa: PLR2004 - Excel's own size
        cell.font = Font(bold=bold, size=size)
    return cell


def _finish(to: Worksheet, widths: Sequence[float], rows: int, name: str) -> None:
    for column, width in enumerate(widths, start=1):
        to.column_dimensions[get_column_letter(column)].width = width
    to.freeze_panes = f"A{HEADER_ROW + 1}"
    to.print_title_rows = f"{HEADER_ROW}:{HEADER_ROW}"
    to.page_setup.orientation = "landscape"
    to.page_setup.fitToWidth = 1
    to.page_setup.fitToHeight = 0
    to.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    last = get_column_letter(len(widths))
    table = Table(displayName=name, ref=f"A{HEADER_ROW}:{last}{HEADER_ROW + rows}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showRowStripes=False)
    to.add_table(table)


def _wide_enough(column: Sequence[Cell]) -> float:
    longest = max(len(str(safe_cell(cell))) for cell in column)
    return float(min(max(longest + 2, 9), _WIDEST))


def _check_name(name: str) -> None:
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise ValueError(f"The sheet name {name!r} has to have 1 to {_LONGEST_NAME} characters.")
    odd = sorted(set(name) & _NOT_IN_A_NAME)
    if odd or _NOT_IN_A_FILE.search(name):
        raise ValueError(f"The sheet name {name!r} holds {' '.join(odd) or 'a control character'}.")
    if name.lower() in _RESERVED:
        raise ValueError(
            f"The sheet name {name!r} is kept for the workbook itself; choose another."
        )


def _check_table(header: Sequence[str], rows: Sequence[Sequence[Cell]], *, where: str) -> None:
    if not header or any(not name.strip() for name in header):
        raise ValueError(f"{where} has a column without a name.")
    if len({name.lower() for name in header}) < len(header):
        raise ValueError(f"{where} has two columns of one name.")
    for place, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise ValueError(
                f"{where}, row {place}: {len(row)} cells under {len(header)} column names."
            )
