"""Who acts: a signed-in person, or the command line of the machine.

The one acting now is kept in a context variable; the database backends hand it to the audit
triggers, and refuse a write that nobody is answerable for.
"""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias, Union

if TYPE_CHECKING:
    from sightline.access.models import User


@dataclass(frozen=True)
class CommandLine:
    """Somebody with a shell on the machine, running `sightline NOUN VERB`.

    They could read the database file itself, so commands are not asked for permissions; what they
    do is recorded under the operating-system account.
    """

    account: str

    @property
    def audit_name(self) -> str:
        """How the audit trail names this actor."""
        return f"command:{self.account}"


Actor: TypeAlias = Union["User", CommandLine]  # not text: `Actor | str` must work at run time

_acting: ContextVar[str] = ContextVar("sightline_acting", default="")


def command_line() -> CommandLine:
    """The actor of a management command run by hand or by a schedule."""
    return CommandLine(getpass.getuser())


def acting_name() -> str:
    """The audit name of whoever acts now, or the empty text when nobody does."""
    return _acting.get()


@contextmanager
def acting_as(actor: "Actor | str") -> Iterator[None]:
    """Make `actor` answerable for every write in the block."""
    name = actor if isinstance(actor, str) else actor.audit_name
    token = _acting.set(name)
    try:
        yield
    finally:
        _acting.reset(token)
