"""What may be shown of a many-way table. Only `protect_table` makes one."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import InitVar, asdict, dataclass
from functools import cached_property
from typing import Any

from sightline.kernel.measures import State
from sightline.stats.disclosure.exact import Area, Population
from sightline.stats.disclosure.shown import MAKER, SAID, SYMBOLS, Shown, ShownCell
from sightline.stats.disclosure.tables import Category, Dimension, Key


@dataclass(frozen=True)
class ShownTable:
    """A many-way table as its readers see it.

    Attributes:
        dimensions: the breakdowns.
        margins: the sets of dimensions that are published.
        cells: every published cell, a number or the state that says why there is none.
        threshold, narrow_threshold: below it a count is hidden; the second where a category is
            smaller than a council.
        rounding: counts are rounded to the nearest such number.
        zeros_shown: whether every true zero is shown, so that what is hidden is none.
        spare: room asked of a hidden count beyond the threshold, because zeros had to be hidden.
        minimum_base: the smallest base of a percentage.
        hides, withheld, notes, profile: as in `Shown`.
        at_least: for a hidden "k of n" alone, a share that may be said of it, or None.
    """

    code: str
    title: str
    counted: str
    vintage: str
    population: Population
    dimensions: tuple[Dimension, ...]
    margins: frozenset[frozenset[str]]
    cells: Mapping[Key, ShownCell]
    profile: str
    threshold: int
    narrow_threshold: int
    rounding: int
    zeros_shown: bool
    spare: int
    minimum_base: int
    hides: bool
    withheld: str
    notes: tuple[str, ...]
    at_least: int | None
    maker: InitVar[object]

    def __post_init__(self, maker: object) -> None:
        if maker is not MAKER:
            raise TypeError(
                "What is shown is made by `stats.disclosure.protect_table`, and by nobody else."
            )

    @property
    def identity(self) -> tuple[object, ...]:
        """Same in every vintage of the same table."""
        return self.population, frozenset(d.identity for d in self.dimensions)

    @property
    def hidden(self) -> frozenset[Key]:
        """The cells that are hidden."""
        return frozenset(k for k, c in self.cells.items() if c.state is State.SUPPRESSED)

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """The symbols that stand in the table, each with its words."""
        used = {SYMBOLS[c.state]: SAID[c.state] for c in self.cells.values() if c.value is None}
        return tuple(sorted(used.items()))

    @cached_property
    def _narrow(self) -> tuple[frozenset[str], ...]:
        return tuple(dimension.narrow for dimension in self.dimensions)

    def limit(self, key: Key) -> int:
        """The threshold of a cell."""
        if any(code in narrow for code, narrow in zip(key, self._narrow, strict=True)):
            return self.narrow_threshold
        return self.threshold

    def texts(self, keys: Iterable[Key]) -> list[str]:
        """Cells as they are read: `1,204`, `[c]`."""
        return [self.cells[key].text for key in keys]


def table_as_data(shown: ShownTable) -> dict[str, Any]:
    """The table as JSON can hold it."""
    plain = {
        name: getattr(shown, name)
        for name in ShownTable.__dataclass_fields__
        if name not in {"population", "dimensions", "margins", "cells", "maker", "notes"}
    }
    people = asdict(shown.population)
    people |= {name: people[name].isoformat() for name in ("first", "last")}
    return plain | {
        "population": people,
        "dimensions": [asdict(dimension) for dimension in shown.dimensions],
        "margins": sorted(sorted(margin) for margin in shown.margins),
        "cells": [
            {"at": list(key), "value": cell.value, "state": cell.state.value, "small": cell.small}
            for key, cell in shown.cells.items()
        ],
        "notes": list(shown.notes),
    }


def table_from_data(data: Mapping[str, Any]) -> ShownTable:
    """The table that `table_as_data` wrote down. For the ledger, which kept it."""
    people = data["population"]
    area = people["area"]
    special = {"population", "dimensions", "margins", "cells", "notes"}
    plain = {name: value for name, value in data.items() if name not in special}
    return ShownTable(
        **plain,
        population=Population(
            who=people["who"],
            area=Area(area["path"], tuple(area["without"]), tuple(area["made_of"])),
            first=dt.date.fromisoformat(people["first"]),
            last=dt.date.fromisoformat(people["last"]),
            below_council=people["below_council"],
        ),
        dimensions=tuple(
            Dimension(d["code"], d["title"], tuple(Category(**c) for c in d["categories"]))
            for d in data["dimensions"]
        ),
        margins=frozenset(frozenset(margin) for margin in data["margins"]),
        cells={
            tuple(c["at"]): ShownCell(c["value"], State(c["state"]), c["small"])
            for c in data["cells"]
        },
        notes=tuple(data["notes"]),
        maker=MAKER,
    )


def from_shown(shown: Shown) -> ShownTable:
    """A one-way table as a many-way one, so that both kinds are looked at together.

    A "k of n" gets a second dimension, those counted and those not. Where n is shown and k is not,
    those not counted are hidden too.
    """
    rows = [row for row in shown.rows if row.count.value is not None or row.count.text == "[c]"]
    by = Dimension("by", shown.by, tuple(Category(row.code, row.label) for row in rows))
    cells: dict[Key, ShownCell] = {}
    dimensions: tuple[Dimension, ...] = (by,)
    for row in (*rows, shown.total):
        if row.of is None:
            cells[(row.code,)] = row.count
            continue
        cells[(row.code, "")] = row.of
        cells[(row.code, "yes")] = row.count
    if shown.measure:
        yes_no = (Category("yes", shown.measure), Category("no", f"not {shown.measure}"))
        dimensions = (by, Dimension("measure", shown.measure, yes_no))
    codes = frozenset(dimension.code for dimension in dimensions)
    return ShownTable(
        code=shown.code, title=shown.title, counted=shown.counted, vintage=shown.vintage,
        population=shown.population, dimensions=dimensions,
        margins=frozenset({frozenset(), codes}), cells=cells, profile=shown.profile,
        threshold=shown.threshold, narrow_threshold=shown.threshold, rounding=shown.rounding,
        zeros_shown=False, spare=0, minimum_base=1, hides=shown.hides, withheld=shown.withheld,
        notes=shown.notes, at_least=shown.at_least, maker=MAKER,
    )  # fmt: skip
