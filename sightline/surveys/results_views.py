"""Pages of results: all questions, one question, one group, and the heat table."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.framework.queries import quantity_terms
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import partnership
from sightline.surveys import results_presenters as presenters
from sightline.surveys.definitions import said
from sightline.surveys.models import Survey
from sightline.surveys.permissions import SEE, areas_for, get_survey_for
from sightline.surveys.questionnaires import questionnaire
from sightline.surveys.results_files import FORMATS, file_of
from sightline.surveys.results_queries import Results, counted_items, every, other_rounds, results
from sightline.surveys.views import survey_crumbs


def _groupings(found: Results) -> list[tuple[str, str]]:
    titles = {i.code: said(i.text, found.asked.languages[0]) for i in found.asked.items()}
    used = dict.fromkeys(code.rpartition("@")[2] for code, _ in found.listed if "@" in code)
    return [(code, titles.get(code, code.capitalize())) for code in used]


def _files(found: Results) -> list[tuple[str, str, str, str]]:
    args = [found.survey.area, found.survey.slug]
    named = {"csv": "Figures", "xlsx": "Figures", "parquet": "Figures", "pdf": "Report",
             "json": "Measures with their references"}  # fmt: skip
    return [
        (label, reverse("surveys:results-file", args=[*args, kind]), kind.upper(), "")
        for kind, label in named.items()
    ]


def _address(survey: Survey, item: str) -> str:
    return reverse("surveys:results-question", args=[survey.area, survey.slug, item])


def _crumbs(found: Results) -> list[tuple[str, str]]:
    where = reverse("surveys:results", args=[found.survey.area, found.survey.slug])
    return survey_crumbs(found.survey, ("Results", where))


@address(needs=SEE, scope="partnership")
@require_safe
def all_results(request: SignedInRequest, area: str, slug: str) -> HttpResponse:
    """Every question with what everybody said."""
    survey = get_survey_for(request.user, area, slug)
    found = results(request.user, survey)
    terms = quantity_terms()
    context = {
        "survey": survey, "results": found, "groupings": _groupings(found),
        "files": _files(found) if found.listed else [],
        "questions": [presenters.question(found, i, terms) for i in counted_items(found.asked)],
        "crumbs": survey_crumbs(survey),
    }  # fmt: skip
    return render(request, "surveys/results.html", context)


@address(needs=SEE, scope="partnership")
@require_safe
def question(request: SignedInRequest, area: str, slug: str, item: str) -> HttpResponse:
    """One question: everybody, then by group."""
    survey = get_survey_for(request.user, area, slug)
    items = counted_items(questionnaire(survey.questionnaire))
    one = next((found for found in items if found.code == item), None)
    if one is None:
        raise NotFound("There is no such question in this survey.")
    found = results(request.user, survey, presenters.is_of(one, items.index(one) + 1))
    shown = presenters.question(found, one, quantity_terms())
    areas = [held.code for held in areas_for(request.user)]
    others = [
        (f"{other.title}, {partnership(other.area).name}", _address(other, item), share)
        for other, share in other_rounds(request.user, survey, one, areas)
    ]
    context = {
        "survey": survey, "results": found, "crumbs": _crumbs(found), "question": shown,
        "groups": list(presenters.groups(found, one)),
        "rounds": presenters.rounds(shown.measures[0], others) if shown.measures else [],
    }  # fmt: skip
    return render(request, "surveys/question.html", context)


@address(needs=SEE, scope="partnership")
@require_safe
def by_group(request: SignedInRequest, area: str, slug: str, grouping: str) -> HttpResponse:
    """The heat table of one grouping; with `?group=`, one group beside everybody."""
    survey = get_survey_for(request.user, area, slug)
    found = results(request.user, survey, presenters.is_by(grouping))
    title = dict(_groupings(found)).get(grouping)
    if title is None:
        raise NotFound("These results are not split by that.")
    table = presenters.heat(found, grouping, title)
    chosen = request.GET.get("group", "")
    if chosen and chosen not in dict(table.columns):
        raise NotFound("There is no such group that is large enough to be shown.")
    context = {
        "survey": survey, "results": found, "heat": table, "grouping": grouping,
        "group": chosen, "group_label": dict(table.columns).get(chosen, ""),
        "place": [code for code, _ in table.columns].index(chosen) if chosen else 0,
        "crumbs": _crumbs(found),
    }  # fmt: skip
    return render(request, "surveys/group.html" if chosen else "surveys/heat.html", context)


@address(needs=SEE, scope="partnership")
@require_safe
def download(request: SignedInRequest, area: str, slug: str, kind: str) -> HttpResponse:
    """The results as a file."""
    survey = get_survey_for(request.user, area, slug)
    found = results(request.user, survey, every)
    if not found.listed:
        raise NotFound("Too few people answered to show results, so there is no file of them.")
    response = HttpResponse(file_of(found, kind, quantity_terms()), content_type=FORMATS[kind])
    response["Content-Disposition"] = f'attachment; filename="{area}-{slug}-results.{kind}"'
    return response
