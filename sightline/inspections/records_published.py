"""What published reports print about the records that were read: schema, loader and checks.

`definitions/record-reading/published/<code>@1.yaml` holds one report. Nothing in it is counted
here. A report seldom prints a per cent: mostly a term or a fraction in words, sometimes the rest of
the same base in other words. `agreement` says whether what it prints of one figure fits together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings
from pydantic import Field, model_validator

from sightline.framework.definitions import Fractions, Terms, library
from sightline.inspections.definitions import Reference, Source
from sightline.inspections.published import published_sources
from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words
from sightline.kernel.errors import Fault, Faults, NotFound
from sightline.record_reading import asking
from sightline.record_reading.definitions import Item, TemplateDefinition
from sightline.stats.phrases import Claim, claim, consistent

FOLDER: Final = Path("record-reading") / "published"
ANSWER: Final = r"^[a-z0-9][a-z0-9-]*$"
EVERYBODY: Final = "records read"
_ALL: Final = 100
_ONCE: Final = "Printed once, in words."


class Rest(Closed):
    """What a report prints of the others of the same base.

    Attributes:
        answer: the band or answer they gave.
        words: as printed.
        without: the share that is not in `answer`.
        part: of some of the others; not of all of them.
    """

    answer: str = Field(pattern=ANSWER)
    words: Words
    without: bool = False
    part: bool = False


class PublishedFigure(Closed):
    """One share of the records that were read, as a report prints it.

    Attributes:
        item: the item of the template it is of; empty where there is none.
        topic: what it is about, where there is no item.
        agency: of an item by agency, which.
        answer: the band or answer that the share is of; empty where only the topic says so.
        without: the share that is not in `answer`.
        words: the term or fraction, as printed.
        per_cent: as printed; None where none is.
        also: the same figure in other words of the same report.
        rest: what is printed of the others.
        group: the group it is about, as `way=category` of results; empty of everybody.
        of: the base in words.
        place: where it stands, by question or statement.
    """

    item: Code | None = None
    topic: Words | None = None
    agency: str = ""
    answer: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]*)?$")
    without: bool = False
    words: Words
    per_cent: int | None = Field(default=None, ge=0, le=100)
    also: tuple[Words, ...] = ()
    rest: Rest | None = None
    group: str = Field(default="", pattern=r"^([a-z_]+=[a-z0-9-]+)?$")
    of: Words = EVERYBODY
    place: Words
    note: Words | None = None

    @model_validator(mode="after")
    def is_about_something(self) -> "PublishedFigure":
        """It names an item, with the answer meant, or a topic; never both."""
        if (self.item is None) == (self.topic is None):
            raise ValueError("give the item it is of or, where there is none, its topic; not both.")
        if self.item is not None and not self.answer:
            raise ValueError(f"say which answers to {self.item} the share is of.")
        return self


class Part(Closed):
    """A part of the sample, and how many records of it were read."""

    label: Words
    read: int = Field(ge=0)
    source: Code
    place: Words


class PublishedRecords(Definition):
    """One report: of an inspection, or an overview of several.

    Attributes:
        inspections: the inspections whose records it is about.
        overview: code of the overview; empty where it is the report of one inspection.
        template: key of the template whose items its figures map to.
        source: key of the publication.
        read: records read.
        parts: of which.
        terms, fractions: keys of what its words mean.
    """

    title: Words
    inspections: tuple[Reference, ...] = Field(min_length=1)
    overview: str = ""
    template: str
    source: Code
    read: int = Field(ge=1)
    terms: str
    fractions: str
    parts: tuple[Part, ...] = ()
    figures: tuple[PublishedFigure, ...] = Field(min_length=1)

    @property
    def publication(self) -> Source:
        """The publication itself."""
        return _publications()[self.source]

    @property
    def made_with(self) -> TemplateDefinition:
        """The template its figures map to."""
        return asking.template(self.template)

    @property
    def meaning(self) -> tuple[Fractions, Terms]:
        """What its fractions and its terms mean."""
        known = library()
        return known.fractions.get(self.fractions), known.terms.get(self.terms)


@dataclass(frozen=True)
class Agreement:
    """Whether what a report prints of one figure fits together. `fits` is None where only one
    thing is printed, or where its words measure nothing."""

    fits: bool | None
    why: str

    @property
    def says(self) -> bool:
        """Whether there is more to say than that one thing is printed."""
        return self.why != _ONCE


def agreement(report: PublishedRecords, figure: PublishedFigure) -> Agreement:
    """Hold the words of a figure against its per cent, its other words, and the words of the rest.

    The first that does not fit is named.
    """
    fractions, terms = report.meaning
    try:
        said = claim(figure.words, fractions.phrases, terms)
    except ValueError:
        return Agreement(None, "These words have no fixed range.")
    checked = []
    if figure.per_cent is not None:
        checked.append((_holds(said, figure.per_cent), f"{figure.per_cent}%"))
    for other in figure.also:
        fits = _overlap(said, claim(other, fractions.phrases, terms))
        checked.append((fits, f"“{other}”"))
    rest = figure.rest
    if rest is not None:
        fits = (
            _leaves_room(said, claim(rest.words, fractions.phrases, terms))
            if rest.part
            else consistent(figure.words, rest.words, fractions.phrases, terms)
        )
        checked.append((fits, f"“{rest.words}” for the rest"))
    if not checked:
        return Agreement(None, _ONCE)
    wrong = [what for fits, what in checked if not fits]
    if wrong:
        return Agreement(False, f"“{figure.words}” does not fit {wrong[0]}.")
    return Agreement(True, f"“{figure.words}” fits {' and '.join(what for _, what in checked)}.")


def _holds(said: Claim, per_cent: int) -> bool:
    return said.low <= per_cent <= said.high


def _overlap(one: Claim, other: Claim) -> bool:
    """Whether one share can be both; ends that touch count, since shares are rounded."""
    return one.low <= other.high + 1 and other.low <= one.high + 1


def _leaves_room(said: Claim, part: Claim) -> bool:
    """Whether a share leaves room for another of the same base."""
    return said.low + part.low <= _ALL


def load(folder: Path) -> Registry[PublishedRecords]:
    """Every report in a folder.

    Raises:
        Faults: naming file, field and mend of all that is wrong.
    """
    found = Registry.load(PublishedRecords, folder)
    faults = [fault for report in found for fault in faults_of(report)]
    if faults:
        raise Faults(f"definitions/{FOLDER}", faults)
    return found


def faults_of(report: PublishedRecords) -> Iterator[Fault]:
    """What a report names and nobody holds: templates, items, answers, agencies, sources."""
    where = f"{report.key}.yaml"
    known = _publications()
    for source in (report.source, *(part.source for part in report.parts)):
        if source not in known:
            yield Fault(f"{where} source", f"there is no publication {source}.")
    if report.parts and sum(part.read for part in report.parts) != report.read:
        yield Fault(f"{where} parts", f"they do not add up to the {report.read} records read.")
    try:
        made_with, _ = report.made_with, report.meaning
    except NotFound as fault:
        yield Fault(where, str(fault))
        return
    items = {item.code: item for item in made_with.items()}
    for at, figure in enumerate(report.figures):
        if figure.item is not None:
            for what in _wrong(made_with, items.get(figure.item), figure):
                yield Fault(f"{where} figures.{at}", what)


def _wrong(
    made_with: TemplateDefinition, item: Item | None, figure: PublishedFigure
) -> Iterator[str]:
    if item is None:
        yield f"{made_with.key} has no item {figure.item}."
        return
    asked = [figure.answer, *([figure.rest.answer] if figure.rest else [])]
    known = {*asking.bands(item), *(option.code for option in asking.options(item))}
    for answer in asked:
        if answer not in known:
            yield f"{item.code} has neither an answer nor a band {answer}."
    by_agency = item.kind == "by-agency"
    if by_agency != bool(figure.agency):
        yield f"{item.code} is {'' if by_agency else 'not '}asked of each agency."
    elif by_agency and figure.agency not in item.agencies:
        yield f"{item.code} is not asked of {figure.agency}."


@lru_cache(maxsize=1)
def _publications() -> dict[str, Source]:
    return {source.key: source for source in published_sources()}


@lru_cache(maxsize=1)
def published_records() -> tuple[PublishedRecords, ...]:
    """The reports of this installation, read once."""
    return tuple(load(settings.SIGHTLINE_DEFINITIONS / FOLDER))


def of_inspection(reference: str) -> list[PublishedRecords]:
    """What was published of an inspection's records: its own report first, then overviews."""
    found = [report for report in published_records() if reference in report.inspections]
    return sorted(found, key=lambda report: (bool(report.overview), report.key))
