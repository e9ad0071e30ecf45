"""Schema and loader of indicators: what is counted, out of what, for whom, and on whose authority.

An indicator names one of a fixed set of shapes and gives its parameters; there is no SQL in it. The
shapes are built in `measures`; nothing here knows them, so a page may read a definition cheaply.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Final, Literal

from django.conf import settings
from pydantic import BeforeValidator, Field, model_validator

from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import Fault, Faults, NotFound

Theme = Literal["protection", "looked-after", "leaving-care", "health", "voice", "workforce"]
Kind = Literal["process", "output", "outcome", "experience", "quality"]
Direction = Literal["up", "down", "context"]
Frequency = Literal["month", "quarter", "year"]
Calendar = Literal["aug_jul", "apr_mar", "school"]
Unit = Literal[
    "count", "per_cent", "per_100", "per_1000", "per_10000", "days", "years", "points",
]  # fmt: skip
Shape = Literal[
    "flow", "snapshot", "cohort", "median", "mean", "mentions", "profile", "average-stock", "gap",
    "supplied", "balance",
]  # fmt: skip
Base = Literal["base", "population", "none", "average-stock"]
AgeBands = Literal["register", "looked-after", "aftercare"]
Sex = Literal["persons", "male", "female"]
Tag = Literal["S", "D", "K", "L"]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
"""A column: lower case, digits and underscores."""

PER: Final[Mapping[str, int]] = MappingProxyType(
    {"per_cent": 100, "per_100": 100, "per_1000": 1_000, "per_10000": 10_000}
)
"""What a share or a rate is multiplied by; a unit that is not here is no share."""


def _bound(value: Any) -> Any:
    """Text as the number or the date it is written as."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            return dt.date.fromisoformat(text)
        except ValueError:
            raise ValueError(f"{text} is no day of the calendar") from None
    if re.fullmatch(r"-?\d+", text):
        return int(text)
    if re.fullmatch(r"-?\d+\.\d+", text):
        return float(text)
    raise ValueError(f"{text!r} is neither a number nor a date (2024-07-31)")


Bound = Annotated[int | float | dt.date, BeforeValidator(_bound)]
"""A number or a date, with which a column is compared."""
Values = Annotated[tuple[str, ...], Field(min_length=1)]


class Within(Closed):
    """Not later than another date and so many days, weeks or months."""

    of: Name
    days: int | None = Field(default=None, ge=0)
    weeks: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, ge=0)

    @model_validator(mode="after")
    def one_length(self) -> "Within":
        """Days, weeks or months: one of them."""
        if sum(length is not None for length in (self.days, self.weeks, self.months)) != 1:
            raise ValueError("give days, weeks or months, one of them.")
        return self


class Passed(Within):
    """Another date and so many days, weeks or months have gone by on the day a row is looked at."""


class Ages(Closed):
    """Whole years, both included; either may be left out."""

    from_: int | None = Field(default=None, ge=0, le=120, alias="from")
    to: int | None = Field(default=None, ge=0, le=120)

    @model_validator(mode="after")
    def they_are_in_order(self) -> "Ages":
        """At least one of them, the lower first."""
        if self.from_ is None and self.to is None:
            raise ValueError("give an age from, to, or both.")
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError(f"the ages run from {self.from_} to {self.to}; the lower comes first.")
        return self


COMPARED: Final = ("before", "after", "on_or_before", "on_or_after")
DAY: Final = "day"
"""Stands in a predicate for the day on which a row is looked at, where a column is named."""
TESTS: Final = (
    "is_", "not_", "at_least", "at_most", "over", "under", "known", "true", "has", "has_any",
    "has_none", *COMPARED, "within",
)  # fmt: skip


class Predicate(Closed):
    """One thing that has to hold of a row. What is not known holds only where `known: no` asks.

    It is about a column, an age, being unborn, time that has `passed`, or is made of others: `any`
    (one of them holds) or `none` (not one of them does). A column may be `day`: the row's date, or
    the period's last day where a stock is counted.
    """

    column: Name | None = None
    is_: Values | None = Field(default=None, alias="is")
    not_: Values | None = Field(default=None, alias="not")
    at_least: Bound | None = None
    at_most: Bound | None = None
    over: Bound | None = None
    under: Bound | None = None
    known: bool | None = None
    true: bool | None = None
    has: Values | None = None
    has_any: Values | None = None
    has_none: Values | None = None
    before: Name | None = None
    after: Name | None = None
    on_or_before: Name | None = None
    on_or_after: Name | None = None
    within: Within | None = None
    passed: Passed | None = None
    age: Ages | None = None
    unborn: bool | None = None
    any: "tuple[Predicate, ...]" = ()
    none: "tuple[Predicate, ...]" = ()

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests it makes of its column."""
        return tuple(name for name in TESTS if getattr(self, name) is not None)

    @property
    def of_a_day(self) -> bool:
        """Whether it can be told only on a day: it asks an age, or names the day."""
        named = (self.age, self.unborn, self.passed)
        return (
            any(one is not None for one in named)
            or DAY in self._names()
            or any(part.of_a_day for part in (*self.any, *self.none))
        )

    def _names(self) -> Iterator[str]:
        if self.column:
            yield self.column
        for name in COMPARED:
            if getattr(self, name):
                yield getattr(self, name)
        for length in (self.within, self.passed):
            if length is not None:
                yield length.of

    def columns(self) -> Iterator[str]:
        """Every column it reads."""
        yield from (name for name in self._names() if name != DAY)
        for part in (*self.any, *self.none):
            yield from part.columns()

    @model_validator(mode="after")
    def it_is_about_one_thing(self) -> "Predicate":
        """A column with a test, or an age, or unborn, or parts."""
        subjects = (
            self.column, self.age, self.unborn, self.passed, self.any or None, self.none or None,
        )  # fmt: skip
        if sum(one is not None for one in subjects) != 1:
            raise ValueError("say one of column, age, unborn, passed, any and none.")
        if bool(self.column) != bool(self.tests):
            raise ValueError("a column needs a test (such as `is` or `at_most`), and a test one.")
        return self


class Population(Closed):
    """The people a rate is of: ages in whole years, both included, and sex."""

    from_: int = Field(ge=0, le=90, alias="from")
    to: int = Field(ge=0, le=90)
    sex: Sex = "persons"

    @model_validator(mode="after")
    def ages_in_order(self) -> "Population":
        """The lower age first."""
        if self.to < self.from_:
            raise ValueError(f"the ages run from {self.from_} to {self.to}; the lower comes first.")
        return self


class Stock(Closed):
    """How many there are on the last day of each month, for the average a rate is of."""

    view: Name
    from_: Name = Field(alias="from")
    until: Name
    where: tuple[Predicate, ...] = ()


class Source(Closed):
    """Who says so, and how sure: S seen, D derived, K known and not confirmed, L local choice."""

    title: Words
    tag: Tag


_DATED: Final = frozenset({"flow", "cohort"})
_EITHER: Final = frozenset({"median", "mean", "mentions", "profile"})
_UNVIEWED: Final = frozenset({"gap", "supplied", "balance"})
_OWN: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "cohort": ("after_months",),
        "median": ("value",),
        "mean": ("value",),
        "mentions": ("mentions",),
        "profile": ("of_breakdown",),
        "average-stock": ("stock",),
        "gap": ("of_indicator", "breakdown", "first", "second"),
        "supplied": ("measure",),
    }
)
"""What each shape needs that no other has."""


class IndicatorDefinition(Definition):
    """One indicator.

    Attributes:
        title: as a heading.
        theme: where it is listed.
        kind: process, output, outcome, experience, or quality of the data.
        direction: which way is better; `context` where neither is.
        frequency: the grid it is published on.
        calendar: the year its periods belong to.
        unit: what its value is.
        counted: who or what is counted, in words.
        base_words: who they are counted among, in words.
        shape: how it is worked out.
        view: the enriched table it reads.
        date: the column that puts a row in a period (flow, cohort, median, mean).
        from_, until: the columns between which a row holds (snapshot); `until` is the first day on
            which it no longer does.
        after_months: a cohort is looked at so many months after its period.
        count: children, rows, families, or what `count_column` tells apart.
        where: who is in the base.
        counts: who of the base is counted; empty when all of it is.
        unknown: who of the base is left out of what it is out of, and said beside it.
        of: what it is out of; worked out from the unit when empty.
        population: the people, when it is out of those.
        age_bands: the ages that people are told apart by.
        breakdowns: what it is told apart by: `x` stands for the column `by_x`, and `age`.
        inside: indicators among whose people everybody counted here is.
        value: the column whose median or mean it is.
        mentions: the column of several values that are counted.
        of_breakdown: a profile's breakdown: each category's share of the whole base.
        over: whether a profile is of a flow or a snapshot; its dates say so too.
        census: a list taken on certain days: where none was taken, nothing was submitted.
        per: what a rate is per, as a reminder; the unit says it.
        stock: the stock whose average it is out of.
        of_indicator, breakdown, first, second: the two categories whose shares are subtracted.
        measure: the measure of the published figures, where it is not the code.
        source: on whose authority.
        since: for a later version, the first period it is counted so, in what others publish too.
        differs: for a later version, what differs from the one before, as a sentence.
        note: what a reader must know.
        scrutiny: questions a committee might ask.
    """

    title: Words
    theme: Theme
    kind: Kind
    direction: Direction
    frequency: Frequency
    calendar: Calendar
    unit: Unit
    counted: Words
    base_words: str = ""
    shape: Shape
    view: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    date: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    from_: str = Field(default="", alias="from", pattern=r"^([a-z][a-z0-9_]*)?$")
    until: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    after_months: int = Field(default=0, ge=0, le=120)
    count: str = Field(default="children", pattern=r"^[a-z][a-z0-9_-]*$")
    count_column: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    where: tuple[Predicate, ...] = ()
    counts: tuple[Predicate, ...] = ()
    unknown: tuple[Predicate, ...] = ()
    of: Literal["base", "population", "none", "average-stock", ""] = ""
    population: Population | None = None
    age_bands: AgeBands = "register"
    breakdowns: tuple[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")], ...] = ()
    inside: tuple[Code, ...] = ()
    value: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    mentions: str = Field(default="", pattern=r"^([a-z][a-z0-9_]*)?$")
    of_breakdown: str = ""
    over: Literal["flow", "snapshot", ""] = ""
    census: bool = False
    per: int = 0
    stock: Stock | None = None
    of_indicator: str = ""
    breakdown: str = ""
    first: str = ""
    second: str = ""
    measure: str = ""
    source: Source
    since: str = Field(default="", pattern=r"^(\d{4}-\d{2})?$")
    differs: str = ""
    note: str = ""
    scrutiny: tuple[Words, ...] = ()

    @property
    def out_of(self) -> Base:
        """What the count is out of."""
        if self.of:
            return self.of
        if self.shape == "average-stock":
            return "average-stock"
        return "base" if self.unit == "per_cent" else "none"

    @property
    def multiplier(self) -> int:
        """What a share is multiplied by; 1 for what is no share."""
        return PER.get(self.unit, 1)

    @property
    def published_measure(self) -> str:
        """The measure of the published figures that answers it."""
        return self.measure or self.code

    def columns(self) -> Iterator[str]:
        """Every column of its view that it reads, breakdowns left aside."""
        named = (self.date, self.from_, self.until, self.count_column, self.value, self.mentions)
        yield from (name for name in named if name)
        for predicate in (*self.where, *self.counts, *self.unknown):
            yield from predicate.columns()

    @model_validator(mode="after")
    def its_shape_has_what_it_needs(self) -> "IndicatorDefinition":
        """Everything the shape needs is there, and nothing that it would not look at."""
        faults = [*self._faults_of_shape(), *self._faults_of_base()]
        if len(set(self.breakdowns)) < len(self.breakdowns):
            faults.append("a breakdown is there twice")
        if self.of_breakdown and self.of_breakdown not in self.breakdowns:
            faults.append("`of_breakdown` is among the breakdowns of a profile; add it")
        if self.mentions and self.mentions.removeprefix("by_") not in self.breakdowns:
            faults.append("what is mentioned is among the breakdowns; add it")
        if len({bool(self.since), bool(self.differs), self.version > 1}) > 1:
            faults.append("`since` and `differs` are given by every version after the first")
        if self.code in self.inside:
            faults.append("it is not inside itself; mend `inside`")
        if faults:
            raise ValueError("; ".join(faults) + ".")
        return self

    def _faults_of_shape(self) -> Iterator[str]:
        needed = _OWN.get(self.shape, ())
        for name in sorted({name for names in _OWN.values() for name in names}):
            given = bool(getattr(self, name))
            if name in needed and not given:
                yield f"the shape {self.shape} needs `{name}`"
            if name not in needed and given and not (name == "measure" and needed):
                yield f"the shape {self.shape} does not look at `{name}`; leave it out"
        if (self.shape in _UNVIEWED) == bool(self.view):
            yield f"the shape {self.shape} " + (
                "reads no view; leave it out" if self.view else "needs a `view`"
            )
        yield from self._faults_of_dates()

    def _faults_of_dates(self) -> Iterator[str]:
        dated, held = bool(self.date), bool(self.from_ and self.until)
        if bool(self.from_) != bool(self.until):
            yield "`from` and `until` go together"
        if self.shape in _UNVIEWED and (dated or held or self.where or self.counts):
            yield f"the shape {self.shape} has no dates and no predicates"
        if self.shape in _DATED | {"average-stock"} and (not dated or held):
            yield f"the shape {self.shape} needs `date`, and no `from` and `until`"
        if self.shape == "snapshot" and (dated or not held):
            yield "a snapshot needs `from` and `until`, and no `date`"
        if self.over and (self.over == "flow") != dated:
            yield "`over: flow` goes with `date`, `over: snapshot` with `from` and `until`"
        if self.census and not held:
            yield "a census is of a stock: it needs `from` and `until`"
        if self.per and self.per != self.multiplier:
            yield f"`per: {self.per}` and the unit {self.unit} differ"
        if self.shape in _EITHER and dated == held:
            yield f"the shape {self.shape} needs `date`, or `from` and `until`"

    def _faults_of_base(self) -> Iterator[str]:
        if (self.out_of == "population") != (self.population is not None):
            yield "`of: population` and `population` go together"
        if (self.out_of == "average-stock") != (self.shape == "average-stock"):
            yield "`of: average-stock` and that shape go together"
        if self.unit in PER and self.out_of == "none" and self.shape not in _UNVIEWED:
            yield f"{self.unit} is out of something: say `of`"
        if self.unit not in PER and self.out_of not in {"none", "base"}:
            yield f"{self.unit} is out of nothing; leave `of` out"
        if self.count in {"children", "rows", "families"} and self.count_column:
            yield f"{self.count} need no `count_column`"
        if self.count not in {"children", "rows", "families"} and not self.count_column:
            yield f"say in `count_column` which column tells {self.count} apart"
        if self.out_of in {"base"} and self.unit in PER and not self.base_words:
            yield "say in `base_words` who they are counted among"


def load(folder: Path) -> Registry[IndicatorDefinition]:
    """Read every indicator, and check those that name one another.

    Raises:
        SightlineError: naming file, field, fault and fix, all at once.
    """
    found = Registry.load(IndicatorDefinition, folder / "indicators")
    faults = list(_unknown_names(found))
    if faults:
        raise Faults("definitions/indicators", faults)
    return found


def _unknown_names(found: Registry[IndicatorDefinition]) -> Iterator[Fault]:
    codes = {one.code for one in found}
    for one in found:
        for name in one.inside:
            if name not in codes:
                yield Fault(f"{one.key} inside", f"there is no indicator {name}", "Mend the code.")
        if one.of_indicator and one.of_indicator not in codes:
            yield Fault(
                f"{one.key} of_indicator", f"there is no indicator {one.of_indicator}",
                "Mend the code.",
            )  # fmt: skip


@lru_cache(maxsize=1)
def registry() -> Registry[IndicatorDefinition]:
    """Every version of every indicator."""
    return load(settings.SIGHTLINE_DEFINITIONS)


def _order(code: str) -> tuple[int, int, str]:
    theme = ("cp", "la", "cl", "he", "vp", "wf")
    match = re.fullmatch(r"([a-z]+)(\d+)(.*)", code)
    if match is None or match[1] not in theme:
        return (len(theme), 0, code)
    return (theme.index(match[1]), int(match[2]), match[3])


@lru_cache(maxsize=1)
def _latest() -> Mapping[str, IndicatorDefinition]:
    codes = sorted({one.code for one in registry()}, key=_order)
    return MappingProxyType({code: registry().latest(code) for code in codes})


def indicators() -> tuple[IndicatorDefinition, ...]:
    """The latest version of each indicator, in the order of the catalogue."""
    return tuple(_latest().values())


def versions(code: str) -> tuple[IndicatorDefinition, ...]:
    """Every version of an indicator, the latest first."""
    found = [one for one in registry() if one.code == code]
    return tuple(sorted(found, key=lambda one: -one.version))


def indicator(code: str) -> IndicatorDefinition:
    """The latest version of an indicator, or the one of a key `code@version`.

    Raises:
        NotFound: there is none of this code.
    """
    if "@" in code:
        return registry().get(code)
    if code not in _latest():
        known = ", ".join(_latest()) or "none"
        raise NotFound(f"There is no indicator {code}. There are: {known}.")
    return _latest()[code]
