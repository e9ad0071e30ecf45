"""Kinds of rows that a form's sheet `survey` can hold, and what becomes of each."""

import re
from dataclasses import dataclass
from typing import Final

ASKED: Final[dict[str, str]] = {
    "text": "text", "string": "text", "integer": "number", "int": "number", "decimal": "number",
    "range": "number", "date": "date", "note": "note", "calculate": "calculate",
    "acknowledge": "one", "trigger": "one",
}  # fmt: skip
"""Types that are a question of ours, by kind."""

WHOLE: Final = frozenset({"integer", "int"})

DROPPED: Final[dict[str, str]] = {
    "deviceid": "the number of the device", "imei": "the number of the device",
    "device id": "the number of the device", "subscriberid": "the number of the SIM card",
    "simserial": "the number of the SIM card", "sim id": "the number of the SIM card",
    "subscriber id": "the number of the subscriber", "phonenumber": "the phone number",
    "phone number": "the phone number", "username": "the name of the account",
    "email": "the e-mail address of the account", "start-geopoint": "where the device is",
    "audit": "a log of every tap, with times and places",
    "background-audio": "a recording of the room", "background-geopoint": "where the device is",
    "start": "the time when somebody began", "end": "the time when somebody finished",
    "today": "the day when somebody answered", "start time": "the time when somebody began",
    "end time": "the time when somebody finished",
}  # fmt: skip
"""Types that collect something about a person unasked."""

LEFT_OUT: Final[dict[str, str]] = {
    "time": "a time of day", "datetime": "a date with a time of day",
    "geopoint": "a place", "geotrace": "a path", "geoshape": "an area",
    "location": "a place", "gps": "a place",
    "image": "a picture", "photo": "a picture", "audio": "a recording", "video": "a film",
    "file": "a file", "barcode": "a bar code", "hidden": "a hidden value",
    "xml-external": "a list in another file", "csv-external": "a list in another file",
    "osm": "a place on a map",
}  # fmt: skip
"""Types that are not supported, and what each would ask for."""

_SELECT: Final = re.compile(
    r"(?P<how>select[_ ]one|select1|select[_ ]multiple|select[_ ]all[_ ]that[_ ]apply|rank)"
    r"(?P<file>_from_file|_external| from file)?"
    r"\s+(?:from\s+)?(?P<list>\S+)(?P<other>\s+or[_ ]other)?",
    re.IGNORECASE,
)
_EDGE: Final = re.compile(r"(?P<edge>begin|end)[_ ]?(?P<what>group|repeat|loop)", re.IGNORECASE)


@dataclass(frozen=True)
class Select:
    """A question that chooses from a list."""

    kind: str
    list: str
    from_file: bool
    or_other: bool


def select(said: str) -> Select | None:
    """What `select_one fruits or_other` says; None for anything else. `rank` is its own kind."""
    match = _SELECT.fullmatch(" ".join(said.split()))
    if match is None:
        return None
    how = match["how"].lower().replace(" ", "_")
    kind = "rank" if how == "rank" else "one" if how in {"select_one", "select1"} else "many"
    return Select(kind, match["list"], bool(match["file"]), bool(match["other"]))


def edge(said: str) -> tuple[str, str]:
    """`begin` or `end`, and `group` or `repeat`; two empty texts for anything else."""
    match = _EDGE.fullmatch(" ".join(said.split()))
    return (match["edge"].lower(), match["what"].lower()) if match else ("", "")
