"""What people wrote, as pages show it: to its readers, and later to whoever sees the survey."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sightline.access.actors import Actor
from sightline.kernel.errors import Faults, NotFound
from sightline.surveys import questionnaires
from sightline.surveys.definitions import said
from sightline.surveys.models import Comment, CommentReading, Survey, Theme
from sightline.surveys.presenters import day
from sightline.surveys.reading_forms import theme_label

FEWEST_COUNTED: Final = 5
"""Fewer comments than this in a theme are “a few”."""

YESTERDAY: Final = 1


@dataclass(frozen=True)
class Waiting:
    """One comment of the queue, without its words. `number` is its place, from 1."""

    number: int
    question: str
    age: str
    late: bool
    flagged: bool


@dataclass(frozen=True)
class Done:
    """One comment that was decided, without its words."""

    number: int
    question: str
    said: str


@dataclass(frozen=True)
class Step:
    """One decision, as a timeline has it."""

    when: str
    what: str
    note: str
    state: str = "done"


@dataclass(frozen=True)
class Question:
    """A question in whose own words people answered. `counted` says how many comments it has."""

    code: str
    text: str
    counted: str


@dataclass(frozen=True)
class ThemeRow:
    """A theme with how many comments it has, in words."""

    key: UUID
    label: str
    named: bool
    words: str
    counted: str


def question_texts(survey: Survey) -> Mapping[str, str]:
    """Text by code of the questions answered in own words; none where they cannot be read."""
    try:
        found = questionnaires.questionnaire(survey.questionnaire)
    except (Faults, NotFound):
        return {}
    return {
        item.code: said(item.text, "en", found.languages[0])
        for item in found.items()
        if item.kind == "text"
    }


def age(received: dt.date, today: dt.date) -> str:
    """How many days ago."""
    days = (today - received).days
    if days < YESTERDAY:
        return "Today"
    return "1 day" if days == YESTERDAY else f"{days} days"


def queue(
    survey: Survey, rows: Iterable[Comment], *, start: int, late: dt.date, today: dt.date
) -> tuple[Waiting, ...]:
    """The rows of the queue; `late` is the last day that is late, `start` the first's place."""
    texts = question_texts(survey)
    return tuple(
        Waiting(
            number=number,
            question=texts.get(row.item, row.item),
            age=age(row.received_on, today),
            late=row.received_on <= late,
            flagged=row.urgency > 0,
        )
        for number, row in enumerate(rows, start)
    )


def done(survey: Survey, rows: Iterable[Comment], *, start: int) -> tuple[Done, ...]:
    """The rows of what was decided."""
    texts = question_texts(survey)
    return tuple(
        Done(number, texts.get(row.item, row.item), Comment.State(row.state).label)
        for number, row in enumerate(rows, start)
    )


def history(readings: Iterable[CommentReading], actor: Actor) -> tuple[Step, ...]:
    """Who decided what on which day: by their part, never by name."""
    return tuple(
        Step(
            when=day(row.read_on),
            what=CommentReading.Decision(row.decision).label,
            note=f"{_who(row, actor)}. {row.reason}".strip(),
        )
        for row in readings
    )


def _who(row: CommentReading, actor: Actor) -> str:
    if row.reader == actor.audit_name:
        return "You"
    second = row.decision == CommentReading.Decision.QUOTE
    return "A second person" if second else "Another safety reader"


def counted(number: int) -> str:
    """How many comments, in words; of a few, not how many."""
    if not number:
        return "no comments"
    return f"{number} comments" if number >= FEWEST_COUNTED else "a few comments"


def theme_rows(themes: Iterable[Theme], sizes: Mapping[UUID, int]) -> tuple[ThemeRow, ...]:
    """Themes with how many cleared comments each has, by key, the fullest first."""
    rows = (
        ThemeRow(
            key=theme.pk,
            label=theme_label(theme),
            named=bool(theme.name),
            words=", ".join(theme.words),
            counted=counted(sizes.get(theme.pk, 0)),
        )
        for theme in themes
    )
    # Those whose number is not said stand by name, so that their place does not say it.
    return tuple(
        sorted(rows, key=lambda row: (-_said(sizes.get(row.key, 0)), row.label.casefold()))
    )


def _said(number: int) -> int:
    return number if number >= FEWEST_COUNTED else 0


def questions(survey: Survey, numbers: Mapping[str, int]) -> tuple[Question, ...]:
    """The questions with cleared comments, in the order they were asked."""
    texts = question_texts(survey)
    codes = [code for code in texts if numbers.get(code)]
    codes += sorted(code for code in numbers if code not in texts)
    return tuple(Question(code, texts.get(code, code), counted(numbers[code])) for code in codes)
