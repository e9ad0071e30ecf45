"""The page of one survey: its tasks while it is set up, how it goes from then on."""

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.partnerships.queries import partnership
from sightline.surveys import presenters, promise
from sightline.surveys.building_views import build_context
from sightline.surveys.models import Survey
from sightline.surveys.permissions import RUN, SEE, get_survey_for, is_safety_reader, may
from sightline.surveys.views import crumbs


@address(needs=SEE, scope="partnership")
@require_safe
def survey(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """One survey: the tasks of setting it up while it is a draft, how it goes from then on."""
    found = get_survey_for(request.user, area, slug)
    may_run = may(request.user, found, RUN)
    if found.state == Survey.State.DRAFT and may_run:
        return render(request, "surveys/build.html", build_context(found))
    given = promise.kept(found)
    context = {
        "area": partnership(found.area),
        "survey": found,
        "row": presenters.row(found),
        "may_run": may_run,
        "link": link_of(request, found),
        "anonymous": given is not None and given.anonymous,
        "links": presenters.links(
            found, may_run=may_run, reads=is_safety_reader(request.user, found)
        ),
        "crumbs": crumbs(partnership(found.area)),
    }
    return render(request, "surveys/survey.html", context)


def link_of(request: SignedInRequest, survey: Survey) -> str:
    """The link that people are given: on the survey site's own host, where it has one."""
    host = settings.SIGHTLINE_RESPONDENT_HOST
    return (
        f"https://{host}/s/{survey.link}/"
        if host
        else request.build_absolute_uri(f"/s/{survey.link}/")
    )
