"""Periods of time as the field counts them, and dates that are not exact and say so.

A bare year is never a period in program code: 2021 may be a financial, a school or a return
year. `Period` names which. `ImpreciseDate` holds what a publication says: "2019", "June 2020",
"August to December 2019".
"""

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

from sightline.kernel.errors import BadInput

MONTHS_IN_QUARTER = 3
_LOWEST, _HIGHEST = 1900, 2199


class Kind(StrEnum):
    """The four kinds of period in use."""

    FINANCIAL = "financial"
    SCHOOL = "school"
    RETURN = "return"
    QUARTER = "quarter"


def _sensible(year: int) -> int:
    if not _LOWEST <= year <= _HIGHEST:
        raise BadInput(f"{year} is outside {_LOWEST} to {_HIGHEST}; check the year.")
    return year


_STARTS = {Kind.FINANCIAL: (4, 1), Kind.SCHOOL: (8, 1), Kind.RETURN: (8, 1)}
_NAMES = {
    Kind.FINANCIAL: "financial year",
    Kind.SCHOOL: "school year",
    Kind.RETURN: "return year",
}


@dataclass(frozen=True, order=True)
class Period:
    """From `first` to `last`, both included."""

    first: dt.date
    last: dt.date
    kind: Kind

    @classmethod
    def financial(cls, text: str) -> "Period":
        """1 April to 31 March, written `2025/26`."""
        return cls._year(Kind.FINANCIAL, text)

    @classmethod
    def school(cls, text: str) -> "Period":
        """1 August to 31 July, the school year, written `2025/26`."""
        return cls._year(Kind.SCHOOL, text)

    @classmethod
    def returns(cls, text: str) -> "Period":
        """1 August to 31 July, the year of the national returns, written `2025/26`."""
        return cls._year(Kind.RETURN, text)

    @classmethod
    def quarter(cls, text: str) -> "Period":
        """A calendar quarter, written `2026-Q1` (January to March 2026)."""
        match = re.fullmatch(r"([0-9]{4})-Q([1-4])", text) if isinstance(text, str) else None
        if match is None:
            raise BadInput(f"{text!r} is not a quarter; write it as 2026-Q1.")
        year, number = _sensible(int(match[1])), int(match[2])
        month = MONTHS_IN_QUARTER * (number - 1) + 1
        last_month = month + MONTHS_IN_QUARTER - 1
        last = dt.date(year, last_month, calendar.monthrange(year, last_month)[1])
        return cls(dt.date(year, month, 1), last, Kind.QUARTER)

    @classmethod
    def _year(cls, kind: Kind, text: str) -> "Period":
        if not isinstance(text, str) or re.fullmatch(r"[0-9]{4}", text):
            raise BadInput(
                f"{text!r} is a bare year, which could be any of several; "
                f"write the {_NAMES[kind]} as 2025/26."
            )
        match = re.fullmatch(r"([0-9]{4})/([0-9]{2})", text)
        if match is None or (int(match[1]) + 1) % 100 != int(match[2]):
            raise BadInput(f"{text!r} is not a {_NAMES[kind]}; write it as 2025/26.")
        month, day = _STARTS[kind]
        year = _sensible(int(match[1]))
        first = dt.date(year, month, day)
        return cls(first, dt.date(year + 1, month, day) - dt.timedelta(days=1), kind)

    def __contains__(self, day: dt.date) -> bool:
        return self.first <= day <= self.last

    def __str__(self) -> str:
        if self.kind is Kind.QUARTER:
            return f"{self.first:%B} to {self.last:%B} {self.last.year}"
        return f"{_NAMES[self.kind]} {self.first.year}/{self.last.year % 100:02d}"


_DAY = re.compile(r"^([0-9]{4})-([0-9]{2})-([0-9]{2})\Z")
_MONTH = re.compile(r"^([0-9]{4})-([0-9]{2})\Z")
_YEAR = re.compile(r"^([0-9]{4})\Z")


def _bounds(text: str) -> tuple[dt.date, dt.date]:
    """Earliest and latest day one written date may mean."""
    try:
        if match := _DAY.match(text):
            day = dt.date(int(match[1]), int(match[2]), int(match[3]))
            earliest, latest = day, day
        elif match := _MONTH.match(text):
            year, month = int(match[1]), int(match[2])
            earliest = dt.date(year, month, 1)
            latest = dt.date(year, month, calendar.monthrange(year, month)[1])
        elif match := _YEAR.match(text):
            earliest, latest = dt.date(int(match[1]), 1, 1), dt.date(int(match[1]), 12, 31)
        else:
            raise ValueError
    except (ValueError, calendar.IllegalMonthError):
        raise BadInput(
            f"{text!r} is not a date; write 2020-06-16, 2020-06 or 2020, "
            "or two of them as 2019-08/2019-12."
        ) from None
    if not _LOWEST <= earliest.year <= _HIGHEST:
        raise BadInput(f"{text!r} is outside {_LOWEST} to {_HIGHEST}; check the year.")
    return earliest, latest


def _words(text: str) -> str:
    earliest, _ = _bounds(text)
    if _DAY.match(text):
        return f"{earliest.day} {earliest:%B %Y}"
    return f"{earliest:%B %Y}" if _MONTH.match(text) else text


@dataclass(frozen=True)
class ImpreciseDate:
    """A date as exactly as its source gives it: a day, a month, a year, or from one to another.

    `text` is ISO: `2020-06-16`, `2020-06`, `2019`; a span is two joined by `/`
    (`2019-08/2019-12`); "some time from one to the other" is joined by `~` (`2022-07~2022-08`),
    and reads "July or August 2022" when nothing lies between, else "between … and …".
    """

    text: str

    def __post_init__(self) -> None:
        parts = self._parts()
        if _bounds(parts[0])[0] > _bounds(parts[-1])[1]:
            raise BadInput(f"{self.text!r} ends before it starts; put the earlier date first.")

    def _parts(self) -> list[str]:
        if not isinstance(self.text, str):
            raise BadInput(f"{self.text!r} is not a written date; write it as text, '2019'.")
        parts = re.split("[/~]", self.text)
        if len(parts) > 2:  # noqa: PLR2004 - a span has two ends
            _bounds(self.text)  # 31/12/2020 is no date, and is told so
        return parts

    @property
    def earliest(self) -> dt.date:
        """The first day it may mean, included."""
        return _bounds(self._parts()[0])[0]

    @property
    def latest(self) -> dt.date:
        """The last day it may mean, included."""
        return _bounds(self._parts()[-1])[1]

    @property
    def is_exact(self) -> bool:
        """True when it is one day."""
        return bool(_DAY.match(self.text))

    @property
    def is_span(self) -> bool:
        """True when it runs from one date to another (not "some time between")."""
        return "/" in self.text

    def __str__(self) -> str:
        parts = self._parts()
        if len(parts) == 1:
            return _words(parts[0])
        first, last = _words(parts[0]), _words(parts[1])
        same_year = parts[0][:4] == parts[1][:4]
        if same_year and not _YEAR.match(parts[0]):
            first = first.removesuffix(f" {parts[0][:4]}")
        if self.is_span:
            return f"{first} to {last}"
        next_day = _bounds(parts[0])[1] + dt.timedelta(days=1)
        if next_day == _bounds(parts[1])[0]:
            return f"{first} or {last}"
        return f"between {first} and {last}"
