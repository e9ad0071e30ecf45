"""Random small areas, and somebody who knows every figure shown of them and works back.

Shares no code with what protects. Each count of a line by a category is an unknown of 0 or more;
sums, "k of n", indicators inside others and parts of wholes tie them together, and what is shown
fixes some. The least and the greatest of each hidden count follow by linear programming, and by
whole numbers where that leaves it open.
"""

import datetime as dt
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import lil_matrix

from sightline.releases.services import Beside, DeclaredSeries
from sightline.stats.disclosure import (
    Area,
    Count,
    Exact,
    Inside,
    Parts,
    Population,
    ShownSeries,
)

YEARS = {"2022-23": 2022, "2023-24": 2023}
BREAKDOWNS = {
    "": ("all",),
    "Age": ("0-4", "5-11", "12-15", "16-17"),
    "Sex": ("female", "male"),
    "SIMD": ("1", "2", "3", "4", "5"),
    "Locality": ("north", "south", "islands"),
}
HOMES = ("home", "kinship", "foster", "residential")
LINKS = (
    Inside("back-12", "back-24"),
    Parts("looked-after", ("at home", "kinship", "foster")),
)
"""Indicators one inside another; and parts of a whole that leave out those in residential care."""


@dataclass(frozen=True)
class Child:
    """One child of a random area."""

    age: str
    sex: str
    simd: str
    locality: str
    home: str
    back: int
    family: int

    def of(self, by: str) -> str:
        """The child's category."""
        return {
            "": "all", "Age": self.age, "Sex": self.sex, "SIMD": self.simd,
            "Locality": self.locality,
        }[by]  # fmt: skip


def area(dice: random.Random, most: int = 90) -> list[Child]:
    """The children of an area, some of them sisters and brothers."""
    return [
        Child(
            dice.choice(BREAKDOWNS["Age"]),
            dice.choice(BREAKDOWNS["Sex"]),
            dice.choices(BREAKDOWNS["SIMD"], (5, 4, 3, 2, 1))[0],
            dice.choices(BREAKDOWNS["Locality"], (6, 4, 1))[0],
            dice.choices(HOMES, (3, 4, 6, 1))[0],
            dice.choices((0, 12, 24), (6, 2, 1))[0],
            dice.randint(0, most),
        )
        for _ in range(dice.randint(10, most))
    ]


def revised(dice: random.Random, children: Sequence[Child]) -> list[Child]:
    """The same area a build later: a few came, a few left, or a good many did."""
    kept = list(children)
    for _ in range(dice.choice((0, 1, 2, 9))):
        kept.append(area(dice, 11)[0])
    for _ in range(dice.choice((0, 1, 2, 7))):
        kept.pop(dice.randrange(len(kept)))
    return kept


INDICATORS = {
    "looked-after": (lambda c: True, None, ""),
    "at home": (lambda c: c.home == "home", lambda c: True, "looked-after"),
    "kinship": (lambda c: c.home == "kinship", lambda c: True, "looked-after"),
    "foster": (lambda c: c.home == "foster", lambda c: True, "looked-after"),
    "back-24": (lambda c: c.back > 0 and c.age != "0-4", lambda c: c.age != "0-4", "older"),
    "back-12": (lambda c: c.back == 12 and c.age != "0-4", lambda c: c.age != "0-4", "older"),
}


def series(areas: dict[str, list[Child]], vintage: str) -> list[DeclaredSeries]:
    """Every indicator by every breakdown, as a build declares them."""
    made = []
    for name, (counted, base, base_name) in INDICATORS.items():
        for by in BREAKDOWNS:
            code = f"{name.replace(' ', '-')} {by}".strip().replace(" ", ".").lower()
            tables = [
                exact(code, name, by, children, counted, base, YEARS[key], vintage)
                for key, children in areas.items()
            ]
            made.append(
                DeclaredSeries(
                    code, name, tuple(areas), tables, line=name, base=base_name,
                    beside=[Beside() for _ in tables],
                )
            )  # fmt: skip
    return made


def exact(code, name, by, children, counted, base, year, vintage):
    """One table of a random area."""
    rows = []
    for category in BREAKDOWNS[by]:
        inside = [c for c in children if c.of(by) == category]
        people = [c for c in inside if counted(c)]
        rows.append(
            Count(
                category, category, len(people),
                of=sum(map(base, inside)) if base else None,
                families=len({c.family for c in people}),
            )
        )  # fmt: skip
    return Exact(
        code=code, title=name, counted="children", base_words="of all", by=by or "All",
        population=Population(
            "fife: children", Area("fife"), dt.date(year, 8, 1), dt.date(year + 1, 7, 31),
            below_council=by == "Locality",
        ),
        counts=rows, measure=name if base else "", vintage=vintage,
    )  # fmt: skip


# The attacker

Cell = tuple[str, str, str, str, int]
"""Line, breakdown, category ("": the total), period, build."""


@dataclass
class Mind:
    """What somebody knows after looking at everything."""

    numbers: dict[Cell, int] = field(default_factory=dict)
    sums: list[tuple[dict[int, int], float, float]] = field(default_factory=list)
    known: dict[int, int] = field(default_factory=dict)
    hidden: dict[Cell, int] = field(default_factory=dict)

    def at(self, line: str, by: str, code: str, key: str, build: int) -> int:
        """The unknown of a cell; a total is the same by whatever it is broken down."""
        cell = (line, by if code else "", code, key, build)
        return self.numbers.setdefault(cell, len(self.numbers))

    def tie(self, whole: int, parts: Iterable[int], *, most: bool = False) -> None:
        """The whole is the sum of the parts, or (`most`) no less than it."""
        terms = {whole: -1}
        for part in parts:
            terms[part] = terms.get(part, 0) + 1
        self.sums.append((terms, -np.inf if most else 0, 0))

    def look(self, shown: ShownSeries, build: int) -> None:
        """Take in every number of a series, under the name of what it counts."""
        _, base, base_name = INDICATORS[shown.title]
        by = shown.shown.by
        for period in shown.periods:
            columns = [(shown.title, "count")] + ([(base_name, "of")] if base else [])
            for line, column in columns:
                cells = []
                for row in (*period.shown.rows, period.shown.total):
                    place = self.at(line, by, row.code, period.key, build)
                    cells += [place] if row.code else []
                    value = getattr(row, column).value
                    if value is not None:
                        assert self.known.setdefault(place, value) == value, (shown.code, row)
                    else:
                        limit = 10 if by == "Locality" and row.code else 5
                        self.hidden[(line, by, row.code, period.key, build)] = limit
                self.tie(self.at(line, by, "", period.key, build), cells)
            if base:
                for row in (*period.shown.rows, period.shown.total):
                    inner = self.at(shown.title, by, row.code, period.key, build)
                    outer = self.at(base_name, by, row.code, period.key, build)
                    self.tie(outer, [inner], most=True)

    def link(self) -> None:
        """Use what is known of the indicators."""
        places = {(by if code else "", code, key, b) for _, by, code, key, b in self.numbers}
        for by, code, key, build in places:
            for link in LINKS:
                whole, parts = (
                    (link.wide, [link.narrow]) if isinstance(link, Inside)
                    else (link.whole, list(link.parts))
                )  # fmt: skip
                cells = [(name, by, code, key, build) for name in (whole, *parts)]
                if all(cell in self.numbers for cell in cells):
                    outer, *inner = (self.numbers[cell] for cell in cells)
                    self.tie(outer, inner, most=True)

    def assume_the_same(self) -> None:
        """Take a line that is shown alike in two builds to be the same in both."""
        groups: dict[tuple[str, str, str], list[Cell]] = {}
        for cell in self.numbers:
            groups.setdefault((cell[0], cell[1], cell[3]), []).append(cell)
        for cells in groups.values():
            first = {c[2]: self.numbers[c] for c in cells if c[4] == 0}
            second = {c[2]: self.numbers[c] for c in cells if c[4] == 1}
            both = [
                (self.known[first[code]], self.known[second[code]])
                for code in first.keys() & second.keys()
                if first[code] in self.known and second[code] in self.known
            ]
            if both and all(a == b for a, b in both):
                for code in first.keys() & second.keys():
                    self.sums.append(({first[code]: 1, second[code]: -1}, 0, 0))

    def told(self) -> dict[Cell, tuple[float, float]]:
        """Every hidden cell that is known to within less than its threshold."""
        blocks = self._blocks()
        found: dict[Cell, tuple[float, float]] = {}
        for cell, limit in self.hidden.items():
            place = self.at(*cell)
            if place in self.known:
                found[cell] = (self.known[place], self.known[place])
                continue
            least, most = blocks[place].range_of(place, limit)
            if most - least < limit:
                found[cell] = (least, most)
        return found

    def _blocks(self) -> dict[int, "Block"]:
        above = list(range(len(self.numbers)))

        def root(place: int) -> int:
            while above[place] != place:
                above[place] = above[above[place]]
                place = above[place]
            return place

        kept = []
        for terms, low, high in self.sums:
            taken = sum(sign * self.known[p] for p, sign in terms.items() if p in self.known)
            free = {p: sign for p, sign in terms.items() if p not in self.known}
            kept.append((free, low - taken, high - taken))
            first, *others = free or [0]
            for other in others:
                above[root(other)] = root(first)
        blocks: dict[int, Block] = {}
        for place in range(len(self.numbers)):
            if place not in self.known:
                blocks.setdefault(root(place), Block()).places.append(place)
        for free, low, high in kept:
            if free:
                blocks[root(next(iter(free)))].sums.append((free, low, high))
        return {p: block for block in blocks.values() for p in block.places}


@dataclass
class Block:
    """Unknowns that hang together."""

    places: list[int] = field(default_factory=list)
    sums: list[tuple[dict[int, int], float, float]] = field(default_factory=list)
    matrices: tuple = ()

    def _matrices(self):
        if not self.matrices:
            at = {place: i for i, place in enumerate(self.places)}
            rows = lil_matrix((len(self.sums), len(self.places)))
            for number, (terms, _, _) in enumerate(self.sums):
                for place, sign in terms.items():
                    rows[number, at[place]] = sign
            low, high = (np.array([one[i] for one in self.sums], float) for i in (1, 2))
            self.matrices = (at, rows.tocsr(), low, high)
        return self.matrices

    def range_of(self, place: int, limit: int) -> tuple[float, float]:
        """The least and the greatest of an unknown."""
        at, rows, low, high = self._matrices()
        equal = low == high
        ends = []
        for sense in (1.0, -1.0):
            cost = np.zeros(len(self.places))
            cost[at[place]] = sense
            given = {}
            if equal.any():
                given |= {"A_eq": rows[equal], "b_eq": high[equal]}
            if (~equal).any():
                given |= {"A_ub": rows[~equal], "b_ub": high[~equal]}
            found = linprog(cost, method="highs", **given)
            if found.status == 2:  # they do not fit: the builds differ where they look alike
                return 0.0, np.inf
            ends.append(found.fun * sense if found.status == 0 else np.inf * sense * -1)
        least, most = np.ceil(ends[0] - 1e-6), np.floor(ends[1] + 1e-6)
        if limit <= most - least < limit + 3:
            least, most = self._whole(at[place], rows, low, high, (least, most))
        return least, most

    def _whole(self, place, rows, low, high, ends):
        for number, sense in enumerate((1.0, -1.0)):
            cost = np.zeros(len(self.places))
            cost[place] = sense
            found = milp(
                cost, constraints=LinearConstraint(rows, low, high),
                integrality=np.ones(len(self.places)), bounds=Bounds(0, np.inf),
            )  # fmt: skip
            if found.success:
                ends = (found.fun, ends[1]) if number == 0 else (ends[0], -found.fun)
        return ends
