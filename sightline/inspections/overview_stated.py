"""What overview reports state, made ready to stand beside what is counted here."""

from collections.abc import Mapping, Sequence

from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.overview_facts import (
    OverviewFacts,
    ShareFact,
    SpreadFact,
    StatedFact,
)
from sightline.inspections.overview_parts import QUALIFIED, Ground, count_said, titles_of
from sightline.inspections.overview_shapes import (
    Group,
    OverviewReport,
    Pooled,
    Stated,
    StatedMessage,
    StatedShare,
    StatedSpread,
)
from sightline.inspections.overview_words import coverage
from sightline.kernel.periods import ImpreciseDate

NOT_COUNTED = "not counted here"


def of_its_set(base: Ground, facts: OverviewFacts) -> list[InspectionDocument]:
    """The inspections an overview report is about, of those shown. Others of its programme are
    not: what it states was never about them.
    """
    listed = set(facts.inspections)
    return [document for document in base.documents if document.reference in listed]


def stated_counts(
    base: Ground, facts: OverviewFacts, here: Mapping[str, Pooled]
) -> tuple[Stated, ...]:
    """The counts an overview report states, each beside what is known here of its inspections."""
    return tuple(_count(base, facts, fact, here) for fact in facts.facts)


def reports(
    base: Ground,
    facts: Sequence[OverviewFacts],
    groups: Sequence[Group],
    evidence: Sequence[Pooled],
) -> tuple[OverviewReport, ...]:
    """Everything each overview report states, beside what is known of it here."""
    beside = {(s.overview, s.label): s for kind in evidence for s in kind.stated}
    return tuple(_report(base, overview, groups, beside) for overview in facts)


def _report(
    base: Ground,
    facts: OverviewFacts,
    groups: Sequence[Group],
    beside: Mapping[tuple[str, str], Stated],
) -> OverviewReport:
    group = next((g for g in groups if g.programme == facts.programme), None)
    return OverviewReport(
        code=facts.key,
        title=facts.title,
        programme=facts.programme,
        period=str(ImpreciseDate(facts.period)),
        inspections=facts.inspections,
        stated=tuple(
            beside.get((facts.key, fact.label)) or _count(base, facts, fact, {})
            for fact in facts.facts
        ),
        shares=tuple(_share(base, facts, fact, group) for fact in facts.stated_evaluations),
        messages=tuple(
            StatedMessage(m.text, titles_of(m.sources, base.sources), m.confidence, m.note)
            for m in facts.messages
        ),
        spreads=tuple(_spread(base, fact) for fact in facts.distributions),
    )


def _count(
    base: Ground, facts: OverviewFacts, fact: StatedFact, here: Mapping[str, Pooled]
) -> Stated:
    kind = here.get(fact.pooled or "")
    return Stated(
        overview=facts.key,
        overview_title=facts.title,
        pooled=fact.pooled or "",
        label=fact.label,
        saying=count_said(fact, base.sources),
        also=tuple(count_said(other, base.sources) for other in fact.also),
        known_here=_counted_here(base, facts, kind),
    )


def _counted_here(base: Ground, facts: OverviewFacts, kind: Pooled | None) -> str:
    if kind is None or not kind.expected:
        return NOT_COUNTED
    return f"{kind.total_words}, for {coverage(kind)}{_set_shown(base, facts)}"


def _set_shown(base: Ground, facts: OverviewFacts) -> str:
    """How much of its set is shown, where that is not all of it."""
    shown, listed = len(of_its_set(base, facts)), len(set(facts.inspections))
    return "" if shown == listed else f"; for {shown:,} of {listed:,} of its inspections shown"


def _share(base: Ground, facts: OverviewFacts, fact: ShareFact, group: Group | None) -> StatedShare:
    return StatedShare(
        text=fact.text,
        words=f"{QUALIFIED[fact.qualifier].format(fact.n)} of {fact.base}",
        judgements=fact.judgements,
        known_here=_known_here(base, facts, fact, group),
        sources=titles_of(fact.sources, base.sources),
        confidence=fact.confidence,
        place=fact.place,
        note=fact.note,
    )


def _known_here(base: Ground, facts: OverviewFacts, fact: ShareFact, group: Group | None) -> str:
    listed = {document.reference for document in of_its_set(base, facts)}
    if not listed:
        return NOT_COUNTED
    views = [v for v in group.judgements if v.code in fact.judgements] if group else []
    if not views or len(views) != len(fact.judgements):
        return "not shown here"
    values = [
        count.value
        for view in views
        for count in view.counts
        for named in count.inspections
        if named.reference in listed
    ]
    missing = sum(named.reference in listed for view in views for named in view.unknown)
    if not values:
        return f"not known here{_set_shown(base, facts)}"
    within = sum(fact.lowest <= value <= fact.highest for value in values)
    rest = f"; {missing} not known" if missing else ""
    return f"{within} of {len(values)} known{rest}{_set_shown(base, facts)}"


def _spread(base: Ground, fact: SpreadFact) -> StatedSpread:
    return StatedSpread(
        partnership=fact.partnership,
        name=base.name(fact.partnership),
        published=str(ImpreciseDate(fact.published)),
        indicators=fact.indicators,
        counts=tuple(fact.counts.items()),
        address=fact.address,
        confidence=fact.confidence,
        note=fact.note,
    )
