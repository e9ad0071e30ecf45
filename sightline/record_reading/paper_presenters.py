"""The form of a reading as it is printed: every question that may be asked, with boxes to tick."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sightline.access.actors import Actor
from sightline.record_reading.asking import agencies_of, agency_label, option_label, options
from sightline.record_reading.definitions import Item, TemplateDefinition
from sightline.record_reading.models import Reading, Round
from sightline.record_reading.permissions import begun_on_screen, closed_to_person
from sightline.record_reading.reading_answers import FLAG_LABELS
from sightline.record_reading.reading_forms import WHY
from sightline.record_reading.reading_presenters import READING_WORDS


class Row(NamedTuple):
    """A reading as the page of paper lists it; `way` says what may be done with it there.

    One of "type", "look", "mark" and "screen", or "closed" for a record closed to whoever looks.
    """

    reading: Reading
    words: str
    kind: str
    way: str


def rows(actor: Actor, round: Round, readings: Iterable[Reading]) -> list[Row]:
    """Readings of a round, for whoever runs it."""
    there = list(readings)
    closed = closed_to_person(actor, round, [one.record for one in there])
    return [
        Row(one, *READING_WORDS[one.state], "closed" if one.record_id in closed else _way(one))
        for one in there
    ]


def _way(reading: Reading) -> str:
    if reading.on_paper and not begun_on_screen(reading):
        return "look" if reading.state == Reading.State.COMPLETE else "type"
    waits = reading.state == Reading.State.ASSIGNED and not reading.on_paper
    return "mark" if waits and reading.round.state == Round.State.READING else "screen"


class Printed(NamedTuple):
    """One question on paper. `rows` are the agencies of one that is asked of each."""

    number: str
    text: str
    condition: str
    how: str
    options: tuple[str, ...]
    rows: tuple[str, ...]
    lines: range
    why: str


class PrintedSection(NamedTuple):
    """A section on paper."""

    title: str
    about: str
    questions: tuple[Printed, ...]


def printed(template: TemplateDefinition, facts: Mapping[str, Any]) -> list[PrintedSection]:
    """What may be asked of this child, whatever is answered: a condition says when."""
    numbers = {
        item.code: f"{section.letter}{number}"
        for section in template.sections
        for number, item in enumerate(_items(template, section.code, facts), 1)
    }
    found = []
    for section in template.sections:
        questions = tuple(
            _printed(template, item, numbers, facts)
            for item in _items(template, section.code, facts)
        )
        if questions:
            title = f"{section.letter} {section.title}"
            found.append(PrintedSection(title, section.about or "", questions))
    return found


def _items(template: TemplateDefinition, section: str, facts: Mapping[str, Any]) -> list[Item]:
    return [
        item
        for item in template.section(section).items
        if (not item.strata or facts.get("stratum") in item.strata)
        and (item.kind != "by-agency" or agencies_of(template, item, facts))
    ]


def _printed(
    template: TemplateDefinition, item: Item, numbers: Mapping[str, str], facts: Mapping[str, Any]
) -> Printed:
    condition = ""
    on = item.only_if
    if on is not None and on.item in numbers:
        before = template.item(on.item)
        words = " or ".join(option_label(before, code) for code in on.answers)
        condition = f"Only if {numbers[on.item]} is answered: {words}."
    labels = tuple(
        f"{one.code} {one.label}" if item.is_quality else one.label for one in options(item)
    )
    return Printed(
        number=numbers[item.code],
        text=item.text,
        condition=condition,
        how="Tick all that apply." if item.kind == "many" else "",
        options=labels,
        rows=tuple(agency_label(one) for one in agencies_of(template, item, facts)),
        lines=range(5 if item.kind == "text" else 0),
        why=f"{WHY} Needed for 1, 2 and 6." if item.is_quality else "",
    )


def sheet(template: TemplateDefinition, reading: Reading) -> dict[str, Any]:
    """What the printed form shows: the reading number, and nothing that tells of the child."""
    return {
        "label": reading.record.label,
        "part": reading.part,
        "title": reading.round.title,
        "template": template.title,
        "note": reading.round.content_note or template.content_note,
        "supervisor": reading.round.supervisor,
        "sections": printed(template, reading.record.facts),
        "flags": list(FLAG_LABELS.values()),
        "lines": range(3),
    }
