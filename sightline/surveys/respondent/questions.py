"""A page of questions as it is drawn, and what was posted of it. Pure but for files of sounds."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import QueryDict

from sightline.surveys import flow
from sightline.surveys.definitions import (
    CHOSEN,
    DONT_KNOW,
    PREFER_NOT,
    Item,
    QuestionnaireDefinition,
    Texts,
    said,
)
from sightline.surveys.flow import Answers, Page, Value
from sightline.surveys.respondent import assets, content
from sightline.surveys.respondent.pages import Frame, day, filled

BEFORE: Final = "q-"
"""What the name of every field begins with."""

MOST_BUTTONS: Final = 20
"""A list longer than this is folded into a box."""

SHOWN: Final = 160
"""Signs of a text that the page of all answers shows."""

DAY_PARTS: Final = 3
SMALL: Final = 20


@dataclass(frozen=True)
class Wording:
    """A text with its language, where that is not the page's."""

    text: str
    language: str = ""
    direction: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Option:
    """One thing to choose."""

    value: str
    wording: Wording
    chosen: bool
    id: str


@dataclass(frozen=True)
class Box:
    """One box to type in; of a date there are three."""

    id: str
    value: str
    label: str = ""
    size: int = SMALL


@dataclass(frozen=True)
class Question:
    """One item as it is drawn.

    Attributes:
        kind: `one`, `many`, `list`, `text`, `number`, `date` or `note`.
        marks: "I don't know" and "I don't want to say", where they are offered.
        boxes: to type in, for the kinds that are typed.
        fence: what not to write, or what happens with what is written.
        hear: address of a recording of the question; empty without one.
        answered: something is kept for it.
    """

    code: str
    kind: str
    wording: Wording
    hint: Wording
    options: Sequence[Option]
    marks: Sequence[Option]
    boxes: Sequence[Box]
    lines: int
    error: str
    fence: str
    note: str
    hear: str
    bsl: str
    answered: bool

    @property
    def name(self) -> str:
        """Of its fields."""
        return BEFORE + self.code

    @property
    def first(self) -> str:
        """Where a link to what is wrong leads."""
        if self.boxes:
            return self.boxes[0].id
        return self.options[0].id if self.options and self.kind != "list" else self.name

    @property
    def described(self) -> str:
        """Ids of what is said about it, as `aria-describedby` takes them."""
        parts = (
            ("hint", self.hint), ("fence", self.fence), ("note", self.note), ("error", self.error),
        )  # fmt: skip
        return " ".join(f"{self.name}-{part}" for part, there in parts if there)


def worded(texts: Texts, frame: Frame, answers: Mapping[str, Any], of: Any) -> Wording:
    """A text of the questionnaire in the page's language, or marked as being in another."""
    main = of.languages[0]
    text = said(texts, frame.language, main)
    if "${" in text:
        text = flow.filled(text, of, answers, frame.language)
    if not text or frame.language in texts:
        return Wording(text)
    other = main if main in texts else next(iter(texts))
    return Wording(text, other, content.direction(other))


def drawn(
    page: Page,
    questionnaire: QuestionnaireDefinition,
    answers: Answers,
    frame: Frame,
    today: dt.date,
    *,
    typed: Mapping[str, Sequence[str]] | None = None,
    errors: Mapping[str, str] | None = None,
) -> list[Question]:
    """The questions of a page, with what is kept or, after a fault, what was typed."""
    known = flow.within(answers, page.section, page.turn)
    return [
        _question(
            item, questionnaire, known, frame, today,
            given=(typed or {}).get(item.code, given(known.get(item.code))),
            error=(errors or {}).get(item.code, ""),
        )
        for item in page.items
    ]  # fmt: skip


def given(value: Value | None) -> list[str]:
    """A value as the fields hold it; a date in three."""
    if value is None:
        return []
    if isinstance(value, list):
        return list(value)
    return [str(value)]


def _question(
    item: Item,
    questionnaire: QuestionnaireDefinition,
    known: Mapping[str, Any],
    frame: Frame,
    today: dt.date,
    *,
    given: Sequence[str],
    error: str,
) -> Question:
    name = BEFORE + item.code
    offered = flow.options(questionnaire, item, known, today)
    folded = item.kind in CHOSEN and len(offered) > MOST_BUTTONS
    kind = "list" if folded else "one" if item.kind in CHOSEN else item.kind
    options = [
        Option(
            one.code,
            worded(one.label, frame, known, questionnaire),
            one.code in given,
            f"{name}-{number}",
        )
        for number, one in enumerate(offered)
    ]
    marks = [
        Option(mark, Wording(frame.w[key]), mark in given, f"{name}-{key}")
        for mark, key, there in (
            (DONT_KNOW, "dont_know", item.dont_know), (PREFER_NOT, "prefer_not", item.prefer_not)
        )
        if there
    ]  # fmt: skip
    return Question(
        code=item.code,
        kind=kind,
        wording=worded(item.text, frame, known, questionnaire),
        hint=worded(item.hint, frame, known, questionnaire),
        options=options,
        marks=marks,
        boxes=_boxes(kind, name, given, frame),
        lines=item.lines,
        error=error,
        fence=frame.w["fence"] if kind == "text" else "",
        note=_note(kind, frame, small=item.groups and not frame.young),
        hear=assets.sound(item.media.get(f"hear:{frame.language}", "")),
        bsl=assets.sound(item.media.get("bsl", "")),
        answered=item.code in known,
    )


def _note(kind: str, frame: Frame, *, small: bool) -> str:
    """What is said of a kind of question, and of a group that may be small."""
    if small and frame.survey is not None:
        return filled(frame.w["small_group"], base=frame.survey.base)
    return frame.w[f"{kind}_hint" if kind == "date" else "many"] if kind in {"date", "many"} else ""


def _boxes(kind: str, name: str, given: Sequence[str], frame: Frame) -> list[Box]:
    typed = [one for one in given if one not in {DONT_KNOW, PREFER_NOT}]
    if kind == "date":
        parts = typed if len(typed) == DAY_PARTS else _parts("".join(typed))
        labels = (frame.w["day"], frame.w["month"], frame.w["year"])
        return [
            Box(f"{name}-{number}", part, label, size)
            for number, (part, label, size) in enumerate(zip(parts, labels, (2, 2, 4), strict=True))
        ]
    if kind in {"text", "number"}:
        return [Box(f"{name}-0", "\n".join(typed))]
    return []


def _parts(iso: str) -> Sequence[str]:
    year, _, rest = iso.partition("-")
    month, _, number = rest.partition("-")
    return number.lstrip("0"), month.lstrip("0"), year


# What was posted.


@dataclass(frozen=True)
class Posted:
    """What a form held: values (None for skipped), faults, and the words as they were typed."""

    values: Mapping[str, Value | None]
    errors: Mapping[str, str]
    typed: Mapping[str, Sequence[str]]


def read(
    page: Page,
    questionnaire: QuestionnaireDefinition,
    answers: Answers,
    post: QueryDict,
    frame: Frame,
    today: dt.date,
) -> Posted:
    """What was posted of a page's questions; whatever else a form holds is not looked at."""
    known = dict(flow.within(answers, page.section, page.turn))
    values: dict[str, Value | None] = {}
    errors: dict[str, str] = {}
    typed: dict[str, Sequence[str]] = {}
    for item in page.items:
        if item.kind in flow.SILENT:
            continue
        sent = _sent(item, post.getlist(BEFORE + item.code))
        value, wrong = flow.accept(item, sent, questionnaire, known, today)
        if wrong:
            errors[item.code] = _wrong(item, wrong, questionnaire, sent, frame)
            typed[item.code] = sent
            continue
        values[item.code] = value
        known.pop(item.code, None)
        if value is not None:
            known[item.code] = value
    return Posted(values, errors, typed)


def _sent(item: Item, posted: Sequence[str]) -> list[str]:
    """The fields of an item; for a date that was typed, without the marks behind it."""
    if item.kind == "date" and any(part.strip() for part in posted[:DAY_PARTS]):
        return list(posted[:DAY_PARTS])
    return list(posted)


def _wrong(
    item: Item,
    key: str,
    questionnaire: QuestionnaireDefinition,
    sent: Sequence[str],
    frame: Frame,
) -> str:
    """The words for what is wrong; a questionnaire may have its own for its constraints."""
    if key == flow.CONSTRAINT:
        own = said(item.constraint_message, frame.language, questionnaire.languages[0])
        if own:
            return own
    return filled(
        frame.w["error_" + key.replace("-", "_")],
        most=f"{flow.LONGEST_TEXT:,}",
        have=f"{sum(map(len, sent)):,}",
    )


def put(answers: Answers, page: Page, values: Mapping[str, Value | None]) -> None:
    """Put values in their place among the answers; None takes an answer away."""
    place = answers
    if page.turn is not None:
        turns = answers.setdefault(page.section.code, [])
        while len(turns) <= page.turn:
            turns.append({})
        place = turns[page.turn]
    for code, value in values.items():
        if value is None:
            place.pop(code, None)
        else:
            place[code] = value


# All answers on one page.


@dataclass(frozen=True)
class Line:
    """One question with what is kept for it, and the page it is on. Empty `answer`: skipped."""

    wording: Wording
    answer: str
    page: int


def all_lines(
    pages: Sequence[Page],
    questionnaire: QuestionnaireDefinition,
    answers: Answers,
    frame: Frame,
) -> list[Line]:
    """Every question that is asked, with its answer in words."""
    labels = flow.labels_of(questionnaire, frame.language)
    found = []
    for page in pages:
        known = flow.within(answers, page.section, page.turn)
        for item in page.items:
            if item.kind not in flow.SILENT:
                wording = worded(item.text, frame, known, questionnaire)
                answer = _answer(item, known.get(item.code), labels.get(item.code, {}), frame)
                found.append(Line(wording, answer, page.number))
    return found


def _answer(item: Item, value: Value | None, labels: Mapping[str, str], frame: Frame) -> str:
    if value is None:
        return ""
    if value in (DONT_KNOW, PREFER_NOT):
        return frame.w["dont_know" if value == DONT_KNOW else "prefer_not"]
    if isinstance(value, list):
        return ", ".join(labels.get(one, one) for one in value)
    if item.kind == "date":
        return day(dt.date.fromisoformat(str(value)), frame.language)
    text = labels.get(str(value), str(value))
    return text if len(text) <= SHOWN else text[:SHOWN].rstrip() + "…"
