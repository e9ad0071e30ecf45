"""What an outsider can work out from several releases together: sums, nested and overlapping.

Time is cut at every first and last day of the tables, and places into the smallest named; each
category in each piece is an unknown of 0 or more. What is shown gives sums of unknowns. From two
sums, one inside the other, follows their difference; then every unknown is bounded by what is left
of each sum. The bounds are not always the sharpest there are: M-02 says what that leaves open.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sightline.stats.disclosure.shown import Shown, ShownCell

MOST_SUMS = 1_500
DISAGREE = "disagree"
_DAY = dt.timedelta(days=1)
By = tuple[str, tuple[str, ...]]


class TooMany(Exception):
    """More sums follow from each other than are looked through."""


@dataclass(frozen=True)
class Quantity:
    """One place of a released table: the unknowns it adds up, what is known of it, if anything."""

    table: int
    line: str
    row: str
    parts: int
    known: tuple[int, int] | None
    threshold: int
    guarded: bool


@dataclass(frozen=True)
class Leak:
    """Something that follows from the releases together and may not."""

    parts: int
    what: str


class Pieces:
    """Every unknown of some tables, as the bits of a whole number."""

    def __init__(self, tables: Sequence[Shown]) -> None:
        days = {t.population.first for t in tables} | {t.population.last + _DAY for t in tables}
        self._starts = sorted(days)[:-1]
        self._places: set[str] = set()
        self._whole: set[str] = set()
        for area in (table.population.area for table in tables):
            self._places |= {area.path, *area.without, *area.made_of}
            if area.made_of:
                self._whole.add(area.path)
        self._bits: dict[tuple[str, By, str, int, str], int] = {}

    def of(self, line: str, by: By, categories: Iterable[str], table: Shown) -> int:
        """The unknowns that these categories of a table add up."""
        mask = 0
        for category in categories:
            for when, where in self._inside(table):
                name = (line, by, category, when, where)
                mask |= 1 << self._bits.setdefault(name, len(self._bits))
        return mask

    def _inside(self, table: Shown) -> Iterator[tuple[int, str]]:
        people = table.population
        area = people.area
        places = [
            place
            for place in sorted(self._places - self._whole)
            if _within(place, area.path) and not any(_within(place, o) for o in area.without)
        ]
        for when, start in enumerate(self._starts):
            if people.first <= start <= people.last:
                yield from ((when, place) for place in places)


def _within(place: str, wider: str) -> bool:
    return place == wider or place.startswith(f"{wider}/")


def by_of(table: Shown) -> By:
    """The breakdown: its name, and the categories that make it up."""
    return table.by, tuple(sorted(row.code for row in table.rows))


def quantities(tables: Sequence[Shown]) -> list[Quantity]:
    """Every place of the tables; a total once for each breakdown of the same people."""
    pieces = Pieces(tables)
    breakdowns: dict[str, set[By]] = {}
    complete = [all(_asked(row.count) for row in table.rows) for table in tables]
    for whole, table in zip(complete, tables, strict=True):
        for line, _, _ in _lines(table):
            breakdowns.setdefault(line, set()).update([by_of(table)] if whole else [])
    found: list[Quantity] = []
    for number, (whole, table) in enumerate(zip(complete, tables, strict=True)):
        for line, cells, total in _lines(table):
            own = by_of(table)
            codes = [code for code, cell in cells if _asked(cell)]
            entries = [(code, own, [code], cell) for code, cell in cells if _asked(cell)]
            entries.append(("", own, codes, total))
            if whole:
                others = breakdowns[line] - {own}
                entries += [("", by, list(by[1]), total) for by in sorted(others)]
            found += [
                Quantity(
                    number,
                    line,
                    row,
                    pieces.of(line, by, categories, table),
                    _known(cell, table.rounding, twice=line.startswith("not ")),
                    table.threshold,
                    not line.startswith("not "),
                )
                for row, by, categories, cell in entries
            ]
    return found


def _asked(cell: ShownCell) -> bool:
    return cell.value is not None or cell.text == "[c]"


def _known(cell: ShownCell, rounding: int, *, twice: bool) -> tuple[int, int] | None:
    if cell.value is None:
        return None
    slack = rounding // 2 * (2 if twice else 1)
    return max(0, cell.value - slack), cell.value + slack


def _lines(table: Shown) -> Iterator[tuple[str, list[tuple[str, ShownCell]], ShownCell]]:
    """The counts of a table; for "k of n": the n, the k, and those that are not k."""
    counts = [(row.code, row.count) for row in table.rows]
    if not table.measure:
        yield "", counts, table.total.count
        return
    yield (
        "",
        [(row.code, row.of or row.count) for row in table.rows],
        table.total.of or (table.total.count),
    )
    yield table.measure, counts, table.total.count
    rest = [(row.code, _rest(row.count, row.of)) for row in table.rows]
    yield f"not {table.measure}", rest, _rest(table.total.count, table.total.of)


def _rest(count: ShownCell, of: ShownCell | None) -> ShownCell:
    if count.value is None or of is None or of.value is None:
        return count if count.value is None else (of or count)
    return ShownCell(of.value - count.value, count.state)


def leaks(found: Sequence[Quantity]) -> set[Leak]:
    """What an outsider learns from these that is hidden, or too small.

    Raises:
        TooMany: more follows than is looked through.
    """
    given: dict[int, tuple[int, int]] = {}
    for item in found:
        if item.known is not None and item.parts:
            _narrow(given, item.parts, item.known)
    sums = _closed(given)
    result: set[Leak] = set()
    smallest = max((item.threshold for item in found), default=0)
    for parts, (low, high) in sums.items():
        if low > high:
            result.add(Leak(parts, DISAGREE))
        elif parts not in given and low == high and 0 < low < smallest:
            result.add(Leak(parts, "small"))
    if any(leak.what == DISAGREE for leak in result):
        return result
    bounds = _bounds(sums)
    for item in found:
        if item.known is None and item.guarded and item.parts:
            least, most = _range(item.parts, sums, bounds)
            if most is not None and most - least < item.threshold:
                result.add(Leak(item.parts, "hidden"))
    return result


def _narrow(sums: dict[int, tuple[int, int]], parts: int, known: tuple[int, int]) -> bool:
    """Keep the tighter of what is known already and now; whether that changed anything."""
    low, high = sums.get(parts, (0, known[1]))
    tighter = (max(low, known[0]), min(high, known[1]))
    changed = sums.get(parts) != tighter
    sums[parts] = tighter
    return changed


def _closed(given: dict[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """The sums, and every difference of two of which one lies inside the other."""
    sums = dict(given)
    waiting = list(sums)
    while waiting:
        one = waiting.pop()
        for other in list(sums):
            if one == other or (one & other) not in (one, other):
                continue
            small, large = (one, other) if one & other == one else (other, one)
            (low, high), (least, most) = sums[large], sums[small]
            rest = large ^ small
            if _narrow(sums, rest, (max(0, low - most), high - least)):
                waiting.append(rest)
            if sums[rest][0] > sums[rest][1]:
                return sums
        if len(sums) > MOST_SUMS:
            raise TooMany
    return sums


def _bits(mask: int) -> Iterator[int]:
    while mask:
        lowest = mask & -mask
        yield lowest
        mask ^= lowest


def _bounds(sums: dict[int, tuple[int, int]]) -> dict[int, tuple[int, int]]:
    """The least and greatest of each unknown that lies in a sum."""
    bounds: dict[int, tuple[int, int]] = {}
    for parts, (_, high) in sums.items():
        for bit in _bits(parts):
            bounds[bit] = (0, min(bounds.get(bit, (0, high))[1], high))
    changed = True
    while changed:
        changed = False
        for parts, (low, high) in sums.items():
            lows = sum(bounds[bit][0] for bit in _bits(parts))
            highs = sum(bounds[bit][1] for bit in _bits(parts))
            for bit in _bits(parts):
                least, most = bounds[bit]
                tighter = (max(least, low - (highs - most)), min(most, high - (lows - least)))
                if tighter != (least, most) and tighter[0] <= tighter[1]:
                    bounds[bit] = tighter
                    lows += tighter[0] - least
                    highs += tighter[1] - most
                    changed = True
    return bounds


def _range(
    parts: int, sums: dict[int, tuple[int, int]], bounds: dict[int, tuple[int, int]]
) -> tuple[int, int | None]:
    """The least and the greatest of a sum of unknowns; None where nothing limits it."""
    low = sum(bounds[bit][0] for bit in _bits(parts) if bit in bounds)
    high: int | None = None
    if all(bit in bounds for bit in _bits(parts)):
        high = sum(bounds[bit][1] for bit in _bits(parts))
    for other, (least, most) in sums.items():
        if other & parts == other:
            low = max(low, least)
        if other & parts == parts:
            high = most if high is None else min(high, most)
    return low, high
