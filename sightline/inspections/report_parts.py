"""What every section of a report is made from: its material, and small print about places."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from string import ascii_lowercase

from sightline.design.documents import Note, Run
from sightline.framework.definitions import Framework, Library, Programme, Scale
from sightline.inspections.definitions import EvaluationValue, InspectionDocument, Source, Sourced
from sightline.inspections.overview_parts import series, titles_of

CONFIDENT = {
    "confident": "Confident",
    "confident-with-conditions": "Confident, with conditions",
    "not-yet-confident": "Not yet confident",
}


@dataclass(frozen=True)
class Material:
    """One inspection with the definitions its report is written by.

    `area` is the partnership's name. A library with corrected titles gives a report with them.
    """

    document: InspectionDocument
    library: Library
    area: str
    sources: Mapping[str, Source]

    @property
    def programme(self) -> Programme:
        """The programme, at the version the inspection names."""
        return self.library.programmes.get(self.document.programme)

    @property
    def scale(self) -> Scale:
        """The scale its evaluations are on."""
        return self.library.scales.get(self.programme.scale)

    @property
    def framework(self) -> Framework:
        """The edition of the framework it was inspected by."""
        return self.library.frameworks.get(self.programme.framework)

    def evaluation(self, judgement: str) -> EvaluationValue | None:
        """What is recorded for one judgement, if anything."""
        found = (e for e in self.document.evaluations if e.judgement == judgement)
        return next(found, None)

    def source_of(self, key: str) -> Source:
        """A source; one that is not known here stands under its key."""
        return self.sources.get(key) or Source(key=key, kind="not known here", title=key)


def sentence(text: str) -> str:
    """The text with a capital first letter; the rest is left as it is."""
    return text[:1].upper() + text[1:]


def cited(material: Material, facts: Sequence[Sourced]) -> Note:
    """Where each of a numbered list stands: every source once, then place by place.

    Several sources are lettered, so that each number can say which of them it rests on. Notes go
    by their number too; a single fact needs none.
    """
    keys = list(dict.fromkeys(key for fact in facts for key in fact.sources))
    titles = titles_of(keys, material.sources)
    if len(keys) == 1 or len(facts) == 1:
        parts = [f"Source: {'; '.join(titles)}."]
        letters: dict[str, str] = {}
    else:
        letters = {key: f"({ascii_lowercase[at % 26]})" for at, key in enumerate(keys)}
        said = (f"{letters[key]} {title}" for key, title in zip(keys, titles, strict=True))
        parts = [f"Sources: {'; '.join(said)}."]
    if places := _places(facts, letters):
        parts.append(f"{places}.")
    doubts = sorted({fact.confidence for fact in facts} - {"high"})
    if doubts:
        parts.append(f"Confidence: {series(doubts)}.")
    for at, fact in enumerate(facts, start=1):
        if fact.note:
            parts.append(fact.note if len(facts) == 1 else f"{at}: {fact.note}")
    return Note(" ".join(parts))


def _places(facts: Sequence[Sourced], letters: Mapping[str, str]) -> str:
    """ "1 to 6 and 8: (a), How we conducted this inspection; 7: (b), paragraph 3.16"."""
    if len(facts) == 1:
        return f"Place: {facts[0].place}" if facts[0].place else ""
    alike: dict[str, list[int]] = {}
    for at, fact in enumerate(facts, start=1):
        which = [series(letters[key] for key in fact.sources)] if letters else []
        found = ", ".join([*which, fact.place] if fact.place else which)
        if found:
            alike.setdefault(found, []).append(at)
    return "; ".join(f"{_numbers(where)}: {found}" for found, where in alike.items())


def _numbers(where: Sequence[int]) -> str:
    """ "1 to 4, 6 and 8"."""
    stretches: list[list[int]] = []
    for at in where:
        if stretches and stretches[-1][-1] == at - 1:
            stretches[-1].append(at)
        else:
            stretches.append([at])
    return series(f"{s[0]} to {s[-1]}" if len(s) > 1 else str(s[0]) for s in stretches)


def linked(source: Source) -> tuple[Run, ...]:
    """A source as text, with a link where it has an address."""
    if source.address.startswith(("https://", "http://")):
        return (Run(source.title, href=source.address), Run(f" ({source.kind})"))
    return (Run(source.title), Run(f" ({source.kind})"))


def keys_used(document: InspectionDocument) -> list[str]:
    """Every source the document names, in the order it first names it."""
    found: dict[str, None] = {}
    for fact in _facts(document):
        found |= dict.fromkeys(fact.sources)
    return list(found)


def main_source(material: Material) -> Source | None:
    """The published report, where it is among the sources; else the source named first."""
    found = [material.source_of(key) for key in keys_used(material.document)]
    reports = [source for source in found if source.kind.startswith("report")]
    return next(iter(reports or found), None)


def _facts(document: InspectionDocument) -> Iterable[Sourced]:
    dates = document.dates
    for date in (dates.published, dates.inspected, dates.notified, dates.planned_inspected):
        if date:
            yield date
            yield from date.also
    for count in document.evidence:
        yield count
        yield from count.also
    for evaluation in document.evaluations:
        yield from (evaluation.stated,) if evaluation.stated else ()
        yield from evaluation.also
    yield from document.pauses
    yield from document.strengths
    yield from document.areas_for_improvement
    yield from document.key_messages
    yield from document.good_practice
    yield from (document.conclusion,) if document.conclusion else ()
