"""Tables counted elsewhere and handed in by somebody: a file of definitions, or a CSV."""

import csv
import datetime as dt
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from sightline.access.scopes import Scope
from sightline.kernel.definitions import Closed, Code, Definition, Words
from sightline.kernel.errors import BadInput, Fault, Faults
from sightline.kernel.measures import State
from sightline.stats.disclosure import Area, Count, Exact, Population

MOST_ROWS = 200
_DASHES = re.compile(r"\s*[\u2010-\u2015\u2212-]\s*")
_COLUMNS: Mapping[str, str] = {
    "category": "label", "people": "people", "children": "people", "count": "people",
    "out of": "of", "of": "of", "base": "of", "families": "families",
}  # fmt: skip
ScopeText = Annotated[str, Field(pattern=r"^(national|partnership|inspection):[a-z0-9-]+$")]
Category = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class CountEntry(Closed):
    """One category."""

    code: Category
    label: Words
    people: int | None = None
    of: int | None = None
    families: int | None = None
    state: State = State.OBSERVED


class TableEntry(Closed):
    """One table; `measure` names what is counted where it is "k of n"."""

    code: Code
    title: Words
    counted: Words
    base_words: Words
    by: Words
    who: Words
    area: Words
    without: tuple[str, ...] = ()
    made_of: tuple[str, ...] = ()
    below_council: bool = False
    first: dt.date
    last: dt.date
    measure: str = ""
    sensitive: bool = False
    counts: tuple[CountEntry, ...] = Field(min_length=1)


class TablesFile(Definition):
    """Tables to declare together, by hand."""

    source: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*:[a-z0-9-]+$")]
    vintage: Words
    title: Words
    scope: ScopeText
    also: tuple[ScopeText, ...] = ()
    tables: tuple[TableEntry, ...] = Field(min_length=1)


def scope_from(text: str) -> Scope:
    """A scope written `kind:key`."""
    kind, _, key = text.partition(":")
    return Scope(kind, key)


def exact_tables(file: TablesFile) -> tuple[Exact, ...]:
    """The tables of a file.

    Raises:
        Faults: a table that contradicts itself.
    """
    faults, made = [], []
    for entry in file.tables:
        try:
            made.append(_exact(entry, file.vintage))
        except ValueError as error:
            faults.append(Fault(f"tables {entry.code}", str(error)))
    if faults:
        raise Faults(file.key, faults)
    return tuple(made)


def _exact(entry: TableEntry, vintage: str) -> Exact:
    return Exact(
        code=entry.code,
        title=entry.title,
        counted=entry.counted,
        base_words=entry.base_words,
        by=entry.by,
        population=Population(
            entry.who,
            Area(entry.area, entry.without, entry.made_of),
            entry.first,
            entry.last,
            entry.below_council,
        ),
        counts=[Count(**count.model_dump()) for count in entry.counts],
        measure=entry.measure,
        sensitive=entry.sensitive,
        vintage=vintage,
    )


@dataclass(frozen=True)
class TypedTable:
    """What somebody says of the table they hand in as a CSV."""

    title: str
    counted: str
    by: str
    who: str
    partnership: str
    first: dt.date
    last: dt.date
    vintage: str
    sensitive: bool = False
    below_council: bool = False


def same_words(text: str) -> str:
    """One spelling of words that differ in case, spaces and dashes alone.

    Tables typed on different days must be known as of the same people and the same categories,
    wherever these stand, or they are not checked against each other.
    """
    return " ".join(_DASHES.sub("-", unicodedata.normalize("NFKC", text)).casefold().split())


def read_counts(text: str) -> tuple[Count, ...]:
    """The rows of a CSV: Category, People, and perhaps Out of and Families.

    Raises:
        Faults: every row that cannot be read, by its line.
        BadInput: no heading that is known, or no rows.
    """
    lines = list(csv.reader(io.StringIO(text.lstrip("\ufeff").strip())))
    if not lines:
        raise BadInput("There is nothing in the table. Paste it with its line of headings.")
    columns = [_COLUMNS.get(" ".join(name.split()).lower(), "") for name in lines[0]]
    if "label" not in columns or "people" not in columns or len(set(columns)) < len(columns):
        raise BadInput(
            "The first line must name the columns: Category and People, and, where the table has "
            "them, Out of and Families."
        )
    if not 1 < len(lines) <= MOST_ROWS + 1:
        raise BadInput(f"A table has 1 to {MOST_ROWS} categories, a line each, under its headings.")
    faults: list[Fault] = []
    counts: list[Count] = []
    lines_of: dict[str, int] = {}
    for number, cells in enumerate(lines[1:], start=2):
        try:
            count = _count(dict(zip(columns, cells, strict=True)))
        except ValueError as error:
            faults.append(Fault(f"line {number}", _reason(error)))
            continue
        first = lines_of.setdefault(count.code, number)
        if first != number:
            said = f"{count.label} stands in line {first} already; add the two up first."
            faults.append(Fault(f"line {number}", said))
        counts.append(count)
    if faults:
        raise Faults("The table", faults)
    return tuple(counts)


def _reason(error: ValueError) -> str:
    said = str(error)
    return "it has not as many cells as there are columns." if "zip()" in said else said


def _count(cells: Mapping[str, str]) -> Count:
    label = cells["label"].strip()
    if not label:
        raise ValueError("the category has no name.")
    return Count(
        code=same_words(label),
        label=label,
        people=_whole(cells["people"], "people"),
        of=_whole(cells["of"], "out of") if cells.get("of", "").strip() else None,
        families=_whole(cells["families"], "families")
        if cells.get("families", "").strip()
        else None,
    )


def _perhaps(text: str, column: str) -> int | None:
    return _whole(text, column) if text.strip() else None


def _whole(text: str, column: str) -> int:
    plain = text.strip().replace(",", "")
    if not plain.isdecimal():
        raise ValueError(f"{column} is not a whole number; write 0 for none.")
    return int(plain)


def _as_heading(words: str) -> str:
    """`age  Group` as `Age group`, with SIMD left as it is: headings tell tables apart."""
    plain = [word if word.isupper() else word.lower() for word in words.split()]
    joined = _DASHES.sub("-", " ".join(plain))
    return joined[:1].upper() + joined[1:]


def typed_table(about: TypedTable, counts: Sequence[Count]) -> Exact:
    """The table of a CSV.

    Raises:
        BadInput: it contradicts itself.
    """
    out_of = any(count.of is not None for count in counts)
    try:
        return Exact(
            code="table",
            title=about.title,
            counted=about.counted,
            base_words=f"of all {about.counted}",
            by=_as_heading(about.by),
            population=Population(
                f"{about.partnership}: {same_words(about.who)}",
                Area(about.partnership),
                about.first,
                about.last,
                about.below_council,
            ),
            counts=counts,
            measure=about.title if out_of else "",
            sensitive=about.sensitive,
            vintage=about.vintage,
        )
    except ValueError as error:
        raise BadInput(str(error)) from None
