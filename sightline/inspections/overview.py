"""The overview across any set of inspections: pure, from whole documents to one frozen object.

What it will not do: take a missing value for a zero or a zero for a missing value, add up
programmes that judge different children, mix what is counted here with what an overview report
states, or choose between sources that differ.
"""

from collections.abc import Collection, Mapping, Sequence

from sightline.framework.definitions import Judgement, Library, Programme
from sightline.inspections.definitions import InspectionDocument, Source
from sightline.inspections.overview_changes import find_changes
from sightline.inspections.overview_conflicts import find_conflicts
from sightline.inspections.overview_evidence import pool_evidence
from sightline.inspections.overview_facts import OverviewFacts
from sightline.inspections.overview_parts import (
    KIND_WORDS,
    Ground,
    cell_of,
    ground,
    plural,
    published_words,
    series,
)
from sightline.inspections.overview_shapes import (
    Cell,
    Group,
    JudgementView,
    Named,
    Overview,
    Row,
    Together,
    Unknown,
    WordCount,
)
from sightline.inspections.overview_stated import reports
from sightline.inspections.overview_words import summarise
from sightline.kernel.measures import Measure, State, Unit
from sightline.stats import quantity

BAND = "good or better"
SOURCE = "inspections held in Sightline"


def build_overview(
    documents: Sequence[InspectionDocument],
    library: Library,
    *,
    facts: Sequence[OverviewFacts] = (),
    names: Mapping[str, str],
    sources: Mapping[str, Source] | None = None,
    judgements: Collection[str] = (),
) -> Overview:
    """Put inspections beside each other.

    Args:
        documents: whole inspections, in any order, of any programmes.
        library: every framework, crosswalk, scale and programme they name.
        facts: what published overview reports state. All are listed; those of the programmes shown
            also stand beside the counts.
        names: the name of each partnership by its code.
        sources: titles of sources by key; those a document carries itself are added.
        judgements: show only these codes; empty shows all that each programme evaluates.

    Returns:
        Inspections in order of publication; programmes in order of their short name; words of the
        scale highest first. Nothing is left out: what is not known is named in `unknown`.
    """
    every = {**(sources or {}), **{s.key: s for d in documents for s in d.sources}}
    base = ground(documents, library, names, every)
    groups = tuple(
        _group(base, programme, [d for d in base.documents if d.programme == key], judgements)
        for key, programme in _programmes(base)
    )
    evidence = pool_evidence(base, facts)
    changes, not_compared = find_changes(base, judgements)
    overview = Overview(
        summary=(),
        inspections=tuple(base.of(d) for d in base.documents),
        groups=groups,
        evidence=evidence,
        conflicts=find_conflicts(base, judgements, facts),
        changes=changes,
        not_compared=not_compared,
        unknown=(*_unknown_evaluations(groups), *_unknown_dates(base)),
        reports=reports(base, facts, groups, evidence),
    )
    return summarise(overview)


def _programmes(base: Ground) -> list[tuple[str, Programme]]:
    keys = {d.programme for d in base.documents}
    found = [(key, base.library.programmes.get(key)) for key in keys]
    return sorted(found, key=lambda item: (item[1].short, item[0]))


def _group(
    base: Ground,
    programme: Programme,
    documents: Sequence[InspectionDocument],
    wanted: Collection[str],
) -> Group:
    graded = [j for j in programme.graded if not wanted or j.code in wanted]
    rows = [_row(base, programme, document, graded) for document in documents]
    judged = [row for row in rows if any(cell is not None for cell in row.cells)]
    views = tuple(
        _judgement(base, programme, judgement, [(row.named, row.cells[at]) for row in judged])
        for at, judgement in enumerate(graded)
    )
    return Group(
        programme=programme.key,
        short=programme.short,
        title=programme.title,
        population=programme.population,
        framework=programme.framework,
        judgements=views,
        together=_together(programme, views, chosen=bool(wanted)),
        rows=tuple(judged),
        without=tuple(row for row in rows if row not in judged),
    )


def _row(
    base: Ground, programme: Programme, document: InspectionDocument, graded: Sequence[Judgement]
) -> Row:
    scale = base.scale(programme)
    return Row(
        named=base.of(document),
        kind=KIND_WORDS[document.kind],
        published=published_words(document),
        cells=tuple(cell_of(document, j.code, scale, base.sources) for j in graded),
    )


def _judgement(
    base: Ground,
    programme: Programme,
    judgement: Judgement,
    cells: Sequence[tuple[Named, Cell | None]],
) -> JudgementView:
    expected = [(named, cell) for named, cell in cells if cell is not None]
    by_value: dict[int, list[Named]] = {}
    for named, cell in expected:
        if cell.value is not None:
            by_value.setdefault(cell.value, []).append(named)
    points = base.scale(programme).points
    counts = tuple(
        WordCount(p.value, p.word, len(by_value.get(p.value, ())), tuple(by_value.get(p.value, ())))
        for p in points
    )
    found = [count for count in counts if count.count]
    known = sum(count.count for count in counts)
    band = base.scale(programme).band(BAND)
    good = sum(count.count for count in counts if band.low <= count.value <= band.high)
    terms = base.library.terms.get(programme.terms)
    # Two inspections of one partnership are not two partnerships, and a few inspections have no
    # term of quantity.
    apart = len({named.partnership for c in counts for named in c.inspections}) == known
    return JudgementView(
        code=judgement.code,
        title=judgement.title,
        indicators=judgement.indicators,
        counts=counts,
        expected=len(expected),
        known=known,
        unknown=tuple(named for named, cell in expected if cell.value is None),
        good_or_better=_measure(
            good,
            known,
            counted=f"inspections with {judgement.code} evaluated as {BAND}",
            base_words=f"of the {plural(known, 'inspection')} whose evaluation of "
            f"{judgement.code} is known, out of {len(expected):,}",
            definition=programme.scale,
        ),
        quantity=quantity.in_words(good, known, terms, partnerships=apart) if known else "",
        highest=found[0] if found else None,
        lowest=found[-1] if found else None,
    )


def _measure(value: int, base: int, *, counted: str, base_words: str, definition: str) -> Measure:
    if not base:
        return Measure(
            None, Unit.COUNT, counted, definition, SOURCE, State.NOT_AVAILABLE, 0, base_words
        )
    state = State.OBSERVED if value else State.TRUE_ZERO
    return Measure(value, Unit.COUNT, counted, definition, SOURCE, state, base, base_words)


def _together(
    programme: Programme, views: Sequence[JudgementView], *, chosen: bool
) -> Together | None:
    """Over the judgements that were asked for, else over those known for every inspection."""
    complete = [view for view in views if view.expected and view.known == view.expected]
    used = list(views) if chosen or not complete else complete
    known = sum(view.known for view in used)
    if len(used) <= 1 or not known:
        return None
    codes = tuple(view.code for view in used)
    good = sum(int(view.good_or_better.value or 0) for view in used)
    if chosen:
        reason = "the judgements that were chosen"
    elif complete:
        reason = "the judgements known for every inspection"
    else:
        reason = "every judgement of the programme, where it is known"
    return Together(
        judgements=codes,
        good_or_better=_measure(
            good,
            known,
            counted=f"evaluations of {series(codes)} that are {BAND}",
            base_words=f"of the {plural(known, 'evaluation')} of {series(codes)} that are known, "
            f"out of {sum(view.expected for view in used):,}",
            definition=programme.scale,
        ),
        expected=sum(view.expected for view in used),
        reason=reason,
    )


def _unknown_evaluations(groups: Sequence[Group]) -> list[Unknown]:
    return [
        Unknown(
            f"{view.code}, {view.title} ({group.short})", view.code, view.unknown, view.expected
        )
        for group in groups
        for view in group.judgements
        if view.unknown
    ]


def _unknown_dates(base: Ground) -> list[Unknown]:
    found = []
    for field, what in (
        ("inspected", "Dates of the inspection"),
        ("published", "Date of publication"),
    ):
        missing = [base.of(d) for d in base.documents if getattr(d.dates, field) is None]
        if missing:
            found.append(Unknown(what, "", tuple(missing), len(base.documents)))
    return found
