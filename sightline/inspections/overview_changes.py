"""Change for a partnership inspected more than once, where two evaluations can be compared.

Two evaluations can be compared when both judge the same indicators of one edition of the framework,
or when the crosswalk from the earlier edition to the later says that every indicator is comparable.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sightline.framework.definitions import Crosswalk, Judgement, Library, Programme, TitleStatus
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_parts import (
    Ground,
    cell_of,
    published_words,
    series,
)
from sightline.inspections.overview_shapes import Cell, Change, NotCompared
from sightline.kernel.periods import ImpreciseDate


@dataclass(frozen=True)
class _Known:
    """A known evaluation of one inspection, with what it judges."""

    document: InspectionDocument
    programme: Programme
    judgement: Judgement
    cell: Cell


def find_changes(
    base: Ground, wanted: Collection[str]
) -> tuple[tuple[Change, ...], tuple[NotCompared, ...]]:
    """Each known evaluation against the latest earlier one it can be compared with."""
    by_partnership: dict[str, list[InspectionDocument]] = {}
    for document in base.documents:
        by_partnership.setdefault(document.partnership, []).append(document)
    changes: list[Change] = []
    not_compared: list[NotCompared] = []
    for partnership, documents in sorted(by_partnership.items(), key=lambda i: base.name(i[0])):
        if len(documents) == 1:
            continue
        known = [k for document in documents for k in _known(base, document, wanted)]
        found = _compare(base, known)
        changes += found
        if not found:
            named = tuple(base.of(document) for document in documents)
            why = _why_not(base.library, documents, known)
            not_compared.append(NotCompared(partnership, base.name(partnership), named, why))
    return tuple(changes), tuple(not_compared)


def _known(base: Ground, document: InspectionDocument, wanted: Collection[str]) -> list[_Known]:
    programme = base.programme(document)
    found = []
    for judgement in programme.graded:
        cell = cell_of(document, judgement.code, base.scale(programme), base.sources)
        if cell and cell.saying and (not wanted or judgement.code in wanted):
            found.append(_Known(document, programme, judgement, cell))
    return found


def _compare(base: Ground, known: Sequence[_Known]) -> list[Change]:
    changes = []
    for at, later in enumerate(known):
        for earlier in reversed(known[:at]):
            if came_before(earlier.document, later.document) and comparable(
                base.library, earlier, later
            ):
                changes.append(_change(base, earlier, later))
                break
    return changes


def came_before(earlier: InspectionDocument, later: InspectionDocument) -> bool:
    """True when both have a date, and the one is over before the other begins.

    "2019" and "June 2019" may be either way round, so neither came before the other.
    """
    first, second = (d.dates.published or d.dates.inspected for d in (earlier, later))
    if first is None or second is None:
        return False
    return ImpreciseDate(first.value).latest < ImpreciseDate(second.value).earliest


def comparable(library: Library, earlier: _Known, later: _Known) -> bool:
    """True when both judge the same thing, as far as the definitions say."""
    if earlier.programme.scale != later.programme.scale:
        return False
    became = carried(
        library,
        earlier.programme.framework,
        later.programme.framework,
        frozenset(earlier.judgement.indicators),
    )
    return became is not None and became == frozenset(later.judgement.indicators)


def carried(
    library: Library, old: str, new: str, indicators: frozenset[str]
) -> frozenset[str] | None:
    """The indicators of a later edition that these became, or None where any is not comparable."""
    steps = _steps(library, old, new)
    if steps is None:
        return None
    for crosswalk in steps:
        rows = {row.old: row for row in crosswalk.rows}
        if not all(code in rows and rows[code].comparable for code in indicators):
            return None
        indicators = frozenset(code for old_code in indicators for code in rows[old_code].new)
    return indicators


def _steps(library: Library, old: str, new: str) -> list[Crosswalk] | None:
    """The crosswalks from one edition to another, in order; None when none lead there."""
    path = _path(old, new, tuple(sorted((c.old, c.new, c.key) for c in library.crosswalks)))
    return None if path is None else [library.crosswalks.get(key) for key in path]


@lru_cache(maxsize=256)
def _path(
    old: str, new: str, crosswalks: tuple[tuple[str, str, str], ...]
) -> tuple[str, ...] | None:
    """Keys of the crosswalks that lead from one edition to another; None when none do."""
    reached: dict[str, tuple[str, ...]] = {old: ()}
    waiting = [old]
    while waiting:
        here = waiting.pop(0)
        for start, end, key in crosswalks:
            if start == here and end not in reached:
                reached[end] = (*reached[here], key)
                waiting.append(end)
    return reached.get(new)


def _change(base: Ground, earlier: _Known, later: _Known) -> Change:
    before, after = earlier.cell.saying, later.cell.saying
    if before is None or after is None:  # pragma: no cover - `_known` keeps only those with one
        raise ValueError("a change needs two known evaluations")
    return Change(
        partnership=later.document.partnership,
        name=base.name(later.document.partnership),
        judgement=later.judgement.code,
        title=later.judgement.title,
        earlier=base.of(earlier.document),
        earlier_published=published_words(earlier.document),
        earlier_value=int(before.value or 0),
        earlier_word=before.words,
        later=base.of(later.document),
        later_published=published_words(later.document),
        later_value=int(after.value or 0),
        later_word=after.words,
        note=_note(base.library, earlier, later),
    )


def _note(library: Library, earlier: _Known, later: _Known) -> str:
    notes = []
    if earlier.programme.code != later.programme.code:
        notes.append(
            f"Two programmes: {earlier.programme.short} looked at {earlier.programme.population}; "
            f"{later.programme.short} at {later.programme.population}."
        )
    if earlier.judgement.code != later.judgement.code:
        notes.append(f"{earlier.judgement.code} became {later.judgement.code}.")
    steps = _steps(library, earlier.programme.framework, later.programme.framework) or []
    if any(crosswalk.status is not TitleStatus.VERIFIED for crosswalk in steps):
        notes.append("That the two editions mean the same is our reading, not confirmed.")
    if earlier.cell.disputed or later.cell.disputed:
        notes.append("Sources differ about one of the two.")
    return " ".join(notes)


def _why_not(
    library: Library, documents: Sequence[InspectionDocument], known: Sequence[_Known]
) -> str:
    """Why a partnership with several inspections has no change to show."""
    judged = {k.document.reference for k in known}
    if not judged:
        return "No evaluation of any of them is known."
    if len(judged) == 1:
        return "Evaluations are known for only one of them."
    codes = series(sorted({f"{k.programme.short} {k.judgement.code}" for k in known}))
    if not any(comparable(library, a, b) for at, b in enumerate(known) for a in known[:at]):
        return f"What was evaluated is not comparable: {codes}."
    return "It is not known which came first."
