"""Values whose sources differ, side by side. Nothing here chooses between them."""

from collections.abc import Collection, Sequence

from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_facts import OverviewFacts
from sightline.inspections.overview_parts import Ground, cell_of, count_said, date_said, differs
from sightline.inspections.overview_shapes import Cell, Conflict, Named, Saying


def find_conflicts(
    base: Ground, wanted: Collection[str], facts: Sequence[OverviewFacts] = ()
) -> tuple[Conflict, ...]:
    """Every value whose sources differ: evaluations, counts, dates, what overview reports state."""
    found: list[Conflict] = []
    for document in base.documents:
        named, programme = base.of(document), base.programme(document)
        for judgement in programme.graded:
            cell = cell_of(document, judgement.code, base.scale(programme), base.sources)
            wanted_here = not wanted or judgement.code in wanted
            if cell and cell.saying and cell.disputed and wanted_here:
                what = f"Evaluation of {judgement.code}, {judgement.title}"
                found.append(Conflict(named, what, cell.saying, _differing(cell)))
        for count in document.evidence:
            channel = programme.channel(count.channel)
            said = count_said(count, base.sources, per_cent=channel.per_cent)
            others = tuple(
                count_said(other, base.sources, per_cent=channel.per_cent)
                for other in count.also
                if differs(other, count)
            )
            if others:
                found.append(Conflict(named, channel.label, said, others))
        found += _date_conflicts(base, document)
    # Beside no inspection at all there is nothing to compare, only the reports themselves.
    for overview in facts if base.documents else ():
        found += _stated_conflicts(base, overview)
    return tuple(found)


def _stated_conflicts(base: Ground, overview: OverviewFacts) -> list[Conflict]:
    named = Named(overview.key, overview.title, "", overview.title)
    found = []
    for fact in overview.facts:
        others = tuple(count_said(o, base.sources) for o in fact.also if differs(o, fact))
        if others:
            found.append(Conflict(named, fact.label, count_said(fact, base.sources), others))
    return found


def _differing(cell: Cell) -> tuple[Saying, ...]:
    return tuple(other for other in cell.also if other.value != cell.value)


DATES = (
    ("notified", "Date of notification"),
    ("planned_inspected", "Dates planned"),
    ("inspected", "Dates of the inspection"),
    ("planned_published", "Publication planned"),
    ("published", "Date of publication"),
)


def _date_conflicts(base: Ground, document: InspectionDocument) -> list[Conflict]:
    found = []
    for field, what in DATES:
        date = getattr(document.dates, field)
        others = [other for other in date.also if other.value != date.value] if date else []
        if others:
            said = tuple(date_said(other, base.sources) for other in others)
            found.append(Conflict(base.of(document), what, date_said(date, base.sources), said))
    return found
