"""Pages of a sample: plan and draw it, its record, who steps in, and the list to bring records."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sightline.access.http import SignedInRequest
from sightline.design.documents import to_pdf
from sightline.design.spreadsheets import to_csv
from sightline.jobs.queries import names_of
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.partnerships.queries import partnership
from sightline.record_reading import returning, sampling_checks, sampling_plans
from sightline.record_reading import sampling_presenters as presenters
from sightline.record_reading import sampling_queries as queries
from sightline.record_reading.models import Round, Snapshot
from sightline.record_reading.permissions import Deed, address_for, get_round_for
from sightline.record_reading.return_policies import BEGUN, check_can_change
from sightline.record_reading.sampling_forms import NothingForm, PlanForm, ReasonForm
from sightline.record_reading.sampling_permissions import (
    get_list_for,
    get_record_for,
    get_sample_for,
)
from sightline.record_reading.services import sampling as services
from sightline.record_reading.views import METHODS, Crumbs, kept, posted, round_crumbs
from sightline.stats.sampling_record import from_data, printed


def _here(round: Round) -> str:
    return reverse("record_reading:sample", args=[round.area, round.slug])


def _crumbs(round: Round) -> Crumbs:
    return round_crumbs(round, ("Sample", _here(round)))


@address_for(Deed.RUN)
@require_safe
def sample(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The sample in use: how it was drawn, how far reading is, and every record by its number."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    draws = list(queries.samples_of(round))
    found = next((one for one in draws if one.set_aside_at is None), None)
    strata = queries.progress(round) if found else []
    every = queries.records(round) if found else []
    rows = presenters.rows(round, every, queries.read_through(found) if found else {})
    names = names_of({one.drawn_by for one in draws})
    context = {
        "round": round,
        "sample": found,
        "who": names.get(found.drawn_by, found.drawn_by) if found else "",
        "asked": presenters.asked(found.plan, returning.strata(round)) if found else (),
        "strata": strata,
        "chart": presenters.chart(round, strata),
        "rows": [row for row in rows if row.state != "In reserve"],
        "reserves": [row for row in rows if row.state == "In reserve"],
        "aside": [one for one in draws if one.set_aside_at is not None],
        "has_return": returning.snapshots(round).filter(withdrawn_at__isnull=True).exists(),
        "newer": _newer(round, found.snapshot if found else None),
        "begun": queries.is_begun(found) if found else False,
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/sample.html", context)


def _newer(round: Round, drawn_from: Snapshot | None) -> int | None:
    """The number of a version that came after the one the sample was drawn from."""
    if drawn_from is None:
        return None
    later = returning.snapshots(round).filter(
        withdrawn_at__isnull=True, number__gt=drawn_from.number
    )
    number: int | None = later.values_list("number", flat=True).first()
    return number


@address_for(Deed.RUN)
@METHODS
def plan(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Plan a sample, see what the plan gives, and draw it."""
    round = get_round_for(request.user, area, slug, Deed.RUN)
    check_can_change(round)
    snapshot = returning.latest(round)
    if snapshot is None:
        raise NotAllowed("There is nothing to draw from yet. The return comes first.")
    before = queries.sample_of(round)
    if before is not None and queries.is_begun(before):
        raise NotAllowed(
            "Records of this sample are being read, so it stays. Withdraw a record that cannot be "
            "read, and a reserve steps in."
        )
    labels = returning.strata(round)
    held = {code: (words, snapshot.strata.get(code, 0)) for code, words in labels.items()}
    form = PlanForm(
        posted(request), strata={code: one for code, one in held.items() if one[1]},
        again=before is not None, initial={"seed": _seed(round)},
    )  # fmt: skip
    shown: list[sampling_plans.Preview] = []

    def look() -> None:
        shown.append(
            sampling_plans.preview(
                snapshot.rows, form.plan, seed=form.cleaned_data["seed"], labels=labels
            )
        )

    if kept(form, look) and form.cleaned_data["seen"] == form.digest:
        return _draw(request, round, form)
    preview = shown[0] if shown else None
    context: dict[str, Any] = {
        "round": round,
        "form": form,
        "preview": preview,
        "margin": presenters.margin_words(preview) if preview else "",
        "sizes": presenters.sizes_words(preview) if preview else "",
        "confirm": form.confirming() if preview else None,
        "version": snapshot,
        "crumbs": _crumbs(round),
    }
    return render(request, "record_reading/sample_draw.html", context)


def _seed(round: Round) -> str:
    return f"{round.area} {round.slug} {timezone.localdate():%Y} {secrets.token_hex(3)}"


def _draw(request: SignedInRequest, round: Round, form: PlanForm) -> HttpResponse:
    held = form.cleaned_data
    try:
        made = services.draw_sample(
            actor=request.user, round=round, plan=form.plan, seed=held["seed"],
            reason=held.get("reason", ""),
        )  # fmt: skip
    except (BadInput, NotAllowed) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Sample {made.number} is drawn. Keep its record with the round.")
    return redirect(_here(round))


@address_for(Deed.RUN)
@require_safe
def record(request: SignedInRequest, area: str, slug: str, draw: int) -> HttpResponse:
    """The record of a draw, to print and keep."""
    found = get_sample_for(request.user, area, slug, draw)
    drawn = from_data(found.record)
    context = {
        "round": found.round,
        "sample": found,
        "draw": drawn,
        "strata": presenters.drawn_strata(found.round, drawn),
        "asked": presenters.asked(drawn.plan, returning.strata(found.round)),
        "text": printed(drawn),
        "who": names_of({found.drawn_by}).get(found.drawn_by, found.drawn_by),
        "crumbs": _crumbs(found.round),
    }
    return render(request, "record_reading/sample_record.html", context)


@address_for(Deed.RUN)
@require_safe
def record_pdf(request: SignedInRequest, area: str, slug: str, draw: int) -> HttpResponse:
    """The record of a draw as PDF."""
    found = get_sample_for(request.user, area, slug, draw)
    drawn = from_data(found.record)
    made = presenters.document(
        found.round, found, drawn, partnership(found.round.area).name, printed(drawn)
    )
    answer = HttpResponse(to_pdf(made), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="draw-{draw}.pdf"'
    return answer


@address_for(Deed.RUN)
@require_safe
def again(request: SignedInRequest, area: str, slug: str, draw: int) -> HttpResponse:
    """Draw again from the record, and say whether everything came out the same."""
    found = get_sample_for(request.user, area, slug, draw)
    context = {
        "round": found.round,
        "sample": found,
        "checks": sampling_checks.drawn_again(found),
        "crumbs": _crumbs(found.round),
    }
    return render(request, "record_reading/sample_again.html", context)


@address_for(Deed.RUN)
@METHODS
def withdraw(request: SignedInRequest, area: str, slug: str, record: int) -> HttpResponse:
    """Withdraw a record for a reason; a reserve of its stratum steps in."""
    found = get_record_for(request.user, area, slug, record)
    round = found.sample.round
    services.check_withdrawal(round, found)
    form = ReasonForm(posted(request))
    instead: list[Any] = []

    def act() -> None:
        instead.append(
            services.withdraw_record(
                actor=request.user, record=found, reason=form.cleaned_data["reason"]
            )
        )

    if kept(form, act):
        said = (
            f"{instead[0].label} steps in." if instead[0] is not None
            else "No reserve was left in its stratum, so nothing steps in."
        )  # fmt: skip
        messages.success(request, f"{found.label} is withdrawn. {said}")
        return redirect(_here(round))
    context = {
        "round": round, "record": found, "form": form, "crumbs": _crumbs(round),
        "stratum": returning.label(round, "stratum", found.stratum),
        "begun": queries.open_readings(found).filter(state__in=BEGUN).exists(),
    }  # fmt: skip
    return render(request, "record_reading/sample_withdraw.html", context)


@address_for(Deed.RUN)
@METHODS
def bring_back(request: SignedInRequest, area: str, slug: str, record: int) -> HttpResponse:
    """Bring a withdrawn record back."""
    found = get_record_for(request.user, area, slug, record)
    round = found.sample.round
    services.check_return_of(round, found)
    form = NothingForm(posted(request))
    if kept(form, lambda: services.bring_back(actor=request.user, record=found)):
        messages.success(request, f"{found.label} is brought back.")
        return redirect(_here(round))
    context = {"round": round, "record": found, "form": form, "crumbs": _crumbs(round)}
    return render(request, "record_reading/sample_bring_back.html", context)


@address_for(Deed.RETURN)
@require_safe
def to_bring(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Reading numbers beside the sender's own references, to bring the records by."""
    round, found = get_list_for(request.user, area, slug)
    rows = presenters.to_bring(round, found)
    context = {
        "round": round,
        "rows": [row for row in rows if row.is_read],
        "gone": [row for row in rows if not row.is_read],
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/sample_list.html", context)


@address_for(Deed.RETURN)
@require_safe
def to_bring_csv(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The same as CSV."""
    round, found = get_list_for(request.user, area, slug)
    rows = [row.cells for row in presenters.to_bring(round, found)]
    answer = HttpResponse(to_csv(presenters.TO_BRING, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="records-to-bring.csv"'
    return answer
