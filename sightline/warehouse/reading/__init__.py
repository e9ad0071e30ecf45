"""Reads a table out of a file somebody sent: CSV, an Excel workbook, Parquet.

What a file is, is told by its content. It is read a row at a time, as it stands: what a cell means
is for whoever knows the columns. Nothing is unpacked, followed or run.
"""

from sightline.warehouse.reading.opening import FORMATS, open_table, recognise
from sightline.warehouse.reading.shapes import (
    Broken,
    Cell,
    Format,
    Line,
    Merged,
    Source,
    Table,
    address,
    letters,
)

__all__ = [
    "FORMATS", "Broken", "Cell", "Format", "Line", "Merged", "Source", "Table",
    "address", "letters", "open_table", "recognise",
]  # fmt: skip
