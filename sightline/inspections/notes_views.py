"""The page of the team's notes."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.inspections.notes import check_is_team, place_of
from sightline.inspections.permissions import get_inspection_for
from sightline.inspections.views import crumb_of, crumbs
from sightline.saving.boxes import box_for


@address(needs=Permission.INSPECTION_VIEW, scope="inspection")
@require_safe
def notes(request: SignedInRequest, partnership: str, reference: str) -> HttpResponse:
    """What the team wrote for itself, with the box to write in."""
    check_is_team(request.user, reference)
    document = get_inspection_for(
        request.user, reference, Permission.INSPECTION_VIEW, partnership=partnership
    )
    box = box_for(
        request.user,
        place_of(reference),
        label="Team notes",
        hint="Saved as you type. Everybody on the team can read and change them.",
    )
    crumb = crumb_of(document)
    context = {"box": box, "crumbs": crumbs(crumb), "name": crumb[0]}
    return render(request, "inspections/notes.html", context)
