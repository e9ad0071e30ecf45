"""One inspection's report as a page and as files."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sightline.access.addresses import address
from sightline.access.enums import Permission
from sightline.access.http import SignedInRequest
from sightline.inspections import permissions
from sightline.inspections.report_shown import FORMATS, file_of, page_context, shown_report


@address(needs=Permission.PUBLISHED_VIEW, scope="inspection")
@require_GET
def report(request: SignedInRequest, partnership: str, reference: str) -> HttpResponse:
    """The report of one inspection, or what there is of it."""
    found = permissions.get_inspection_for(
        request.user, reference, Permission.PUBLISHED_VIEW, partnership=partnership
    )
    return render(request, "inspections/report.html", page_context(shown_report(found)))


@address(needs=Permission.PUBLISHED_VIEW, scope="inspection")
@require_GET
def report_download(
    request: SignedInRequest, partnership: str, reference: str, kind: str
) -> HttpResponse:
    """The same report as a file."""
    found = permissions.get_inspection_for(
        request.user, reference, Permission.PUBLISHED_VIEW, partnership=partnership
    )
    shown = shown_report(found)
    response = HttpResponse(file_of(shown.document, kind), content_type=FORMATS[kind])
    name = f"{reference}-report.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
