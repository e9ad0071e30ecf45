"""The tasks of setting a survey up, as their list shows them; the questions; the languages."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from sightline.kernel.errors import Fault
from sightline.surveys import drafting, policies, promise, questionnaires, routing
from sightline.surveys.definitions import Item, QuestionnaireDefinition, Section, said
from sightline.surveys.models import Survey
from sightline.surveys.policies import Ready

ASKED_AS: Final = {
    "one": "One answer",
    "many": "Any that apply",
    "scale": "A scale",
    "frequency": "How often",
    "text": "Own words",
    "number": "A number",
    "date": "A day",
    "note": "Words to read",
    "calculate": "Worked out",
}
AS_WHOM: Final = {
    "child": "a child",
    "young-person": "a young person",
    "parent-carer": "a parent or carer",
    "staff": "a member of staff",
    "anyone": "somebody who answers",
}


@dataclass(frozen=True)
class Task:
    """One task: where it is done, and how far it is. `missing` says what is not there yet."""

    code: str
    number: int
    title: str
    href: str
    status: str
    kind: str
    done: bool
    hint: str
    missing: tuple[str, ...]


def task_url(survey: Survey, task: str) -> str:
    """Where a task is done."""
    return reverse(f"surveys:build-{task}", args=[survey.area, survey.slug])


def tasks(held: Ready, today: dt.date) -> tuple[Task, ...]:
    """The eight tasks with their states."""
    found = policies.missing(held, today)
    return tuple(
        _task(held, code, number, tuple(one.what for one in found if one.task == code), bool(found))
        for number, code in enumerate(policies.TASKS, 1)
    )


def _task(held: Ready, code: str, number: int, missing: tuple[str, ...], any_: bool) -> Task:
    survey = held.survey
    title, hint = policies.TASKS[code], ""
    if code == "questions" and held.questionnaire is not None:
        asked = sum(1 for _ in asked_items(held.questionnaire))
        title = f"{title} ({asked})"
        advice = len(questionnaires.lint(held.questionnaire))
        hint = f"{advice} pieces of advice" if advice > 1 else "1 piece of advice" if advice else ""
    if code == "privacy":
        hint = "Written for you, from the other tasks"
    if code == "open":
        title = f"Try it as {AS_WHOM.get(survey.audience, 'somebody who answers')}, then open"
    status, kind = _status(survey, code, missing, any_)
    return Task(
        code, number, title, task_url(survey, code), status, kind,
        done=not status, hint=hint, missing=missing,
    )  # fmt: skip


def _status(survey: Survey, code: str, missing: Sequence[str], any_: bool) -> tuple[str, str]:
    """The words of a task that is not completed, and their tag; empty for one that is."""
    if code == "open":
        return ("Cannot start yet", "quiet") if any_ else ("Ready", "good")
    if not missing:
        return "", ""
    if code == "questions":
        things = "1 thing" if len(missing) == 1 else f"{len(missing)} things"
        return f"{things} to fix", "attention"
    if code == "privacy":
        return "Review", "attention"
    begun = code in survey.done or code in {"start", "languages"}
    return ("In progress", "attention") if begun else ("Not started", "neutral")


def asked_items(questionnaire: QuestionnaireDefinition) -> Iterator[Item]:
    """The items that somebody answers."""
    return (item for item in questionnaire.items() if item.kind not in {"note", "calculate"})


# Questions.


@dataclass(frozen=True)
class Line:
    """One question of the list. `number` is None for a note or a calculation."""

    code: str
    number: int | None
    words: str
    asked_as: str
    when: str
    choices: tuple[str, ...]
    marks: tuple[str, ...]
    faults: tuple[str, ...]
    advice: tuple[str, ...]
    deeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """A section of the list, with its questions."""

    code: str
    title: str
    notice: str
    when: str
    repeat: str
    lines: tuple[Line, ...]
    deeds: tuple[tuple[str, str], ...]


def parts(held: Ready) -> tuple[Part, ...]:
    """The questionnaire, section by section, with what is wrong and what could be better."""
    questionnaire = held.questionnaire
    if questionnaire is None:
        return ()
    main = questionnaire.languages[0]
    advice: dict[str, list[str]] = {}
    for one in questionnaires.lint(questionnaire):
        advice.setdefault(one.item, []).append(one.what)
    wrong: dict[str, list[str]] = {}
    for fault in policies.things_to_fix(held):
        what = f"{fault.what[:1].upper()}{fault.what[1:]} {fault.mend}".rstrip()
        wrong.setdefault(code_of(fault), []).append(what)
    numbers = {item.code: at for at, item in enumerate(asked_items(questionnaire), 1)}
    earlier = tuple(routing.earlier(questionnaire, ""))

    def line(item: Item) -> Line:
        return Line(
            item.code, numbers.get(item.code), said(item.text, main) or item.code,
            ASKED_AS[item.kind], _when(item, earlier),
            tuple(said(choice.label, main) for choice in questionnaire.options(item)),
            tuple(_marks(item)), tuple(wrong.get(item.code, ())),
            tuple(advice.get(item.code, ())), _deeds(held.survey, "question", item.code),
        )  # fmt: skip

    return tuple(
        Part(
            section.code, said(section.title, main), said(section.notice, main),
            _when(section, earlier), section.repeat, tuple(map(line, section.items)),
            _deeds(held.survey, "section", section.code),
        )
        for section in questionnaire.sections
    )  # fmt: skip


_DEEDS: Final = {
    "question": (("up", "Move up"), ("down", "Move down"), ("copy", "Copy")),
    "section": (("up", "Move up"), ("down", "Move down")),
}


def _deeds(survey: Survey, kind: str, code: str) -> tuple[tuple[str, str], ...]:
    """What a button alone does to a question or section: where it is sent, and its label."""
    return tuple(
        (reverse(f"surveys:{kind}-deed", args=[survey.area, survey.slug, code, deed]), label)
        for deed, label in _DEEDS[kind]
    )


def of_the_whole(held: Ready) -> tuple[Fault, ...]:
    """What is wrong and stands beside no question."""
    found = held.questionnaire
    codes = {item.code for item in found.items()} if found else set()
    return tuple(one for one in policies.things_to_fix(held) if code_of(one) not in codes)


def code_of(fault: Fault) -> str:
    """The code of the question that a fault is of, or what else stands there."""
    return fault.where.removeprefix("Question ").partition(" ")[0].rstrip(",:")


def _when(part: Item | Section, earlier: Sequence[routing.Earlier]) -> str:
    if not part.show_when:
        return ""
    route = routing.read(part.show_when)
    return part.show_when if route is None else routing.in_words(route, earlier)


def _marks(item: Item) -> Iterator[str]:
    if item.sensitive:
        yield "May be hard to be asked"
    if item.identifies:
        yield "Could show who somebody is"
    if item.groups:
        yield "Results are compared by it"
    if item.required:
        yield "Must be answered"
    if item.wording > 1:
        yield f"Wording {item.wording}"


# Languages.


@dataclass(frozen=True)
class Spoken:
    """One language: how many of its texts are there, whether its pages were confirmed."""

    code: str
    name: str
    main: bool
    there: int
    of: int
    offered: bool
    confirmed: bool
    promised: bool

    @property
    def status(self) -> str:
        """How far it is."""
        if self.there < self.of:
            return f"{self.there} of {self.of} texts"
        return "Every text is there"


def spoken(survey: Survey, questionnaire: QuestionnaireDefinition) -> tuple[Spoken, ...]:
    """The languages of a questionnaire."""
    content = drafting.plain(questionnaire)
    total = sum(1 for _ in drafting.texts(content))
    return tuple(
        Spoken(
            code,
            policies.language_name(code),
            main=code == questionnaire.languages[0],
            there=total - drafting.gaps(content, code),
            of=total,
            offered=code in survey.languages,
            confirmed=policies.is_confirmed(survey, code),
            promised=code in promise.wording().languages,
        )
        for code in questionnaire.languages
    )


def texts_for(
    questionnaire: QuestionnaireDefinition, language: str
) -> tuple[tuple[str, str, str, str], ...]:
    """Each text: its key, where it stands, what it says, what it says in this language."""
    content = drafting.plain(questionnaire)
    main = questionnaire.languages[0]
    return tuple(
        (text.key, text.where, text.said.get(main, ""), text.said.get(language, ""))
        for text in drafting.texts(content)
    )
