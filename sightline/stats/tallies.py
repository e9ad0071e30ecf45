"""Answers of several readers to one item, counted out for the statistics of `agreement`."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from numbers import Real
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

Units = Sequence[Sequence[Hashable | None]]
"""One row a record, one column a reader, each cell a value; None is no answer."""

_PAIR = 2


class Scale(StrEnum):
    """What the values of an item are to each other."""

    NOMINAL = "nominal"  # names: yes, no, not applicable
    ORDINAL = "ordinal"  # an order: fully, partly, not at all
    INTERVAL = "interval"  # an order of equal steps: the six-point scale


@dataclass(frozen=True)
class Tally:
    """Units counted out: how often each record was given each value.

    Attributes:
        values: the values there are, in order; an item's full list may be given, so that one nobody
            chose still counts among what chance could have chosen.
        counts: one row a unit with any answer, one column a value.
        pairs: one row a unit that both answered, values × values: answers of the first and of the
            second reader; None unless there are two readers.
        records: for each row of `counts`, which record it is of (from 0); rows of one record are
            drawn together.
        of_pairs: the same for each row of `pairs`.
        ordered: the order of the values is known: they are numbers, or were given in order.
    """

    values: tuple[Hashable, ...]
    counts: Floats
    pairs: Floats | None
    records: Places
    of_pairs: Places
    ordered: bool


def tally(
    units: Units,
    values: Sequence[Hashable] | None = None,
    records: Sequence[Hashable] | None = None,
) -> Tally:
    """Count units out.

    Args:
        units: see `Units`; every row as long as the first.
        values: all values of the item, in their order; left out, those that occur, sorted.
        records: the record each unit is of, where one has several; left out, each is its own.

    Raises:
        ValueError: fewer than two readers; rows of different length; a value that is not among
            `values`, or NaN; no record with two answers.
    """
    import numpy as np

    rows = [tuple(row) for row in units]
    _check_rows(rows, records)
    seen = {value for row in rows for value in row if value is not None}
    known = _known_values(seen, values)
    place = {value: i for i, value in enumerate(known)}
    counts = np.zeros((len(rows), len(known)))
    both: list[tuple[int, int, int]] = []
    for i, row in enumerate(rows):
        for value in row:
            if value is not None:
                counts[i, place[value]] += 1
        if len(row) == _PAIR and row[0] is not None and row[1] is not None:
            both.append((i, place[row[0]], place[row[1]]))
    read = counts.sum(axis=1)
    if not (read >= _PAIR).any():
        raise ValueError("no record was read by two readers; read some of them twice.")
    names = list(range(len(rows))) if records is None else list(records)
    order = {name: i for i, name in enumerate(dict.fromkeys(names))}
    of_record = np.array([order[name] for name in names])
    pairs = None
    if len(rows[0]) == _PAIR:
        pairs = np.zeros((len(both), len(known), len(known)))
        for at, (_, first, second) in enumerate(both):
            pairs[at, first, second] = 1
    numbered = all(isinstance(value, Real) for value in known)
    return Tally(
        known,
        counts[read > 0],
        pairs,
        of_record[read > 0],
        of_record[[i for i, _, _ in both]],
        values is not None or numbered,
    )


def _check_rows(rows: Sequence[tuple[Any, ...]], records: Sequence[Hashable] | None) -> None:
    readers = len(rows[0]) if rows else 0
    if readers < _PAIR:
        raise ValueError("agreement needs two readers; with one there is nobody to agree with.")
    if any(len(row) != readers for row in rows):
        raise ValueError(f"every record needs {readers} cells, one a reader; None where not read.")
    if records is not None and len(records) != len(rows):
        raise ValueError(f"{len(records)} records for {len(rows)} units; name one for each.")


def _broken(value: object) -> bool:
    return isinstance(value, Real) and not math.isfinite(value)


def _known_values(seen: set[Hashable], values: Sequence[Hashable] | None) -> tuple[Hashable, ...]:
    if any(_broken(value) for value in seen):
        raise ValueError("a value is NaN or infinite; give None where a reader did not answer.")
    if values is None:
        return tuple(sorted(seen, key=lambda value: (isinstance(value, str), value)))
    known = tuple(values)
    if len(set(known)) < len(known):
        raise ValueError("a value of the item is given twice; give each once.")
    strange = seen - set(known)
    if strange:
        shown = ", ".join(sorted(map(str, strange)))
        raise ValueError(f"{shown} is not among the values of the item; mend it, or list it.")
    return known


def distance(values: Sequence[Hashable], scale: Scale) -> Floats:
    """How far apart two values are, from 0 to 1, squared: the weights of disagreement."""
    import numpy as np

    size = len(values)
    if scale is Scale.NOMINAL or size < _PAIR:
        return np.asarray(1.0 - np.eye(size))
    if scale is Scale.INTERVAL and all(isinstance(value, Real) for value in values):
        at = np.array([float(value) for value in values])  # type: ignore[arg-type]
    else:
        at = np.arange(size, dtype=float)
    return np.asarray(((at[:, None] - at[None, :]) / (at.max() - at.min())) ** 2)
