"""The overview as tables: one flat CSV of every evaluation, and a workbook of every part.

`[x]` stands for "not available" and `[z]` for "not applicable"; no cell is left blank.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from sightline.design.spreadsheets import Cell as Value
from sightline.design.spreadsheets import Sheet, to_csv, to_xlsx
from sightline.inspections.overview_shapes import (
    Cell,
    Group,
    JudgementView,
    Named,
    Overview,
    OverviewReport,
    Pooled,
    Row,
    Saying,
    Stated,
)
from sightline.inspections.overview_words import (
    bases_in_words,
    beside_in_words,
    coverage,
    doubtful_in_words,
    missing_in_words,
    n_of_n,
    sum_in_words,
)

NOT_AVAILABLE, NOT_APPLICABLE = "[x]", "[z]"
NOTES = (
    "[x] means not available: the value is not known here. Nothing is assumed about it.",
    "[z] means not applicable: the report was not expected to give the value.",
    "Programmes are not added together, because each looks at different children.",
    "Confidence is high when a regulator, a council or a published report states the value; medium "
    "when the press states it or it was inferred as noted; low when it is approximate or doubtful.",
)
ADDED_UP = (
    "Counts are added up over the inspections where they are known; per cents are not. What an "
    "overview report states is for its own inspections and is not part of the sum."
)
Cells: TypeAlias = tuple[Value, ...]


@dataclass(frozen=True)
class Part:
    """One table of the overview: used for a sheet of the workbook and a table of the document."""

    name: str
    title: str
    header: tuple[str, ...]
    rows: tuple[Cells, ...]
    notes: tuple[str, ...] = ()


EVALUATIONS = (
    "programme",
    "inspection",
    "partnership",
    "kind",
    "published",
    "judgement",
    "title",
    "value",
    "evaluation",
    "scope",
    "sources",
    "confidence",
    "note",
    "other sources say",
)


def csv_of(overview: Overview) -> bytes:
    """One row for each evaluation of each inspection, known or not."""
    return to_csv(EVALUATIONS, list(_evaluations(overview)))


def xlsx_of(overview: Overview, *, title: str, view: str) -> bytes:
    """Every part of the overview, each on its own sheet, with the view it was taken from."""
    sheets = [Sheet(p.name, p.title, p.header, p.rows, p.notes) for p in parts(overview)]
    return to_xlsx(sheets, title=title, notes=(view, *overview.summary, *NOTES))


def parts(overview: Overview) -> tuple[Part, ...]:
    """Every table of the overview that has rows, in the order of the page."""
    found = (
        _flat(overview),
        distribution(overview.groups),
        pooled(overview.evidence),
        evidence_by_inspection(overview.evidence),
        conflicts(overview),
        changes(overview),
        unknown(overview),
        stated(overview),
    )
    return tuple(part for part in found if part.rows)


def _flat(overview: Overview) -> Part:
    rows = tuple(_evaluations(overview))
    return Part("Evaluations", "Evaluations of each inspection", EVALUATIONS, rows)


def _evaluations(overview: Overview) -> Iterator[Cells]:
    for group in overview.groups:
        for row in (*group.rows, *group.without):
            for view, cell in zip(group.judgements, row.cells, strict=True):
                yield _evaluation(group, row, view, cell)


def _evaluation(group: Group, row: Row, view: JudgementView, cell: Cell | None) -> Cells:
    first = (group.short, row.named.reference, row.named.name, row.kind, row.published)
    if cell is None:
        return (*first, view.code, view.title, *[NOT_APPLICABLE] * 7)
    said = cell.saying
    return (
        *first,
        view.code,
        view.title,
        said.value if said else NOT_AVAILABLE,
        said.words if said else "not known",
        cell.scope or NOT_APPLICABLE,
        "; ".join(said.sources) if said else NOT_AVAILABLE,
        said.confidence if said else NOT_AVAILABLE,
        " ".join(filter(None, (cell.note, said.note if said else ""))) or NOT_APPLICABLE,
        "; ".join(_said(other) for other in cell.also) or NOT_APPLICABLE,
    )


def _said(saying: Saying) -> str:
    return f"{saying.words} ({', '.join(saying.sources)}; {saying.confidence} confidence)"


def _labels(inspections: Sequence[Named]) -> str:
    return ", ".join(named.label for named in inspections) or "none"


def matrix(group: Group) -> Part:
    """One row per inspection, one column per judgement of one programme."""
    header = ("Inspection", "Published", *(view.code for view in group.judgements))
    rows = tuple(
        (row.named.label, row.published, *(_short(cell) for cell in row.cells))
        for row in group.rows
    )
    titles = "; ".join(f"{view.code} is {view.title}" for view in group.judgements)
    note = () if not titles else (f"{titles}.",)
    return Part("Matrix", f"{group.short}: evaluations by inspection", header, rows, note)


def _short(cell: Cell | None) -> str:
    if cell is None:
        return "not applicable"
    if cell.saying is None:
        return "not known"
    return f"{cell.word} ({cell.value})" + (" – sources differ" if cell.disputed else "")


def distribution(groups: Sequence[Group]) -> Part:
    """How many inspections have each word of the scale, judgement by judgement."""
    words: list[str] = []
    for group in groups:
        for view in group.judgements:
            words += [count.word for count in view.counts if count.word not in words]
    ends = ("Known", "Not known", "Good or better", "Highest", "Lowest")
    header = ("Programme", "Judgement", "Title", *words, *ends)
    rows = tuple(_spread(group, view, words) for group in groups for view in group.judgements)
    return Part("Distribution", "How the evaluations are spread", header, rows)


def _spread(group: Group, view: JudgementView, words: Sequence[str]) -> Cells:
    counts = {count.word: count.count for count in view.counts}
    ends = tuple(
        f"{end.word}: {_labels(end.inspections)}" if end else NOT_AVAILABLE
        for end in (view.highest, view.lowest)
    )
    return (
        group.short,
        view.code,
        view.title,
        *(counts.get(word, NOT_APPLICABLE) for word in words),
        view.known,
        len(view.unknown),
        n_of_n(view.good_or_better),
        *ends,
    )


def pooled(evidence: Sequence[Pooled]) -> Part:
    """Evidence kind by kind: the sum of what is known, for how many, and what is missing."""
    last = ("Not known for", "Of low confidence", "Overview report states")
    header = ("Evidence", "Known here", "Known for", *last)
    rows = tuple(
        (
            kind.label,
            sum_in_words(kind) if kind.known else NOT_AVAILABLE,
            f"{len(kind.known):,} of {kind.expected:,}",
            _labels(kind.missing),
            ", ".join(f"{c.saying.words} ({c.named.label})" for c in kind.doubtful) or "none",
            "; ".join(_beside(kind, s, s.overview_title) for s in kind.stated) or "not stated",
        )
        for kind in evidence
    )
    return Part("Evidence", "How much evidence was gathered", header, rows, (ADDED_UP,))


def _beside(kind: Pooled, stated: Stated, title: str = "") -> str:
    more = "; ".join(filter(None, (title, beside_in_words(kind, stated))))
    return f"{stated.saying.words} ({more})" if more else stated.saying.words


def evidence_by_inspection(evidence: Sequence[Pooled]) -> Part:
    """Each count that is known, with its source."""
    header = ("Evidence", "Inspection", "Count", "As given", "Sources", "Confidence", "Note")
    rows = tuple(
        (
            kind.label,
            c.named.reference,
            c.saying.value if c.saying.value is not None else NOT_AVAILABLE,
            c.saying.words,
            "; ".join(c.saying.sources),
            c.saying.confidence,
            " ".join(filter(None, (c.saying.note, c.partial))) or NOT_APPLICABLE,
        )
        for kind in evidence
        for c in kind.known
    )
    return Part("Evidence by inspection", "Each count that is known", header, rows)


def conflicts(overview: Overview) -> Part:
    """Values whose sources differ: one row per thing said."""
    header = ("Inspection or report", "Value", "In use", "Says", "Sources", "Confidence", "Note")
    rows = tuple(
        (
            conflict.named.label,
            conflict.what,
            "in use" if saying is conflict.in_use else "also said",
            saying.words,
            "; ".join(saying.sources),
            saying.confidence,
            saying.note or NOT_APPLICABLE,
        )
        for conflict in overview.conflicts
        for saying in (conflict.in_use, *conflict.others)
    )
    return Part("Conflicts", "Values whose sources differ", header, rows)


def evidence_in_short(evidence: Sequence[Pooled], groups: Sequence[Group] = ()) -> Part:
    """Evidence for a page of paper: the sum, whom it is known for, what a report states."""
    header = ("Evidence", "Known here", "Known for", "Overview report states")
    rows = tuple(
        (
            kind.label,
            sum_in_words(kind),
            coverage(kind),
            "; ".join(_beside(kind, stated) for stated in kind.stated) or "not stated",
        )
        for kind in evidence
    )
    notes = (
        ADDED_UP,
        *bases_in_words(groups),
        *doubtful_in_words(evidence),
        *missing_in_words(evidence),
    )
    return Part("Evidence", "How much evidence was gathered", header, rows, notes)


def conflicts_side_by_side(overview: Overview) -> Part:
    """One row for each value whose sources differ."""
    header = ("Value", "In use", "Also said")
    rows = tuple(
        (
            f"{conflict.named.label}: {conflict.what}",
            in_full(conflict.in_use),
            " Or ".join(in_full(other) for other in conflict.others),
        )
        for conflict in overview.conflicts
    )
    return Part("Conflicts", "Values whose sources differ", header, rows)


def in_full(saying: Saying) -> str:
    """What a source says, with source, confidence and note."""
    note = f" {saying.note}" if saying.note else ""
    return f"{saying.words}. {'; '.join(saying.sources)}; {saying.confidence} confidence.{note}"


def changes(overview: Overview) -> Part:
    """Evaluations beside an earlier one they can be compared with."""
    header = (
        "Partnership",
        "Judgement",
        "Earlier, published",
        "Earlier evaluation",
        "Later, published",
        "Later evaluation",
        "Note",
    )
    rows = tuple(
        (
            change.name,
            f"{change.judgement} {change.title}",
            change.earlier_published,
            f"{change.earlier_word} ({change.earlier_value})",
            change.later_published,
            f"{change.later_word} ({change.later_value})",
            change.note or NOT_APPLICABLE,
        )
        for change in overview.changes
    )
    notes = tuple(f"{n.name} was inspected more than once: {n.why}" for n in overview.not_compared)
    return Part("Change", "Change where two evaluations can be compared", header, rows, notes)


def unknown(overview: Overview) -> Part:
    """What is not known, with the inspections it is not known for."""
    header = ("Value", "Not known for", "Of", "Inspections")
    rows = tuple(
        (item.what, len(item.inspections), item.expected, _labels(item.inspections))
        for item in overview.unknown
    )
    return Part("Not known", "What is not known", header, rows)


def stated(overview: Overview) -> Part:
    """What overview reports state, all of them in one table."""
    header = ("Overview report", "What", "States", "Known here", "Sources", "Confidence", "Note")
    rows = tuple(
        (report.title, *row)
        for report in overview.reports
        for row in (*_stated_counts(report), *_stated_shares(report))
    )
    return Part("Overview reports", "What overview reports state", header, rows)


def _stated_counts(report: OverviewReport) -> Iterator[tuple[str, ...]]:
    for fact in report.stated:
        for saying in (fact.saying, *fact.also):
            yield (
                fact.label,
                saying.words,
                fact.known_here or NOT_APPLICABLE,
                "; ".join(saying.sources),
                saying.confidence,
                saying.note or NOT_APPLICABLE,
            )


def _stated_shares(report: OverviewReport) -> Iterator[tuple[str, ...]]:
    for share in report.shares:
        yield (
            share.text,
            share.words,
            share.known_here,
            "; ".join(share.sources),
            share.confidence,
            share.note or NOT_APPLICABLE,
        )


def of_report(report: OverviewReport) -> Iterator[Part]:
    """The tables of one overview report: counts, evaluations, areas."""
    header = ("What", "States", "Known here", "Confidence")
    if report.stated:
        rows = tuple((row[0], row[1], row[2], row[4]) for row in _stated_counts(report))
        yield Part("Counts", f"Numbers stated, {report.period}", header, rows)
    if report.shares:
        rows = tuple((row[0], row[1], row[2], row[4]) for row in _stated_shares(report))
        yield Part("Evaluations", f"Evaluations stated, {report.period}", header, rows)
    if report.spreads:
        yield _spreads(report)


def _spreads(report: OverviewReport) -> Part:
    words = list(dict.fromkeys(word for spread in report.spreads for word, _ in spread.counts))
    rows: tuple[Cells, ...] = tuple(
        (
            spread.name,
            spread.published,
            *(dict(spread.counts).get(word, 0) for word in words),
            spread.indicators,
            spread.note or NOT_APPLICABLE,
        )
        for spread in report.spreads
    )
    header = ("Area", "Published", *(w.capitalize() for w in words), "Indicators", "Note")
    title = f"How many indicators were evaluated with each word, {report.period}"
    return Part("Areas", title, header, rows)
