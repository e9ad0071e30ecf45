"""Pages about waivers: asked for by one person, approved by another, withdrawn."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from sightline.access.addresses import address
from sightline.access.enums import Permission
from sightline.access.http import SignedInRequest
from sightline.children import presenters, queries
from sightline.children.forms import NothingForm, WaiverForm
from sightline.children.permissions import get_area_for, get_waiver_for
from sightline.children.rules import waivers as rules
from sightline.children.views import LOAD, SEE, crumbs, may
from sightline.kernel.errors import BadInput, NotAllowed, NotFound


@address(needs=SEE, scope="partnership")
@require_http_methods(["GET", "HEAD", "POST"])
def waivers(request: SignedInRequest, area: str) -> HttpResponse:
    """Every waiver of an area; on POST, by somebody who may send data, ask for one."""
    found = get_area_for(request.user, area, LOAD if request.method == "POST" else SEE)
    form = WaiverForm(
        request.POST if request.method == "POST" else None,
        datasets=list(presenters.titles().items()),
        initial={"valid_from": timezone.localdate()},
    )
    if form.is_bound and form.is_valid():
        try:
            rules.request_waiver(actor=request.user, area=found.code, **form.cleaned_data)
        except (BadInput, NotAllowed, NotFound) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The waiver is asked for. Somebody else approves it.")
            return redirect("children:waivers", area=found.code)
    context = {
        "area": found,
        "form": form,
        "waivers": presenters.waivers(queries.waivers_of(found.code), timezone.localdate()),
        "may_load": may(request, found, LOAD),
        "crumbs": crumbs(found),
    }
    return render(request, "children/waivers.html", context)


@address(needs=SEE, scope="partnership")
@require_http_methods(["GET", "HEAD", "POST"])
def waiver(request: SignedInRequest, area: str, key: UUID) -> HttpResponse:
    """One waiver; on POST, approve or withdraw it."""
    found, held = get_waiver_for(request.user, area, key)
    approves = Permission.RULE_WAIVE
    if request.method == "POST":
        withdraws = "withdraw" in request.POST
        get_area_for(request.user, area, LOAD if withdraws else approves)
        act, said = (
            (rules.withdraw_waiver, "withdrawn")
            if withdraws
            else (rules.approve_waiver, "approved")
        )
        try:
            act(actor=request.user, area=found.code, key=held.pk)
        except (BadInput, NotAllowed) as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, f"The waiver is {said}. It counts in the next build.")
        return redirect("children:waivers", area=found.code)
    context = {
        "area": found,
        "waiver": presenters.waiver(held, timezone.localdate()),
        "form": NothingForm(),
        "may_approve": may(request, found, approves) and held.asked_by_id != request.user.pk,
        "may_withdraw": may(request, found, LOAD) and held.withdrawn_at is None,
        "crumbs": crumbs(found, ("Waivers", reverse("children:waivers", args=[found.code]))),
    }
    return render(request, "children/waiver.html", context)
