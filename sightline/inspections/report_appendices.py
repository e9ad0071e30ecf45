"""The sections that every report of a programme shares, and the page about the record itself.

Framework, scale, terms of quantity, glossary; then what is not known and where sources differ.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sightline.design.documents import Block, Bullets, Heading, Note, Paragraph, Run, Table
from sightline.framework.definitions import TermUsed, TitleStatus
from sightline.inspections.overview import build_overview
from sightline.inspections.overview_shapes import Overview
from sightline.inspections.overview_tables import in_full
from sightline.inspections.report_parts import Material, keys_used, linked

NOT_CONFIRMED = "title not confirmed"


@dataclass(frozen=True)
class ReplacedValue:
    """A value the record gave once, in words: what about, before, now, when replaced and why."""

    what: str
    before: str
    now: str
    when: str
    why: str


def framework(material: Material, *, level: int) -> Iterator[Block]:
    """Every indicator of the edition, which were evaluated, and the scale."""
    programme, edition = material.programme, material.framework
    yield Paragraph(
        f"Inspectors used {edition.title}, {edition.edition}. Reports of this programme speak of "
        f"{programme.indicators_printed} quality indicators."
    )
    if programme.indicators_note:
        yield Note(programme.indicators_note)
    judged = {code: j.code for j in programme.graded for code in j.indicators}
    rows = tuple(
        (
            indicator.code,
            indicator.title
            + (f" ({NOT_CONFIRMED})" if indicator.title_status == TitleStatus.UNVERIFIED else ""),
            f"{area.number} {area.title}",
            _judged(judged, indicator.code),
        )
        for area in edition.areas
        for indicator in area.indicators
    )
    unconfirmed = sum(NOT_CONFIRMED in row[1] for row in rows)
    notes: tuple[str, ...] = ()
    if unconfirmed:
        notes = (
            f"{unconfirmed} of {len(rows)} titles are not confirmed against the published "
            "framework; check them there before relying on the wording.",
        )
    yield Heading(level, "Quality indicators")
    header = ("Number", "Quality indicator", "Area", "Evaluated in this programme")
    yield Table(f"{edition.title}, {edition.edition}", header, rows, notes)
    yield Heading(level, "The six-point scale")
    yield Table(
        material.scale.title,
        ("Evaluation", "Descriptor", "What it means, in our words"),
        tuple(
            (f"{point.value} {point.word}", point.descriptor, point.meaning)
            for point in material.scale.points
        ),
    )


def _judged(judged: Mapping[str, str], code: str) -> str:
    suite = judged.get(code)
    if suite is None:
        return "no"
    return "yes" if suite == code else f"yes, as part of {suite}"


def terms(material: Material, *, level: int) -> Iterator[Block]:
    """Terms of quantity, the words this programme defines, and the glossary."""
    quantity = material.library.terms.get(material.programme.terms)
    yield Heading(level, "Terms of quantity")
    yield Table(
        quantity.title,
        ("Term", "Share, in whole per cent"),
        tuple((term.word, _range(term.low, term.high)) for term in quantity.terms),
    )
    for title, words in (
        ("Who and what we mean", material.programme.definitions),
        ("Glossary", material.programme.glossary),
    ):
        if words:
            yield Heading(level, title)
            yield Bullets(tuple(_term(word) for word in words))


def _range(low: int, high: int) -> str:
    if not low:
        return f"up to {high}%"
    return f"{low}% or more" if high == 100 else f"{low}% to {high}%"  # noqa: PLR2004 - per cent


def _term(word: TermUsed) -> tuple[Run, ...]:
    return (Run(word.term, bold=True), Run(f": {word.meaning}"))


def about_record(
    material: Material, *, level: int, replaced: Sequence[ReplacedValue] = ()
) -> Iterator[Block]:
    """What is not known, where sources differ, what was replaced, and every source."""
    code = material.document.partnership
    seen = build_overview(
        [material.document], material.library, names={code: material.area}, sources=material.sources
    )
    yield from not_known(material, seen, level=level)
    yield Heading(level, "Where sources differ")
    yield from conflicts(seen)
    if replaced:
        yield Heading(level, "Values that were replaced")
        yield Table(
            "Values of this record that were replaced, the latest first",
            ("Value", "Before", "Now", "Replaced on", "Why"),
            tuple((row.what, row.before, row.now, row.when, row.why) for row in replaced),
        )
    if keys := keys_used(material.document):
        yield Heading(level, "Sources")
        yield Bullets(tuple(linked(material.source_of(key)) for key in keys))


def not_known(material: Material, seen: Overview, *, level: int) -> Iterator[Block]:
    """Everything the programme usually gives that is not known for this inspection."""
    yield Heading(level, "What is not known")
    items = [f"The evaluation of {unknown.what}" for unknown in seen.unknown if unknown.judgement]
    items += [unknown.what for unknown in seen.unknown if not unknown.judgement]
    counts = [pooled.label for pooled in seen.evidence if not pooled.known]
    if counts:
        items.append(f"How many: {'; '.join(label[:1].lower() + label[1:] for label in counts)}")
    if items:
        yield Bullets(tuple(items))
        yield Note("Not known means that no source read for this record gives it; it is not zero.")
    else:
        yield Paragraph("Everything that reports of this programme usually give is known.")


def conflicts(seen: Overview) -> Iterator[Block]:
    """Values whose sources differ, side by side."""
    if not seen.conflicts:
        yield Paragraph("No two sources differ about a value of this inspection.")
        return
    rows = tuple(
        (
            conflict.what,
            in_full(conflict.in_use),
            " Or ".join(in_full(other) for other in conflict.others),
        )
        for conflict in seen.conflicts
    )
    yield Table("Values whose sources differ", ("Value", "In use", "Also said"), rows)
    yield Note("The value in use is only in use; which source is right has not been decided.")
