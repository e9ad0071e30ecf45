"""Reads through the XML of a sheet for what the reader of cells does not tell.

That is: how far the cells reach (a cell far out would have memory set aside for all before it), how
long its texts are together, errors, formulas without a saved value, hidden rows and columns.
"""

import re
from dataclasses import dataclass, field
from typing import BinaryIO, Final
from xml.parsers import expat

from sightline.kernel.errors import BadInput

_CHUNK: Final = 256 * 1024
MOST_CELLS: Final = 12_000_000
MOST_TEXT: Final = 300_000_000
_MOST_NOTED: Final = 20_000
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_DAMAGED: Final = "The workbook is damaged. Open it, save it as a new workbook, and send that."


@dataclass
class Seen:
    """What a sheet holds: `errors` and `unsaved` by (row, column), both counted from 1."""

    last_row: int = 0
    last_column: int = 0
    hidden_rows: int = 0
    hidden_columns: int = 0
    formulas: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    unsaved: set[tuple[int, int]] = field(default_factory=set)


def parse(stream: BinaryIO, parser: expat.XMLParserType) -> None:
    """Feed a parser, refusing entities: no spreadsheet program writes them, and they can explode.

    Raises:
        BadInput: it is not XML as a workbook has it.
    """

    def refuse(*_: object) -> None:
        raise BadInput(_DAMAGED)

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise BadInput(_DAMAGED) from None


def new_parser() -> expat.XMLParserType:
    """A parser that gives `namespace name` as the local name alone."""
    return expat.ParserCreate()


def local(name: str) -> str:
    """A tag without its prefix."""
    return name.rpartition(":")[2]


def number_of(said: str) -> int:
    """The number of a column by its letters: A is 1."""
    column = 0
    for letter in said:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column


def text_lengths(stream: BinaryIO) -> list[int]:
    """How long each shared text is, in characters."""
    lengths: list[int] = []
    inside = False

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        tag = local(name)
        if tag == "si":
            lengths.append(0)
        inside = tag == "t"

    def end(name: str) -> None:
        nonlocal inside
        inside = False

    def characters(text: str) -> None:
        if inside and lengths:
            lengths[-1] += len(text)

    parser = new_parser()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parse(stream, parser)
    return lengths


class _Look:
    """Walks through a sheet, cell by cell."""

    def __init__(self, shared: list[int]) -> None:
        self.seen = Seen()
        self.shared = shared
        self.text = 0
        self.row = self.column = 0
        self.kind = ""
        self.has_formula = self.in_value = self.has_value = False
        self.parts: list[str] = []
        self.parser = new_parser()
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._cell(attributes)
        elif name == "v":
            self.in_value = self.has_formula or self.kind in {"s", "e"}
            if self.in_value:
                self.parts = []
                self.parser.CharacterDataHandler = self.parts.append
            else:
                self.has_value = True
        elif name == "is":
            self.has_value = True
        elif name == "f":
            self.has_formula = True
            self.seen.formulas += 1
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = 0
            self.seen.hidden_rows += attributes.get("hidden") in {"1", "true"}
        elif name == "col" and attributes.get("hidden") in {"1", "true"}:
            first, last = int(attributes.get("min", 1)), int(attributes.get("max", 1))
            self.seen.hidden_columns += last - first + 1
        elif ":" in name:
            self.start(local(name), attributes)

    def _cell(self, attributes: dict[str, str]) -> None:
        self.kind = attributes.get("t", "")
        self.has_formula = self.has_value = self.in_value = False
        said = attributes.get("r")
        if said is None:
            self.column += 1
            return
        match = _REFERENCE.fullmatch(said)
        if match is None:
            raise BadInput(_DAMAGED)
        self.row, self.column = int(match[2]), number_of(match[1])

    def end(self, name: str) -> None:
        if name == "v" and self.in_value:
            self.parser.CharacterDataHandler = None
            self._value("".join(self.parts))
            self.in_value = False
        elif name == "c":
            if self.has_value:
                self._reaches()
            elif self.has_formula:
                self._note_unsaved()
        elif ":" in name:
            self.end(local(name))

    def _value(self, said: str) -> None:
        self.has_value = bool(said.strip()) or self.kind == "str"
        if self.kind == "s" and said.isdecimal() and int(said) < len(self.shared):
            self.text += self.shared[int(said)]
            if self.text > MOST_TEXT:
                raise BadInput(
                    "Its texts are too long to read together. Save the sheet as CSV and send that."
                )
        elif self.kind == "e" and len(self.seen.errors) < _MOST_NOTED:
            self.seen.errors[self.row, self.column] = said or "#ERROR"

    def _note_unsaved(self) -> None:
        if len(self.seen.unsaved) < _MOST_NOTED:
            self.seen.unsaved.add((self.row, self.column))
        self._reaches()

    def _reaches(self) -> None:
        seen = self.seen
        seen.last_row = max(seen.last_row, self.row)
        seen.last_column = max(seen.last_column, self.column)
        if seen.last_row * seen.last_column > MOST_CELLS:
            raise BadInput(
                f"Its cells reach to row {seen.last_row:,} and column {seen.last_column:,}, "
                "too far for a workbook to be read. Delete what stands far from the table, "
                "or save the sheet as CSV."
            )


def look_through(stream: BinaryIO, shared: list[int]) -> Seen:
    """What a sheet holds beside its cells.

    Raises:
        BadInput: it reaches too far, its texts are too long, or it is damaged.
    """
    look = _Look(shared)
    try:
        parse(stream, look.parser)
    except ValueError:
        raise BadInput(_DAMAGED) from None
    return look.seen
