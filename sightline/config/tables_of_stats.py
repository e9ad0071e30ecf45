"""What `sightline stats` reads: tables from files, each cell checked, each fault with its place."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from sightline.kernel.errors import BadInput, Fault, Faults
from sightline.warehouse.reading import Broken, Cell, Source, open_table

_MOST_FAULTS: Final = 20


@dataclass(frozen=True)
class Row:
    """One row: its line in the file, and the text of each column by its name."""

    line: int
    cells: Mapping[str, str]

    def place(self, column: str) -> str:
        """The cell, as a fault names it."""
        return f"line {self.line}, {column}"


def rows_of(path: str, needed: Sequence[str], optional: Sequence[str] = ()) -> list[Row]:
    """The rows of a CSV file, workbook or Parquet file, by the names in its first line.

    Names are matched without case or spaces around them. Other columns are left alone, and so are
    lines with nothing in them.

    Raises:
        BadInput: the file is not there, is no table, or holds no rows.
        Faults: a column is missing or there twice; a needed cell is empty or cannot be read.
    """
    file = Path(path)
    if not file.is_file():
        raise BadInput(f"{path} is not a file; check how it is spelt.")
    table = open_table(Source(lambda: file.open("rb"), file.name, file.stat().st_size))
    lines = iter(table.lines())
    first = next((line for line in lines if any(map(_text, line.cells))), None)
    if first is None:
        raise BadInput(f"{path} holds no rows; its first line names the columns.")
    header = [_text(cell).casefold() for cell in first.cells]
    _check_header(path, first.number, header, needed)
    wanted = {name: header.index(name) for name in (*needed, *optional) if name in header}
    found, faults = [], []
    for line in lines:
        texts = [_text(cell) for cell in line.cells]
        if not any(texts):
            continue
        cells = {name: texts[at] if at < len(texts) else "" for name, at in wanted.items()}
        row = Row(line.number, cells)
        found.append(row)
        faults += [
            Fault(row.place(name), "it is broken.", cell.mend)
            for name, at in wanted.items()
            if at < len(line.cells) and isinstance(cell := line.cells[at], Broken)
        ]
    stop(path, faults)
    if not found:
        raise BadInput(f"{path} holds no rows under its header; add one for each record.")
    return found


def _check_header(path: str, line: int, header: Sequence[str], needed: Sequence[str]) -> None:
    faults = [
        Fault(f"line {line}", f"there is no column {name!r}.", f"It has: {', '.join(header)}.")
        for name in needed
        if name not in header
    ]
    faults += [
        Fault(f"line {line}", f"column {name!r} is there twice.", "Keep one.")
        for name in sorted({name for name in header if name and header.count(name) > 1})
    ]
    stop(path, faults)


def need(path: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    """Refuse empty cells in these columns, all at once.

    Raises:
        Faults: there are some.
    """
    stop(
        path,
        [
            Fault(row.place(name), "it is empty.", "Fill it in, or take the line out.")
            for row in rows
            for name in columns
            if not row.cells[name]
        ],
    )


def stop(path: str, faults: Sequence[Fault]) -> None:
    """Refuse the file where there are faults, naming the first twenty.

    Raises:
        Faults: there are some.
    """
    if len(faults) > _MOST_FAULTS:
        more = Fault("", f"and {len(faults) - _MOST_FAULTS} more.")
        faults = [*faults[:_MOST_FAULTS], more]
    if faults:
        raise Faults(path, faults)


def _text(cell: Cell) -> str:
    """A cell as it would be typed; a whole number of a workbook without its point."""
    if cell is None or isinstance(cell, Broken):
        return ""
    if isinstance(cell, float | Decimal) and cell == int(cell):
        return str(int(cell))
    return str(cell).strip()


def number(text: str) -> float:
    """The number in a cell; thousands may be set apart by commas, and a % sign may follow.

    Raises:
        ValueError: it is none, or is not finite.
    """
    found = float(text.replace(",", "").removesuffix("%"))
    if found != found or found in {float("inf"), float("-inf")}:  # noqa: PLR0124 - NaN
        raise ValueError(f"{text} is not finite")
    return found


def json_of(path: str) -> Any:
    """What a JSON file holds.

    Raises:
        BadInput: it is not there, or is no JSON.
    """
    try:
        return json.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as fault:
        raise BadInput(f"{path} is not a file that can be read; check how it is spelt.") from fault
    except ValueError as fault:
        raise BadInput(f"{path} is no JSON ({fault}); give the file as it was written.") from fault
