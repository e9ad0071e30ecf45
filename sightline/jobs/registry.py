"""Which jobs there are. A context registers its own when its `AppConfig` gets ready."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol, TypeAlias, TypeVar

from sightline.jobs.progress import Progress
from sightline.kernel.errors import NotFound

Scalar: TypeAlias = str | int | float | bool | None
Result: TypeAlias = Mapping[str, Scalar] | None


class Work(Protocol):
    """What carries out a job: told where to report, and the arguments it was started with."""

    def __call__(self, progress: Progress, /, **arguments: Any) -> Result:
        """Do it. What it returns is small, and shown to whoever may see the job."""


W = TypeVar("W", bound=Callable[..., Any])


@dataclass(frozen=True)
class Registered:
    """A job there can be: its code, its title, what carries it out, how often the clock does."""

    code: str
    title: str
    work: Work
    period: dt.timedelta | None = None


_known: Final[dict[str, Registered]] = {}


def job(code: str, *, title: str) -> Callable[[W], W]:
    """Register what carries out jobs of a code, `context.deed`.

    It must be harmless to carry out twice: a machine that stops in the middle begins it again.
    """
    return _register(code, title, None)


def every(
    code: str, *, title: str, minutes: float = 0, hours: float = 0, days: float = 0
) -> Callable[[W], W]:
    """Register what the clock starts, so long after it last did; without arguments.

    Whatever was missed while nothing ran is made up once, not as often as it was missed. While one
    is waiting or running no other is started.
    """
    period = dt.timedelta(minutes=minutes, hours=hours, days=days)
    if period <= dt.timedelta():
        raise ValueError(f"{code} must say how many minutes, hours or days lie between two runs.")
    return _register(code, title, period)


def _register(code: str, title: str, period: dt.timedelta | None) -> Callable[[W], W]:
    def register(work: W) -> W:
        before = _known.get(code)
        if before is not None and before.work.__qualname__ != work.__qualname__:  # type: ignore[attr-defined]
            raise ValueError(f"Two jobs are called {code}; give one another code.")
        _known[code] = Registered(code, title, work, period)
        return work

    return register


def registered(code: str) -> Registered:
    """The job of this code.

    Raises:
        NotFound: there is none.
    """
    if code not in _known:
        known = ", ".join(sorted(_known))
        raise NotFound(f"There is no job {code}. There are: {known}.")
    return _known[code]


def all_registered() -> tuple[Registered, ...]:
    """Every job there can be, by code."""
    return tuple(_known[code] for code in sorted(_known))


def of_the_clock() -> tuple[Registered, ...]:
    """Those that the clock starts."""
    return tuple(item for item in all_registered() if item.period is not None)
