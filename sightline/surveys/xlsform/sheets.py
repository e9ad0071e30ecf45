"""The sheets of a form as rows of text by column, with the number of each row.

The workbook is opened by `warehouse.reading`, which refuses bombs, programs and broken archives.
Formulas are never worked out: the value that the file was saved with is read, and a formula that
was saved without one is a fault.
"""

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, BinaryIO, Final

from sightline.kernel.errors import BadInput, Fault
from sightline.surveys.functions import string

LARGEST: Final = 5_000_000
MOST_ROWS: Final = {"survey": 2_000, "choices": 10_000, "settings": 20}
MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 16_000
Key = tuple[str, str]
"""A column and its language as the form names it; empty for none."""

_ALIASES: Final[Mapping[str, str]] = {
    "caption": "label", "relevance": "relevant", "bind::relevant": "relevant",
    "bind::constraint": "constraint", "bind::required": "required",
    "bind::calculate": "calculation", "calculate": "calculation", "command": "type",
    "constraint_msg": "constraint_message", "bind::jr:constraintmsg": "constraint_message",
    "bind::jr:requiredmsg": "required_message", "readonly": "read_only",
    "bind::readonly": "read_only", "control::appearance": "appearance",
    "jr:count": "repeat_count", "list name": "list_name", "media::image": "image",
    "media::audio": "audio", "media::video": "video", "media::big-image": "big-image",
    "title": "form_title", "set_form_title": "form_title", "id_string": "form_id",
    "set_form_id": "form_id",
}  # fmt: skip
_SPOKEN: Final = frozenset(
    {"label", "hint", "guidance_hint", "constraint_message", "required_message", "image", "audio",
     "video", "big-image", "title"}
)  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One row: its number in the sheet, and its texts by column; nothing for empty cells."""

    number: int
    cells: Mapping[Key, str]

    def get(self, column: str, language: str = "") -> str:
        """The text of a column, empty for none."""
        return self.cells.get((column, language), "")

    def spoken(self, column: str) -> dict[str, str]:
        """Texts of a column by language as the form names it; "" where it names none."""
        return {key[1]: text for key, text in self.cells.items() if key[0] == column}


@dataclass(frozen=True)
class Sheet:
    """One sheet: its columns with their letters, and its rows."""

    name: str
    columns: Mapping[Key, str] = field(default_factory=dict)
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True)
class Book:
    """A form's sheets, the names of sheets that are not part of a form, and what is wrong."""

    survey: Sheet
    choices: Sheet
    settings: Sheet
    others: tuple[str, ...]
    faults: tuple[Fault, ...]
    dates: tuple[tuple[str, int, str], ...] = ()


def read(content: bytes, name: str) -> Book:
    """Read a form's sheets.

    Raises:
        BadInput: it is no workbook, too large, or has no sheet `survey`.
    """
    from sightline.warehouse.reading import Format, Source, open_table, recognise

    if len(content) > LARGEST:
        raise BadInput(f"A form may have at most {LARGEST // 1_000_000} MB. Take pictures out.")

    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        yield io.BytesIO(content)

    source = Source(opened, name, len(content))
    if recognise(source) is not Format.XLSX:
        raise BadInput("Send the form as an Excel workbook (.xlsx), as ODK and Kobo write it.")
    first = open_table(source)
    names = [said for where, said in first.beside if where.startswith("the name of sheet")]
    wanted: dict[str, str] = {}
    for sheet in names:
        plain = sheet.strip().lower()
        wanted.setdefault("choices" if plain == "columns" else plain, sheet)
    if "survey" not in wanted:
        there = ", ".join(names)
        raise BadInput(f"A form has a sheet called survey. This workbook has: {there}.")
    reader = _Reader()
    sheets: dict[str, Sheet] = {}
    for part in ("survey", "choices", "settings"):
        if part not in wanted:
            sheets[part] = Sheet(part)
            continue
        try:
            table = open_table(source, sheet=wanted[part])
        except BadInput:
            sheets[part] = Sheet(part)
            continue
        sheets[part] = reader.sheet(part, table)
    used = {wanted[part] for part in sheets if part in wanted}
    others = tuple(one for one in names if one not in used)
    return Book(
        sheets["survey"], sheets["choices"], sheets["settings"], others, tuple(reader.faults),
        tuple(reader.dates),
    )  # fmt: skip


class _Reader:
    """Reads sheets, keeping what is wrong with each cell."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.dates: list[tuple[str, int, str]] = []

    def sheet(self, name: str, table: Any) -> Sheet:
        """One sheet; its first row that holds anything names the columns."""
        columns: dict[int, Key] = {}
        letters: dict[Key, str] = {}
        rows: list[Row] = []
        for line in table.lines():
            texts = [(at, cell) for at, cell in enumerate(line.cells) if cell not in (None, "")]
            if not texts:
                continue
            if not columns:
                columns, letters = self._columns(name, line, texts)
                continue
            if len(rows) >= MOST_ROWS[name]:
                raise BadInput(f"The sheet {name} has more than {MOST_ROWS[name]:,} rows.")
            found = {
                columns[at]: text
                for at, cell in texts
                if at in columns and (text := self._text(name, line.number, at, cell))
            }
            if found:
                rows.append(Row(line.number, found))
        return Sheet(name, letters, tuple(rows))

    def _columns(
        self, name: str, line: Any, texts: list[tuple[int, Any]]
    ) -> tuple[dict[int, Key], dict[Key, str]]:
        from sightline.warehouse.reading import letters

        if len(texts) > MOST_COLUMNS:
            raise BadInput(f"The sheet {name} has more than {MOST_COLUMNS} columns.")
        columns: dict[int, Key] = {}
        where: dict[Key, str] = {}
        for at, cell in texts:
            key = column_of(str(cell))
            letter = letters(at + 1)
            if key in where:
                said = "::".join(part for part in key if part)
                self.faults.append(
                    Fault(
                        f"{name}, row {line.number}",
                        f"the column “{said}” is there twice, in {where[key]} and in {letter}, so "
                        "nobody can tell which is meant.",
                        "Take one out, or name its language, such as label::English (en).",
                    )
                )
                continue
            where[key] = letter
            columns[at] = key
        return columns, where

    def _text(self, sheet: str, number: int, at: int, cell: Any) -> str:
        from sightline.warehouse.reading import Broken, letters

        if isinstance(cell, Broken):
            self.faults.append(
                Fault(f"{sheet}, {letters(at + 1)}{number}", f"it holds {cell.shown}.", cell.mend)
            )
            return ""
        if isinstance(cell, bool):
            return "true" if cell else "false"
        if isinstance(cell, dt.datetime | dt.date | dt.time | dt.timedelta):
            said = cell.isoformat() if not isinstance(cell, dt.timedelta) else str(cell)
            said = said.removesuffix("T00:00:00")
            self.dates.append((sheet, number, f"{letters(at + 1)}{number}"))
            return said
        if isinstance(cell, float | Decimal):
            return string(float(cell))
        text = re.sub(r"[ \t\u00a0]+", " ", str(cell)).strip()
        if len(text) > LONGEST_CELL:
            what = f"it has {len(text):,} characters; {LONGEST_CELL:,} is the most."
            self.faults.append(Fault(f"{sheet}, {letters(at + 1)}{number}", what, "Shorten it."))
        return text[:LONGEST_CELL]


def column_of(header: str) -> Key:
    """A heading as a column and a language: `label::English (en)`, `media::audio::gd`, `Hint`."""
    said = " ".join(header.split())
    parts = [part.strip() for part in (said.split("::") if "::" in said else said.split(":"))]
    first = parts[0].lower().replace(" ", "_")
    if len(parts) > 1 and first in {"media", "bind", "control", "body", "instance"}:
        first, parts = f"{first}::{parts[1].lower()}", parts[1:]
    column = _ALIASES.get(first, _ALIASES.get(first.replace("_", " "), first))
    if len(parts) > 1 and column not in _SPOKEN:
        return said.lower(), ""
    return column, parts[1] if len(parts) > 1 else ""
