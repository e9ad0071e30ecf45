"""The sender's own file again, with what to mend written beside each row and the cells marked.

It has the rows, columns and addresses of what was sent, so that it can be mended and sent as it is;
the column that is added here is passed over when it comes back.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath
from typing import BinaryIO

from sightline.design.spreadsheets import safe_cell
from sightline.uploads.checking import FileCheck
from sightline.uploads.headings import COMMENTS
from sightline.uploads.tally import Found
from sightline.warehouse.reading import Broken, Cell, Format, Line
from sightline.warehouse.writing import MOST_ROWS, Marked, Written, write_workbook

_LONGEST = 32_000


@dataclass(frozen=True)
class Copy:
    """A copy with comments: its bytes, what to call it, what it is."""

    content: BinaryIO
    name: str
    content_type: str


def annotated(check: FileCheck) -> Copy:
    """A copy of the file that `check` has checked: CSV for CSV, else a workbook."""
    stem = PurePath(check.name).stem
    content = io.BytesIO()
    if check.table.format is Format.CSV or check.table.rows > MOST_ROWS:
        _write_csv(content, check)
        name, kind = f"{stem}-with-comments.csv", "text/csv; charset=utf-8"
    else:
        write_workbook(content, _marked_rows(check), sheet=check.table.sheet or "Rows")
        name = f"{stem}-with-comments.xlsx"
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    content.seek(0)
    return Copy(content, name, kind)


def neutral(cell: Cell) -> Written:
    """A cell as a copy holds it: empty stays empty, and no text of it runs as a formula."""
    match cell:
        case None | "":
            return None
        case Broken():
            return cell.shown
        case str():
            return str(safe_cell(cell[:_LONGEST])) if cell.strip() else None
        case dt.time() | dt.timedelta():
            return str(cell)
        case _:
            return cell


def _by_row(check: FileCheck) -> dict[int, list[Found]]:
    found: dict[int, list[Found]] = {}
    for one in check.tally.kept:
        found.setdefault(one.row, []).append(one)
    return found


def _comment(found: list[Found]) -> str:
    return " ".join(
        f"{one.address}: {one.what}. Expected: {one.expected.rstrip('.')}."
        if one.expected
        else f"{one.address}: {one.what}."
        for one in found
    )


def _kept(check: FileCheck, line: Line) -> list[Cell]:
    """The cells of a line, those of an earlier copy's comments left empty and the rest in place."""
    ours = check.heading.ours
    cells: list[Cell] = [
        None if place in ours else cell for place, cell in enumerate(line.cells, start=1)
    ]
    while cells and (cells[-1] is None or cells[-1] == ""):
        cells.pop()
    return cells


def _lines(check: FileCheck) -> Iterator[tuple[Line, list[Cell], str, list[Found]]]:
    """Each line with its cells, its comment, and what was found in it."""
    found = _by_row(check)
    for line in check.table.lines():
        here = found.get(line.number, [])
        comment = COMMENTS if line.number == check.heading.row else _comment(here)
        yield line, _kept(check, line), comment, here


def _place(check: FileCheck) -> int:
    """Where the comments go: beside the widest row, so that they stand in the way of nothing."""
    widest = max((len(_kept(check, line)) for line in check.table.lines()), default=0)
    return max(widest, check.heading.width - len(check.heading.ours)) + 1


def _laid_out(cells: list[Written], comment: str, place: int) -> list[Written]:
    """The cells with the comment in its place."""
    if not comment:
        return cells
    return [*cells, *[None] * (place - 1 - len(cells)), comment]


def _marked_rows(check: FileCheck) -> Iterator[tuple[int, list[Written | Marked]]]:
    place = _place(check)
    for line, cells, comment, found in _lines(check):
        marked = {one.column for one in found if one.column}
        written = [neutral(cell) for cell in cells]
        written += [None] * (max(marked, default=0) - len(written))
        row: list[Written | Marked] = [
            Marked(cell) if at in marked else cell
            for at, cell in enumerate(_laid_out(written, comment, place), start=1)
        ]
        yield line.number, row


def _write_csv(content: BinaryIO, check: FileCheck) -> None:
    text = io.TextIOWrapper(content, encoding="utf-8-sig", newline="", write_through=True)
    delimiter = check.table.delimiter
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    place, at = _place(check), 0
    width = check.heading.width
    for line, cells, comment, _ in _lines(check):
        text.write("\r\n" * (line.number - at - 1))
        at = line.number
        row = [neutral(cell) for cell in cells]
        is_short = len(line.cells) < width and check.table.format is Format.CSV
        if is_short and line.number > check.heading.row:
            # As short as it came, so that it is found again if nobody mends it.
            row = [*row, *[None] * (len(line.cells) - len(row)), comment or None]
        else:
            row = _laid_out(row, comment, place)
            row += [None] * (place - len(row) if any(row) else 0)
        writer.writerow([_in_csv(cell) for cell in row])
    text.detach()


def _in_csv(cell: Written) -> str | int | float | Decimal:
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, dt.date) else cell
