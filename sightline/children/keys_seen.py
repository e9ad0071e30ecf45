"""Keys of rows that come twice, found in little memory: 24 bytes a row, whatever the key."""

from array import array
from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Twice:
    """Rows of one key: the first of them, the others, and whether they say the same throughout."""

    first: int
    others: tuple[int, ...]
    same: bool


class KeysSeen:
    """Keys and rows as they go by, by 64-bit hashes."""

    def __init__(self) -> None:
        self._keys, self._wholes, self._rows = array("q"), array("q"), array("q")

    def add(self, row: int, key: Hashable, whole: Hashable) -> None:
        """Take note of a row, its key, and all that it says."""
        self._keys.append(hash(key))
        self._wholes.append(hash(whole))
        self._rows.append(row)

    def twice(self) -> Iterator[Twice]:
        """Keys that several rows have, in the order of their first rows within a key."""
        import pyarrow as pa
        import pyarrow.compute as pc

        if len(self._keys) < 2:  # noqa: PLR2004 - one row repeats nothing
            return
        keys = pa.array(memoryview(self._keys), type=pa.int64())
        order = pc.sort_indices(keys)  # stable: rows of one key stay in their order
        ordered = keys.take(order)
        again = pc.indices_nonzero(pc.equal(ordered[1:], ordered[:-1])).to_pylist()
        group: list[int] = []
        last = -2
        for at in again:
            if at != last + 1:
                yield from self._said(group)
                group = [order[at].as_py()]
            group.append(order[at + 1].as_py())
            last = at
        yield from self._said(group)

    def _said(self, group: list[int]) -> Iterator[Twice]:
        if group:
            found: list[Any] = sorted(group)
            wholes = {self._wholes[at] for at in found}
            rows = [self._rows[at] for at in found]
            yield Twice(rows[0], tuple(rows[1:]), same=len(wholes) == 1)
