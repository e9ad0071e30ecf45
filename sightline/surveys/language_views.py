"""Pages of languages and formats: which there are, each text side by side, the workbook of them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.kernel.errors import NotFound
from sightline.surveys import policies, presenters_tasks, texts
from sightline.surveys.building_views import METHODS, kept, posted, ready, task_crumbs
from sightline.surveys.definitions import QuestionnaireDefinition
from sightline.surveys.forms import (
    FormatsForm,
    LanguageForm,
    NothingForm,
    TextsForm,
    WorkbookForm,
)
from sightline.surveys.models import Survey
from sightline.surveys.permissions import RUN, SEE, get_survey_for
from sightline.surveys.respondent import content as words
from sightline.surveys.services import building, questioning

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _questionnaire(survey: Survey) -> QuestionnaireDefinition:
    return policies.readable(ready(survey))


def _language_url(survey: Survey, language: str) -> str:
    return reverse("surveys:build-language", args=[survey.area, survey.slug, language])


def _crumbs(survey: Survey) -> list[tuple[str, str]]:
    here = presenters_tasks.task_url(survey, "languages")
    return task_crumbs(survey, (policies.TASKS["languages"], here))


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def languages(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Which languages people can choose, and whether there is paper; add a language."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire = _questionnaire(survey)
    adds = request.method == "POST" and "language" in request.POST
    known = [
        (code, one.name)
        for code, one in words.languages().items()
        if code not in questionnaire.languages
    ]
    more = LanguageForm(posted(request) if adds else None, languages=known)
    if more.is_bound and more.is_valid():
        return redirect(_language_url(survey, more.cleaned_data["language"]))
    spoken = presenters_tasks.spoken(survey, questionnaire)
    form = FormatsForm(
        None if adds else posted(request),
        initial={name: getattr(survey, name) for name in building.SETTINGS["languages"]},
        languages=[(one.code, one.name) for one in spoken if one.there == one.of],
    )

    def act() -> None:
        building.set_up(
            actor=request.user, survey=survey, task="languages", values=form.cleaned_data
        )

    if kept(form, act):
        messages.success(request, "Saved.")
        return redirect("surveys:build", area=survey.area, slug=survey.slug)
    context = {
        "survey": survey, "form": form, "more": more if known else None, "spoken": spoken,
        "may_translate": survey.state == Survey.State.DRAFT, "crumbs": task_crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/build_languages.html", context)


def _known(questionnaire: QuestionnaireDefinition, language: str) -> str:
    """The name of a language that texts can be put into."""
    if language == questionnaire.languages[0] or (
        language not in words.languages() and language not in questionnaire.languages
    ):
        raise NotFound("There is no such language here.")
    return policies.language_name(language)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def language(request: SignedInRequest, area: str, slug: str, language: str) -> HttpResponse:
    """Every text in a language, beside the main one; typed, or sent as a workbook."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire = _questionnaire(survey)
    name = _known(questionnaire, language)
    policies.check_can_build(survey)
    found = presenters_tasks.texts_for(questionnaire, language)
    sends = (request.method == "POST" and "workbook" in request.FILES) or "send" in request.POST
    form = TextsForm(None if sends else posted(request), texts=found, language=language)
    sent = WorkbookForm(posted(request) if sends else None, request.FILES if sends else None)

    def translate(said: Callable[[], Any]) -> Callable[[], None]:
        def act() -> None:
            questioning.translate(
                actor=request.user, survey=survey, language=language, texts=said()
            )

        return act

    def from_workbook() -> Any:
        file = sent.cleaned_data["workbook"]
        return texts.read(file.read(), file.name, name, [key for key, *_ in found])

    if kept(form, translate(form.texts)) or kept(sent, translate(from_workbook)):
        messages.success(request, f"The texts in {name} are saved.")
        return redirect(presenters_tasks.task_url(survey, "languages"))
    context = {
        "survey": survey, "form": form, "sent": sent, "language": language, "name": name,
        "rows": list(zip(found, (form[f"text-{at}"] for at in range(len(found))), strict=True)),
        "direction": words.direction(language),
        "crumbs": _crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/build_language.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_safe
def workbook(request: SignedInRequest, area: str, slug: str, language: str) -> HttpResponse:
    """The texts as a workbook, to be filled in and sent back."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire = _questionnaire(survey)
    name = _known(questionnaire, language)
    found = presenters_tasks.texts_for(questionnaire, language)
    answer = HttpResponse(texts.workbook(questionnaire.title, name, found), content_type=XLSX)
    file = f"{questionnaire.code}-{questionnaire.version}-{language}.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def confirm(request: SignedInRequest, area: str, slug: str, language: str) -> HttpResponse:
    """Ask whether a fluent reader has looked at the pages in a language; on POST, keep that."""
    survey = get_survey_for(request.user, area, slug, RUN)
    if language not in survey.languages:
        raise NotFound("This survey is not in that language.")
    form = NothingForm(posted(request))
    mark = policies.confirmed_language(language)
    if kept(form, lambda: building.confirm(actor=request.user, survey=survey, what=mark)):
        messages.success(request, "Saved.")
        return redirect(presenters_tasks.task_url(survey, "languages"))
    context = {
        "survey": survey, "form": form, "name": policies.language_name(language),
        "language": language, "crumbs": _crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/build_confirm.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def remove(request: SignedInRequest, area: str, slug: str, language: str) -> HttpResponse:
    """Ask whether every text in a language is to go; on POST, take them out."""
    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire = _questionnaire(survey)
    if language not in questionnaire.languages[1:]:
        raise NotFound("There is no such language here.")
    form = NothingForm(posted(request))

    def act() -> None:
        questioning.remove_language(actor=request.user, survey=survey, language=language)

    if kept(form, act):
        messages.success(request, "The language is taken out.")
        return redirect(presenters_tasks.task_url(survey, "languages"))
    context = {
        "survey": survey, "form": form, "what": "language",
        "words": policies.language_name(language),
        "back": presenters_tasks.task_url(survey, "languages"), "crumbs": _crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/build_delete.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_safe
def form_elsewhere(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The questions as an XLSForm, for KoboToolbox or ODK."""
    from sightline.surveys.xlsform import exporting

    survey = get_survey_for(request.user, area, slug, RUN)
    questionnaire = _questionnaire(survey)
    form = exporting.export_form(policies.in_finished_languages(questionnaire))
    answer = HttpResponse(form, content_type=XLSX)
    file = f"{questionnaire.code}-{questionnaire.version}-xlsform.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{file}"'
    return answer
