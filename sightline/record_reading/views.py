"""Pages about the record reading of an area: which areas there are, and the list of one."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.http import SignedInRequest
from sightline.design.forms import SightlineForm
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound
from sightline.partnerships.queries import Partnership, partnership
from sightline.record_reading import presenters
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import (
    Deed,
    address_for,
    areas_for,
    audits_for,
    get_area_for,
    may_begin,
    may_begin_own,
    rounds_for,
)

METHODS = require_http_methods(["GET", "HEAD", "POST"])
Crumbs = list[tuple[str, str]]


def crumbs(area: Partnership, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about an area's record reading."""
    here = (f"Record reading in {area.name}", reverse("record_reading:list", args=[area.code]))
    return [here, *more]


def round_crumbs(round: Round, *more: tuple[str, str]) -> Crumbs:
    """The way to a page about one round."""
    here = (round.title, reverse("record_reading:round", args=[round.area, round.slug]))
    return crumbs(partnership(round.area), here, *more)


def kept(form: SightlineForm, act: Callable[[], Any]) -> bool:
    """Do what a form asks if it can be read; what is refused is said in the form."""
    if not (form.is_bound and form.is_valid()):
        return False
    try:
        act()
    except Faults as refusal:
        for fault in refusal.faults:
            form.add_error(None, str(fault))
    except (BadInput, NotAllowed, NotFound) as refusal:
        form.add_error(None, str(refusal))
    return form.is_valid()


def posted(request: SignedInRequest) -> Any:
    """What was sent, or None."""
    return request.POST if request.method == "POST" else None


@address_for(*Deed, scope="signed-in")
@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    """The areas in which somebody has to do with record reading; where there is one, its list."""
    found = areas_for(request.user)
    if len(found) == 1:
        return redirect("record_reading:list", area=found[0].code)
    return render(request, "record_reading/areas.html", {"areas": found})


@address_for(*Deed)
@require_safe
def rounds(request: SignedInRequest, area: str) -> HttpResponse:
    """The rounds of an area in which somebody may do something, the newest first."""
    found = get_area_for(request.user, area)
    context = {
        "area": found,
        "rows": presenters.rows(rounds_for(request.user, found.code).select_related("audit")),
        "audits": audits_for(request.user, found.code),
        "may_begin": may_begin(request.user, found.code),
        "may_begin_own": may_begin_own(request.user, found.code),
        "crumbs": [("Record reading", reverse("record_reading:areas"))],
    }
    return render(request, "record_reading/list.html", context)
