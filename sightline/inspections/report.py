"""One inspection as a report: the structured record set out in its own programme's order and words.

It is not the published report. Facts, figures and official titles are taken over; findings are in
our own words, each with its place in the source.
"""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence

from sightline.design.documents import (
    Block,
    Box,
    Bullets,
    Contents,
    Document,
    Facts,
    Heading,
    PageBreak,
    Paragraph,
    Run,
)
from sightline.framework.definitions import Library, ReportSection, Section
from sightline.inspections import report_appendices as appendices
from sightline.inspections import report_sections as sections
from sightline.inspections.definitions import InspectionDocument, Source
from sightline.inspections.overview_parts import KIND_WORDS
from sightline.inspections.report_parts import Material, linked, main_source
from sightline.kernel.errors import Fault, Faults
from sightline.kernel.periods import ImpreciseDate

STATUS = "Structured record, not the published report itself"
RECORD = "About this record"
Writer = Callable[[Material, int], Iterator[Block]]

WRITERS: Mapping[Section, Writer] = {
    Section.EVIDENCE: lambda m, _: sections.evidence(m),
    Section.SUMMARY: lambda m, _: sections.summary(m),
    Section.STRENGTHS: lambda m, _: sections.strengths(m),
    Section.IMPROVEMENTS: lambda m, _: sections.improvements(m),
    Section.KEY_MESSAGES: lambda m, _: sections.key_messages(m),
    Section.FRAME: lambda m, level: sections.frame(m, level=level),
    Section.PRACTICE: lambda m, _: sections.practice(m),
    Section.EVALUATIONS: lambda m, level: sections.evaluations(m, level=level),
    Section.CONCLUSION: lambda m, _: sections.conclusion(m),
    Section.NEXT: lambda m, _: sections.next_steps(m),
    Section.FRAMEWORK: lambda m, level: appendices.framework(m, level=level),
    Section.TERMS: lambda m, level: appendices.terms(m, level=level),
}


def build_report(
    document: InspectionDocument,
    library: Library,
    *,
    area: str,
    sources: Mapping[str, Source],
    replaced: Sequence[appendices.ReplacedValue] = (),
    changed: dt.date | None = None,
) -> Document:
    """The whole report of one inspection.

    Args:
        document: the inspection.
        library: definitions; one with corrected titles gives a report with them.
        area: name of the partnership.
        sources: titles of sources by key; those the document carries are added.
        replaced: values of the record that others have replaced, the latest first.
        changed: when the record was last changed; it dates the report when later than publication.

    Raises:
        Faults: every section of the programme's order that would be empty, by its heading.
    """
    missing = missing_sections(document, library)
    if missing:
        raise Faults(f"The report of {document.reference}", missing)
    return _report(_material(document, library, area, sources), (), replaced, changed)


def build_partial_report(
    document: InspectionDocument,
    library: Library,
    *,
    area: str,
    sources: Mapping[str, Source],
    replaced: Sequence[appendices.ReplacedValue] = (),
    changed: dt.date | None = None,
) -> Document:
    """What there is of a report; the sections there is nothing for are named at its head."""
    missing = missing_sections(document, library)
    return _report(_material(document, library, area, sources), missing, replaced, changed)


def missing_sections(document: InspectionDocument, library: Library) -> tuple[Fault, ...]:
    """Each section, question, judgement or example the report needs and this record lacks."""
    material = _material(document, library, document.partnership, {})
    return tuple(
        fault for section in material.programme.report for fault in _missing(material, section)
    )


def _material(
    document: InspectionDocument, library: Library, area: str, sources: Mapping[str, Source]
) -> Material:
    every = {**sources, **{source.key: source for source in document.sources}}
    return Material(document, library, area, every)


def _missing(material: Material, section: ReportSection) -> Iterator[Fault]:
    document, programme = material.document, material.programme
    held: Mapping[Section, object] = {
        Section.EVIDENCE: document.evidence,
        Section.SUMMARY: document.strengths or document.areas_for_improvement,
        Section.STRENGTHS: document.strengths,
        Section.IMPROVEMENTS: document.areas_for_improvement or document.improvement_note,
        Section.KEY_MESSAGES: any(not m.frame_item for m in document.key_messages),
        Section.PRACTICE: document.good_practice,
        Section.CONCLUSION: document.conclusion,
        Section.TERMS: programme.definitions or programme.glossary,
    }
    if section.section in held and not held[section.section]:
        yield Fault(section.heading, "nothing is recorded for this section.")
    if section.section is Section.FRAME:
        answered = {message.frame_item for message in document.key_messages}
        for item in programme.frame.items:
            if item.code not in answered:
                what = f"{programme.frame.word} {item.number} has no key message."
                yield Fault(section.heading, what)
    if section.section is Section.EVALUATIONS:
        for judgement in programme.graded:
            found = material.evaluation(judgement.code)
            name = f"{judgement.code} {judgement.title}"
            if found is None or found.stated is None:
                yield Fault(section.heading, f"the evaluation of {name} is not known.")
            elif not found.rationale:
                yield Fault(section.heading, f"the evaluation of {name} has no rationale.")


def _report(
    material: Material,
    missing: tuple[Fault, ...],
    replaced: Sequence[appendices.ReplacedValue],
    changed: dt.date | None,
) -> Document:
    document, programme = material.document, material.programme
    dated = _dated(document, changed)
    blocks: list[Block] = [_what_this_is(material), _facts(material, dated)]
    if missing:
        blocks.append(_what_is_missing(missing))
    blocks.append(Contents())
    within = False
    for section in programme.report:
        # Strengths and areas for improvement stand inside the summary where a programme has one.
        inside = within and section.section in {Section.STRENGTHS, Section.IMPROVEMENTS}
        level = 2 if inside else 1
        content = tuple(WRITERS[section.section](material, level + 1))
        within = inside or (section.section is Section.SUMMARY and bool(content))
        if content and section.section in {Section.FRAMEWORK, Section.TERMS}:
            blocks.append(PageBreak())
        if content:
            blocks += [Heading(level, section.heading), *content]
    about = appendices.about_record(material, level=2, replaced=replaced)
    blocks += [PageBreak(), Heading(1, RECORD), *about]
    return Document(
        title=document.title or f"{KIND_WORDS[document.kind]} of {material.area}",
        subtitle=material.area,
        status=f"{STATUS}; incomplete" if missing else STATUS,
        version=f"Record {fingerprint(document)}",
        date=dated or _publication(document) or "Publication date not known",
        contact="Whoever runs this copy of Sightline; for the report itself, its publisher",
        classification="Public: holds published facts only",
        blocks=tuple(blocks),
    )


def _publication(document: InspectionDocument) -> str:
    published = document.dates.published
    return str(ImpreciseDate(published.value)) if published else ""


def _dated(document: InspectionDocument, changed: dt.date | None) -> str:
    """When the record was last changed, in words, if that is later than what it tells of."""
    published = document.dates.published
    if changed is None or (published and changed <= ImpreciseDate(published.value).latest):
        return ""
    return str(ImpreciseDate(changed.isoformat()))


def fingerprint(document: InspectionDocument) -> str:
    """Eight characters that change whenever anything in the record does."""
    return hashlib.sha256(document.model_dump_json(by_alias=True).encode()).hexdigest()[:8]


def _what_this_is(material: Material) -> Box:
    source = main_source(material)
    text = (
        Run(
            "This is Sightline's structured record of the inspection, not the published report "
            "itself. Facts, figures and official titles are taken over. Findings are in our own "
            "words, and small print gives the place of each in its source."
        ),
    )
    read = (Paragraph((Run("Read the source: "), *linked(source))),) if source else ()
    return Box("What this is", (Paragraph(text), *read))


def _what_is_missing(missing: tuple[Fault, ...]) -> Box:
    return Box(
        "What is missing",
        (
            Paragraph("Nothing is known here for these parts, so they are left out:"),
            Bullets(tuple(f"{fault.where}: {fault.what}" for fault in missing)),
        ),
    )


def _facts(material: Material, dated: str) -> Facts:
    document, dates = material.document, material.document.dates
    pairs: list[tuple[str, str]] = [
        ("Partnership", f"{material.area} community planning partnership"),
        ("Programme", f"{material.programme.title} ({material.programme.short})"),
        ("Kind", KIND_WORDS[document.kind]),
        ("About", material.programme.population),
    ]
    for name, date in (
        ("Notified", dates.notified),
        ("Inspected", dates.inspected),
        ("Published", dates.published),
    ):
        pairs.append((name, str(ImpreciseDate(date.value)) if date else "not known"))
    if dated:
        pairs.append(("This record last changed", dated))
    for pause in document.pauses:
        stretch = f"{pause.starts}/{pause.ends}" if pause.ends else pause.starts
        pairs.append(("Paused", f"{ImpreciseDate(stretch)}. {pause.reason}"))
    evaluations = sections.evaluations_in_words(material)
    pairs.append(("Evaluations", evaluations.removeprefix("The evaluations: ") or "none known"))
    return Facts(tuple(pairs))
