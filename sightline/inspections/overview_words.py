"""The overview in sentences, shown first: what is known, out of what, and what is not."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from sightline.inspections.overview_parts import KIND_WORDS, number, plural, series
from sightline.inspections.overview_shapes import (
    Change,
    Group,
    Overview,
    Pooled,
    Stated,
    Together,
)
from sightline.kernel.measures import Measure

BAND = "good or better"
FEW = 3


def summarise(overview: Overview) -> Overview:
    """The overview with its sentences."""
    sentences: list[str] = []
    for group in overview.groups:
        sentences += _of_group(group)
    sentences += _of_evidence(overview.evidence)
    if overview.conflicts:
        count = len(overview.conflicts)
        verb = "has" if count == 1 else "have"
        sentences.append(
            f"{plural(count, 'value')} {verb} sources that differ; "
            "all are shown, and none is chosen for you."
        )
    if overview.changes:
        sentences.append(changes_in_words(overview.changes))
    if not overview.inspections:
        sentences.append("No inspection matches what was chosen.")
    return replace(overview, summary=tuple(s[:1].upper() + s[1:] for s in sentences))


def n_of_n(measure: Measure) -> str:
    """ "13 of 16", or "not known"."""
    return "not known" if measure.value is None else f"{measure.value:,} of {measure.base:,}"


def _of_group(group: Group) -> list[str]:
    total = len(group.rows)
    if not total:
        return [f"No report shown of {group.short} gives an evaluation."]
    where = f"in {plural(total, 'inspection')} of {group.short}"
    sentences = []
    if group.together and group.together.good_or_better.base:
        sentences.append(f"{together_in_words(group.together, titles(group))}, {where}.")
    elif len(group.judgements) == 1 and group.judgements[0].known:
        view = group.judgements[0]
        sentences.append(
            f"{titles(group)[view.code]} was {BAND} in {n_of_n(view.good_or_better)} inspections "
            f"of {group.short} whose evaluation is known."
        )
    elif not any(view.known for view in group.judgements):
        return [f"No evaluation is known {where}."]
    incomplete = [view for view in group.judgements if view.unknown]
    if incomplete:
        parts = [f"{v.code} for {v.known:,} of {v.expected:,}" for v in incomplete]
        sentences.append(f"Known for only some inspections of {group.short}: {series(parts)}.")
    return sentences


def titles(group: Group) -> dict[str, str]:
    """Each judgement by code as a sentence names it: "impact on families (2.2)"."""
    return {v.code: f"{v.title[:1].lower()}{v.title[1:]} ({v.code})" for v in group.judgements}


def together_in_words(together: Together, named: Mapping[str, str] | None = None) -> str:
    """ "13 of 16 evaluations of 2.1 and 2.2 were good or better"; `named` gives more than codes."""
    codes = series((named or {}).get(code, code) for code in together.judgements)
    return f"{n_of_n(together.good_or_better)} evaluations of {codes} were {BAND}"


def _of_evidence(evidence: tuple[Pooled, ...]) -> list[str]:
    sentences = []
    for pooled in evidence:
        for stated in pooled.stated:
            sentences.append(
                f"{pooled.label}: “{stated.overview_title}” states {stated.saying.words}; "
                f"known here of its inspections: {stated.known_here}."
            )
    return sentences[:FEW]


def changes_in_words(changes: tuple[Change, ...]) -> str:
    """How many comparable evaluations rose, fell and stayed."""
    rose = sum(change.difference > 0 for change in changes)
    fell = sum(change.difference < 0 for change in changes)
    stayed = len(changes) - rose - fell
    partnerships = len({change.partnership for change in changes})
    where = "one partnership" if partnerships == 1 else f"{number(partnerships)} partnerships"
    return (
        f"Of {plural(len(changes), 'evaluation')} that can be compared with an earlier one, in "
        f"{where} inspected more than once, {rose:,} rose, {fell:,} fell and {stayed:,} stayed."
    )


def coverage(pooled: Pooled) -> str:
    """For how many inspections a count is known, naming the few it is, or is not, known for."""
    known, total = len(pooled.known), pooled.expected
    if not total:
        return "not counted in full inspections shown"
    if known == total:
        return f"all {total:,}"
    said = f"{known:,} of {total:,}"
    if 0 < known <= FEW:
        return f"{said} ({series(item.named.label for item in pooled.known)})"
    if len(pooled.missing) <= FEW:
        return f"{said} (not {series(named.label for named in pooled.missing)})"
    return said


def sum_in_words(pooled: Pooled) -> str:
    """What is known of a kind of evidence; of per cents the range, which is no sum."""
    if not pooled.known:
        return "not known"
    return f"{pooled.total_words}, not added up" if pooled.per_cent else pooled.total_words


def beside_in_words(pooled: Pooled, stated: Stated) -> str:
    """What is known of a report's own inspections, where the row itself is not just that."""
    same = stated.known_here == f"{pooled.total_words}, for {coverage(pooled)}"
    return "" if same else f"known here of its inspections: {stated.known_here}"


def bases_in_words(groups: Iterable[Group]) -> tuple[str, ...]:
    """Why evaluations and evidence may be out of different numbers of inspections, if they may."""
    kinds = {row.kind for group in groups for row in group.rows} - {KIND_WORDS["full"]}
    if not kinds:
        return ()
    which = series(f"{kind.lower()}s" for kind in sorted(kinds))
    return (
        f"Among evaluations, {which} are counted for what they evaluate; among evidence they are "
        "counted only where they give the count, so the two may be out of different numbers.",
    )


def missing_in_words(evidence: Iterable[Pooled], *, most: int = 1000) -> tuple[str, ...]:
    """Which inspections each count is missing for; counts missing for the same ones together.

    Of more than `most` inspections the first are named, with where the others are.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for pooled in evidence:
        if pooled.missing and pooled.known:
            names = tuple(named.label for named in pooled.missing)
            alike.setdefault(names, []).append(pooled.label)
    return tuple(
        f"Not known for {_first(names, most)}: {'; '.join(labels)}."
        for names, labels in alike.items()
    )


def _first(names: Sequence[str], most: int) -> str:
    if len(names) <= most:
        return series(names)
    rest = len(names) - most
    return f"{', '.join(names[:most])} and {rest:,} more, all named in the workbook of this view"


def doubtful_in_words(evidence: Iterable[Pooled]) -> tuple[str, ...]:
    """Which counts in a sum are of low confidence, and the sum without them."""
    found = []
    for pooled in evidence:
        if pooled.doubtful and pooled.total.value is not None:
            doubtful = sum(int(item.saying.value or 0) for item in pooled.doubtful)
            who = series(f"{i.saying.words} for {i.named.label}" for i in pooled.doubtful)
            found.append(
                f"{pooled.label}: the sum holds {who}, of low confidence; without it, "
                f"{int(pooled.total.value) - doubtful:,}."
            )
    return tuple(found)
