"""Pages of the quality lead: how far readers agree, and readings that are looked at again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_safe

from sightline.access.http import SignedInRequest
from sightline.record_reading import agreement as agreements
from sightline.record_reading import agreement_presenters as presenters
from sightline.record_reading import moderation_queries as queries
from sightline.record_reading.asking import template
from sightline.record_reading.differences import read_once, read_twice
from sightline.record_reading.models import DipCheck, Round
from sightline.record_reading.moderation_forms import CheckDipForm, DrawDipForm
from sightline.record_reading.moderation_permissions import get_dip_for, seen_by
from sightline.record_reading.moderation_presenters import reopen_url
from sightline.record_reading.permissions import (
    Deed,
    address_for,
    closed_to_person,
    get_round_for,
)
from sightline.record_reading.reading_presenters import answer_sections
from sightline.record_reading.services import moderating
from sightline.record_reading.views import METHODS, kept, posted, round_crumbs


@address_for(Deed.MODERATE)
@never_cache
@require_safe
def agreement(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """How far readers agree: in words first, by question, pair, agency and day."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    pairs = seen_by(request.user, round, read_twice(round), leads=True)
    found = agreements.agreement(round, pairs)
    names = queries.reader_names(round)
    items = presenters.item_rows(round, found)
    context = {
        "round": round,
        "found": found,
        "overall": presenters.overall_words(found),
        "items": items,
        "suggested": [row for row in items if row.kind],
        "statistics": presenters.statistics_rows(found),
        "heads": presenters.statistics_names(),
        "pairs": presenters.group_rows(
            found.pairs, presenters.pair_labels(found.pairs, names), found.threshold
        ),
        "agencies": presenters.group_rows(
            found.agencies, presenters.agency_labels(found.agencies), found.threshold
        ),
        "days": presenters.group_rows(
            found.days, presenters.day_labels(found.days), found.threshold
        ),
        "drift": presenters.drift_words(found.drift, found.days),
        "leanings": presenters.leanings(found, names),
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/agreement.html", context)


@address_for(Deed.MODERATE)
@never_cache
@METHODS
def dip(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Readings drawn to be looked at again; on POST, a draw."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    form = DrawDipForm(posted(request))
    if kept(form, lambda: _draw(request, round, form)):
        return redirect("record_reading:dip", area=round.area, slug=round.slug)
    context = {
        "round": round,
        "form": form,
        "open": _open(request, round),
        "there": queries.for_a_dip(round).count(),
        "checks": queries.dips_of(round),
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/dip.html", context)


def _open(request: SignedInRequest, round: Round) -> set[Any]:
    """The readings that may be looked at now, by key."""
    there = list(read_once(round).select_related("record").defer("answers"))
    closed = closed_to_person(request.user, round, [one.record for one in there])
    return {one.pk for one in there if one.record_id not in closed}


def _draw(request: SignedInRequest, round: Round, form: DrawDipForm) -> None:
    made = moderating.draw_dip_sample(actor=request.user, round=round, **form.cleaned_data)
    number = len(made)
    messages.success(request, f"{number} reading{'' if number == 1 else 's'} drawn.")


@address_for(Deed.MODERATE)
@sensitive_post_parameters()
@never_cache
@METHODS
def dip_check(request: SignedInRequest, area: str, slug: str, checked: int) -> HttpResponse:
    """A reading that was drawn, with every answer; on POST, what the lead thought of it."""
    opening = request.method != "POST"
    check = get_dip_for(request.user, area, slug, checked, opening=opening)
    round, reading = check.reading.round, check.reading
    before = {"outcome": check.outcome, "note": check.note} if check.outcome else {}
    form = CheckDipForm(posted(request), initial=before)
    if kept(form, lambda: _check(request, check, form)):
        messages.success(request, f"What you thought of {reading.record.label} is kept.")
        return redirect("record_reading:dip", area=round.area, slug=round.slug)
    back = reverse("record_reading:dip", args=[round.area, round.slug])
    context = {
        "round": round,
        "check": check,
        "record": reading.record,
        "reader": reading.reader.person.name,
        "own": reading.reader.person_id == request.user.pk,
        "sections": answer_sections(template(reading.template), reading.answers),
        "form": form,
        "back": back,
        "reopen": reopen_url(reading),
        "crumbs": round_crumbs(round, ("Dip sample", back)),
    }
    return render(request, "record_reading/dip_check.html", context)


@sensitive_variables()
def _check(request: SignedInRequest, check: DipCheck, form: CheckDipForm) -> None:
    given = form.cleaned_data
    moderating.check_dip(
        actor=request.user, check=check, outcome=DipCheck.Outcome(given["outcome"]),
        note=given["note"],
    )  # fmt: skip
