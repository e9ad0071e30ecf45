"""What overview reports state, made ready to stand beside what is counted here."""

from collections.abc import Mapping, Sequence

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


def stated_counts(
    base: Ground, facts: OverviewFacts, here: Mapping[str, Pooled]
) -> tuple[Stated, ...]:
    """The counts an overview report states, each beside what is known here of its programme."""
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
        shares=tuple(_share(base, fact, group) for fact in facts.stated_evaluations),
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
        known_here=f"{kind.total_words}, for {coverage(kind)}" if kind else "not counted here",
    )


def _share(base: Ground, fact: ShareFact, group: Group | None) -> StatedShare:
    return StatedShare(
        text=fact.text,
        words=f"{QUALIFIED[fact.qualifier].format(fact.n)} of {fact.base}",
        judgements=fact.judgements,
        known_here=_known_here(fact, group),
        sources=titles_of(fact.sources, base.sources),
        confidence=fact.confidence,
        place=fact.place,
        note=fact.note,
    )


def _known_here(fact: ShareFact, group: Group | None) -> str:
    views = [v for v in group.judgements if v.code in fact.judgements] if group else []
    if not views or len(views) != len(fact.judgements):
        return "not shown here"
    known = sum(view.known for view in views)
    expected = sum(view.expected for view in views)
    if not known:
        return "not known here"
    within = sum(
        count.count
        for view in views
        for count in view.counts
        if fact.lowest <= count.value <= fact.highest
    )
    rest = "" if known == expected else f"; {expected - known} not known"
    return f"{within} of {known} known{rest}"


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
