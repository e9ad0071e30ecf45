"""Reads of inspections: whole documents from memory, and what a document is checked against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from threading import Lock

from sightline.framework.definitions import library
from sightline.inspections import models
from sightline.inspections.assembly import Assembly
from sightline.inspections.definitions import InspectionDocument, Source
from sightline.kernel.errors import NotFound
from sightline.kernel.periods import ImpreciseDate


@dataclass(frozen=True)
class _Kept:
    """Every inspection as it was at one version of the data."""

    token: str
    by_reference: Mapping[str, InspectionDocument]


_kept: _Kept | None = None
_lock = Lock()


def data_version() -> str:
    """A text that changes with every write of this context; one query."""
    return models.DataVersion.objects.values_list("token", flat=True).first() or ""


def _all() -> Mapping[str, InspectionDocument]:
    """Every inspection. One query while nothing has changed, a dozen more when it has.

    What is read while somebody writes may be half old, half new; then the version has moved, and it
    is read again.
    """
    global _kept  # noqa: PLW0603 - the memory of this process
    token = data_version()
    if _kept is not None and _kept.token == token:
        return _kept.by_reference
    with _lock:
        while True:
            if _kept is not None and _kept.token == token:
                return _kept.by_reference
            found = sorted(Assembly().documents(), key=by_publication)
            after = data_version()
            kept = _Kept(after, {document.reference: document for document in found})
            if after == token:
                _kept = kept
                return kept.by_reference
            token = after


def by_publication(document: InspectionDocument) -> tuple[str, str]:
    """Sort key: oldest publication first, those without a date last, then by reference."""
    published = document.dates.published
    first = ImpreciseDate(published.value).earliest.isoformat() if published else "9999"
    return first, document.reference


def documents(
    references: Iterable[str] | None = None,
    *,
    programme: str | None = None,
    partnership: str | None = None,
    published_only: bool = True,
) -> tuple[InspectionDocument, ...]:
    """Whole inspections, the oldest publication first.

    Args:
        references: only these; None means all.
        programme: a key (`risk-of-harm@1`) means that version; a code or short name (`P2`) every
            version of it.
        partnership: the code of an area.
        published_only: leave out drafts. What somebody may see is decided by the doors
            (`permissions`), not here.

    Raises:
        NotFound: a reference or programme that is not there.
    """
    found = _all()
    if references is not None:
        wanted = set(references)
        if missing := sorted(wanted - found.keys()):
            raise NotFound(f"There is no inspection {', '.join(missing)}.")
        chosen = [document for document in found.values() if document.reference in wanted]
    else:
        chosen = list(found.values())
    if programme is not None:
        chosen = [document for document in chosen if _is_of(document, programme)]
    return tuple(
        document
        for document in chosen
        if (not published_only or document.status == "published")
        and partnership in {None, document.partnership}
    )


def _is_of(document: InspectionDocument, programme: str) -> bool:
    if "@" in programme:
        return document.programme == programme
    return document.programme.split("@")[0] == library().programme(programme).code


def document(reference: str) -> InspectionDocument:
    """One whole inspection, published or not.

    Raises:
        NotFound: there is none with this reference.
    """
    found = _all().get(reference)
    if found is None:
        raise NotFound(f"There is no inspection {reference}.")
    return found


def fresh_document(reference: str) -> InspectionDocument | None:
    """One inspection straight from the database, as this transaction sees it; None without one."""
    found = Assembly(reference).documents()
    return found[0] if found else None


def sources() -> dict[str, Source]:
    """Every source this installation knows, by key."""
    return {
        row["key"]: Source.model_validate(row)
        for row in models.Source.objects.order_by("key").values("key", "kind", "title", "address")
    }


def neighbours(
    document: InspectionDocument, among: Iterable[InspectionDocument]
) -> tuple[InspectionDocument | None, InspectionDocument | None]:
    """The inspection of the same partnership before and after this one, among those given."""
    same = sorted(
        (other for other in among if other.partnership == document.partnership), key=by_publication
    )
    at = [other.reference for other in same].index(document.reference)
    before = same[at - 1] if at else None
    after = same[at + 1] if at + 1 < len(same) else None
    return before, after


@dataclass(frozen=True)
class Known:
    """What the database holds that a document may refer to, or clash with."""

    inspections: Mapping[str, "KnownInspection"]
    sources: Mapping[str, Source]


@dataclass(frozen=True)
class KnownInspection:
    """The little of an inspection that another document is checked against.

    `published` is the written date in use, empty when there is none.
    """

    reference: str
    partnership: str
    programme: str
    kind: str
    status: str
    follows: str
    published: str


def known() -> Known:
    """Every inspection and source, in outline: two queries and one for the dates."""
    published = dict(
        models.StatedDate.objects.filter(what="published", in_use=True).values_list(
            "inspection__reference", "value"
        )
    )
    rows = models.Inspection.objects.values(
        "reference", "partnership", "programme", "kind", "status", "follows__reference"
    )
    inspections = {
        row["reference"]: KnownInspection(
            reference=row["reference"],
            partnership=row["partnership"],
            programme=row["programme"],
            kind=row["kind"],
            status=row["status"],
            follows=row["follows__reference"] or "",
            published=published.get(row["reference"], ""),
        )
        for row in rows
    }
    return Known(inspections=inspections, sources=sources())
