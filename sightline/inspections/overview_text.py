"""The overview as text for a terminal, in the order of the page."""

from collections.abc import Iterator, Sequence

from sightline.design.console import columns
from sightline.inspections import overview_tables as tables
from sightline.inspections.overview_document import judgement_in_words
from sightline.inspections.overview_shown import Shown
from sightline.inspections.overview_words import changes_in_words

LONGEST = 60
WIDEST = 62


def text_of(shown: Shown) -> str:
    """Sentences first, then each table; a cell too wide for a terminal is cut with "…"."""
    return "\n".join(_lines(shown)).rstrip()


def _lines(shown: Shown) -> Iterator[str]:
    overview = shown.overview
    yield from overview.summary
    yield ""
    yield f"Shown: {shown.view}"
    if shown.undated:
        yield f"Left out, publication not known: {', '.join(shown.undated)}."
    if shown.invented:
        yield f"Not counted, invented: {', '.join(shown.invented)}."
    for group in overview.groups:
        yield from _headed(f"{group.title} ({group.short})")
        if group.rows:
            yield from _table(tables.matrix(group))
            yield ""
        yield from (judgement_in_words(view) for view in group.judgements)
    yield from _evidence(shown)
    title = {"Overview report"} if len(overview.reports) == 1 else set()
    for heading, part, left_out in (
        ("Where sources differ", tables.conflicts(overview), {"Note"}),
        ("What is not known", tables.unknown(overview), set()),
        ("What overview reports state", tables.stated(overview), {"Sources", "Note", *title}),
    ):
        if part.rows:
            yield from _headed(heading)
            yield from _table(_without(part, left_out))
    if overview.changes:
        yield from _headed("Partnerships inspected more than once")
        yield changes_in_words(overview.changes)
        yield from _table(_without(tables.changes(overview), {"Note"}))


def _evidence(shown: Shown) -> Iterator[str]:
    counted = [kind for kind in shown.overview.evidence if kind.known or kind.stated]
    if counted:
        yield from _headed("How much evidence was gathered")
        part = tables.evidence_in_short(counted, shown.overview.groups)
        yield from _table(part)
        yield ""
        yield from part.notes


def _headed(title: str) -> tuple[str, str, str]:
    return ("", title, "=" * len(title))


def _without(part: tables.Part, left_out: set[str]) -> tables.Part:
    kept = [at for at, name in enumerate(part.header) if name not in left_out]
    return tables.Part(
        part.name,
        part.title,
        tuple(part.header[at] for at in kept),
        tuple(tuple(row[at] for at in kept) for row in part.rows),
    )


def _table(part: tables.Part) -> Iterator[str]:
    yield columns(part.header, [_cut(row) for row in part.rows[:LONGEST]])
    if len(part.rows) > LONGEST:
        yield f"… and {len(part.rows) - LONGEST:,} more; `--format csv` or `xlsx` gives every row."


def _cut(row: Sequence[object]) -> list[str]:
    return [text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…" for text in map(str, row)]
