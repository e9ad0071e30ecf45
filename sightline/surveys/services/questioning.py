"""Writing the questions of a draft, and putting them into other languages."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

from django.db import transaction

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.surveys import drafting, policies, promise, queries, questionnaires
from sightline.surveys.definitions import QuestionnaireDefinition
from sightline.surveys.drafting import Content
from sightline.surveys.models import Questionnaire, Survey
from sightline.surveys.services import building

Edit = Callable[[Content], Content]
Verb = Literal[
    "questionnaire.changed", "questionnaire.translated", "questionnaire.language-removed"
]
CHANGED_MEANWHILE: Final = (
    "Somebody else changed this since you opened it. Look at it as it is now, and change it again."
)


def _change(
    actor: Actor,
    survey: Survey,
    edit: Edit,
    *,
    verb: Verb,
    what: str,
    words_only: bool = False,
) -> QuestionnaireDefinition:
    """Change the draft behind a survey: `edit` is given its content and gives it changed."""
    with transaction.atomic():
        survey = building.held(actor, survey)
        policies.check_can_build(survey)
        found = queries.questionnaire_row(survey.questionnaire)
        row = found if words_only and found is not None else policies.check_can_edit(found)
        row = Questionnaire.objects.select_for_update().get(pk=row.pk)
        if row.state != Questionnaire.State.DRAFT:
            policies.check_can_edit(row)
        base = questionnaires.questionnaire(row.based_on) if row.based_on else None
        was = questionnaires.parse(row.content, row.key)
        content = drafting.numbered(edit(drafting.plain(was)), base)
        definition = questionnaires.parse(content, "The questionnaire")
        _refuse_new_claims(was, definition)
        row.content = content
        row.save(update_fields=["content"])
        known = {item.code for item in policies.groupable(definition)}
        survey.groupings = [code for code in survey.groupings if code in known]
        survey.save(update_fields=["groupings"])
        _recorded(actor, verb, row, what)
    return definition


def _recorded(actor: Actor, verb: Verb, row: Questionnaire, what: str) -> None:
    about, after = f"questionnaire:{row.key}", {"what": what}
    match verb:
        case "questionnaire.changed":
            audit.record(actor, "questionnaire.changed", about, after=after)
        case "questionnaire.translated":
            audit.record(actor, "questionnaire.translated", about, after=after)
        case "questionnaire.language-removed":
            audit.record(actor, "questionnaire.language-removed", about, after=after)


def _refuse_new_claims(was: QuestionnaireDefinition, definition: QuestionnaireDefinition) -> None:
    """A claim that only the promise may make is not typed in; one that came in a file is listed."""
    before = set(promise.claims_of(promise.texts_of(was)))
    new = [one for one in promise.claims_of(promise.texts_of(definition)) if one not in before]
    if new:
        raise BadInput(" ".join(str(fault) for fault in new))


def change_question(
    *, actor: Actor, survey: Survey, code: str, item: Mapping[str, Any], was: str = "",
    answers: Sequence[Mapping[str, Any]] | None = None, alone: bool = False,
) -> QuestionnaireDefinition:  # fmt: skip
    """Put a question in the place of the one with this code.

    Args:
        actor: who changes it.
        survey: a draft.
        code: which question; it keeps its code.
        item: the question as plain data.
        was: the fingerprint of the question as they saw it; empty to change it whatever it is.
        answers: its answers, in place of those it had; None leaves them as they are.
        alone: where other questions have the same answers, leave theirs as they are.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or there is no such question.
        NotAllowed: it is not a draft of their own, or somebody changed the question meanwhile.
        BadInput, Faults: it claims what only the promise may, or is not a question.
    """

    def edit(content: Content) -> Content:
        if was and drafting.question_fingerprint(content, code) != was:
            raise NotAllowed(CHANGED_MEANWHILE)
        changed = {**item, "code": code}
        content = content if answers is None else _answering(content, changed, answers, alone)
        return drafting.without_unused(drafting.with_item(content, code, changed))

    return _change(actor, survey, edit, verb="questionnaire.changed", what=f"question {code}")


def _answering(
    content: Content, item: Content, answers: Sequence[Mapping[str, Any]], alone: bool
) -> Content:
    """The content with a question's answers in a list, which `item` names from now on."""
    name = item.get("choices", "")
    others = set(drafting.users_of(content, name)) - {item["code"]}
    if not name or (alone and others):
        name = drafting.new_list(content, item["code"])
    item["choices"] = name
    return drafting.with_choices(content, name, [dict(one) for one in answers])


def add_question(
    *, actor: Actor, survey: Survey, section: str, item: Mapping[str, Any],
    answers: Sequence[Mapping[str, Any]] | None = None,
) -> str:  # fmt: skip
    """Add a question at the end of a section; returns the code it was given.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run, or there is no such section.
        NotAllowed: it is not a draft of their own.
        BadInput, Faults: as `change_question`; there are too many questions.
    """
    given: list[str] = []

    def edit(content: Content) -> Content:
        words = item["text"].get(content["languages"][0], "")
        taken = drafting.codes_of(content)
        code = item.get("code") or drafting.code_from(" ".join(words.split()[:4]), taken)
        if code in taken:
            raise BadInput(f"There is a question or section with the code {code} already.")
        given[:] = [code]
        made = {**item, "code": code}
        if answers is not None:
            content = _answering(content, made, answers, alone=True)
        return drafting.adding_item(content, section, made)

    _change(actor, survey, edit, verb="questionnaire.changed", what="a question more")
    return given[0]


def copy_question(*, actor: Actor, survey: Survey, code: str) -> str:
    """Add a second question like one, after it; returns its code. Raises as `change_question`."""
    given: list[str] = []

    def edit(content: Content) -> Content:
        content, new = drafting.copying_item(content, code)
        given[:] = [new]
        return content

    _change(actor, survey, edit, verb="questionnaire.changed", what=f"question {code}, copied")
    return given[0]


def move_question(*, actor: Actor, survey: Survey, code: str, up: bool) -> None:
    """Move a question one place. Raises as `change_question`."""
    _change(
        actor, survey, lambda content: drafting.moving_item(content, code, up=up),
        verb="questionnaire.changed", what=f"question {code}, moved",
    )  # fmt: skip


def delete_question(*, actor: Actor, survey: Survey, code: str) -> None:
    """Delete a question. Raises as `change_question`."""
    _change(
        actor, survey, lambda content: drafting.without_item(content, code),
        verb="questionnaire.changed", what=f"question {code}, deleted",
    )  # fmt: skip


def change_section(
    *, actor: Actor, survey: Survey, code: str, fields: Mapping[str, Any], was: str = ""
) -> None:
    """Change the words of a section. Raises as `change_question`."""

    def edit(content: Content) -> Content:
        if was and drafting.fingerprint(_bare(drafting.section_of(content, code))) != was:
            raise NotAllowed(CHANGED_MEANWHILE)
        return drafting.with_section(content, code, fields)

    _change(actor, survey, edit, verb="questionnaire.changed", what=f"section {code}")


def _bare(section: Content) -> Content:
    return {name: value for name, value in section.items() if name != "items"}


def section_fingerprint(section: Content) -> str:
    """The fingerprint of a section's own words, whatever its questions say."""
    return drafting.fingerprint(_bare(section))


def add_section(*, actor: Actor, survey: Survey, title: str) -> str:
    """Add a section at the end, with a note to begin with; returns its code.

    Raises:
        as `change_question`.
    """
    given: list[str] = []

    def edit(content: Content) -> Content:
        taken = drafting.codes_of(content)
        main = content["languages"][0]
        item = {
            "code": drafting.code_from("new question", taken),
            "kind": "text",
            "text": {main: "What do you want to say about this?"},
        }
        content, code = drafting.adding_section(content, title, item)
        given[:] = [code]
        return content

    _change(actor, survey, edit, verb="questionnaire.changed", what="a section more")
    return given[0]


def move_section(*, actor: Actor, survey: Survey, code: str, up: bool) -> None:
    """Move a section one place. Raises as `change_question`."""
    _change(
        actor, survey, lambda content: drafting.moving_section(content, code, up=up),
        verb="questionnaire.changed", what=f"section {code}, moved",
    )  # fmt: skip


def delete_section(*, actor: Actor, survey: Survey, code: str) -> None:
    """Delete a section with its questions. Raises as `change_question`."""
    _change(
        actor, survey, lambda content: drafting.without_section(content, code),
        verb="questionnaire.changed", what=f"section {code}, deleted",
    )  # fmt: skip


def change_introduction(
    *, actor: Actor, survey: Survey, title: str, introduction: str, minutes: int
) -> None:
    """Change what is said first, and how long it is said to take. Raises as `change_question`."""

    def edit(content: Content) -> Content:
        main = content["languages"][0]
        words = {**content["introduction"], main: introduction}
        return {**content, "title": title, "introduction": words, "minutes": minutes}

    _change(actor, survey, edit, verb="questionnaire.changed", what="introduction")


# Languages.


def translate(
    *, actor: Actor, survey: Survey, language: str, texts: Mapping[str, str]
) -> QuestionnaireDefinition:
    """Keep texts in a language, by their keys; an empty one is taken out.

    A framework copy is translated in a copy that stays locked in every other way.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it has been opened.
        BadInput: it is the main language, or a text claims what only the promise may.
    """
    with transaction.atomic():
        survey = _translatable(actor, survey)
        return _change(
            actor, survey, lambda content: drafting.translated(content, language, texts),
            verb="questionnaire.translated", what=language, words_only=True,
        )  # fmt: skip


def remove_language(*, actor: Actor, survey: Survey, language: str) -> None:
    """Take every text in a language out, and offer it no more. Raises as `translate`."""
    with transaction.atomic():
        survey = _translatable(actor, survey)
        _change(
            actor, survey, lambda content: drafting.without_language(content, language),
            verb="questionnaire.language-removed", what=language, words_only=True,
        )  # fmt: skip
        survey.refresh_from_db()
        survey.languages = [one for one in survey.languages if one != language]
        gone = policies.confirmed_language(language)
        survey.done = [one for one in survey.done if one != gone]
        survey.save(update_fields=["languages", "done"])


def _translatable(actor: Actor, survey: Survey) -> Survey:
    """The survey with questions of the area's own, locked if they are a framework copy's."""
    row = queries.questionnaire_row(survey.questionnaire)
    if row is not None and row.state == Questionnaire.State.DRAFT:
        return survey
    locked = row is None or bool(row.content.get("locked", True))
    return building.own_copy(actor=actor, survey=survey, locked=locked)


__all__ = [
    "add_question", "add_section", "change_introduction", "change_question",
    "change_section", "copy_question", "delete_question", "delete_section", "move_question",
    "move_section", "remove_language", "section_fingerprint", "translate",
]  # fmt: skip
