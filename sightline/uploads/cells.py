"""What a cell means in a column: text, a whole number, a number, a date, a code; more in `records`.

Nothing is guessed. A date that could be two days is a fault unless the rest of its column says
which; what a spreadsheet program did to a value is undone only where there is one way to undo it.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from sightline.uploads.kinds import Column, Value
from sightline.uploads.wording import expected_of
from sightline.warehouse.reading import Broken, Cell

SHOWN: Final = 80
"""Characters of a sent value that a fault repeats."""
_EDGES: Final = " \t\r\n\xa0\u200b\u2007\u202f\ufeff"
_FORMULA: Final = "=+-@\uff1d\uff0b\uff0d\uff20\t\r\n"
_THOUSANDS: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]00:00(?::00(?:\.0+)?)?Z?)?")
_SLASHED: Final = re.compile(
    r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})(?=$|,?[ T]+\d{1,2}[:.]\d\d)"
)
_NAMED: Final = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ \-]([a-z]{3,9})\.?,?[ \-](\d{4}|\d{2})")
_MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_NOISE: Final = re.compile(r"[\W_]+")
_MOST_MONTHS: Final = 12
_SHORT_YEAR: Final = 2
FIRST_SERIAL, LAST_SERIAL = 14_611, 55_153
"""Numbers that Excel keeps for the days of 1940 to 2050."""
FORMAT_AS_DATE: Final = (
    "a date; format the column as a date (in Excel: Home, Number format, More, yyyy-mm-dd)"
)
MARKS: Final = frozenset(
    {"*", "-", "..", "...", "c", "x", "z", "n/a", "na", "nil", "<5", "<10", "not available"}
)
MARKED: Final = "a number; nothing where there is none to give, and 0 only where there were none"
MOST_SEEN: Final = 2_000
"""Texts of a column of codes that are remembered with what they stand for."""
_MOST_DIGITS: Final = 28
"""Of a number; arithmetic would round one with more."""


@dataclass(frozen=True)
class Wrong:
    """Why a cell has no value: what is wrong, and what is expected."""

    what: str
    expected: str


Read = Callable[[Cell], "Value | Wrong"]


@dataclass
class DateStyle:
    """How the dates of a column are written, learnt from all of it before any is read."""

    real: int = 0
    day_first: int = 0
    month_first: int = 0

    def learn(self, cell: Cell) -> None:
        """Take note of one cell of the column."""
        if isinstance(cell, dt.date):
            self.real += 1
        elif isinstance(cell, str) and (match := _SLASHED.match(cell.strip(_EDGES))):
            first, second = int(match[1]), int(match[2])
            self.day_first += first > _MOST_MONTHS >= second
            self.month_first += second > _MOST_MONTHS >= first

    @property
    def reads_day_first(self) -> bool:
        """Whether dates such as 04/03/2026 can be only 4 March in this column."""
        return self.day_first > 0 and not self.month_first and not self.real


def bare(cell: Cell) -> str:
    """A cell as text, without spaces at its edges, and without the sign our copies put in front."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        text = cell.strip(_EDGES)
        if text.startswith("'") and text[1:].lstrip(_EDGES)[:1] in tuple(_FORMULA):
            return text[1:].strip(_EDGES)
        return text
    if isinstance(cell, Broken):
        return cell.shown
    return _as_text(cell)


def _as_text(cell: object) -> str:
    """A value of a workbook or of Parquet as it would stand in a CSV file."""
    match cell:
        case bool():
            return "TRUE" if cell else "FALSE"
        case float() if cell.is_integer():
            return str(int(cell))
        case Decimal():
            return _plain(cell)
        case dt.datetime():
            return cell.date().isoformat() if cell.time() == dt.time() else cell.isoformat(" ")
        case _:
            return str(cell)


def formula_in(cell: Cell, column: Column) -> Wrong | None:
    """What is wrong with a cell of text that a spreadsheet program would calculate."""
    if isinstance(cell, str) and bare(cell).startswith(("=", "\uff1d")):
        return Wrong(
            f"“{column.title}” holds a formula, not its result",
            "the value itself; in Excel: Copy, then Paste Special, Values",
        )
    return None


def shown(cell: Cell) -> str:
    """A cell as a fault repeats it."""
    text = bare(cell)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def _plain(number: Decimal) -> str:
    """A number without an exponent and without noughts at its end."""
    said = format(number, "f")
    return said.rstrip("0").rstrip(".") if "." in said else said


def read_text(column: Column, style: DateStyle) -> Read:
    too_long = Wrong(f"“{column.title}” is too long", f"{column.longest:,} characters or fewer")

    def read(cell: Cell) -> "Value | Wrong":
        said = cell if isinstance(cell, str) else bare(cell)
        return said if len(said) <= column.longest else too_long

    return read


def decimal_of(cell: Cell) -> Decimal | None:
    """The number a cell is, whether kept as a number or as text; None when it is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int | Decimal):
        return Decimal(cell)
    if isinstance(cell, float):
        number = Decimal(repr(cell))
        return number if number.is_finite() else None
    if not isinstance(cell, str):
        return None
    text = cell.replace("\xa0", "").replace("\u202f", "").replace("−", "-")
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not (_NUMBER.fullmatch(text) and text.isascii()):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:  # pragma: no cover - the pattern is stricter
        return None


def read_number(column: Column, style: DateStyle) -> Read:
    none = Wrong(f"“{column.title}” is not a number", expected_of(column))
    date = Wrong(f"“{column.title}” is a date, not a number", expected_of(column))
    marked = Wrong(f"“{column.title}” has a mark where a number stands", MARKED)
    far = Wrong(f"“{column.title}” is outside what is possible", expected_of(column))

    def read(cell: Cell) -> "Value | Wrong":
        number = decimal_of(cell)
        if number is None:
            return date if isinstance(cell, dt.date) else marked if is_mark(cell) else none
        if len(number.as_tuple().digits) > _MOST_DIGITS or not _inside(number, column):
            return far
        return number.normalize() + 0  # and no minus nought

    return read


def _inside(number: Decimal, column: Column) -> bool:
    if isinstance(column.least, int | Decimal) and number < column.least:
        return False
    return not (isinstance(column.most, int | Decimal) and number > column.most)


def is_mark(cell: Cell) -> bool:
    """Whether a cell has one of the marks that tables have for a number that is not given."""
    return isinstance(cell, str) and cell.casefold() in MARKS


def read_whole(column: Column, style: DateStyle) -> Read:
    none = Wrong(f"“{column.title}” is not a number", expected_of(column))
    date = Wrong(f"“{column.title}” is a date, not a number", expected_of(column))
    marked = Wrong(f"“{column.title}” has a mark where a number stands", MARKED)
    part = Wrong(f"“{column.title}” is not a whole number", expected_of(column))
    far = Wrong(f"“{column.title}” is outside what is possible", expected_of(column))
    limited = column.least is not None or column.most is not None
    longest = 18

    def read(cell: Cell) -> "Value | Wrong":
        if isinstance(cell, str) and cell.isdecimal() and cell.isascii() and len(cell) <= longest:
            whole = int(cell)
        else:
            number = decimal_of(cell)
            if number is None:
                return date if isinstance(cell, dt.date) else marked if is_mark(cell) else none
            if number != number.to_integral_value():
                return part
            if number.adjusted() >= longest:
                return far
            whole = int(number)
        return whole if not limited or _inside(Decimal(whole), column) else far

    return read


def read_code(column: Column, style: DateStyle) -> Read:
    wrong = Wrong(f"“{column.title}” is not one we know", column.hint or expected_of(column))
    known = known_codes(column)
    seen: dict[str, Value | Wrong] = {}

    def read(cell: Cell) -> "Value | Wrong":
        said = cell if isinstance(cell, str) else bare(cell)
        if said in seen:
            return seen[said]
        found = code_of(said, known) or wrong
        if len(seen) < MOST_SEEN:
            seen[said] = found
        return found

    return read


def known_codes(column: Column) -> dict[str, str]:
    """By every way of writing one, the codes of a column; the codes themselves win."""
    known = {folded(text): code for text, code in column.spellings.items()}
    if column.spellings:
        known |= {folded(str(code)): str(code) for code in column.options}
    known |= {" ".join(text.casefold().split()): code for text, code in column.spellings.items()}
    if isinstance(column.options, Mapping):
        known |= {words.casefold(): code for code, words in column.options.items()}
    return known | {str(code).casefold(): str(code) for code in column.options}


def code_of(said: str, known: Mapping[str, str]) -> str | None:
    """The code that a text stands for, or None."""
    return known.get(" ".join(said.casefold().split())) or known.get(folded(said))


def folded(text: str) -> str:
    """A text without case, spaces and punctuation, unless it is nothing else."""
    return _NOISE.sub("", text.casefold()) or text.strip()


def read_date(column: Column, style: DateStyle) -> Read:
    expected = expected_of(column)
    title = column.title
    far = Wrong(f"“{title}” is outside what is possible", expected)
    refuse = {
        "number": f"“{title}” is a number, not a date",
        "serial": f"“{title}” is the number that a spreadsheet program keeps for a date",
        "time": f"“{title}” has a time of day",
        "none": f"“{title}” is not a date",
        "unreal": f"“{title}” is not a real date",
        "short": f"“{title}” has a year of two figures",
        "month": f"“{title}” has the month before the day",
        "beside": f"“{title}” is a date typed as text beside real dates",
        "either": f"“{title}” could be two dates",
        "swapped": f"“{title}” may have day and month changed round",
    }
    known: dict[str, Value | Wrong] = {}
    most_known = 50_000
    suspect = style.real > 0 and (style.day_first > 0 or style.month_first > 0)

    def parse(cell: Cell) -> "dt.date | str":
        if isinstance(cell, dt.date):
            return _real_date(cell, suspect=suspect)
        if isinstance(cell, str):
            return date_of_text(cell, style)
        return number_for_date(cell)

    def read(cell: Cell) -> "Value | Wrong":
        if isinstance(cell, str) and cell in known:
            return known[cell]
        found = parse(cell)
        result: Value | Wrong
        if isinstance(found, str):
            result = Wrong(refuse[found], FORMAT_AS_DATE if found == "serial" else expected)
        else:
            result = found if is_within(found, column) else far
        if isinstance(cell, str) and len(known) < most_known:
            known[cell] = result
        return result

    return read


def is_within(day: dt.date, column: Column) -> bool:
    if isinstance(column.least, dt.date) and day < column.least:
        return False
    return not (isinstance(column.most, dt.date) and day > column.most)


def _real_date(cell: dt.date, *, suspect: bool) -> dt.date | str:
    """A date of a spreadsheet. Where others of the column stayed text, the program may have read
    those it could with day and month changed round."""
    if isinstance(cell, dt.datetime):
        if cell.time() != dt.time():
            return "time"
        cell = cell.date()
    return "swapped" if suspect and cell.day <= _MOST_MONTHS else cell


def date_of_text(text: str, style: DateStyle) -> dt.date | str:
    """The date a text says, or the reason why it says none."""
    if match := _ISO.fullmatch(text):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if match := _NAMED.fullmatch(text.casefold()):
        months = [n for n, name in enumerate(_MONTHS, 1) if name.startswith(match[2])]
        months = months or ([9] if match[2] == "sept" else [])
        if len(match[3]) == _SHORT_YEAR:
            return "short"
        return _day(int(match[3]), months[0], int(match[1])) if len(months) == 1 else "none"
    match = _SLASHED.fullmatch(text)
    if match is None:
        return number_for_date(text)
    return _slashed(int(match[1]), int(match[2]), match[3], style)


def number_for_date(cell: Cell) -> str:
    """Why a number, or anything else, is no date: it may be how a spreadsheet keeps one."""
    number = decimal_of(cell)
    if number is None:
        return "none" if isinstance(cell, str) else "number"
    return "serial" if FIRST_SERIAL <= number <= LAST_SERIAL else "number"


def _slashed(first: int, second: int, year: str, style: DateStyle) -> dt.date | str:
    if len(year) == _SHORT_YEAR:
        return "short"
    if style.real:
        return "beside"
    if first > _MOST_MONTHS:
        return _day(int(year), second, first)
    if second > _MOST_MONTHS:
        return "month"
    if first != second and not style.reads_day_first:
        return "either"
    return _day(int(year), second, first)


def _day(year: int, month: int, day: int) -> dt.date | str:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return "unreal"
