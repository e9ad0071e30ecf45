"""Correcting one published value: the form shows the one in use, and the old one is kept."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.framework.queries import corrected_library
from sightline.inspections import history, policies, queries, services
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.forms import CorrectionForm, CountForm, DateForm, EvaluationForm
from sightline.inspections.permissions import get_inspection_for
from sightline.inspections.presenters import DATE_LABELS, Fact, Shown
from sightline.inspections.services import Basis
from sightline.inspections.views import address_of, crumb_of, crumbs
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.partnerships.queries import names

WHOLE = 100
correcting = address(
    needs=Permission.INSPECTION_CORRECT, scope="inspection", seen_by=Permission.PUBLISHED_VIEW
)


def _opened(request: SignedInRequest, partnership: str, reference: str) -> Shown:
    document = get_inspection_for(
        request.user, reference, Permission.INSPECTION_CORRECT, partnership=partnership
    )
    policies.check_can_correct(document)
    return Shown(document, library=corrected_library(), names=names())


def _given(request: SignedInRequest, document: InspectionDocument, about: str, subject: str) -> Any:
    """What every form is made with: what was sent, or the statement that is being corrected."""
    return {
        "data": request.POST if request.method == "POST" else None,
        "sources": queries.sources(),
        "initial": {"shown": history.key_in_use(document.reference, about, subject)},
    }


@correcting
@require_http_methods(["GET", "HEAD", "POST"])
def correct_evaluation(
    request: SignedInRequest, partnership: str, reference: str, judgement: str
) -> HttpResponse:
    """Correct the evaluation of one judgement."""
    shown = _opened(request, partnership, reference)
    graded = shown.programme.judgement(judgement.replace("-", "."))
    form = EvaluationForm(
        **_given(request, shown.document, "evaluation", graded.code), scale=shown.scale
    )

    def correct(cleaned: dict[str, Any], common: dict[str, Any]) -> None:
        services.correct_evaluation(judgement=graded.code, value=cleaned["value"], **common)

    back = address_of(shown.document, "evaluation", judgement=judgement)
    return _answer(request, shown, shown.evaluation(graded), form, correct, back)


@correcting
@require_http_methods(["GET", "HEAD", "POST"])
def correct_count(
    request: SignedInRequest, partnership: str, reference: str, channel: str
) -> HttpResponse:
    """Correct the count of one channel of evidence."""
    shown = _opened(request, partnership, reference)
    counted = shown.programme.channel(channel)
    most = WHOLE if counted.per_cent else None
    form = CountForm(**_given(request, shown.document, "count", channel), most=most)

    def correct(cleaned: dict[str, Any], common: dict[str, Any]) -> None:
        value = {name: cleaned[name] for name in ("count", "qualifier", "printed")}
        services.correct_count(channel=channel, **value, **common)

    back = f"{address_of(shown.document)}#evidence"
    return _answer(request, shown, shown.evidence_of(channel), form, correct, back)


@correcting
@require_http_methods(["GET", "HEAD", "POST"])
def correct_date(
    request: SignedInRequest, partnership: str, reference: str, what: str
) -> HttpResponse:
    """Correct one of the dates."""
    shown = _opened(request, partnership, reference)
    what = what.replace("-", "_")
    if what not in DATE_LABELS:
        raise NotFound("An inspection has no such date.")
    form = DateForm(**_given(request, shown.document, "date", what))

    def correct(cleaned: dict[str, Any], common: dict[str, Any]) -> None:
        services.correct_date(what=what, value=cleaned["value"], **common)

    back = f"{address_of(shown.document)}#dates"
    return _answer(request, shown, shown.date(what), form, correct, back)


def _answer(
    request: SignedInRequest,
    shown: Shown,
    fact: Fact,
    form: CorrectionForm,
    correct: Callable[[dict[str, Any], dict[str, Any]], None],
    back: str,
) -> HttpResponse:
    """Show the form, or correct and go back to where the value stands."""
    if request.method == "POST" and form.is_valid():
        try:
            correct(form.cleaned_data, _common(request, shown.document, form.cleaned_data))
        except (NotAllowed, BadInput) as refusal:
            form.add_error(None, forms.ValidationError(str(refusal)))
        else:
            messages.success(request, f"{fact.label}: corrected. The old value was kept.")
            return redirect(back)
    context = {
        "crumbs": crumbs(crumb_of(shown.document)),
        "shown": shown,
        "fact": fact,
        "form": form,
        "back": back,
    }
    return render(request, "inspections/correct.html", context)


def _common(
    request: SignedInRequest, document: InspectionDocument, cleaned: dict[str, Any]
) -> dict[str, Any]:
    return {
        "actor": request.user,
        "reference": document.reference,
        "basis": Basis(
            sources=(cleaned["source"],),
            confidence=cleaned["confidence"],
            place=cleaned["place"],
            note=cleaned["note"],
        ),
        "reason": cleaned["reason"],
        "as_shown": cleaned["shown"],
    }
