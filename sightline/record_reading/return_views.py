"""Pages of a return: its tasks, its totals, its columns, and each version of it."""

from typing import Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access import audit
from sightline.access.http import SignedInRequest
from sightline.jobs.queries import names_of
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import partnership
from sightline.record_reading import return_presenters as presenters
from sightline.record_reading import return_uploads, returning
from sightline.record_reading import sampling_queries as queries
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed, address_for, get_round_for, may
from sightline.record_reading.return_forms import TotalsForm
from sightline.record_reading.services.returning import give_totals
from sightline.record_reading.views import METHODS, Crumbs, kept, posted, round_crumbs
from sightline.uploads.blank import blank_workbook
from sightline.uploads.kinds import Kind
from sightline.uploads.queries import history

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
A_PAGE: Final = 100


def return_name(round: Round) -> str:
    """What a round's return is called."""
    return "Pre-inspection return" if round.inspection else "Return"


def _crumbs(round: Round) -> Crumbs:
    return round_crumbs(round, (return_name(round), return_uploads.hub(round)))


def _send(round: Round) -> str:
    scope = return_uploads.scope_of(round)
    return reverse("uploads:send", args=[return_uploads.CODE, scope.kind, scope.key])


def _kind(round: Round) -> Kind:
    return return_uploads.KIND.sent_by(return_uploads.scope_of(round))


@address_for(Deed.RETURN)
@require_safe
def hub(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """The tasks of a return, how its counts stand to the totals, and its versions."""
    round = get_round_for(request.user, area, slug, Deed.RETURN)
    snapshots = list(returning.snapshots(round).defer("rows"))
    snapshot = next((one for one in snapshots if one.withdrawn_at is None), None)
    upload = history(return_uploads.CODE, return_uploads.scope_of(round)).first()
    names = names_of({one.sent_by for one in snapshots})
    samples = list(queries.samples_of(round))
    context = {
        "round": round,
        "name": return_name(round),
        "tasks": [
            *(presenters.about_the_partnership(partnership(area)) if round.inspection else ()),
            *presenters.tasks(round, snapshot, upload, _send(round)),
        ],
        "lines": presenters.lines(round, snapshot),
        "why": round.totals.get("why", ""),
        "versions": presenters.versions(snapshots, samples, names),
        "sampled": any(one.set_aside_at is None for one in samples),
        "runs": may(request.user, round, Deed.RUN),
        "crumbs": round_crumbs(round),
    }
    return render(request, "record_reading/return.html", context)


@address_for(Deed.RETURN)
@METHODS
def totals(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Say how many children there are by population and stratum."""
    round = get_round_for(request.user, area, slug, Deed.RETURN)
    form = TotalsForm(posted(request), round=round)
    if kept(form, lambda: give_totals(actor=request.user, round=round, **form.given)):
        messages.success(request, "The totals are kept.")
        return redirect(return_uploads.hub(round))
    context = {"round": round, "form": form, "crumbs": _crumbs(round)}
    return render(request, "record_reading/return_totals.html", context)


@address_for(Deed.RETURN)
@require_safe
def columns(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """What each column of the return takes."""
    round = get_round_for(request.user, area, slug, Deed.RETURN)
    context = {
        "round": round,
        "columns": presenters.explained(_kind(round).columns),
        "send": _send(round),
        "crumbs": _crumbs(round),
    }
    return render(request, "record_reading/return_columns.html", context)


@address_for(Deed.RETURN)
@require_safe
def template(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """An empty workbook to fill in, with sheets that say what each column takes."""
    round = get_round_for(request.user, area, slug, Deed.RETURN)
    answer = HttpResponse(blank_workbook(_kind(round)), content_type=XLSX)
    answer["Content-Disposition"] = 'attachment; filename="children-in-scope.xlsx"'
    return answer


@address_for(Deed.RETURN)
@require_safe
def version(request: SignedInRequest, area: str, slug: str, version: int) -> HttpResponse:
    """One version of the return in counts; its references, for who runs the round."""
    round = get_round_for(request.user, area, slug, Deed.RETURN)
    found = returning.snapshots(round).filter(number=version).first()
    if found is None:
        raise NotFound("There is no such version of this return.")
    runs = may(request.user, round, Deed.RUN)
    page = None
    if runs:
        references = sorted(row["reference"] for row in found.rows)
        page = Paginator(references, A_PAGE).get_page(request.GET.get("page"))
        audit.record_read(request.user, f"record-return:{round.area}/{round.slug}/{version}")
    in_use = returning.snapshots(round).filter(withdrawn_at__isnull=True)
    context = {
        "round": round,
        "version": found,
        "in_use": in_use.values_list("number", flat=True).first() == version,
        "who": names_of({found.sent_by}).get(found.sent_by, found.sent_by),
        "counts": presenters.counts(round, found),
        "page": page,
        "crumbs": _crumbs(round),
    }
    return render(request, "record_reading/return_version.html", context)
