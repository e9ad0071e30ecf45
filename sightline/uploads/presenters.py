"""Uploads as pages show them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sightline.access.scopes import Scope, Wording
from sightline.uploads.kinds import Column, Kind, kinds
from sightline.uploads.models import State, Upload, UploadFault
from sightline.uploads.policies import last_day_to_undo
from sightline.uploads.tally import Group, Section, from_data

_TAGS: Final = {
    State.RECEIVED: "neutral",
    State.CHECKING: "neutral",
    State.CHECKED: "neutral",
    State.REFUSED: "attention",
    State.QUARANTINED: "alarm",
    State.COMMITTED: "good",
    State.THROWN_AWAY: "quiet",
    State.UNDONE: "quiet",
}


@dataclass(frozen=True)
class Place:
    """A kind of file and where it may be sent."""

    kind: Kind
    where: str
    scope: Scope


@dataclass(frozen=True)
class UploadRow:
    """An upload in a list."""

    key: UUID
    name: str
    kind: str
    where: str
    state: str
    tag: str
    at: dt.datetime
    who: str
    sha256: str
    rows: str
    last_to_undo: dt.date | None
    imported_by: str
    undone_by: str


@dataclass(frozen=True)
class FaultRow:
    """A fault in a list."""

    section: str
    where: str
    what: str
    sent: str
    expected: str


SECTIONS: Final = {
    Section.FILE: "Stops the whole file",
    Section.ROW: "Held back",
    Section.AGAIN: "Look again",
}


def places(pairs: Iterable[tuple[Kind, Scope]]) -> list[Place]:
    """Kinds and where, in words, by kind and name."""
    wording = Wording()
    found = [Place(kind, wording.of(scope.kind, scope.key), scope) for kind, scope in pairs]
    return sorted(found, key=lambda place: (place.kind.title, place.where))


def where(kind: Kind | None, scope_kind: str, scope_key: str, wording: Wording) -> str:
    """What people call the place that a kind is sent to."""
    if kind is not None and kind.sent_to is not None:
        return kind.sent_to.name(scope_key)
    return wording.of(scope_kind, scope_key)


def uploads(found: Iterable[Upload], names: Mapping[str, str]) -> list[UploadRow]:
    """Uploads for a list; `names` says what the audit names of people are."""
    wording = Wording()
    known = {kind.code: kind for kind in kinds()}
    return [
        UploadRow(
            key=upload.pk,
            name=upload.file_name,
            kind=known[upload.kind].title if upload.kind in known else upload.kind,
            where=where(known.get(upload.kind), upload.scope_kind, upload.scope_key, wording),
            state=State(upload.state).label,
            tag=_TAGS[State(upload.state)],
            at=upload.received_at,
            who=names.get(upload.received_by, upload.received_by),
            sha256=upload.sha256,
            rows=_rows(upload),
            imported_by=names.get(upload.committed_by, upload.committed_by),
            undone_by=names.get(upload.undone_by, upload.undone_by),
            last_to_undo=last_day_to_undo(upload) if upload.state == State.COMMITTED else None,
        )
        for upload in found
    ]


def _rows(upload: Upload) -> str:
    """The rows of an upload in words; a file that none were read from had not none."""
    said = [f"{upload.good} good"] if upload.good or upload.held_back else []
    said += [f"{upload.held_back} held back"] if upload.held_back else []
    read = upload.state in {State.CHECKED, State.COMMITTED, State.UNDONE}
    return ", ".join(said) or ("None" if read else "Not read")


def groups(upload: Upload, section: Section) -> list[Group]:
    """Faults of a section that are alike."""
    return [one for one in from_data(upload.result.get("groups", ())) if one.section is section]


def faults(found: Iterable[UploadFault]) -> list[FaultRow]:
    """Faults for a list."""
    return [FaultRow(SECTIONS[Section(one.section)], *one.words) for one in found]


@dataclass(frozen=True)
class ColumnRow:
    """What a column of a kind takes, in words."""

    title: str
    takes: str
    required: bool


_TAKES: Final = {
    "text": "Text", "whole": "A whole number", "number": "A number",
    "date": "A date, such as 2026-03-31", "code": "A code",
    "reference": "A number or code, never a name", "time": "A day and a time",
    "flag": "Yes or no", "set": "Codes, divided by semicolons", "zone": "S01 and six digits",
    "chi": "Ten digits", "scn": "Nine digits",
}  # fmt: skip


def columns(kind: Kind) -> list[ColumnRow]:
    """The columns of a kind."""
    return [ColumnRow(one.title, _takes(one), one.required) for one in kind.columns]


def _takes(column: Column) -> str:
    if column.hint:
        return column.hint
    few = 8
    if column.kind == "code" and len(column.options) <= few:
        return f"One of {', '.join(column.options)}"
    return _TAKES[column.kind]
