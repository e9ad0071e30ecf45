"""Pages about the surveys of an area: which areas there are, and the list of one."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.partnerships.queries import Partnership, partnership
from sightline.surveys import presenters
from sightline.surveys.models import Survey
from sightline.surveys.permissions import (
    SEE,
    areas_for,
    get_area_for,
    may_start,
    surveys_for,
)

Crumbs = list[tuple[str, str]]


def crumbs(area: Partnership, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about an area's surveys."""
    return [(f"Surveys of {area.name}", reverse("surveys:list", args=[area.code])), *more]


def survey_crumbs(survey: Survey, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one survey."""
    here = (survey.title, reverse("surveys:survey", args=[survey.area, survey.slug]))
    return crumbs(partnership(survey.area), here, *more)


@address(needs=SEE, scope="signed-in")
@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    """The areas whose surveys somebody may see; where there is one, its surveys."""
    found = areas_for(request.user)
    if len(found) == 1:
        return redirect("surveys:list", area=found[0].code)
    return render(request, "surveys/areas.html", {"areas": found})


@address(needs=SEE, scope="partnership")
@require_safe
def surveys(request: SignedInRequest, area: str) -> HttpResponse:
    """The surveys of an area, the newest first."""
    found = get_area_for(request.user, area)
    context = {
        "area": found,
        "rows": presenters.rows(surveys_for(request.user, found.code)),
        "may_start": may_start(request.user, found.code),
        "crumbs": [("Surveys", reverse("surveys:areas"))],
    }
    return render(request, "surveys/list.html", context)
