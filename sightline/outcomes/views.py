"""Pages of outcomes: home for an analyst, notes on charts, and who is behind a figure."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.children.queries import current_build, tables_of
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable, NotFound
from sightline.outcomes import presenters, queries, services
from sightline.outcomes.definitions import indicator
from sightline.outcomes.examples import example_of
from sightline.outcomes.forms import AnnotationForm, RemoveForm
from sightline.outcomes.labels import breakdown_title, category_label
from sightline.outcomes.permissions import (
    SEE,
    areas_for,
    get_annotation_for,
    get_area_for,
    may,
)
from sightline.outcomes.wording import period_label
from sightline.partnerships.queries import Partnership

require_form = require_http_methods(["GET", "HEAD", "POST"])
Crumbs = list[tuple[str, str]]


def crumbs(area: Partnership, *more: tuple[str, str]) -> Crumbs:
    """The way back to the area's outcomes."""
    return [(f"Outcomes in {area.name}", reverse("outcomes:home", args=[area.code])), *more]


@address(needs=SEE, scope="signed-in")
@require_safe
def areas(request: SignedInRequest) -> HttpResponse:
    """The areas whose outcomes somebody may see; where there is one, it."""
    found = areas_for(request.user)
    if len(found) == 1:
        return redirect("outcomes:home", area=found[0].code)
    return render(request, "outcomes/areas.html", {"areas": found})


@address(needs=SEE, scope="partnership")
@require_safe
def home(request: SignedInRequest, area: str) -> HttpResponse:
    """Home for an analyst: the current build, what it lacks, and every indicator."""
    found = get_area_for(request.user, area)
    figures = queries.figures(request.user, found, presenters.codes_for_home())
    build = current_build(found.code)
    tables = tables_of(build) if build is not None else {}
    supplies = presenters.supplies(tables)
    exact = may(request.user, Permission.FIGURES_OPERATIONAL, found.code)
    clocks = queries.clocks(figures.build) if figures.build and exact else ()
    provisional = queries.provisional(figures.build) if figures.build else {}
    themes = presenters.themes(found.code, figures, provisional)
    asked = request.GET.get("theme", "")
    theme = presenters.chosen(themes, asked)
    if theme is None:
        raise NotFound(f"There is no theme {asked}.")
    context = {
        "area": found,
        "figures": figures,
        "themes": themes,
        "theme": theme,
        "lead": presenters.lead(themes),
        "attention": presenters.attention(themes),
        "balance": presenters.balance_chart(figures),
        "missing": [one for one in supplies if not one.supplied],
        "supplies": supplies,
        "joined": presenters.joined(tables),
        "clocks": presenters.clock_lines(clocks),
        "overdue": sum(one.overdue for one in clocks),
        "soon": sum(one.soon for one in clocks),
        "ends": presenters.data_ends(tables, build.today if build is not None else None),
        "sees_data": may(request.user, Permission.DATA_VIEW, found.code),
        "faulted": sum(table.faulted for table in tables.values()),
        "crumbs": [],
    }
    return render(request, "outcomes/home.html", context)


@address(needs=Permission.OUTCOMES_ANNOTATE, scope="partnership", seen_by=SEE)
@require_form
def annotate(request: SignedInRequest, area: str, code: str) -> HttpResponse:
    """Write on a chart what happened."""
    found = get_area_for(request.user, area, Permission.OUTCOMES_ANNOTATE)
    one = indicator(code)
    form = AnnotationForm(request.POST if request.method == "POST" else None)
    page = reverse("outcomes:indicator", args=[found.code, one.code])
    if form.is_bound and form.is_valid():
        given = dict(form.cleaned_data)
        everywhere = given.pop("everywhere")
        try:
            services.annotate(
                actor=request.user, area=found.code, indicator="" if everywhere else one.code,
                **given,
            )  # fmt: skip
        except NotAllowed as refusal:
            form.add_error("on", str(refusal))
        except BadInput as refusal:
            form.add_error("words", str(refusal))
        else:
            messages.success(request, "Written on the chart.")
            return redirect(f"{page}?tab=over-time")
    way = crumbs(found, (one.title, page))
    context = {"area": found, "indicator": one, "form": form, "crumbs": way}
    return render(request, "outcomes/annotate.html", context)


@address(needs=Permission.OUTCOMES_ANNOTATE, scope="partnership", seen_by=SEE)
@require_form
def remove_annotation(request: SignedInRequest, area: str, key: UUID) -> HttpResponse:
    """Take a note off the charts."""
    note = get_annotation_for(request.user, key)
    found = get_area_for(request.user, area, Permission.OUTCOMES_ANNOTATE)
    if note.area != found.code:
        raise NotFound("There is no such note.")
    form = RemoveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            services.remove_annotation(actor=request.user, key=key)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Taken off.")
            if not note.indicator:
                return redirect("outcomes:home", area=found.code)
            return redirect(f"{_indicator_address(found, note.indicator)}?tab=over-time")
    context = {"area": found, "note": note, "form": form, "crumbs": crumbs(found)}
    return render(request, "outcomes/remove_annotation.html", context)


@address(needs=Permission.CHILDREN_VIEW, scope="partnership", seen_by=SEE)
@require_safe
def behind(request: SignedInRequest, area: str, code: str) -> HttpResponse:
    """The children counted in a figure, by reference; the opening is recorded."""
    found = get_area_for(request.user, area, Permission.CHILDREN_VIEW)
    one = indicator(code)
    asked = queries.Asked(
        one.code,
        request.GET.get("period", ""),
        request.GET.get("by", ""),
        request.GET.get("category", ""),
    )
    number = request.GET.get("page", "1")
    example = example_of(one.key)
    listed, nothing = queries.Behind([], 0, 1), ""
    try:
        listed = queries.behind(
            request.user, found, asked, page=int(number) if number.isdecimal() else 1,
            datasets=example.codes if example else (),
        )  # fmt: skip
    except NotAvailable as refusal:
        nothing = str(refusal)
    context = {
        "area": found,
        "indicator": one,
        "asked": asked,
        "period": period_label(asked.period),
        "part": _part(asked),
        "behind": listed,
        "nothing": nothing,
        "rows": presenters.behind_rows(listed.rows),
        "pages": presenters.pages(request.GET, number, listed.pages),
        "crumbs": crumbs(found, (one.title, _indicator_address(found, one.code))),
    }
    return render(request, "outcomes/behind.html", context)


def _part(asked: queries.Asked) -> str:
    if not asked.breakdown:
        return ""
    label = category_label(asked.breakdown, asked.category)
    return f"{breakdown_title(asked.breakdown)}: {label}"


def _indicator_address(found: Partnership, code: str) -> str:
    return reverse("outcomes:indicator", args=[found.code, code])
