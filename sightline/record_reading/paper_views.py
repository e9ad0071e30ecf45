"""Pages of paper: forms to print, and which readings are typed in from one."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from sightline.access.http import SignedInRequest
from sightline.record_reading import paper_presenters as presenters
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.asking import template
from sightline.record_reading.models import Reading
from sightline.record_reading.permissions import Deed, address_for, get_round_for
from sightline.record_reading.reading_doors import open_own
from sightline.record_reading.services.reading import put_on_paper


@address_for(Deed.RUN)
@require_safe
def paper(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Every reading of a round, its form to print, and whether it is typed in from one."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    context = {
        "round": round,
        "rows": presenters.rows(request.user, round, queries.paper_of(round)),
        "crumbs": [(round.title, reverse("record_reading:round", args=[area, slug]))],
    }
    return render(request, "record_reading/paper.html", context)


def _reading(request: SignedInRequest, area: str, slug: str, number: int, part: int) -> Reading:
    round = get_round_for(request.user, area, slug, Deed.RUN)
    return queries.reading_in(round, number, part)


@address_for(Deed.RUN)
@require_safe
def form(request: SignedInRequest, area: str, slug: str, number: int, part: int) -> HttpResponse:
    """The printed form of a reading, for whoever runs the round. It holds no answers."""
    found = _reading(request, area, slug, number, part)
    return _print(request, found)


@address_for(Deed.READ)
@require_safe
def own_form(request: SignedInRequest, area: str, slug: str, number: int) -> HttpResponse:
    """The printed form of a reading, for its reader. It holds no answers."""
    return _print(request, open_own(request.user, area, slug, number, opening=False).reading)


def _print(request: SignedInRequest, reading: Reading) -> HttpResponse:
    context = presenters.sheet(template(reading.template), reading)
    return render(request, "record_reading/paper_form.html", context)


@address_for(Deed.RUN)
@require_POST
def mark(request: SignedInRequest, area: str, slug: str, number: int, part: int) -> HttpResponse:
    """A reading is typed in from paper by whoever runs the round."""
    found = _reading(request, area, slug, number, part)
    put_on_paper(actor=request.user, reading=found)
    messages.success(request, f"{found.record.label} is typed in from paper.")
    return redirect("record_reading:paper-reading", area, slug, number, part)
