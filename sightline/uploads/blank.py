"""An empty workbook to fill in: the names of the columns, and beside it what each takes."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from sightline.uploads.kinds import CODED, Kind
from sightline.uploads.wording import expected_of

NOTES, CODES = "What each column takes", "Codes"
_WIDE = 45


def blank_workbook(kind: Kind) -> bytes:
    """A workbook whose first sheet can be filled in and sent; other sheets explain."""
    book = Workbook()
    sheet = book.active or book.create_sheet()
    sheet.title = "Rows"
    bold, wrap = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    for at, column in enumerate(kind.columns, start=1):
        cell = sheet.cell(1, at, column.title)
        cell.font = bold
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = max(12, len(column.title) + 2)
        if column.kind in {"date", "time"}:
            shown = "yyyy-mm-dd" if column.kind == "date" else "yyyy-mm-dd hh:mm"
            sheet.column_dimensions[letter].number_format = shown
        elif column.kind not in {"whole", "number"}:
            sheet.column_dimensions[letter].number_format = "@"
    sheet.freeze_panes = "A2"
    notes = book.create_sheet(NOTES)
    lines = [("Column", "What it takes", "In every row", "Note")]
    lines += [
        (one.title, expected_of(one), "yes" if one.required else "no", one.hint or "none")
        for one in kind.columns
    ]
    codes = [("Column", "Code", "What it means")]
    codes += [
        (one.title, str(code), one.options[code] if isinstance(one.options, dict) else str(code))
        for one in kind.columns
        if one.kind in CODED
        for code in one.options
    ]
    for page, found in ((notes, lines), (book.create_sheet(CODES), codes)):
        for line in found:
            page.append(line)
        for cell in page[1]:
            cell.font = bold
        for letter in "ABCD":
            page.column_dimensions[letter].width = _WIDE
            for cell in page[letter]:
                cell.alignment = wrap
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
