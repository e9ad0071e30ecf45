"""Chance, by seed: the same seed draws the same lives on every machine."""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from random import Random
from typing import TypeVar

T = TypeVar("T")
DAY = dt.timedelta(days=1)
YEAR_DAYS = 365.25


class Draw:
    """What is drawn for one partnership, or one family of it."""

    def __init__(self, *seed: object) -> None:
        # Invented data, not secrets; a text is seeded by its hash, the same on every machine.
        self._random = Random("/".join(map(str, seed)))  # noqa: S311
        self.share = self._random.random

    def yes(self, probability: float) -> bool:
        """True as often as `probability`."""
        return self.share() < probability

    def pick(self, weights: Mapping[T, float]) -> T:
        """One of the keys, as often as its weight says."""
        left = self.share() * sum(weights.values())
        for value, weight in weights.items():
            left -= weight
            if left < 0:
                return value
        return next(reversed(list(weights)))

    def one_of(self, values: Sequence[T]) -> T:
        """One of them, all alike."""
        return values[int(self.share() * len(values))]

    def whole(self, first: int, last: int) -> int:
        """A whole number from `first` to `last`, both included."""
        return first + int(self.share() * (last - first + 1))

    def between(self, first: dt.date, last: dt.date) -> dt.date:
        """A day from `first` to `last`, both included."""
        return first + DAY * self.whole(0, (last - first).days)

    def wait(self, mean: float) -> int:
        """Days until something that happens every `mean` days on average."""
        return 1 + int(-mean * math.log(1 - self.share()))

    def around(self, middle: float, spread: float) -> int:
        """A skewed number of days: half are below `middle`; `spread` is of its logarithm."""
        return max(1, int(middle * math.exp(self._random.gauss(0.0, spread))))

    def at(self, day: dt.date, first: int = 8, last: int = 19) -> dt.datetime:
        """A time on a day, between two hours, on a quarter of an hour."""
        quarter = self.whole(first * 4, last * 4 + 3)
        return dt.datetime(day.year, day.month, day.day, quarter // 4, quarter % 4 * 15)


def birthday(born: dt.date, age: int) -> dt.date:
    """The day on which somebody becomes an age; 29 February is kept on 1 March."""
    try:
        return born.replace(year=born.year + age)
    except ValueError:
        return dt.date(born.year + age, 3, 1)


def age_on(born: dt.date, day: dt.date) -> int:
    """Completed years; less than 0 before birth."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
