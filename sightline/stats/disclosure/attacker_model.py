"""What an outsider knows of some released tables, as unknowns and sums of them.

Written apart from everything that protects: it has only what is shown to go by. Time is cut at
every first and last day of the tables, and places into the smallest named. In each such piece, and
for each set of breakdowns, every combination of finest categories is an unknown of 0 or more.
Where two tables break the same piece down differently, their common sums are the same.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

from sightline.stats.disclosure.shown_tables import ShownTable
from sightline.stats.disclosure.tables import Key

Place = tuple[int, Key]
"""A cell of a table, by the table's number."""
_Identity = tuple[str, tuple[str, ...]]
_Group = tuple[_Identity, ...]
_Piece = tuple[int, str]
_DAY = dt.timedelta(days=1)
MOST_UNKNOWNS = 200_000


class TooManyUnknowns(Exception):
    """The tables together ask for more unknowns than are looked through."""


@dataclass(frozen=True)
class Percentage:
    """A percentage that stands beside a table: part of whole, as it is printed."""

    table: int
    part: Key
    whole: Key
    value: float
    decimals: int = 0


@dataclass
class Fact:
    """A sum of unknowns (by how many times each counts) and where it must lie; None: anywhere."""

    terms: dict[int, float]
    low: float | None
    high: float | None
    told_by: set[Place] = field(default_factory=set)


@dataclass(frozen=True)
class Question:
    """A sum of unknowns that nobody should be able to tell: a hidden cell, or a difference."""

    unknowns: frozenset[int]
    needed: int
    at: Place
    besides: int | None = None


class Knowledge:
    """Everything known, and everything that must not be."""

    def __init__(self, tables: Sequence[ShownTable], percentages: Sequence[Percentage]) -> None:
        self.tables = tuple(tables)
        self._numbers: dict[tuple[_Group, _Piece, Key], int] = {}
        self._regions = _regions(self.tables)
        self._axes = [
            sorted(enumerate(table.dimensions), key=lambda pair: pair[1].identity)
            for table in self.tables
        ]
        self._groups = [tuple(d.identity for _, d in axes) for axes in self._axes]
        self.facts: list[Fact] = []
        self.questions: list[Question] = []
        for number, table in enumerate(self.tables):
            self._read(number, table)
        self._link()
        for said in percentages:
            self._weigh(said)
        for pair in combinations(range(len(self.tables)), 2):
            self._compare(*pair)
            self._compare(*reversed(pair))

    @property
    def size(self) -> int:
        """How many unknowns there are."""
        return len(self._numbers)

    def unknowns(self, at: Place, region: frozenset[_Piece] | None = None) -> frozenset[int]:
        """The unknowns that a cell of a table adds up, in its own region or in another."""
        number, key = at
        group = self._groups[number]
        finest = product(*(d.within[key[place]] for place, d in self._axes[number]))
        where = sorted(self._regions[number] if region is None else region)
        return frozenset(self._number(group, piece, codes) for codes in finest for piece in where)

    def _number(self, group: _Group, piece: _Piece, codes: Key) -> int:
        found = self._numbers.setdefault((group, piece, codes), len(self._numbers))
        if found >= MOST_UNKNOWNS:
            raise TooManyUnknowns
        return found

    def _read(self, number: int, table: ShownTable) -> None:
        for key, cell in table.cells.items():
            at = (number, key)
            terms = dict.fromkeys(self.unknowns(at), 1.0)
            if cell.value is not None:
                low, high = _meant(table, key, cell.value)
                self.facts.append(Fact(terms, low, high, {at}))
            elif key in table.hidden:
                if table.zeros_shown:
                    self.facts.append(Fact(terms, 1.0, None, {at}))
                needed = table.limit(key) + table.spare
                self.questions.append(Question(frozenset(terms), needed, at))

    def _link(self) -> None:
        """Two ways to break a piece down have their common sums in common."""
        used: dict[_Piece, set[_Group]] = {}
        for group, piece, _ in list(self._numbers):
            used.setdefault(piece, set()).add(group)
        for piece, groups in used.items():
            for one, other in combinations(sorted(groups), 2):
                shared = [identity for identity in one if identity in other]
                sums: dict[Key, dict[int, float]] = {}
                for group, sign in ((one, 1.0), (other, -1.0)):
                    at = [group.index(identity) for identity in shared]
                    for codes in product(*(leaves for _, leaves in group)):
                        common = tuple(codes[place] for place in at)
                        number = self._number(group, piece, codes)
                        sums.setdefault(common, {})[number] = sign
                self.facts += [Fact(terms, 0.0, 0.0) for terms in sums.values()]

    def _weigh(self, said: Percentage) -> None:
        """A rounded percentage bounds the part by the whole from both sides."""
        half = 0.5 / 10**said.decimals
        for share, low, high in (
            ((said.value - half) / 100, 0.0, None),
            ((said.value + half) / 100, None, 0.0),
        ):
            terms = dict.fromkeys(self.unknowns((said.table, said.part)), 1.0)
            for unknown in self.unknowns((said.table, said.whole)):
                terms[unknown] = terms.get(unknown, 0.0) - share
            self.facts.append(
                Fact(terms, low, high, {(said.table, said.part), (said.table, said.whole)})
            )

    def _compare(self, wide: int, inner: int) -> None:
        """What lies in one table's region and not in that of another inside it."""
        rest = self._regions[wide] - self._regions[inner]
        if not rest or not self._regions[inner] < self._regions[wide]:
            return
        table = self.tables[wide]
        other = {dimension.identity for dimension in self.tables[inner].dimensions}
        shared = {d.code for d in table.dimensions if d.identity in other}
        for key in table.cells:
            if set(_named(table, key)) <= shared:
                at = (wide, key)
                self.questions.append(
                    Question(self.unknowns(at, rest), table.limit(key), at, inner)
                )


def _named(table: ShownTable, key: Key) -> Iterator[str]:
    return (d.code for d, code in zip(table.dimensions, key, strict=True) if code)


def _meant(table: ShownTable, key: Key, value: int) -> tuple[float, float]:
    """The least and the greatest count that is printed as this number."""
    step = table.rounding
    low, high = value - step // 2, value + step - 1 - step // 2
    if table.hides:  # what is shown is nobody, or no fewer than the threshold
        limit = table.limit(key)
        low, high = (0, 0 if high < limit else high) if value == 0 else (max(low, limit), high)
        low = min(low, high)
    return float(max(low, 0)), float(high)


def _regions(tables: Sequence[ShownTable]) -> list[frozenset[_Piece]]:
    """The pieces of time and place that each table covers."""
    days = sorted({t.population.first for t in tables} | {t.population.last + _DAY for t in tables})
    named: set[str] = set()
    covered: set[str] = set()
    for area in (table.population.area for table in tables):
        named |= {area.path, *area.without, *area.made_of}
        covered |= {area.path} if area.made_of else set()
    smallest = named - covered
    found = []
    for table in tables:
        people = table.population
        places = [
            place
            for place in smallest
            if _lies(place, people.area.path)
            and not any(_lies(place, left_out) for left_out in people.area.without)
        ]
        found.append(
            frozenset(
                (when, place)
                for when, start in enumerate(days)
                if people.first <= start <= people.last
                for place in places
            )
        )
    return found


def _lies(place: str, inside: str) -> bool:
    return place == inside or place.startswith(inside + "/")
