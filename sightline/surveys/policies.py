"""What the state of a survey allows: what may be changed, and what is missing before it opens."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.kernel.errors import Fault, Faults, NotAllowed, NotFound
from sightline.surveys import drafting, promise, questionnaires
from sightline.surveys.definitions import CHOSEN, QuestionnaireDefinition
from sightline.surveys.models import Questionnaire, Survey
from sightline.surveys.respondent import content as words

TASKS: Final = {
    "start": "Choose a starting point",
    "access": "Who can answer and how they get in",
    "questions": "Questions",
    "languages": "Languages and formats",
    "help": "Help and support shown to people",
    "privacy": "What people will be told about privacy",
    "results": "Who sees results and when",
    "open": "Try it, then open",
}
"""The tasks of setting a survey up, in their order. The address of each ends in its code."""

TOLD_TO_CHILDREN: Final = frozenset({"child", "young-person"})
SMALLEST_BASE: Final = 5
ONE: Final = 1


@dataclass(frozen=True)
class Missing:
    """One thing without which a survey does not open, and the task that puts it right."""

    task: str
    what: str


@dataclass(frozen=True)
class Ready:
    """A survey with what deciding needs, read once.

    `questionnaire` None: it cannot be read, and `unreadable` says why. `readers`: how many people
    are named to read free texts.
    """

    survey: Survey
    questionnaire: QuestionnaireDefinition | None
    readers: int
    unreadable: tuple[Fault, ...] = ()

    @property
    def free_text(self) -> bool:
        """Whether people can write in their own words."""
        items = self.questionnaire.items() if self.questionnaire else ()
        return any(item.kind == "text" for item in items)


def ready(survey: Survey, readers: int) -> Ready:
    """A survey with its questionnaire."""
    try:
        return Ready(survey, questionnaires.questionnaire(survey.questionnaire), readers)
    except Faults as faults:
        return Ready(survey, None, readers, faults.faults)
    except NotFound as gone:
        return Ready(survey, None, readers, (Fault("", str(gone)),))


def readable(held: Ready) -> QuestionnaireDefinition:
    """The questionnaire.

    Raises:
        NotAllowed: it cannot be read.
    """
    if held.questionnaire is None:
        raise NotAllowed("The questions cannot be read. Put them right first.")
    return held.questionnaire


def things_to_fix(held: Ready) -> tuple[Fault, ...]:
    """Everything that keeps the questions from being asked."""
    if held.questionnaire is None:
        return held.unreadable
    asked = any(item.kind not in {"note", "calculate"} for item in held.questionnaire.items())
    none = () if asked else (Fault("", "There is no question yet.", "Add one."),)
    return (
        *none,
        *questionnaires.faults(_in_main_language(held.questionnaire)),
        *promise.claims_of(promise.texts_of(held.questionnaire)),
    )


def _in_main_language(questionnaire: QuestionnaireDefinition) -> QuestionnaireDefinition:
    """Without its other languages, whose gaps are a task of their own."""
    return _without(questionnaire, questionnaire.languages[1:])


def in_finished_languages(questionnaire: QuestionnaireDefinition) -> QuestionnaireDefinition:
    """Without languages in which a text is not there."""
    content = drafting.plain(questionnaire)
    gone = [one for one in questionnaire.languages[1:] if drafting.gaps(content, one)]
    return _without(questionnaire, gone)


def _without(
    questionnaire: QuestionnaireDefinition, languages: Sequence[str]
) -> QuestionnaireDefinition:
    content = drafting.plain(questionnaire)
    for language in languages:
        content = drafting.without_language(content, language)
    return questionnaires.parse(content, questionnaire.key) if languages else questionnaire


def missing(held: Ready, today: dt.date) -> tuple[Missing, ...]:
    """Everything without which a survey does not open, in the order of the tasks."""
    return (
        *_access(held.survey, today),
        *(Missing("questions", str(fault)) for fault in things_to_fix(held)),
        *_languages(held),
        *_help(held.survey),
        *_results(held, today),
        *_privacy(held),
    )


def _access(survey: Survey, today: dt.date) -> Iterator[Missing]:
    if "access" not in survey.done:
        yield Missing("access", "Say how people get in.")
    if survey.closes_on is None:
        yield Missing("access", "Say the last day on which people can answer.")
    elif survey.closes_on < today:
        yield Missing("access", "The last day is in the past. Choose a later one.")


def _languages(held: Ready) -> Iterator[Missing]:
    survey, questionnaire = held.survey, held.questionnaire
    if questionnaire is None:
        return
    content = drafting.plain(questionnaire)
    for language in survey.languages:
        name = language_name(language)
        gaps = drafting.gaps(content, language)
        if gaps:
            texts = "text is" if gaps == ONE else "texts are"
            yield Missing("languages", f"{gaps} {texts} not in {name} yet.")
        if language not in promise.wording().languages:
            yield Missing("languages", f"The privacy promise has no words in {name}.")
        if not is_confirmed(survey, language):
            yield Missing(
                "languages",
                f"Nobody has confirmed the words of the pages and the privacy promise in {name}. "
                "Ask a fluent reader.",
            )


def _help(survey: Survey) -> Iterator[Missing]:
    if not survey.local_help:
        yield Missing("help", "Say whom people here can call or talk to.")
    if survey.audience in TOLD_TO_CHILDREN:
        if not survey.handout_note:
            yield Missing("help", "Write the note for those who hand it out.")
        if not survey.parents_told:
            yield Missing("help", "Say how parents and carers are told.")


def _results(held: Ready, today: dt.date) -> Iterator[Missing]:
    survey = held.survey
    if "results" not in survey.done:
        yield Missing("results", "Say who sees results and when.")
    if survey.heard_by is None:
        yield Missing("results", "Say by when people hear what was said.")
    elif survey.closes_on and survey.heard_by <= survey.closes_on:
        yield Missing("results", "People hear what was said after the survey has closed.")
    if survey.destroy_on is None:
        yield Missing("results", "Say when answers are deleted.")
    elif survey.closes_on and survey.destroy_on <= survey.closes_on:
        yield Missing("results", "Answers are deleted after the survey has closed.")
    if held.free_text and not held.readers:
        yield Missing("results", "Name somebody trained who reads what people write.")
    known = {item.code for item in groupable(held.questionnaire)} if held.questionnaire else set()
    for code in survey.groupings:
        if code not in known:
            yield Missing("results", f"Results cannot be compared by “{code}”: choose again.")


def _privacy(held: Ready) -> Iterator[Missing]:
    if held.questionnaire is None:
        return
    if privacy_mark(held.survey, held.questionnaire) not in held.survey.done:
        yield Missing("privacy", "Read what people will be told about privacy.")
    yield from (
        Missing(task, str(fault))
        for task, fields in LOCAL.items()
        for fault in promise.claims_of(local_texts(held.survey, fields))
    )


LOCAL: Final = {
    "start": ("title",),
    "help": ("local_help", "handout_note", "parents_told"),
    "results": ("what_changed",),
}
_CALLED: Final = {
    "title": "The title",
    "local_help": "The help",
    "handout_note": "The note for those who hand it out",
    "parents_told": "How parents and carers are told",
    "what_changed": "What changed",
}


def local_texts(survey: Survey, fields: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Texts that the area wrote of a survey, with what they are called."""
    for name in fields:
        value = getattr(survey, name)
        for text in value if isinstance(value, list) else [value]:
            yield _CALLED[name], text


def groupable(questionnaire: QuestionnaireDefinition) -> Iterator[Any]:
    """The questions by which results may be compared."""
    return (item for item in questionnaire.items() if item.groups and item.kind in CHOSEN)


def privacy_mark(survey: Survey, questionnaire: QuestionnaireDefinition) -> str:
    """What `done` holds once somebody has read this very promise."""
    said = promise.promise_of(survey, questionnaire).to_data()["said"]
    text = json.dumps(said, sort_keys=True)
    return "privacy:" + hashlib.sha256(text.encode()).hexdigest()[:16]


def confirmed_language(language: str) -> str:
    """What `done` holds once somebody says that a fluent reader confirmed a language."""
    return f"language:{language}"


def is_confirmed(survey: Survey, language: str) -> bool:
    """Whether a fluent reader confirmed the pages and the promise in a language, here or for all.

    One confirmation is for both: whoever gives it has read the survey in that language.
    """
    draft = words.unconfirmed(language) or promise.unconfirmed(language)
    return not draft or confirmed_language(language) in survey.done


def language_name(language: str) -> str:
    """What a language is called in English; its code where nobody has said."""
    found = words.languages().get(language)
    return found.name if found else language


# What may be done now.


def check_can_build(survey: Survey) -> None:
    """Questions are changed before anybody has met them.

    Raises:
        NotAllowed: the survey has been opened.
    """
    if survey.state != Survey.State.DRAFT:
        raise NotAllowed(
            "This survey has been opened, so its questions stay as people met them. "
            "To ask something else, begin another survey."
        )


def check_can_set(survey: Survey) -> None:
    """Settings are changed until it is closed.

    Raises:
        NotAllowed: it has closed.
    """
    if survey.state in {Survey.State.CLOSED, Survey.State.DESTROYED}:
        raise NotAllowed("This survey has closed, so nothing about it can be changed.")


def check_has_words(survey: Survey) -> None:
    """Something people wrote may still be there, or come.

    Raises:
        NotAllowed: everything was deleted.
    """
    if survey.state == Survey.State.DESTROYED:
        raise NotAllowed("The answers of this survey have been deleted, so nobody reads them.")


def check_can_edit(row: Questionnaire | None) -> Questionnaire:
    """The draft that holds the questions of a survey.

    Raises:
        NotAllowed: they are shared, or have been asked already.
    """
    if row is None or row.content.get("locked", True):
        raise NotAllowed(
            "These questions are a framework copy: the same words everywhere, so that areas can be "
            "compared. They can be translated, not reworded. To change them, make your own copy."
        )
    if row.state != Questionnaire.State.DRAFT:
        raise NotAllowed(
            "These questions have been asked, so they stay as they are. Make the next version to "
            "change them."
        )
    return row


def check_base(survey: Survey, base: int) -> None:
    """The base for reporting, which never falls below what people were promised.

    Raises:
        NotAllowed: it is lower than that, or than any survey's may be.
    """
    if base < survey.base_promised:
        raise NotAllowed(
            f"People were promised groups of {survey.base_promised} or more. That can be raised, "
            "never lowered."
        )
    if base < SMALLEST_BASE:
        raise NotAllowed(f"Results are shown for groups of {SMALLEST_BASE} or more, never fewer.")


def check_can_open(held: Ready, today: dt.date) -> None:
    """A draft, or a paused survey, with nothing missing.

    Raises:
        NotAllowed: it is open, it has closed, or the list of what is missing.
    """
    if held.survey.state == Survey.State.OPEN:
        raise NotAllowed("This survey is open already.")
    check_can_set(held.survey)
    if found := missing(held, today):
        raise NotAllowed("This survey cannot open yet. " + " ".join(one.what for one in found))


def check_is_open(survey: Survey) -> None:
    """Somebody may answer now.

    Raises:
        NotAllowed: it is not open.
    """
    if survey.state != Survey.State.OPEN:
        raise NotAllowed("This survey is not open.")


def check_can_tell(survey: Survey, words: str) -> None:
    """It has closed, so that nobody answers what others have said; no claim of the promise's.

    Raises:
        NotAllowed: it has not closed.
        Faults: it says of itself what only the promise may say.
    """
    if survey.state not in {Survey.State.CLOSED, Survey.State.DESTROYED}:
        raise NotAllowed("People are told what was said once the survey has closed.")
    claims = promise.claims_of([(_CALLED["what_changed"], words)])
    if claims:
        raise Faults("What people are told", claims)


def check_is_running(survey: Survey) -> None:
    """It has been opened and has not closed.

    Raises:
        NotAllowed: it is a draft, or has closed.
    """
    if survey.state not in {Survey.State.OPEN, Survey.State.PAUSED}:
        raise NotAllowed("This survey is not running.")


def check_can_extend(survey: Survey, closes_on: dt.date, today: dt.date) -> None:
    """A later last day, before the answers are deleted.

    Raises:
        NotAllowed: it is not running, or the day is not later, or too late.
    """
    check_is_running(survey)
    if survey.closes_on is None or closes_on <= survey.closes_on or closes_on < today:
        raise NotAllowed("Choose a day later than the last day as it is.")
    if survey.destroy_on is None or closes_on >= survey.destroy_on:
        raise NotAllowed(
            "Answers would be deleted before the survey closes. Change when they are deleted first."
        )
