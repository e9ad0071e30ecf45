"""Readings as their pages show them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.urls import reverse

from sightline.record_reading import returning
from sightline.record_reading.asking import (
    Gap,
    agency_label,
    asked,
    option_label,
    stratum,
)
from sightline.record_reading.definitions import Item, Stratum, TemplateDefinition
from sightline.record_reading.models import Reading, Round
from sightline.record_reading.reading_answers import FLAG_LABELS, normal
from sightline.record_reading.reading_queries import SectionState

STATE_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "nothing": ("Nothing to answer", "neutral"),
    "not-begun": ("Not started", "neutral"),
    "in-progress": ("In progress", "attention"),
    "complete": ("Completed", "good"),
    "two-versions": ("Two versions", "alarm"),
}
"""How far a section is, in words and as a tag."""

READING_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    Reading.State.ASSIGNED: ("Not begun", "neutral"),
    Reading.State.IN_PROGRESS: ("In progress", "attention"),
    Reading.State.COMPLETE: ("Handed in", "good"),
}


NOT_HANDED_IN: Final = ("Not handed in before the round was locked", "attention")


class Task(NamedTuple):
    """One section in the list of a reading: its words, where it leads, and how far it is."""

    label: str
    url: str
    words: str
    kind: str


def tasks(states: Iterable[SectionState], urls: Mapping[str, str]) -> list[Task]:
    """The list of sections; one of which nothing is asked leads nowhere."""
    return [
        Task(
            f"{one.letter} {one.title}",
            "" if one.state == "nothing" else urls[one.code],
            *STATE_WORDS[one.state],
        )
        for one in states
    ]


def words_of(template: TemplateDefinition, item: Item, value: object) -> str:
    """An answer in words; of the six-point scale with its number."""
    if isinstance(value, dict):
        parts = (f"{agency_label(one)}: {option_label(item, code)}" for one, code in value.items())
        return "; ".join(parts)
    if isinstance(value, list):
        return ", ".join(option_label(item, code) for code in value)
    if item.kind == "text":
        return str(value)
    label = option_label(item, str(value))
    return f"{value} {label}" if item.is_quality else label


class AnswerRow(NamedTuple):
    """One answer to look at."""

    label: str
    words: str
    why: str


class AnswerSection(NamedTuple):
    """The answers of one section to look at."""

    title: str
    rows: tuple[AnswerRow, ...]


def answer_sections(
    template: TemplateDefinition, answers: Mapping[str, Any]
) -> list[AnswerSection]:
    """Everything answered, by section; a section without answers is left out."""
    own = normal(answers)
    found = []
    for section in template.sections:
        rows = tuple(
            AnswerRow(
                item.text,
                words_of(template, item, own["values"][item.code]),
                own["whys"].get(item.code, ""),
            )
            for item in section.items
            if item.code in own["values"]
        )
        if rows:
            found.append(AnswerSection(f"{section.letter} {section.title}", rows))
    flags = tuple(
        AnswerRow(FLAG_LABELS[flag], text, "")
        for flag, text in own["flags"].items()
        if flag in FLAG_LABELS
    )
    return [*found, AnswerSection("Flagged", flags)] if flags else found


def left_out(
    template: TemplateDefinition, facts: Mapping[str, Any], answers: Mapping[str, Any]
) -> list[str]:
    """Answers that other answers took out of the form, in words; they are kept, and not counted."""
    own = normal(answers)
    wanted = set(asked(template, facts, own["values"]))
    return [
        f"{item.short} ({words_of(template, item, own['values'][item.code])})"
        for item in template.items()
        if item.code in own["values"] and item.code not in wanted
    ]


class GapRow(NamedTuple):
    """Something missing, with the question it is missing of."""

    label: str
    what: str


class GapSection(NamedTuple):
    """What is missing in a section, and where it is answered."""

    title: str
    url: str
    rows: tuple[GapRow, ...]


def gap_sections(
    template: TemplateDefinition, gaps: Sequence[Gap], urls: Mapping[str, str]
) -> list[GapSection]:
    """What is missing, by section."""
    what = {gap.item: gap.what for gap in gaps}
    found = []
    for section in template.sections:
        rows = tuple(
            GapRow(item.text, what[item.code]) for item in section.items if item.code in what
        )
        if rows:
            found.append(GapSection(f"{section.letter} {section.title}", urls[section.code], rows))
    return found


def about(template: TemplateDefinition, reading: Reading) -> list[tuple[str, str]]:
    """What a reader is told of the record before they open it, as labels and words."""
    facts = reading.record.facts
    group = stratum(template, facts)
    rows = [("Sample group", group.label if group else str(facts.get("stratum", "")))]
    for name, label in (("age_band", "Age"), ("care_type", "Where the child lives")):
        if facts.get(name):
            rows.append((label, returning.label(reading.round, name, str(facts[name]))))
    seen = _records_to_see(group, facts)
    if seen:
        rows.append(("Records to see", ", ".join(agency_label(one) for one in seen)))
    years = reading.round.look_back
    rows.append(("Look back", "1 year" if years == 1 else f"{years} years"))
    return rows


def _records_to_see(group: Stratum | None, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Agencies whose records are read and that hold one of this child, as far as that is known."""
    read, held = group.agencies if group else (), facts.get("agencies") or ()
    return tuple(one for one in read if one in held) if held else read


def skips_letters(template: TemplateDefinition) -> bool:
    """Whether a form leaves out a section of the method, as the letters of its sections show."""
    letters = [ord(one.letter) for one in template.sections]
    return letters != list(range(ord("A"), ord("A") + len(letters)))


@dataclass(frozen=True)
class MyReading:
    """One reading in somebody's list."""

    label: str
    url: str
    words: str
    kind: str
    group: str


@dataclass(frozen=True)
class MyRound:
    """A round in somebody's list: what is to be read, what goes on, what is handed in."""

    round: Round
    area: str
    title: str
    days: str
    open: bool
    to_do: tuple[MyReading, ...]
    done: tuple[MyReading, ...]
    next: MyReading | None
    minutes: int
    discuss: int = 0

    @property
    def count(self) -> str:
        """How far, in words."""
        every = len(self.to_do) + len(self.done)
        return f"{len(self.done)} of {every} handed in"

    @property
    def goes_on(self) -> bool:
        """Whether something is still to be done in it."""
        return self.open and bool(self.to_do or self.discuss)


def latest_first(rounds: Iterable[MyRound]) -> list[MyRound]:
    """Rounds by the first day of reading, the latest first; those without days last."""
    return sorted(rounds, key=lambda one: one.round.reads_from or dt.date.min, reverse=True)


def my_reading(template: TemplateDefinition, reading: Reading) -> MyReading:
    """One line of somebody's list."""
    group = stratum(template, reading.record.facts)
    words, kind = READING_WORDS[reading.state]
    if reading.state != Reading.State.COMPLETE and reading.round.state != Round.State.READING:
        words, kind = NOT_HANDED_IN
    return MyReading(
        label=reading.record.label,
        url=reverse(
            "record_reading:reading",
            args=[reading.round.area, reading.round.slug, reading.record.number],
        ),
        words=words,
        kind=kind,
        group=group.label if group else "",
    )


def days(round: Round) -> str:
    """The days records are read, in words; empty where they are not set."""
    first, last = round.reads_from, round.reads_until
    if first is None and last is None:
        return ""
    if first is None or last is None or first == last:
        return _day(first or last)
    return f"{_day(first)} to {_day(last)}"


def _day(day: Any) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Line:
    """Whom a reader can talk to at once: a number, and what it is."""

    number: str
    words: str


LINES: Final = (
    Line("116 123", "Samaritans, at any time, about anything that is getting to you"),
    Line("0800 83 85 87", "Breathing Space, evenings and weekends, when you feel low or anxious"),
)
"""Numbers of `definitions/respondent/help@1.yaml`, which has an owner who calls them."""
