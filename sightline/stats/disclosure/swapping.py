"""The fallback: protect each small cell by a swap of people that would leave what is shown alone.

Take two finest categories of some dimensions and one of each other. Moving somebody from corner to
corner of that box, one up and one down in turn, changes only sums that tell the corners apart. With
all of those hidden, each of them can move as far as the smallest of its like: the hypercube method,
carried over to totals and hierarchies. It is quick and safe, and hides more than is needed.
"""

from collections.abc import Collection, Sequence
from itertools import product
from typing import Any

from sightline.stats.disclosure.lattice import Lattice

_MOST_STARTS = 16


class Swaps:
    """A table laid out as a box, to find the cheapest swap for a cell."""

    def __init__(
        self, lattice: Lattice, free: Collection[int], needs: Sequence[int], *, zeros_known: bool
    ) -> None:
        import numpy as np

        self._np, self._lattice, self._needs = np, lattice, needs
        dimensions = lattice.table.dimensions
        self._nodes = [sorted(dimension.children) for dimension in dimensions]
        shape = [len(nodes) for nodes in self._nodes]
        # `lattice.keys` is sorted, so places run through the box in order
        self._cost = np.full(len(lattice.keys), np.inf)
        for place in free:
            self._cost[place] = lattice.weights[place]
        unpublished = ~np.array(lattice.published)
        self._cost[unpublished] = 0.0
        room = np.array(lattice.values, dtype=float)
        room[~unpublished] -= float(zeros_known)
        self._room = np.maximum(room, 0.0).reshape(shape)
        self._places = np.arange(len(lattice.keys)).reshape(shape)
        self._shape = shape
        self._paths = [self._path_masks(at) for at in range(len(dimensions))]

    def _path_masks(self, at: int) -> dict[str, Any]:
        """For each finest category, the nodes it lies in, "" included."""
        within = self._lattice.table.dimensions[at].within
        nodes = self._nodes[at]
        return {
            leaf: self._np.array([leaf in within[node] for node in nodes])
            for leaf in self._lattice.table.dimensions[at].leaves
        }

    def hide(self, places: Collection[int]) -> None:
        """These are hidden, and cost nothing any more."""
        for place in places:
            self._cost[place] = 0.0

    def cheapest(self, place: int) -> set[int] | None:
        """The cells of the cheapest swap that gives a cell its room; None: there is none."""
        best: tuple[float, set[int]] | None = None
        for start in self._starts(place):
            found = self._from(place, start)
            if found is not None and (best is None or found[0] < best[0]):
                best = found
                if best[0] == 0:
                    break
        return best[1] if best else None

    def _starts(self, place: int) -> list[tuple[str, ...]]:
        """Finest cells inside this one, those with most room first."""
        key = self._lattice.keys[place]
        dimensions = self._lattice.table.dimensions
        cells = list(product(*(d.within[c] for d, c in zip(dimensions, key, strict=True))))
        where, values = self._lattice.place, self._lattice.values
        cells.sort(key=lambda cell: (self._cost[where[cell]] == float("inf"), -values[where[cell]]))
        return cells[:_MOST_STARTS]

    def _from(self, place: int, start: tuple[str, ...]) -> tuple[float, set[int]] | None:
        """The cheapest swap that begins at a finest cell and changes this one."""
        np = self._np
        key, dimensions = self._lattice.keys[place], self._lattice.table.dimensions
        choices: list[list[str]] = []
        cost = self._cost.reshape(self._shape)
        ups, downs = self._room, np.full(self._shape, np.inf)
        for at, (leaf, code) in enumerate(zip(start, key, strict=True)):
            inside = dimensions[at].within[code]
            others = [o for o in dimensions[at].leaves if o not in inside] if code else [""]
            if not others:
                return None
            choices.append(others)
            cost, ups, downs = self._along(at, leaf, others, cost, ups, downs)
        fits = (ups + downs >= self._needs[place]) & np.isfinite(cost)
        if not fits.any():
            return None
        at_best = np.unravel_index(int(np.where(fits, cost, np.inf).argmin()), cost.shape)
        ends = [others[i] for others, i in zip(choices, at_best, strict=True)]
        return float(cost[at_best]), self._changed(start, ends)

    def _along(
        self, at: int, leaf: str, others: list[str], cost: Any, ups: Any, downs: Any
    ) -> tuple[Any, Any, Any]:
        """Cost and room after one dimension has been gone through, for each other end."""
        np, own = self._np, self._paths[at][leaf]
        found: list[list[Any]] = [[], [], []]

        def over(box: Any, mask: Any, how: Any) -> Any:
            return how(np.compress(mask, box, axis=at), axis=at)

        for other in others:
            here, there = self._apart(at, own, other)
            total = over(cost, here, np.sum)
            up, down = over(ups, here, np.min), over(downs, here, np.min)
            if there is not None:
                total = total + over(cost, there, np.sum)
                up, down = (
                    np.minimum(up, over(downs, there, np.min)),
                    np.minimum(down, over(ups, there, np.min)),
                )
            for kept, box in zip(found, (total, up, down), strict=True):
                kept.append(box)
        costs, rising, falling = (np.stack(boxes, axis=at) for boxes in found)
        return costs, rising, falling

    def _apart(self, at: int, own: Any, other: str) -> tuple[Any, Any]:
        if not other:
            return own, None
        theirs = self._paths[at][other]
        return own & ~theirs, theirs & ~own

    def _changed(self, start: Sequence[str], ends: Sequence[str]) -> set[int]:
        masks = []
        for at, (leaf, other) in enumerate(zip(start, ends, strict=True)):
            here, there = self._apart(at, self._paths[at][leaf], other)
            masks.append(self._np.flatnonzero(here if there is None else here | there))
        return {int(place) for place in self._places[self._np.ix_(*masks)].ravel()}
