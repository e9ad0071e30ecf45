"""How far a job is: what the work says, and what it is told back.

The work only sets words and numbers here. Somebody else writes them down (`carrying`), so that
saying how far one is costs nothing, and is seen although the work is in a transaction.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sightline.access.actors import Actor

LONGEST_SAYING: Final = 200


class Interrupted(BaseException):
    """The work is to end here. Not an `Exception`, so that no work swallows it by mistake."""


class Cancelled(Interrupted):
    """Somebody cancelled it."""


class Stopping(Interrupted):
    """The worker is being stopped; the job waits for the next one."""


class Lost(Interrupted):
    """The job is no longer this worker's: it was thought dead, and another has it."""


class Progress:
    """Where the work of one job says how far it is.

    `actor` is whoever started the job: give it to services, which ask it for permission.
    """

    def __init__(
        self, key: str, actor: "Actor", *, told: Callable[["Progress"], None] | None = None
    ) -> None:
        self.key = key
        self.actor = actor
        self.total = 0
        self.done = 0
        self.saying = ""
        self._told = told
        self._interrupt: type[Interrupted] | None = None

    def of(self, total: int) -> None:
        """Say how much there is to do; 0 when nobody knows."""
        self.total = max(0, total)
        self.done = min(self.done, self.total) if self.total else self.done
        self.look()

    def at(self, done: int, saying: str = "") -> None:
        """Say how much is done, and in a few words (never from content) what is in hand.

        Raises:
            Interrupted: it was cancelled, or the worker stops. Let it pass.
        """
        self.done = min(max(0, done), self.total) if self.total else max(0, done)
        self.saying = saying[:LONGEST_SAYING]
        self.look()

    def look(self) -> None:
        """Whether to go on, for work that has nothing new to say.

        Raises:
            Interrupted: as `at`.
        """
        if self._told is not None:
            self._told(self)
        if self._interrupt is not None:
            raise self._interrupt(self.key)

    def interrupt(self, why: type[Interrupted]) -> None:
        """Have the work end the next time it says how far it is."""
        self._interrupt = self._interrupt or why
