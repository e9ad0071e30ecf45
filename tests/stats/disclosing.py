"""Small tables and profiles for the tests of disclosure control, and a plain attacker."""

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Any

from sightline.stats.disclosure import (
    Area,
    Count,
    Exact,
    Population,
    Profile,
    Shown,
    Zeros,
    as_data,
    from_data,
)  # fmt: skip

YEAR = (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
QUARTERS = [
    (dt.date(2026, 1, 1), dt.date(2026, 3, 31)),
    (dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
    (dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
    (dt.date(2026, 10, 1), dt.date(2026, 12, 31)),
]


def profile(**changes: Any) -> Profile:
    """The public profile: under 5 hidden, under 10 where sensitive."""
    given: dict[str, Any] = {
        "code": "public", "version": 1, "title": "Public", "hides": True, "threshold": 5,
        "narrow_threshold": 10, "family_threshold": 3, "zeros": Zeros.SHOW, "secondary": True,
        "rounding": 1, "minimum_base": 10,
    }  # fmt: skip
    return Profile(**{**given, **changes})


PUBLIC = profile()
RESEARCH = profile(
    code="research", threshold=10, zeros=Zeros.HIDE, rounding=5, minimum_base=20
)  # fmt: skip
OPERATIONAL = profile(
    code="operational", hides=False, threshold=0, narrow_threshold=0, minimum_base=1
)
COMMITTEE = profile(code="committee", hides=False, narrow_threshold=5, notice="In private.")


def table(*counts: Any, days: tuple[dt.date, dt.date] = YEAR, **more: Any) -> Exact:
    """A table of counts: a number each, or (number, out of), by categories a, b, c …

    `area`, `who` and `below_council` go to the population.
    """
    area = more.pop("area", Area("fife"))
    who, below = more.pop("who", "children"), more.pop("below_council", False)
    pairs = any(isinstance(count, tuple) for count in counts)
    rows = [
        count
        if isinstance(count, Count)
        else Count(
            "abcdefgh"[place],
            "ABCDEFGH"[place],
            *(count if isinstance(count, tuple) else (count,)),
        )
        for place, count in enumerate(counts)
    ]
    given: dict[str, Any] = {
        "code": "t", "title": "Children", "counted": "children", "base_words": "of all children",
        "by": "Age", "measure": "seen in time" if pairs else "", "vintage": "1",
    }  # fmt: skip
    population = Population(who, area, *days, below)
    return Exact(**{**given, **more}, population=population, counts=rows)


def texts(shown: Shown, column: str = "count") -> list[str]:
    """A column as it is read, the total last."""
    cells = [getattr(row, column) for row in (*shown.rows, shown.total)]
    return [cell.text for cell in cells if cell is not None]


def with_hidden(shown: Shown, places: Sequence[int]) -> Shown:
    """The same table with only these counts hidden: a pattern somebody planted."""
    data = as_data(shown)
    for place in places:
        data["rows"][place]["count"] |= {"value": None, "state": "suppressed"}
        data["rows"][place]["per_cent"] |= {"value": None, "state": "suppressed"}
    return from_data(data)


def possible(shown: Shown, *, most: int = 60, rules: bool = False) -> Iterator[tuple[int, ...]]:
    """Every table of whole counts that an outsider must think possible of a shown one.

    With `rules`, the outsider also knows that one of the hidden counts is small, unless the whole
    breakdown is withheld.
    """
    known = [row.count.value for row in shown.rows]
    total = shown.total.count.value
    hidden = [place for place, value in enumerate(known) if value is None]
    rest = most if total is None else total - sum(value or 0 for value in known)
    for guess in _guesses(len(hidden), rest, exact=total is not None):
        knows = rules and hidden and not shown.withheld
        if knows and not any(0 < value < shown.threshold for value in guess):
            continue
        filled = dict(zip(hidden, guess, strict=True))
        yield tuple(filled.get(place, value or 0) for place, value in enumerate(known))


def _guesses(count: int, rest: int, *, exact: bool) -> Iterator[tuple[int, ...]]:
    if count == 0:
        if rest == 0 or not exact:
            yield ()
        return
    if not exact:
        yield from product((0, rest), repeat=count)
        return
    if count == 1:
        yield (rest,)
        return
    for first in range(rest + 1):
        for others in _guesses(count - 1, rest - first, exact=True):
            yield (first, *others)


def widths(shown: Shown, *, rules: bool = False) -> list[int]:
    """For each hidden count, greatest less least of what it can be."""
    tables = list(possible(shown, rules=rules))
    hidden = [place for place, row in enumerate(shown.rows) if row.count.value is None]
    return [max(t[p] for t in tables) - min(t[p] for t in tables) for p in hidden]
