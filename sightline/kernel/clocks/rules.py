"""Rules of time as definitions: which event starts the clock, which stops it, under which source.

A file below `definitions/clocks/` is a `RuleSet`. A rule has one record for each version of it; the
version is chosen by the day of the event that starts the clock, and by the day on which the
partnership took up the guidance that changed it. Official wording is not copied: a record says in
our words what is timed, and whether we saw it in its source.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import Field, field_validator, model_validator

from sightline.kernel.clocks import limits
from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import BadInput, Fault, Faults, NotFound

RuleId = Annotated[str, Field(pattern=r"^T-[0-9]{2}$")]
DAY: Final = dt.timedelta(days=1)
NOTHING: Final[Mapping[str, dt.date]] = {}


class Level(StrEnum):
    """How binding a rule is. A breach of law is shown apart from a breach of guidance."""

    STATUTE = "statute"
    REGULATION = "regulation"
    NATIONAL_GUIDANCE = "national_guidance"
    NATIONAL_STANDARD = "national_standard"
    LOCAL = "local"

    @property
    def is_law(self) -> bool:
        """Whether a breach is a question of compliance, not of practice."""
        return self in {Level.STATUTE, Level.REGULATION}


class RuleKind(StrEnum):
    """A limit of time; an order of events; a duty without a number; or who may have something."""

    LIMIT = "limit"
    SEQUENCE = "sequence"
    UNTIMED = "untimed"
    ELIGIBILITY = "eligibility"


class Source(Closed):
    """Where a rule is written: a title, and the place in it."""

    title: Words
    place: str = ""


class Reason(Closed):
    """An authorised reason for which a rule does not bind a case."""

    code: Code
    words: Words


@lru_cache(maxsize=256)
def _limit(number: int, unit: limits.Unit, inclusive: bool, backwards: bool) -> limits.Limit:
    """The same limit for the same words: every case against a rule asks for it again."""
    return limits.Limit(number, unit, inclusive, backwards)


class Limb(Closed):
    """One limit of a rule. `start` names its own start event where it is not the rule's."""

    number: int
    unit: limits.Unit
    inclusive: bool = False
    backwards: bool = False
    start: Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]*)?$")] = ""

    @model_validator(mode="after")
    def it_can_be_counted(self) -> "Limb":
        """The limit is one that `Limit` accepts."""
        try:
            _ = self.limit
        except BadInput as fault:
            raise ValueError(str(fault)) from None
        return self

    @property
    def limit(self) -> limits.Limit:
        """The limit as it is counted."""
        return _limit(self.number, self.unit, self.inclusive, self.backwards)


class Guidance(Closed):
    """Guidance that partnerships took up on days of their own; `taken_up` is the usual day.

    `follows` is the guidance it replaced: nobody takes up the later before the earlier.
    """

    code: Code
    title: Words
    taken_up: dt.date
    follows: str = ""
    status: Literal["verified", "unverified"]


class Rule(Closed):
    """One version of one rule.

    `begins` and `ends` are the first and last day on which a clock that starts is under this
    version, both included; `with_guidance` and `until_guidance` name guidance instead, whose day
    differs between partnerships. `target` is the per cent of cases the source asks for, where it
    does not ask for all.
    """

    id: RuleId
    part: Annotated[str, Field(pattern=r"^([a-z][a-z0-9-]*)?$")] = ""
    title: Words
    kind: RuleKind
    start: Code
    stop: Code
    limits: tuple[Limb, ...] = ()
    combine: Literal["earliest", "latest"] = "earliest"
    calendar: Literal["", "council", "statutory"] = ""
    level: Level
    begins: dt.date | None = None
    ends: dt.date | None = None
    with_guidance: str = ""
    until_guidance: str = ""
    exceptions: tuple[Reason, ...] = ()
    pause_reasons: tuple[Code, ...] = ()
    target: int | None = Field(default=None, ge=1, le=100)
    source: Source
    tag: Literal["S", "D", "K", "L"]
    note: str = ""
    set_key: str = Field(default="", exclude=True)

    @field_validator("begins", "ends", "target", mode="before")
    @classmethod
    def empty_is_none(cls, value: Any) -> Any:
        """An empty value in YAML is no value."""
        return None if value == "" else value

    @property
    def code(self) -> str:
        """The rule without its version: `T-39 next`."""
        return f"{self.id} {self.part}".rstrip()

    @property
    def key(self) -> str:
        """The rule and the file it is in, as kept beside a result."""
        return f"{self.code} {self.set_key}".rstrip()

    @property
    def status(self) -> str:
        """`verified` when it was seen in its source, else `unverified`: show it with the result."""
        return "verified" if self.tag in {"S", "D"} else "unverified"

    @model_validator(mode="after")
    def it_is_whole(self) -> "Rule":
        """Limits where the kind has them and nowhere else, with the calendar they need."""
        faults = []
        if (self.kind is RuleKind.LIMIT) != bool(self.limits):
            faults.append("a rule of kind limit has limits, and no other kind has")
        counts_work = any(limb.unit is limits.Unit.WORKING_DAY for limb in self.limits)
        if counts_work != bool(self.calendar):
            faults.append("calendar is given where a limit is in working days, and only there")
        if self.begins and self.with_guidance:
            faults.append("give begins or with_guidance, not both")
        if self.ends and self.until_guidance:
            faults.append("give ends or until_guidance, not both")
        if self.begins and self.ends and self.ends < self.begins:
            faults.append(f"it ends on {self.ends}, before it begins")
        twice = {limb.backwards for limb in self.limits}
        if len(twice) > 1:
            faults.append("its limits run both ways")
        if faults:
            raise ValueError(f"{self.code}: {'; '.join(faults)}.")
        return self


class RuleSet(Definition):
    """Rules of one subject, each in every version held."""

    title: Words
    guidance: tuple[Guidance, ...] = ()
    rules: tuple[Rule, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def rules_know_their_file(cls, data: Any) -> Any:
        """Each rule carries the key of its file."""
        if not isinstance(data, dict) or not isinstance(data.get("rules"), list):
            return data
        key = f"{data.get('code', '')}@{data.get('version', '')}"
        rules = [r | {"set_key": key} if isinstance(r, dict) else r for r in data["rules"]]
        return data | {"rules": rules}

    @model_validator(mode="after")
    def guidance_is_known(self) -> "RuleSet":
        """Guidance that is named is described here, and follows guidance that came before."""
        known: dict[str, Guidance] = {}
        for one in self.guidance:
            if one.follows and (
                one.follows not in known or known[one.follows].taken_up > one.taken_up
            ):
                raise ValueError(f"{one.code} follows {one.follows}, which is not before it here.")
            known[one.code] = one
        for rule in self.rules:
            for name in (rule.with_guidance, rule.until_guidance):
                if name and name not in known:
                    raise ValueError(f"{rule.code} names {name}, which is not among the guidance.")
        return self


@dataclass(frozen=True)
class Rulebook:
    """Every rule of every set, looked up by the day its clock starts."""

    sets: tuple[RuleSet, ...]

    @classmethod
    def load(cls, folder: Path) -> "Rulebook":
        """Read every file of a folder.

        Raises:
            Faults: a file cannot be used, or two versions of a rule would be in force on one day.
        """
        return cls.of(Registry.load(RuleSet, folder), name=f"definitions/{folder.name}")

    @classmethod
    def of(cls, sets: Iterable[RuleSet], *, name: str = "these rules") -> "Rulebook":
        """The rules of these sets, checked against each other; `Faults` as `load`."""
        latest: dict[str, RuleSet] = {}
        for found in sets:
            if found.code not in latest or latest[found.code].version < found.version:
                latest[found.code] = found
        book = cls(tuple(latest[code] for code in sorted(latest)))
        faults = list(book._overlaps())
        if faults:
            raise Faults(name, faults)
        return book

    @property
    def codes(self) -> tuple[str, ...]:
        """Every rule, without its versions, in order."""
        return tuple(sorted({rule.code for one in self.sets for rule in one.rules}))

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Every version of every rule, in order of rule and of when it began."""
        found = [(rule, one) for one in self.sets for rule in one.rules]
        found.sort(key=lambda pair: (pair[0].code, _span(pair[0], pair[1], NOTHING)[0]))
        return tuple(rule for rule, _ in found)

    def versions(
        self, code: str, *, taken_up: Mapping[str, dt.date] = NOTHING
    ) -> tuple[tuple[Rule, dt.date, dt.date], ...]:
        """Each version of a rule in force at some time, with its first and last day, included.

        Args:
            code: such as `T-04`, or `T-39 next` for a part.
            taken_up: by code of guidance, the day on which this partnership took it up; the usual
                day where it is left out.

        Raises:
            NotFound: there is no such rule.
            BadInput: guidance is said to have been taken up before it was there, or is not known.
        """
        found = [(rule, one) for one in self.sets for rule in one.rules if rule.code == code]
        if not found:
            raise NotFound(f"There is no rule {code}. There are: {', '.join(self.codes)}.")
        known = {guidance.code for one in self.sets for guidance in one.guidance}
        for name in taken_up:
            if name not in known:
                raise BadInput(f"No rule knows the guidance {name!r}.")
        spans = [(rule, *_span(rule, one, taken_up)) for rule, one in found]
        kept = [span for span in spans if span[1] <= span[2]]
        return tuple(sorted(kept, key=lambda span: span[1]))

    def rule(self, code: str, *, on: dt.date, taken_up: Mapping[str, dt.date] = NOTHING) -> Rule:
        """The version of a rule for a clock that starts on a day.

        Args:
            code: such as `T-04`, or `T-39 next` for a part.
            on: the day of the event that starts the clock, never today's.
            taken_up: as `versions`.

        Raises:
            NotFound: there is no such rule, or none of its versions was in force on that day.
            BadInput: as `versions`.
        """
        day = on.date() if isinstance(on, dt.datetime) else on
        spans = self.versions(code, taken_up=taken_up)
        for rule, first, last in spans:
            if first <= day <= last:
                return rule
        held = "; ".join(f"{first} to {last}" for _, first, last in spans)
        raise NotFound(f"No version of {code} was in force on {day}. Held: {held}.")

    def _overlaps(self) -> Iterable[Fault]:
        owners: dict[str, str] = {}
        for one in self.sets:
            for code in sorted({rule.code for rule in one.rules}):
                if owners.setdefault(code, one.key) != one.key:
                    yield Fault(f"{one.key} {code}", f"it is in {owners[code]} too.", "Keep one.")
        for code in self.codes:
            spans = self.versions(code)
            for (_, _, last), (_, first, _) in pairwise(spans):
                if first <= last:
                    yield Fault(
                        code,
                        f"two versions are in force from {first} to {last}.",
                        "End the earlier one.",
                    )


def _taken_up(code: str, one: RuleSet, days: Mapping[str, dt.date]) -> dt.date:
    """The day a partnership took up guidance: its own, the usual one, never before what it follows.

    Raises:
        BadInput: it is said to have been taken up before it was there.
    """
    guidance = next(guidance for guidance in one.guidance if guidance.code == code)
    own = days.get(code, guidance.taken_up)
    if own < guidance.taken_up:
        raise BadInput(
            f"{guidance.title} was there from {guidance.taken_up}; it cannot have been taken up on "
            f"{own}. Check the day."
        )
    return max(own, _taken_up(guidance.follows, one, days)) if guidance.follows else own


def _span(rule: Rule, one: RuleSet, days: Mapping[str, dt.date]) -> tuple[dt.date, dt.date]:
    first = rule.begins or dt.date.min
    last = rule.ends or dt.date.max
    if rule.with_guidance:
        first = _taken_up(rule.with_guidance, one, days)
    if rule.until_guidance:
        last = _taken_up(rule.until_guidance, one, days) - DAY
    return first, last
