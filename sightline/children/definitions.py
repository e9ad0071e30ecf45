"""Datasets and the lists of their codes, as definitions: what an extract holds and how it is read.

`definitions/datasets/` has a file for each dataset, `definitions/codes/` one for each list. A new
column or code is a line of a file and no new code. Released files are never edited: a change is the
next version, and every extract says which version it was read with.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Final, Literal

from django.conf import settings
from pydantic import Field, model_validator

from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import Fault, Faults, NotFound

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A column's name in code: lower case, digits and underscores."""

Kind = Literal[
    "reference", "text", "whole", "number", "date", "time", "flag", "code", "set", "zone", "chi",
    "scn",
]  # fmt: skip
Privacy = Literal["reference", "identifier", "personal", "sensitive", "plain"]
Grain = Literal["child", "case", "household", "issue", "figure"]
Agency = Literal[
    "council", "health-board", "police", "reporter", "statistics", "third-sector",
]  # fmt: skip
Calendar = Literal["aug_jul", "apr_mar", "school"]
CODED: Final = frozenset({"code", "set"})
HASHED: Final = frozenset({"chi", "scn"})
"""Kinds of column whose values are kept as keyed hashes alone."""


def folded(text: str) -> str:
    """A code or heading as it is compared: without case, spaces or punctuation."""
    return re.sub(r"[\W_]+", "", text.casefold()) or text.strip()


class CodeEntry(Closed):
    """One code: what it is called, what else it has been called, and from when until when.

    Attributes:
        code: as it is kept.
        label: as it is shown.
        synonyms: what other years and suppliers write for it.
        group: the wider category it is counted in; its own code where there is none.
        tag: how sure the source is: S seen, K known, L local.
        since, until: the days on which it may be used, both included.
    """

    code: Code | Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    label: Words
    synonyms: tuple[Words, ...] = ()
    group: str = ""
    tag: Literal["S", "D", "K", "L"] = "K"
    since: dt.date | None = None
    until: dt.date | None = None

    def written(self) -> tuple[str, ...]:
        """Everything that stands for it in a file."""
        return (self.code, self.label, *self.synonyms)


class CodeList(Definition):
    """A list of codes. No two of them are written the same way, leaving case and marks aside."""

    title: Words
    note: str = ""
    codes: tuple[CodeEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def no_two_are_written_alike(self) -> "CodeList":
        """What is written in a cell stands for one code."""
        seen: dict[str, str] = {}
        faults = []
        for entry in self.codes:
            if entry.since and entry.until and entry.until < entry.since:
                faults.append(f"{entry.code} ends before it begins")
            for text in entry.written():
                if seen.setdefault(folded(text), entry.code) != entry.code:
                    faults.append(f"{text!r} stands for {seen[folded(text)]} and {entry.code}")
        if len({entry.code for entry in self.codes}) < len(self.codes):
            faults.append("a code is there twice")
        if faults:
            raise ValueError("; ".join(faults) + ".")
        return self

    def options(self) -> dict[str, str]:
        """Labels by code."""
        return {entry.code: entry.label for entry in self.codes}


class ColumnDefinition(Closed):
    """One column of a dataset.

    Attributes:
        name: in code, and the heading of an extract that follows the template exactly.
        title: as people call it; the template has it so.
        kind: what stands in a cell.
        codes: the list of a `code` or `set`.
        required: every row has a value.
        synonyms: other headings it is known by.
        since, until: the days of the rows it applies to, both included.
        privacy: how a value is treated; values of `identifier`, `personal` and `sensitive` columns
            are shown on no page.
        hint: what to write.
    """

    name: Name
    title: Words
    kind: Kind
    codes: str = ""
    required: bool = False
    synonyms: tuple[Words, ...] = ()
    since: dt.date | None = None
    until: dt.date | None = None
    privacy: Privacy
    hint: str = ""

    @model_validator(mode="after")
    def its_kind_has_what_it_needs(self) -> "ColumnDefinition":
        """A coded column names its list and no other does; what is hashed is an identifier."""
        if (self.kind in CODED) != bool(self.codes):
            raise ValueError(f"{self.name}: a code or set names its list, and nothing else does.")
        if (self.kind in HASHED) != (self.privacy == "identifier"):
            raise ValueError(f"{self.name}: chi and scn are identifiers, and nothing else is.")
        if (self.kind == "reference") != (self.privacy == "reference"):
            raise ValueError(f"{self.name}: a reference has the privacy `reference`.")
        if self.since and self.until and self.until < self.since:
            raise ValueError(f"{self.name} ends before it begins; swap the days.")
        return self


class DatasetDefinition(Definition):
    """What one kind of extract holds.

    Attributes:
        title: as a heading.
        what: what one row is, in a sentence.
        grain: what a row is about.
        agency: who holds it.
        calendar: the year it is usually sent for.
        effective_from: the earliest day its rows may tell of.
        key_columns: `key` in the file: the columns that no two rows share.
        columns: in the order of the template.
    """

    title: Words
    what: Words
    grain: Grain
    agency: Agency
    calendar: Calendar
    effective_from: dt.date
    key_columns: tuple[Name, ...] = Field(alias="key", min_length=1)
    columns: tuple[ColumnDefinition, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def its_columns_agree(self) -> "DatasetDefinition":
        """No two columns of one name or heading; the key is among them."""
        names = self.names
        twice = sorted({name for name in names if names.count(name) > 1})
        faults = [f"{name} is there twice" for name in twice]
        faults += [
            f"the key names {k}, which is no column" for k in self.key_columns if k not in names
        ]
        seen: dict[str, str] = {}
        for column in self.columns:
            for text in (column.name, column.title, *column.synonyms):
                first = seen.setdefault(folded(text), column.name)
                if first != column.name:
                    faults.append(f"the heading {text!r} is of {first} and {column.name}")
        reserved = sorted({"row", "extract"} & set(names))
        faults += [f"{name} is what Sightline calls a column of its own" for name in reserved]
        if faults:
            raise ValueError("; ".join(faults) + ".")
        return self

    def column(self, name: str) -> ColumnDefinition:
        """The column of this name.

        Raises:
            NotFound: there is none.
        """
        for column in self.columns:
            if column.name == name:
                return column
        raise NotFound(f"The dataset {self.code} has no column {name}.")

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its columns, in order."""
        return tuple(column.name for column in self.columns)


def load(folder: Path) -> tuple[Registry[DatasetDefinition], Registry[CodeList]]:
    """Read both, each dataset's lists among the lists.

    Raises:
        SightlineError: naming file, field, fault and fix, all at once.
    """
    lists = Registry.load(CodeList, folder / "codes")
    found = Registry.load(DatasetDefinition, folder / "datasets")
    known = {one.code for one in lists}
    faults = list(_unknown_lists(found, known))
    if faults:
        raise Faults("definitions/datasets", faults)
    return found, lists


def _unknown_lists(found: Registry[DatasetDefinition], known: set[str]) -> Iterator[Fault]:
    for dataset_ in found:
        for column in dataset_.columns:
            if column.codes and column.codes not in known:
                yield Fault(
                    f"{dataset_.key} {column.name}",
                    f"there is no list of codes {column.codes}.",
                    "Add definitions/codes/ or mend the name.",
                )


@lru_cache(maxsize=1)
def _loaded() -> tuple[Registry[DatasetDefinition], Registry[CodeList]]:
    return load(settings.SIGHTLINE_DEFINITIONS)


def registry() -> Registry[DatasetDefinition]:
    """Every version of every dataset."""
    return _loaded()[0]


@lru_cache(maxsize=1)
def _latest() -> Mapping[str, DatasetDefinition]:
    found = {one.code: registry().latest(one.code) for one in registry()}
    return MappingProxyType(dict(sorted(found.items())))


@lru_cache(maxsize=1)
def _lists() -> Mapping[str, CodeList]:
    lists = _loaded()[1]
    return MappingProxyType({one.code: lists.latest(one.code) for one in lists})


def dataset(code: str) -> DatasetDefinition:
    """The latest version of a dataset.

    Raises:
        NotFound: there is none of this code.
    """
    if code not in _latest():
        known = ", ".join(_latest())
        raise NotFound(f"There is no dataset {code}. There are: {known}.")
    return _latest()[code]


def datasets() -> tuple[DatasetDefinition, ...]:
    """The latest version of each dataset, by code."""
    return tuple(_latest().values())


def code_list(code: str) -> CodeList:
    """The latest version of a list of codes.

    Raises:
        NotFound: there is none of this code.
    """
    if code not in _lists():
        raise NotFound(f"There is no list of codes {code}.")
    return _lists()[code]


@lru_cache
def group_of(list_code: str) -> Mapping[str, str]:
    """For each code of a list the group it is counted in, or itself."""
    return MappingProxyType(
        {entry.code: entry.group or entry.code for entry in code_list(list_code).codes}
    )
