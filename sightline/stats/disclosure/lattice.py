"""A table as one system of sums, and which of its cells are hidden for themselves."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from sightline.stats.disclosure.profiles import Profile, Zeros
from sightline.stats.disclosure.tables import Key, Table, numbers_of

_ZERO = 20.0


@dataclass(frozen=True)
class Sum:
    """A cell that is the sum of others, by their places."""

    total: int
    parts: tuple[int, ...]


class Lattice:
    """Every cell of a table and every sum, published or not, in a fixed order.

    Attributes:
        keys, values: the cells and the people in them.
        published: whether each is published when nothing is hidden.
        limits: the threshold of each.
        sums: every sum of the parts of one category, along each dimension.
    """

    def __init__(self, table: Table, profile: Profile) -> None:
        self.table, self.profile = table, profile
        numbers = numbers_of(table)
        self.families = numbers.families
        self.keys: list[Key] = sorted(numbers.cells)
        self.place = {key: i for i, key in enumerate(self.keys)}
        self.values = [numbers.cells[key] for key in self.keys]
        codes = [dimension.code for dimension in table.dimensions]
        self.published = [
            frozenset(c for c, part in zip(codes, key, strict=True) if part) in table.margins
            for key in self.keys
        ]
        narrow = [dimension.narrow for dimension in table.dimensions]
        self.limits = [
            profile.limit(
                narrow=table.narrow or any(c in n for c, n in zip(key, narrow, strict=True))
            )
            for key in self.keys
        ]
        self.sums = list(self._sums())

    def _sums(self) -> Iterator[Sum]:
        for place, key in enumerate(self.keys):
            for at, dimension in enumerate(self.table.dimensions):
                parts = dimension.children[key[at]]
                if parts:
                    yield Sum(
                        place,
                        tuple(self.place[(*key[:at], p, *key[at + 1 :])] for p in parts),
                    )

    @cached_property
    def defining(self) -> list[Sum]:
        """One sum for each cell that is one: with these all the others follow."""
        return list({found.total: found for found in self.sums}.values())

    @cached_property
    def is_leaf(self) -> list[bool]:
        """Whether a cell is of finest categories throughout."""
        totals = {found.total for found in self.sums}
        return [place not in totals for place in range(len(self.keys))]

    @cached_property
    def weights(self) -> list[float]:
        """How much is lost by hiding each cell: more for many people, most for totals.

        The length of the number in bits, and four times as much for each step up a sum. A zero
        costs more than any count of its level: zeros are hidden last.
        """
        found = []
        for place, key in enumerate(self.keys):
            steps = sum(self._height(at, code) for at, code in enumerate(key))
            bits = self.values[place].bit_length()
            size = bits + self.values[place] / 2.0**bits if bits else _ZERO
            found.append((1.0 + size) * 4.0**steps + place * 1e-7)
        return found

    def _height(self, at: int, code: str) -> int:
        parts = self.table.dimensions[at].children[code]
        return 1 + max(self._height(at, part) for part in parts) if parts else 0

    def too_few(self, place: int) -> bool:
        """Whether a count is hidden for its size, or that of the families behind it."""
        people = self.values[place]
        if people == 0:
            return self.profile.zeros is Zeros.HIDE
        homes = self.families.get(self.keys[place])
        few_homes = homes is not None and 0 < homes < self.profile.family_threshold
        return people < self.limits[place] or few_homes

    def primary(self) -> frozenset[int]:
        """The cells hidden for themselves; of cells that are not published, the finest only."""
        wanted = (i for i in range(len(self.keys)) if self.published[i] or self.is_leaf[i])
        return frozenset(i for i in wanted if self.too_few(i)) | self._told_of_all()

    def _told_of_all(self) -> frozenset[int]:
        """Small groups of which all are in one category: every part tells of each person."""
        found: set[int] = set()
        for line in self.sums:
            group, narrow = self.values[line.total], self.limits[line.total]
            small = max(self.profile.minimum_base, 2 * narrow)
            parts = [self.values[part] for part in line.parts]
            shown = all(self.published[place] for place in (line.total, *line.parts))
            if shown and len(parts) > 1 and 0 < group < small and max(parts) == group:
                found.update(line.parts)
        return frozenset(found)

    def named(self, places: Iterable[int]) -> frozenset[Key]:
        """The cells at these places."""
        return frozenset(self.keys[place] for place in places)
