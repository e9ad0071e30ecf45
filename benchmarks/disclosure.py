"""Protecting tables with an attacker's check: how long it takes, and how it was done.

    python -m benchmarks.disclosure

Bars: a table of 32 × 12 with both margins in under 5 seconds; a hierarchical table of four
dimensions and 2,000 finest cells in under 60 seconds, with the fallback stated when it is used.
"""

import datetime as dt
import random
import sys
import time
from itertools import product

from sightline.stats.disclosure import (
    Area,
    Category,
    Dimension,
    Population,
    Profile,
    Table,
    Zeros,
    protect_table,
)

MOST_TWO_WAY, MOST_FOUR_WAY = 5.0, 60.0  # seconds
PUBLIC = Profile(
    code="public", version=1, title="Public", hides=True, threshold=5, narrow_threshold=10,
    family_threshold=3, zeros=Zeros.SHOW, secondary=True, rounding=1, minimum_base=10,
)  # fmt: skip
PEOPLE = Population("children", Area("scotland"), dt.date(2026, 1, 1), dt.date(2026, 12, 31))


def _plain(code: str, size: int) -> Dimension:
    return Dimension(code, code, tuple(Category(f"{code}{i:02}") for i in range(size)))


def _nested(code: str, sizes: tuple[int, ...]) -> Dimension:
    inner = [
        Category(f"{code}{group}-{i}", inside=f"{code}{group}")
        for group, size in enumerate(sizes)
        for i in range(size)
    ]
    return Dimension(
        code, code, (*(Category(f"{code}{group}") for group in range(len(sizes))), *inner)
    )


def _table(dimensions: list[Dimension], mean: float, seed: int) -> Table:
    """Counts spread as real ones are: many small, a few large."""
    dice = random.Random(seed)
    return Table(
        code="bench",
        title="Children",
        counted="children",
        population=PEOPLE,
        dimensions=dimensions,
        cells={
            key: int(dice.lognormvariate(0.0, 1.0) * mean)
            for key in product(*(dimension.leaves for dimension in dimensions))
        },
    )


def _measured(name: str, table: Table, seconds: float, bar: float) -> bool:
    began = time.perf_counter()
    _, record = protect_table(table, PUBLIC, seconds=seconds)
    took = time.perf_counter() - began
    print(f"{name}: {took:.1f} s (bar {bar:.0f} s)")
    print(
        f"  {record.cells_n:,} cells with totals, {record.primary_n:,} small, "
        f"{record.secondary_n:,} more hidden; {record.method}; attacker asked "
        f"{record.attacked_n:,} questions, {record.by_integers_n:,} with whole numbers"
    )
    print(f"  {record.finding}")
    return took < bar


def main() -> int:
    """Measure both; the status is 1 when a bar is missed."""
    two = _table([_plain("council", 32), _plain("placement", 12)], 25.0, 1)
    four = _table(
        [
            _nested("area", (4, 3, 3)),
            _nested("age", (2, 3)),
            _plain("kind", 10),
            _plain("route", 4),
        ],
        30.0,
        2,
    )
    good = _measured("32 x 12, both margins", two, 2.0, MOST_TWO_WAY)
    sparse = _table([_plain("council", 32), _plain("placement", 12)], 8.0, 3)
    good &= _measured("32 x 12, both margins, many small", sparse, 2.0, MOST_TWO_WAY)
    good &= _measured("10 x 5 x 10 x 4, two hierarchies", four, 15.0, MOST_FOUR_WAY)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
