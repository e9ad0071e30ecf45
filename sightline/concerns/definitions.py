"""The clock and the route of a concern, as `definitions/concerns/` sets them."""

from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from django.conf import settings
from pydantic import Field, model_validator

from sightline.concerns.models import Danger, State
from sightline.kernel.definitions import Closed, Definition, Registry, Words

CODE: Final = "matters-of-concern"
WAITS_FOR: Final[dict[State, str]] = {
    State.DECIDING: "decide",
    State.PASSED: "acknowledge",
    State.ACKNOWLEDGED: "act",
    State.ACTING: "conclude",
    State.CONCLUDED: "close",
    State.KEPT: "close",
}
"""Which limit counts while a concern is in a state."""


class Limit(Closed):
    """Hours of the clock within which a step must be taken."""

    hours: int = Field(ge=1)
    urgent_hours: int = Field(ge=1)

    @model_validator(mode="after")
    def urgent_is_no_later(self) -> "Limit":
        """What is urgent is not given more time than what is not."""
        if self.urgent_hours > self.hours:
            raise ValueError(
                f"{self.urgent_hours} urgent hours are more than {self.hours}; make them fewer."
            )
        return self


class Limits(Closed):
    """The limit of each step."""

    decide: Limit
    acknowledge: Limit
    act: Limit
    conclude: Limit
    close: Limit


class Help(Closed):
    """What somebody can do besides sending the form."""

    when: Words
    do: Words


class Procedure(Definition):
    """How a matter of concern goes."""

    title: Words
    source: Words
    status: Literal["verified", "unverified"]
    urgent_when: tuple[Danger, ...]
    limits: Limits
    alarm_again_hours: int = Field(ge=1, le=168)
    keep_days: int = Field(ge=1)
    first: tuple[Words, ...] = Field(min_length=1)
    help: tuple[Help, ...] = ()

    @model_validator(mode="after")
    def danger_is_urgent(self) -> "Procedure":
        """A plain yes is urgent and a plain no is not, whatever else is decided."""
        if Danger.YES not in self.urgent_when or Danger.NO in self.urgent_when:
            raise ValueError("urgent_when must hold yes and must not hold no.")
        return self

    def limit(self, state: str, *, urgent: bool) -> timedelta:
        """How long a concern may stay in an open state."""
        limit: Limit = getattr(self.limits, WAITS_FOR[State(state)])
        return timedelta(hours=limit.urgent_hours if urgent else limit.hours)


def load(folder: Path) -> Registry[Procedure]:
    """Every version of the procedure."""
    return Registry.load(Procedure, folder / "concerns")


@lru_cache(maxsize=1)
def procedure() -> Procedure:
    """The procedure that counts: the highest version."""
    return load(settings.SIGHTLINE_DEFINITIONS).latest(CODE)
