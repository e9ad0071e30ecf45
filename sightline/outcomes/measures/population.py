"""How many people there are: by year, sex and age, and by deprivation where that is known."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from sightline.outcomes.definitions import Sex

PERSONS: Final = "persons"
_SEXES: Final = ("male", "female")


@dataclass(frozen=True, order=True)
class Row:
    """People of one sex and of ages from one to another, both included, in the middle of a year.

    `simd` is the quintile they live in, empty for all.
    """

    year: int
    sex: str
    from_age: int
    to_age: int
    people: int
    simd: str = ""


@dataclass(frozen=True)
class People:
    """An answer: how many, and whether the year is an earlier one than was asked for.

    `number` is None when it is not known.
    """

    number: int | None
    provisional: bool = False


UNKNOWN: Final = People(None)


@dataclass(frozen=True)
class Population:
    """The population of an area, asked by year, ages, sex and quintile."""

    rows: tuple[Row, ...] = ()
    _kept: dict[tuple[int, int, int, str, str], People] = field(
        default_factory=dict, compare=False, repr=False
    )

    @classmethod
    def of(cls, rows: Iterable[Iterable[object]]) -> "Population":
        """Made of rows: year, sex, from age, to age, people, and the quintile if there is one."""
        made = []
        for row in rows:
            year, sex, first, last, people, *more = row
            simd = str(more[0]) if more else ""
            numbers = (int(str(one)) for one in (year, first, last, people))
            a_year, a_first, a_last, a_people = numbers
            made.append(Row(a_year, str(sex), a_first, a_last, a_people, simd))
        return cls(tuple(sorted(made)))

    def people(
        self, year: int, from_age: int, to_age: int, sex: Sex = "persons", simd: str = ""
    ) -> People:
        """People of these ages in a year, or in the latest year before it that is known."""
        key = (year, from_age, to_age, sex, simd)
        if key not in self._kept:
            self._kept[key] = self._found(year, from_age, to_age, sex, simd)
        return self._kept[key]

    def _found(self, year: int, from_age: int, to_age: int, sex: str, simd: str) -> People:
        years = sorted({row.year for row in self.rows if row.year <= year and row.simd == simd})
        for one in reversed(years):
            number = self._of(one, from_age, to_age, sex, simd)
            if number is None and sex == PERSONS:
                parts = [self._of(one, from_age, to_age, each, simd) for each in _SEXES]
                known = [part for part in parts if part is not None]
                number = sum(known) if len(known) == len(_SEXES) else None
            if number is not None:
                return People(number, provisional=one < year)
        return UNKNOWN

    def _of(self, year: int, from_age: int, to_age: int, sex: str, simd: str) -> int | None:
        """The sum of the rows that make these ages up exactly; None when no rows do."""
        rows = [
            row
            for row in self.rows
            if (row.year, row.sex, row.simd) == (year, sex, simd)
            and row.from_age >= from_age
            and row.to_age <= to_age
        ]
        at, total = from_age, 0
        for row in sorted(rows, key=lambda row: (row.from_age, row.to_age)):
            if row.from_age != at:
                continue
            at, total = row.to_age + 1, total + row.people
        return total if at > to_age else None
