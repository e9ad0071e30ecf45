"""What reading gives: a table of lines of cells, and what was noticed about the file."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import BinaryIO, Final, Protocol, TypeAlias

LONGEST_CELL: Final = 32_767
MOST_COLUMNS: Final = 1_000
MOST_ROWS: Final = 5_000_000


class Format(StrEnum):
    """What a file is, whatever its name says."""

    CSV = "csv"
    XLSX = "xlsx"
    PARQUET = "parquet"

    @property
    def words(self) -> str:
        """As a person calls it."""
        return {"csv": "a CSV file", "xlsx": "an Excel workbook", "parquet": "a Parquet file"}[self]


@dataclass(frozen=True)
class Broken:
    """A cell that has no value to read: what it shows, and what puts it right."""

    shown: str
    mend: str


# A copy of a file, or CSV made from a workbook, has these as text: they are faults there too.
SHOWN_ERRORS = frozenset(
    {"#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", "#SPILL!", "#CALC!"}
)
UNSAVED = "a formula without its result"
MEND_ERROR = "Mend the formula, or type the value."
MEND_UNSAVED = "Open the file in a spreadsheet program and save it, or type the value."


Cell: TypeAlias = (
    str | int | float | bool | Decimal
    | dt.date | dt.datetime | dt.time | dt.timedelta | Broken | None
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Line:
    """One row as it stands: its number as a spreadsheet program counts, and its cells from A on.

    `place` is where its text begins, counted in lines of the file; rows of a workbook have none.
    """

    number: int
    cells: list[Cell]
    place: int = 0


@dataclass(frozen=True)
class Merged:
    """Cells joined into one, from the first to the last row and column, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def __str__(self) -> str:
        first = address(self.first_row, self.first_column)
        return f"{first}:{address(self.last_row, self.last_column)}"


Opener: TypeAlias = Callable[[], AbstractContextManager[BinaryIO]]


@dataclass(frozen=True)
class Source:
    """A file: how to open it anew, what it was called, how many bytes it has."""

    open: Opener
    name: str
    size: int


class Lines(Protocol):
    """Gives the lines anew each time it is called."""

    def __call__(self) -> Iterator[Line]: ...


@dataclass(frozen=True)
class Table:
    """A table of a file.

    Attributes:
        format: what the file is.
        lines: gives every line from the first, empty ones too, each time it is called.
        rows: about how many there are, for progress alone.
        said: what was noticed and done about it, each a sentence for the sender.
        sheet: of a workbook: which sheet.
        merged: of a workbook: cells joined into one.
        elsewhere: of a workbook: the lines of its other sheets, which are not imported.
        beside: of a workbook: where text stands that is in no cell, and the text.
        delimiter: of text: what stands between cells.
    """

    format: Format
    lines: Lines
    rows: int
    said: tuple[str, ...] = ()
    sheet: str = ""
    merged: tuple[Merged, ...] = ()
    elsewhere: tuple[Lines, ...] = ()
    beside: tuple[tuple[str, str], ...] = ()
    delimiter: str = ","


@lru_cache(maxsize=2_000)
def letters(column: int) -> str:
    """The letters of a column, counted from 1: 1 is A, 27 is AA."""
    said = ""
    while column:
        column, rest = divmod(column - 1, 26)
        said = chr(ord("A") + rest) + said
    return said


def address(row: int, column: int) -> str:
    """A cell as spreadsheet programs name it: row 14, column 4 is D14."""
    return f"{letters(column)}{row}"
