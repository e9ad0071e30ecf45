"""A number that can be opened: what was counted, out of what, whence, and in which state."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from math import isfinite

from sightline.kernel.errors import BadInput


class State(StrEnum):
    """Why there is, or is not, a number. Zero, missing, hidden and not asked are different."""

    OBSERVED = "observed"
    TRUE_ZERO = "true zero"
    SUPPRESSED = "suppressed"
    NOT_AVAILABLE = "not available"
    NOT_APPLICABLE = "not applicable"
    NOT_SUBMITTED = "not submitted"
    NOT_ASKED = "not asked"


class Unit(StrEnum):
    """What `value` is."""

    COUNT = "count"
    PER_CENT = "per cent"
    RATE = "rate"
    NUMBER = "number"


_WHOLE = 100
_HAS_VALUE = {State.OBSERVED, State.TRUE_ZERO}


@dataclass(frozen=True)
class Measure:
    """One number with everything needed to open it.

    Attributes:
        value: the number in `unit`, or None when `state` says there is none to show.
        unit: count, per cent, rate or plain number.
        counted: what was counted, in words ("partnerships evaluated as good or better").
        base: how many it is out of, or None when it is not out of anything.
        base_words: who the base is, in words ("of the eight partnerships inspected").
        definition: `code@version` of what defines it.
        source: the build, survey, sample or publication it came from.
        as_of: the day the figure stands for, or None when the source does not say.
        state: one of `State`.
    """

    value: float | int | None
    unit: Unit
    counted: str
    definition: str
    source: str
    state: State
    base: int | None = None
    base_words: str = ""
    as_of: dt.date | None = None

    def __post_init__(self) -> None:
        if isinstance(self.value, bool) or (self.value is not None and not isfinite(self.value)):
            raise BadInput(f"{self.counted}: {self.value} is not a number.")
        if (self.value is not None) != (self.state in _HAS_VALUE):
            raise BadInput(
                f"{self.counted}: a measure that is {self.state} "
                + ("needs a value." if self.state in _HAS_VALUE else "has no value.")
            )
        if (self.state is State.TRUE_ZERO) != (self.value == 0):
            raise BadInput(f"{self.counted}: zero is written as a true zero, and only zero is.")
        if self.base is not None and self.base < 0:
            raise BadInput(f"{self.counted}: the base is {self.base}; a base is 0 or more.")
        if self.base is not None and not self.base_words:
            raise BadInput(f"{self.counted}: say in words who the base of {self.base} is.")
        if self.unit is Unit.COUNT and self.value is not None:
            self._check_count(self.value)
        if self.unit is Unit.PER_CENT and self.base is not None and self.value is not None:
            self._check_share(self.value)

    def _check_share(self, value: float) -> None:
        if not 0 <= value <= _WHOLE:
            raise BadInput(f"{self.counted}: {value} is not a share; give 0 to 100 per cent.")

    def _check_count(self, value: float) -> None:
        if value < 0 or value != int(value):
            raise BadInput(f"{self.counted}: {value} is not a count; counts are 0, 1, 2 and up.")
        if self.base is not None and value > self.base:
            raise BadInput(f"{self.counted}: {value} of {self.base} is more than all of them.")
