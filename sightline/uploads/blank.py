"""An empty workbook to fill in: the names of the columns, and beside it what each takes."""

import io

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from sightline.uploads.explaining import CODES, NOTES, codes, notes
from sightline.uploads.kinds import Kind

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
    for title, found in ((NOTES, notes(kind)), (CODES, codes(kind))):
        page = book.create_sheet(title)
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
