"""Numbers that hang together by sums, and how nearly somebody can tell those that are hidden.

A number is a place; an equation says that one place is the sum of others. What somebody knows is a
least and a greatest of each place. `Network.bounds` passes these round until nothing more follows;
`Network.reached` asks linear programming, which misses nothing that follows from sums alone.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_NEAR = 1e-6
_MOST_STEPS = 20_000
Bounds = tuple[list[float], list[float]]


@dataclass
class Network:
    """Places with their true values, and the equations between them."""

    values: list[int] = field(default_factory=list)
    equations: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    touching: list[list[int]] = field(default_factory=list)

    def add(self, value: int) -> int:
        """A new place."""
        self.values.append(value)
        self.touching.append([])
        return len(self.values) - 1

    def equate(self, whole: int, parts: Iterable[int]) -> None:
        """Say that a place is the sum of others."""
        held = tuple(parts)
        number = len(self.equations)
        self.equations.append((whole, held))
        for place in {whole, *held}:
            self.touching[place].append(number)

    def bounds(self, low: Sequence[float], high: Sequence[float], start: Collection[int]) -> Bounds:
        """What follows for each place from what is known of all.

        Args:
            low: the least that is known of each.
            high: the greatest.
            start: places at which something is not known; only from there does anything follow.
        """
        lows, highs = list(low), list(high)
        waiting = list(dict.fromkeys(n for place in start for n in self.touching[place]))
        held = set(waiting)
        for _ in range(_MOST_STEPS):
            if not waiting:
                break
            number = waiting.pop()
            held.discard(number)
            for place in self._narrowed(number, lows, highs):
                for other in self.touching[place]:
                    if other not in held:
                        held.add(other)
                        waiting.append(other)
        return lows, highs

    def _narrowed(self, number: int, lows: list[float], highs: list[float]) -> list[int]:
        """Narrow what one equation tells; the places that became narrower."""
        whole, parts = self.equations[number]
        least = sum(lows[part] for part in parts)
        open_parts = [part for part in parts if highs[part] == math.inf]
        most = sum(highs[part] for part in parts if highs[part] != math.inf)
        changed = []
        if least > lows[whole]:
            lows[whole] = least
            changed.append(whole)
        if not open_parts and most < highs[whole]:
            highs[whole] = most
            changed.append(whole)
        for part in parts:
            if lows[part] == highs[part]:
                continue
            top = highs[whole] - (least - lows[part])
            if top < highs[part]:
                if highs[part] != math.inf:
                    most -= highs[part] - top
                else:
                    open_parts.remove(part)
                    most += top
                highs[part] = top
                changed.append(part)
            if not open_parts or open_parts == [part]:
                others = most - (highs[part] if highs[part] != math.inf else 0)
                bottom = lows[whole] - others
                if bottom > lows[part]:
                    least += bottom - lows[part]
                    lows[part] = bottom
                    changed.append(part)
        return changed

    def reached(
        self, low: Sequence[float], high: Sequence[float], asked: Mapping[int, float]
    ) -> dict[int, float]:
        """How far apart the least and the greatest of places lie, for those not far enough.

        Args:
            low: the least that is known of each.
            high: the greatest.
            asked: the places, and how far apart is far enough.
        """
        return _Programme(self, low, high).short(asked)


class _Programme:
    """The linear programme of what is not known, kept warm between questions."""

    def __init__(self, network: Network, low: Sequence[float], high: Sequence[float]) -> None:
        import highspy
        import numpy as np

        self._np = np
        free = [i for i in range(len(low)) if low[i] != high[i]]
        self._at = {place: i for i, place in enumerate(free)}
        numbers = {n for place in free for n in network.touching[place]}
        starts, index, value, sums = [0], list[int](), list[float](), list[float]()
        for number in sorted(numbers):
            whole, parts = network.equations[number]
            fixed = 0.0
            for place, sign in ((whole, -1.0), *((part, 1.0) for part in parts)):
                if place in self._at:
                    index.append(self._at[place])
                    value.append(sign)
                else:
                    fixed += sign * low[place]
            sums.append(-fixed)
            starts.append(len(index))
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(free), len(sums)
        model.col_cost_ = np.zeros(len(free))
        model.col_lower_ = np.array([low[place] for place in free], dtype=float)
        tops = [high[place] for place in free]
        model.col_upper_ = np.array(
            [highspy.kHighsInf if top == math.inf else top for top in tops], dtype=float
        )
        model.row_lower_ = model.row_upper_ = np.array(sums, dtype=float)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(value, dtype=float)
        self._solver = _solver(highspy)
        self._solver.passModel(model)
        self._statuses = highspy.HighsModelStatus
        self._least: Any = np.full(len(free), math.inf)
        self._most: Any = np.full(len(free), -math.inf)

    def short(self, asked: Mapping[int, float]) -> dict[int, float]:
        """Those that lie less far apart than is asked."""
        found = {}
        for place, needed in asked.items():
            at = self._at.get(place)
            if at is None:
                found[place] = 0.0
                continue
            if self._seen(at) >= needed:
                continue
            endless = not self._ask(at, 1.0)
            if self._seen(at) < needed and not endless:
                endless = not self._ask(at, -1.0)
            width = math.inf if endless else self._seen(at)
            if width < needed:
                found[place] = width
        return found

    def _seen(self, at: int) -> float:
        return math.floor(self._most[at] + _NEAR) - math.ceil(self._least[at] - _NEAR) if (
            self._most[at] >= self._least[at]
        ) else -1.0  # fmt: skip

    def _ask(self, at: int, sense: float) -> bool:
        """Look for the least (1.0) or the greatest (-1.0) of a place; False: there is no end."""
        self._solver.changeColCost(at, sense)
        self._solver.run()
        status = self._solver.getModelStatus()
        where = self._np.array(self._solver.getSolution().col_value)
        self._solver.changeColCost(at, 0.0)
        if status == self._statuses.kOptimal:
            self._least = self._np.minimum(self._least, where)
            self._most = self._np.maximum(self._most, where)
            return True
        # An unbounded place has no greatest value. Where no numbers fit, nothing may be concluded,
        # so the place counts as told.
        return status not in {self._statuses.kUnbounded, self._statuses.kUnboundedOrInfeasible}


def _solver(highspy: Any) -> Any:
    solver = highspy.Highs()
    for name, setting in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
        solver.setOptionValue(name, setting)
    return solver
