"""Ages as people are told apart by them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import ibis

from sightline.outcomes.measures.dates import age_on
from sightline.outcomes.measures.predicates import unborn_on

UNBORN, NOT_KNOWN, NONE = "unborn", "not-known", "none"
OLDEST: Final = 90
"""The last age of a population; it stands for this age and over."""


@dataclass(frozen=True)
class Band:
    """Ages from one to another, both included; the last band has no end."""

    name: str
    first: int
    last: int | None


def _bands(*names: str) -> tuple[Band, ...]:
    made = []
    for name in names:
        text = name.removeprefix("under ").removesuffix("+")
        first, _, last = text.partition("-")
        if name.startswith("under "):
            made.append(Band(name, 0, int(text) - 1))
        elif name.endswith("+"):
            made.append(Band(name, int(first), None))
        else:
            made.append(Band(name, int(first), int(last or first)))
    return tuple(made)


BANDS: Final[Mapping[str, tuple[Band, ...]]] = MappingProxyType(
    {
        "register": _bands("0-4", "5-10", "11-15", "16+"),
        "looked-after": _bands("under 1", "1-4", "5-11", "12-15", "16-17", "18+"),
        "aftercare": _bands("under 16", "16", "17", "18", "19-21", "22+"),
    }
)


def without_birth(bands: str) -> str:
    """What a child without a date of birth on the day is called: unborn only on the register."""
    return UNBORN if bands == "register" else NOT_KNOWN


def band_of(age: int, bands: str) -> str:
    """The band of an age in whole years."""
    return next(b.name for b in BANDS[bands] if b.last is None or age <= b.last)


def band_on(birth: Any, day: Any, bands: str) -> Any:
    """The band of somebody born on one day, on another, as an expression."""
    age = age_on(birth, day)
    *before, last = BANDS[bands]
    return ibis.cases(
        (unborn_on(birth, day), without_birth(bands)),
        *((age <= band.last, band.name) for band in before),
        else_=last.name,
    )


def names(bands: str) -> tuple[str, ...]:
    """The bands in order, without those who are not born or not known."""
    return tuple(band.name for band in BANDS[bands])
