"""Pages of running a survey: open it, pause it, move its last day, close it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.surveys import policies, presenters_tasks, promise
from sightline.surveys.building_views import METHODS, kept, posted, ready, task_crumbs
from sightline.surveys.forms import ExtendForm, NothingForm, ReasonForm, TellForm
from sightline.surveys.models import Survey
from sightline.surveys.permissions import RUN, SEE, get_survey_for
from sightline.surveys.presenters import day
from sightline.surveys.services import closing, running
from sightline.surveys.views import survey_crumbs


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def opening(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Try it, and see what is missing; on POST, open it."""
    survey = get_survey_for(request.user, area, slug, RUN)
    form = NothingForm(posted(request))
    if kept(form, lambda: running.open_survey(actor=request.user, survey=survey)):
        messages.success(request, "The survey is open.")
        return redirect("surveys:survey", area=survey.area, slug=survey.slug)
    held, today = ready(survey), timezone.localdate()
    found = policies.missing(held, today)
    made = promise.promise_of(survey, held.questionnaire) if held.questionnaire else None
    given = promise.kept(survey)
    context = {
        "survey": survey,
        "form": form,
        "missing": [(presenters_tasks.task_url(survey, one.task), one.what) for one in found],
        "again": survey.state == Survey.State.PAUSED,
        "shows_form": not found and survey.state != Survey.State.OPEN,
        "new_promise": bool(made and given and not made.says_the_same(given)),
        "made": made,
        "closes": day(survey.closes_on),
        "destroyed": day(survey.destroy_on),
        "as_whom": presenters_tasks.AS_WHOM.get(survey.audience, "somebody who answers"),
        "crumbs": task_crumbs(survey),
    }
    return render(request, "surveys/build_open.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def pause(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Ask why a survey is to take no answers for now; on POST, pause it."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_is_open(survey)
    form = ReasonForm(posted(request))

    def act() -> None:
        running.pause(actor=request.user, survey=survey, reason=form.cleaned_data["reason"])

    if kept(form, act):
        messages.success(request, "Paused. Nobody can answer until you open it again.")
        return redirect("surveys:survey", area=survey.area, slug=survey.slug)
    context = {"survey": survey, "form": form, "crumbs": survey_crumbs(survey)}
    return render(request, "surveys/pause.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def tell(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Write what people are told after a survey: what was said and what changed."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_can_tell(survey, "")
    form = TellForm(posted(request), initial={"what_changed": survey.what_changed})

    def act() -> None:
        running.tell(actor=request.user, survey=survey, words=form.cleaned_data["what_changed"])

    if kept(form, act):
        messages.success(request, "People who have the link can read it now.")
        return redirect("surveys:survey", area=survey.area, slug=survey.slug)
    context = {
        "survey": survey, "form": form, "heard": day(survey.heard_by),
        "crumbs": survey_crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/tell.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def extend(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Move the last day to a later one."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_is_running(survey)
    form = ExtendForm(posted(request))

    def act() -> None:
        running.extend(actor=request.user, survey=survey, closes_on=form.cleaned_data["closes_on"])

    if kept(form, act):
        messages.success(request, "The last day is moved.")
        return redirect("surveys:survey", area=survey.area, slug=survey.slug)
    context = {
        "survey": survey, "form": form, "closes": day(survey.closes_on),
        "crumbs": survey_crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/extend.html", context)


@address(needs=RUN, scope="partnership", seen_by=SEE)
@METHODS
def close(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Ask whether a survey is to close for good; on POST, close it."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_is_running(survey)
    form = NothingForm(posted(request))
    if kept(form, lambda: closing.close(actor=request.user, survey=survey)):
        messages.success(
            request, "The survey is closed. Its results are worked out now, which takes a moment."
        )
        return redirect("surveys:survey", area=survey.area, slug=survey.slug)
    context = {
        "survey": survey, "form": form, "destroyed": day(survey.destroy_on),
        "early": survey.closes_on and survey.closes_on > timezone.localdate(),
        "closes": day(survey.closes_on), "crumbs": survey_crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/close.html", context)
