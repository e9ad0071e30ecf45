"""How much evidence was gathered, kind by kind, across inspections.

Counts are summed over the inspections for which they are known; the others are named. What an
overview report states for its own inspections stands beside the sum and is never part of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sightline.framework.definitions import Channel, Programme
from sightline.inspections.definitions import EvidenceCount, InspectionDocument
from sightline.inspections.overview_facts import OverviewFacts
from sightline.inspections.overview_parts import QUALIFIED, Ground, count_said, differs, titles_of
from sightline.inspections.overview_shapes import Contribution, Named, Pooled, Saying, Stated
from sightline.inspections.overview_stated import of_its_set, stated_counts
from sightline.kernel.measures import Measure, State, Unit

SOURCE = "inspections held in Sightline"


@dataclass
class _Pool:
    """One kind of evidence while it is being gathered."""

    channel: Channel
    known: list[Contribution] = field(default_factory=list)
    missing: list[Named] = field(default_factory=list)
    qualifiers: set[str] = field(default_factory=set)


def pool_evidence(base: Ground, facts: Sequence[OverviewFacts]) -> tuple[Pooled, ...]:
    """Every pooled channel of the programmes shown, in the order the programmes list them."""
    stated: dict[str, list[Stated]] = {}
    for overview in facts:
        if any(document.programme == overview.programme for document in base.documents):
            own = of_its_set(base, overview)
            here = {name: _pooled(name, pool, ()) for name, pool in _gather(base, own).items()}
            for fact in stated_counts(base, overview, here):
                if fact.pooled:
                    stated.setdefault(fact.pooled, []).append(fact)
    pools = _gather(base, base.documents)
    found = (_pooled(name, pool, stated.get(name, ())) for name, pool in pools.items())
    return tuple(pooled for pooled in found if pooled.expected or pooled.stated or pooled.known)


def _gather(base: Ground, documents: Sequence[InspectionDocument]) -> dict[str, _Pool]:
    """What these inspections have of each pooled channel of their programmes."""
    pools: dict[str, _Pool] = {}
    for programme in _programmes(base, documents):
        for channel in programme.channels:
            pools.setdefault(channel.pooled, _Pool(channel))
    for document in documents:
        programme = base.programme(document)
        for pooled in dict.fromkeys(channel.pooled for channel in programme.channels):
            _add(base, pools[pooled], document, programme)
    return pools


def _programmes(base: Ground, documents: Sequence[InspectionDocument]) -> list[Programme]:
    keys = {document.programme for document in documents}
    return sorted((base.library.programmes.get(key) for key in keys), key=lambda p: p.short)


def _add(base: Ground, pool: _Pool, document: InspectionDocument, programme: Programme) -> None:
    channels = {c.code: c for c in programme.channels if c.pooled == pool.channel.pooled}
    counts = [count for count in document.evidence if count.channel in channels]
    if not counts:
        if document.kind == "full":
            pool.missing.append(base.of(document))
        return
    absent = [c.label for code, c in channels.items() if code not in {n.channel for n in counts}]
    pool.qualifiers |= {count.qualifier for count in counts} | ({"at least"} if absent else set())
    pool.known.append(
        Contribution(
            named=base.of(document),
            saying=_together(base, counts, per_cent=pool.channel.per_cent),
            disputed=any(_disputed(count) for count in counts),
            partial=f"without {', '.join(absent)}" if absent else "",
        )
    )


def _disputed(count: EvidenceCount) -> bool:
    return any(differs(other, count) for other in count.also)


def _together(base: Ground, counts: Sequence[EvidenceCount], *, per_cent: bool) -> Saying:
    """One count as it stands; several of one inspection added up."""
    if len(counts) == 1:
        return count_said(counts[0], base.sources, per_cent=per_cent)
    total = sum(count.count for count in counts)
    order = ("high", "medium", "low")
    return Saying(
        words=_qualified(total, {count.qualifier for count in counts}),
        value=total,
        sources=titles_of(dict.fromkeys(k for c in counts for k in c.sources), base.sources),
        confidence=max((count.confidence for count in counts), key=order.index),
        note=" ".join(count.note for count in counts if count.note),
    )


def _qualified(total: int, qualifiers: set[str]) -> str:
    """The sum with the weakest claim its parts allow.

    "over" beside exact parts stays "over", and with "at least" makes "at least"; "almost" parts
    alone stay "almost"; "about", or parts that lean both ways, make "about".
    """
    marks = qualifiers - {"exactly"}
    if not marks:
        return QUALIFIED["exactly"].format(f"{total:,}")
    if len(marks) == 1:
        (mark,) = marks
    else:
        mark = "at least" if marks <= {"over", "at least"} else "about"
    return QUALIFIED[mark].format(f"{total:,}")


def _pooled(name: str, pool: _Pool, stated: Sequence[Stated]) -> Pooled:
    known = tuple(pool.known)
    per_cent = pool.channel.per_cent
    total = None if per_cent or not known else sum(int(c.saying.value or 0) for c in known)
    if total is None:
        state = State.NOT_APPLICABLE if per_cent and known else State.NOT_AVAILABLE
    else:
        state = State.OBSERVED if total else State.TRUE_ZERO
    return Pooled(
        channel=name,
        label=pool.channel.label,
        unit=pool.channel.unit,
        per_cent=per_cent,
        total=Measure(
            value=total,
            unit=Unit.COUNT,
            counted=f"{pool.channel.label}, added up over the inspections where it is known",
            definition=name,
            source=SOURCE,
            state=state,
        ),
        total_words=_total_words(pool, total),
        expected=len(known) + len(pool.missing),
        known=known,
        missing=tuple(pool.missing),
        doubtful=tuple(c for c in known if c.saying.confidence == "low"),
        stated=tuple(stated),
    )


def _total_words(pool: _Pool, total: int | None) -> str:
    if len(pool.known) == 1:
        return pool.known[0].saying.words
    if total is not None:
        return _qualified(total, pool.qualifiers)
    if not pool.known:
        return "not known"
    values = [int(c.saying.value or 0) for c in pool.known]
    low, high = min(values), max(values)
    return f"{low}%" if low == high else f"{low}% to {high}%"
