"""Pages about what an area has sent: what is supplied, its columns, its days, its maps."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.enums import Permission
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Scope, holds
from sightline.children import maps, presenters, queries, services
from sightline.children.forms import DaysForm, EraseForm, MapForm
from sightline.children.permissions import (
    areas_for,
    get_area_for,
    get_dataset_for,
    get_extract_for,
)  # fmt: skip
from sightline.jobs.queries import names_of
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.partnerships.queries import Partnership
from sightline.uploads import queries as uploads
from sightline.uploads.blank import blank_workbook
from sightline.uploads.kinds import kind_named

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SEE, LOAD = Permission.DATA_VIEW, Permission.DATA_LOAD
Crumbs = list[tuple[str, str]]


def crumbs(area: Partnership, *more: tuple[str, str]) -> Crumbs:
    """The way to a page of an area's data."""
    here = (f"Data of {area.name}", reverse("children:data", args=[area.code]))
    return [("Data", reverse("children:areas")), here, *more]


def may(request: SignedInRequest, area: Partnership, permission: Permission) -> bool:
    """Whether somebody may do something to the data of an area."""
    return holds(request.user, permission, scope=Scope("partnership", area.code))


@address(needs=SEE, scope="signed-in")
@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    """The areas whose data somebody may see."""
    return render(request, "children/areas.html", {"areas": areas_for(request.user)})


def _supplied(area: Partnership) -> dict[str, Any]:
    extracts = queries.latest_extracts(area.code)
    names = names_of({extract.loaded_by for extract in extracts.values()})
    held, missing = presenters.supplied(extracts, names)
    return {"held": held, "missing": missing}


@address(needs=SEE, scope="partnership")
@require_safe
def data(request: SignedInRequest, area: str) -> HttpResponse:
    """An area's data: the build that is shown, what is supplied and what is not."""
    found = get_area_for(request.user, area)
    current = queries.current_build(found.code)
    context = {
        "area": found,
        "crumbs": crumbs(found)[:1],
        "current": current,
        "latest": queries.builds_of(found.code).first(),
        "may_load": may(request, found, LOAD),
        "may_erase": may(request, found, Permission.CHILDREN_ERASE),
        **_supplied(found),
    }
    return render(request, "children/data.html", context)


@address(needs=SEE, scope="partnership")
@require_safe
def datasets(request: SignedInRequest, area: str) -> HttpResponse:
    """Every dataset: what a row is, who holds it, and its templates."""
    found = get_area_for(request.user, area)
    context = {"area": found, "crumbs": crumbs(found), **_supplied(found)}
    return render(request, "children/datasets.html", context)


def _dataset_crumbs(area: Partnership, *more: tuple[str, str]) -> Crumbs:
    return crumbs(area, ("Datasets", reverse("children:datasets", args=[area.code])), *more)


@address(needs=SEE, scope="partnership")
@require_safe
def dataset(request: SignedInRequest, area: str, dataset: str) -> HttpResponse:
    """One dataset: its columns, its templates, the versions sent."""
    found, known = get_dataset_for(request.user, area, dataset)
    versions = list(queries.versions_of(found.code, known.code)[:50])
    context = {
        "area": found,
        "dataset": known,
        "agency": presenters.AGENCIES[known.agency],
        "columns": presenters.columns(known),
        "versions": [
            (one, presenters.said_days(one.covers_from, one.covers_until)) for one in versions
        ],
        "used": queries.latest_extract(found.code, known.code),
        "map": queries.column_map(found.code, known.code),
        "may_load": may(request, found, LOAD),
        "crumbs": _dataset_crumbs(found),
    }
    return render(request, "children/dataset.html", context)


@address(needs=SEE, scope="partnership")
@require_safe
def template(request: SignedInRequest, area: str, dataset: str) -> HttpResponse:
    """An empty workbook with the columns of a dataset, and sheets that explain them."""
    _, known = get_dataset_for(request.user, area, dataset)
    answer = HttpResponse(blank_workbook(kind_named(known.code)), content_type=XLSX)
    name = f"{known.code}-{known.version}-template.xlsx"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@address(needs=SEE, scope="partnership")
@require_safe
def schema(request: SignedInRequest, area: str, dataset: str) -> HttpResponse:
    """The Frictionless Table Schema of a dataset."""
    _, known = get_dataset_for(request.user, area, dataset)
    text = json.dumps(presenters.table_schema(known), indent=2, ensure_ascii=False)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    name = f"{known.code}-{known.version}.schema.json"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@address(needs=LOAD, scope="partnership", seen_by=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: SignedInRequest, area: str, dataset: str) -> HttpResponse:
    """Say what the headings and codes of the last file that did not match stand for."""
    found, known = get_dataset_for(request.user, area, dataset, LOAD)
    sent = uploads.history(known.code, Scope("partnership", found.code))[:10]
    held = queries.column_map(found.code, known.code)
    unmatched = maps.unmatched(sent, known, held)
    form = MapForm(
        request.POST if request.method == "POST" else None,
        dataset=known, unmatched=maps.with_held(unmatched, held), held=held,
    )  # fmt: skip
    if form.is_bound and form.is_valid():
        try:
            services.save_column_map(
                actor=request.user, area=found.code, dataset=known.code,
                headings=form.headings(), codes=form.codes(),
            )  # fmt: skip
        except BadInput as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Saved. The next file is read so; send it again.")
            return redirect("children:dataset", area=found.code, dataset=known.code)
    here = (known.title, reverse("children:dataset", args=[found.code, known.code]))
    context = {
        "area": found, "dataset": known, "form": form, "unmatched": unmatched, "map": held,
        "crumbs": _dataset_crumbs(found, here),
    }  # fmt: skip
    return render(request, "children/columns.html", context)


@address(needs=LOAD, scope="partnership", seen_by=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def days(request: SignedInRequest, area: str, dataset: str, vintage: int) -> HttpResponse:
    """Say which days a version of a dataset answers for."""
    found, known = get_dataset_for(request.user, area, dataset, LOAD)
    _, extract = get_extract_for(request.user, area, dataset, vintage, LOAD)
    form = DaysForm(
        request.POST if request.method == "POST" else None,
        initial={"first": extract.covers_from, "last": extract.covers_until},
    )
    if form.is_bound and form.is_valid():
        try:
            services.say_covers(
                actor=request.user, area=found.code, dataset=known.code, vintage=vintage,
                first=form.cleaned_data["first"], last=form.cleaned_data["last"],
            )  # fmt: skip
        except (BadInput, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "The days are kept, for the next build.")
            return redirect("children:dataset", area=found.code, dataset=known.code)
    here = (known.title, reverse("children:dataset", args=[found.code, known.code]))
    context = {
        "area": found, "dataset": known, "extract": extract, "form": form,
        "crumbs": _dataset_crumbs(found, here),
    }  # fmt: skip
    return render(request, "children/days.html", context)


@address(needs=Permission.CHILDREN_ERASE, scope="partnership", seen_by=SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: SignedInRequest, area: str) -> HttpResponse:
    """Take one child's rows out of everything held."""
    found = get_area_for(request.user, area, Permission.CHILDREN_ERASE)
    form = EraseForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            done = services.erase_child(actor=request.user, area=found.code, **form.cleaned_data)
        except (BadInput, NotAllowed) as refusal:
            form.add_error(None, str(refusal))
        else:
            rows = "1 row" if done.rows == 1 else f"{done.rows:,} rows"
            messages.success(request, f"{rows} erased, out of {done.files:,} files.")
            return redirect("children:erase", area=found.code)
    names = queries.erasures_of(found.code)[:50]
    context = {
        "area": found, "form": form, "erasures": names, "crumbs": crumbs(found),
        "people": names_of({one.erased_by for one in names}),
    }  # fmt: skip
    return render(request, "children/erase.html", context)
