"""Schemas and loader of frameworks, crosswalks, scales, terms of quantity and programmes.

All of them are read once, when the process starts, into `library()`. A bad file stops the start and
names file, field, fault and fix. Rules that need more than one file are in `check_together`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from django.conf import settings
from pydantic import AfterValidator, Field, model_validator

from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words, plus
from sightline.kernel.errors import BadInput, Fault, Faults, NotFound
from sightline.kernel.periods import ImpreciseDate

IndicatorCode = Annotated[str, Field(pattern=r"^[0-9]{1,2}\.[0-9]{1,2}$")]
"""The number of a quality indicator, always text: `2.1`, `10.1`."""


def _imprecise(text: str) -> str:
    try:
        ImpreciseDate(text)
    except BadInput as fault:
        raise ValueError(str(fault)) from None
    return text


WrittenDate = Annotated[str, AfterValidator(_imprecise)]
"""An `ImpreciseDate`, as text."""


class TitleStatus(StrEnum):
    """How sure we are that a title is the official wording."""

    VERIFIED = "verified"  # number and title were seen together in a source
    HEADING = "heading"  # the wording was seen as a heading, without its number
    UNVERIFIED = "unverified"  # from recollection; confirm before relying on it


class Source(Closed):
    """Where wording came from: a publication, and the place in it."""

    title: Words
    place: str = ""
    address: str = ""


class Titled(Closed):
    """Something with an official title that may need to be corrected."""

    title: Words
    title_status: TitleStatus
    alternatives: tuple[Words, ...] = ()
    source: Source | None = None

    @model_validator(mode="after")
    def a_seen_title_has_a_source(self) -> "Titled":
        """A title that was seen somewhere says where."""
        if self.title_status is not TitleStatus.UNVERIFIED and self.source is None:
            raise ValueError(f"{self.title!r} is {self.title_status}; say in `source` where.")
        return self


class Indicator(Titled):
    """One quality indicator."""

    code: IndicatorCode


class Area(Titled):
    """One of the ten areas: a group of indicators under one number."""

    number: int = Field(ge=1)
    indicators: tuple[Indicator, ...] = Field(min_length=1)


class Domain(Titled):
    """One of the six domains, with the question it asks. `title` is its short name."""

    question: Words
    question_status: TitleStatus
    areas: tuple[Area, ...] = Field(min_length=1)


class Framework(Definition):
    """One edition of a quality framework: domains, areas, indicators."""

    title: Words
    edition: Words
    published: WrittenDate
    published_status: TitleStatus
    supersedes: str = ""
    about: Words
    source: Source
    domains: tuple[Domain, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def codes_are_unique_and_in_their_area(self) -> "Framework":
        """No indicator twice; 2.1 stands in area 2."""
        codes = [indicator.code for indicator in self.indicators]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            raise ValueError(f"{', '.join(twice)} is given twice; keep one.")
        for area in self.areas:
            for indicator in area.indicators:
                if indicator.code.split(".")[0] != str(area.number):
                    raise ValueError(f"{indicator.code} stands in area {area.number}; move it.")
        return self

    @property
    def areas(self) -> tuple[Area, ...]:
        """All areas, in order."""
        return tuple(area for domain in self.domains for area in domain.areas)

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """All indicators, in order."""
        return tuple(indicator for area in self.areas for indicator in area.indicators)

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code, or `NotFound` naming those there are."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        known = ", ".join(indicator.code for indicator in self.indicators)
        raise NotFound(f"{self.key} has no indicator {code}. It has: {known}.")


class CrosswalkRow(Closed):
    """What one indicator of the older edition became: none, one or more of the newer."""

    old: IndicatorCode
    new: tuple[IndicatorCode, ...]
    comparable: bool
    note: str = ""


class Crosswalk(Definition):
    """From one edition of a framework to the next."""

    old: str
    new: str
    status: TitleStatus
    note: str = ""
    rows: tuple[CrosswalkRow, ...] = Field(min_length=1)


class Point(Closed):
    """One point of the scale."""

    value: int = Field(ge=1, le=6)
    word: Words
    descriptor: Words
    meaning: Words


class Band(Closed):
    """A named range of points, both ends included: "good or better" is 4 to 6."""

    name: Words
    low: int = Field(ge=1, le=6)
    high: int = Field(ge=1, le=6)


class Scale(Definition):
    """The six-point scale."""

    title: Words
    source: Source
    points: tuple[Point, ...]
    bands: tuple[Band, ...]

    @model_validator(mode="after")
    def points_run_from_6_to_1(self) -> "Scale":
        """Six points, highest first, each once."""
        if [point.value for point in self.points] != [6, 5, 4, 3, 2, 1]:
            raise ValueError("the points must be 6, 5, 4, 3, 2, 1 in that order.")
        return self

    def point(self, value: int) -> Point:
        """The point with this value."""
        for point in self.points:
            if point.value == value:
                return point
        raise NotFound(f"{value} is not on the scale; it runs from 1 to 6 in whole points.")

    def value_of(self, word: str) -> int:
        """The value of a word, whatever its capitals."""
        for point in self.points:
            if point.word.casefold() == word.casefold():
                return point.value
        words = ", ".join(point.word for point in self.points)
        raise NotFound(f"{word!r} is not on the scale. The words are: {words}.")

    def band(self, name: str) -> Band:
        """The band with this name."""
        for band in self.bands:
            if band.name == name:
                return band
        raise NotFound(f"There is no band {name!r}.")


class Term(Closed):
    """A word for a share, from `low` to `high` whole per cent, both included."""

    word: Words
    low: int = Field(ge=0, le=100)
    high: int = Field(ge=0, le=100)


class Terms(Definition):
    """The standard terms of quantity, which must cover 0 to 100 with no gap and no overlap."""

    title: Words
    source: Source
    terms: tuple[Term, ...] = Field(min_length=1)
    smallest_base: int = Field(ge=0, description="Under this base, counts are given, not a word.")

    @model_validator(mode="after")
    def terms_cover_everything_once(self) -> "Terms":
        """0 to 100, in order, each whole per cent in exactly one term."""
        covered = [share for term in self.terms for share in range(term.low, term.high + 1)]
        if covered != list(range(101)):
            raise ValueError("the terms must cover 0 to 100 in order, with no gap or overlap.")
        return self


class FrameItem(Closed):
    """One question, statement or key line of enquiry. `official` is false when paraphrased."""

    code: Code
    number: int = Field(ge=1)
    short: Words
    long: Words
    official: bool
    indicators: tuple[IndicatorCode, ...] = Field(
        default=(), description="Indicators that mainly bear on it (our reading)."
    )


class Frame(Closed):
    """What a programme's findings are organised by, and what that is called."""

    word: Words  # "question"
    plural: Words  # "questions"
    heading: Words  # "The five inspection questions"
    source: Source
    items: tuple[FrameItem, ...] = Field(min_length=1)


class Judgement(Closed):
    """Something the programme gives one evaluation to: an indicator, or a suite of them as one."""

    code: Annotated[str, Field(pattern=r"^[0-9]{1,2}(\.[0-9]{1,2})?$")]
    title: Words
    indicators: tuple[IndicatorCode, ...] = Field(min_length=1)
    question: str = Field(default="", description="The domain question it is printed under.")
    note: str = ""

    @property
    def is_suite(self) -> bool:
        """One evaluation for several indicators together."""
        return len(self.indicators) > 1


class Channel(Closed):
    """A way evidence was gathered, and how this programme counts and words it.

    `sentence` is printed with `{count}` (already "109" or "over 350"). `pooled` joins channels
    across programmes in the overview ("records-read"); two with one name are added up.
    """

    code: Code
    label: Words
    sentence: Words
    unit: Words
    pooled: Code
    per_cent: bool = False


class Section(StrEnum):
    """The parts a report of one inspection may have, which a programme puts in its own order."""

    EVIDENCE = "evidence"
    SUMMARY = "summary"
    STRENGTHS = "strengths"
    IMPROVEMENTS = "improvements"
    KEY_MESSAGES = "key-messages"
    FRAME = "frame"
    PRACTICE = "practice"
    EVALUATIONS = "evaluations"
    CONCLUSION = "conclusion"
    NEXT = "next"
    FRAMEWORK = "framework"
    TERMS = "terms"


class ReportSection(Closed):
    """One section of the printed report, with its heading in the programme's words."""

    section: Section
    heading: Words


class TermUsed(Closed):
    """A word this programme defines for its reports, in our words."""

    term: Words
    meaning: Words


class Phase(Closed):
    """A stretch of the timetable, in counted weeks (school holidays are not counted)."""

    name: Words
    first_week: int = Field(ge=1)
    last_week: int = Field(ge=1)
    events: tuple["PhaseEvent", ...] = ()


class PhaseEvent(Closed):
    """Something expected in a week of the template; `last_week` when it lasts longer."""

    week: int = Field(ge=1)
    last_week: int | None = None
    what: Words
    owner: str = ""
    indicative: bool = True


class Programme(Definition):
    """A programme of joint inspections: who, framed how, which judgements graded, printed how."""

    short: Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{0,5}$")]
    title: Words
    years: WrittenDate
    framework: str
    scale: str
    terms: str
    population: Words
    about: Words
    source: Source
    frame: Frame
    graded: tuple[Judgement, ...] = Field(min_length=1)
    indicators_printed: int = Field(ge=1, description="How many indicators its reports say it has.")
    indicators_note: str = ""
    channels: tuple[Channel, ...] = Field(min_length=1)
    report: tuple[ReportSection, ...] = Field(min_length=1)
    practice_word: Words  # "example of good practice", "practice example"
    sample_caveat: Words  # with {area}
    next_steps: Words
    definitions: tuple[TermUsed, ...] = ()
    glossary: tuple[TermUsed, ...] = ()
    phases: tuple[Phase, ...] = ()

    def judgement(self, code: str) -> Judgement:
        """The graded judgement with this code, or `NotFound` saying what the programme grades."""
        for judgement in self.graded:
            if judgement.code == code:
                return judgement
        graded = ", ".join(judgement.code for judgement in self.graded)
        raise NotFound(f"{self.short} does not grade {code}; it grades {graded}.")

    def frame_item(self, code: str) -> FrameItem:
        """The frame item with this code."""
        for item in self.frame.items:
            if item.code == code:
                return item
        known = ", ".join(item.code for item in self.frame.items)
        raise NotFound(f"{self.short} has no {self.frame.word} {code}; it has {known}.")

    def channel(self, code: str) -> Channel:
        """The channel of evidence with this code."""
        for channel in self.channels:
            if channel.code == code:
                return channel
        known = ", ".join(channel.code for channel in self.channels)
        raise NotFound(f"{self.short} counts no {code}; it counts {known}.")


@dataclass(frozen=True)
class Library:
    """Every definition of this context."""

    frameworks: Registry[Framework]
    crosswalks: Registry[Crosswalk]
    scales: Registry[Scale]
    terms: Registry[Terms]
    programmes: Registry[Programme]

    def programme(self, name: str) -> Programme:
        """By key (`care-and-protection@1`), code (its latest version) or short name (`P1`)."""
        for programme in sorted(self.programmes, key=lambda p: -p.version):
            if name in {programme.key, programme.code, programme.short}:
                return programme
        known = ", ".join(sorted(f"{p.short} ({p.key})" for p in self.programmes))
        raise NotFound(f"There is no programme {name}. There are: {known}.")

    def with_programmes(self, more: Iterable[Programme]) -> "Library":
        """This library with further programmes, checked together."""
        library = replace(self, programmes=plus(self.programmes, more))
        check_together(library)
        return library


def check_together(library: Library) -> None:
    """Raise `Faults` for anything one file says of another that is not so."""
    faults: list[Fault] = []
    for programme in library.programmes:
        faults += _programme_faults(programme, library)
    for crosswalk in library.crosswalks:
        faults += _crosswalk_faults(crosswalk, library.frameworks)
    shorts = [programme.short for programme in library.programmes if _is_latest(programme, library)]
    faults += [
        Fault("definitions/programmes", f"{short} names two programmes.", "Give each its own.")
        for short in sorted({s for s in shorts if shorts.count(s) > 1})
    ]
    if faults:
        raise Faults("definitions", faults)


def _is_latest(programme: Programme, library: Library) -> bool:
    return library.programmes.latest(programme.code) is programme


def _programme_faults(programme: Programme, library: Library) -> Iterable[Fault]:
    where = f"programmes/{programme.key}.yaml"
    wanted: Mapping[str, tuple[str, Registry]] = {  # type: ignore[type-arg]
        "framework": (programme.framework, library.frameworks),
        "scale": (programme.scale, library.scales),
        "terms": (programme.terms, library.terms),
    }
    for name, (key, registry) in wanted.items():
        if key not in registry.items:
            known = ", ".join(sorted(registry.items)) or "none"
            yield Fault(f"{where} {name}", f"there is no {key}.", f"There are: {known}.")
    framework = library.frameworks.items.get(programme.framework)
    if framework is None:
        return
    codes = {indicator.code for indicator in framework.indicators}
    used = [(f"graded.{j.code}", code) for j in programme.graded for code in j.indicators]
    used += [(f"frame.{i.code}", code) for i in programme.frame.items for code in i.indicators]
    for place, code in used:
        if code not in codes:
            yield Fault(f"{where} {place}", f"{programme.framework} has no indicator {code}.")


def _crosswalk_faults(
    crosswalk: Crosswalk, frameworks: Registry[Framework]
) -> Iterable[Fault]:
    where = f"crosswalks/{crosswalk.key}.yaml"
    for side, key in (("old", crosswalk.old), ("new", crosswalk.new)):
        framework = frameworks.items.get(key)
        if framework is None:
            yield Fault(f"{where} {side}", f"there is no framework {key}.")
            continue
        codes = {indicator.code for indicator in framework.indicators}
        used = (
            [row.old for row in crosswalk.rows]
            if side == "old"
            else [code for row in crosswalk.rows for code in row.new]
        )
        for code in sorted(set(used) - codes):
            yield Fault(f"{where} rows", f"{key} has no indicator {code}.")
        if side == "old":
            for code in sorted(codes - set(used)):
                yield Fault(f"{where} rows", f"{code} of {key} is missing.", "Say what it became.")


def load(folder: Path) -> Library:
    """Read all files below `folder` and check them together."""
    library = Library(
        frameworks=Registry.load(Framework, folder / "frameworks"),
        crosswalks=Registry.load(Crosswalk, folder / "frameworks" / "crosswalks"),
        scales=Registry.load(Scale, folder / "scales"),
        terms=Registry.load(Terms, folder / "terms"),
        programmes=Registry.load(Programme, folder / "programmes"),
    )
    check_together(library)
    return library


@lru_cache(maxsize=1)
def library() -> Library:
    """The definitions of this installation, read once."""
    return load(settings.SIGHTLINE_DEFINITIONS)
