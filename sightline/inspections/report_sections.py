"""The sections of a report that hold the inspection itself, each in its programme's words."""

from collections.abc import Iterator

from sightline.design.documents import Block, Box, Bullets, Heading, Note, Paragraph, Run
from sightline.framework.definitions import Channel, Judgement
from sightline.inspections.definitions import (
    EvaluationValue,
    EvidenceCount,
    Point,
    StatedEvaluation,
)
from sightline.inspections.overview_parts import count_words, differs, number, series, titles_of
from sightline.inspections.report_parts import CONFIDENT, Material, cited, sentence
from sightline.kernel.periods import ImpreciseDate


def evidence(material: Material) -> Iterator[Block]:
    """When it took place, what was gathered in the programme's sentences, and the caveat."""
    inspected = material.document.dates.inspected
    if inspected:
        date = ImpreciseDate(inspected.value)
        place = f"in the {material.area} community planning partnership area"
        if date.is_span:
            yield Paragraph(f"The inspection took place {place} from {date}.")
        else:
            yield Paragraph(f"The inspection took place {place}: {date}.")
    counts = {count.channel: count for count in material.document.evidence}
    ordered = [(c, counts[c.code]) for c in material.programme.channels if c.code in counts]
    if ordered:
        sentences = tuple(_counted(channel, count) for channel, count in ordered)
        yield Bullets(sentences, ordered=True)
        yield cited(material, [count for _, count in ordered])
    for channel, count in ordered:
        others = [o for o in count.also if differs(o, count)]
        if others:
            said = series(
                f"{count_words(o, per_cent=channel.per_cent)} "
                f"({'; '.join(titles_of(o.sources, material.sources))})"
                for o in others
            )
            yield Note(f"Sources differ about “{channel.label}”. Also said: {said}.")
    if inspected or ordered:
        yield Paragraph(material.programme.sample_caveat.format(area=material.area))


def _counted(channel: Channel, count: EvidenceCount) -> str:
    said = count_words(count, per_cent=channel.per_cent)
    return sentence(channel.sentence.format(count=said))


def summary(material: Material) -> Iterator[Block]:
    """How many strengths and areas there are, and every evaluation, in two sentences."""
    strengths = len(material.document.strengths)
    areas = len(material.document.areas_for_improvement)
    parts = []
    if strengths:
        parts.append(f"{number(strengths)} strength{'s' if strengths > 1 else ''}")
    if areas:
        parts.append(f"{number(areas)} area{'s' if areas > 1 else ''} for improvement")
    if parts:
        yield Paragraph(f"Inspectors named {series(parts)}.")
    if evaluations := evaluations_in_words(material):
        yield Paragraph(evaluations)


def evaluations_in_words(material: Material) -> str:
    """ "Evaluated: 9 Leadership and direction, Good; …", or nothing when none is known."""
    said = []
    for judgement in material.programme.graded:
        found = material.evaluation(judgement.code)
        if found and found.stated:
            word = material.scale.point(found.stated.value).word
            said.append(f"{judgement.title} ({judgement.code}) {word}")
    return f"The evaluations: {'; '.join(said)}." if said else ""


def strengths(material: Material) -> Iterator[Block]:
    """Strengths, numbered, with their places."""
    yield from _points(material, material.document.strengths)


def improvements(material: Material) -> Iterator[Block]:
    """Areas for improvement, numbered; or why the source names none."""
    if material.document.areas_for_improvement:
        yield from _points(material, material.document.areas_for_improvement)
    if material.document.improvement_note:
        yield Paragraph(material.document.improvement_note)


def _points(material: Material, points: tuple[Point, ...]) -> Iterator[Block]:
    if points:
        yield Bullets(tuple(point.text for point in points), ordered=True)
        yield cited(material, points)


def key_messages(material: Material) -> Iterator[Block]:
    """Key messages of the whole inspection."""
    messages = [m for m in material.document.key_messages if not m.frame_item]
    if messages:
        yield Bullets(tuple(message.text for message in messages), ordered=True)
        yield cited(material, messages)


def frame(material: Material, *, level: int) -> Iterator[Block]:
    """Each question, statement or line of enquiry in full, with its key messages."""
    word = sentence(material.programme.frame.word)
    for item in material.programme.frame.items:
        messages = [m for m in material.document.key_messages if m.frame_item == item.code]
        if not messages:
            continue
        yield Heading(level, f"{word} {item.number}: {item.long}", anchor=f"frame-{item.code}")
        if not item.official:
            yield Note(f"The wording of this {material.programme.frame.word} is paraphrased.")
        yield Paragraph((Run("Key messages", bold=True),))
        yield Bullets(tuple(message.text for message in messages), ordered=True)
        yield cited(material, messages)


def practice(material: Material) -> Iterator[Block]:
    """Examples of good practice, each in a box under the programme's word for it."""
    programme = material.programme
    for example in material.document.good_practice:
        where = ""
        if example.frame_item:
            item = programme.frame_item(example.frame_item)
            where = f"Under {programme.frame.word} {item.number}, {item.short}. "
        small = cited(material, [example]).text
        yield Box(
            f"{sentence(programme.practice_word)}: {example.title}",
            (Paragraph(example.text), Note(f"{where}{small}")),
        )


def evaluations(material: Material, *, level: int) -> Iterator[Block]:
    """Each evaluation under the question it is printed under, with its rationale."""
    question = ""
    for judgement in material.programme.graded:
        found = material.evaluation(judgement.code)
        if found is None or found.stated is None:
            continue
        if judgement.question and judgement.question != question:
            question = judgement.question
            yield Heading(level, question)
        under = level + bool(judgement.question)
        yield from _evaluation(material, judgement, found, found.stated, under)


def _evaluation(
    material: Material,
    judgement: Judgement,
    found: EvaluationValue,
    stated: StatedEvaluation,
    level: int,
) -> Iterator[Block]:
    point = material.scale.point(stated.value)
    anchor = f"judgement-{judgement.code.replace('.', '-')}"
    yield Heading(level, f"{judgement.code} {judgement.title}: {point.word}", anchor=anchor)
    yield Paragraph(
        (Run(f"{point.word}, {point.value} of 6.", bold=True), Run(f" {point.descriptor}."))
    )
    if judgement.is_suite:
        titles = [material.framework.indicator(code) for code in judgement.indicators]
        yield Paragraph("One evaluation of these indicators together:")
        yield Bullets(tuple(f"{indicator.code} {indicator.title}" for indicator in titles))
    if found.scope:
        yield Paragraph(found.scope)
    if found.rationale:
        yield Paragraph((Run("Rationale for the evaluation", bold=True),))
    for paragraph in found.rationale:
        yield Paragraph(paragraph.text)
        yield Note(paragraph.place)
    yield cited(material, [stated])
    for other in (o for o in found.also if o.value != stated.value):
        word = material.scale.point(other.value).word
        titles_said = "; ".join(titles_of(other.sources, material.sources))
        yield Note(f"Another source gives {word}: {titles_said} ({other.confidence} confidence).")


def conclusion(material: Material) -> Iterator[Block]:
    """The statement on capacity to improve and what it rests on."""
    found = material.document.conclusion
    if found:
        yield Paragraph((Run(f"{CONFIDENT[found.statement]}.", bold=True), Run(f" {found.text}")))
        if found.basis:
            yield Paragraph("This rests on:")
            yield Bullets(found.basis)
        yield cited(material, [found])


def next_steps(material: Material) -> Iterator[Block]:
    """What follows, in the programme's words."""
    yield Paragraph(material.programme.next_steps)
