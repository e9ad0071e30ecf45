"""What a cell means in a column of records: a reference, a moment, yes or no, several codes.

Also a data zone, a health number, a candidate number.

The check digit of a CHI number and the form of a candidate number are looked at here, in the clear;
whoever keeps them keeps something else.
"""

import datetime as dt
import re
from typing import Final
from zoneinfo import ZoneInfo

from sightline.identifiers.numbers import is_chi
from sightline.uploads.cells import (
    MOST_SEEN,
    DateStyle,
    Read,
    Wrong,
    bare,
    code_of,
    date_of_text,
    decimal_of,
    known_codes,
    number_for_date,
)  # fmt: skip
from sightline.uploads.kinds import Column, Value
from sightline.uploads.wording import expected_of
from sightline.warehouse.reading import Cell

HERE: Final = ZoneInfo("Europe/London")
_YES: Final = frozenset({"yes", "y", "true", "t", "1"})
_NO: Final = frozenset({"no", "n", "false", "f", "0"})
_NOT_KNOWN: Final = frozenset({"not known", "unknown", "not recorded", "n/k", "nk", "98", "99"})
_NONE: Final = frozenset({"none", "none of these"})
_CLOCK: Final = re.compile(
    r"(?P<day>.*?)(?:[T ]+|,\s*)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    r"(?:\.\d{1,9})?\s?(?P<half>am|pm)?\s*(?P<zone>Z|UTC|GMT|BST|[+-]\d\d:?\d\d)?",
    re.IGNORECASE,
)
_ZONE: Final = re.compile(r"S01\d{6}")
_SHORTENED: Final = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_WORDS: Final = re.compile(r"[^\W\d_]{2,}")
_ONE_NAME: Final = re.compile(r"[^\W\d_][^\W\d_'’-]*[a-z][^\W\d_'’-]*")
LONGEST_REFERENCE: Final = 60
_SHORTEST_NAME: Final = 4
CHI_DIGITS: Final = 10
SCN_DIGITS: Final = 9
_NOON: Final = 12


def read_reference(column: Column, style: DateStyle) -> Read:
    """A number or code that stands for somebody."""
    expected = expected_of(column)
    name = Wrong(f"“{column.title}” reads like a name", expected)
    shortened = Wrong(
        f"“{column.title}” was shortened by a spreadsheet program",
        "the whole number; format the column as text before typing or opening it",
    )
    date = Wrong(f"“{column.title}” is a date", expected)
    long = Wrong(f"“{column.title}” is too long", f"{LONGEST_REFERENCE} characters or fewer")

    def read(cell: Cell) -> "Value | Wrong":
        if isinstance(cell, dt.date):
            return date
        said = cell if isinstance(cell, str) else bare(cell)
        if len(said) > LONGEST_REFERENCE:
            return long
        if _SHORTENED.fullmatch(said):
            return shortened
        return name if is_like_a_name(said) else said

    return read


def is_like_a_name(text: str) -> bool:
    """Whether a reference has no digit in it and two words, or one as names are written."""
    if any(map(str.isdigit, text)) or "@" in text:
        return "@" in text
    if len(_WORDS.findall(text)) > 1 and not any(mark in text for mark in "_/-"):
        return True
    one = _ONE_NAME.fullmatch(text)
    return one is not None and text[0].isupper() and len(text) >= _SHORTEST_NAME


def read_time(column: Column, style: DateStyle) -> Read:
    """A day and a time of day, as clocks here showed it; one of another zone is turned to that."""
    title, expected = column.title, expected_of(column)
    no_time = Wrong(f"“{title}” has no time of day", expected)
    far = Wrong(f"“{title}” is outside what is possible", expected)
    refuse = {
        "none": f"“{title}” is not a day and a time",
        "number": f"“{title}” is a number, not a day and a time",
        "serial": f"“{title}” is the number that a spreadsheet program keeps for a time",
        "unreal": f"“{title}” is not a real day and time",
        "short": f"“{title}” has a year of two figures",
        "month": f"“{title}” has the month before the day",
        "either": f"“{title}” could be two dates",
        "beside": f"“{title}” is a time typed as text beside real ones",
    }

    def parse(cell: Cell) -> "dt.datetime | str | None":
        if isinstance(cell, dt.datetime):
            return cell.replace(tzinfo=None)
        if isinstance(cell, dt.date):
            return None
        if isinstance(cell, str):
            return _moment_of(cell, style)
        return number_for_date(cell)

    def read(cell: Cell) -> "Value | Wrong":
        found = parse(cell)
        if found is None:
            return no_time
        if isinstance(found, str):
            return Wrong(refuse[found], expected)
        least, most = column.least, column.most
        day = found.date()
        if (isinstance(least, dt.date) and day < least) or (
            isinstance(most, dt.date) and day > most
        ):
            return far
        return found

    return read


def _moment_of(text: str, style: DateStyle) -> dt.datetime | str | None:
    """The moment a text says; None when it says a day alone, a word for why it says none."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        day = date_of_text(text, style)
        return None if isinstance(day, dt.date) else day
    day = date_of_text(match["day"].strip(), style)
    if isinstance(day, str):
        return day
    hour = int(match["hour"])
    half = (match["half"] or "").lower()
    if half and not 1 <= hour <= _NOON:
        return "unreal"
    if half:
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    try:
        moment = dt.datetime(
            day.year, day.month, day.day, hour, int(match["minute"]), int(match["second"] or 0)
        )
        return _here(moment, (match["zone"] or "").upper())
    except ValueError:
        return "unreal"


def _here(moment: dt.datetime, zone: str) -> dt.datetime:
    """A moment of another zone as clocks here showed it."""
    if not zone or zone == "BST":
        return moment
    if zone in {"Z", "UTC", "GMT"}:
        offset = dt.UTC
    else:
        hours, minutes = int(zone[1:3]), int(zone[-2:])
        sign = -1 if zone[0] == "-" else 1
        offset = dt.timezone(sign * dt.timedelta(hours=hours, minutes=minutes))
    return moment.replace(tzinfo=offset).astimezone(HERE).replace(tzinfo=None)


def read_flag(column: Column, style: DateStyle) -> Read:
    """Yes or no; what says that it is not known is nothing."""
    wrong = Wrong(f"“{column.title}” is neither yes nor no", expected_of(column))

    def read(cell: Cell) -> "Value | Wrong":
        said = bare(cell).casefold()
        if said in _YES:
            return True
        if said in _NO:
            return False
        return None if said in _NOT_KNOWN else wrong

    return read


def read_set(column: Column, style: DateStyle) -> Read:
    """Several codes of a list, in its order, each once; `none` is none of them."""
    wrong = Wrong(f"“{column.title}” has one we do not know", expected_of(column))
    known = known_codes(column)
    order = {str(code): at for at, code in enumerate(column.options)}

    seen: dict[str, Value | Wrong] = {}

    def read(cell: Cell) -> "Value | Wrong":
        said = cell if isinstance(cell, str) else bare(cell)
        if said in seen:
            return seen[said]
        found = parse(said)
        if len(seen) < MOST_SEEN:
            seen[said] = found
        return found

    def parse(said: str) -> "Value | Wrong":
        whole = code_of(said, known)
        if whole is not None:
            return (whole,)
        if said.casefold() in _NONE:
            return ()
        parts = [part for part in re.split(r"[;|\n]", said) if part.strip()]
        if len(parts) == 1:
            parts = [part for part in said.split(",") if part.strip()]
        codes = [code_of(part, known) for part in parts]
        found = {code for code in codes if code is not None}
        if None in codes or not found:
            return wrong
        return tuple(sorted(found, key=order.__getitem__))

    return read


def read_zone(column: Column, style: DateStyle) -> Read:
    """The code of a data zone."""
    wrong = Wrong(f"“{column.title}” is not the code of a data zone", expected_of(column))

    def read(cell: Cell) -> "Value | Wrong":
        said = bare(cell).upper()
        return said if _ZONE.fullmatch(said) else wrong

    return read


def read_chi(column: Column, style: DateStyle) -> Read:
    """A CHI number. A spreadsheet takes the nought from its front, and there is one way back."""
    expected = expected_of(column)
    length = Wrong(f"“{column.title}” has not ten digits", expected)
    check = Wrong(f"“{column.title}” does not agree with its check digit", expected)

    def read(cell: Cell) -> "Value | Wrong":
        said = _digits(cell)
        if len(said) == CHI_DIGITS - 1:
            said = f"0{said}"
        if len(said) != CHI_DIGITS:
            return length
        return said if is_chi(said) else check

    return read


def read_scn(column: Column, style: DateStyle) -> Read:
    """A Scottish Candidate Number."""
    wrong = Wrong(f"“{column.title}” has not nine digits", expected_of(column))

    def read(cell: Cell) -> "Value | Wrong":
        said = _digits(cell)
        return said if len(said) == SCN_DIGITS else wrong

    return read


def _digits(cell: Cell) -> str:
    """The digits of a number that may be written in groups; none where it holds anything else."""
    said = re.sub(r"[ \-]", "", bare(cell))
    if decimal_of(said) is not None and said.endswith(".0"):
        said = said.removesuffix(".0")
    return said if said.isdecimal() and said.isascii() else ""
