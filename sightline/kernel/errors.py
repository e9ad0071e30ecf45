"""Errors meant for people: each says what is wrong, where, and what puts it right.

Every family has an exit status, so that a job's failure is known without its log.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


class SightlineError(Exception):
    """Anything a person should read. `status` is the exit status of a command that meets it."""

    status: ClassVar[int] = 1


class BadInput(SightlineError):
    """What was given cannot be used: a file, a value, an address."""

    status: ClassVar[int] = 3


class BadDefinition(BadInput):
    """A definition file cannot be used."""

    status: ClassVar[int] = 4


class BadSettings(SightlineError):
    """The settings of this installation are missing or odd."""

    status: ClassVar[int] = 5


class NotAllowed(SightlineError):
    """Yours, but not now: the message is the reason, in words for the person."""

    status: ClassVar[int] = 6


class NotFound(SightlineError):
    """There is no such thing, or it is not yours to see (one answer for both)."""

    status: ClassVar[int] = 7


class NotPermitted(SightlineError):
    """Yours to see, but not yours to do. `permission` names what is missing."""

    status: ClassVar[int] = 8

    def __init__(self, message: str, *, permission: str = "") -> None:
        super().__init__(message)
        self.permission = permission


class NotAvailable(SightlineError):
    """Something this needs is not installed or not running here."""

    status: ClassVar[int] = 9


@dataclass(frozen=True)
class Fault:
    """One thing wrong in what was given.

    `where` is a place the person can find (a field path, a line, a cell); `what` says what is
    wrong there; `mend` says what puts it right.
    """

    where: str
    what: str
    mend: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}" if self.where else self.what
        return f"{sentence} {self.mend}".rstrip()


class Faults(BadInput):
    """Everything wrong in one thing that was given, listed at once; nothing of it was kept."""

    def __init__(self, thing: str, faults: Iterable[Fault]) -> None:
        self.thing = thing
        self.faults = tuple(faults)
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        super().__init__(f"{thing} cannot be used:\n{lines}")
