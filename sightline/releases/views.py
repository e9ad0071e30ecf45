"""Pages of the ledger, of declared tables, of thresholds, and of protecting a table by hand."""

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import NATIONAL, Permission, Scope, holds, scopes_held
from sightline.access.scopes import names_of
from sightline.design.spreadsheets import to_csv, to_xlsx
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound
from sightline.releases import presenters, queries, services
from sightline.releases.definitions import ProfileDefinition, profile
from sightline.releases.forms import (
    LedgerFilter,
    ProtectForm,
    ReviewForm,
    ThresholdForm,
    WithdrawForm,
)
from sightline.releases.measures import TypedTable, read_counts, typed_table
from sightline.releases.models import LedgerEntry, TableSet
from sightline.releases.permissions import get_set_for, seen_on_its_page
from sightline.stats.disclosure import Shown

LINES_ON_A_PAGE = 25
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
require_form = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("What has been released", reverse("releases:ledger")), *more]


def _partnerships(request: SignedInRequest, permission: Permission) -> list[tuple[str, str]]:
    """Those over which the person holds a permission, by name."""
    names = names_of("partnership") or {}
    held = scopes_held(request.user, permission)
    return [
        (code, name)
        for code, name in names.items()
        if NATIONAL in held or Scope("partnership", code) in held
    ]


@address(needs=Permission.RELEASE_VIEW, scope="signed-in")
@require_safe
def ledger(request: SignedInRequest) -> HttpResponse:
    """What has been released, where the person may look: by set, or the lines of one set."""
    form = LedgerFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {}
    found = queries.entries(scopes_held(request.user, Permission.RELEASE_VIEW), **asked)
    within = asked.get("key") is not None
    listed: QuerySet[LedgerEntry, Any] = found if within else queries.grouped(found)
    page = Paginator(listed, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    entries: list[Any] = list(page.object_list)
    context = {
        "form": form,
        "page": page,
        "within": within,
        "set": entries[0].table_set if within and entries else None,
        "rows": list(zip(entries, queries.lines(entries), strict=True)) if within else [],
        "groups": [(one, presenters.protected(one)) for one in queries.groups(entries)]
        if not within
        else [],
        "crumbs": _crumbs() if within else [],
        "may_set": holds(request.user, Permission.DISCLOSURE_SET),
        "may_protect": bool(_partnerships(request, Permission.FIGURES_OPERATIONAL)),
    }
    return render(request, "releases/ledger.html", context)


def _chosen(
    request: SignedInRequest, found: TableSet, wanted: str
) -> tuple[tuple[ProfileDefinition, ...], ProfileDefinition]:
    """The profiles the person may look at, and the one asked for: the most open of all at first."""
    given = seen_on_its_page(request.user, found)
    hiding = [item for item in given if item.hides]
    by_code = {item.code: item for item in given}
    chosen = by_code.get(wanted) if wanted else next(iter(hiding), None)
    if chosen is None:
        raise NotFound("These tables are not there for such readers, or not yours to see.")
    queries.record_opening(request.user, found, chosen)
    return given, chosen


@address(needs=Permission.RELEASE_VIEW, scope="partnership")
@require_safe
def table_set(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One set: each table as the readers of a profile see it."""
    found = get_set_for(request.user, key, Permission.RELEASE_VIEW)
    given, chosen = _chosen(request, found, request.GET.get("profile", ""))
    signed = queries.reviewed(found)
    may_review = queries.holds_over(request.user, Permission.RELEASE_REVIEW, found)
    context = {
        "set": found,
        "crumbs": _crumbs(),
        "chosen": chosen,
        "tabs": presenters.tabs(given, chosen.code, signed),
        "tables": presenters.drawn(_tables(found, chosen, request.GET.get("series", ""))),
        "series": queries.series_listed(found, chosen.code),
        "may_review": may_review,
        "waits": chosen.review and chosen.code not in signed,
        "downloads": _downloads(found, chosen),
        "chosen_series": request.GET.get("series", ""),
    }
    return render(request, "releases/table_set.html", context)


def _tables(found: TableSet, chosen: ProfileDefinition, series: str = "") -> tuple[Shown, ...]:
    """The tables of a set, or those of one of its series, a period each."""
    if not series:
        return queries.tables_of(found, chosen.code)
    held = next(queries.series_of(found, chosen.code, [series]), None)
    if held is None:
        raise NotFound(f"There is no series {series} among these tables.")
    return tuple(one.shown for one in held.periods)


def _every(found: TableSet, chosen: ProfileDefinition) -> tuple[Shown, ...]:
    """Every table of a set, series period by period."""
    shown = [one.shown for held in queries.series_of(found, chosen.code) for one in held.periods]
    return (*queries.tables_of(found, chosen.code), *shown)


def _downloads(found: TableSet, chosen: ProfileDefinition) -> list[tuple[str, str, str, str]]:
    return [
        (
            "These tables",
            reverse("releases:download", args=[found.pk, chosen.code, kind]),
            label,
            "",
        )
        for kind, label in (("xlsx", "Excel"), ("csv", "CSV"))
        if kind == "csv" or not queries.series_listed(found, chosen.code)
    ]


@address(needs=Permission.RELEASE_VIEW, scope="partnership")
@require_safe
def download(request: SignedInRequest, key: UUID, code: str, kind: str) -> HttpResponse:
    """The tables of a set under a profile as a file, with the key in it."""
    found = get_set_for(request.user, key, Permission.RELEASE_VIEW)
    _, chosen = _chosen(request, found, code)
    tables, series = _every(found, chosen), bool(queries.series_listed(found, chosen.code))
    name = f"{found.source.replace(':', '-')}-{found.vintage}-{chosen.code}".replace(" ", "-")
    if kind == "xlsx" and not series:
        response = HttpResponse(_workbook(found, tables), content_type=XLSX)
    elif kind == "csv":
        response = HttpResponse(
            _csv(tables, periods=series), content_type="text/csv; charset=utf-8"
        )
    else:
        raise NotFound(f"There is no {kind} of these tables; ask for xlsx or csv.")
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response


def _workbook(found: TableSet, tables: tuple[Shown, ...]) -> bytes:
    return to_xlsx([presenters.sheet(table) for table in tables], title=found.title)


def _csv(tables: tuple[Shown, ...], *, periods: bool) -> bytes:
    rows = [
        (
            table.title, *([presenters.period(table)] if periods else []), row[0], *row[1:2],
            row[2] if table.measure else "[z]", row[-1],
        )
        for table in tables
        for row in presenters.csv_rows(table)
    ]  # fmt: skip
    header = ("Table", *(["Period"] if periods else []), "Category", "People", "Out of", "Per cent")
    return to_csv(header, rows)


@address(needs=Permission.RELEASE_REVIEW, scope="partnership", seen_by=Permission.RELEASE_VIEW)
@require_form
def review(request: SignedInRequest, key: UUID, code: str) -> HttpResponse:
    """Sign that a set may be shown to the readers of a profile."""
    found = get_set_for(request.user, key, Permission.RELEASE_REVIEW)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.review(actor=request.user, key=key, code=code, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Reviewed. The tables can now be shown.")
            return redirect(f"{reverse('releases:set', args=[key])}?profile={code}")
    context = {"set": found, "form": form, "profile": profile(code), "crumbs": _set_crumbs(found)}
    return render(request, "releases/review.html", context)


def _set_crumbs(found: TableSet) -> list[tuple[str, str]]:
    return _crumbs((found.title, reverse("releases:set", args=[found.pk])))


@address(needs=Permission.RELEASE_REVIEW, scope="partnership", seen_by=Permission.RELEASE_VIEW)
@require_form
def withdraw(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Take a set back, with the reason."""
    found = get_set_for(request.user, key, Permission.RELEASE_REVIEW)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.withdraw(actor=request.user, key=key, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Withdrawn. Nobody is shown these tables any more.")
            return redirect("releases:set", key=key)
    context = {"set": found, "form": form, "crumbs": _set_crumbs(found)}
    return render(request, "releases/withdraw.html", context)


@address(needs=Permission.DISCLOSURE_SET, scope="national", seen_by=Permission.RELEASE_VIEW)
@require_form
def thresholds(request: SignedInRequest) -> HttpResponse:
    """The thresholds in use, and making one stricter."""
    names = dict(_partnerships(request, Permission.DISCLOSURE_SET))
    data = request.POST if request.method == "POST" else None
    form = ThresholdForm(data, partnerships=list(names.items()))
    if form.is_bound and form.is_valid():
        try:
            services.set_threshold(actor=request.user, **form.cleaned_data)
        except NotAllowed as refusal:
            form.add_error("threshold", str(refusal))
        else:
            messages.success(request, "Set. It holds for every table declared from now on.")
            return redirect("releases:thresholds")
    page = Paginator(queries.thresholds(), LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    who = queries.names_of({row.set_by for row in page.object_list})
    context = {
        "form": form,
        "page": page,
        "rows": [
            (row, names.get(row.partnership, row.partnership), who[row.set_by])
            for row in page.object_list
        ],
        "profiles": presenters.profiles_in_words(),
        "crumbs": _crumbs(),
    }
    return render(request, "releases/thresholds.html", context)


@address(needs=Permission.FIGURES_OPERATIONAL, scope="signed-in")
@require_form
def protect_table(request: SignedInRequest) -> HttpResponse:
    """Hand in a table; it is protected, entered in the ledger, and ready to take away."""
    choices = _partnerships(request, Permission.FIGURES_OPERATIONAL)
    form = ProtectForm(request.POST if request.method == "POST" else None, partnerships=choices)
    if form.is_bound and form.is_valid():
        try:
            made = _declared(request, form.cleaned_data)
        except Faults as faults:
            for fault in faults.faults:
                form.add_error("table", str(fault))
        except (BadInput, NotAllowed) as refusal:
            form.add_error("table", str(refusal))
        else:
            messages.success(request, "Protected. What readers may see is below.")
            return redirect("releases:set", key=made.pk)
    return render(request, "releases/protect.html", {"form": form, "crumbs": _crumbs()})


def _declared(request: SignedInRequest, data: dict[str, object]) -> TableSet:
    today: dt.date = timezone.localdate()
    typed = {name: value for name, value in data.items() if name != "table"}
    about = TypedTable(vintage=f"{today:%Y-%m-%d}", who=str(data["counted"]), **typed)  # type: ignore[arg-type]
    exact = typed_table(about, read_counts(str(data["table"])))
    return services.declare(
        actor=request.user,
        source=f"by-hand:{uuid4()}",
        vintage=about.vintage,
        title=about.title,
        tables=[services.DeclaredTable(exact)],
        scope=Scope("partnership", about.partnership),
    )
