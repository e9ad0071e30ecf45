"""Finds the row of column names, and which column is which."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from sightline.uploads.cells import bare, shown
from sightline.uploads.kinds import Column, Kind
from sightline.warehouse.reading import Cell, Table, address

COMMENTS: Final = "What to mend (from Sightline)"
"""The title of the column that our copies add, and that is passed over when one comes back."""
NOT_ASKED: Final = "The column “{}” is not asked for"
SEARCHED: Final = 20
"""Rows at the top among which the column names are looked for."""
_NOISE: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Stop:
    """Why a whole file cannot be used: where, what is wrong, what was sent, what is expected."""

    where: str
    what: str
    sent: str
    expected: str
    column: int = 0


@dataclass(frozen=True)
class Heading:
    """Where the columns are.

    Attributes:
        row: the row of the column names; 0 where none was found.
        cells: what it says.
        places: by name of the column, which it is in the file, counted from 1.
        titles: by place, the title in the person's own words.
        ours: places of the column that our copies add.
        stops: why the file cannot be used.
        unknown: titles that stand for no column.
    """

    row: int
    cells: tuple[str, ...]
    places: dict[str, int]
    titles: dict[int, str]
    ours: frozenset[int]
    stops: tuple[Stop, ...]
    unknown: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many columns are named, up to the last one that is."""
        return max((place for place, said in enumerate(self.cells, start=1) if said), default=0)


def key(title: str) -> str:
    """A title without case, spaces and punctuation."""
    return _NOISE.sub("", title.casefold())


_OURS: Final = key(COMMENTS)


def find_heading(table: Table, kind: Kind) -> Heading:
    """The row among the first few that names most of the columns, and what is wrong with it."""
    known = _known(kind)
    best: tuple[str, ...] = ()
    best_number = most = 0
    for line in islice(table.lines(), SEARCHED):
        cells = tuple(bare(cell) for cell in line.cells)
        named = len({known[key(cell)] for cell in cells if known.get(key(cell))})
        if named > most:
            best, best_number, most = cells, line.number, named
    if not best_number:
        return Heading(0, (), {}, {}, frozenset(), (_nothing(table, kind),))
    return _heading(best, best_number, kind, known)


def _known(kind: Kind) -> dict[str, str]:
    """By every way of writing a title, the name of its column; the true titles win."""
    known = {key(said): column.name for column in kind.columns for said in column.synonyms}
    known.update({key(column.name): column.name for column in kind.columns})
    known.update({key(column.title): column.name for column in kind.columns})
    known.update(kind.headings)
    return known


def _titles(columns: Sequence[Column]) -> str:
    return ", ".join(f"“{column.title}”" for column in columns)


def _nothing(table: Table, kind: Kind) -> Stop:
    first = next((line for line in table.lines() if any(bare(c) for c in line.cells)), None)
    sent = ", ".join(shown(cell) for cell in (first.cells if first else ())[:12])
    wanted = [column for column in kind.columns if column.required] or list(kind.columns)
    return Stop(
        f"Rows 1 to {SEARCHED}",
        "No row has the names of the columns",
        sent,
        f"a row with {_titles(wanted)}",
    )


def _heading(cells: tuple[str, ...], row: int, kind: Kind, known: dict[str, str]) -> Heading:
    places: dict[str, int] = {}
    ours: set[int] = set()
    stops: list[Stop] = []
    unknown: list[str] = []
    for place, said in enumerate(cells, start=1):
        name = known.get(key(said))
        if key(said) == _OURS:
            ours.add(place)
        elif name == "":
            continue  # the scope has said that it is to be passed over
        elif name is not None and name in places:
            first = address(row, places[name])
            stops.append(
                Stop(
                    address(row, place),
                    f"Two columns are “{kind.by_name[name].title}”",
                    said,
                    f"one; the other is {first}",
                    place,
                )
            )
        elif name is not None:
            places[name] = place
        elif said:
            unknown.append(said)
            stops.append(
                Stop(
                    address(row, place),
                    NOT_ASKED.format(shown(said)),
                    said,
                    "delete it, or give it the title it should have",
                    place,
                )
            )
    stops += _missing(kind, places, row)
    titles = {place: cells[place - 1] for place in places.values()}
    return Heading(row, cells, places, titles, frozenset(ours), tuple(stops), tuple(unknown))


def _missing(kind: Kind, places: dict[str, int], row: int) -> list[Stop]:
    return [
        Stop(f"Row {row}", f"The column “{column.title}” is missing", "", _wanted(column))
        for column in kind.columns
        if column.required and column.name not in places
    ]


def _wanted(column: Column) -> str:
    others = f", also known as {', '.join(column.synonyms)}" if column.synonyms else ""
    return f"a column called “{column.title}”{others}"


def without_name(heading: Heading, cells: Sequence[Cell]) -> int | None:
    """The first place of a row that holds something where no column is named, or None."""
    for place, cell in enumerate(cells, start=1):
        unnamed = place > len(heading.cells) or not heading.cells[place - 1]
        if unnamed and cell is not None and bare(cell):
            return place
    return None
