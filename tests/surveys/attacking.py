"""Somebody who has everything but the keys, and wants to know who answered what.

They have copies of the tables while people answer and afterwards, with row numbers and the order on
the disk; and they have watched the door, so they know in which order people answered. That is more
than a write-ahead log would tell them. At the end they also read every answer, as a published file
of all answers would let them; what they do not have is whose each is.
"""

import random
import re
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

SIGMAS = 5.5
"""How far beyond chance counts: about one in 50 million, for each way of attacking."""


@dataclass(frozen=True)
class Row:
    """A row as it lies: every order it can be put in, its bytes, and (told by nobody) whose."""

    orders: Mapping[str, Any]
    sealed: bytes
    who: int = -1


@dataclass
class Spoils:
    """What the attacker has.

    Attributes:
        invited: people in each order that the table of invitations can be put in.
        watched: people in the order in which they answered.
        backups: the rows of two moments, and how many had answered by then.
        final: the rows at the end.
    """

    invited: dict[str, list[int]]
    watched: list[int]
    backups: list[tuple[int, list[Row]]] = field(default_factory=list)
    final: list[Row] = field(default_factory=list)


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview | bytearray) else value


def lying(table: str) -> list[dict[str, Any]]:
    """Every row of a table with what the database itself knows of it."""
    own = "rowid AS place" if connection.vendor == "sqlite" else "ctid::text AS place, xmin::text"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {own}, {table}.* FROM {table}")  # noqa: S608 - names of ours
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]
    for row in rows:
        if connection.vendor == "postgresql":
            row["place"] = tuple(map(int, re.findall(r"\d+", row["place"])))
            row["xmin"] = int(row["xmin"])
    return rows


def as_rows(table: str, content: str = "content") -> list[Row]:
    """The same as `Row`s."""
    return [
        Row({name: value for name, value in row.items() if name != content}, bytes(row[content]))
        for row in lying(table)
    ]


def orders_of(rows: Sequence[Row]) -> list[str]:
    """Columns that put the rows into an order at all."""
    names = rows[0].orders if rows else ()
    return [name for name in names if len({str(row.orders[name]) for row in rows}) > 1]


def ordered(rows: Sequence[Row], name: str) -> list[Row]:
    """The rows in the order of a column, those that are equal as they lie."""
    return sorted(rows, key=lambda row: row.orders[name])


def guesses(spoils: Spoils) -> Iterator[tuple[str, list[tuple[Row, int]]]]:
    """Every way to say whose each row is: a name, and each row with a person."""
    known = {"watched": spoils.watched, **spoils.invited}
    for column in orders_of(spoils.final):
        rows = ordered(spoils.final, column)
        for name, people in known.items():
            yield f"{column} as {name}", list(zip(rows, people, strict=False))
            yield f"{column} against {name}", list(zip(reversed(rows), people, strict=False))
    yield "by what was in the backups", list(_through_backups(spoils))


def _through_backups(spoils: Spoils) -> Iterator[tuple[Row, int]]:
    """Rows of a backup lie in the order people answered; find each again by id, bytes or length."""
    _, before = spoils.backups[-1]
    people = dict(zip(map(id, ordered(before, "place")), spoils.watched, strict=False))
    alike: tuple[Callable[[Row], Any], ...] = (
        lambda row: row.orders.get("id"),
        lambda row: row.sealed,
        lambda row: len(row.sealed),
    )
    for same in alike:
        there: dict[Any, list[Row]] = {}
        for row in spoils.final:
            there.setdefault(same(row), []).append(row)
        for row in before:
            found = there.get(same(row), [])
            if len(found) == 1:
                yield found[0], people[id(row)]


def rank_correlation(pairs: Sequence[tuple[int, int]]) -> float:
    """Spearman's, of ranks without ties."""
    first = {value: rank for rank, value in enumerate(sorted(one for one, _ in pairs))}
    second = {value: rank for rank, value in enumerate(sorted(two for _, two in pairs))}
    return statistics.correlation(
        [first[one] for one, _ in pairs], [second[two] for _, two in pairs]
    )


@dataclass
class Findings:
    """How many each way got right, and how much further than chance, in sigmas of chance."""

    right: dict[str, int] = field(default_factory=dict)
    links: dict[str, float] = field(default_factory=dict)
    ranks: dict[str, float] = field(default_factory=dict)
    sets: dict[str, float] = field(default_factory=dict)

    @property
    def tried(self) -> int:
        """How many ways there were."""
        return len(self.links) + len(self.ranks) + len(self.sets)

    @property
    def beyond_chance(self) -> dict[str, float]:
        """The ways that worked."""
        every = {**self.links, **self.ranks, **self.sets}
        return {name: value for name, value in every.items() if abs(value) > SIGMAS}


def chance_of_links(size: int, *, seed: int = 6, times: int = 500) -> tuple[float, float]:
    """Mean and standard deviation of right guesses when people are matched with rows at random."""
    dice = random.Random(seed)  # noqa: S311 - chance of the same seed, nothing secret
    people = list(range(size))
    found = []
    for _ in range(times):
        mixed = dice.sample(people, size)
        found.append(sum(one == two for one, two in zip(people, mixed, strict=True)))
    return statistics.mean(found), statistics.stdev(found)


def attack(spoils: Spoils) -> Findings:
    """Try everything."""
    found = Findings()
    size = len(spoils.final)
    mean, spread = chance_of_links(size)
    turn = {who: turn for turn, who in enumerate(spoils.watched)}
    for name, pairs in guesses(spoils):
        right = sum(row.who == who for row, who in pairs)
        found.right[name] = right
        # Links are a Poisson count about one; eleven of them are as rare as 5.5 sigmas.
        found.links[f"links: {name}"] = (right - mean) / spread if right > 11 else 0.0
        if len(pairs) > size // 2:
            correlation = rank_correlation([(turn[row.who], turn[who]) for row, who in pairs])
            found.ranks[f"ranks: {name}"] = correlation * (len(pairs) - 1) ** 0.5
    found.sets = dict(_windows(spoils))
    return found


def _windows(spoils: Spoils) -> Iterator[tuple[str, float]]:
    """Who answered between the two backups, and which rows may be theirs."""
    (first, early), (second, late) = spoils.backups
    people = set(spoils.watched[first:second])
    size, window = len(spoils.final), second - first
    expected = window * window / size
    spread = (expected * (1 - window / size) ** 2 * size / (size - 1)) ** 0.5
    new_ids = {row.orders.get("id") for row in late} - {row.orders.get("id") for row in early}
    new_bytes = {row.sealed for row in late} - {row.sealed for row in early}
    said = {
        "same id": [row for row in spoils.final if row.orders.get("id") in new_ids],
        "same bytes": [row for row in spoils.final if row.sealed in new_bytes],
    }
    for column in orders_of(spoils.final):
        said[f"place by {column}"] = ordered(spoils.final, column)[first:second]
    for name, rows in said.items():
        right = sum(row.who in people for row in rows)
        yield f"window: {name}", (right - expected) / spread if rows else 0.0
