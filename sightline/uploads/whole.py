"""What is odd about a whole file: cut off at its end, or values a column from their names."""

from collections.abc import Iterator, Sequence
from typing import Final

from sightline.uploads.cells import Read, Wrong, bare
from sightline.uploads.headings import Heading
from sightline.uploads.tally import Found, Section, Tally
from sightline.warehouse.reading import Cell, Format, Table

SAMPLED: Final = 500
"""Rows that are tried a column further to the left and to the right."""
_FEWEST: Final = 3
_TELLING: Final = 2
"""Columns that must suit the next one better: one could be odd by itself."""
_FEW, _MOST = 0.5, 0.9
_SIDES: Final = {1: "one column to the right of", -1: "one column to the left of"}


class Shifts:
    """Whether values suit the next column better than their own, over the first rows."""

    def __init__(self, readers: Sequence[tuple[int, str, Read]]) -> None:
        self._readers = readers
        self._rows = 0
        self._right: dict[int, list[int]] = {offset: [0] * len(readers) for offset in (0, *_SIDES)}
        self._filled: dict[int, list[int]] = {offset: [0] * len(readers) for offset in (0, *_SIDES)}

    def learn(self, cells: Sequence[Cell]) -> None:
        """Take note of one row."""
        if self._rows >= SAMPLED:
            return
        self._rows += 1
        for at, (place, _, read) in enumerate(self._readers):
            for offset in (0, *_SIDES):
                there = place + offset
                cell = cells[there] if 0 <= there < len(cells) else None
                if cell is None or not bare(cell):
                    continue
                self._filled[offset][at] += 1
                self._right[offset][at] += not isinstance(read(cell), Wrong)

    def moved(self) -> int:
        """By how many columns the values have moved: 1, -1, or 0 where they stand right."""
        if self._rows < _FEWEST:
            return 0
        # Only columns that do not take anything: one that takes the cells beside it says nothing.
        telling = [
            at
            for at in range(len(self._readers))
            if self._filled[0][at] and self._right[0][at] < _FEW * self._filled[0][at]
        ]
        for offset in _SIDES:
            better = [at for at in telling if self._share(offset, at) >= _MOST]
            if len(better) >= _TELLING and len(better) > len(telling) / 2:
                return offset
        return 0

    def _share(self, offset: int, at: int) -> float:
        filled = self._filled[offset][at]
        return self._right[offset][at] / filled if filled >= self._rows / 2 else 0.0


def moved_words(moved: int) -> str:
    """That the values have moved, in words; nothing where they have not."""
    return f"The values stand {_SIDES[moved]} their column names" if moved else ""


def noticed(table: Table, heading: Heading, tally: Tally, shifts: Shifts) -> Iterator[Found]:
    """What is odd, each in words of its own."""
    moved = shifts.moved()
    if moved:
        yield Found(
            Section.FILE, 0, 0, f"Under row {heading.row}",
            moved_words(moved),
            "each value under the name of its column; look for a column that was added or removed",
        )  # fmt: skip
    if table.format is Format.CSV:
        yield from _cut_off(table, heading, tally)


def _cut_off(table: Table, heading: Heading, tally: Tally) -> Iterator[Found]:
    """The last line has too few cells, and no other line has: the file broke off there."""
    short = [one for one in tally.kept if one.what == TOO_FEW]
    if len(short) != 1 or tally.rows < _FEWEST:
        return
    last = 0
    for line in table.lines():
        if any(bare(cell) for cell in line.cells):
            last = line.number
    if short[0].row == last:
        yield Found(
            Section.FILE, 0, 0, short[0].address,
            "The file breaks off in the middle of its last line",
            "the whole file; save or export it again, and look at its last row",
            f"{tally.rows:,} rows",
        )  # fmt: skip


TOO_FEW: Final = "The line has too few cells"
