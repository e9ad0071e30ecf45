"""Schemas and loader of partnership areas and of what is published about them locally."""

import datetime as dt
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from django.conf import settings
from pydantic import Field, model_validator

from sightline.kernel.clocks import Rulebook
from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words, WrittenDate
from sightline.kernel.errors import BadInput, Fault, Faults

CouncilCode = Annotated[str, Field(pattern=r"^S12\d{6}$")]


class Publication(Closed):
    """Where the facts of a file came from."""

    title: Words
    publisher: str = ""
    place: str = ""
    licence: str = ""


class Agency(Closed):
    """A kind of body that belongs to every partnership."""

    code: Code
    name: Words


class SupersededCode(Closed):
    """A council code that older tables still carry. `status` says whether we saw it in a source."""

    code: CouncilCode
    until: WrittenDate
    status: Literal["verified", "unverified"]


class Area(Closed):
    """One community planning partnership area."""

    code: Code
    name: Words
    council_code: CouncilCode
    health_board: Words
    variants: tuple[Words, ...] = ()
    superseded_codes: tuple[SupersededCode, ...] = ()


class Areas(Definition):
    """A set of areas: the 32 of Scotland, or the invented one of the demonstration."""

    title: Words
    invented: bool
    source: Publication
    agencies: tuple[Agency, ...] = Field(min_length=1)
    areas: tuple[Area, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def every_name_means_one_area(self) -> "Areas":
        """No code, council code, name or variant is given to two areas."""
        seen: dict[str, str] = {}
        for area in self.areas:
            for name in names_of(area):
                if seen.setdefault(name, area.code) != area.code:
                    raise ValueError(f"{name!r} names {seen[name]} and {area.code}; keep one.")
        if len({area.code for area in self.areas}) < len(self.areas):
            raise ValueError("an area is given twice; keep one.")
        return self


def plain_name(name: str) -> str:
    """A name as it is compared: lower case, `&` as `and`, single spaces."""
    return " ".join(name.casefold().replace("&", " and ").split())


def names_of(area: Area) -> set[str]:
    """Everything an area is called, as compared."""
    codes = {area.council_code, *(old.code for old in area.superseded_codes)}
    return {plain_name(name) for name in {area.code, area.name, *area.variants, *codes}}


class LocalityEntry(Closed):
    """A locality by which services are run."""

    name: Words


class GroupEntry(Closed):
    """A key strategic group."""

    name: Words
    purpose: str = ""


class PlanEntry(Closed):
    """A strategic plan and the years it covers."""

    name: Words
    years: WrittenDate


class PostEntry(Closed):
    """A post, by designation: never a person's name."""

    designation: Words
    agency: Code
    duty: str = ""


class HolidayEntry(Closed):
    """A holiday, from `first` to `last`, both included."""

    name: Words
    kind: Literal["public", "school"]
    first: dt.date
    last: dt.date

    @model_validator(mode="after")
    def it_ends_after_it_starts(self) -> "HolidayEntry":
        """`last` is not before `first`."""
        if self.last < self.first:
            raise ValueError(f"{self.name} ends on {self.last}, before it starts; swap the dates.")
        return self


class TakenUp(Closed):
    """The day on which an area took up national guidance, where it was not the usual one."""

    guidance: Code
    day: dt.date


class LocalDetails(Definition):
    """What is published about one area: localities, groups, plans, posts, holidays, guidance."""

    source: Publication
    localities: tuple[LocalityEntry, ...]
    groups: tuple[GroupEntry, ...]
    plans: tuple[PlanEntry, ...]
    posts: tuple[PostEntry, ...]
    holidays: tuple[HolidayEntry, ...]
    taken_up: tuple[TakenUp, ...] = ()


def load(folder: Path) -> Registry[Areas]:
    """Read the areas; a name that means two areas across files is refused."""
    registry = Registry.load(Areas, folder / "partnerships")
    seen: dict[str, str] = {}
    faults = [
        Fault(f"{areas.key} {area.code}", f"{name!r} also names {seen[name]}.", "Keep one.")
        for areas in registry
        for area in areas.areas
        for name in sorted(names_of(area))
        if seen.setdefault(name, area.code) != area.code
    ]
    if faults:
        raise Faults("definitions/partnerships", faults)
    return registry


@lru_cache(maxsize=1)
def areas() -> Registry[Areas]:
    """The areas of this installation, read once."""
    return load(settings.SIGHTLINE_DEFINITIONS)


@lru_cache(maxsize=1)
def rulebook() -> Rulebook:
    """The rules of time of this installation, read once."""
    return Rulebook.load(settings.SIGHTLINE_DEFINITIONS / "clocks")


def check_taken_up(details: Registry[LocalDetails], rules: Rulebook) -> None:
    """Raise `Faults` if an area is said to have taken up guidance it cannot have.

    The guidance is none that a rule knows, or the day is before it was there.
    """
    faults = []
    known = {guidance.code for one in rules.sets for guidance in one.guidance}
    codes = {rule.code for rule in rules.rules if {rule.with_guidance, rule.until_guidance} & known}
    for one in details:
        days = {entry.guidance: entry.day for entry in one.taken_up}
        try:
            for code in sorted(codes):
                rules.versions(code, taken_up=days)
        except BadInput as fault:
            faults.append(Fault(f"{one.key} taken_up", str(fault)))
    if faults:
        raise Faults("definitions/partnerships/local", faults)


def local_details() -> Registry[LocalDetails]:
    """The local details that ship with Sightline."""
    return Registry.load(LocalDetails, settings.SIGHTLINE_DEFINITIONS / "partnerships" / "local")
