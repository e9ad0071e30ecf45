"""What a column takes, in words, for faults and pages."""

import datetime as dt
from typing import Final

from sightline.uploads.kinds import Column

SHOWN_DATE: Final = "a date such as 2026-03-31, or a cell formatted as a date"
_PLAIN: Final = {
    "text": "a text",
    "time": "a day and a time, such as 2026-03-31 14:30",
    "flag": "yes or no; nothing where it is not known",
    "reference": "a number or code that stands for somebody, never a name",
    "zone": "S01 and six digits",
    "chi": "ten digits, of which the last checks the others",
    "scn": "nine digits",
}


def expected_of(column: Column) -> str:
    """What would be right in this column."""
    limits = _limits(column)
    match column.kind:
        case "whole":
            return f"a whole number{limits}"
        case "number":
            return f"a number{limits}"
        case "date":
            return f"{SHOWN_DATE}{limits}"
        case "code":
            return _options(column)
        case "set":
            return f"{_options(column)}; several divided by semicolons"
        case kind:
            return _PLAIN[kind] + (limits if kind == "time" else "")


def _limits(column: Column) -> str:
    least, most = (_said(column.least), _said(column.most))
    if least and most:
        return f", {least} to {most}"
    if least or most:
        return f", {least} or more" if least else f", {most} or less"
    return ""


def _said(limit: object) -> str:
    if limit is None:
        return ""
    return f"{limit.day} {limit:%B %Y}" if isinstance(limit, dt.date) else f"{limit:,}"


def _options(column: Column) -> str:
    said = list(column.options)
    most = 6
    words = ", ".join(said[:most])
    return f"one of {words}" if len(said) <= most else f"one of {len(said)} codes, such as {words}"
