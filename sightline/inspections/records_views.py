"""The page of an inspection's records: published figures, and beside them those of its rounds."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.inspections.permissions import get_inspection_for
from sightline.inspections.records_shown import records_of
from sightline.inspections.views import crumb_of, crumbs


@address(needs=Permission.PUBLISHED_VIEW, scope="inspection")
@require_safe
def records(request: SignedInRequest, partnership: str, reference: str) -> HttpResponse:
    """What was published of the records read, and what its rounds in Sightline showed."""
    document = get_inspection_for(
        request.user, reference, Permission.PUBLISHED_VIEW, partnership=partnership
    )
    crumb = crumb_of(document)
    context = {
        "document": document,
        "name": crumb[0],
        "records": records_of(request.user, document),
        "crumbs": crumbs(crumb),
    }
    return render(request, "inspections/records.html", context)
