"""Which further cells are hidden so that those hidden for themselves cannot be worked out.

First the cheapest pattern, by whole-number programming with cuts (Fischetti and Salazar-González):
hide, see which cell cannot move far enough, add what it lacks, hide again. When time runs out, the
fallback hides the cheapest cells of each cut one after another; that is safe too, and hides more.
"""

import time
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from sightline.stats.disclosure.lattice import Lattice
from sightline.stats.disclosure.profiles import Zeros
from sightline.stats.disclosure.room import Cut, Master, Room
from sightline.stats.disclosure.swapping import Swaps


class Method(StrEnum):
    """How the further cells were chosen."""

    NOTHING = "nothing hidden"
    OPTIMAL = "optimal"
    FALLBACK = "fallback"
    WITHHELD = "withheld"


@dataclass(frozen=True)
class Pattern:
    """What is hidden: places of a lattice, and what an outsider may know of zeros."""

    hidden: frozenset[int]
    zeros_known: bool
    spare: int
    method: Method


def choose(
    lattice: Lattice, primary: Collection[int], *, until: float, use_zeros: bool = False
) -> Pattern | None:
    """The cells to hide so that each that is hidden keeps its room; None: nothing does.

    Args:
        lattice: the table.
        primary: places hidden in any case.
        until: on the clock of `time.monotonic`, when to go over to the fallback.
        use_zeros: whether zeros may be hidden to protect others from the start.
    """
    for zeros in (True,) if use_zeros else (False, True):
        found = _choose(lattice, frozenset(primary), until, zeros=zeros)
        if found is not None:
            return found
    return None


def _choose(
    lattice: Lattice, primary: frozenset[int], until: float, *, zeros: bool
) -> Pattern | None:
    values, published = lattice.values, lattice.published
    unpublished = {i for i in range(len(values)) if not published[i]}
    free = {i for i in range(len(values)) if published[i] and (zeros or values[i])} - primary
    all_shown = lattice.profile.zeros is Zeros.SHOW
    zeros_known = (
        all_shown and not zeros and not any(published[i] and not values[i] for i in primary)
    )
    spare = 2 if zeros and all_shown else 0
    room = Room(lattice, zeros_known=zeros_known, spare=spare)
    forced = primary | unpublished
    room.hide(forced | free)
    if any(room.cut(place) for place in sorted(primary)):
        return None
    if not primary:
        return Pattern(frozenset(), zeros_known, 0, Method.NOTHING)
    hidden, done = _cheapest(lattice, room, primary, forced, free, until)
    method = Method.OPTIMAL if done else Method.FALLBACK
    if not done:
        repaired = _one_by_one(lattice, room, primary, hidden, free)
        if repaired is None:
            return None
        hidden = repaired
    return Pattern(frozenset(i for i in hidden if published[i]), zeros_known, spare, method)


def _pairs(lattice: Lattice, places: Collection[int]) -> list[Cut]:
    """In a sum with one of these hidden, another of it is: what most cuts would come to say."""
    if lattice.profile.rounding > 1:
        return []
    wanted = set(places)
    cuts = []
    for line in lattice.sums:
        cells = (line.total, *line.parts)
        if all(lattice.published[cell] for cell in cells):
            cuts += [
                Cut({other: 1.0 for other in cells if other != cell}, 1.0, cell)
                for cell in cells
                if cell in wanted
            ]
    return cuts


def _cheapest(
    lattice: Lattice,
    room: Room,
    primary: frozenset[int],
    forced: frozenset[int],
    free: set[int],
    until: float,
) -> tuple[set[int], bool]:
    """The cheapest pattern, and True; or how far it came when time ran out, and False."""
    master = Master(lattice, forced, free)
    paired: set[int] = set()
    hidden = set(forced)
    while True:
        fresh = {i for i in hidden if lattice.published[i]} - paired
        pairs = _pairs(lattice, fresh)
        for cut in pairs:
            master.add(cut)
        paired |= fresh
        if not pairs or all(cut.missing(hidden) <= 0 for cut in pairs):
            room.hide(hidden)
            cuts = []
            for place in sorted(hidden, key=lambda i: (i not in primary, i)):
                if time.monotonic() > until:
                    return hidden, False
                if place in primary or lattice.published[place]:
                    lacking = room.cut(place)
                    cuts += [lacking] if lacking else []
            if not cuts:
                return hidden, True
            for cut in cuts:
                master.add(cut)
        found = master.best(until)
        if found is None:
            return hidden, False
        hidden = found


def _one_by_one(
    lattice: Lattice, room: Room, primary: frozenset[int], begun: set[int], free: set[int]
) -> set[int] | None:
    """Hide the cheapest swap for each cell without room; failing that, the cheapest of a cut.

    Hiding more never takes room away, so each is looked at until it is safe, and not again.
    """
    hidden, safe = set(begun), set[int]()
    swaps = Swaps(lattice, free, room.needs, zeros_known=room.zeros_known)
    swaps.hide(hidden)
    room.hide(hidden)
    waiting = deque(sorted(primary, key=lambda i: (-lattice.weights[i], i)))
    waiting.extend(sorted(i for i in hidden - primary if lattice.published[i]))
    while waiting:
        place = waiting.popleft()
        while place not in safe and (cut := room.cut(place)) is not None:
            more = swaps.cheapest(place)
            if more is not None:
                safe |= {i for i in more if room.needs[i] <= room.needs[place]} | {place}
                more -= hidden
            else:
                more = _cover(lattice, cut, hidden, free)
                if not more:
                    return None
            hidden |= more
            waiting.extend(sorted(more))
            swaps.hide(more)
            room.hide(hidden)
    return hidden


def _cover(lattice: Lattice, cut: Cut, hidden: set[int], free: set[int]) -> set[int]:
    """The cheapest free cells that give what is missing, or all that give anything."""
    chosen: set[int] = set()
    missing = cut.missing(hidden)
    can = [place for place in cut.gives if place in free and place not in hidden]
    while missing > 1e-6 and can:  # noqa: PLR2004
        wanted = missing

        def price(place: int, wanted: float = wanted) -> float:
            return lattice.weights[place] / min(cut.gives[place], wanted)

        best = min(can, key=price)
        can.remove(best)
        chosen.add(best)
        missing -= cut.gives[best]
    return chosen
