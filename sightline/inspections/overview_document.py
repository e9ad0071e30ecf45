"""The overview as a document: the same parts as the page, for PDF and Word."""

from collections.abc import Iterator

from sightline.design.documents import (
    Block,
    Bullets,
    Contents,
    Document,
    Figure,
    Heading,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Table,
)
from sightline.framework.definitions import Library
from sightline.inspections import overview_tables as tables
from sightline.inspections.overview_charts import good_or_better, spread
from sightline.inspections.overview_parts import number, plural, series
from sightline.inspections.overview_shapes import (
    Group,
    JudgementView,
    Overview,
    OverviewReport,
    WordCount,
)
from sightline.inspections.overview_words import changes_in_words, n_of_n, together_in_words

TITLE = "Overview of published joint inspections"
LONGEST_TABLE = 60
"""Rows of one table on paper; a longer one ends with a line that says where the rest is."""
NOTES = (
    "Evaluations are on the six-point scale. An evaluation that is not known is left out of the "
    "base and named; it is not a zero.",
    "Programmes are not added together, because each judges services for other children.",
    "What an overview report states is shown beside what is counted here and is not part of it.",
    *tables.NOTES[-1:],
)


def overview_document(overview: Overview, library: Library, *, view: str, date: str) -> Document:
    """The overview as a document. `view` says what was chosen; `date` when it was made."""
    blocks: list[Block] = [Paragraph((Run("Shown here: ", bold=True), Run(view)))]
    blocks.append(Bullets(overview.summary))
    blocks.append(Contents())
    for group in overview.groups:
        blocks += _group(group)
    blocks += _evidence(overview)
    blocks += _conflicts(overview)
    blocks += _changes(overview)
    blocks += _unknown(overview)
    for report in overview.reports:
        blocks += _report(report)
    blocks += _reading(overview, library)
    return Document(
        title=TITLE,
        subtitle=series(group.short for group in overview.groups),
        status="Made from Sightline's structured records; not a published report",
        version=f"{plural(len(overview.inspections), 'report')} shown",
        date=date,
        contact="Whoever runs this copy of Sightline",
        classification="Public: holds published facts only",
        blocks=tuple(blocks),
    )


def _table(part: tables.Part, *, caption: str = "") -> Table:
    shown = part.rows[:LONGEST_TABLE]
    notes = part.notes
    if len(part.rows) > len(shown):
        rest = len(part.rows) - len(shown)
        notes = (*notes, f"{rest:,} more rows are in the spreadsheet of the same view.")
    rows = tuple(tuple(_cell(cell) for cell in row) for row in shown)
    return Table(caption or part.title, part.header, rows, notes)


def _cell(cell: object) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _group(group: Group) -> Iterator[Block]:
    yield Heading(1, f"{group.title} ({group.short})")
    yield Paragraph(f"Looks at: {group.population}.")
    if group.together and group.together.good_or_better.base:
        yield Paragraph(
            f"{together_in_words(group.together)} ({group.together.reason}; "
            f"{group.together.good_or_better.base_words})."
        )
    if group.rows:
        yield Heading(2, f"Evaluations by inspection, {group.short}")
        yield _table(tables.matrix(group))
    if group.without:
        names = series(row.named.label for row in group.without)
        yield Paragraph(f"Reports that give no evaluation: {names}.")
    charts = [chart for chart in (spread(group), good_or_better(group)) if chart]
    if charts:
        yield Heading(2, f"How the evaluations are spread, {group.short}")
        yield Bullets(tuple(judgement_in_words(view) for view in group.judgements))
    for chart in charts:
        yield Figure(chart)


def judgement_in_words(view: JudgementView) -> str:
    """One judgement in a sentence: how many, highest and lowest, and for whom it is not known."""
    if not view.known:
        return f"{view.code} {view.title}: not known for any inspection shown."
    sentence = f"{view.code} {view.title}: {n_of_n(view.good_or_better)} known are good or better"
    if view.quantity != n_of_n(view.good_or_better):
        sentence += f" ({view.quantity})"
    ends = [end for end in (view.highest, view.lowest) if end]
    if view.known == 1:
        sentence += f", {_end(ends[0])}"
    elif ends[0] == ends[-1]:
        sentence += f"; all are {ends[0].word}"
    else:
        sentence += f"; highest {_end(ends[0])}, lowest {_end(ends[-1])}"
    if view.unknown:
        sentence += f"; not known for {_names([named.label for named in view.unknown])}"
    return f"{sentence}."


def _end(end: WordCount) -> str:
    return f"{end.word} ({_names([named.label for named in end.inspections])})"


def _names(labels: list[str], most: int = 8) -> str:
    """Names, or how many when there are more than a sentence can hold."""
    return series(labels) if len(labels) <= most else f"{len(labels):,} inspections"


def _evidence(overview: Overview) -> Iterator[Block]:
    counted = [kind for kind in overview.evidence if kind.known or kind.stated]
    yield Heading(1, "How much evidence was gathered")
    if counted:
        yield _table(tables.evidence_in_short(counted, overview.groups))
    else:
        yield Paragraph("No count of evidence is known for the inspections shown.")
    unknown = [kind.label for kind in overview.evidence if not kind.known]
    if counted and unknown:
        yield Note(f"Known for none of the inspections shown: {series(unknown)}.")


def _conflicts(overview: Overview) -> Iterator[Block]:
    yield Heading(1, "Where sources differ")
    if overview.conflicts:
        yield _table(tables.conflicts_side_by_side(overview))
        yield Note("The value in use is only in use. Which source is right has not been decided.")
    else:
        yield Paragraph("No two sources differ about a value of the inspections shown.")


def _changes(overview: Overview) -> Iterator[Block]:
    if not overview.changes and not overview.not_compared:
        return
    yield Heading(1, "Partnerships inspected more than once")
    if overview.changes:
        yield Paragraph(changes_in_words(overview.changes))
        yield _table(tables.changes(overview))
    else:
        yield Bullets(
            tuple(
                f"{item.name} ({number(len(item.inspections))} reports): {item.why}"
                for item in overview.not_compared
            )
        )


def _unknown(overview: Overview) -> Iterator[Block]:
    yield Heading(1, "What is not known")
    if overview.unknown:
        yield _table(tables.unknown(overview))
    else:
        yield Paragraph("Every evaluation and date of the inspections shown is known.")


def _report(report: OverviewReport) -> Iterator[Block]:
    yield PageBreak()
    yield Heading(1, f"What an overview report states: {report.title}")
    yield Paragraph(
        f"Covers {report.period}. What the report states is not counted by Sightline; what is "
        "known here of the same thing stands beside it."
    )
    for part in tables.of_report(report):
        yield _table(part)
    if report.messages:
        yield Heading(2, "What it found, in our words")
        yield Bullets(tuple(message.text for message in report.messages))


def _reading(overview: Overview, library: Library) -> Iterator[Block]:
    yield Heading(1, "How to read this")
    yield Bullets(NOTES)
    keys = dict.fromkeys(library.programmes.get(g.programme).scale for g in overview.groups)
    for key in keys:
        scale = library.scales.get(key)
        rows = tuple((f"{p.value} {p.word}", p.descriptor) for p in scale.points)
        yield Table(scale.title, ("Evaluation", "Descriptor"), rows)
