"""An outsider who works back from what is shown to what is hidden, and says what can be told.

Shares no code with what protects; see `attacker_model` for what is known. Linear programming gives
the least and the greatest of each hidden count; whole-number programming answers where that leaves
it open. A count whose range is wide enough is shown to be so by two whole tables that fit
everything that is known.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sightline.stats.disclosure.attacker_model import (
    Fact,
    Knowledge,
    Percentage,
    Place,
    Question,
    TooManyUnknowns,
)
from sightline.stats.disclosure.shown_tables import ShownTable

_NEAR = 1e-5
_ENOUGH = 1e-6


@dataclass(frozen=True)
class Told:
    """Something that can be told: a hidden cell, or (`besides`) what another table lacks of it.

    Attributes:
        at: number of the table, and the cell.
        least, most: what it can be; None: no limit.
        needed: how much they should lie apart.
        besides: number of the table whose figures are taken off, or None.
        because: shown cells that tell it.
    """

    at: Place
    least: int
    most: int | None
    needed: int
    besides: int | None
    because: frozenset[Place]

    @property
    def name(self) -> tuple[Place, int | None]:
        """The same in every attack that tells it."""
        return self.at, self.besides


@dataclass(frozen=True)
class Attack:
    """What came of it.

    Attributes:
        told: everything that can be told and should not be.
        looked_at: how many hidden counts and differences were tried.
        by_integers: for how many linear programming left it open.
        unsettled: for how many time ran out; they are in `told` as well.
        contradicts: the tables contradict each other, so nothing can be said.
    """

    told: tuple[Told, ...]
    looked_at: int
    by_integers: int
    unsettled: int
    contradicts: bool


def attack(
    tables: Sequence[ShownTable],
    percentages: Sequence[Percentage] = (),
    *,
    seconds: float = 300.0,
) -> Attack:
    """Try to tell the hidden counts of tables of the same people, knowing all of them.

    Args:
        tables: what has been released.
        percentages: what else stands beside them.
        seconds: after that, what is open counts as told.

    Returns:
        What can be told: a hidden count to within less than its threshold, a difference of two
        tables that is certainly small.
    """
    try:
        mind = _Mind(Knowledge(tables, percentages), time.monotonic() + seconds)
        return mind.attack()
    except _Contradiction:
        return Attack((), 0, 0, 0, contradicts=True)
    except TooManyUnknowns:
        return Attack((), 0, 0, 1, contradicts=False)


def bounds(
    tables: Sequence[ShownTable], percentages: Sequence[Percentage] = ()
) -> dict[Place, tuple[int, int | None]]:
    """The least and the greatest whole number that each hidden cell can be (None: no limit).

    Raises:
        ValueError: the tables contradict each other.
    """
    mind = _Mind(Knowledge(tables, percentages), time.monotonic() + 600.0)
    try:
        return {q.at: mind.range_of(i) for i, q in enumerate(mind.questions) if q.besides is None}
    except _Contradiction:
        raise ValueError(
            "The tables contradict each other; they do not count the same people."
        ) from None


class _Contradiction(Exception):
    """No whole table fits what is known."""


class _Mind:
    """The knowledge taken apart into blocks that have nothing to do with each other."""

    def __init__(self, known: Knowledge, until: float) -> None:
        self.questions = known.questions
        self._until = until
        self.by_integers = self.unsettled = 0
        fixed, facts, self._shown_at = _settled(known)
        self._fixed = fixed
        largest = max((fact.high or 0.0 for fact in known.facts), default=0.0)
        self.cap = 2.0 * largest + 1000.0
        self._parts: list[list[tuple[_Block, int]]] = [[] for _ in self.questions]
        self._base = [
            round(sum(fixed.get(unknown, 0.0) for unknown in question.unknowns))
            for question in self.questions
        ]
        free = [question.unknowns - fixed.keys() for question in self.questions]
        self._make_blocks(facts, free)

    def _make_blocks(self, facts: list[Fact], free: list[frozenset[int]]) -> None:
        everything = {u for fact in facts for u in fact.terms} | {u for f in free for u in f}
        root = _joined(everything, facts)
        members: dict[int, list[int]] = {}
        for unknown in sorted(everything):
            members.setdefault(root(unknown), []).append(unknown)
        own: dict[int, list[Fact]] = {name: [] for name in members}
        for fact in facts:
            own[root(next(iter(fact.terms)))].append(fact)
        asked: dict[int, list[tuple[int, frozenset[int]]]] = {name: [] for name in members}
        for number, unknowns in enumerate(free):
            split: dict[int, set[int]] = {}
            for unknown in unknowns:
                split.setdefault(root(unknown), set()).add(unknown)
            for name, part in split.items():
                asked[name].append((number, frozenset(part)))
        for name, unknowns_of in members.items():
            if asked[name]:
                block = _Block(unknowns_of, own[name], [p for _, p in asked[name]], self)
                for place, (number, _) in enumerate(asked[name]):
                    self._parts[number].append((block, place))

    def left(self) -> float:
        """Seconds left."""
        return self._until - time.monotonic()

    def range_of(self, number: int) -> tuple[int, int | None]:
        """The least and the greatest of a question."""
        least = most = self._base[number]
        endless = False
        for block, place in self._parts[number]:
            low, high = block.least(place), block.most(place)
            endless |= high >= self.cap - 1
            least, most = least + low, most + high
        return least, None if endless else most

    def _is_safe(self, number: int, question: Question) -> bool:
        if question.besides is not None:
            lows = (block.seen_least(place) for block, place in self._parts[number])
            return bool(self._parts[number]) and self._base[number] + sum(lows) < 1
        return any(block.seen(place) >= question.needed for block, place in self._parts[number])

    def _linear(self, number: int) -> tuple[float, float]:
        low = high = float(self._base[number])
        for block, place in self._parts[number]:
            low += block.linear(place, 1.0)
            high += block.linear(place, -1.0)
        return low, high

    def attack(self) -> Attack:
        """Ask everything."""
        told = []
        for number, question in enumerate(self.questions):
            if self._is_safe(number, question):
                continue
            found = self._ask(number, question)
            told += [found] if found else []
        return Attack(
            tuple(told), len(self.questions), self.by_integers, self.unsettled, contradicts=False
        )

    def _ask(self, number: int, question: Question) -> Told | None:
        low, high = self._linear(number)
        least, most = math.ceil(low - _NEAR), math.floor(high + _NEAR)
        if question.besides is None:
            if most - least >= question.needed and not self._is_safe(number, question):
                self.by_integers += 1
                try:
                    least, ended = self.range_of(number)
                    most = round(self.cap) if ended is None else ended
                except TimeoutError:
                    self.unsettled += 1
                    most = least
            bad = most - least < question.needed
        else:
            bad = least >= 1 and most < question.needed
        if not bad:
            return None
        because: set[Place] = set()
        for block, _ in self._parts[number]:
            because |= block.because
        for unknown in question.unknowns & self._fixed.keys():
            because |= self._shown_at[unknown]
        return Told(question.at, least, most, question.needed, question.besides, frozenset(because))


def _settled(
    known: Knowledge,
) -> tuple[dict[int, float], list[Fact], dict[int, set[Place]]]:
    """The unknowns that are shown as they are, the facts with those taken out, and where."""
    fixed: dict[int, float] = {}
    shown_at: dict[int, set[Place]] = {}
    for fact in known.facts:
        if len(fact.terms) == 1 and fact.low is not None and fact.low == fact.high:
            ((unknown, times),) = fact.terms.items()
            value = fact.low / times
            if fixed.setdefault(unknown, value) != value:
                raise _Contradiction
            shown_at.setdefault(unknown, set()).update(fact.told_by)
    kept: dict[tuple[tuple[int, float], ...], Fact] = {}
    for fact in known.facts:
        taken = sum(times * fixed[u] for u, times in fact.terms.items() if u in fixed)
        terms = {u: times for u, times in fact.terms.items() if u not in fixed}
        low = None if fact.low is None else fact.low - taken
        high = None if fact.high is None else fact.high - taken
        if not terms:
            if (low or 0.0) > _NEAR or (high or 0.0) < -_NEAR:
                raise _Contradiction
            continue
        because = set(fact.told_by)
        for unknown in fact.terms.keys() & fixed.keys():
            because |= shown_at[unknown]
        name = tuple(sorted(terms.items()))
        held = kept.setdefault(name, Fact(terms, low, high, set()))
        held.low = low if held.low is None else held.low if low is None else max(held.low, low)
        held.high = (
            high if held.high is None else held.high if high is None else min(held.high, high)
        )
        held.told_by |= because
        if held.low is not None and held.high is not None and held.low > held.high + _NEAR:
            raise _Contradiction
    return fixed, list(kept.values()), shown_at


def _joined(everything: set[int], facts: list[Fact]) -> Any:
    above = {unknown: unknown for unknown in everything}

    def root(unknown: int) -> int:
        while above[unknown] != unknown:
            above[unknown] = above[above[unknown]]
            unknown = above[unknown]
        return unknown

    for fact in facts:
        first, *others = fact.terms
        for other in others:
            above[root(other)] = root(first)
    return root


class _Block:
    """Unknowns that hang together, the facts about them, and a solver kept warm."""

    def __init__(
        self, unknowns: list[int], facts: list[Fact], asked: list[frozenset[int]], mind: _Mind
    ) -> None:
        import highspy
        import numpy as np

        self._np, self._highspy, self._mind = np, highspy, mind
        self._place = {unknown: i for i, unknown in enumerate(unknowns)}
        self._facts = facts
        self._asked = [np.array([self._place[u] for u in part], dtype=np.int32) for part in asked]
        self._flat = np.concatenate(self._asked)
        self._starts = np.cumsum([0, *(len(part) for part in self._asked[:-1])])
        self._low: Any = None
        self._high: Any = None
        self._exact: dict[tuple[int, float], int] = {}
        self._whole: Any = None
        self.because: set[Place] = set()
        self._solver = self._new(whole=False)

    def _new(self, *, whole: bool) -> Any:
        np, highspy = self._np, self._highspy
        solver = highspy.Highs()
        for name, setting in {"output_flag": False, "threads": 1, "random_seed": 0}.items():
            solver.setOptionValue(name, setting)
        starts, index = [0], list[int]()
        value, low, high = list[float](), list[float](), list[float]()
        for fact in self._facts:
            index += [self._place[u] for u in fact.terms]
            value += list(fact.terms.values())
            starts.append(len(index))
            low.append(-highspy.kHighsInf if fact.low is None else fact.low)
            high.append(highspy.kHighsInf if fact.high is None else fact.high)
        size = len(self._place)
        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = size, len(self._facts)
        model.col_cost_, model.col_lower_ = np.zeros(size), np.zeros(size)
        model.col_upper_ = np.full(size, self._mind.cap)
        model.row_lower_, model.row_upper_ = np.array(low), np.array(high)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(index, dtype=np.int32)
        model.a_matrix_.value_ = np.array(value, dtype=float)
        if whole:
            solver.setOptionValue("mip_rel_gap", 0.0)
            model.integrality_ = [highspy.HighsVarType.kInteger] * size
        solver.passModel(model)
        return solver

    def seen(self, place: int) -> float:
        """How far apart a question has been seen in whole tables."""
        return 0.0 if self._low is None else float(self._high[place] - self._low[place])

    def seen_least(self, place: int) -> float:
        """The least a question has been seen to be in a whole table."""
        return math.inf if self._low is None else float(self._low[place])

    def linear(self, place: int, sense: float) -> float:
        """The least (1.0) or the greatest (-1.0) by linear programming."""
        where, duals = self._run(self._solver, place, sense)
        if sense > 0:
            self.because = set()
        for number in self._np.flatnonzero(abs(duals) > _ENOUGH):
            self.because |= self._facts[int(number)].told_by
        much = float(where[self._asked[place]].sum())
        if self._note(where):
            self._exact[(place, sense)] = round(much)
        return much

    def _run(self, solver: Any, place: int, sense: float) -> tuple[Any, Any]:
        np = self._np
        part = self._asked[place]
        solver.changeColsCost(len(part), part, np.full(len(part), sense))
        solver.run()
        status, kinds = solver.getModelStatus(), self._highspy.HighsModelStatus
        found = solver.getSolution()
        where, prices = np.array(found.col_value), np.array(found.row_dual)
        solver.changeColsCost(len(part), part, np.zeros(len(part)))
        if status == kinds.kInfeasible:
            raise _Contradiction
        if status != kinds.kOptimal:
            raise TimeoutError
        return where, prices

    def _note(self, where: Any) -> bool:
        """Keep a table that fits, if it is of whole numbers."""
        np = self._np
        whole = np.rint(where)
        if float(abs(where - whole).max()) > _NEAR:
            return False
        much = np.add.reduceat(whole[self._flat], self._starts)
        self._low = much if self._low is None else np.minimum(self._low, much)
        self._high = much if self._high is None else np.maximum(self._high, much)
        return True

    def least(self, place: int) -> int:
        """The least whole number."""
        return self._whole_number(place, 1.0)

    def most(self, place: int) -> int:
        """The greatest whole number."""
        return self._whole_number(place, -1.0)

    def _whole_number(self, place: int, sense: float) -> int:
        if (place, sense) not in self._exact:
            self.linear(place, sense)
        if (place, sense) not in self._exact:
            if self._whole is None:
                self._whole = self._new(whole=True)
            left = self._mind.left()
            if left <= 0:
                raise TimeoutError
            self._whole.setOptionValue("time_limit", self._whole.getRunTime() + left)
            where, _ = self._run(self._whole, place, sense)
            self._note(where)
            self._exact[(place, sense)] = round(float(where[self._asked[place]].sum()))
        return self._exact[(place, sense)]
