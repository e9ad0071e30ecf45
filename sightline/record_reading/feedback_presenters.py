"""The feedback sheet as pages and files show it: its words in order, the whole as a document."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils import timezone

from sightline.design.documents import Bullets, Document, Facts, Heading, Note, Paragraph, Table
from sightline.record_reading.feedback import Sheet
from sightline.record_reading.feedback_counts import FlaggedText
from sightline.record_reading.feedback_permissions import FIELDS
from sightline.record_reading.reading_answers import FLAG_LABELS

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "strengths": (
        "What was strong",
        "A line for each. Write no names, and nothing from which a child or a worker could be "
        "known.",
    ),
    "improvements": (
        "What could be better",
        "A line for each. Write no names, and nothing from which a child or a worker could be "
        "known.",
    ),
    "themes": (
        "Themes from what readers flagged",
        "In your own words, about several records together. Never one child's story, and no names.",
    ),
}
"""The title and the hint of each text of a sheet."""

CAVEAT: Final = (
    "This is what readers found in a sample of records. It is no assurance about the service that "
    "every child receives, and no evaluation. It names nobody, and tells no number of records that "
    "is so small that a child could be known by it."
)


COUNTING: Final = "The readings are being counted. Open this page again in a moment."
DELETED: Final = (
    "What was read is deleted, and nothing was kept of how much was read and what was flagged."
)


@dataclass(frozen=True)
class Text:
    """A text of a sheet: its paragraphs, and whether somebody may write it."""

    field: str
    title: str
    lines: tuple[str, ...]
    writes: bool


def texts(sheet: Sheet, *, writes: bool) -> list[Text]:
    """The texts of a sheet that are written, and for whoever writes them the empty ones too."""
    found = []
    for field in FIELDS:
        lines = tuple(line.strip() for line in sheet.words[field].splitlines() if line.strip())
        if lines or writes:
            found.append(Text(field, TEXTS[field][0], lines, writes))
    return found


def flags(found: Iterable[FlaggedText]) -> list[tuple[str, list[FlaggedText]]]:
    """What readers flagged, kind by kind, in the order a reader is asked for them."""
    by_flag: dict[str, list[FlaggedText]] = {}
    for one in found:
        by_flag.setdefault(one.flag, []).append(one)
    return [(title, by_flag[flag]) for flag, title in FLAG_LABELS.items() if flag in by_flag]


def document(sheet: Sheet, area: str) -> Document:
    """The sheet as a document: the same words and figures as its page."""
    round, today = sheet.round, timezone.localdate()
    blocks: list[Any] = [Note(CAVEAT)]
    for text in texts(sheet, writes=False):
        blocks += [Heading(1, text.title), Bullets(text.lines)]
    blocks += [Heading(1, "What was read"), *_read(sheet)]
    if sheet.counts and sheet.counts.flagged:
        blocks.append(Heading(1, "What readers flagged"))
    blocks += [
        Table(
            one.title,
            ("Section", "Records"),
            tuple((line.label, line.number) for line in one.sections),
        )
        for one in (sheet.counts.flagged if sheet.counts else ())
    ]
    if sheet.figures:
        blocks.append(Heading(1, "Figures"))
    for section in sheet.figures:
        rows = tuple(
            (line.item, f"{line.label}: {line.counted}", line.term or "-", line.base_words)
            for line in section.lines
        )
        blocks.append(Table(section.title, ("About", "Records", "In words", "Of which"), rows))
    return Document(
        title="Feedback on the reading of records", subtitle=f"{round.title}, {area}",
        date=f"{today.day} {today:%B %Y}", blocks=tuple(blocks),
    )  # fmt: skip


def _read(sheet: Sheet) -> list[Any]:
    counts = sheet.counts
    if counts is None:
        return [Paragraph(COUNTING if sheet.waits else DELETED)]
    pairs: list[tuple[str, str]] = [
        ("Records read", f"{counts.read:,} of {sheet.drawn:,} drawn"),
        ("Children in scope", f"{sheet.held:,}"),
        ("Read by two readers", f"{counts.twice:,}"),
        ("Readers", counts.pairs or "-"),
    ]
    made: list[Any] = [Facts(tuple(pairs))]
    if counts.strata:
        rows = tuple(
            (one.label, f"{one.held:,}", f"{one.drawn:,}", f"{one.read:,}") for one in counts.strata
        )
        made.append(Table("By stratum", ("Stratum", "In scope", "To be read", "Read"), rows))
    if counts.agencies is None:
        made.append(Paragraph("Whose records were seen is not told: it would tell of a few."))
    elif counts.agencies:
        seen = tuple((one.label, one.number) for one in counts.agencies)
        made.append(Table("Whose records were seen", ("Agency", "Records"), seen))
    else:
        made.append(Paragraph("Whose records were seen was not asked."))
    return made
