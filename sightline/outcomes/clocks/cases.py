"""Schema and loader of clock cases: which rows start a clock, and what stops it."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from pydantic import Field, model_validator

from sightline.kernel.clocks import Rulebook, RuleKind
from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import Fault, Faults

Column = Annotated[str, Field(pattern=r"^([a-z-]+\.)?[a-z][a-z0-9_]*$")]
Columns = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.-]*(\|[a-z][a-z0-9_.-]*)*$")]
"""One column, or several of which the latest date counts, with bars between."""
YesNo = Literal["yes", "no"]
Filter = Mapping[Column, tuple[str, ...]]
"""By column, the values a row may have: "" is not filled in, "yes" and "no" are of a flag."""


class Stop(Closed):
    """What stops a clock: a date of the same row, or the first row of a dataset from then on.

    `later` looks only after the day the clock started, where the start is a row of the same kind.
    """

    column: Columns
    dataset: str = ""
    where: Filter = {}
    later: YesNo = "no"


class Ends(Closed):
    """What ends the duty itself: a date of the same row, or the spell the start lies in."""

    column: str = ""
    dataset: str = ""
    begun: str = Field(default="", alias="from")
    until: str = ""

    @model_validator(mode="after")
    def it_is_one_of_the_two(self) -> "Ends":
        """A column, or a dataset with both its columns."""
        spell = [bool(self.dataset), bool(self.begun), bool(self.until)]
        if bool(self.column) == all(spell) or any(spell) != all(spell):
            raise ValueError("give column, or dataset with from and until")
        return self


class Case(Closed):
    """One clock: the rule, the rows that start it, and what stops it.

    Attributes:
        rule: code of a rule in definitions/clocks, such as `T-39 next`.
        named: what its readings are called where the rule is read in a second way.
        dataset: each row of it that passes `where` starts a clock.
        joined: by dataset, the column of this one that holds its key; its columns are then read
            as `dataset.column`.
        starts: by start event of the rule, the column that dates it.
        excepted: by exception of the rule, the flag that claims it.
        asked_on: column with the day the question is asked; today where empty.
        begun: a row without its start date is no case, rather than one that is not known.
        recorded: a row without its stop date is not known, rather than not done.
    """

    rule: str
    named: str = ""
    dataset: Code
    where: Filter = {}
    joined: Mapping[str, str] = Field(default={}, alias="with")
    starts: Mapping[Code, Columns]
    stop: Stop | None = None
    ends: Ends | None = None
    excepted: Mapping[Code, str] = {}
    asked_on: str = ""
    begun: YesNo = "no"
    recorded: YesNo = "no"

    @property
    def name(self) -> str:
        """What its readings are called."""
        return self.named or self.rule

    @property
    def needs(self) -> tuple[str, ...]:
        """The datasets it reads, its own first."""
        more = [*self.joined, self.stop.dataset if self.stop else "", self._ends_in]
        return tuple(dict.fromkeys(code for code in (self.dataset, *more) if code))

    @property
    def _ends_in(self) -> str:
        return self.ends.dataset if self.ends else ""


class CaseSet(Definition):
    """The clock cases of one subject."""

    title: Words
    cases: tuple[Case, ...] = Field(min_length=1)

    def faults(self, rules: Rulebook) -> Iterator[Fault]:
        """What does not fit the rules of time."""
        names = [case.name for case in self.cases]
        for case in self.cases:
            if names.count(case.name) > 1:
                yield Fault(case.name, "two cases have this name.", "Name one of them otherwise.")
            if case.rule not in rules.codes:
                yield Fault(case.rule, "there is no such rule in definitions/clocks.")
                continue
            for rule, _, _ in rules.versions(case.rule):
                yield from _faults(case, rule)


def _faults(case: Case, rule: object) -> Iterator[Fault]:
    limits = getattr(rule, "limits", ())
    events = {limb.start or rule.start for limb in limits}  # type: ignore[attr-defined]
    known = {"concern-raised", *events, getattr(rule, "start", "")}
    if getattr(rule, "kind", None) is RuleKind.LIMIT and not events <= set(case.starts):
        missing = ", ".join(sorted(events - set(case.starts)))
        yield Fault(case.name, f"it does not say what dates {missing}.")
    strange = sorted(set(case.starts) - known)
    if strange:
        yield Fault(case.name, f"{strange[0]} starts no clock of this rule.")


def load_cases(folder: Path) -> Registry[CaseSet]:
    """Read every file of clock cases.

    Raises:
        Faults: a file cannot be used, or does not fit the rules of time.
    """
    found = Registry.load(CaseSet, folder / "clock-cases")
    rules = Rulebook.load(folder / "clocks")
    faults = [fault for one in found for fault in one.faults(rules)]
    if faults:
        raise Faults("definitions/clock-cases", faults)
    return found


@lru_cache(maxsize=1)
def cases() -> tuple[Case, ...]:
    """Every clock case shipped, in the order of the files."""
    return tuple(case for one in load_cases(settings.SIGHTLINE_DEFINITIONS) for case in one.cases)


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rules of time shipped."""
    return Rulebook.load(settings.SIGHTLINE_DEFINITIONS / "clocks")
