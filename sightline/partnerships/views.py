"""Pages about partnerships. The page of one partnership's inspections belongs to `inspections`."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import EVERYONE, Permission, Scope, holds
from sightline.design.forms import SightlineForm
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.partnerships import places, presenters, queries, services
from sightline.partnerships.forms import FORMS
from sightline.partnerships.permissions import get_partnership_for

ONE = {
    "localities": "locality",
    "groups": "strategic group",
    "plans": "plan",
    "posts": "post",
    "holidays": "holiday",
}
Crumbs = list[tuple[str, str]]


def _crumbs(*more: tuple[str, str]) -> Crumbs:
    return [("Partnerships", reverse("partnerships:partnerships")), *more]


@address(needs=Permission.PARTNERSHIP_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def partnerships(request: SignedInRequest) -> HttpResponse:
    """All areas."""
    found = queries.all_partnerships()
    return render(request, "partnerships/partnerships.html", {"partnerships": found})


@address(needs=Permission.PARTNERSHIP_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def details(request: SignedInRequest, partnership: str) -> HttpResponse:
    """One area: codes, agencies, and what it tells about itself."""
    found = get_partnership_for(request.user, partnership, Permission.PARTNERSHIP_VIEW)
    may_edit = holds(
        request.user, Permission.PARTNERSHIP_EDIT, scope=Scope("partnership", found.code)
    )
    context = {
        "partnership": found,
        "crumbs": _crumbs(),
        "agencies": [found.agency(agency.code) for agency in found.agencies],
        "details": queries.details(found),
        "place": presenters.place(found),
        "may_edit": may_edit,
    }
    return render(request, "partnerships/details.html", context)


@address(needs=Permission.PARTNERSHIP_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def reference_data(request: SignedInRequest) -> HttpResponse:
    """Which published data about places is held, and what is missing."""
    context = {"held": places.held(), "crumbs": _crumbs()}
    return render(request, "partnerships/places.html", context)


def _form(partnership: queries.Partnership, kind: str, data: Any) -> SightlineForm:
    if kind not in FORMS:
        raise NotFound(f"A partnership has no {kind}.")
    if kind == "posts":
        agencies = [(a.code, partnership.agency(a.code)) for a in partnership.agencies]
        return FORMS[kind](data, agencies=agencies)
    return FORMS[kind](data)


@address(
    needs=Permission.PARTNERSHIP_EDIT, scope="partnership", seen_by=Permission.PARTNERSHIP_VIEW
)
@require_http_methods(["GET", "POST"])
def add_detail(request: SignedInRequest, partnership: str, kind: str) -> HttpResponse:
    """Add a locality, group, plan, post or holiday."""
    found = get_partnership_for(request.user, partnership, Permission.PARTNERSHIP_EDIT)
    form = _form(found, kind, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            row = services.add_detail(
                actor=request.user, partnership=found.code, kind=kind, fields=form.cleaned_data
            )
        except (BadInput, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{row.label} added.")
            return redirect("partnerships:details", partnership=found.code)
    here = reverse("partnerships:details", args=[found.code])
    crumbs = _crumbs((found.name, here))
    context = {"partnership": found, "form": form, "one": ONE[kind], "crumbs": crumbs}
    return render(request, "partnerships/add_detail.html", context)


@address(
    needs=Permission.PARTNERSHIP_EDIT, scope="partnership", seen_by=Permission.PARTNERSHIP_VIEW
)
@require_POST
def remove_detail(request: SignedInRequest, partnership: str, kind: str, key: int) -> HttpResponse:
    """Remove one detail; the audit trail keeps it."""
    found = get_partnership_for(request.user, partnership, Permission.PARTNERSHIP_EDIT)
    if kind not in ONE:
        raise NotFound(f"A partnership has no {kind}.")
    label = services.remove_detail(actor=request.user, partnership=found.code, kind=kind, key=key)
    messages.success(request, f"{label} removed.")
    return redirect("partnerships:details", partnership=found.code)
