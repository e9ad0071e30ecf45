"""Stratified random samples that anybody can draw again.

`docs/methods/M-11-sampling.md` works one through. A draw depends on frame, plan and seed alone: the
order in which the frame was given, the machine and the release of any library do not matter,
because each record's place comes from a hash of the seed and its reference.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sightline.stats.checking import confidence, finite, whole
from sightline.stats.intervals import LEVEL, z_of

METHOD: Final = "sightline stratified draw 1"
"""Named in each record of a draw. A change in how draws come out is another number here."""


@dataclass(frozen=True)
class Unit:
    """One record that may be drawn: its reference, its stratum, and whose siblings it is of."""

    reference: str
    stratum: str
    family: str = ""


@dataclass(frozen=True)
class Plan:
    """How many to draw.

    Attributes:
        size: how many in all.
        minimum: at least so many from each stratum, or all it has if it has fewer: then `short`
            must say so. By stratum, `minimums` overrides it.
        minimums: minimum of single strata.
        reserves: how many more to name in each stratum, in the order they would step in.
        one_of_a_family: draw at most one of a sibling group, reserves included.
        short: allow a stratum to hold fewer than its minimum; otherwise that is refused.
    """

    size: int
    minimum: int = 0
    minimums: Mapping[str, int] | None = None
    reserves: int = 0
    one_of_a_family: bool = True
    short: bool = False


@dataclass(frozen=True)
class StratumDraw:
    """What came of one stratum.

    Attributes:
        stratum: its name.
        held: records in the frame.
        wanted: how many the plan gave it.
        drawn: references drawn, in the order of the draw.
        reserves: references that step in, first to last.
        passed_over: references that lost their turn to a sibling, with the sibling's reference.
    """

    stratum: str
    held: int
    wanted: int
    drawn: tuple[str, ...]
    reserves: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...]

    @property
    def weight(self) -> float:
        """Records that each drawn record stands for; 0 where none was drawn."""
        return self.held / len(self.drawn) if self.drawn else 0.0


@dataclass(frozen=True)
class Draw:
    """A draw with everything needed to draw it again.

    Attributes:
        method: the name and number of this way of drawing.
        seed: any text; the same seed gives the same draw.
        plan: what was asked.
        frame_size: records in the frame.
        frame_hash: SHA-256 of the frame, whatever order it came in.
        strata: what came of each, by name.
    """

    method: str
    seed: str
    plan: Plan
    frame_size: int
    frame_hash: str
    strata: tuple[StratumDraw, ...]

    @property
    def drawn(self) -> tuple[str, ...]:
        """Every reference drawn, stratum by stratum."""
        return tuple(reference for item in self.strata for reference in item.drawn)


def draw(frame: Sequence[Unit], plan: Plan, *, seed: str) -> Draw:
    """Draw a sample: proportional to the strata, with minimums, siblings apart, reserves in order.

    The size is shared out in proportion to what each stratum holds (largest remainders; ties go to
    the larger stratum, then by name); where a minimum or a small stratum stands against that, the
    others share the rest in proportion. Within a stratum records come in
    the order of a hash of seed and reference. Of a family, the one whose hash is lowest over the
    whole frame keeps its turn, in whichever stratum it is, so that no stratum is favoured.

    Raises:
        ValueError: an empty frame or seed; a reference twice or blank; a plan for more than there
            are; minimums that add up to more than the size; a stratum under its minimum (unless
            `short`), or one that falls short once siblings are kept apart.
    """
    _check_frame(frame, seed)
    reserves = whole("reserves", plan.reserves)
    turns = sorted(frame, key=lambda unit: _turn(seed, unit.reference))
    kept, passed = _one_of_each_family(turns) if plan.one_of_a_family else (turns, [])
    held = Counter(unit.stratum for unit in frame)
    within = Counter(unit.stratum for unit in kept)
    wanted = share_out(plan, held, within)
    strata = []
    for name in sorted(held):
        order = [unit.reference for unit in kept if unit.stratum == name]
        size = wanted[name]
        strata.append(
            StratumDraw(
                stratum=name,
                held=held[name],
                wanted=size,
                drawn=tuple(order[:size]),
                reserves=tuple(order[size : size + reserves]),
                passed_over=tuple((u.reference, by) for u, by in passed if u.stratum == name),
            )
        )
    return Draw(METHOD, seed, plan, len(frame), hash_of(frame), tuple(strata))


def _check_frame(frame: Sequence[Unit], seed: str) -> None:
    if not frame:
        raise ValueError("the frame is empty; there is nobody to draw from.")
    if not seed.strip():
        raise ValueError("the seed is empty; write any words, and keep them with the draw.")
    twice = [name for name, n in Counter(unit.reference for unit in frame).items() if n > 1]
    if twice:
        raise ValueError(f"{', '.join(sorted(twice)[:5])} is in the frame twice; keep it once.")
    if any(not unit.reference.strip() or not unit.stratum.strip() for unit in frame):
        raise ValueError("a record has no reference or no stratum; give each both.")
    texts = (text for u in frame for text in (u.reference, u.stratum, u.family))
    broken = next((text for text in texts if any(letter < " " for letter in text)), None)
    if broken is not None:
        raise ValueError(f"{broken!r} holds a line end or a control character; take it out.")


def _turn(seed: str, reference: str) -> bytes:
    return hashlib.sha256(f"{METHOD}\0{seed}\0{reference}".encode()).digest()


def hash_of(frame: Sequence[Unit]) -> str:
    """SHA-256 of a frame, whatever its order: what a record of a draw is checked against."""
    lines = sorted(f"{unit.reference}\0{unit.stratum}\0{unit.family}" for unit in frame)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _one_of_each_family(turns: Sequence[Unit]) -> tuple[list[Unit], list[tuple[Unit, str]]]:
    first: dict[str, str] = {}
    kept, passed = [], []
    for unit in turns:
        by = first.setdefault(unit.family, unit.reference) if unit.family else unit.reference
        if by == unit.reference:
            kept.append(unit)
        else:
            passed.append((unit, by))
    return kept, passed


def share_out(plan: Plan, held: Mapping[str, int], within: Mapping[str, int]) -> dict[str, int]:
    """How many each stratum gives.

    Args:
        plan: what is asked.
        held: records of each stratum, to which shares are proportional.
        within: how many of them can be drawn, siblings kept apart; never more than `held`.

    Raises:
        ValueError: as `draw`.
    """
    size = whole("size", plan.size, at_least=1)
    room = {name: within.get(name, 0) for name in held}
    if size > sum(room.values()):
        raise ValueError(
            f"{size} are to be drawn and {sum(room.values())} can be, of {sum(held.values())} in "
            "the frame with siblings kept apart; ask for fewer."
        )
    given = _minimums(plan, held, room)
    if sum(given.values()) > size:
        raise ValueError(
            f"the minimums add up to {sum(given.values())}, more than the {size} to be drawn."
        )
    return _proportional(size, held, given, room)


def _proportional(
    size: int, held: Mapping[str, int], least: Mapping[str, int], most: Mapping[str, int]
) -> dict[str, int]:
    """Shares in proportion to `held`, those that would pass a bound held at it.

    Where some are held at a bound, the others share what is left in proportion, so that each of
    their records stands for as many. Whole numbers throughout: equal remainders are equal.
    """
    given: dict[str, int] = {}
    free = dict(held)
    while free:
        left, total = size - sum(given.values()), sum(free.values())
        # How far each would pass a bound, times `total`.
        under = {n: least[n] * total - left * h for n, h in free.items()}
        over = {n: left * h - most[n] * total for n, h in free.items()}
        under = {name: by for name, by in under.items() if by > 0}
        over = {name: by for name, by in over.items() if by > 0}
        if not under and not over:
            break
        # Whichever bound moves more is settled first; the other may come right by itself.
        bound, names = (least, under) if sum(under.values()) >= sum(over.values()) else (most, over)
        for name in names:
            given[name] = bound[name]
            del free[name]
    left, total = size - sum(given.values()), sum(free.values())
    given |= {name: left * n // total for name, n in free.items()}
    order = sorted(free, key=lambda n: (-(left * free[n] % total), -free[n], n))
    for name in order[: size - sum(given.values())]:
        given[name] += 1
    return given


def _minimums(plan: Plan, held: Mapping[str, int], room: Mapping[str, int]) -> dict[str, int]:
    asked = plan.minimums or {}
    strange = sorted(set(asked) - set(held))
    if strange:
        raise ValueError(f"{', '.join(strange)} is no stratum of the frame; check its name.")
    given = {}
    for name in held:
        least = whole(f"minimum of {name}", asked.get(name, plan.minimum))
        if room[name] < least and not plan.short:
            raise ValueError(
                f"{name} can give {room[name]} and its minimum is {least}; lower it, or allow "
                "strata to fall short."
            )
        given[name] = min(least, room[name])
    return given


def redraw(frame: Sequence[Unit], record: Draw) -> Draw:
    """Draw again what a record says, and refuse if anything came out differently.

    Raises:
        ValueError: another method, another frame than the one recorded, or another result.
    """
    if record.method != METHOD:
        raise ValueError(f"it was drawn by {record.method!r}, and this is {METHOD!r}.")
    if hash_of(frame) != record.frame_hash:
        raise ValueError("this is not the frame it was drawn from; use the snapshot of that day.")
    again = draw(frame, record.plan, seed=record.seed)
    if again != record:
        raise ValueError("the draw came out differently; the record has been changed.")
    return again


def size_for(
    margin: float, *, frame: int | None = None, share: float = 0.5, level: float = LEVEL
) -> int:
    """How many to draw so that a share is known to within `margin` on either side.

    Args:
        margin: half of the interval's width, as a share (0.1 for ten per cent either way).
        frame: how many there are, where known: fewer are needed of few.
        share: the share expected; 0.5 needs most.
        level: two-sided confidence.

    Raises:
        ValueError: a margin outside 0 to 0.5, a share outside 0 to 1.

    Source:
        Cochran 1977, with the correction for a finite population; the normal approximation.
    """
    half = finite("margin", margin)
    expected = finite("share", share)
    if not 0 < half <= 0.5 or not 0 < expected < 1:  # noqa: PLR2004 - half of the whole range
        raise ValueError(f"margin is {margin} and share {share}; give shares, such as 0.1 and 0.5.")
    endless = z_of(confidence(level)) ** 2 * expected * (1 - expected) / half**2
    if frame is None:
        return math.ceil(endless - 1e-9)
    size = whole("frame", frame, at_least=1)
    return min(size, math.ceil(endless / (1 + (endless - 1) / size) - 1e-9))
