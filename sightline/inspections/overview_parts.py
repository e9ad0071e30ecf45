"""The pieces every part of an overview is made from: names, sayings, order in time, words."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from sightline.framework.definitions import Library, Programme, Scale
from sightline.inspections.definitions import (
    EvaluationValue,
    InspectionDocument,
    Source,
    StatedCount,
    StatedDate,
    StatedEvaluation,
)
from sightline.inspections.overview_shapes import Cell, Named, Saying
from sightline.kernel.periods import ImpreciseDate

KIND_WORDS = {
    "full": "Full inspection",
    "interim": "Interim report",
    "progress-review": "Progress review",
}
QUALIFIED = {
    "exactly": "{}",
    "about": "about {}",
    "almost": "almost {}",
    "over": "over {}",
    "at least": "at least {}",
}
NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True)
class Ground:
    """What the parts are built from: the inspections, the definitions, and the names of things."""

    documents: Sequence[InspectionDocument]
    library: Library
    names: Mapping[str, str]
    sources: Mapping[str, Source]
    named: Mapping[str, Named] = field(default_factory=dict)

    def programme(self, document: InspectionDocument) -> Programme:
        """The programme a document belongs to, at the version it names."""
        return self.library.programmes.get(document.programme)

    def scale(self, programme: Programme) -> Scale:
        """The scale a programme uses."""
        return self.library.scales.get(programme.scale)

    def of(self, document: InspectionDocument) -> Named:
        """The name of a document among those shown."""
        return self.named[document.reference]

    def name(self, partnership: str) -> str:
        """The name of a partnership; its code when no name is known."""
        return self.names.get(partnership, partnership)


def ground(
    documents: Sequence[InspectionDocument],
    library: Library,
    names: Mapping[str, str],
    sources: Mapping[str, Source],
) -> Ground:
    """Name every inspection so that no two that are shown read alike."""
    ordered = sorted(documents, key=lambda d: (when(d), d.reference))
    plain = Counter(names.get(d.partnership, d.partnership) for d in ordered)
    dated = Counter(_dated(d, names) for d in ordered)
    named: dict[str, Named] = {}
    for document in ordered:
        name = names.get(document.partnership, document.partnership)
        label = name
        if plain[name] > 1:
            label = _dated(document, names)
            if dated[label] > 1:
                label = f"{label}, {document.reference}"
        named[document.reference] = Named(document.reference, label, document.partnership, name)
    return Ground(ordered, library, names, sources, named)


def _dated(document: InspectionDocument, names: Mapping[str, str]) -> str:
    name = names.get(document.partnership, document.partnership)
    kind = "" if document.kind == "full" else f", {KIND_WORDS[document.kind].lower()}"
    year = published_year(document)
    return f"{name} {year}{kind}" if year else f"{name}{kind}"


def published_year(document: InspectionDocument) -> str:
    """The year of publication as its source gives it ("2020", "2025 or 2026"), or nothing."""
    if document.dates.published is None:
        return ""
    date = ImpreciseDate(document.dates.published.value)
    first, last = date.earliest.year, date.latest.year
    return str(first) if first == last else f"{first} or {last}"


def when(document: InspectionDocument) -> tuple[str, str]:
    """Orders inspections in time: by publication, else by when it was done, unknown last."""
    known = document.dates.published or document.dates.inspected
    if known is None:
        return ("9999", "9999")
    return _ends(known.value)


@lru_cache(maxsize=4096)
def _ends(value: str) -> tuple[str, str]:
    """First and last day of an imprecise date, kept because lists are put in order at each look."""
    date = ImpreciseDate(value)
    return (date.earliest.isoformat(), date.latest.isoformat())


def published_words(document: InspectionDocument) -> str:
    """When it was published, in words, or "not known"."""
    date = document.dates.published
    return str(ImpreciseDate(date.value)) if date else "not known"


def number(value: int) -> str:
    """A count in words up to ten, then in digits with thousands marked."""
    return NUMBERS[value] if 0 <= value < len(NUMBERS) else f"{value:,}"


def series(words: Iterable[str]) -> str:
    """ "a, b and c"."""
    items = list(words)
    return " and ".join([", ".join(items[:-1]), items[-1]]) if len(items) > 1 else "".join(items)


def plural(count: int, one: str, many: str = "") -> str:
    """ "1 inspection", "8 inspections"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def titles_of(keys: Iterable[str], sources: Mapping[str, Source]) -> tuple[str, ...]:
    """Titles of the sources with these keys."""
    return tuple(sources[key].title if key in sources else key for key in keys)


def count_words(count: StatedCount, *, per_cent: bool = False) -> str:
    """A count as it reads: as it was printed, else the digits with their qualifier."""
    if count.printed:
        return count.printed
    return QUALIFIED[count.qualifier].format(f"{count.count:,}{'%' if per_cent else ''}")


def differs(count: StatedCount, other: StatedCount) -> bool:
    """True when two counts of one thing do not say the same."""
    return (count.count, count.qualifier) != (other.count, other.qualifier)


def count_said(
    count: StatedCount, sources: Mapping[str, Source], *, per_cent: bool = False
) -> Saying:
    """What a source says a count is."""
    return Saying(
        words=count_words(count, per_cent=per_cent),
        value=count.count,
        sources=titles_of(count.sources, sources),
        confidence=count.confidence,
        place=count.place,
        note=count.note,
    )


def evaluation_said(
    stated: StatedEvaluation, scale: Scale, sources: Mapping[str, Source]
) -> Saying:
    """What a source says an evaluation is."""
    return Saying(
        words=scale.point(stated.value).word,
        value=stated.value,
        sources=titles_of(stated.sources, sources),
        confidence=stated.confidence,
        place=stated.place,
        note=stated.note,
    )


def date_said(date: StatedDate, sources: Mapping[str, Source]) -> Saying:
    """What a source says a date is."""
    return Saying(
        words=str(ImpreciseDate(date.value)),
        value=None,
        sources=titles_of(date.sources, sources),
        confidence=date.confidence,
        place=date.place,
        note=date.note,
    )


def cell_of(
    document: InspectionDocument, judgement: str, scale: Scale, sources: Mapping[str, Source]
) -> Cell | None:
    """The evaluation of one judgement; None where this kind of report was not expected to give it.

    A full inspection is expected to evaluate everything its programme does. An interim report or a
    progress review is held to what it lists itself.
    """
    found = next((e for e in document.evaluations if e.judgement == judgement), None)
    if found is None:
        return Cell(judgement, None) if document.kind == "full" else None
    return _cell(found, scale, sources)


def _cell(found: EvaluationValue, scale: Scale, sources: Mapping[str, Source]) -> Cell:
    return Cell(
        judgement=found.judgement,
        saying=evaluation_said(found.stated, scale, sources) if found.stated else None,
        also=tuple(evaluation_said(other, scale, sources) for other in found.also),
        note=found.note,
        scope=found.scope,
    )
