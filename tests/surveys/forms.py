"""Forms of ODK made on the spot, and those that lie with the shared facts."""

import io
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

Rows = Sequence[Sequence[object]]


def workbook(survey: Rows, choices: Rows = (), settings: Rows = (), **more: Rows) -> bytes:
    """A workbook of these sheets; rows are lists of cells."""
    book = Workbook()
    book.remove(book.worksheets[0])
    sheets = {"survey": survey, "choices": choices, "settings": settings, **more}
    for name, rows in sheets.items():
        if not rows:
            continue
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def shared(number: str) -> tuple[bytes, str]:
    """One of the six forms, by the number it begins with, and its name."""
    folder = os.environ.get("SIGHTLINE_SHARED")
    if not folder:
        pytest.skip("SIGHTLINE_SHARED is not set, so the collected forms are not at hand")
    (path,) = Path(folder, "data", "xlsforms").glob(f"{number}_*.xlsx")
    return path.read_bytes(), path.name
