"""What a file of reference data looks like: one definition for each dataset and vintage.

A new vintage, or a new version of the index of deprivation, is a new file below
`definitions/reference/` and no new code. Definitions of invented data are used in a demonstration
only.
"""

import re
from collections.abc import Iterator, Mapping
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from django.conf import settings
from pydantic import Field, field_validator, model_validator

from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import BadInput, Fault, Faults, NotFound
from sightline.kernel.periods import Period

Heading = Annotated[str, Field(min_length=1)]
Headings = Annotated[tuple[Heading, ...], Field(min_length=1)]
ALL_AGES: Final = 91
OLDEST: Final = 90
"""The last age of the published files, which is 90 and over."""


class DatasetKind(StrEnum):
    """What the rows of a file are."""

    DEPRIVATION = "deprivation"
    ZONE_POPULATION = "zone-population"
    COUNCIL_POPULATION = "council-population"


NEEDED: Final = {
    DatasetKind.DEPRIVATION: {"zone", "council", "overall"},
    DatasetKind.ZONE_POPULATION: {"zone", "total"},
    DatasetKind.COUNCIL_POPULATION: {"council_code", "total"},
}
OPTIONAL: Final = {
    DatasetKind.DEPRIVATION: {"intermediate_zone", "people", "working_age"},
    DatasetKind.ZONE_POPULATION: {"sex", "name"},
    DatasetKind.COUNCIL_POPULATION: {"sex", "name"},
}


def plain_heading(text: str) -> str:
    """A heading as it is compared: lower case, letters, digits and `+`, words joined by `_`."""
    return re.sub(r"[^a-z0-9+]+", "_", text.casefold()).strip("_")


class SchoolYears(Closed):
    """The school years of events for which a version of the index is used, both included."""

    first: str
    last: str = ""

    @field_validator("first", "last")
    @classmethod
    def it_is_a_school_year(cls, text: str) -> str:
        """Written as 2020/21; the last may be open."""
        if text:
            try:
                Period.school(text)
            except BadInput as fault:
                raise ValueError(str(fault)) from None
        return text


class Dataset(Definition):
    """One published file: how it is known, what it must hold, and where it comes from.

    `columns` gives for each thing the headings it is known under; `domains` the same for the ranks
    of each domain. `ages` says that there is a column for each completed year of age, with the
    headings of the last, which is that age and over. `sexes` maps what the sex column says to
    persons, female or male. `zones`, `rows` and `people` are what the whole file must come to:
    people within 1 %, since revised files differ a little. `names_zones_of` is the geography whose
    list of zones this file gives. `event_years` says for which events a version of the index is
    used.
    """

    title: Words
    publisher: Words
    licence: Words
    kind: DatasetKind
    vintage: Words
    year: int | None = None
    geography: Words
    invented: bool = False
    zones: int = Field(ge=1)
    rows: int = Field(ge=1)
    people: int | None = None
    file_names: tuple[Words, ...] = ()
    columns: Mapping[str, Headings]
    domains: Mapping[Code, Headings] = Field(default_factory=dict)
    ages: Headings | None = None
    sexes: Mapping[str, Literal["persons", "female", "male"]] = Field(default_factory=dict)
    event_years: SchoolYears | None = None
    people_counted: str = ""
    status: Literal["verified", "unverified"]
    traps: tuple[Words, ...] = ()
    get: str = ""

    @model_validator(mode="after")
    def its_kind_has_what_it_needs(self) -> "Dataset":
        """The columns, year and sexes go with the kind."""
        needed, known = NEEDED[self.kind], NEEDED[self.kind] | OPTIONAL[self.kind]
        faults = [f"columns.{name} is needed" for name in sorted(needed - set(self.columns))]
        faults += [f"columns.{name} means nothing here" for name in sorted({*self.columns} - known)]
        if (self.kind is DatasetKind.DEPRIVATION) == bool(self.year):
            faults.append("a population has a year, and an index of deprivation a vintage alone")
        if (self.kind is DatasetKind.DEPRIVATION) != bool(self.event_years):
            faults.append("event_years belongs to an index of deprivation, and is needed there")
        if ("sex" in self.columns) != bool(self.sexes):
            faults.append("sexes says what the column sex holds; give both or neither")
        if self.rows % max(1, len(self.sexes)) or self.rows != self.zones * max(1, len(self.sexes)):
            faults.append(f"{self.rows} rows are not {self.zones} places times the sexes")
        headings = [h for names in self._all_headings() for h in {*map(plain_heading, names)}]
        twice = sorted({heading for heading in headings if headings.count(heading) > 1})
        if twice:
            faults.append(f"the headings {', '.join(twice)} stand for two things")
        if faults:
            raise ValueError("; ".join(faults) + ".")
        return self

    def _all_headings(self) -> Iterator[tuple[str, ...]]:
        yield from self.columns.values()
        yield from self.domains.values()
        if self.ages:
            yield self.ages

    @property
    def source(self) -> str:
        """Title and publisher, as printed beside a figure."""
        return f"{self.publisher}, {self.title}"

    def headings(self, header: list[str]) -> dict[str, int] | None:
        """Where each thing stands under this header, by its name; ages as `age 0` and so on.

        None when the header lacks a column this dataset needs: it is another dataset's file.
        """
        places: dict[str, int] = {}
        for place, text in enumerate(header):
            places.setdefault(plain_heading(text), place)
        found: dict[str, int] = {}
        wanted = {**self.columns, **{f"domain {c}": names for c, names in self.domains.items()}}
        if self.ages:
            wanted |= {f"age {age}": (str(age),) for age in range(OLDEST)}
            wanted[f"age {OLDEST}"] = self.ages
        for name, headings in wanted.items():
            here = [
                places[heading] for heading in map(plain_heading, headings) if heading in places
            ]
            if here:
                found[name] = here[0]
            elif name not in OPTIONAL[self.kind] - {"sex"}:
                return None
        has_ages = all(str(age) in places for age in range(OLDEST))
        return None if has_ages and not self.ages else found


def load(folder: Path) -> Registry[Dataset]:
    """Read the datasets; two versions of one index used for the same year are refused."""
    registry = Registry.load(Dataset, folder / "reference")
    faults = []
    for dataset in registry:
        for other in registry:
            if _claims_year_of(dataset, other):
                faults.append(
                    Fault(dataset.key, f"{other.key} is used for the same years.", "End one.")
                )
    if faults:
        raise Faults("definitions/reference", faults)
    return registry


def _claims_year_of(one: Dataset, other: Dataset) -> bool:
    if one.code >= other.code or one.geography != other.geography:
        return False
    if one.event_years is None or other.event_years is None:
        return False
    open_end = "9999"
    return one.event_years.first <= (other.event_years.last or open_end) and (
        other.event_years.first <= (one.event_years.last or open_end)
    )


@lru_cache(maxsize=1)
def registry() -> Registry[Dataset]:
    """The datasets of this installation, read once."""
    return load(settings.SIGHTLINE_DEFINITIONS)


def datasets() -> tuple[Dataset, ...]:
    """The latest definition of each dataset; those of invented places in a demonstration alone."""
    latest: dict[str, Dataset] = {}
    for found in registry():
        if found.invented and not settings.SIGHTLINE_DEMONSTRATION:
            continue
        if found.code not in latest or latest[found.code].version < found.version:
            latest[found.code] = found
    return tuple(sorted(latest.values(), key=lambda d: (d.invented, d.kind, d.vintage, d.code)))


def dataset(code: str) -> Dataset:
    """The latest definition of one dataset, or `NotFound` naming those there are."""
    known = {found.code: found for found in datasets()}
    if code not in known:
        raise NotFound(f"There is no dataset {code!r}. There are: {', '.join(known)}.")
    return known[code]
