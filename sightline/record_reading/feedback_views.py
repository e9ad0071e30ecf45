"""Pages of the feedback sheet: as it stands, to print, as a file, and its words to write."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access import audit
from sightline.access.http import SignedInRequest
from sightline.design.documents import to_pdf
from sightline.framework.queries import quantity_terms
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import partnership
from sightline.record_reading import feedback as feedback_sheets
from sightline.record_reading import feedback_presenters as presenters
from sightline.record_reading.feedback_permissions import (
    FIELDS,
    TEAM,
    get_feedback_for,
    is_over,
    may_write,
    place_of,
)
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import (
    Deed,
    address_for,
    deeds_of,
    get_round_for,
)
from sightline.record_reading.views import round_crumbs
from sightline.saving.boxes import box_for

_READERS = (Deed.MODERATE, Deed.RUN, Deed.RESULTS, Deed.RETURN)


@address_for(*_READERS)
@require_safe
def feedback(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The sheet as it stands; for whoever leads the round, with what is still to write."""
    round = get_feedback_for(request.user, area, slug)
    if not is_over(request.user, round):
        return _waits(request, round)
    deeds = deeds_of(request.user, round)
    sheet = feedback_sheets.sheet(round, quantity_terms())
    writes = may_write(request.user, round)
    context = {
        "round": round,
        "sheet": sheet,
        "area": partnership(round.area),
        "texts": presenters.texts(sheet, writes=writes),
        "writes": writes,
        "is_team": bool(deeds & TEAM),
        "may_share": Deed.MODERATE in deeds and round.state == Round.State.LOCKED,
        "caveat": presenters.CAVEAT,
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/feedback.html", context)


def _waits(request: SignedInRequest, round: Round) -> HttpResponse:
    """That it comes when reading is over, and nothing of it."""
    context = {"round": round, "area": partnership(round.area), "crumbs": round_crumbs(round)}
    return render(request, "record_reading/feedback_waits.html", context)


@address_for(*_READERS)
@require_safe
def printed(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The sheet on paper."""
    round = get_feedback_for(request.user, area, slug)
    if not is_over(request.user, round):
        return _waits(request, round)
    sheet = feedback_sheets.sheet(round, quantity_terms())
    here = (f"Feedback on {round.title}", reverse("record_reading:feedback", args=[area, slug]))
    context = {
        "round": round,
        "sheet": sheet,
        "area": partnership(round.area),
        "texts": presenters.texts(sheet, writes=False),
        "caveat": presenters.CAVEAT,
        "crumbs": round_crumbs(round, here),
    }
    return render(request, "record_reading/feedback_print.html", context)


@address_for(*_READERS)
@require_safe
def pdf(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The sheet as PDF."""
    round = get_feedback_for(request.user, area, slug)
    if not is_over(request.user, round):
        return _waits(request, round)
    sheet = feedback_sheets.sheet(round, quantity_terms())
    made = presenters.document(sheet, partnership(round.area).name)
    answer = HttpResponse(to_pdf(made), content_type="application/pdf")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-feedback.pdf"'
    return answer


@address_for(Deed.MODERATE)
@require_safe
def write(request: SignedInRequest, area: str, slug: str, field: str) -> HttpResponse:
    """One text of the sheet to write, beside what readers flagged. Opening it is recorded."""
    round = get_round_for(request.user, area, slug, Deed.MODERATE)
    if field not in FIELDS or round.state == Round.State.PREPARING:
        raise NotFound("There is no such text in a feedback sheet.")
    title, hint = presenters.TEXTS[field]
    writes = may_write(request.user, round)
    audit.record_read(request.user, f"record-flags:{round.area}/{round.slug}")
    here = (f"Feedback on {round.title}", reverse("record_reading:feedback", args=[area, slug]))
    context = {
        "round": round,
        "title": title,
        "box": box_for(request.user, place_of(round, field), label=title, hint=hint)
        if writes
        else None,
        "flags": presenters.flags(feedback_sheets.flagged_texts(round)),
        "crumbs": round_crumbs(round, here),
    }
    return render(request, "record_reading/feedback_write.html", context)
