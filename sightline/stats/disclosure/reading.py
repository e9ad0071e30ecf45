"""A table as a CSV file in long form: a column for each dimension and the column `count`.

A cell left empty in a dimension's column is its total. `families` may stand beside `count`. A
hierarchy is a file of two columns, `category` and `inside`.
"""

import csv
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from sightline.kernel.errors import BadInput, Fault, Faults
from sightline.stats.disclosure.exact import Area, Population
from sightline.stats.disclosure.profiles import Profile
from sightline.stats.disclosure.protecting_tables import SECONDS, TableRecord, protect_table
from sightline.stats.disclosure.shown_tables import ShownTable
from sightline.stats.disclosure.tables import Category, Dimension, Key, Table, TableFault

_COUNT, _FAMILIES = "count", "families"
_MOST_FAULTS = 20


@dataclass(frozen=True)
class _Read:
    dimensions: tuple[str, ...]
    cells: dict[Key, int]
    families: dict[Key, int]
    lines: dict[Key, int]


def protect_file(
    path: Path,
    profile: Profile,
    *,
    margins: Collection[Collection[str]] | None = None,
    hierarchies: Mapping[str, Path] | None = None,
    sensitive: bool = False,
    seconds: float = SECONDS,
) -> tuple[ShownTable, TableRecord]:
    """Protect the table of a file.

    Args:
        path: the table.
        profile: the rules.
        margins: which sets of dimensions are published; all by default.
        hierarchies: for a dimension, the file that says what lies inside what.
        sensitive: the stricter threshold applies.
        seconds: as in `protect_table`.

    Raises:
        BadInput: the file cannot be read, or contradicts itself; with line and column. Or
            `seconds` is no number of 0 or more.
    """
    if not seconds >= 0:  # NaN too
        raise BadInput(f"--seconds is {seconds}; give 0 or more.")
    read = _read(path)
    wholes = {code: _hierarchy(file) for code, file in (hierarchies or {}).items()}
    unknown = sorted(wholes.keys() - set(read.dimensions))
    if unknown:
        raise BadInput(f"--hierarchy {unknown[0]}: {path} has no column of that name.")
    today = dt.date.today()
    try:
        table = Table(
            code=path.stem,
            title=path.stem,
            counted="people",
            dimensions=[
                _dimension(code, at, read, wholes.get(code, {}))
                for at, code in enumerate(read.dimensions)
            ],
            cells=read.cells,
            families=read.families,
            population=Population(path.stem, Area("here"), today, today),
            margins=margins,
            sensitive=sensitive,
        )
    except TableFault as fault:
        line = read.lines.get(fault.key)
        where = f"{path}, line {line}, column {_COUNT}" if line else str(path)
        raise BadInput(f"{where}: {fault}") from None
    except ValueError as error:
        raise BadInput(f"{path}: {error}") from None
    return protect_table(table, profile, seconds=seconds)


def _rows(path: Path) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return [[cell.strip() for cell in row] for row in csv.reader(file)]
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}. Name a CSV file.") from None
    except (UnicodeDecodeError, csv.Error):
        raise BadInput(f"{path} is no CSV file in UTF-8; save it as CSV UTF-8.") from None


def _read(path: Path) -> _Read:
    rows = _rows(path)
    header = rows[0] if rows else []
    names = tuple(name for name in header if name not in {_COUNT, _FAMILIES})
    if header.count(_COUNT) != 1 or not names or len(set(header)) < len(header) or "" in header:
        raise BadInput(
            f"{path}, line 1: the header is {', '.join(header) or 'missing'}. Give one column for "
            f"each dimension, each with a name of its own, and one named {_COUNT}."
        )
    found = _Read(names, {}, {}, {})
    faults: list[Fault] = []
    for number, row in enumerate(rows[1:], start=2):
        if any(row):
            faults += _take(found, f"{path}, line {number}", number, header, row)
    if not found.cells and not faults:
        faults.append(Fault(f"{path}, line 2", "there is no row.", "Give one for each cell."))
    if faults:
        raise Faults(str(path), faults[:_MOST_FAULTS])
    return found


def _take(found: _Read, where: str, number: int, header: list[str], row: list[str]) -> list[Fault]:
    if len(row) != len(header):
        return [Fault(where, f"{len(row)} cells under {len(header)} columns.", "Give one each.")]
    values = dict(zip(header, row, strict=True))
    key = tuple(values[name] for name in found.dimensions)
    if key in found.lines:
        what = f"{', '.join(key)} stands in line {found.lines[key]} already."
        return [Fault(where, what, "Add their counts up and keep one.")]
    faults = []
    for column, kept in ((_COUNT, found.cells), (_FAMILIES, found.families)):
        text = values.get(column, "")
        if text.isascii() and text.isdigit():
            kept[key] = int(text)
        elif text or column == _COUNT:
            faults.append(
                Fault(
                    f"{where}, column {column}",
                    f"{text!r} is no whole number of 0 or more.",
                    "Give the number of people as digits alone.",
                )
            )
    found.lines[key] = number
    return faults


def _hierarchy(path: Path) -> dict[str, str]:
    rows = _rows(path)
    if not rows or rows[0] != ["category", "inside"]:
        raise BadInput(f"{path}, line 1: give the two columns category and inside.")
    inside: dict[str, str] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(row):
            continue
        if len(row) != 2 or not all(row):  # noqa: PLR2004
            raise BadInput(f"{path}, line {number}: give a category and what it lies inside.")
        if row[0] in inside:
            raise BadInput(f"{path}, line {number}, column category: {row[0]} stands twice.")
        inside[row[0]] = row[1]
    return inside


def _dimension(code: str, at: int, read: _Read, inside: Mapping[str, str]) -> Dimension:
    """The categories of the file and those of its hierarchy, in the order they are met."""
    codes = dict.fromkeys(key[at] for key in read.cells if key[at])
    codes |= dict.fromkeys(name for pair in inside.items() for name in pair)
    return Dimension(code, code, tuple(Category(c, c, inside.get(c, "")) for c in codes))
