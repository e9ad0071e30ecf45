"""Pages of inspections: the list, one inspection, one evaluation, and the whole as a file."""

from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import (
    EVERYONE,
    Permission,
    Scope,
    holds,
    holds_anywhere,
)
from sightline.framework.queries import corrected_library
from sightline.inspections import history, presenters_list, queries
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.exporting import as_json, json_schema
from sightline.inspections.forms import ListFilter
from sightline.inspections.permissions import get_inspection_for, visible_documents
from sightline.inspections.presenters import Shown, name_of
from sightline.partnerships.queries import all_partnerships, names

ON_A_PAGE = 25
PARTS = (
    ("Evaluations", "#evaluations"),
    ("Dates", "#dates"),
    ("Evidence", "#evidence"),
    ("Strengths", "#strengths"),
    ("Areas for improvement", "#improvements"),
    ("Key messages", "#messages"),
    ("Conclusion", "#conclusion"),
    ("Sources", "#sources"),
    ("Values that were replaced", "#history"),
)
Crumbs = list[tuple[str, str]]


def crumbs(*more: tuple[str, str]) -> Crumbs:
    """The way here from the list of inspections."""
    return [("Inspections", reverse("inspections:inspections")), *more]


def crumb_of(document: InspectionDocument) -> tuple[str, str]:
    """An inspection as a step on the way to a page below it."""
    partnership = names().get(document.partnership, document.partnership)
    return name_of(document, partnership), address_of(document)


def address_of(document: InspectionDocument, page: str = "inspection", **more: str) -> str:
    """The address of an inspection, or of a page below it."""
    at = {"partnership": document.partnership, "reference": document.reference}
    return reverse(f"inspections:{page}", kwargs={**at, **more})


@address(needs=Permission.PUBLISHED_VIEW, scope="national", seen_by=EVERYONE)
@require_safe
def inspections(request: SignedInRequest) -> HttpResponse:
    """All inspections the person may see, the newest first."""
    library = corrected_library()
    form = ListFilter(request.GET, library=library, partnerships=all_partnerships())
    chosen = form.cleaned_data if form.is_valid() else {}
    found = visible_documents(
        request.user,
        programme=chosen.get("programme") or None,
        partnership=chosen.get("partnership") or None,
        with_drafts=True,
    )
    kind = chosen.get("kind")
    newest = presenters_list.newest_first([d for d in found if not kind or d.kind == kind])
    page = Paginator(newest, ON_A_PAGE).get_page(request.GET.get("page"))
    rows = presenters_list.listed(list(page), library=library, names=names())
    context = {
        "page": page,
        "rows": rows,
        "form": form,
        "is_narrowed": any(chosen.values()),
        "may_import": holds_anywhere(request.user, Permission.INSPECTION_IMPORT),
    }
    return render(request, "inspections/inspections.html", context)


@address(needs=Permission.PUBLISHED_VIEW, scope="inspection")
@require_safe
def inspection(request: SignedInRequest, partnership: str, reference: str) -> HttpResponse:
    """One inspection: dates, evidence, evaluations and findings, each with its sources."""
    document = get_inspection_for(
        request.user, reference, Permission.PUBLISHED_VIEW, partnership=partnership
    )
    shown = Shown(document, library=corrected_library(), names=names())
    same = visible_documents(request.user, partnership=partnership, with_drafts=True)
    before, after = queries.neighbours(document, same)
    followed = next((d for d in same if d.reference == document.follows), None)
    context = {
        "shown": shown,
        "document": document,
        "crumbs": crumbs(),
        "parts": PARTS,
        "before": before and crumb_of(before),
        "after": after and crumb_of(after),
        "followed": followed and crumb_of(followed),
        "followers": [crumb_of(d) for d in same if d.follows == reference],
        "replaced": _replaced(shown),
        "last_change": history.last_change(reference),
        "files": _files(request, document),
        "may_correct": _may_correct(request, document),
        "is_team": holds(
            request.user, Permission.INSPECTION_VIEW, scope=Scope("inspection", reference)
        ),
    }
    return render(request, "inspections/inspection.html", context)


def _may_correct(request: SignedInRequest, document: InspectionDocument) -> bool:
    return document.status == "published" and holds(
        request.user,
        Permission.INSPECTION_CORRECT,
        scope=Scope("inspection", document.reference),
        also=_wider(document),
    )


def _wider(document: InspectionDocument) -> tuple[Scope, ...]:
    """The partnership's own people count for what is published, never for a draft."""
    return (Scope("partnership", document.partnership),) if document.status == "published" else ()


def _files(
    request: SignedInRequest, document: InspectionDocument
) -> list[tuple[str, str, str, str]]:
    pdf, word = (address_of(document, "report-download", kind=kind) for kind in ("pdf", "docx"))
    found = [
        ("Report", pdf, "PDF", "Tagged for screen readers."),
        ("Report", word, "Word", ""),
    ]
    if holds(
        request.user,
        Permission.INSPECTION_EXPORT,
        scope=Scope("inspection", document.reference),
        also=_wider(document),
    ):
        note = "The whole record with its sources, to be imported elsewhere."
        found.append(("This inspection", address_of(document, "export"), "JSON", note))
    return found


def _replaced(shown: Shown, judgement: str = "") -> list[dict[str, object]]:
    """Values that were replaced, in words; only those of one judgement when it is named."""
    found = history.replaced(shown.document.reference)
    return [
        {"entry": entry, **shown.replaced_words(entry)}
        for entry in found
        if not judgement or (entry.about, entry.subject) == ("evaluation", judgement)
    ]


@address(needs=Permission.PUBLISHED_VIEW, scope="inspection")
@require_safe
def evaluation(
    request: SignedInRequest, partnership: str, reference: str, judgement: str
) -> HttpResponse:
    """One evaluation: every source side by side, why, and what it was before."""
    document = get_inspection_for(
        request.user, reference, Permission.PUBLISHED_VIEW, partnership=partnership
    )
    shown = Shown(document, library=corrected_library(), names=names())
    graded = shown.programme.judgement(judgement.replace("-", "."))
    fact = shown.evaluation(graded)
    value = shown.evaluation_value(graded.code)
    context = {
        "shown": shown,
        "document": document,
        "crumbs": crumbs(crumb_of(document)),
        "judgement": graded,
        "fact": fact,
        "point": shown.scale.point(fact.said.value) if fact.said and fact.said.value else None,
        "rationale": value.rationale if value else (),
        "replaced": _replaced(shown, graded.code),
        "may_correct": _may_correct(request, document),
    }
    return render(request, "inspections/evaluation.html", context)


@address(needs=Permission.INSPECTION_EXPORT, scope="inspection", seen_by=Permission.PUBLISHED_VIEW)
@require_safe
def export(request: SignedInRequest, partnership: str, reference: str) -> HttpResponse:
    """The whole inspection as one JSON document."""
    document = get_inspection_for(
        request.user, reference, Permission.INSPECTION_EXPORT, partnership=partnership
    )
    response = HttpResponse(as_json(document), content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{reference}.json"'
    return response


@address(needs=None, scope="public")
@require_safe
def schema(request: SignedInRequest) -> HttpResponse:
    """The JSON Schema of the document that is imported and exported."""
    return JsonResponse(json_schema(), json_dumps_params={"indent": 2})
