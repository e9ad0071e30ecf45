"""Dates, and which of them are dates of birth: the words around them say so."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

from sightline.identifiers.kinds import Certainty, Finding, Kind

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    r"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)\b\.?"
)
_YEAR = r"(?:19|20)\d\d"
_ORDINAL = r"(?:st|nd|rd|th)?"
DATE = re.compile(
    r"(?<![\w/.])(?:"
    r"(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})(?:[T ]00:00(?::00)?)?"
    r"|(?P<d2>\d{1,2})(?P<sep>[/.-]|[ ](?=\d{1,2}[ ]\d))(?P<m2>\d{1,2})(?P=sep)"
    rf"(?P<y2>{_YEAR}|\d\d)"
    rf"|(?P<d3>\d{{1,2}}){_ORDINAL}[ -](?:of[ ])?(?P<m3>{_MONTH})"
    rf"(?:,?[ -]'?(?P<y3>{_YEAR}|\d\d(?![\d:])))?"
    rf"|(?P<m4>{_MONTH})[ ](?P<d4>\d{{1,2}}){_ORDINAL}(?:,?[ ](?P<y4>(?:19|20)\d\d))?"
    r")(?![\w/]|-\d)",
    re.I,
)
_SAYS = (
    r"(?:\s*(?:is|was|of|as|on|the|given|recorded|falls|shown|entered|:|=|-|,|\(|\w+day\b))*\s*$"
)
BEFORE = re.compile(
    r"(?:\bd\.?\s?o\.?\s?b\b\.?|\bdate of birth\b|\bbirth ?date\b|\bbirthday\b"
    r"|\bbirth(?= on\b)|\bborn\b|(?:\(|\s)b\.)" + _SAYS,
    re.I,
)
AFTER = re.compile(
    r"\s*[(,]?\s*(?:\(?d\.?o\.?b\b|\(?date of birth|is (?:his|her|my|their) birthday)", re.I
)
BIRTH_WORDS = frozenset(("dob", "d", "birth", "birthdate", "birthday", "born", "b"))
REACH = 45
CENTURY = 100


def read_date(match: "re.Match[str]", *, today: dt.date) -> dt.date | None:
    """The date a match of `DATE` writes, day first; nothing when there is no such day or no year.

    A year of two digits is the latest that has begun.
    """
    for suffix in ("", "2", "3", "4"):
        day, month, year = (match[f"{part}{suffix}"] for part in "dmy")
        if day and month and year:
            number = int(month) if month.isdigit() else MONTHS.index(month[:3].lower()) + 1
            whole = int(year)
            if whole < CENTURY:
                whole += 2000 if 2000 + whole <= today.year else 1900
            try:
                return dt.date(whole, number, int(day))
            except ValueError:
                return None
    return None


def find_dates_of_birth(
    text: str, held: Sequence[dt.date], names: Sequence[Finding], *, today: dt.date
) -> Iterator[Finding]:
    """Dates the words around call a birth, dates right after a name, dates the record holds."""
    ends = {finding.end for finding in names}
    for match in DATE.finditer(text):
        date = read_date(match, today=today)
        before = text[max(0, match.start() - REACH) : match.start()]
        if date is not None and date in held:
            yield _found(match, Certainty.CERTAIN, "held on the record")
        elif BEFORE.search(before) or AFTER.match(text, match.end()):
            yield _found(match, Certainty.CERTAIN, "the words beside it say so")
        elif (
            date is not None
            and len(before) - len(before.rstrip(" ,("))
            and (match.start() - (len(before) - len(before.rstrip(" ,("))) in ends)
        ):
            yield _found(match, Certainty.LIKELY, "it follows a name")


def _found(match: "re.Match[str]", certainty: Certainty, why: str) -> Finding:
    return Finding(Kind.DATE_OF_BIRTH, *match.span(), certainty, why)
