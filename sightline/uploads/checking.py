"""Checks a file from its first cell to its last: names of columns, types, rules, identifiers.

Reads the file anew for each question, a row at a time, so that its size does not matter. Writes
nothing.
"""

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import PurePath
from typing import Final

from sightline.access.scopes import Scope
from sightline.identifiers import Kind as Identifier
from sightline.identifiers import find, look_at_columns
from sightline.uploads import whole
from sightline.uploads.cells import DateStyle, Read, Wrong, bare, formula_in, shown
from sightline.uploads.explaining import written
from sightline.uploads.headings import Heading, find_heading, without_name
from sightline.uploads.kinds import CODED, DATED, HIDDEN, Facts, Kind, Row, RowFault, Value
from sightline.uploads.readers import reader_of
from sightline.uploads.tally import Found, Section, Tally
from sightline.warehouse.reading import Broken, Cell, Format, Line, Merged, Table, address, letters

Tell = Callable[[int, int], None]
"""Told now and then how many rows have been read so far, over all readings, and of how many."""
READINGS: Final = 3
EVERY: Final = 5_000
MOST_MERGED: Final = 100_000
REFERENCE: Final = "reference"
NOT_SHOWN: Final = "(not shown)"
THE_NAME: Final = "the name of the file"
THE_REASON: Final = "the name of a sheet"


def quietly(read: int, total: int) -> None:
    """Nobody watches."""


class _Cells(Mapping[str, str]):
    """By name of a column, the cell of one row; worked out when asked for."""

    __slots__ = ("_letters", "_row")

    def __init__(self, row: int, column_letters: Mapping[str, str]) -> None:
        self._row, self._letters = row, column_letters

    def __getitem__(self, name: str) -> str:
        return f"{self._letters[name]}{self._row}"

    def __iter__(self) -> Iterator[str]:
        return iter(self._letters)

    def __len__(self) -> int:
        return len(self._letters)


@dataclass(frozen=True)
class Identified:
    """A cell that could tell who somebody is: where, and what kind of thing it is. Never what."""

    place: str
    kind: Identifier


@dataclass
class FileCheck:
    """The check of one file of one kind; `tally` and `identified` say what it found.

    `looks` for identifiers, where the kind refuses them, unless that has been done before.
    `sha256` is of the whole file, where the kind asks about that. `kind` is as the scope sends it.
    """

    table: Table
    kind: Kind
    scope: Scope
    name: str = ""
    tell: Tell = quietly
    looks: bool = True
    sha256: str = ""
    tally: Tally = field(default_factory=Tally)
    identified: list[Identified] = field(default_factory=list)
    heading: Heading = field(init=False)
    _styles: dict[str, DateStyle] = field(init=False)
    _letters: dict[str, str] = field(init=False)
    _names: dict[int, str] = field(init=False)
    _shifts: whole.Shifts | None = field(default=None, init=False)
    _read: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.kind = self.kind.sent_by(self.scope)
        self.heading = find_heading(self.table, self.kind)
        self._letters = {name: letters(at) for name, at in self.heading.places.items()}
        self._names = {at: name for name, at in self.heading.places.items()}
        self._styles = {column.name: DateStyle() for column in self.kind.columns}

    # Reading

    def lines(self) -> Iterator[Line]:
        """Every line under the column names, empty ones too."""
        for line in self.table.lines():
            self._read += 1
            if self._read % EVERY == 0:
                self.tell(self._read, self.table.rows * READINGS)
            if line.number > self.heading.row:
                yield line

    def _rows(self) -> Iterator[Line]:
        """The lines that hold something in a column that is not ours."""
        ours = self.heading.ours
        for line in self.lines():
            cells = line.cells
            if any(cells) and (
                any(
                    cell is not None and cell != "" and (not isinstance(cell, str) or bare(cell))
                    for place, cell in enumerate(cells, start=1)
                    if place not in ours
                )
            ):
                yield line

    def good_rows(self) -> Iterator[Row]:
        """The rows that are not held back, typed. Only after `run`."""
        held, readers = self.tally.held, self._readers()
        for line in self._rows():
            if line.number not in held:
                yield self._row(line, readers, None)

    # Checking

    @property
    def moved(self) -> str:
        """That the values stand beside their columns, in words, or nothing. Only after `run`."""
        return whole.moved_words(self._shifts.moved()) if self._shifts else ""

    def run(self) -> Tally:
        """Check it all."""
        self._look_for_identifiers()
        for stop in self.heading.stops:
            self.tally.add(
                Found(
                    Section.FILE, 0, stop.column, stop.where, stop.what, stop.expected,
                    shown(stop.sent),
                )
            )  # fmt: skip
        if not self.tally.stops():
            self._check_rows()
        return self.tally

    def _check_rows(self) -> None:
        typed = self._typed()
        for fault in self.kind.check(typed, self.scope):
            self._add_rule(fault)
        for _ in typed:
            pass  # a kind that stopped asking for rows: the rest are checked all the same
        if self.tally.rows == 0:
            self._note_no_rows()
        if self._shifts is not None:
            for found in whole.noticed(self.table, self.heading, self.tally, self._shifts):
                self.tally.add(found)
        if self.kind.look is not None:
            for fault in self.kind.look(Facts(self.scope, self.sha256, self.tally.rows)):
                self._add_rule(fault)
        self._say_what_was_sent()

    def _note_no_rows(self) -> None:
        row = f"Under row {self.heading.row}"
        said = "There are column names and no rows"
        if self.kind.takes_none:
            meant = "none, if there were none; if they were not ready, do not import this file"
            self.tally.add(Found(Section.AGAIN, 0, 0, row, said, meant))
        else:
            self.tally.add(Found(Section.FILE, 0, 0, row, said, "a row for each entry"))

    def _readers(self) -> list[tuple[int, str, Read]]:
        readers = []
        for column in self.kind.columns:
            place = self.heading.places.get(column.name)
            if place is not None:
                readers.append(
                    (place - 1, column.name, reader_of(column, self._styles[column.name]))
                )
        return readers

    def _typed(self) -> Iterator[Row]:
        readers = self._readers()
        merged = _merged_rows(self.table.merged, self.heading, self.table.rows)
        if merged.get(self.heading.row):
            joined = merged[self.heading.row]
            self.tally.add(_merged_fault(Section.FILE, 0, joined))
        self._shifts = shifts = whole.Shifts(readers)
        for line in self._rows():
            self.tally.rows += 1
            ragged = self._ragged(line)
            if ragged is not None:
                self.tally.add(ragged)  # what stands where is not known, so no cell is looked at
                continue
            if line.number in merged:
                self.tally.add(_merged_fault(Section.ROW, line.number, merged[line.number]))
            self._look_beside(line)
            shifts.learn(line.cells)
            row = self._row(line, readers, self.tally)
            if line.number not in self.tally.held:
                yield row

    def _row(self, line: Line, readers: list[tuple[int, str, Read]], tally: Tally | None) -> Row:
        cells = line.cells
        width = len(cells)
        values: dict[str, Value] = dict.fromkeys(self.kind.by_name)
        for place, name, read in readers:
            value = read(cells[place] if place < width else None)
            column = self.kind.by_name[name]
            if isinstance(value, Wrong) or column.kind == REFERENCE:
                value = formula_in(cells[place] if place < width else None, column) or value
            if isinstance(value, Wrong):
                if tally is not None:
                    sent = self._sent(name, cells[place] if place < width else None)
                    if self.kind.by_name[name].kind in CODED and self.kind.quotes:
                        tally.unknown.add(name, sent)
                    tally.add(
                        Found(
                            Section.ROW,
                            line.number,
                            place + 1,
                            address(line.number, place + 1),
                            value.what,
                            value.expected,
                            sent,
                        )
                    )
            else:
                values[name] = value
        return Row(line.number, values, _Cells(line.number, self._letters))

    def _sent(self, name: str, cell: Cell) -> str:
        """What stood in a cell, as a fault repeats it; of some columns no fault does."""
        if cell is None:
            return ""
        hidden = self.kind.by_name[name].kind in HIDDEN or not self.kind.quotes
        return NOT_SHOWN if hidden else shown(cell)

    def _look_beside(self, line: Line) -> None:
        """A value under no column name."""
        place = without_name(self.heading, line.cells)
        if place is not None:
            self.tally.add(
                Found(
                    Section.ROW, line.number, place, address(line.number, place),
                    "There is a value under no column name",
                    "nothing here, or a name for the column",
                    shown(line.cells[place - 1]) if self.kind.quotes else NOT_SHOWN,
                )
            )  # fmt: skip

    def _ragged(self, line: Line) -> Found | None:
        """A line of text with more or fewer cells than there are columns."""
        width, cells = self.heading.width, len(line.cells)
        if self.table.format is not Format.CSV or cells == width:
            return None
        if cells > width and not any(bare(cell) for cell in line.cells[width:]):
            return None
        mark = "tab" if self.table.delimiter == "\t" else self.table.delimiter
        return Found(
            Section.ROW, line.number, 0, f"line {line.place} (row {line.number})",
            f"The line has too {'many' if cells > width else 'few'} cells",
            f"{width} cells; put a value that holds a {mark} in quotation marks",
            f"{cells} cells",
        )  # fmt: skip

    def _add_rule(self, fault: RowFault) -> None:
        """Take note of what the kind's own rules found."""
        place = self.heading.places.get(fault.column, 0)
        if fault.row is None:
            section, row, where = (
                Section.FILE if fault.stops else Section.AGAIN,
                0,
                "The whole file",
            )
        else:
            section, row = Section.ROW if fault.stops else Section.AGAIN, fault.row
            where = address(row, place) if place else f"Row {row}"
        self.tally.add(Found(section, row, place, where, fault.what, fault.expected))

    def _say_what_was_sent(self) -> None:
        """Read what stands in the cells that rules found fault with; the rules do not say."""
        kept = self.tally.kept
        wanted = {(one.row, one.column) for one in kept if one.row and one.column and not one.sent}
        if not wanted or not self.kind.quotes:
            return
        rows = {row for row, _ in wanted}
        sent = {
            (line.number, column): self._sent(name, line.cells[column - 1])
            for line in self._rows()
            if line.number in rows
            for name, column in self.heading.places.items()
            if (line.number, column) in wanted and column <= len(line.cells)
        }
        self.tally.fill(sent)

    # Identifiers

    def _look_for_identifiers(self) -> None:
        """Read it once for identifiers, learning on the way how dates are written."""
        numbers = array("L")
        header = list(self.heading.cells) or [""]
        allowed = {
            self.heading.titles[place]: self.kind.by_name[name].holds
            for name, place in self.heading.places.items()
        }
        dates = [
            (self.heading.places[column.name] - 1, self._styles[column.name])
            for column in self.kind.columns
            if column.kind in DATED and column.name in self.heading.places
        ]
        coded = self._coded()
        looks = self.kind.refuses_identifiers and self.looks
        told: list[Identified] = []

        def rows() -> Iterator[Sequence[object]]:
            for line in self.lines():
                numbers.append(line.number)
                for place, style in dates:
                    if place < len(line.cells):
                        style.learn(line.cells[place])
                cells = _without_codes(line.cells, coded)
                if looks:
                    told.extend(self._told(line.number, cells))
                yield _plain(cells, len(header))

        if not looks:
            for _ in rows():
                pass
            return
        teams, places = self._teams_and_places()
        found = look_at_columns(header, rows(), allowed=allowed, teams=teams, places=places)
        self.identified += [
            Identified(address(numbers[one.row - 1], one.column + 1), one.kind) for one in found
        ]
        known = {one.place for one in self.identified}
        self.identified += [one for one in told if one.place not in known]
        self._look_elsewhere()

    def _teams_and_places(self) -> tuple[list[str], dict[str, Sequence[str]]]:
        """Titles, as the file has them, of columns that hold names of teams or of own places."""
        titled = [
            (self.heading.titles[place], self.kind.by_name[name])
            for name, place in self.heading.places.items()
        ]
        teams = [title for title, column in titled if column.names_teams]
        return teams, {title: column.own_places for title, column in titled if column.own_places}

    def _told(self, row: int, cells: Sequence[Cell]) -> Iterator[Identified]:
        """What the kind itself sees in the cells of a row."""
        tells = self.kind.tells
        if tells is None:
            return
        for place, cell in enumerate(cells, start=1):
            if cell is not None and cell != "" and place not in self.heading.ours:
                kind = tells(self._names.get(place, ""), cell)
                if kind is not None:
                    yield Identified(address(row, place), kind)

    def _coded(self) -> list[tuple[int, Read]]:
        """Columns of codes; a known code is no name, though it may read like one."""
        return [
            (place, read)
            for place, name, read in self._readers()
            if self.kind.by_name[name].kind in CODED and self.kind.by_name[name].spellings
        ]

    def _look_elsewhere(self) -> None:
        """What stands above the column names, on other sheets, and in the name of the file."""
        above = list(islice(self.table.lines(), max(0, self.heading.row - 1)))
        for line in above:
            for place, cell in enumerate(line.cells, start=1):
                for named in find(bare(cell)):
                    self.identified.append(Identified(address(line.number, place), named.kind))
        self._look_at_other_sheets()
        ours = self.heading.ours | set(self.heading.places.values())
        for place, title in enumerate(self.heading.cells, start=1):
            if place not in ours:
                where = address(self.heading.row, place)
                self.identified += [Identified(where, named.kind) for named in find(title)]
        for where, text in self.table.beside:
            self.identified += [Identified(where, named.kind) for named in find(text)]
        self.identified += identified_in_name(self.name)

    def _look_at_other_sheets(self) -> None:
        """Other sheets, without what our own empty workbook has there and without codes."""
        ours = written(self.kind) | {
            text
            for column in self.kind.columns
            if column.spellings
            for text in (*column.spellings, *column.options)
        }
        for number, sheet in enumerate(self.table.elsewhere, start=2):
            lines = sheet()
            first = next(lines)  # a sheet without any is not among them
            top = ["" if cell in ours else bare(cell) for cell in first.cells]
            rest = (
                [None if cell in ours else cell for cell in _plain(line.cells, len(top))]
                for line in lines
            )
            for one in look_at_columns(top, chain([top], rest)):
                cell_there = address(first.number + one.row - 1, one.column + 1)
                self.identified.append(Identified(f"{cell_there} of sheet {number}", one.kind))


def identified_in_name(name: str) -> list[Identified]:
    """What the name of a file could tell."""
    words = PurePath(name).stem.replace("_", " ").replace("-", " ")
    return [Identified(THE_NAME, named.kind) for named in find(words)]


def identified_in_refusal(name: str, reason: str) -> list[Identified]:
    """What is left of a file that cannot be read, where that could tell who somebody is."""
    said = [Identified(THE_REASON, named.kind) for named in find(reason)]
    return [*identified_in_name(name), *said]


def _without_codes(cells: Sequence[Cell], coded: list[tuple[int, Read]]) -> Sequence[Cell]:
    """The cells without those that hold a code of their column."""
    if not coded:
        return cells
    kept = list(cells)
    for place, read in coded:
        if place < len(kept) and kept[place] and not isinstance(read(kept[place]), Wrong):
            kept[place] = None
    return kept


def _plain(cells: Sequence[Cell], width: int) -> list[object]:
    """Cells as the detector takes them, as many as there are names at least."""
    plain: list[object] = [cell.shown if isinstance(cell, Broken) else cell for cell in cells]
    return plain + [None] * (width - len(plain))


def _merged_rows(merged: Sequence[Merged], heading: Heading, rows: int) -> dict[int, Merged]:
    """By row, a range of joined cells that touches a column of ours."""
    last = max(heading.places.values(), default=0)
    found: dict[int, Merged] = {}
    for one in merged:
        if one.first_column > last or one.last_row < heading.row:
            continue
        for row in range(max(one.first_row, heading.row), min(one.last_row, rows) + 1):
            found.setdefault(row, one)
            if len(found) >= MOST_MERGED:
                return found
    return found


def _merged_fault(section: Section, row: int, joined: Merged) -> Found:
    return Found(
        section, row, joined.first_column, str(joined),
        "Cells are merged, so nobody can tell which row the value is of",
        "a value in each cell; in Excel: Home, Merge & Center, Unmerge Cells",
    )  # fmt: skip
