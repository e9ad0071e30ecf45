"""Chooses what reads the cells of a column; what is nothing, or has no result, is so for all."""

from collections.abc import Callable, Mapping
from typing import Final

from sightline.uploads import cells, records
from sightline.uploads.cells import DateStyle, Read, Wrong, bare
from sightline.uploads.kinds import Column, Value
from sightline.uploads.wording import expected_of
from sightline.warehouse.reading import Broken, Cell
from sightline.warehouse.reading.shapes import MEND_ERROR, MEND_UNSAVED, SHOWN_ERRORS, UNSAVED

_READERS: Final[Mapping[str, Callable[[Column, DateStyle], Read]]] = {
    "text": cells.read_text,
    "whole": cells.read_whole,
    "number": cells.read_number,
    "date": cells.read_date,
    "code": cells.read_code,
    "reference": records.read_reference,
    "time": records.read_time,
    "flag": records.read_flag,
    "set": records.read_set,
    "zone": records.read_zone,
    "chi": records.read_chi,
    "scn": records.read_scn,
}


def reader_of(column: Column, style: DateStyle) -> Read:
    """What reads the cells of a column: gives a value, None for an empty cell, or what is wrong."""
    read = _READERS[column.kind](column, style)

    def read_or_miss(cell: Cell) -> "Value | Wrong":
        if isinstance(cell, Broken):
            said = "The formula has an error" if cell.shown.startswith("#") else "No saved result"
            return Wrong(f"{said} in “{column.title}”", cell.mend)
        if cell is None or cell == "":
            text = ""
        elif isinstance(cell, str):
            text = bare(cell)
        else:
            return read(cell)
        if text.upper() in SHOWN_ERRORS:
            return Wrong(f"The formula has an error in “{column.title}”", MEND_ERROR)
        if text == UNSAVED:
            return Wrong(f"No saved result in “{column.title}”", MEND_UNSAVED)
        if text:
            return read(text)
        if column.required:
            return Wrong(f"“{column.title}” is empty", column.hint or expected_of(column))
        return None

    return read_or_miss
