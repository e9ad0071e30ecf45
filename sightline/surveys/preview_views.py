"""Trying a survey: the survey site's own pages, at addresses of the builder, keeping nothing."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, Final

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.kernel.errors import NotFound
from sightline.surveys import policies, presenters_tasks, promise, trial
from sightline.surveys.building_views import METHODS, ready, task_crumbs
from sightline.surveys.models import Survey
from sightline.surveys.permissions import RUN, SEE, get_survey_for
from sightline.surveys.respondent import answer_views
from sightline.surveys.respondent.pages import filled, page
from sightline.surveys.respondent.questions import worded
from sightline.surveys.trial import Trial

Draw = Callable[..., HttpResponse]
PAGES: Final[Mapping[str, Draw]] = {
    "": inspect.unwrap(answer_views.question),
    "notice": inspect.unwrap(answer_views.notice),
    "again": inspect.unwrap(answer_views.again),
}
"""What draws the pages of a number."""
OTHER: Final[Mapping[str, Draw]] = {
    "helped": inspect.unwrap(answer_views.helped),
    "check": inspect.unwrap(answer_views._checked),
    "language": inspect.unwrap(answer_views.language),
}
ELSEWHERE: Final = frozenset(
    {"help", "rights", "contact", "stop", "left", "no", "sent", "what-changed", "next"}
)
"""Pages that lead away from the questions."""
ENDS: Final = frozenset({"send", "delete"})
"""Buttons of the last page that would send or delete."""


def _at(survey: Survey) -> str:
    return reverse("surveys:preview", args=[survey.area, survey.slug])


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def preview(request: SignedInRequest, area: str, slug: str, rest: str = "") -> HttpResponse:
    """One page of a survey as somebody who answers sees it; nothing is kept."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.readable(ready(survey))
    at = _at(survey)
    state = trial.begun(survey, request.COOKIES.get(trial.COOKIE, ""))
    if request.method == "POST" and not rest:
        state = {"language": request.POST.get("l", "")}
    visit = Trial(survey, at, state)
    response = _page(request, visit, rest.strip("/").split("/"))
    kept = trial.written(visit)
    if kept:
        response.set_cookie(
            trial.COOKIE, kept, path=at, httponly=True, samesite="Lax", secure=request.is_secure()
        )
    banner = render_to_string("surveys/_trial.html", {"survey": survey, "forgets": not kept})
    return trial.marked(response, banner, get_token(request))


def _page(request: SignedInRequest, visit: Trial, parts: list[str]) -> HttpResponse:
    number, what = parts[0], parts[1] if len(parts) > 1 else ""
    if number in {"", "who", "hiding"}:
        if request.method == "POST":
            return redirect(visit.address(1))
        return _before(request, visit, number or "start")
    if number.isdecimal() and len(number) < 5 and what in PAGES:  # noqa: PLR2004
        return PAGES[what](request, visit, int(number))
    if number in OTHER:
        if number == "check" and request.POST.get("go") in ENDS:
            return _end(request, visit)
        return OTHER[number](request, visit)
    if number in {
        "help",
        "rights",
        "contact",
        "stop",
        "left",
        "no",
        "sent",
        "what-changed",
        "next",
    }:
        return _end(request, visit)
    raise NotFound("There is no such page.")


def _before(request: SignedInRequest, visit: Trial, name: str) -> HttpResponse:
    """What is read before the first question, with the promise as the settings make it now."""
    survey, asked, frame = visit.survey, visit.questionnaire, visit.frame
    steps = (*trial.STEPS.get(survey.audience, ()), "")
    names = ("start", *steps)
    promised = promise.promise_of(survey, asked)
    language = promised.spoken(survey.audience, frame.language)
    more: dict[str, Any] = {
        "title": frame.w.get("about", asked.title),
        "introduction": worded(asked.introduction, frame, {}, asked),
        "minutes": filled(frame.w["minutes"], minutes=str(asked.minutes)),
        "promised": promised.sentences(survey.audience, frame.language),
        "promised_language": language if language != frame.language else "",
        "step": names[names.index(name) + 1],
    }
    return page(name, frame, **more)


def _end(request: SignedInRequest, visit: Trial) -> HttpResponse:
    """Where a trial leaves the questions: what people would find there."""
    context = {
        "survey": visit.survey,
        "as_whom": presenters_tasks.AS_WHOM.get(visit.survey.audience, "somebody who answers"),
        "at": visit.at,
        "crumbs": task_crumbs(visit.survey),
    }
    return render(request, "surveys/build_tried.html", context)
