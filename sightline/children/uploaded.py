"""The kinds of file that extracts are: one for each dataset, made from its definition.

Rows go into Parquet that is called by a hash of them, before the transaction; the commit is one row
that says which. So the same file again changes nothing, and a load is undone by taking it back.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.enums import Permission
from sightline.access.scopes import Scope
from sightline.children import folders, hashing, maps, queries, services, tables
from sightline.children.definitions import (
    CODED,
    HASHED,
    ColumnDefinition,
    DatasetDefinition,
    code_list,
    dataset,
    datasets,
    folded,
)  # fmt: skip
from sightline.children.file_rules import (
    check_rows,
    day_of,
    event_columns,
    look_at_file,
    main_column,
)  # fmt: skip
from sightline.identifiers import Kind as Identifier
from sightline.kernel.errors import NotAllowed
from sightline.uploads.kinds import Column, Kind, Outcome, Row
from sightline.uploads.models import State, Upload
from sightline.warehouse import parquet

BATCH: Final = 10_000
"""Rows that are held in memory at once."""
_HOLDS: Final = {
    "chi": frozenset({Identifier.CHI, Identifier.NHS, Identifier.NUMBER, Identifier.PHONE}),
    "scn": frozenset({Identifier.CANDIDATE, Identifier.NUMBER, Identifier.PHONE}),
    "date": frozenset({Identifier.DATE_OF_BIRTH}),
    "time": frozenset({Identifier.DATE_OF_BIRTH}),
    "reference": frozenset({Identifier.NUMBER, Identifier.PHONE}),
}
_LONGEST_TEXT: Final = 200


def column_of(column: ColumnDefinition) -> Column:
    """A column of a dataset as a file has it."""
    options: dict[str, str] = {}
    spellings: dict[str, str] = {}
    if column.kind in CODED:
        entries = code_list(column.codes).codes
        options = {entry.code: entry.label for entry in entries}
        spellings = {text: entry.code for entry in entries for text in entry.written()}
    return Column(
        name=column.name,
        title=column.title,
        kind=column.kind,
        required=column.required,
        options=options,
        spellings=spellings,
        synonyms=column.synonyms,
        longest=_LONGEST_TEXT,
        holds=_HOLDS.get(column.kind, frozenset()),
        hint=column.hint if column.kind not in CODED else "",
    )


@dataclass(frozen=True)
class Prepared:
    """What an extract's file holds, once written."""

    content: str
    rows: int
    covers: tuple[dt.date, dt.date] | None
    keyed_with: str
    against: str
    outcome: Outcome
    erasures: int


_ERASED: Final = "Rows of a child were erased here while this file was read. Have it checked again."


def prepare(code: str, *, scope: Scope, rows: Iterable[Row]) -> Prepared:
    """Write good rows as typed Parquet under a hash of what they say."""
    known = dataset(code)
    schema = tables.arrow_schema(known)
    kept = schema.remove(schema.get_field_index(tables.EXTRACT))
    digest = hashlib.sha256(f"{known.key} {kept}".encode())
    days = _Days(known)
    hashers = {
        column.name: hashing.hasher(column.kind)
        for column in known.columns
        if column.kind in HASHED
    }
    keys: set[str] = set()
    erased = [one.child for one in queries.erasures_of(scope.key)]
    with parquet.writing(kept, folders.extracts_folder(scope.key)) as file:
        batch = _Batch(known, hashers)
        for row in rows:
            if erased and hashing.is_among(erased, scope.key, row.values.get("child")):
                raise NotAllowed(_ERASED)
            days.learn(row)
            digest.update(repr(batch.add(row)).encode())
            if batch.size >= BATCH:
                file.add(batch.taken(keys))
        if batch.size:
            file.add(batch.taken(keys))
        file.close()
        content = digest.hexdigest()
        path = folders.extract_path(scope.key, content)
        file.put(path)
    try:
        against, outcome = _beside_the_last(known, scope.key, content)
    except FileNotFoundError:
        raise NotAllowed(_ERASED) from None
    return Prepared(
        content, file.rows, days.covers(scope.key), ",".join(sorted(keys)), against, outcome,
        len(erased),
    )  # fmt: skip


class _Batch:
    """Some rows as columns of plain values."""

    def __init__(
        self, known: DatasetDefinition, hashers: Mapping[str, Callable[[str], str]]
    ) -> None:
        self._names = known.names
        self._hashers = hashers
        self._columns: dict[str, list[Any]] = {}
        self.size = 0
        self._begin()

    def _begin(self) -> None:
        self._columns = {name: [] for name in (*self._names, tables.ROW)}
        self.size = 0

    def add(self, row: Row) -> tuple[object, ...]:
        """Take a row; gives what it says, for the hash of all."""
        said: list[object] = []
        for name in self._names:
            value: Any = row.values[name]
            if isinstance(value, Decimal):
                value = float(value)
            elif isinstance(value, tuple):
                value = list(value)
            elif value is not None and name in self._hashers:
                value = self._hashers[name](value)
            self._columns[name].append(value)
            said.append(value)
        self._columns[tables.ROW].append(row.number)
        self.size += 1
        return (row.number, *said)

    def taken(self, keys: set[str]) -> dict[str, list[Any]]:
        """The rows so far, and none from now on; the keys of their hashes are noted."""
        columns = self._columns
        for name in self._hashers:
            keys |= {hashing.key_of(value) for value in columns[name] if value}
        self._begin()
        return columns


class _Days:
    """Which days the rows of a file answer for, as far as its dates tell."""

    def __init__(self, known: DatasetDefinition) -> None:
        self.known = known
        self.events, self.main = event_columns(known), main_column(known)
        self.first: dt.date | None = None
        self.last: dt.date | None = None
        self.rows = 0

    def learn(self, row: Row) -> None:
        """Take note of the dates of a row."""
        self.rows += 1
        day = day_of(row.values[self.main]) if self.main else None
        if day is not None and (self.first is None or day < self.first):
            self.first = day
        for name in self.events:
            day = day_of(row.values[name])
            if day is not None and (self.last is None or day > self.last):
                self.last = day

    def covers(self, area: str) -> tuple[dt.date, dt.date] | None:
        """Whole months from the first day, or the one said of a version before, to the last.

        A dataset whose rows need have no day covers all up to today; no rows cover nothing.
        """
        today = timezone.localdate()
        if not self.rows:
            return None
        if self.main is None or self.first is None or self.last is None:
            return self.known.effective_from, today
        first, last = self.first.replace(day=1), min(_month_end(self.last), today)
        before = queries.latest_extract(area, self.known.code)
        if before is not None and before.covers_said and before.covers_from:
            first = before.covers_from
        first = max(first, self.known.effective_from)
        return (first, last) if first <= last else None


def _month_end(day: dt.date) -> dt.date:
    after = (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
    return after - dt.timedelta(days=1)


def _beside_the_last(known: DatasetDefinition, area: str, content: str) -> tuple[str, Outcome]:
    """The content of the version that is used now, and what this one would change in it."""
    before = queries.latest_extract(area, known.code)
    old = before.content if before is not None else ""
    path = folders.extract_path(area, content)
    if old == content:
        return old, Outcome(unchanged=parquet.count(path))
    found = parquet.compare(
        folders.extract_path(area, old) if old else None, path,
        key=known.key_columns, beside=(tables.ROW,),
    )  # fmt: skip
    return old, Outcome(found.added, found.replaced, found.removed, found.unchanged)


def commit(
    code: str, *, actor: Actor, scope: Scope, rows: Iterable[Row], upload: str, prepared: Prepared
) -> Outcome:
    """Make a prepared file the version that is used.

    Raises:
        NotAllowed: a child was erased since it was prepared, and might be in it.
    """
    known = dataset(code)
    if queries.erasures_of(scope.key).count() != prepared.erasures:
        raise NotAllowed(_ERASED)
    before = queries.latest_extract(scope.key, code)
    outcome = prepared.outcome
    if (before.content if before is not None else "") != prepared.against:
        outcome = _beside_the_last(known, scope.key, prepared.content)[1]
    services.accept_extract(
        actor=actor, area=scope.key, dataset=known, upload=upload, content=prepared.content,
        good=prepared.rows, covers=prepared.covers, keyed_with=prepared.keyed_with,
    )  # fmt: skip
    return outcome


def undo(code: str, *, actor: Actor, scope: Scope, upload: str) -> Outcome:
    """Take the extract of an upload back; the version before is used again."""
    extract = services.take_back_extract(actor=actor, area=scope.key, upload=upload)
    return Outcome(removed=extract.good - extract.erased)


def adapt(kind: Kind, scope: Scope) -> Kind:
    """The kind with the titles and codes that an area's own export has."""
    found = queries.column_map(scope.key, kind.code)
    if found is None:
        return kind
    columns = tuple(
        replace(
            column,
            spellings={**column.spellings, **found.codes.get(column.name, {})},
        )
        for column in kind.columns
    )
    headings = {
        folded(heading): name for heading, name in maps.usable(found.headings, kind).items()
    }
    return replace(kind, columns=columns, headings=headings)


def leads_to(area: str, upload: Upload) -> tuple[str, str] | None:
    """From an upload on: what did not match can be said, what was imported can be built."""
    held = queries.column_map(area, upload.kind)
    if maps.unmatched([upload], dataset(upload.kind), held):
        said = "Say what your own columns and codes stand for"
        return said, reverse("children:columns", args=[area, upload.kind])
    if upload.state == State.COMMITTED:
        return "Go on to the data of the area, and make a build", reverse(
            "children:data", args=[area]
        )
    return None


def kind_of(known: DatasetDefinition) -> Kind:
    """The kind of file that brings a dataset."""
    return Kind(
        code=known.code,
        title=known.title,
        what=known.what,
        columns=tuple(column_of(column) for column in known.columns),
        needs=Permission.DATA_LOAD,
        scope_kind="partnership",
        check=partial(check_rows, known.code),
        prepare=partial(prepare, known.code),
        commit=partial(commit, known.code),
        undo=partial(undo, known.code),
        adapt=adapt,
        look=partial(look_at_file, known.code),
        takes_none=True,
        is_listed=False,
        leads_to=leads_to,
    )


def kinds() -> Iterable[Kind]:
    """A kind for each dataset."""
    return map(kind_of, datasets())
