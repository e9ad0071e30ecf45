"""Pages of setting a survey up: the tasks, and those that are one form each."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Scope
from sightline.access.queries import people_holding
from sightline.design.forms import SightlineForm
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound
from sightline.partnerships.queries import partnership
from sightline.surveys import drafting, policies, presenters_tasks, promise, queries, questionnaires
from sightline.surveys.definitions import said
from sightline.surveys.forms import (
    EMPTY,
    FORM_ELSEWHERE,
    AccessForm,
    HelpForm,
    NewSurveyForm,
    NothingForm,
    ReaderForm,
    ResultsForm,
)
from sightline.surveys.models import SafetyReader, Survey
from sightline.surveys.permissions import (
    READ,
    RUN,
    SEE,
    get_area_for,
    get_survey_for,
    inspections_to_run_for,
)
from sightline.surveys.policies import Ready
from sightline.surveys.presenters import AUDIENCES
from sightline.surveys.services import building
from sightline.surveys.services.building import Start
from sightline.surveys.views import Crumbs, crumbs, survey_crumbs
from sightline.surveys.xlsform.importing import import_form
from sightline.surveys.xlsform.notices import Kind, as_data

METHODS = require_http_methods(["GET", "HEAD", "POST"])


def ready(survey: Survey) -> Ready:
    """A survey with what deciding about it needs."""
    return policies.ready(survey, queries.readers_of(survey).count())


def task_crumbs(survey: Survey, *more: tuple[str, str]) -> Crumbs:
    """The way to a task of setting up."""
    here = ("Setting up", reverse("surveys:build", args=[survey.area, survey.slug]))
    return survey_crumbs(survey, here, *more)


def kept(form: SightlineForm, act: Callable[[], Any]) -> bool:
    """Do what a form asks if it can be read; what is refused is said in the form."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        act()
    except Faults as refusal:
        for fault in refusal.faults:
            form.add_error(None, str(fault))
    except (BadInput, NotAllowed, NotFound) as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def posted(request: SignedInRequest) -> Any:
    """What was sent, or None."""
    return request.POST if request.method == "POST" else None


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def new(request: SignedInRequest, area: str) -> HttpResponse:
    """Begin a survey: what it is called, and where its questions come from."""
    found = get_area_for(request.user, area, RUN)
    inspections, for_itself = inspections_to_run_for(request.user, found.code)
    form = NewSurveyForm(
        posted(request), request.FILES or None, questionnaires=_to_start_from(found.code),
        inspections=inspections, for_itself=for_itself,
    )  # fmt: skip
    made: list[Survey] = []

    def begin() -> None:
        given = form.cleaned_data
        made.append(
            building.start_survey(
                actor=request.user, area=found.code, title=given["title"],
                start=_start(given), inspection=given.get("inspection", ""),
            )
        )  # fmt: skip

    if kept(form, begin):
        messages.success(request, "The survey is begun. Nobody can answer until you open it.")
        return redirect("surveys:build", area=found.code, slug=made[0].slug)
    context = {"area": found, "form": form, "crumbs": crumbs(found)}
    return render(request, "surveys/new.html", context)


def _to_start_from(area: str) -> list[tuple[str, str]]:
    shipped = [
        (one.key, f"{one.title} (shipped, version {one.version}, {AUDIENCES[one.audience]})")
        for one in questionnaires.shipped()
    ]
    own = [
        (row.key, f"{row.content['title']} (your own, version {row.version})")
        for row in queries.questionnaires_of(area).filter(state="released")
    ]
    return [*shipped, *own]


def _start(given: dict[str, Any]) -> Start:
    chosen = given["questions"]
    if chosen == EMPTY:
        return Start(audience=given["audience"])
    if chosen == FORM_ELSEWHERE:
        sent = given["file"]
        found = import_form(sent.read(), sent.name, audience=given["audience"])
        return Start(content=drafting.plain(found.definition), unsupported=as_data(found.notices))
    return Start(key=chosen, own=given["own"] == "own")


@address(needs=RUN, scope="partnership", seen_by=SEE)
@require_safe
def build(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The tasks of setting a survey up."""
    survey = get_survey_for(request.user, area, slug, RUN)
    return render(request, "surveys/build.html", build_context(survey))


def build_context(survey: Survey) -> dict[str, Any]:
    """What the list of tasks shows."""
    row = queries.questionnaire_row(survey.questionnaire)
    return {
        "area": partnership(survey.area),
        "survey": survey,
        "tasks": presenters_tasks.tasks(ready(survey), timezone.localdate()),
        "notices": notices(row.unsupported if row else ()),
        "crumbs": survey_crumbs(survey) if survey.opened_at else crumbs(partnership(survey.area)),
    }


def notices(kept_ones: Iterable[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """What reading a form had to say, by what was done about it, the most pressing first."""
    found: dict[str, list[str]] = {kind.value: [] for kind in Kind}
    for one in kept_ones:
        place = f"{one['sheet']}, row {one['row']}" if one["row"] else str(one["sheet"])
        found[str(one["kind"])].append(f"{place}: {one['what']}")
    return [(Kind(kind).words, lines) for kind, lines in found.items() if lines]


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def start(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Where the questions come from; on POST, make them the area's own."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = NothingForm(posted(request))
    if kept(form, lambda: building.own_copy(actor=request.user, survey=survey)):
        messages.success(request, "The questions are your own now, and can be changed.")
        return redirect("surveys:build-questions", area=survey.area, slug=survey.slug)
    held, row = ready(survey), queries.questionnaire_row(survey.questionnaire)
    context = {
        "survey": survey,
        "form": form,
        "questionnaire": held.questionnaire,
        "row": row,
        "notices": notices(row.unsupported if row else ()),
        "locked": row is None or row.content.get("locked", True),
        "may_copy": survey.state == "draft"
        and (row is None or row.state != "draft" or row.content.get("locked", True)),
        "crumbs": task_crumbs(survey),
    }
    return render(request, "surveys/build_start.html", context)


def _task(
    request: SignedInRequest, survey: Survey, task: str, form: SightlineForm, **more: Any
) -> HttpResponse:
    """A task that is one form: kept, and back to the list of tasks."""
    was_open = survey.state == Survey.State.OPEN

    def act() -> None:
        changed = building.set_up(
            actor=request.user, survey=survey, task=task, values=form.cleaned_data
        )
        survey.state = changed.state

    if kept(form, act):
        if was_open and survey.state == Survey.State.PAUSED:
            messages.warning(
                request,
                "The survey is paused, because what people were told about privacy no longer "
                "holds. Open it again, and people are told the new words.",
            )
        else:
            messages.success(request, "Saved.")
        return redirect("surveys:build", area=survey.area, slug=survey.slug)
    context = {"survey": survey, "form": form, "crumbs": task_crumbs(survey), **more}
    return render(request, f"surveys/build_{task}.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def access(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """How people get in, and until when."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = AccessForm(
        posted(request),
        initial={name: getattr(survey, name) for name in building.SETTINGS["access"]},
        logs_drop=settings.SIGHTLINE_RESPONDENT_LOGS_DROP,
    )
    return _task(request, survey, "access", form)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def helping(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Whom people can turn to here, and what those who hand it out may say."""
    survey = get_survey_for(request.user, area, slug, RUN)
    initial = {
        "local_help": "\n".join(survey.local_help),
        "handout_note": survey.handout_note,
        "parents_told": survey.parents_told,
    }
    return _task(request, survey, "help", HelpForm(posted(request), initial=initial))


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def privacy(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What people will be told about privacy; on POST, say that you have read it."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = NothingForm(posted(request))
    if kept(form, lambda: building.confirm(actor=request.user, survey=survey, what="privacy")):
        messages.success(request, "You have read what people will be told.")
        return redirect("surveys:build", area=survey.area, slug=survey.slug)
    held = ready(survey)
    made = promise.promise_of(survey, held.questionnaire) if held.questionnaire else None
    given = promise.kept(survey)
    context = {
        "survey": survey,
        "form": form,
        "made": made,
        "given": given,
        "changed": bool(made and given and not made.says_the_same(given)),
        "versions": _versions(survey, made) if made else (),
        "languages": [(one, policies.language_name(one)) for one in survey.languages],
        "crumbs": task_crumbs(survey),
    }
    return render(request, "surveys/build_privacy.html", context)


def _versions(survey: Survey, made: promise.Promise) -> list[tuple[str, str, list[Any], bool]]:
    """For each audience: its code, its name, the sentences by language, if it is this survey's."""
    return [
        (
            code,
            name,
            [
                (made.spoken(code, language), policies.language_name(language),
                 made.sentences(code, language))
                for language in survey.languages
            ],
            code == survey.audience,
        )
        for code, name in sorted(AUDIENCES.items(), key=lambda one: one[0] != survey.audience)
    ]  # fmt: skip


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def results(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Who sees results and when; who reads what people write."""
    survey = get_survey_for(request.user, area, slug, RUN)
    held = ready(survey)
    questionnaire = held.questionnaire
    offered = [
        (item.code, said(item.text, questionnaire.languages[0]))
        for item in policies.groupable(questionnaire)
    ] if questionnaire else []  # fmt: skip
    form = ResultsForm(
        posted(request),
        initial={name: getattr(survey, name) for name in building.SETTINGS["results"]},
        groupings=offered,
    )
    more = {"readers": queries.readers_of(survey), "free_text": held.free_text}
    return _task(request, survey, "results", form, **more)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def readers(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Who reads what people write, before anybody else does: name somebody."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = ReaderForm(posted(request), people=_who_may_read(survey))

    def act() -> None:
        building.name_reader(actor=request.user, survey=survey, **form.cleaned_data)

    if kept(form, act):
        messages.success(request, f"{form.cleaned_data['person'].name} is named.")
        return redirect("surveys:build-readers", area=survey.area, slug=survey.slug)
    context = {
        "survey": survey,
        "form": form,
        "readers": queries.readers_of(survey),
        "crumbs": task_crumbs(
            survey,
            (policies.TASKS["results"], presenters_tasks.task_url(survey, "results")),
        ),
    }
    return render(request, "surveys/build_readers.html", context)


def _who_may_read(survey: Survey) -> Any:
    found = people_holding(READ, Scope("partnership", survey.area))
    if survey.inspection:
        found |= people_holding(READ, Scope("inspection", survey.inspection))
    return found


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def end_reader(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """Ask whether somebody should read no more; on POST, end it. Numbered as in the list."""
    survey = get_survey_for(request.user, area, slug, RUN)
    named = list(queries.readers_of(survey))
    if not 1 <= number <= len(named):
        raise NotFound("There is no such safety reader of this survey.")
    reader: SafetyReader = named[number - 1]
    form = NothingForm(posted(request))
    if kept(form, lambda: building.end_reader(actor=request.user, survey=survey, reader=reader)):
        messages.success(request, f"{reader.reader.name} reads no more.")
        return redirect("surveys:build-readers", area=survey.area, slug=survey.slug)
    context = {
        "survey": survey,
        "form": form,
        "reader": reader,
        "crumbs": task_crumbs(survey, ("Safety readers", reverse(
            "surveys:build-readers", args=[survey.area, survey.slug]))),
    }  # fmt: skip
    return render(request, "surveys/build_end_reader.html", context)
