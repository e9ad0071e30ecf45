"""Pages of concerns. Nothing may store them, no address holds a word, no error report does."""

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.invitations import letters_reach_people
from sightline.concerns import places, policies, presenters, queries, services
from sightline.concerns.definitions import procedure
from sightline.concerns.forms import FORMS, RaiseForm, StepForm
from sightline.concerns.models import Concern, Deed
from sightline.concerns.permissions import (
    Part,
    get_concern_for,
    get_concern_to,
    open_concern_for,
)
from sightline.concerns.places import Origin, Place
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable, NotFound

ON_A_PAGE: Final = 50
NOT_KEPT: Final = (
    "This could not be kept here just now. Your words are still on this page. Do not wait: "
    "telephone, as it says below."
)
_SERVICES: Final[dict[Deed, Callable[..., Concern]]] = {
    Deed.PASSED_ON: services.pass_on,
    Deed.KEPT: services.keep_back,
    Deed.ACKNOWLEDGED: services.acknowledge,
    Deed.ACTED: services.record_action,
    Deed.CONCLUDED: services.record_outcome,
    Deed.RETURNED: services.send_back,
    Deed.CLOSED: services.close,
    Deed.ASKED: services.ask,
    Deed.ANSWERED: services.answer,
    Deed.HANDED_OVER: services.hand_over,
}


@address(needs=None, scope="signed-in")
@never_cache
@require_safe
def concerns(request: SignedInRequest) -> HttpResponse:
    """Concerns that are this person's to act on, unanswered first, and those they raised."""
    person = request.user
    closed = request.GET.get("closed") == "yes"
    in_hand = queries.in_hand_of(person)
    shown = in_hand.filter(state="closed") if closed else in_hand.exclude(state="closed")
    page = Paginator(shown, ON_A_PAGE).get_page(request.GET.get("page"))
    raised = queries.raised_by(person)[:ON_A_PAGE]
    context = {
        "page": page,
        "rows": presenters.rows(page.object_list),
        "waiting": {str(key) for key in queries.waiting_for(person).values_list("pk", flat=True)},
        "raised": presenters.rows(raised),
        "closed": closed,
        "most": ON_A_PAGE,
        "acts": queries.acts_on_concerns(person) or bool(page.object_list),
    }
    return render(request, "concerns/concerns.html", context)


def _offered(person: Any, origin: Origin) -> dict[str, Place]:
    """Inspections that may be named: those under way, and the one they came from."""
    found = places.inspections_for(person)
    return {
        key: place for key, place in found.items() if place.under_way or key == origin.inspection
    }


@address(needs=None, scope="signed-in", without_factor=True)
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def raise_concern(request: SignedInRequest) -> HttpResponse:
    """Ask the five questions; on POST, keep the answers and send them on their way."""
    asked = request.POST if request.method == "POST" else request.GET
    origin = places.origin(asked.get("from", ""), request.user)
    areas, inspections = places.partnerships(), _offered(request.user, origin)
    form = RaiseForm(
        request.POST if request.method == "POST" else None,
        partnerships=areas,
        inspections=inspections,
        initial={
            "where_seen": origin.words,
            "partnership": origin.partnership or _only_area(inspections),
            "inspection": origin.inspection,
        },
    )
    status = 200
    if form.is_bound and form.is_valid():
        try:
            kept = _raise(request, form)
        except BadInput as fault:
            form.add_error(None, str(fault))
        except NotAvailable:
            status = 503
            form.add_error(None, NOT_KEPT)
        else:
            return redirect(_with_origin(reverse("concerns:sent", args=[kept.pk]), origin))
    context = {"form": form, "procedure": procedure(), "origin": origin}
    return render(request, "concerns/raise.html", context, status=status)


def _only_area(inspections: dict[str, Place]) -> str:
    """The partnership of the inspections somebody works in, if it is one alone."""
    areas = {place.partnership for place in inspections.values()}
    return areas.pop() if len(areas) == 1 else ""


def _with_origin(url: str, origin: Origin) -> str:
    return f"{url}?from={origin.path}" if origin.path else url


def _raise(request: SignedInRequest, form: RaiseForm) -> Concern:
    given = form.cleaned_data
    told = services.Told(
        worry=given["worry"],
        danger=given["danger"],
        where_seen=given["where_seen"],
        told=given["told"],
        about_whom=given["about_whom"],
    )
    return services.raise_concern(
        actor=request.user,
        told=told,
        partnership=given["partnership"],
        inspection=given.get("inspection", ""),
        past_lead=given.get("past_lead", False),
        past_local_lead=given["past_local_lead"],
        token=given["token"],
    )


@address(needs=None, scope="signed-in", without_factor=True)
@never_cache
@require_safe
def sent(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What happens next with a concern somebody raised. Says nothing of what is in it."""
    found, parts = get_concern_for(request.user, key)
    context = {
        "concern": found,
        "sent": presenters.sent(
            found,
            queries.letters(found),
            local_leads=queries.local_leads(found),
            areas=places.partnerships(),
        ),
        "by_post": letters_reach_people(),
        "mine": Part.RAISER in parts,
        "origin": places.origin(request.GET.get("from", ""), request.user),
        "procedure": procedure(),
    }
    return render(request, "concerns/sent.html", context)


@address(needs=None, scope="signed-in")
@never_cache
@require_safe
def concern(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One concern: what was said, what was done, what is to be done. Opening it is recorded."""
    found, parts = open_concern_for(request.user, key)
    steps = queries.steps(found)
    alarms = list(found.alarms.values_list("given_at", flat=True))
    acts = parts != {Part.RAISER}
    context = {
        "concern": found,
        "row": presenters.rows([found])[0],
        "answers": presenters.answers(found),
        "buttons": presenters.buttons(found, parts),
        "history": presenters.history(steps, parts, alarms=alarms),
        "acts": acts,
        "letters": presenters.letters(queries.letters(found)),
        "by_post": letters_reach_people(),
        "openings": queries.openings(found) if acts else (),
        "crumbs": [("Concerns", reverse("concerns:concerns"))],
    }
    return render(request, "concerns/concern.html", context)


def _deed(name: str) -> Deed:
    if name not in {deed.value for deed in _SERVICES}:
        raise NotFound("There is no such page.")
    return Deed(name)


@address(needs=None, scope="signed-in")
@sensitive_post_parameters()
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: SignedInRequest, key: UUID, deed: str) -> HttpResponse:
    """Ask for the words of one step; on POST, take it."""
    found = get_concern_to(request.user, key, chosen := _deed(deed))
    form = _form(chosen, found, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            _SERVICES[chosen](actor=request.user, key=found.pk, **form.cleaned_data)
        except (BadInput, NotAllowed) as refusal:
            form = _again(chosen, found, request, str(refusal))
        else:
            messages.success(request, f"Concern {found.label}: {presenters.DONE[chosen]}")
            return redirect("concerns:concern", key=found.pk)
    elif not form.is_bound:
        policies.check_can(found, chosen)
        policies.check_question(found, chosen)
    return _step_page(request, found, chosen, form)


def _form(deed: Deed, found: Concern, data: Any) -> StepForm:
    more: dict[str, Any] = {}
    if deed is Deed.HANDED_OVER:
        more["people"] = queries.eligible_stand_ins(found)
    return FORMS[deed](data, initial={"turn": found.turn}, **more)


def _again(deed: Deed, found: Concern, request: SignedInRequest, refusal: str) -> StepForm:
    """The form with the words in it, why it was refused, and the turn as it is by now."""
    data = request.POST.copy()
    data["turn"] = str(queries.turn_of(found))
    form = _form(deed, found, data)
    form.add_error(None, refusal)
    return form


def _step_page(
    request: SignedInRequest, found: Concern, deed: Deed, form: StepForm
) -> HttpResponse:
    here = reverse("concerns:concern", args=[found.pk])
    context = {
        "concern": found,
        "form": form,
        "title": presenters.BUTTONS[deed],
        "here": here,
        "crumbs": [("Concerns", reverse("concerns:concerns")), (found.label, here)],
    }
    return render(request, "concerns/step.html", context)
