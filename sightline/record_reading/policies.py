"""What a round of record reading still needs, and what may be done in the state it is in."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sightline.kernel.errors import BadInput, NotAllowed
from sightline.record_reading import queries
from sightline.record_reading.models import Reader, Reading, Round

SMALLEST_BASE: Final = 3
A_PAIR: Final = 2
ALL: Final = 100
SHOWN: Final = 10
"""How many of a list a sentence names."""
TASKS: Final[Mapping[str, str]] = {
    "set-up": "What is read, when and how",
    "return": "The return of children in scope",
    "sample": "The sample",
    "readers": "Readers, pairs and conflicts of interest",
    "allocation": "Who reads which record",
    "support": "What readers are told, and whom they can turn to",
    "destruction": "When what was read is deleted",
}
"""The tasks of preparing a round, in order, with what they are called."""


@dataclass(frozen=True)
class Missing:
    """Something that must be there before a round opens, and the task it belongs to."""

    task: str
    what: str


@dataclass(frozen=True)
class Ready:
    """A round with what deciding about it needs: counts, and who reads.

    Attributes:
        round: which.
        returned: a return is there.
        drawn: records to be read; None before a sample is drawn.
        readers: who reads now.
        allotted: records of these that somebody reads.
    """

    round: Round
    returned: bool
    drawn: int | None
    readers: tuple[Reader, ...]
    allotted: int


def ready(round: Round) -> Ready:
    """A round with what deciding about it needs."""
    sample = queries.sample_of(round)
    first = queries.readings_in(round).filter(part=1)
    return Ready(
        round,
        returned=queries.snapshot_of(round) is not None,
        drawn=queries.to_read(round).count() if sample else None,
        readers=tuple(queries.readers_of(round)),
        allotted=first.count() if sample else 0,
    )


def missing(held: Ready, today: dt.date) -> tuple[Missing, ...]:
    """Everything a round lacks before it can open, in the order of the tasks."""
    found = [Missing(task, what) for task, what in _missing(held, today)]
    return tuple(sorted(found, key=lambda one: list(TASKS).index(one.task)))


def _missing(held: Ready, today: dt.date) -> Iterator[tuple[str, str]]:
    round = held.round
    if not (round.reads_from and round.reads_until):
        yield "set-up", "Say on which days records are read."
    if not held.returned:
        yield "return", "Send the return of children in scope."
    if held.drawn is None:
        yield "sample", "Draw the sample."
    elif not held.drawn:
        yield "sample", "The sample has no record that is to be read."
    if not held.readers:
        yield "readers", "Name at least one reader."
    elif held.drawn and (left := held.drawn - held.allotted):
        yield "allocation", (
            "Allot the records to the readers." if not held.allotted
            else f"{left} {'record has' if left == 1 else 'records have'} no reader. Allot "
            f"{'it' if left == 1 else 'them'}, or name another reader."
        )  # fmt: skip
    if not round.content_note:
        yield "support", "Write what readers are told about what they will read."
    if not round.supervisor:
        yield "support", "Say whom a reader can turn to, and how."
    yield from _destruction(round, today)


def _destruction(round: Round, today: dt.date) -> Iterator[tuple[str, str]]:
    if round.destroy_on is None:
        yield "destruction", "Say when what was read is deleted."
    elif round.destroy_on <= today:
        yield "destruction", "The day on which what was read is deleted is not in the future."


def warnings(held: Ready) -> tuple[str, ...]:
    """What stops nothing and should be known: pairs that are none, training that is not noted."""
    by_pair: dict[int, list[Reader]] = {}
    for reader in held.readers:
        if reader.pair is not None:
            by_pair.setdefault(reader.pair, []).append(reader)
    found = []
    for reader in held.readers:
        beside = by_pair.get(reader.pair or -1, [])
        local = reader.kind == Reader.Kind.LOCAL
        if local and not any(one.kind != Reader.Kind.LOCAL for one in beside):
            found.append(
                f"{reader.person.name} is a local reader without an inspector beside them."
            )
        if reader.trained_on is None:
            found.append(f"Nobody has noted the training of {reader.person.name}.")
    found += [
        f"Pair {pair} has {len(held_by)} readers; a pair has two."
        for pair, held_by in sorted(by_pair.items())
        if len(held_by) > A_PAIR
    ]
    return tuple(found)


def some(names: Sequence[str]) -> str:
    """The first few of a list, and that there are more."""
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")


# What may be done now.


def check_can_set_up(round: Round) -> None:
    """Settings are changed until the round is locked.

    Raises:
        NotAllowed: it is locked, or what was read is deleted.
    """
    check_not_destroyed(round)
    if round.state == Round.State.LOCKED:
        raise NotAllowed(
            f"“{round.title}” is locked, so nothing about it changes. Somebody who leads it can "
            "open it again."
        )


def check_not_destroyed(round: Round) -> None:
    """What was read is still there, or will come.

    Raises:
        NotAllowed: it was deleted.
    """
    if round.state == Round.State.DESTROYED:
        raise NotAllowed(f"What was read in “{round.title}” has been deleted.")


def check_days(starts: dt.date | None, ends: dt.date | None, destroyed: dt.date | None) -> None:
    """Days in their order.

    Raises:
        BadInput: the last day is before the first, or what was read is deleted before it is read.
    """
    if starts and ends and starts > ends:
        raise BadInput("The last day of reading must be the first day or later.")
    if ends and destroyed and destroyed <= ends:
        raise BadInput(
            "What was read is deleted after the last day of reading, so choose a later day."
        )


def check_can_open(held: Ready, today: dt.date) -> None:
    """A round that is being prepared, with nothing missing.

    Raises:
        NotAllowed: it is open or locked already, or the list of what is missing.
    """
    check_can_set_up(held.round)
    if held.round.state == Round.State.READING:
        raise NotAllowed(f"“{held.round.title}” is open already.")
    if found := missing(held, today):
        raise NotAllowed(
            "Reading cannot begin yet. " + " ".join(dict.fromkeys(one.what for one in found))
        )


def check_is_reading(round: Round) -> None:
    """Records are read now.

    Raises:
        NotAllowed: they are not.
    """
    check_can_set_up(round)
    if round.state != Round.State.READING:
        raise NotAllowed(f"“{round.title}” has not been opened.")


def check_is_locked(round: Round) -> None:
    """Its answers no longer change, and are there.

    Raises:
        NotAllowed: they do, or were deleted.
    """
    check_not_destroyed(round)
    if round.state != Round.State.LOCKED:
        raise NotAllowed(f"“{round.title}” is not locked.")


def check_can_destroy(round: Round, today: dt.date) -> None:
    """Locked and counted, or given up before anything was read, or its day has come.

    Raises:
        NotAllowed: records are being read, or locked and not counted yet, or what was read is
            deleted already.
    """
    check_not_destroyed(round)
    if round.state == Round.State.LOCKED and not is_counted(round):
        raise NotAllowed(
            f"What was read in “{round.title}” has not been counted yet, and deleting it would "
            "lose what it showed. It is counted once it is locked; look at it again in a while. "
            "If it is still not counted then, open it again and lock it anew."
        )
    due = round.destroy_on is not None and round.destroy_on <= today
    if round.state == Round.State.READING and not due:
        raise NotAllowed(
            f"Records of “{round.title}” are being read. What was read is deleted once the round "
            "is locked."
        )


def is_counted(round: Round) -> bool:
    """Whether what a locked round showed has been counted."""
    return bool(round.results.get("counted"))


def check_can_move(reading: Reading) -> None:
    """A reading can be given to somebody else until it is handed in.

    Raises:
        NotAllowed: it is handed in.
    """
    if reading.state == Reading.State.COMPLETE:
        raise NotAllowed(
            f"The reading of {reading.record.label} has been handed in, so it stays with "
            f"{reading.reader.person.name}."
        )
