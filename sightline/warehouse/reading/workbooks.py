"""Reads Excel workbooks (.xlsx) with calamine, after the archive has been looked through."""

import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
    XmlError,
    ZipError,
)

from sightline.kernel.errors import BadInput
from sightline.warehouse.reading import archives, sheets
from sightline.warehouse.reading.shapes import (
    MEND_ERROR,
    MEND_UNSAVED,
    MOST_COLUMNS,
    UNSAVED,
    Broken,
    Cell,
    Format,
    Line,
    Lines,
    Merged,
    Source,
    Table,
)
from sightline.warehouse.reading.sheets import Seen

LARGEST: Final = 60_000_000
"""Bytes of a workbook; it is read in memory, as its format wants it."""
_DAMAGED: Final = "The workbook is damaged. Open it, save it as a new workbook, and send that."


@dataclass(frozen=True)
class _Book:
    """How a workbook is put together: where each sheet's XML is, and from when dates count."""

    parts: dict[str, str]
    from_1904: bool


def open_workbook(source: Source, *, sheet: str = "") -> Table:
    """The table of a workbook: of the sheet named, else of the first one that holds anything.

    Raises:
        BadInput: it is none, or holds what is never taken in, or there is no such sheet.
    """
    if source.size > LARGEST:
        raise BadInput(
            f"A workbook may have at most {LARGEST // 1_000_000} MB, because it is read whole. "
            "Save the sheet as CSV and send that."
        )
    with source.open() as file:
        content = io.BytesIO(file.read())
    with archives.looked_through(content, size=source.size) as archive:
        reason = archives.why_not_workbook(archive)
        if reason:
            raise BadInput(reason)
        said = archives.left_out(archive)
        beside = list(archives.texts_beside(archive))
        book = _book(archive)
        seen = _seen(archive, book)
    if book.from_1904:
        raise BadInput(
            "The workbook counts its days from 1904, so dates that came into it from another one "
            "may be four years out. In Excel, clear File, Options, Advanced, “Use 1904 date "
            "system”, see that every date is right, and send it again. Or send it as CSV."
        )
    beside += [(f"the name of sheet {at}", name) for at, name in enumerate(book.parts, start=1)]
    table = _table(content, seen, said, sheet)
    return replace(table, beside=tuple(beside))


def _table(content: io.BytesIO, seen: dict[str, Seen], said: list[str], wanted: str) -> Table:
    content.seek(0)
    try:
        opened = CalamineWorkbook.from_filelike(content)
        filled = [
            opened.get_sheet_by_name(meta.name)
            for meta in opened.sheets_metadata
            if meta.typ is SheetTypeEnum.WorkSheet and meta.name in seen
        ]
    except (CalamineError, ZipError, XmlError, OSError, ValueError):
        raise BadInput(_DAMAGED) from None
    hidden = {
        meta.name for meta in opened.sheets_metadata if meta.visible != SheetVisibleEnum.Visible
    }
    found = [one for one in filled if seen[one.name].last_row]
    chosen = _chosen(found, wanted, hidden)
    looked = seen[chosen.name]
    if looked.last_column > MOST_COLUMNS:
        raise BadInput(
            f"The sheet “{chosen.name}” has {looked.last_column:,} columns; at most "
            f"{MOST_COLUMNS:,} can be read. Delete what stands far to the right."
        )
    others = [one for one in found if one is not chosen]
    said = [*said, *_sayings(chosen.name, [one.name for one in others], looked)]
    return Table(
        Format.XLSX,
        _lines_of(chosen, looked),
        rows=looked.last_row,
        said=tuple(said),
        sheet=chosen.name,
        merged=_merged(chosen),
        elsewhere=tuple(_lines_of(one, seen[one.name]) for one in others),
    )


def _chosen(found: list[CalamineSheet], wanted: str, hidden: set[str]) -> CalamineSheet:
    if wanted:
        named = [one for one in found if one.name.casefold() == wanted.casefold()]
        if not named:
            there = ", ".join(one.name for one in found)
            raise BadInput(f"No sheet called “{wanted}” holds anything. There are: {there}.")
        return named[0]
    shown = [one for one in found if one.name not in hidden]
    if not (shown or found):
        raise BadInput("The workbook is empty. Choose the file that holds the table.")
    return (shown or found)[0]


def _sayings(name: str, others: list[str], seen: Seen) -> Iterator[str]:
    if others:
        rest = " and ".join(f"“{other}”" for other in others)
        yield f"The sheet “{name}” was read. Not read: {rest}."
    if seen.hidden_rows:
        yield f"Hidden rows ({seen.hidden_rows:,}) were read like any other."
    if seen.hidden_columns:
        yield f"Hidden columns ({seen.hidden_columns:,}) were read like any other."
    saved = seen.formulas - len(seen.unsaved)
    if saved > 0:
        yield (
            f"Of {saved:,} formula{'s' if saved > 1 else ''}, the value that the "
            "file was saved with was read."
        )


def _merged(sheet: CalamineSheet) -> tuple[Merged, ...]:
    return tuple(
        Merged(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
    )


def _lines_of(sheet: CalamineSheet, seen: Seen) -> Lines:
    """The lines of a sheet. Calamine starts at row 1, and at the first column that has anything."""
    left: list[Cell] = [None] * (sheet.start[1] if sheet.start else 0)
    broken = _broken_by_row(seen)

    def every_line() -> Iterator[Line]:
        for number, row in enumerate(sheet.iter_rows(), start=1):
            cells: list[Cell] = [*left, *(_cell(value) for value in row)]
            for column, what in broken.get(number, ()):
                cells += [None] * (column - len(cells))
                cells[column - 1] = what
            yield Line(number, cells)
        beyond = (sheet.start[0] + sheet.height) if sheet.start else 0
        for number in sorted(row for row in broken if row > beyond):
            last = max(column for column, _ in broken[number])
            cells = [None] * last
            for column, what in broken[number]:
                cells[column - 1] = what
            yield Line(number, cells)

    return every_line


def _cell(value: Any) -> Cell:
    return None if value == "" else value


def _broken_by_row(seen: Seen) -> dict[int, list[tuple[int, Broken]]]:
    broken: dict[int, list[tuple[int, Broken]]] = {}
    for (row, column), shown in seen.errors.items():
        broken.setdefault(row, []).append((column, Broken(shown, MEND_ERROR)))
    for row, column in seen.unsaved:
        broken.setdefault(row, []).append((column, Broken(UNSAVED, MEND_UNSAVED)))
    return broken


def _book(archive: zipfile.ZipFile) -> _Book:
    """Read `workbook.xml` and what its sheets refer to."""
    targets: dict[str, str] = {}
    named: list[tuple[str, str]] = []
    flags: set[str] = set()

    def relation(name: str, attributes: dict[str, str]) -> None:
        if sheets.local(name) == "Relationship":
            targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def part(name: str, attributes: dict[str, str]) -> None:
        tag = sheets.local(name)
        if tag == "sheet":
            key = next((attributes[a] for a in attributes if sheets.local(a) == "id"), "")
            named.append((attributes.get("name", ""), key))
        elif tag == "workbookPr" and attributes.get("date1904") in {"1", "true"}:
            flags.add("1904")

    for place, handler in (("xl/_rels/workbook.xml.rels", relation), ("xl/workbook.xml", part)):
        parser = sheets.new_parser()
        parser.StartElementHandler = handler
        try:
            with archive.open(place) as stream:
                sheets.parse(stream, parser)  # type: ignore[arg-type]
        except KeyError:
            raise BadInput(_DAMAGED) from None
    parts = {name: _within(targets.get(key, "")) for name, key in named}
    return _Book(parts, "1904" in flags)


def _within(target: str) -> str:
    """The name of a part within the archive, as `workbook.xml` refers to it."""
    return target[1:] if target.startswith("/") else f"xl/{target}"


def _seen(archive: zipfile.ZipFile, book: _Book) -> dict[str, Seen]:
    names = set(archive.namelist())
    shared: list[int] = []
    if "xl/sharedStrings.xml" in names:
        with archive.open("xl/sharedStrings.xml") as stream:
            shared = sheets.text_lengths(stream)  # type: ignore[arg-type]
    seen = {}
    for name, place in book.parts.items():
        if place in names and "worksheets/" in place:
            with archive.open(place) as stream:
                seen[name] = sheets.look_through(stream, shared)  # type: ignore[arg-type]
    return seen
