"""Writes the extracts of a log into a folder, as a council and its partners would send them.

Health boards know children by their health number and schools by their candidate number, so their
files name few by the council's own. A few rows bear a number nobody has, as they do in life: what
is joined is never everything.
"""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from sightline.children.definitions import ColumnDefinition, code_list, dataset
from sightline.outcomes.generating.drawing import Draw
from sightline.outcomes.generating.extracts import SPINE
from sightline.outcomes.generating.lives import Event, chi

Style = Literal["template", "supplier"]
ENCODING: Final = "utf-8"
BY_NUMBER: Final = {"health-assessments": "chi", "school-leavers": "scn"}
BY_REFERENCE: Final = 0.08
UNMATCHED: Final = 0.02


@dataclass(frozen=True)
class Written:
    """One file: its dataset, where it is, how many rows it has."""

    dataset: str
    file: Path
    rows: int


def as_sent(rows: Mapping[str, Sequence[Event]], seed: int) -> dict[str, list[Event]]:
    """Rows as each agency would name the children in them."""
    numbers = {row["child"]: row for row in rows[SPINE]}
    found = {code: list(those) for code, those in rows.items()}
    for code, kind in BY_NUMBER.items():
        draw = Draw(seed, "sent", code)
        found[code] = [_named(row, numbers, kind, draw) for row in rows.get(code, ())]
    return {code: those for code, those in found.items() if those}


def _named(row: Event, numbers: Mapping[str, Event], kind: str, draw: Draw) -> Event:
    number = numbers[row["child"]].get(kind)
    born = numbers[row["child"]].get("date_of_birth")
    if draw.yes(BY_REFERENCE) or number is None:
        return row
    if kind == "chi" and draw.yes(UNMATCHED):
        number = chi(draw, born or dt.date(2010, 1, 1), "female")
    return {kind: number, **{name: value for name, value in row.items() if name != "child"}}


def cell(value: object, column: ColumnDefinition, style: Style = "template") -> str:
    """A value as it is written in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("Y" if value else "N") if style == "supplier" else ("yes" if value else "no")
    if isinstance(value, dt.datetime):
        return f"{value:%d/%m/%Y %H:%M}" if style == "supplier" else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, dt.date):
        return f"{value:%d/%m/%Y}" if style == "supplier" else value.isoformat()
    if isinstance(value, list | tuple):
        return ";".join(_code(one, column, style) for one in value)
    if isinstance(value, float):
        return f"{value:g}"
    return _code(value, column, style)


def _code(value: object, column: ColumnDefinition, style: Style) -> str:
    if style == "template" or not column.codes:
        return str(value)
    return code_list(column.codes).options().get(str(value), str(value))


def heading(column: ColumnDefinition, style: Style = "template") -> str:
    """The heading of a column: its name, or what one supplier calls it."""
    if style == "template":
        return column.name
    return column.synonyms[0] if column.synonyms else column.title


def table(code: str, rows: Iterable[Event], style: Style = "template") -> list[list[str]]:
    """Heading and rows of a file, as text."""
    columns = dataset(code).columns
    lines = [[heading(column, style) for column in columns]]
    lines.extend([cell(row.get(column.name), column, style) for column in columns] for row in rows)
    return lines


def text_of(lines: Iterable[Sequence[str]], delimiter: str = ",") -> str:
    """A file's text."""
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(lines)
    return out.getvalue()


def write_csv(folder: Path, tables: Mapping[str, Sequence[Sequence[str]]]) -> list[Written]:
    """Write each table as `<dataset>.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for code, lines in sorted(tables.items()):
        target = folder / f"{code}.csv"
        target.write_text(text_of(lines), encoding=ENCODING, newline="")
        written.append(Written(code, target, len(lines) - 1))
    return written


def write_parquet(folder: Path, rows: Mapping[str, Sequence[Event]]) -> list[Written]:
    """Write each dataset as a typed table, `<dataset>.parquet`, by the warehouse's engine."""
    from sightline.children.tables import from_rows
    from sightline.warehouse.engines import engine

    folder.mkdir(parents=True, exist_ok=True)
    written = []
    with engine("duckdb", folder=folder) as warehouse:
        for code, those in sorted(rows.items()):
            target = folder / f"{code}.parquet"
            expression = warehouse.put(from_rows(dataset(code), those))
            written.append(Written(code, target, warehouse.write(expression, target)))
    return written
