"""What the list of inspections shows, and what an import would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sightline.framework.definitions import Library, Scale
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_parts import KIND_WORDS, count_words, published_words, when
from sightline.inspections.presenters import DATE_LABELS, name_of
from sightline.kernel.periods import ImpreciseDate


@dataclass(frozen=True)
class Listed:
    """One inspection in a list.

    `evaluations` are code, value and word (None when not known). A draft has none here: its
    evaluations are seen by opening it, which is recorded.
    """

    reference: str
    partnership: str
    partnership_name: str
    name: str
    programme: str
    programme_title: str
    kind: str
    published: str
    is_draft: bool
    evaluations: tuple[tuple[str, int | None, str], ...]


def listed(
    documents: Sequence[InspectionDocument], *, library: Library, names: Mapping[str, str]
) -> tuple[Listed, ...]:
    """Rows of the list, as given."""
    return tuple(_row(document, library, names) for document in documents)


def newest_first(documents: Sequence[InspectionDocument]) -> list[InspectionDocument]:
    """Drafts first, then the latest publication."""
    return sorted(documents, key=lambda d: (d.status == "draft", *when(d)), reverse=True)


def _row(document: InspectionDocument, library: Library, names: Mapping[str, str]) -> Listed:
    programme = library.programmes.get(document.programme)
    scale = library.scales.get(programme.scale)
    partnership = names.get(document.partnership, document.partnership)
    return Listed(
        reference=document.reference,
        partnership=document.partnership,
        partnership_name=partnership,
        name=name_of(document, partnership),
        programme=programme.short,
        programme_title=programme.title,
        kind=KIND_WORDS[document.kind],
        published=published_words(document),
        is_draft=document.status != "published",
        evaluations=tuple(
            (
                value.judgement,
                value.stated.value if value.stated else None,
                scale.point(value.stated.value).word if value.stated else "Not known",
            )
            for value in document.evaluations
            if document.status == "published"
        ),
    )


@dataclass(frozen=True)
class Change:
    """One thing an import would change: what, from what, to what (empty: not known, not there)."""

    what: str
    before: str
    after: str


_SECTIONS = {
    "title": "Title",
    "kind": "Kind",
    "status": "Status",
    "follows": "Inspection it follows",
    "improvement_note": "Why there are no areas for improvement",
    "pauses": "Pauses",
    "strengths": "Strengths",
    "areas_for_improvement": "Areas for improvement",
    "key_messages": "Key messages",
    "good_practice": "Good practice",
    "conclusion": "Conclusion",
}


def changes(
    held: InspectionDocument, given: InspectionDocument, *, library: Library
) -> tuple[Change, ...]:
    """What importing `given` over `held` would change, in words."""
    programme = library.programmes.get(given.programme)
    scale = library.scales.get(programme.scale)
    found = [
        *_differences("Date: ", _dates(held), _dates(given)),
        *_differences("Evaluation of ", _evaluations(held, scale), _evaluations(given, scale)),
        *_differences("Count of ", _counts(held), _counts(given)),
    ]
    for name, label in _SECTIONS.items():
        before, after = getattr(held, name), getattr(given, name)
        if before != after:
            found.append(Change(label, _brief(before), _brief(after)))
    if not found:
        found.append(Change("Sources, places, notes or rationales", "as held here", "as given"))
    return tuple(found)


def _differences(label: str, before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    names = list(dict.fromkeys([*before, *after]))
    return [
        Change(f"{label}{name}", before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def _dates(document: InspectionDocument) -> dict[str, str]:
    return {
        label: str(ImpreciseDate(value.value))
        for what, label in DATE_LABELS.items()
        if (value := getattr(document.dates, what)) is not None
    }


def _evaluations(document: InspectionDocument, scale: Scale) -> dict[str, str]:
    return {
        value.judgement: scale.point(value.stated.value).word
        for value in document.evaluations
        if value.stated
    }


def _counts(document: InspectionDocument) -> dict[str, str]:
    return {count.channel: count_words(count) for count in document.evidence}


def _brief(value: object) -> str:
    if isinstance(value, tuple):
        return f"{len(value)} held" if value else ""
    return str(value) if isinstance(value, str) else ("held" if value else "")
