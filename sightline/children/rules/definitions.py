"""Schemas and loader of rules and of each year's set of them.

`definitions/rules/<theme>@1.yaml` holds the rules of a theme, each with an example that passes and
one that is caught. `definitions/rule-sets/rules-<year>@1.yaml` says which hold in a year: last
year's with what was added, dropped and changed, each with its reason.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from django.conf import settings
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from sightline.children.definitions import DatasetDefinition, code_list, dataset, datasets
from sightline.children.rules.predicates import Predicate
from sightline.children.rules.shapes import AnyShape, Dates, Paired
from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import Fault, Faults, NotFound

RuleId = Annotated[str, Field(pattern=r"^V-\d{3}[a-z]?$")]
Severity = Literal["E", "W", "Q"]
MaybeDate = Annotated[dt.date | None, BeforeValidator(lambda text: text or None)]
"""A day, or nothing: an empty cell."""

EVERY = "every"
"""In place of a dataset: the rule looks at all of them."""

PREFIX = "rules-"
"""What stands before the year in the code of a set."""

SEVERITIES: Mapping[str, str] = {
    "E": "held back",
    "W": "accepted, and asked about",
    "Q": "counted",
}


class Source(Closed):
    """Where a rule comes from, and how sure that is: S seen, D derived, K known, L local."""

    title: Words
    tag: Literal["S", "D", "K", "L"]


class Example(Closed):
    """Rows that pass and rows of which some are caught, as they stand in files.

    Attributes:
        columns: of each dataset, the columns written out; others are empty.
        passes, fails: rows of each dataset.
        caught: rows that are at fault, numbered as a spreadsheet numbers them (the first is 2).
        today: the day of the check.
        figure, figure_outside: what a quality figure is for the two.
    """

    columns: Mapping[str, tuple[str, ...]]
    passes: Mapping[str, tuple[tuple[str, ...], ...]]
    fails: Mapping[str, tuple[tuple[str, ...], ...]]
    caught: Mapping[str, tuple[int, ...]] = {}
    today: dt.date = dt.date(2025, 8, 1)
    figure: float | None = None
    figure_outside: float | None = None


class Rule(Closed):
    """One rule.

    Attributes:
        id: V- and a number; those from V-101 are our own.
        title: as a heading: what must be so.
        says: what is wrong, and how to mend it. No value of a row is in it.
        severity: E holds the row back, W accepts and queries it, Q is a figure.
        dataset: whose rows are looked at; `every` for all.
        column: which cell is pointed to.
        shape: with its parameters.
        where: which rows are looked at.
        dated, since, until: rows whose `dated` is outside these days are not looked at.
        source: where it comes from.
        example: its own.
    """

    id: RuleId
    title: Words
    says: Words
    severity: Severity
    dataset: Code
    column: str = ""
    shape: AnyShape
    where: tuple[Predicate, ...] = ()
    dated: str | None = None
    since: dt.date | None = None
    until: dt.date | None = None
    source: Source
    example: Example

    @model_validator(mode="after")
    def its_days_are_of_something(self) -> "Rule":
        """Days in force name the column they are about, and the other way round."""
        if (self.dated is None) != (self.since is None and self.until is None):
            raise ValueError(f"{self.id}: `since` and `until` go with `dated`.")
        return self

    def own_columns(self) -> set[str]:
        """Columns of its own dataset, and of the child with a prefix."""
        found = {name for one in self.where for name in one.columns()}
        found |= set(self.shape.columns())
        return found | ({self.dated} if self.dated else set())

    def datasets(self) -> tuple[str, ...]:
        """Every dataset it needs, its own first."""
        found = [] if self.dataset == EVERY else [self.dataset]
        found += self.shape.others()
        prefixes = {name.partition(":")[0] for name in self.own_columns() if ":" in name}
        found += [{"child": "children", "death": "deaths"}[one] for one in sorted(prefixes)]
        return tuple(dict.fromkeys(found))


class RuleFile(Definition):
    """The rules of one theme."""

    title: Words
    rules: tuple[Rule, ...] = Field(min_length=1)


class Dropped(Closed):
    """A rule that no longer holds, and why."""

    rule: RuleId
    reason: Words


class Changed(Closed):
    """A rule that holds otherwise from a day on. Without a day, it does not hold otherwise yet.

    Attributes:
        severity: instead of its own.
        shape: parameters instead of its own.
        from_: the first day; empty when it is not known, as with a law not in force.
        at_once: the change holds for the whole year.
    """

    rule: RuleId
    severity: Severity | None = None
    shape: Mapping[str, Any] = {}
    from_: MaybeDate = Field(default=None, alias="from")
    at_once: bool = False
    reason: Words


class RuleSet(Definition):
    """The rules of one year: last year's plus what is different."""

    title: Words
    first_day: dt.date
    follows: str = ""
    adds: tuple[RuleId, ...] = ()
    drops: tuple[Dropped, ...] = ()
    changes: tuple[Changed, ...] = ()


@dataclass(frozen=True)
class InForce:
    """The rules that hold on a day, under the name of their year and the key of their file."""

    year: str
    rules: tuple[Rule, ...]
    key: str = ""

    def rule(self, id_: str) -> Rule:
        """The rule of this id.

        Raises:
            NotFound: it does not hold in this year.
        """
        for rule in self.rules:
            if rule.id == id_:
                return rule
        raise NotFound(f"The rules of {self.year} have no {id_}.")


def load(folder: Path) -> tuple[dict[str, Rule], Registry[RuleSet]]:
    """Read the rules by id, and the sets; all faults of all files together.

    Raises:
        SightlineError: naming rule, fault and fix.
    """
    files = Registry.load(RuleFile, folder / "rules")
    sets = Registry.load(RuleSet, folder / "rule-sets")
    rules: dict[str, Rule] = {}
    faults = []
    for file in files:
        for rule in file.rules:
            if rule.id in rules:
                faults.append(Fault(f"{file.key} {rule.id}", "it is there twice", "Renumber one."))
            rules[rule.id] = rule
            faults += [Fault(f"{file.key} {rule.id}", what) for what in misfits(rule)]
    faults += _set_faults(sets, rules)
    if faults:
        raise Faults("definitions/rules", faults)
    return dict(sorted(rules.items())), sets


def misfits(rule: Rule) -> Iterator[str]:
    """Columns, codes and examples of a rule that do not fit the datasets."""
    known = {one.code for one in datasets()} | {EVERY}
    strange = [code for code in (rule.dataset, *rule.datasets()) if code not in known]
    strange += [code for code in rule.example.columns if code not in known]
    if strange:
        yield f"there is no dataset {', '.join(sorted(set(strange)))}."
        return
    if isinstance(rule.shape, Dates):
        for end in rule.shape.ends:
            yield from _unknown(dataset(end.dataset), {end.first, end.last})
    else:
        own = {*rule.own_columns(), *([rule.column] if rule.column else [])}
        yield from _unknown(dataset(rule.dataset), own)
        yield from _wrong_codes(rule.dataset, (*rule.where, *_asked(rule.shape)))
    if isinstance(rule.shape, Paired):
        other = dataset(rule.shape.other)
        yield from _unknown(other, set(rule.shape.other_columns()))
        yield from _wrong_codes(other.code, rule.shape.that)
    for code, columns in rule.example.columns.items():
        yield from _unknown(dataset(code), set(columns))
    for rows in (rule.example.passes, rule.example.fails):
        for code, given in rows.items():
            width = len(rule.example.columns.get(code, ()))
            if any(len(row) != width for row in given):
                yield f"an example's row of {code} has more or fewer than {width} cells."


def _asked(shape: AnyShape) -> tuple[Predicate, ...]:
    return (*getattr(shape, "when", ()), *getattr(shape, "counts", ()))


def _unknown(of: DatasetDefinition, names: set[str]) -> Iterator[str]:
    for name in sorted(names):
        prefix, _, rest = name.rpartition(":")
        where = of if not prefix else dataset({"child": "children", "death": "deaths"}[prefix])
        if rest not in {*where.names, "row", "extract", "today"}:
            yield f"{where.code} has no column {rest}."


def _wrong_codes(code: str, predicates: tuple[Predicate, ...]) -> Iterator[str]:
    for one in predicates:
        for name, codes in one.codes():
            prefix, _, rest = name.rpartition(":")
            of = dataset("children" if prefix == "child" else code)
            if rest not in of.names or not of.column(rest).codes:
                continue
            known = set(code_list(of.column(rest).codes).options())
            if set(codes) - known:
                yield f"{name} has no code {', '.join(sorted(set(codes) - known))}."


def _set_faults(sets: Registry[RuleSet], rules: Mapping[str, Rule]) -> Iterator[Fault]:
    codes = {one.code for one in sets}
    for one in sets:
        if one.follows and one.follows not in codes:
            yield Fault(one.key, f"it follows {one.follows}, which is not there.")
        named = [*one.adds, *(d.rule for d in one.drops), *(c.rule for c in one.changes)]
        missing = sorted(set(named) - set(rules))
        if missing:
            yield Fault(one.key, f"there is no rule {', '.join(missing)}.")
            continue
        for change in one.changes:
            try:
                changed(rules[change.rule], change)
            except ValidationError as error:
                yield Fault(f"{one.key} {change.rule}", str(error.errors()[0]["msg"]))


_SHAPE: TypeAdapter[AnyShape] = TypeAdapter(AnyShape)


def changed(rule: Rule, change: Changed) -> Rule:
    """The rule with another severity, other parameters, or both."""
    given = {**rule.shape.model_dump(by_alias=True, exclude_unset=True), **change.shape}
    shape = _SHAPE.validate_python(given)
    return rule.model_copy(update={"shape": shape, "severity": change.severity or rule.severity})


@lru_cache(maxsize=1)
def _loaded() -> tuple[dict[str, Rule], Registry[RuleSet]]:
    return load(settings.SIGHTLINE_DEFINITIONS)


def rules() -> Mapping[str, Rule]:
    """Every rule there is, by id, whether it holds now or not."""
    return _loaded()[0]


def rule_sets() -> tuple[RuleSet, ...]:
    """The latest version of each year's set, the earliest year first."""
    sets = _loaded()[1]
    latest = {one.code: sets.latest(one.code) for one in sets}
    return tuple(sorted(latest.values(), key=lambda one: one.first_day))


def ruleset(year: str, day: dt.date | None = None) -> InForce:
    """The rules of a year, such as `2023-24`, as they stand on a day of it.

    Raises:
        NotFound: there is no set of this year.
    """
    by_code = {one.code: one for one in rule_sets()}
    code = f"{PREFIX}{year.removeprefix(PREFIX)}"
    if code not in by_code:
        known = ", ".join(one.code.removeprefix(PREFIX) for one in rule_sets())
        raise NotFound(f"There are no rules of {year}. There are those of: {known}.")
    held: dict[str, Rule] = {}
    for one in _line_to(by_code[code], by_code):
        held |= {id_: rules()[id_] for id_ in one.adds}
        for drop in one.drops:
            held.pop(drop.rule, None)
        for change in one.changes:
            due = change.from_ is not None and day is not None and change.from_ <= day
            if (change.at_once or due) and change.rule in held:
                held[change.rule] = changed(held[change.rule], change)
    in_force = tuple(held[id_] for id_ in sorted(held))
    return InForce(code.removeprefix(PREFIX), in_force, by_code[code].key)


def _line_to(one: RuleSet, by_code: Mapping[str, RuleSet]) -> tuple[RuleSet, ...]:
    line = [one]
    while line[0].follows:
        line.insert(0, by_code[line[0].follows])
    return tuple(line)


def current_ruleset(day: dt.date) -> InForce:
    """The rules that hold on a day: of the last year that has begun, or of the first there is."""
    begun = [one for one in rule_sets() if one.first_day <= day] or list(rule_sets()[:1])
    return ruleset(begun[-1].code, day)
