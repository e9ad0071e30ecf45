"""How far the hidden cells of a table can move when the shown ones stay put: a linear programme.

The unknowns are how far each cell is from its true count. Sums hold; a shown cell stays, or moves
within its rounding; a hidden one falls to its least and rises as it likes. Where a cell cannot move
far enough, the prices of the bounds give a `Cut`: which cells would have to be hidden for it to.
"""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sightline.stats.disclosure.lattice import Lattice

_NOTHING = 1e-6


@dataclass(frozen=True)
class Cut:
    """The cells named must give `need` between them, if `cell` is hidden (None: in any case)."""

    gives: dict[int, float]
    need: float
    cell: int | None

    def missing(self, hidden: Collection[int]) -> float:
        """How much is missing under a pattern."""
        if self.cell is not None and self.cell not in hidden:
            return 0.0
        return self.need - sum(much for place, much in self.gives.items() if place in hidden)


def given_up(count: int, step: int) -> tuple[int, int]:
    """How far the true count may lie under and over this one, knowing only what it rounds to."""
    shown = (count + step // 2) // step * step
    least = max(0, shown - step // 2)
    return count - least, shown + step - 1 - step // 2 - count


class Room:
    """The linear programme of one table, kept warm between questions."""

    def __init__(self, lattice: Lattice, *, zeros_known: bool, spare: int) -> None:
        import highspy
        import numpy as np

        self.lattice, self.zeros_known = lattice, zeros_known
        self.needs = [limit + spare for limit in lattice.limits]
        far = 10.0 * max(self.needs)
        size, step = len(lattice.keys), lattice.profile.rounding
        low = np.array(lattice.values, dtype=float)
        if zeros_known:
            low -= np.array(lattice.published, dtype=float)
        self._fall, self._rise = np.maximum(low, 0.0), np.full(size, far)
        slack = [given_up(count, step) for count in lattice.values]
        self._under = np.array([under for under, _ in slack], dtype=float)
        # whatever is shown is zero or not under the threshold, and an outsider knows that
        above = np.array(lattice.values, dtype=float) - np.array(lattice.limits)
        self._under = np.minimum(self._under, np.maximum(above, 0.0))
        self._over = np.array([over for _, over in slack], dtype=float)
        self._over[np.array(lattice.values) == 0] = 0.0
        self.hidden: set[int] = set()
        self._solver = _solver(highspy)
        self._solver.passModel(_programme(highspy, np, lattice, self._under, self._over))
        self._np = np
        self.forget()

    def forget(self) -> None:
        """Start anew with what has been seen to be possible."""
        self._least = self._np.zeros(len(self.lattice.keys))
        self._most = self._np.zeros(len(self.lattice.keys))

    def hide(self, places: Collection[int]) -> None:
        """Hide exactly these."""
        np = self._np
        if not self.hidden <= set(places):
            self.forget()
        changed = np.array(sorted(self.hidden ^ set(places)), dtype=np.int32)
        self.hidden = set(places)
        if not len(changed):
            return
        gone = np.array([int(place) in self.hidden for place in changed])
        low = np.where(gone, self._fall[changed], self._under[changed])
        high = np.where(gone, self._rise[changed], self._over[changed])
        self._solver.changeColsBounds(len(changed), changed, -low, high)

    def cut(self, place: int) -> Cut | None:
        """What must be hidden for this cell to be safe; None: it is."""
        need = self.needs[place]
        if self._most[place] - self._least[place] >= need - _NOTHING:
            return None
        prices = []
        for sense in (-1.0, 1.0):
            prices.append(self._ask(place, sense))
            if self._most[place] - self._least[place] >= need - _NOTHING:
                return None
        return self._cut(place, prices)

    def _ask(self, place: int, sense: float) -> Any:
        np, solver = self._np, self._solver
        solver.changeColCost(place, sense)
        solver.run()
        found = solver.getSolution()
        where, prices = np.array(found.col_value), np.array(found.col_dual)
        solver.changeColCost(place, 0.0)
        self._least = np.minimum(self._least, where)
        self._most = np.maximum(self._most, where)
        return prices

    def _cut(self, place: int, prices: list[Any]) -> Cut:
        np = self._np
        gives, fixed = np.zeros(len(self._fall)), 0.0
        for price in prices:
            up, down = np.maximum(price, 0.0), np.maximum(-price, 0.0)
            shown = up * self._under + down * self._over
            fixed += float(shown.sum())
            gives += up * self._fall + down * self._rise - shown
        need = self.needs[place] - fixed
        return Cut(
            {int(i): min(float(gives[i]), need) for i in np.flatnonzero(gives > _NOTHING)},
            need,
            place,
        )


def _solver(highspy: Any) -> Any:
    solver = highspy.Highs()
    for name, value in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
        solver.setOptionValue(name, value)
    return solver


def _programme(highspy: Any, np: Any, lattice: Lattice, under: Any, over: Any) -> Any:
    starts, index, value = [0], [], []
    for line in lattice.defining:
        index += [line.total, *line.parts]
        value += [-1.0, *([1.0] * len(line.parts))]
        starts.append(len(index))
    rows = len(lattice.defining)
    programme = highspy.HighsLp()
    programme.num_col_, programme.num_row_ = len(lattice.keys), rows
    programme.col_cost_ = np.zeros(len(lattice.keys))
    programme.col_lower_, programme.col_upper_ = -under, over
    programme.row_lower_, programme.row_upper_ = np.zeros(rows), np.zeros(rows)
    programme.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    programme.a_matrix_.start_ = np.array(starts, dtype=np.int32)
    programme.a_matrix_.index_ = np.array(index, dtype=np.int32)
    programme.a_matrix_.value_ = np.array(value, dtype=float)
    return programme


class Master:
    """The whole-number programme: the cheapest cells to hide such that every cut is met."""

    def __init__(self, lattice: Lattice, forced: Collection[int], free: Collection[int]) -> None:
        import highspy
        import numpy as np

        self._np, self._highspy, self._solver = np, highspy, _solver(highspy)
        size = len(lattice.keys)
        for place in range(size):
            least = 1.0 if place in forced else 0.0
            most = 1.0 if place in free or place in forced else 0.0
            self._solver.addVar(least, most)
        cost = np.array(lattice.weights)
        at = np.arange(size, dtype=np.int32)
        self._solver.changeColsCost(size, at, cost)
        kinds = np.array([highspy.HighsVarType.kInteger] * size)
        self._solver.changeColsIntegrality(size, at, kinds)
        self._solver.setOptionValue("mip_rel_gap", 0.0)
        self._size = size

    def add(self, cut: Cut) -> None:
        """Hold to this from now on."""
        gives = dict(cut.gives)
        least = cut.need
        if cut.cell is not None:
            gives[cut.cell] = gives.get(cut.cell, 0.0) - cut.need
            least = 0.0
        np = self._np
        index = np.array(sorted(gives), dtype=np.int32)
        value = np.array([gives[int(i)] for i in index], dtype=float)
        scale = 1.0 / max(abs(cut.need), 1.0)
        self._solver.addRow(
            (least - _NOTHING) * scale, self._highspy.kHighsInf, len(index), index, value * scale
        )

    def best(self, until: float) -> set[int] | None:
        """The cheapest pattern; None: there is none, or it was not found in time."""
        left = until - time.monotonic()
        if left <= 0:
            return None
        self._solver.setOptionValue("time_limit", self._solver.getRunTime() + left)
        self._solver.run()
        if self._solver.getModelStatus() != self._highspy.HighsModelStatus.kOptimal:
            return None
        return {i for i, much in enumerate(self._solver.getSolution().col_value) if much > 0.5}  # noqa: PLR2004
