"""The overview as a page and as files; the address says of which inspections."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import EVERYONE, Permission
from sightline.inspections.overview_page import body_of
from sightline.inspections.overview_shown import FORMATS, shown
from sightline.kernel.errors import NotFound


@address(needs=Permission.PUBLISHED_VIEW, scope="national", seen_by=EVERYONE)
@require_GET
def findings(request: SignedInRequest) -> HttpResponse:
    """The overview across the inspections the address asks for."""
    body = body_of(shown(request.GET), request.GET)
    return render(request, "inspections/overview.html", {"body": body})


@address(needs=Permission.PUBLISHED_VIEW, scope="national", seen_by=EVERYONE)
@require_GET
def findings_download(request: SignedInRequest, kind: str) -> HttpResponse:
    """The same view as a file."""
    if kind not in FORMATS:
        raise NotFound(f"There is no {kind} of the overview. There are: {', '.join(FORMATS)}.")
    found = shown(request.GET)
    response = HttpResponse(found.file(kind), content_type=FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="sightline-overview.{kind}"'
    return response
