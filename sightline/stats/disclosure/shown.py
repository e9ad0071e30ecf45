"""What may be shown of a table. Only `protect` makes one."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import InitVar, asdict, dataclass
from functools import lru_cache
from typing import Any, Final

from sightline.kernel.measures import State
from sightline.stats.disclosure.exact import Area, Population

SYMBOLS: Final = {
    State.SUPPRESSED: "[c]",
    State.NOT_AVAILABLE: "[x]",
    State.NOT_SUBMITTED: "[x]",
    State.NOT_ASKED: "[z]",
    State.NOT_APPLICABLE: "[z]",
}
SAID: Final = {
    State.SUPPRESSED: "too few to show",
    State.NOT_AVAILABLE: "not available",
    State.NOT_SUBMITTED: "not available",
    State.NOT_ASKED: "not asked",
    State.NOT_APPLICABLE: "does not apply",
    State.TRUE_ZERO: "none",
}
MAKER: Final = object()
"""Held by `stats.disclosure` alone; without it no `Shown` comes into being."""


@dataclass(frozen=True)
class ShownCell:
    """One place of a shown table: a number, or the state that says why there is none."""

    value: int | None
    state: State
    small: bool = False

    @property
    def text(self) -> str:
        """As it stands in a table: `1,204`, `0`, `[c]`."""
        return SYMBOLS[self.state] if self.value is None else f"{self.value:,}"

    @property
    def words(self) -> str:
        """As it stands in a sentence."""
        return SAID.get(self.state, self.text)

    @property
    def drawn(self) -> int | State:
        """As a chart or a spreadsheet takes it."""
        return self.state if self.value is None else self.value


HIDDEN: Final = ShownCell(None, State.SUPPRESSED)


@lru_cache(maxsize=1 << 16)
def cell(value: int, *, small: bool = False) -> ShownCell:
    """A cell with a number."""
    return ShownCell(value, State.OBSERVED if value else State.TRUE_ZERO, small)


@dataclass(frozen=True)
class ShownRow:
    """One category; `of` is None in a table that is not of "k of n"."""

    code: str
    label: str
    count: ShownCell
    of: ShownCell | None
    per_cent: ShownCell


@dataclass(frozen=True)
class Shown:
    """A table as its readers see it. Pages, files and charts take this and nothing else.

    Attributes:
        rows: one for each category, in order.
        total: all of them; its percentage is of the base in a table of "k of n".
        profile, threshold: which rules, and the number below which a count is hidden.
        withheld: why nothing of the breakdown is shown, or empty.
        hidden_n: how many counts are hidden, for whichever reason.
        notes: what a reader must know.
        at_least: for a single "k of n" that is hidden, a share that may be said of it, or None.
    """

    code: str
    title: str
    counted: str
    base_words: str
    by: str
    measure: str
    vintage: str
    population: Population
    rows: tuple[ShownRow, ...]
    total: ShownRow
    profile: str
    threshold: int
    rounding: int
    hides: bool
    hidden_n: int
    withheld: str
    notes: tuple[str, ...]
    at_least: int | None
    maker: InitVar[object]

    def __post_init__(self, maker: object) -> None:
        if maker is not MAKER:
            raise TypeError(
                "What is shown is made by `stats.disclosure.protect`, and by nobody else."
            )

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """The symbols that stand in the table, each with its words."""
        used = {SYMBOLS[c.state]: SAID[c.state] for c in self.cells if c.value is None}
        return tuple(sorted(used.items()))

    @property
    def cells(self) -> tuple[ShownCell, ...]:
        """Every cell, row by row, the total last."""
        lines = (*self.rows, self.total)
        return tuple(c for r in lines for c in (r.count, r.of, r.per_cent) if c is not None)

    @property
    def is_empty(self) -> bool:
        """Whether no row has a number to draw."""
        return all(row.count.value is None for row in self.rows)

    @property
    def identity(self) -> tuple[object, ...]:
        """Same in every vintage of the same table."""
        return (self.population, self.by, self.measure)


def as_data(shown: Shown) -> dict[str, Any]:
    """The table as JSON can hold it."""
    data = asdict(shown)
    for name in ("first", "last"):
        data["population"][name] = data["population"][name].isoformat()
    return data


def from_data(data: Mapping[str, Any]) -> Shown:
    """The table that `as_data` wrote down. For the ledger, which kept what `protect` made."""
    people = data["population"]
    area = people["area"]
    population = Population(
        who=people["who"],
        area=Area(area["path"], tuple(area["without"]), tuple(area["made_of"])),
        first=dt.date.fromisoformat(people["first"]),
        last=dt.date.fromisoformat(people["last"]),
        below_council=people["below_council"],
    )
    plain = {name: data[name] for name in data if name not in {"population", "rows", "total"}}
    plain["notes"] = tuple(plain["notes"])
    return Shown(
        **plain,
        population=population,
        rows=tuple(_row(row) for row in data["rows"]),
        total=_row(data["total"]),
        maker=MAKER,
    )


def _row(data: Mapping[str, Any]) -> ShownRow:
    of = None if data["of"] is None else _cell(data["of"])
    return ShownRow(data["code"], data["label"], _cell(data["count"]), of, _cell(data["per_cent"]))


def _cell(data: Mapping[str, Any]) -> ShownCell:
    return ShownCell(data["value"], State(data["state"]), data["small"])
