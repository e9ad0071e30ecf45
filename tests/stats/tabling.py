"""Small many-way tables for the tests of disclosure control, and an outsider who enumerates."""

import dataclasses
import random
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from sightline.stats.disclosure import (
    Area,
    Category,
    Dimension,
    Key,
    Population,
    ShownTable,
    Table,
)
from sightline.stats.disclosure.shown import HIDDEN, MAKER
from tests.stats.disclosing import YEAR


def dimension(code: str, *categories: str) -> Dimension:
    """A dimension; "fife>kirkcaldy" is Kirkcaldy inside Fife."""
    made = []
    for text in categories:
        above, _, name = text.rpartition(">")
        made.append(Category(name, name.title(), above))
    return Dimension(code, code.title(), tuple(made))


def one_way(*counts: int, **more: Any) -> Table:
    return build([dimension("kind", *"abcdefgh"[: len(counts)])], counts, **more)


def two_way(rows: Sequence[Sequence[int]], **more: Any) -> Table:
    """Rows of counts by area (a, b, c …) and care (u, v, w …)."""
    sides = [
        dimension("area", *"abcdefgh"[: len(rows)]),
        dimension("care", *"uvwxyz"[: len(rows[0])]),
    ]
    return build(sides, [count for row in rows for count in row], **more)


def build(dimensions: Sequence[Dimension], counts: Sequence[int], **more: Any) -> Table:
    """A table of counts in the order of the finest categories; `people` changes the population."""
    people = {"who": "children", "area": Area("fife"), "first": YEAR[0], "last": YEAR[1]}
    people |= more.pop("people", {})
    keys = product(*(side.leaves for side in dimensions))
    given: dict[str, Any] = {"code": "t", "title": "Children", "counted": "children"}
    return Table(
        **{**given, **more},
        dimensions=dimensions,
        cells=dict(zip(keys, counts, strict=True)),
        population=Population(**people),
    )


def keys(*texts: str) -> set[Key]:
    """Cells by their one-letter codes, `.` for all."""
    return {tuple("" if code == "." else code for code in text) for text in texts}


def with_hidden(shown: ShownTable, hidden: set[Key], **changes: Any) -> ShownTable:
    """The same table with these cells hidden as well: a pattern somebody planted."""
    cells = {k: HIDDEN if k in hidden else c for k, c in shown.cells.items()}
    return dataclasses.replace(shown, cells=cells, maker=MAKER, **changes)


def possible(shown: ShownTable) -> Iterator[dict[Key, int]]:
    """Every table of whole counts that fits what is shown, found by trying. The total is shown."""
    finest = list(product(*(side.leaves for side in shown.dimensions)))
    parts = {
        key: [
            cell for cell in finest
            if all(
                code in side.within[whole]
                for side, code, whole in zip(shown.dimensions, cell, key, strict=True)
            )
        ]
        for key in shown.cells
    }  # fmt: skip
    step = shown.rounding
    reach = {
        key: (max(0, c.value - step // 2), c.value + step - 1 - step // 2)
        for key, c in shown.cells.items()
        if c.value is not None
    }
    yield from _fill(shown, finest, parts, reach, {})


def _fill(
    shown: ShownTable,
    finest: list[Key],
    parts: dict[Key, list[Key]],
    reach: dict[Key, tuple[int, int]],
    filled: dict[Key, int],
) -> Iterator[dict[Key, int]]:
    if len(filled) == len(finest):
        sums = {key: sum(filled[cell] for cell in inside) for key, inside in parts.items()}
        if all(low <= sums[key] <= high for key, (low, high) in reach.items()) and (
            not shown.zeros_shown or all(sums[key] > 0 for key in shown.hidden)
        ):
            yield sums
        return
    cell = finest[len(filled)]
    most = min(
        high - sum(filled.get(other, 0) for other in parts[key])
        for key, (_, high) in reach.items()
        if cell in parts[key]
    )
    least = reach[cell][0] if cell in reach else 0
    for count in range(least, most + 1):
        yield from _fill(shown, finest, parts, reach, {**filled, cell: count})


def enumerated(shown: ShownTable) -> dict[Key, tuple[int, int]]:
    """The least and the greatest of each hidden cell, by enumeration."""
    found: dict[Key, tuple[int, int]] = {}
    for sums in possible(shown):
        for key in shown.hidden:
            low, high = found.get(key, (sums[key], sums[key]))
            found[key] = (min(low, sums[key]), max(high, sums[key]))
    return found


SMALL = (0, 0, 1, 2, 3, 4, 5, 6, 8, 11, 14, 20)


def drawn(seed: int, size: int, numbers: Sequence[int] = SMALL) -> list[int]:
    dice = random.Random(seed)  # noqa: S311 - tests want the same tables each time
    return [dice.choice(numbers) for _ in range(size)]
