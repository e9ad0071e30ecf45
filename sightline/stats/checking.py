"""What every function of this package refuses, in one place and in one voice.

Nothing here passes a NaN on: a number that cannot be used is named, with what would be right.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from operator import index
from typing import SupportsIndex

_LEAST_LEVEL = 0.5


def whole(name: str, number: object, *, at_least: int = 0) -> int:
    """A whole number not under `at_least`; a float that is whole is not taken for one.

    Raises:
        ValueError: it is none; the message names it.
    """
    # Nearly every number is an int; asking for the protocol takes a hundred times as long.
    if type(number) is not int and (
        isinstance(number, bool) or not isinstance(number, SupportsIndex)
    ):
        raise ValueError(f"{name} is {number!r}; give a whole number.")
    found = index(number)
    if found < at_least:
        raise ValueError(f"{name} is {found}; it must be {at_least} or more.")
    return found


def finite(name: str, number: object) -> float:
    """A number that is neither NaN nor infinite.

    Raises:
        ValueError: it is; the message names it.
    """
    if isinstance(number, bool) or not isinstance(number, Real):
        raise ValueError(f"{name} is {number!r}; give a number.")
    if not math.isfinite(number):
        raise ValueError(f"{name} is {number}; leave out what is not known.")
    return float(number)


def part_of(n: object, base: object) -> tuple[int, int]:
    """`n` out of `base` as whole numbers, with `base` above 0 and `n` not above it.

    Raises:
        ValueError: they are not.
    """
    part, all_of_them = whole("n", n), whole("base", base)
    if all_of_them == 0:
        raise ValueError("the base is 0, so there is no share; say that there was nobody to count.")
    if part > all_of_them:
        raise ValueError(
            f"{part} of {all_of_them} is more than all of them; check that both count one thing."
        )
    return part, all_of_them


def confidence(level: float) -> float:
    """A level of confidence between 0.5 and 1, neither included.

    Raises:
        ValueError: it is not.
    """
    found = finite("level", level)
    if not _LEAST_LEVEL < found < 1:
        raise ValueError(f"level is {level}; write 0.95 for 95 per cent.")
    return found


def numbers(name: str, values: Iterable[float], *, at_least: int = 1) -> tuple[float, ...]:
    """Finite numbers, `at_least` so many.

    Raises:
        ValueError: too few, or one that is none, named by its place (from 1).
    """
    found = tuple(finite(f"{name}, value {i}", value) for i, value in enumerate(values, start=1))
    if len(found) < at_least:
        raise ValueError(f"{name} holds {len(found)} values; it needs {at_least} or more.")
    return found
