"""Pages of writing questions: the list of them, one question, a section, the introduction."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.framework.definitions import library
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound
from sightline.surveys import drafting, policies, presenters_tasks, queries, questionnaires
from sightline.surveys.building_views import METHODS, kept, posted, ready, task_crumbs
from sightline.surveys.definitions import QuestionnaireDefinition, said
from sightline.surveys.forms import NothingForm
from sightline.surveys.models import Survey
from sightline.surveys.permissions import RUN, SEE, get_survey_for
from sightline.surveys.question_forms import (
    THIS_ONE,
    YOUNG,
    IntroductionForm,
    NewSectionForm,
    QuestionForm,
    SectionForm,
    question_initial,
)
from sightline.surveys.services import questioning

EDITION: Final = "children"
"""The framework whose indicators a question may be linked to, in its latest edition."""
Content = drafting.Content


def _list_url(survey: Survey) -> str:
    return presenters_tasks.task_url(survey, "questions")


def question_url(survey: Survey, code: str) -> str:
    """Where a question is changed."""
    return reverse("surveys:build-question", args=[survey.area, survey.slug, code])


def _crumbs(survey: Survey) -> list[tuple[str, str]]:
    return task_crumbs(survey, (policies.TASKS["questions"], _list_url(survey)))


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def questions(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Every question, with what is wrong and what could be better; on POST, a section more."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = NewSectionForm(posted(request))

    def act() -> None:
        title = form.cleaned_data["title"]
        questioning.add_section(actor=request.user, survey=survey, title=title)

    if kept(form, act):
        messages.success(request, "The section is added, with a question to begin with.")
        return redirect(_list_url(survey))
    held = ready(survey)
    lines = presenters_tasks.parts(held)
    context = {
        "survey": survey,
        "form": form,
        "questionnaire": held.questionnaire,
        "introduction": _introduction(held.questionnaire),
        "parts": lines,
        "whole": [str(one) for one in presenters_tasks.of_the_whole(held)],
        "asked": sum(1 for part in lines for line in part.lines if line.number),
        "may_edit": _may_edit(survey),
        "crumbs": task_crumbs(survey),
    }
    return render(request, "surveys/build_questions.html", context)


def _introduction(questionnaire: QuestionnaireDefinition | None) -> str:
    return said(questionnaire.introduction, questionnaire.languages[0]) if questionnaire else ""


def _may_edit(survey: Survey) -> bool:
    try:
        policies.check_can_build(survey)
        policies.check_can_edit(queries.questionnaire_row(survey.questionnaire))
    except NotAllowed:
        return False
    return True


def _draft(survey: Survey) -> tuple[QuestionnaireDefinition, Content]:
    """The questionnaire that is being written, and its content.

    Raises:
        NotAllowed: it is not a draft of their own.
    """
    policies.check_can_build(survey)
    row = policies.check_can_edit(queries.questionnaire_row(survey.questionnaire))
    found = questionnaires.parse(row.content, row.key)
    return found, drafting.plain(found)


def _indicators() -> list[tuple[str, str]]:
    edition = library().frameworks.latest(EDITION)
    return [(one.code, f"{one.code} {one.title}") for one in edition.indicators]


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def question(request: SignedInRequest, area: str, slug: str, code: str) -> HttpResponse:
    """Change one question."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire, content = _draft(survey)
    item = drafting.item_of(content, code)
    options = content["choices"].get(item.get("choices", ""), [])
    shared = [one for one in drafting.users_of(content, item.get("choices", "")) if one != code]
    form = QuestionForm(
        posted(request),
        initial=question_initial(content, item, questionnaire.languages[0]),
        questionnaire=questionnaire, code=code, indicators=_indicators(),
        shared=shared if item.get("choices") else (),
        filtered=any(choice.get("filters") for choice in options),
    )  # fmt: skip

    def act() -> None:
        made, answers = _from_form(form, item, options)
        alone = form.cleaned_data.get("whose") == THIS_ONE
        questioning.change_question(
            actor=request.user, survey=survey, code=code, item=made,
            answers=answers, alone=alone, was=form.cleaned_data["was"],
        )  # fmt: skip

    if kept(form, act):
        messages.success(request, "The question is saved.")
        codes = [one.code for one in questionnaire.items()]
        following = codes[codes.index(code) + 1 :]
        if "next" in request.POST and following:
            return redirect(question_url(survey, following[0]))
        return redirect(f"{_list_url(survey)}#{code}")
    context = _question_context(survey, form, questionnaire) | {
        "item": item, "code": code, "line": _line(survey, code), "shared": len(shared),
        "wording": item.get("wording", 1),
    }  # fmt: skip
    return render(request, "surveys/build_question.html", context)


def _from_form(
    form: QuestionForm, item: Content, options: list[Content]
) -> tuple[dict[str, Any], list[dict[str, Any]] | None]:
    made = form.item(item)
    answers = form.choices(options)
    if "answers" in form.fields or options:
        measures = form.named_measures(answers if answers is not None else options)
        made = {**made, "measures": measures} if measures else _without(made, "measures")
    return made, answers


def _without(item: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in item.items() if key != name}


def _question_context(
    survey: Survey, form: QuestionForm, questionnaire: QuestionnaireDefinition
) -> dict[str, Any]:
    return {
        "survey": survey,
        "form": form,
        "questionnaire": questionnaire,
        "routes": "when_1" in form.fields,
        "young": questionnaire.audience in YOUNG,
        "experts": bool(form["show_when"].errors or form["constraint"].errors),
        "crumbs": _crumbs(survey),
    }


def _line(survey: Survey, code: str) -> presenters_tasks.Line | None:
    held = ready(survey)
    lines = (line for part in presenters_tasks.parts(held) for line in part.lines)
    return next((line for line in lines if line.code == code), None)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def new_question(request: SignedInRequest, area: str, slug: str, section: str) -> HttpResponse:
    """Add a question at the end of a section."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire, content = _draft(survey)
    drafting.section_of(content, section)
    form = QuestionForm(
        posted(request), initial={"kind": "one", "lines": 4},
        questionnaire=questionnaire, code="", indicators=_indicators(),
    )  # fmt: skip
    added: list[str] = []

    def act() -> None:
        made, answers = _from_form(form, {}, [])
        added.append(
            questioning.add_question(
                actor=request.user, survey=survey, section=section, item=made, answers=answers
            )
        )

    if kept(form, act):
        messages.success(request, "The question is added.")
        return redirect(f"{_list_url(survey)}#{added[0]}")
    return render(
        request, "surveys/build_question.html", _question_context(survey, form, questionnaire)
    )


DEEDS: Final = frozenset({"up", "down", "copy"})


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_POST
def question_deed(
    request: SignedInRequest, area: str, slug: str, code: str, deed: str
) -> HttpResponse:
    """Move a question up or down, or copy it."""
    survey = get_survey_for(request.user, area, slug, RUN)
    if deed not in DEEDS:
        raise NotFound("There is no such page.")
    where = [code]

    def act() -> None:
        if deed == "copy":
            where[:] = [questioning.copy_question(actor=request.user, survey=survey, code=code)]
        else:
            questioning.move_question(actor=request.user, survey=survey, code=code, up=deed == "up")

    _done(request, act)
    return redirect(f"{_list_url(survey)}#{where[0]}")


def _done(request: SignedInRequest, act: Callable[[], None]) -> None:
    """Do it; what is refused is said on the page it leads to."""
    try:
        act()
    except (BadInput, Faults, NotAllowed) as refusal:
        messages.error(request, str(refusal))


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def delete_question(request: SignedInRequest, area: str, slug: str, code: str) -> HttpResponse:
    """Ask whether a question is to go; on POST, delete it."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire, content = _draft(survey)
    item = drafting.item_of(content, code)
    form = NothingForm(posted(request))

    def act() -> None:
        questioning.delete_question(actor=request.user, survey=survey, code=code)

    if kept(form, act):
        messages.success(request, "The question is deleted.")
        return redirect(_list_url(survey))
    words = item["text"].get(questionnaire.languages[0], code)
    context = {
        "survey": survey, "form": form, "what": "question", "words": words,
        "back": question_url(survey, code), "crumbs": _crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/build_delete.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def section(request: SignedInRequest, area: str, slug: str, section: str) -> HttpResponse:
    """Change the words of a section."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire, content = _draft(survey)
    found, main = drafting.section_of(content, section), questionnaire.languages[0]
    initial = {
        "title": found["title"].get(main, ""),
        "notice": found.get("notice", {}).get(main, ""),
        "repeat": found.get("repeat", ""),
        "was": questioning.section_fingerprint(found),
    }
    form = SectionForm(posted(request), initial=initial)

    def act() -> None:
        given = form.cleaned_data
        notice = " ".join(given["notice"].split())
        fields = {
            "title": {**found["title"], main: given["title"]},
            "notice": {**found.get("notice", {}), main: notice} if notice else {},
            "repeat": given["repeat"],
        }
        questioning.change_section(
            actor=request.user, survey=survey, code=section, fields=fields, was=given["was"]
        )

    if kept(form, act):
        messages.success(request, "The section is saved.")
        return redirect(f"{_list_url(survey)}#section-{section}")
    context = {"survey": survey, "form": form, "code": section, "crumbs": _crumbs(survey)}
    return render(request, "surveys/build_section.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_POST
def section_deed(
    request: SignedInRequest, area: str, slug: str, section: str, deed: str
) -> HttpResponse:
    """Move a section up or down."""
    survey = get_survey_for(request.user, area, slug, RUN)
    if deed not in {"up", "down"}:
        raise NotFound("There is no such page.")
    _done(
        request,
        lambda: questioning.move_section(
            actor=request.user, survey=survey, code=section, up=deed == "up"
        ),
    )
    return redirect(f"{_list_url(survey)}#section-{section}")


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def delete_section(request: SignedInRequest, area: str, slug: str, section: str) -> HttpResponse:
    """Ask whether a section is to go with its questions; on POST, delete it."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire, content = _draft(survey)
    found = drafting.section_of(content, section)
    form = NothingForm(posted(request))

    def act() -> None:
        questioning.delete_section(actor=request.user, survey=survey, code=section)

    if kept(form, act):
        messages.success(request, "The section is deleted.")
        return redirect(_list_url(survey))
    context = {
        "survey": survey, "form": form, "what": "section",
        "words": found["title"].get(questionnaire.languages[0], section),
        "questions": len(found["items"]),
        "back": reverse("surveys:build-section", args=[survey.area, survey.slug, section]),
        "crumbs": _crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/build_delete.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def introduction(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Change what is said first."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire, content = _draft(survey)
    main = questionnaire.languages[0]
    initial = {
        "title": questionnaire.title,
        "introduction": content["introduction"].get(main, ""),
        "minutes": questionnaire.minutes,
    }
    form = IntroductionForm(posted(request), initial=initial)

    def act() -> None:
        questioning.change_introduction(actor=request.user, survey=survey, **form.cleaned_data)

    if kept(form, act):
        messages.success(request, "Saved.")
        return redirect(_list_url(survey))
    context = {"survey": survey, "form": form, "crumbs": _crumbs(survey)}
    return render(request, "surveys/build_introduction.html", context)
