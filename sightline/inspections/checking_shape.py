"""Faults of shape in plain words: what the schema refuses, and text no database can keep."""

import re
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sightline.kernel.errors import Fault

MOST_ENTRIES = 1_000
LONGEST_SHOWN = 40
DEEPEST = 12
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_MISSING = ("this is missing.", "Add it.")
_WORDS: dict[str, tuple[str, str]] = {
    "missing": _MISSING,
    "extra_forbidden": (
        "there is no such field here.",
        "Check its spelling against /schemas/inspection.json, or take it out.",
    ),
    "string_type": ("this is not text.", "Put it in quotes."),
    "string_too_short": ("this is empty.", "Write it, or take the field out."),
    "model_type": ("this is not an object with fields.", "Write it as {…}."),
    "dict_type": ("this is not an object with fields.", "Write it as {…}."),
    "tuple_type": ("this is not a list.", "Write it as […]."),
    "list_type": ("this is not a list.", "Write it as […]."),
}


def shape_faults(error: ValidationError) -> Iterator[Fault]:
    """What the schema refuses, each at its path."""
    for item in error.errors(include_url=False):
        if item["type"] == "string_unicode" or _is_other_branch(item):
            continue
        what, mend = _said(item)
        yield Fault(path(item["loc"]), what, mend)


def _is_other_branch(item: ErrorDetails) -> bool:
    """Whether this is only why the empty text was not meant, where a date or nothing may stand."""
    return item["type"] == "literal_error" and str(item["loc"][-1]).startswith("literal[")


def path(parts: tuple[int | str, ...]) -> str:
    """`("evaluations", 1, "stated")` as `evaluations[1].stated`; entries count from 0."""
    found = ""
    for part in parts:
        if isinstance(part, int):
            found += f"[{part}]"
        elif "[" not in part:  # pydantic also names the branch of a union it tried
            found += f".{part}" if found else part
    return found or "the whole file"


def _said(item: ErrorDetails) -> tuple[str, str]:
    kind, given, place = item["type"], item["input"], item["loc"]
    name = str(place[-1]) if place else ""
    if kind in _WORDS:
        return _WORDS[kind]
    if kind == "literal_error":
        wanted = _each_once(item["ctx"]["expected"].replace("'", ""))
        return f"{_short(given)} is not one of the words for this.", f"Write {wanted}."
    if kind in {"string_too_long", "too_long"} and isinstance(given, str):
        what = f"this has {len(given):,} characters."
        return what, f"Write at most {item['ctx']['max_length']:,}."
    if kind == "string_pattern_mismatch":
        return f"{_short(given)} is not written as a code.", _code_mend(name)
    if kind == "too_short" and isinstance(given, str):
        return _WORDS["string_too_short"]
    if kind == "too_short":
        return "this list is empty.", "Name at least one."
    if kind == "value_error":
        return _value_error(item["msg"].removeprefix("Value error, "), name)
    return f"{item['msg']}.", "See /schemas/inspection.json for what is expected."


def _each_once(words: str) -> str:
    """`1 or 1`, which is the number and its digit, as `1`."""
    *others, last = dict.fromkeys(re.split(", | or ", words))
    return f"{', '.join(others)} or {last}" if others else last


def _value_error(message: str, name: str) -> tuple[str, str]:
    what, _, mend = message.partition("; ")
    if mend:
        return f"{what}.", f"{mend[0].upper()}{mend[1:]}"
    if name == "count":
        return what, "Give a whole number, 0 or more."
    return what, "Give a whole point from 1 to 6; the scale has no half points."


def _code_mend(name: str) -> str:
    if name == "reference":
        return "Use 3 to 80 small letters, digits and hyphens, such as south-lanarkshire-2020."
    return "Use small letters, digits and hyphens, starting with a letter."


def _short(given: Any) -> str:
    shown = repr(given)
    return shown if len(shown) <= LONGEST_SHOWN else f"{shown[:LONGEST_SHOWN]}…"


def text_faults(data: Any, here: str = "") -> Iterator[Fault]:
    """Characters that cannot be kept, lists longer than any inspection's, keys too long."""
    if isinstance(data, str):
        yield from _character_faults(data, here)
    elif isinstance(data, dict):
        for name, value in data.items():
            place = f"{here}.{name}" if here else str(name)
            yield from text_faults(value, place)
    elif isinstance(data, list | tuple):
        if len(data) > MOST_ENTRIES:
            what = f"this list has {len(data):,} entries."
            yield Fault(here or "the whole file", what, f"Give at most {MOST_ENTRIES:,}.")
            return
        for at, value in enumerate(data):
            yield from text_faults(value, f"{here}[{at}]")


def _character_faults(text: str, here: str) -> Iterator[Fault]:
    found = _UNPRINTABLE.search(text)
    if found:
        what = f"character {found.start() + 1} (U+{ord(found[0]):04X}) cannot be printed."
        yield Fault(here, what, "Take it out, or paste the text again as plain text.")


def too_deep(data: Any) -> bool:
    """Whether lists and objects stand in one another deeper than any inspection's."""
    level = [data]
    for _ in range(DEEPEST):
        level = [
            inner
            for item in level
            if isinstance(item, dict | list | tuple)
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list | tuple)
        ]
    return bool(level)


def printable(fault: Fault) -> Fault:
    """The fault with whatever was quoted from the data made safe to print."""
    return Fault(*(_safe(words) for words in (fault.where, fault.what, fault.mend)))


def _safe(words: str) -> str:
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", words)
