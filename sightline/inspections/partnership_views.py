"""A partnership's inspections, on one page."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import EVERYONE, Permission, require
from sightline.framework.queries import corrected_library
from sightline.inspections.permissions import visible_documents
from sightline.inspections.presenters_list import listed, newest_first
from sightline.partnerships import queries as partnerships


@address(needs=Permission.PUBLISHED_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def partnership(request: SignedInRequest, partnership: str) -> HttpResponse:
    """The inspections of one partnership that the person may see, the newest first."""
    require(request.user, Permission.PUBLISHED_VIEW, seen_by=EVERYONE)
    area = partnerships.partnership(partnership)
    found = visible_documents(request.user, partnership=area.code, with_drafts=True)
    rows = listed(newest_first(found), library=corrected_library(), names=partnerships.names())
    crumbs = [("Inspections", reverse("inspections:inspections"))]
    context = {"partnership": area, "rows": rows, "crumbs": crumbs}
    return render(request, "inspections/partnership.html", context)
