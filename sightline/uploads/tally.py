"""What a check finds, counted and grouped as it goes, with a limit to what is kept in memory."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

MOST_KEPT: Final = 20_000
"""Faults kept one by one; the counts go on beyond that."""
MOST_UNKNOWN: Final = 100
"""Different texts of a column of codes that are kept."""
FIRST: Final = 3
"""Places that a group of faults names."""


class Section(StrEnum):
    """What follows from a fault."""

    FILE = "file"
    ROW = "row"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Found:
    """One thing wrong at one place. `column` is counted from 1; 0 for the whole row or file."""

    section: Section
    row: int
    column: int
    address: str
    what: str
    expected: str
    sent: str = ""


@dataclass
class Group:
    """Faults that are alike: how many, and the first few places."""

    section: Section
    what: str
    expected: str
    count: int = 0
    places: list[str] = field(default_factory=list)
    sent: str = ""
    column: int = 0

    @property
    def more(self) -> int:
        """How many places are not named."""
        return self.count - len(self.places)


class Rows:
    """A set of row numbers, a bit each: a million rows held back take an eighth of a megabyte."""

    def __init__(self) -> None:
        self._bits = bytearray()
        self.count = 0

    def add(self, row: int) -> None:
        """Add a row; twice is once."""
        if row >> 3 >= len(self._bits):
            self._bits.extend(bytes((row >> 3) + 1 - len(self._bits)))
        if row not in self:
            self._bits[row >> 3] |= 1 << (row & 7)
            self.count += 1

    def __contains__(self, row: int) -> bool:
        return row >> 3 < len(self._bits) and bool(self._bits[row >> 3] & 1 << (row & 7))


class Unknown:
    """What stood in columns of codes and is none: by column, each text once, the first ones."""

    def __init__(self) -> None:
        self.texts: dict[str, dict[str, None]] = {}

    def add(self, column: str, text: str) -> None:
        """Take note of a text."""
        found = self.texts.setdefault(column, {})
        if text and len(found) < MOST_UNKNOWN:
            found[text] = None

    def as_data(self) -> dict[str, list[str]]:
        """As JSON holds it."""
        return {column: list(texts) for column, texts in self.texts.items() if texts}


class Tally:
    """Everything found in one file."""

    def __init__(self) -> None:
        self.unknown = Unknown()
        self.rows = 0
        self.held = Rows()
        self.again = Rows()
        self.kept: list[Found] = []
        self._groups: dict[tuple[Section, str, str], Group] = {}

    @property
    def good(self) -> int:
        """Rows that can be imported."""
        return self.rows - self.held.count

    def add(self, found: Found) -> None:
        """Count a fault, and hold its row back if it does that."""
        key = (found.section, found.what, found.expected)
        group = self._groups.get(key)
        if group is None:
            group = Group(*key, sent=found.sent, column=found.column)
            self._groups[key] = group
        group.count += 1
        if len(group.places) < FIRST:
            group.places.append(found.address)
        if len(self.kept) < MOST_KEPT:
            self.kept.append(found)
        if found.section is Section.ROW:
            self.held.add(found.row)
        elif found.section is Section.AGAIN:
            self.again.add(found.row)

    def fill(self, sent: Mapping[tuple[int, int], str]) -> None:
        """Say what stands in the cells (row, column) of faults that do not say it themselves."""
        self.kept = [
            replace(one, sent=sent[one.row, one.column])
            if not one.sent and (one.row, one.column) in sent
            else one
            for one in self.kept
        ]
        for one in self.kept:
            group = self._groups[one.section, one.what, one.expected]
            group.sent = group.sent or one.sent

    def groups(self) -> list[Group]:
        """Groups in the order of their section, the largest first."""
        order = list(Section)
        return sorted(
            self._groups.values(),
            key=lambda group: (order.index(group.section), -group.count, group.column, group.what),
        )

    def stops(self) -> bool:
        """Whether something stops the whole file."""
        return any(group.section is Section.FILE for group in self._groups.values())

    def in_order(self) -> list[Found]:
        """Every fault kept, by section, then as the columns stand (AA after Z), then by row."""
        order = list(Section)
        return sorted(
            self.kept, key=lambda one: (order.index(one.section), one.column, one.row, one.what)
        )


def as_data(groups: Iterable[Group]) -> list[dict[str, Any]]:
    """Groups as JSON holds them."""
    return [asdict(group) for group in groups]


def from_data(data: Iterable[dict[str, Any]]) -> list[Group]:
    """Groups as they were before `as_data`."""
    return [Group(**{**one, "section": Section(one["section"])}) for one in data]
