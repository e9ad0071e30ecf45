"""Those who answered and asked to be spoken to: no answer leads here, and nothing here to one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.kernel.errors import NotFound
from sightline.surveys import comments, policies
from sightline.surveys.building_views import METHODS, posted
from sightline.surveys.permissions import RUN, SEE, get_survey_for
from sightline.surveys.reading_forms import HandledForm
from sightline.surveys.services import reading
from sightline.surveys.views import survey_crumbs


@address(needs=RUN, scope="partnership", seen_by=SEE)
@never_cache
@METHODS
@sensitive_variables()
def contacts(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Who asked to be spoken to; on POST, mark that one has been."""
    survey = get_survey_for(request.user, area, slug, RUN)
    policies.check_has_words(survey)
    form = HandledForm(posted(request))
    if form.is_bound:
        if not form.is_valid():
            raise NotFound("There is no such request, or it is not yours to see.")
        reading.handle_contact(actor=request.user, survey=survey, request=form.cleaned_data["key"])
        messages.success(request, "Marked as done.")
        return redirect("surveys:contacts", area=survey.area, slug=survey.slug)
    rows = list(comments.contacts(survey))
    if rows:
        reading.note_contacts_opened(actor=request.user, survey=survey)
    context = {
        "survey": survey,
        "waiting": [row for row in rows if row.handled_at is None],
        "handled": sum(row.handled_at is not None for row in rows),
        "crumbs": survey_crumbs(survey),
    }
    return render(request, "surveys/contacts.html", context)
