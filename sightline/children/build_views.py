"""Pages about builds: made, looked at, published, undone, and their faults."""

from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.enums import Permission
from sightline.access.http import SignedInRequest
from sightline.children import policies, presenters, queries, services
from sightline.children.building import FAULTS
from sightline.children.forms import AgainForm, FaultsFilter, NothingForm, ReasonForm
from sightline.children.models import Build
from sightline.children.permissions import get_area_for, get_build_for, open_faults
from sightline.children.views import LOAD, SEE, Crumbs, crumbs, may
from sightline.design.spreadsheets import to_csv
from sightline.jobs.queries import names_of
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.partnerships.queries import Partnership
from sightline.warehouse import parquet

A_PAGE: Final = 50
MOST_IN_CSV: Final = 100_000
COLUMNS: Final = ("dataset", "row", "column", "rule", "severity", "what", "waiver")
ORDER: Final = ("severity", "rule", "dataset", "row", "column")


def _build_crumbs(area: Partnership, *more: tuple[str, str]) -> Crumbs:
    return crumbs(area, ("Builds", reverse("children:builds", args=[area.code])), *more)


def _here(area: Partnership, build: Build) -> tuple[str, str]:
    return f"Build {build.number}", reverse("children:build", args=[area.code, build.number])


@address(needs=SEE, scope="partnership")
@require_safe
def builds(request: SignedInRequest, area: str) -> HttpResponse:
    """Every build of an area, the latest first."""
    found = get_area_for(request.user, area)
    page = Paginator(queries.builds_of(found.code).prefetch_related("tables"), 20).get_page(
        request.GET.get("page")
    )
    broken = [
        build
        for build in page
        if build.state == Build.State.STAGED and not queries.is_being_made(build)
    ]
    context = {
        "area": found,
        "page": page,
        "builds": presenters.builds(page, current=queries.current_build(found.code), failed=broken),
        "may_load": may(request, found, LOAD),
        "crumbs": crumbs(found),
    }
    return render(request, "children/builds.html", context)


@address(needs=LOAD, scope="partnership", seen_by=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: SignedInRequest, area: str) -> HttpResponse:
    """What a build would be made of; on POST, make it."""
    found = get_area_for(request.user, area, LOAD)
    extracts = queries.latest_extracts(found.code)
    form = AgainForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            begun = services.start_build(
                actor=request.user, area=found.code, again=form.cleaned_data["again"]
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            if begun.repeated:
                messages.info(request, "No file has changed since this build. Nothing was done.")
            return redirect("children:build", area=found.code, number=begun.build.number)
    held, missing = presenters.supplied(extracts, {})
    context = {
        "area": found, "form": form, "held": held, "missing": missing,
        "crumbs": _build_crumbs(found),
    }  # fmt: skip
    return render(request, "children/new_build.html", context)


@address(needs=SEE, scope="partnership")
@require_safe
def build(request: SignedInRequest, area: str, number: int) -> HttpResponse:
    """One build: where its rows went, what rules found, and how far it joins up."""
    found, made = get_build_for(request.user, area, number)
    job = queries.job_of(made)
    context: dict[str, Any] = {
        "area": found,
        "build": made,
        "job": job,
        "mine": job is not None and job.asked_by == request.user.audit_name,
        "going": queries.is_being_made(made),
        "may_load": may(request, found, LOAD),
        "crumbs": _build_crumbs(found),
    }
    if made.state == Build.State.STAGED:
        return render(request, "children/being_made.html", context)
    current = queries.current_build(found.code)
    before = queries.build_before(made)
    tables = queries.tables_of(made)
    earlier = queries.tables_of(before) if before is not None else {}
    people = {made.started_by, made.published_by, made.withdrawn_by} - {""}
    context |= {
        "state": Build.State(made.state).label,
        "tag": presenters.TAGS[made.state],
        "is_current": current is not None and current.pk == made.pk,
        "before": before,
        "tables": presenters.tables(tables, earlier, made.summary),
        "missing": [
            title
            for code, title in presenters.titles().items()
            if code not in tables or tables[code].extract_id is None
        ],
        "agencies": presenters.agencies(tables, made.summary),
        "groups": presenters.groups(made.summary),
        "skipped": sorted(made.summary.get("skipped", {}).items()),
        "quality": sorted(made.summary.get("quality", {}).items()),
        "sums": presenters.sums(tables.values()),
        "people": names_of(people),
        "can_publish": made.state == Build.State.CHECKED
        and made.removed_at is None
        and (current is None or current.number < made.number),
    }
    return render(request, "children/build.html", context)


@address(needs=LOAD, scope="partnership", seen_by=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: SignedInRequest, area: str, number: int) -> HttpResponse:
    """What publishing does; on POST, do it."""
    found, made = get_build_for(request.user, area, number, LOAD)
    policies.check_can_publish(made, latest=queries.current_build(found.code))
    if request.method == "POST":
        services.start_publishing(actor=request.user, area=found.code, number=number)
        return redirect("children:build", area=found.code, number=number)
    tables = queries.tables_of(made)
    context = {
        "area": found,
        "build": made,
        "current": queries.current_build(found.code),
        "tables": presenters.tables(tables, {}, made.summary),
        "sums": presenters.sums(tables.values()),
        "form": NothingForm(),
        "crumbs": _build_crumbs(found, _here(found, made)),
    }
    return render(request, "children/publish.html", context)


@address(needs=LOAD, scope="partnership", seen_by=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, area: str, number: int) -> HttpResponse:
    """What undoing does; on POST, with a reason, do it."""
    found, made = get_build_for(request.user, area, number, LOAD)
    policies.check_can_undo(made, current=queries.current_build(found.code))
    form = ReasonForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.undo_build(
                actor=request.user, area=found.code, number=number,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except (BadInput, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Build {number} was undone.")
            return redirect("children:build", area=found.code, number=number)
    context = {
        "area": found,
        "build": made,
        "before": queries.build_before(made),
        "form": form,
        "crumbs": _build_crumbs(found, _here(found, made)),
    }
    return render(request, "children/undo.html", context)


def _asked(request: SignedInRequest, made: Build) -> tuple[FaultsFilter, dict[str, list[str]]]:
    """Which faults are asked for."""
    groups = made.summary.get("groups", [])
    titles = presenters.titles()
    found = sorted({group["dataset"] for group in groups})
    form = FaultsFilter(
        request.GET,
        datasets=[(code, titles.get(code, code)) for code in found],
        rules=sorted({group["rule"] for group in groups}),
    )
    if not form.is_valid():
        return form, {}
    chosen = {name: form.cleaned_data[name] for name in ("dataset", "rule")}
    return form, {name: [value] for name, value in chosen.items() if value}


@address(needs=Permission.DATA_VIEW, scope="partnership")
@require_safe
def faults(request: SignedInRequest, area: str, number: int) -> HttpResponse:
    """The faults of a build: file row, column and rule, and no value. The reading is recorded."""
    found, made = get_build_for(request.user, area, number)
    path = open_faults(request.user, made) / FAULTS
    form, where = _asked(request, made)
    at = request.GET.get("page", "1")
    start = max(0, int(at) - 1) * A_PAGE if at.isdecimal() and len(at) < 10 else 0  # noqa: PLR2004
    held = parquet.page(path, columns=COLUMNS, where=where, order=ORDER, start=start, most=A_PAGE)
    pages = Paginator(range(held.total), A_PAGE)
    query = "".join(f"&{name}={values[0]}" for name, values in where.items()).lstrip("&")
    context = {
        "area": found,
        "build": made,
        "form": form,
        "faults": presenters.faults(held.rows),
        "page": pages.get_page(at),
        "total": held.total,
        "query": query,
        "crumbs": _build_crumbs(found, _here(found, made)),
    }
    return render(request, "children/faults.html", context)


@address(needs=Permission.DATA_VIEW, scope="partnership")
@require_safe
def faults_as_csv(request: SignedInRequest, area: str, number: int) -> HttpResponse:
    """The faults of a build as CSV. The reading is recorded."""
    _, made = get_build_for(request.user, area, number)
    path = open_faults(request.user, made) / FAULTS
    _, where = _asked(request, made)
    held = parquet.page(path, columns=COLUMNS, where=where, order=ORDER, most=MOST_IN_CSV)
    header = ("Dataset", "Row of the file", "Column", "Rule", "What is wrong", "What follows")
    rows = [
        (one.dataset, one.row, one.column, one.rule, one.what, one.follows)
        for one in presenters.faults(held.rows)
    ]
    answer = HttpResponse(to_csv(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="faults-{area}-{number}.csv"'
    return answer
