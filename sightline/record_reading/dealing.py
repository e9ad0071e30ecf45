"""Who reads which record: dealt by chance, evenly, and to nobody whom it is closed to.

Pure. The same cards, seats and seed give the same deal on every machine, because chance here is a
hash of the seed and the reading number. A record read twice goes to both of a pair; one read once
goes to whoever has least, and of a pair's two therefore to one after the other. When all are dealt,
records read once are moved on along chains of readers until no reader has two more than another,
as far as conflicts of interest allow.
"""

import hashlib
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

FIRST: Final = 1
SECOND: Final = 2


@dataclass(frozen=True)
class Card:
    """One record to be dealt.

    Attributes:
        number: its reading number.
        stratum: of the sample.
        closed_to: readers who may not open it.
        twice: already chosen to be read by two; None where that is still to be chosen.
    """

    number: int
    stratum: str
    closed_to: frozenset[str] = frozenset()
    twice: bool | None = None


@dataclass(frozen=True)
class Seat:
    """One reader: a key, the pair they are of (None: of none), and what they hold already."""

    reader: str
    pair: int | None = None
    held: int = 0


@dataclass(frozen=True)
class Dealt:
    """Who reads what.

    Attributes:
        parts: for each reading number, its readers: the first, and of a record read twice the
            second.
        closed: records that nobody named may open.
        once: records that were to be read twice, and for which there is one reader alone.
    """

    parts: Mapping[int, tuple[str, ...]]
    closed: tuple[int, ...] = ()
    once: tuple[int, ...] = ()


@dataclass
class _Table:
    """What lies where while dealing."""

    seats: Sequence[Seat]
    loads: dict[str, int] = field(default_factory=dict)
    parts: dict[int, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.loads = {seat.reader: seat.held for seat in self.seats}

    def give(self, card: Card, *readers: str) -> None:
        self.parts.setdefault(card.number, []).extend(readers)
        for reader in readers:
            self.loads[reader] += 1

    def pair_load(self, seat: Seat) -> int:
        """What the whole pair holds, so that pairs fill up side by side."""
        if seat.pair is None:
            return self.loads[seat.reader]
        return sum(self.loads[one.reader] for one in self.seats if one.pair == seat.pair)


def chance(seed: str, *what: object) -> str:
    """A place in an order of chance that anybody can work out again."""
    return hashlib.sha256(":".join([seed, *map(str, what)]).encode()).hexdigest()


def share_of(held: int, per_cent: int) -> int:
    """How many of a stratum are read twice: its share rounded to the nearest, one at least."""
    if not per_cent or not held:
        return 0
    return max(1, (2 * held * per_cent + 100) // 200)


def choose_twice(
    cards: Iterable[Card], seats: Sequence[Seat], *, per_cent: int, seed: str
) -> frozenset[int]:
    """The records that are read twice: the share of each stratum, by the seed.

    Records that two of one pair may open come first; one that only a single reader may open is
    never chosen.
    """
    chosen: set[int] = set()
    by_stratum: dict[str, list[Card]] = {}
    for card in cards:
        by_stratum.setdefault(card.stratum, []).append(card)
    for stratum in sorted(by_stratum):
        held = by_stratum[stratum]
        fixed = [card for card in held if card.twice]
        free = [card for card in held if card.twice is None and _open(card, seats, 2)]
        free.sort(key=lambda card: (not _pairs(card, seats), chance(seed, "twice", card.number)))
        wanted = max(0, share_of(len(held), per_cent) - len(fixed))
        chosen |= {card.number for card in (*fixed, *free[:wanted])}
    return frozenset(chosen)


def deal(cards: Sequence[Card], seats: Sequence[Seat], *, per_cent: int, seed: str) -> Dealt:
    """Deal records to readers.

    Args:
        cards: what is to be dealt, in any order.
        seats: every reader, with what they hold already.
        per_cent: of each stratum, the share read twice (0 to 100).
        seed: of the order and the choice.
    """
    order = sorted(cards, key=lambda card: chance(seed, "deal", card.number))
    twice = choose_twice(order, seats, per_cent=per_cent, seed=seed)
    table = _Table(sorted(seats, key=lambda seat: chance(seed, "seat", seat.reader)))
    closed = [card.number for card in order if not _open(card, seats, 1)]
    once = []
    for card in order:
        if card.number not in twice:
            continue
        if two := _two(card, table, seed):
            table.give(card, *two)
        elif card.number not in closed:
            once.append(card.number)
    left = [card for card in order if card.number not in table.parts]
    for card in left:
        if one := _one(card, table):
            table.give(card, one)
    _even_out({card.number: card for card in left}, table)
    return Dealt(
        {number: tuple(table.parts[number]) for number in sorted(table.parts)},
        closed=tuple(sorted(closed)),
        once=tuple(sorted(once)),
    )


def one_more(
    card: Card, seats: Sequence[Seat], *, reading: Collection[str], seed: str
) -> str | None:
    """One more reader for a record that `reading` read already; None where there is nobody."""
    table = _Table(sorted(seats, key=lambda seat: chance(seed, "seat", seat.reader, card.number)))
    shut = card.closed_to | frozenset(reading)
    return _one(Card(card.number, card.stratum, shut), table)


def _open(card: Card, seats: Sequence[Seat], at_least: int) -> bool:
    return sum(seat.reader not in card.closed_to for seat in seats) >= at_least


def _pairs(card: Card, seats: Sequence[Seat]) -> list[tuple[Seat, Seat]]:
    """Two of one pair who may both open it; whoever is of no pair is paired with anybody such."""
    free = [seat for seat in seats if seat.reader not in card.closed_to]
    alone = {seat.reader for seat in seats if _is_alone(seat, seats)}
    lone = len(alone) == 1
    return [
        (one, other)
        for one, other in combinations(free, 2)
        if (one.pair is not None and one.pair == other.pair)
        or (one.reader in alone and other.reader in alone)
        or (lone and {one.reader, other.reader} & alone)
    ]


def _is_alone(seat: Seat, seats: Sequence[Seat]) -> bool:
    return seat.pair is None or sum(one.pair == seat.pair for one in seats) == 1


def _two(card: Card, table: _Table, seed: str) -> tuple[str, str] | None:
    """The two who have least between them: of one pair if that can be."""
    free = [seat for seat in table.seats if seat.reader not in card.closed_to]
    found: list[tuple[Seat, Seat]] = _pairs(card, table.seats) or list(combinations(free, 2))
    if not found:
        return None
    loads = table.loads

    def least(two: tuple[Seat, Seat]) -> tuple[int, int, str]:
        held = [loads[seat.reader] for seat in two]
        return sum(held), max(held), chance(seed, "two", card.number, *(s.reader for s in two))

    two = min(found, key=least)
    one, other = sorted(
        two,
        key=lambda seat: (loads[seat.reader], chance(seed, "first", card.number, seat.reader)),
    )
    return one.reader, other.reader


def _one(card: Card, table: _Table) -> str | None:
    """Whoever has least, of the pair that has least."""
    free = [seat for seat in table.seats if seat.reader not in card.closed_to]
    if not free:
        return None
    least = min(free, key=lambda seat: (table.loads[seat.reader], table.pair_load(seat)))
    return least.reader


def _even_out(movable: Mapping[int, Card], table: _Table) -> None:
    """Move records read once along chains until nobody has two more than another could take."""
    of: dict[str, set[int]] = {seat.reader: set() for seat in table.seats}
    for number in movable:
        for reader in table.parts.get(number, ()):
            of[reader].add(number)
    while chain := _chain(movable, of, table.loads):
        for number, giver, taker in chain:
            of[giver].remove(number)
            of[taker].add(number)
            table.parts[number] = [taker]
        table.loads[chain[0][1]] -= 1
        table.loads[chain[-1][2]] += 1


def _chain(
    movable: Mapping[int, Card], of: Mapping[str, set[int]], loads: Mapping[str, int]
) -> list[tuple[int, str, str]]:
    """Moves (record, from, to) from somebody with most to somebody with two less; none: empty."""
    for giver in sorted(loads, key=lambda reader: (-loads[reader], reader)):
        came: dict[str, tuple[int, str] | None] = {giver: None}
        queue = deque([giver])
        while queue:
            here = queue.popleft()
            if loads[here] <= loads[giver] - 2:
                return _back(came, here)
            for number in sorted(of[here]):
                for taker in loads:
                    if taker not in came and taker not in movable[number].closed_to:
                        came[taker] = (number, here)
                        queue.append(taker)
    return []


def _back(came: Mapping[str, tuple[int, str] | None], end: str) -> list[tuple[int, str, str]]:
    moves = []
    here = end
    while (step := came[here]) is not None:
        number, giver = step
        moves.append((number, giver, here))
        here = giver
    return moves[::-1]
