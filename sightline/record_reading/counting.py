"""From what counts of each record to counts: how many gave which answer, of how many, by group.

Pure. A record is in the base of an item where the item was asked of it and answered, the answer is
not "not expected", and its readers did not leave it as two views. An item asked by agency is
counted once for each agency: each is a unit of its own. `docs/methods/M-24-record-results.md`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from sightline.record_reading import asking
from sightline.record_reading.definitions import NOT_EXPECTED, Item, TemplateDefinition

DAY: Final = "day"
AGENCY: Final = "agency"
STRATUM: Final = "stratum"
NOT_SAID: Final = "not-said"
"""The category of records of which the return does not say, or not in a word that is known."""

WAYS: Final[Mapping[str, str]] = {
    STRATUM: "Stratum",
    "care_type": "Care type",
    "age_band": "Age",
    "register": "Child protection register",
    "disability": "Disability",
    "lead_agency": "Lead agency",
    "population": "Population",
    DAY: "Day read",
}
"""What results are split by, and how that is called; what comes first is kept first."""

_MOST_DAYS: Final = 10
_MONTH: Final = 7


class Counted(Protocol):
    """One record as moderation leaves it (`differences.CountedRecord`)."""

    @property
    def facts(self) -> Mapping[str, Any]: ...
    @property
    def template(self) -> str: ...
    @property
    def answers(self) -> Mapping[str, Any]: ...
    @property
    def two_views(self) -> frozenset[tuple[str, str]]: ...


@dataclass(frozen=True)
class Unit:
    """What is counted as one: an item, or an item for one agency."""

    item: Item
    agency: str = ""

    @property
    def code(self) -> str:
        """`plan-quality`, or `attended.police`."""
        return f"{self.item.code}.{self.agency}" if self.agency else self.item.code

    @property
    def title(self) -> str:
        """The item's text, with the agency it is asked of."""
        about = f": {asking.agency_label(self.agency)}" if self.agency else ""
        return f"{self.item.text}{about}"

    @property
    def short(self) -> str:
        """The same for tables and charts."""
        about = f": {asking.agency_label(self.agency)}" if self.agency else ""
        return f"{self.item.short}{about}"

    @property
    def answers(self) -> tuple[tuple[str, str], ...]:
        """Code and label of each answer that is counted, in the order of its list."""
        return tuple(
            (one.code, one.label) for one in asking.options(self.item) if one.code != NOT_EXPECTED
        )

    @property
    def bands(self) -> Mapping[str, tuple[str, ...]]:
        """The sets of answers it is read by, by code; the first is what is said of it first."""
        return asking.bands(self.item)

    @property
    def first(self) -> str:
        """The code of its first band; nothing where it has none."""
        return next(iter(self.bands), "")

    @property
    def wide_bands(self) -> tuple[str, ...]:
        """The bands of more than one answer; the others are answers under another name."""
        return tuple(name for name, answers in self.bands.items() if len(answers) > 1)


def measures_of(unit: Unit) -> dict[str, tuple[str, ...]]:
    """The bands of a unit, in order, that overlap none before them and are not the rest of one."""
    taken: set[str] = set()
    found = {}
    for name, answers in unit.bands.items():
        if not taken & set(answers):
            found[name] = tuple(answers)
            taken |= set(answers)
    if len(found) == 2 and taken == {code for code, _ in unit.answers}:  # noqa: PLR2004 - a pair
        found.popitem()  # the rest of the first, which everybody can take away
    return found


REST: Final = "rest"
EACH, BANDS, FIRST = 0, 1, 2
"""How finely all records are shown: each answer; bands and the others; the first band and not."""


def categories(unit: Unit, detail: int) -> dict[str, tuple[str, ...]]:
    """What a unit is shown by: the answers behind each category, by its code, in order."""
    answers = [code for code, _ in unit.answers]
    if detail == EACH:
        return {code: (code,) for code in answers}
    bands = dict(list(measures_of(unit).items())[: None if detail == BANDS else 1])
    taken = {code for held in bands.values() for code in held}
    found = {held[0] if len(held) == 1 else name: held for name, held in bands.items()}
    left = tuple(code for code in answers if code not in taken)
    if detail == BANDS:
        return found | {code: (code,) for code in left}
    return found | ({REST: left} if left else {})


def answers_behind(unit: Unit, category: str) -> tuple[str, ...]:
    """The answers behind a category, however finely the unit is shown."""
    for detail in (EACH, BANDS, FIRST):
        found = categories(unit, detail)
        if category in found:
            return found[category]
    return ()


def category_label(unit: Unit, category: str) -> str:
    """A category in words."""
    if category == REST:
        return "Anything else"
    return dict(unit.answers).get(category) or asking.band_label(category).capitalize()


@dataclass(frozen=True)
class Case:
    """A record as it is counted.

    Attributes:
        facts: its row of the return, with the day it was read.
        given: by item and agency, the answer that counts; `NOT_EXPECTED` among them.
        two_views: items and agencies of which two views stand.
    """

    facts: Mapping[str, Any] = field(repr=False)
    given: Mapping[tuple[str, str], str] = field(repr=False)
    two_views: frozenset[tuple[str, str]] = frozenset()


def cases(
    template: TemplateDefinition, records: Sequence[Counted], days: Sequence[str] = ()
) -> list[Case]:
    """Records as they are counted.

    Of a record read with another template those items count whose wording is declared the same.

    Args:
        template: the round's.
        records: as moderation leaves them, with answers to what is asked and no other.
        days: the day on which each was read, as ISO writes it; none: not known.
    """
    same: dict[str, frozenset[str]] = {}
    found = []
    for at, record in enumerate(records):
        if record.template not in same:
            same[record.template] = _same(template, record.template)
        found.append(_case(record, days[at] if days else "", same[record.template]))
    return found


def _same(template: TemplateDefinition, other: str) -> frozenset[str]:
    return frozenset(
        item.code
        for item in template.items()
        if asking.comparable(template.key, item.code, other) == "same"
    )


def _case(record: Counted, day: str, same: frozenset[str]) -> Case:
    read_with = asking.template(record.template)
    given = {
        (item, agency): code
        for item, agency, code in asking.flat(read_with, record.answers)
        if item in same and (item, agency) not in record.two_views
    }
    open_views = frozenset(pair for pair in record.two_views if pair[0] in same)
    return Case({**record.facts, DAY: day}, given, open_views)


def units(template: TemplateDefinition) -> list[Unit]:
    """Everything that is counted, in the order of the template."""
    return [unit for item in template.items() for unit in units_of(template, item)]


def units_of(template: TemplateDefinition, item: Item) -> list[Unit]:
    """An item as it is counted: once, once for each agency, or (words, many of a list) not at all.

    The agencies are the item's own, or all those of the strata that it is asked of.
    """
    if item.kind == "one":
        return [Unit(item)]
    if item.kind != "by-agency":
        return []
    agencies = item.agencies or tuple(
        dict.fromkeys(
            code
            for stratum in template.strata
            if not item.strata or stratum.code in item.strata
            for code in stratum.agencies
        )
    )
    return [Unit(item, agency) for agency in agencies]


@dataclass(frozen=True)
class Way:
    """A way of splitting records up. `labels`: its categories in order, by code."""

    code: str
    title: str
    labels: Mapping[str, str]

    def of(self, case: Case) -> str:
        """The category of one record; `NOT_SAID` where it is not known."""
        found = _period(case.facts, self.labels) if self.code == DAY else case.facts.get(self.code)
        return found if isinstance(found, str) and found in self.labels else NOT_SAID


def _period(facts: Mapping[str, Any], labels: Mapping[str, str]) -> str:
    day = str(facts.get(DAY) or "")
    return day if day in labels else day[:_MONTH]


Labels = Mapping[str, Mapping[str, str]]
"""By a column of the return, the label of each of its codes."""


def ways(template: TemplateDefinition, found: Sequence[Case], labels: Labels) -> list[Way]:
    """Every way in which two records or more differ, in the order of `WAYS`."""
    own = {
        STRATUM: {one.code: one.label for one in template.strata},
        "population": {one.code: one.label for one in template.populations},
        DAY: periods([str(case.facts.get(DAY) or "") for case in found]),
    }
    made = []
    for code, title in WAYS.items():
        way = Way(code, title, own.get(code) or labels.get(code, {}))
        if len({way.of(case) for case in found} - {NOT_SAID}) > 1:
            made.append(way)
    return made


def periods(days: Sequence[str]) -> dict[str, str]:
    """The days on which records were read with their labels; months where there are many."""
    known = sorted({day for day in days if day})
    if len(known) > _MOST_DAYS:
        known = sorted({day[:_MONTH] for day in known})
    return {day: _day_label(day) for day in known}


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def _day_label(day: str) -> str:
    year, month, *rest = (int(part) for part in day.split("-"))
    return " ".join([*(str(one) for one in rest), _MONTHS[month - 1], str(year)])


@dataclass(frozen=True)
class Count:
    """How many records gave which answer to one unit.

    Attributes:
        n: by answer, in the order of the list; never `NOT_EXPECTED`.
        not_expected: to whom it does not apply.
        two_views: of which two views stand, and which are in no count.
        groups: by category of the way it is split by, the same of those in it.
    """

    unit: Unit
    n: Mapping[str, int] = field(repr=False)
    not_expected: int = field(default=0, repr=False)
    two_views: int = field(default=0, repr=False)
    groups: Mapping[str, "Count"] = field(default_factory=dict, repr=False)

    @property
    def base(self) -> int:
        """Records that were asked it and answered it, to whom it applies."""
        return sum(self.n.values())

    def band(self, name: str) -> int:
        """Records in a band, such as `good-or-better`; `KeyError` where there is none."""
        return sum(self.n.get(code, 0) for code in self.unit.bands[name])


Given = Sequence[str]
"""The answer that each record gives to one unit, in their order: "" is none, `TWO_VIEWS` two."""

TWO_VIEWS: Final = "two views"


def given(unit: Unit, found: Sequence[Case]) -> list[str]:
    """What each record answers to a unit."""
    key = (unit.item.code, unit.agency)
    return [TWO_VIEWS if key in case.two_views else case.given.get(key, "") for case in found]


def count(unit: Unit, answers: Given, where: Sequence[str] = ()) -> Count:
    """Count one unit, and by group where `where` gives the category of each record."""
    groups: dict[str, Count] = {}
    if where:
        joint = Counter(zip(where, answers, strict=True))
        by: dict[str, Counter[str]] = {}
        for (category, code), n in joint.items():
            by.setdefault(category, Counter())[code] = n
        groups = {category: _count(unit, tally) for category, tally in by.items()}
    return _count(unit, Counter(answers), groups)


def _count(unit: Unit, tally: Counter[str], groups: Mapping[str, Count] | None = None) -> Count:
    return Count(
        unit,
        {code: tally[code] for code, _ in unit.answers},
        tally[NOT_EXPECTED],
        tally[TWO_VIEWS],
        groups or {},
    )


def everything(
    template: TemplateDefinition, found: Sequence[Case], split_by: Sequence[Way]
) -> Iterator[tuple[Count, Mapping[str, Count]]]:
    """Every unit, and it by every way that is asked for, by the code of the way."""
    where = {way.code: [way.of(case) for case in found] for way in split_by}
    for unit in units(template):
        answers = given(unit, found)
        yield (
            count(unit, answers),
            {code: count(unit, answers, categories) for code, categories in where.items()},
        )


def base_words(template: TemplateDefinition, unit: Unit) -> str:
    """Whom the base of a unit is made of, in words: "of the records where …"."""
    item = unit.item
    words = f"of the {item.base}" if item.only_if and item.base else "of the records"
    if item.strata:
        named = [one.label for one in template.strata if one.code in item.strata]
        words += f" in {_listed(named, 'and')}"
    if any(one.code == NOT_EXPECTED for one in asking.options(item)):
        return f"{words}{',' if item.only_if else ''} where this was expected"
    return words if item.only_if else f"{words} in which this was answered"


def _listed(words: Sequence[str], last: str) -> str:
    if len(words) < 2:  # noqa: PLR2004 - one word stands by itself
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
