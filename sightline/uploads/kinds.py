"""What may be sent: a kind says which columns, who may send it, and what its rows do.

The context that owns the rows registers its kinds in its `AppConfig.ready`; this one never learns
what they are about.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, Literal, TypeAlias

from sightline.access.actors import Actor
from sightline.access.enums import Permission
from sightline.access.scopes import Scope
from sightline.identifiers import Kind as Identifier
from sightline.kernel.errors import NotFound

Value: TypeAlias = str | int | Decimal | dt.date | tuple[str, ...] | None
"""What a cell means; a flag is a bool, a time a datetime, a set a tuple of codes."""
ColumnKind: TypeAlias = Literal[
    "text", "whole", "number", "date", "code", "reference", "time", "flag", "set", "zone", "chi",
    "scn",
]  # fmt: skip
DATED: Final = frozenset({"date", "time"})
CODED: Final = frozenset({"code", "set"})
HIDDEN: Final = frozenset({"chi", "scn"})
"""Kinds of column whose values no fault repeats."""


@dataclass(frozen=True)
class Column:
    """A column of a file. Titles and synonyms are matched without case, spaces or punctuation.

    Attributes:
        name: what the rows' values are called in code.
        title: what people call it; the template has it so.
        kind: `text`, `whole` (int), `number` (Decimal), `date`, `code` (one of `options`), `set`
            (several of them), `time` (day and time of day), `flag` (yes or no), `reference` (a
            number or code for somebody, never a name), `zone` (a data zone), `chi` or `scn`.
        required: every row has a value, and the file has the column.
        options: of a code: what may be written. A mapping also takes its words and gives its key.
        spellings: of a code: other ways of writing it, each with the code it stands for; with any,
            punctuation does not matter either.
        synonyms: other titles it is known by.
        least, most: of a number or a date, both included.
        longest: characters of a text.
        holds: identifiers that this column is meant to hold, so that they are no reason to refuse.
        hint: what to write, for the page and for whoever mends a fault.
        names_teams: its values name teams and services, which may be called after a place that is
            a first name too; a person's name is found there all the same.
        own_places: names of places of the sender's own, such as localities; a word of theirs is no
            person's name in this column, unless a word that is not stands in the name too.
    """

    name: str
    title: str
    kind: ColumnKind = "text"
    required: bool = False
    options: Mapping[str, str] | Sequence[str] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    least: int | Decimal | dt.date | None = None
    most: int | Decimal | dt.date | None = None
    longest: int = 1000
    holds: frozenset[Identifier] = frozenset()
    hint: str = ""
    names_teams: bool = False
    own_places: Sequence[str] = ()

    def __post_init__(self) -> None:
        if self.kind in CODED and not self.options:
            raise ValueError(f"The column {self.name} is a code and has no options.")


@dataclass(frozen=True)
class Row:
    """One row of a file that has been read: typed values, and the cell each came from.

    `number` is the row as a spreadsheet program numbers it. `values` has every column of the kind,
    None where the cell was empty.
    """

    number: int
    values: Mapping[str, Value]
    cells: Mapping[str, str]


@dataclass(frozen=True)
class RowFault:
    """Something a kind finds wrong in a row.

    Attributes:
        row: its number, or None for the whole file.
        column: name of the column, or empty for the whole row.
        what: what is wrong, in words that do not repeat the value; like faults have like words.
        expected: what would be right.
        stops: the row is held back (the whole file refused); otherwise it is to be looked at again.
    """

    row: int | None
    column: str
    what: str
    expected: str = ""
    stops: bool = True


@dataclass(frozen=True)
class Outcome:
    """What a commit or an undo did, in rows.

    Of a commit, `added`, `replaced` and `unchanged` together are the rows it was given; `removed`
    are rows held before that the file does not have, for a kind whose file is the whole truth.
    """

    added: int = 0
    replaced: int = 0
    removed: int = 0
    unchanged: int = 0

    @property
    def rows(self) -> int:
        """The rows of the file that this accounts for."""
        return self.added + self.replaced + self.unchanged


@dataclass(frozen=True)
class Facts:
    """What is known of a whole file besides its rows."""

    scope: Scope
    sha256: str
    rows: int


@dataclass(frozen=True)
class Checked:
    """What checking a file found, in rows: `good` and `held_back` together are `rows`."""

    rows: int
    good: int
    held_back: int
    look_again: int
    stops: tuple[str, ...] = ()
    outcome: Outcome | None = None


Check: TypeAlias = Callable[[Iterable[Row], Scope], Iterator[RowFault]]
Commit: TypeAlias = Callable[..., Outcome]
"""Called with `actor`, `scope`, `rows` (good ones only, once) and `upload`, in one transaction.

Doing it again with the same rows changes nothing. It is rehearsed when a file is checked, and what
the rehearsal wrote is rolled back. Outside the database it writes nothing but files that are called
by a hash of their content: written under another name and renamed, so that half a file never has
the name, and harmless when the transaction rolls back, because no row names them and a sweep
removes them later. It removes nothing there.
"""
Adapt: TypeAlias = Callable[["Kind", Scope], "Kind"]
"""The kind as one scope sends it: with its own titles of columns and ways of writing codes."""
LeadsTo: TypeAlias = Callable[[str, Any], "tuple[str, str] | None"]
"""Called with the key of the scope and the upload."""
Look: TypeAlias = Callable[[Facts], Iterator["RowFault"]]
"""What a kind finds odd about a file as a whole; reads the database, never the rows."""
Prepare: TypeAlias = Callable[..., object]
"""Called with `scope` and `rows` (good ones only, once) outside any transaction, by a kind whose
files may be long. What it gives is handed to the commit as `prepared`, which then gets no rows."""
Undo: TypeAlias = Callable[..., Outcome]
"""Called with `actor`, `scope` and `upload`; raises `NotAllowed` with the reason when it cannot."""


Tells: TypeAlias = Callable[[str, object], "Identifier | None"]
"""Called with the name of a column (empty for one that is not asked for) and what a cell holds,
known codes left out: what that could tell of a person, beyond what is searched for in every file.
"""


@dataclass(frozen=True)
class Destination:
    """Something of a context's own that files are sent to, where that is no scope of assignments.

    Each is called with the key of the scope; `door` with the actor before it.

    Attributes:
        door: passes whoever may send the kind there; raises `NotFound` or `NotPermitted`.
        name: what people call it.
        crumbs: the way to the page that leads there, as labels and addresses.
    """

    door: Callable[[Actor, str], object]
    name: Callable[[str], str]
    crumbs: Callable[[str], Sequence[tuple[str, str]]]


def _no_rules(rows: Iterable[Row], scope: Scope) -> Iterator[RowFault]:
    for _ in rows:
        pass
    return iter(())


@dataclass(frozen=True)
class Kind:
    """A kind of file.

    Attributes:
        code: in addresses.
        title: what it is, as a heading.
        what: what one row is, in a sentence.
        columns: in the order of the template.
        needs: who may send it, see it and import it, over the scope.
        scope_kind: `national`, `partnership` or `inspection`; with `sent_to`, any other word.
        check: rules across rows, over rows whose types are right. It takes every row.
        commit: puts the good rows in.
        undo: takes out what one upload put in.
        refuses_identifiers: a file that holds what could tell who somebody is, is quarantined.
        prepare: writes the good rows before the transaction of the commit.
        adapt: the kind as a scope sends it.
        look: asked about the file as a whole, once its rows have been read.
        headings: titles of a scope's own, as they are compared, each with the name of the column it
            stands for, or with nothing where it is to be passed over. They win over all others.
        takes_none: a file without rows can be imported: it says that there were none.
        is_listed: it is among what anybody may send on the page of all kinds; one of many kinds
            that are alike has a page of its own elsewhere.
        leads_to: where somebody goes on from an upload, as a label and an address; None: nowhere.
        sent_to: where it goes, if not to a scope of assignments; its door is asked then.
        all_or_none: a file is imported whole; while a row of it is held back, nothing is.
        tells: asked of every cell, where identifiers are refused.
        quotes: faults repeat what a cell holds.
    """

    code: str
    title: str
    what: str
    columns: tuple[Column, ...]
    needs: Permission
    scope_kind: str
    commit: Commit
    undo: Undo
    check: Check = _no_rules
    refuses_identifiers: bool = True
    prepare: Prepare | None = None
    adapt: Adapt | None = None
    look: Look | None = None
    headings: Mapping[str, str] = field(default_factory=dict)
    takes_none: bool = False
    is_listed: bool = True
    leads_to: LeadsTo | None = None
    sent_to: Destination | None = None
    all_or_none: bool = False
    tells: Tells | None = None
    quotes: bool = True
    by_name: Mapping[str, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names = {column.name: column for column in self.columns}
        if len(names) < len(self.columns) or not names:
            raise ValueError(f"The kind {self.code} needs columns, no two of one name.")
        object.__setattr__(self, "by_name", names)

    def sent_by(self, scope: Scope) -> "Kind":
        """The kind as this scope sends it."""
        return self if self.adapt is None else self.adapt(self, scope)


_kinds: Final[dict[str, Kind]] = {}


def register(kind: Kind) -> None:
    """Make a kind of file known. A second one of the same code takes its place."""
    _kinds[kind.code] = kind


def forget(code: str) -> None:
    """Take a kind away again, as tests do."""
    _kinds.pop(code, None)


def kinds() -> list[Kind]:
    """Every kind there is, by title."""
    return sorted(_kinds.values(), key=lambda kind: kind.title)


def kind_named(code: str) -> Kind:
    """The kind with this code.

    Raises:
        NotFound: there is none.
    """
    if code not in _kinds:
        raise NotFound(f"There is no kind of file called {code}.")
    return _kinds[code]
