"""Pages of results: all items of a round, one item by a way, and files."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access.http import SignedInRequest
from sightline.framework.queries import quantity_terms
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import partnership
from sightline.record_reading import results_presenters as presenters
from sightline.record_reading.counting import WAYS
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed, address_for, get_round_for
from sightline.record_reading.results_comparing import others, together
from sightline.record_reading.results_files import FORMATS, file_of
from sightline.record_reading.results_names import EXACT, PROTECTED
from sightline.record_reading.results_permissions import kind_for
from sightline.record_reading.results_queries import (
    Results,
    every,
    of_everybody,
    results,
)
from sightline.record_reading.views import Crumbs, round_crumbs

_KINDS = {"csv": "Figures", "xlsx": "Figures", "pdf": "Report",
          "json": "Measures with their references"}  # fmt: skip


def _kind(request: SignedInRequest, round: Round) -> tuple[str, bool]:
    """Which figures are looked at, and whether there is a choice.

    Those who hold the readings see exact figures, unless they ask to see what others see.
    """
    fullest = kind_for(request.user, round)
    asked = request.GET.get("figures", "")
    return (PROTECTED if asked == PROTECTED else fullest), fullest == EXACT


def _page(request: SignedInRequest, round: Round, found: Results) -> dict[str, Any]:
    _, chooses = _kind(request, round)
    where = [round.area, round.slug]
    return {
        "round": round, "results": found, "area": partnership(round.area),
        "exact": found.kind == EXACT, "chooses": chooses, "crumbs": _crumbs(round),
        "files": [
            (label, reverse("record_reading:results-file", args=[*where, kind]), kind.upper(), "")
            for kind, label in _KINDS.items()
        ] if round.results.get("shown") else [],
    }  # fmt: skip


def _crumbs(round: Round, *, inside: bool = False) -> Crumbs:
    here = ("Results", reverse("record_reading:results", args=[round.area, round.slug]))
    return round_crumbs(round, *([here] if inside else []))


@address_for(Deed.RESULTS)
@require_safe
def all_results(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Every item with what all records showed, section by section."""
    round = get_round_for(request.user, area, slug, Deed.RESULTS)
    if round.locked_at is None:
        context = {"round": round, "area": partnership(round.area), "crumbs": _crumbs(round)}
        return render(request, "record_reading/results_none.html", context)
    kind, _ = _kind(request, round)
    found = results(request.user, round, kind, of_everybody)
    context = _page(request, round, found)
    context["parts"] = presenters.parts(found, quantity_terms()) if found.listed else []
    return render(request, "record_reading/results.html", context)


@address_for(Deed.RESULTS)
@require_safe
def item(request: SignedInRequest, area: str, slug: str, item: str) -> HttpResponse:
    """One item: all records, by the way that is chosen, and in other rounds."""
    round = get_round_for(request.user, area, slug, Deed.RESULTS)
    kind, _ = _kind(request, round)
    looked = results(request.user, round, kind, lambda code: False)
    here = [unit for unit in looked.units if unit.item.code == item]
    if not here:
        raise NotFound("There is no such question in this record reading, or it is not counted.")
    ways = dict(pair for unit in here for pair in looked.split_by(unit))
    by = request.GET.get("by", "") or next(iter(ways), "")
    if by and by not in WAYS:
        raise NotFound("Results are not split by that.")
    codes = {code for unit in here for code in looked.codes(unit, by)}
    found = results(request.user, round, kind, lambda code: code in codes)
    context = _page(request, round, found) | {
        "item": here[0].item, "ways": list(ways.items()), "by": by, "by_title": WAYS.get(by, ""),
        "crumbs": _crumbs(round, inside=True),
        "questions": [
            (
                presenters.question(found, unit, quantity_terms()),
                presenters.by_way(found, unit, by) if by else None,
            )
            for unit in here
        ],
    }  # fmt: skip
    if len(here) == 1 and (name := here[0].first):
        near = others(request.user, found, here[0], name)
        own = found.band(here[0], name)
        context |= {
            "others": [(partnership(one.round.area).name, one) for one in near],
            "together": together(own, near) if own else None,
        }
    return render(request, "record_reading/results_item.html", context)


@address_for(Deed.RESULTS)
@require_safe
def download(request: SignedInRequest, area: str, slug: str, kind: str) -> HttpResponse:
    """The results as a file, protected whoever asks: a file leaves the team."""
    round = get_round_for(request.user, area, slug, Deed.RESULTS)
    found = results(request.user, round, PROTECTED, every)
    if not found.listed:
        raise NotFound("Too few records were read to show results, so there is no file of them.")
    response = HttpResponse(file_of(found, kind, quantity_terms()), content_type=FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="{area}-{slug}-results.{kind}"'
    return response
