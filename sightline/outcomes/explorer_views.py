"""The explorer: one indicator under five tabs, its figures as a file, and ways through care."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.kernel.errors import NotFound
from sightline.outcomes import presenters, presenters_journeys, queries
from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.outcomes.explorer import TAB_MAKERS, Explored
from sightline.outcomes.permissions import SEE, get_area_for, may
from sightline.outcomes.publishing import QUARTER, YEAR
from sightline.outcomes.views import crumbs
from sightline.partnerships.queries import Partnership

_EXACT = "operational"


@address(needs=SEE, scope="partnership")
@require_safe
def explore(request: SignedInRequest, area: str, code: str) -> HttpResponse:
    """One indicator under one of five tabs."""
    found = get_area_for(request.user, area)
    one = indicator(code)
    tab = request.GET.get("tab", "now")
    if tab not in presenters.TABS:
        raise NotFound(f"There is no tab {tab}. There are: {', '.join(presenters.TABS)}.")
    by = request.GET.get("by", "") or next(iter(_ordered(one)), "")
    if by and by not in one.breakdowns:
        raise NotFound(f"{one.title} is not told apart by {by}.")
    grid = request.GET.get("grid", YEAR)
    figures = queries.figures(request.user, found, _codes(one, by), grid=YEAR)
    quarters = _quarters(request, found, one) if tab == "over-time" else None
    explored = Explored(
        area=found, one=one, by=by, grid=grid, figures=figures, quarters=quarters,
        notes=tuple(queries.annotations_of(found.code, one.code)) if tab == "over-time" else (),
        published=_published(one, figures, tab), key=request.GET.get("period", ""),
        sees_children=may(request.user, Permission.CHILDREN_VIEW, found.code),
        may_annotate=may(request.user, Permission.OUTCOMES_ANNOTATE, found.code),
        provisional=_provisional(figures, one.of_indicator or one.code),
        needs=queries.needs(figures.build, one.of_indicator or one.code) if figures.build else (),
    )  # fmt: skip
    asked = {name: request.GET.get(name, "") for name in ("by", "period", "tab")}
    page = reverse("outcomes:indicator", args=[found.code, one.code])
    context: dict[str, Any] = {
        "area": found,
        "indicator": one,
        "figures": figures,
        "tab": tab,
        "tabs": presenters.tabs(tab, asked),
        "choices": presenters.breakdowns(one, by, asked) if tab == "now" else (),
        "download": reverse("outcomes:figures", args=[found.code, one.code]),
        "definition": f"{page}?tab=definition",
        "crumbs": crumbs(found),
        **TAB_MAKERS[tab](explored),
    }
    return render(request, "outcomes/indicator.html", context)


def _provisional(figures: queries.Figures, code: str) -> frozenset[str]:
    held = queries.provisional(figures.build) if figures.build else {}
    return held.get(code, frozenset())


def _ordered(one: IndicatorDefinition) -> list[str]:
    return sorted(one.breakdowns, key=lambda name: name != "placement")


def _codes(one: IndicatorDefinition, by: str) -> list[str]:
    codes = [one.code, *(f"{one.code}.{name}" for name in {by, "simd", "placement"} if name)]
    if one.shape == "gap":
        codes.append(f"{one.of_indicator}.{one.breakdown}")
    return codes


def _quarters(
    request: SignedInRequest, found: Partnership, one: IndicatorDefinition
) -> queries.Figures | None:
    """Quarters are declared for those alone from whom nothing is hidden."""
    if one.frequency == "year" or not (
        may(request.user, Permission.FIGURES_OPERATIONAL, found.code)
        or may(request.user, Permission.FIGURES_COMMITTEE, found.code)
    ):
        return None
    return queries.figures(request.user, found, [one.code], grid=QUARTER)


def _published(
    one: IndicatorDefinition, figures: queries.Figures, tab: str
) -> list[queries.PublishedFigure]:
    if figures.build is None or tab not in {"compare", "over-time", "now"}:
        return []
    return queries.published_figures(figures.build, [one.published_measure])


@address(needs=SEE, scope="partnership")
@require_safe
def figures_file(request: SignedInRequest, area: str, code: str) -> HttpResponse:
    """Every figure of an indicator that the reader may see, as CSV."""
    found = get_area_for(request.user, area)
    one = indicator(code)
    codes = [one.code, *(f"{one.code}.{name}" for name in one.breakdowns)]
    figures = queries.figures(request.user, found, codes)
    held = [figures.series[name] for name in codes if name in figures.series]
    if not held or figures.build is None or figures.profile is None:
        raise NotFound("There are no such figures, or they are not yours to see.")
    response = HttpResponse(
        presenters.csv_of(one, held, _provisional(figures, one.code)),
        content_type="text/csv; charset=utf-8",
    )
    name = f"{found.code}-{one.code}-build-{figures.build.number}-{figures.profile.code}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@address(needs=SEE, scope="partnership")
@require_safe
def journeys(request: SignedInRequest, area: str) -> HttpResponse:
    """Young people leaving care: outcomes by care setting, and what became of each year's."""
    found = get_area_for(request.user, area)
    age = request.GET.get("age", presenters_journeys.FIRST_ASKED)
    if age not in presenters_journeys.AGES:
        raise NotFound(f"They are followed from 15 to 21; there is no age {age}.")
    figures = queries.figures(request.user, found, presenters_journeys.codes_for_page(age))
    lines = presenters_journeys.standings(found.code, figures.series)
    context = {
        "area": found,
        "figures": figures,
        "lead": presenters_journeys.lead(lines),
        "standings": lines,
        "cohorts": presenters_journeys.cohorts(
            figures.series, request.GET.get("cohort", ""), age, area=found.name
        ),
        "crumbs": crumbs(found),
    }
    return render(request, "outcomes/journeys.html", context)
