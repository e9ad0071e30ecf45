"""Home and the pages about the service itself."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission, holds_anywhere
from sightline.access.queries import live_assignments
from sightline.access.roles import role
from sightline.framework.definitions import library
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.queries import documents
from sightline.kernel.periods import ImpreciseDate
from sightline.partnerships.queries import names

NEWEST = 5


@dataclass(frozen=True)
class Newest:
    """An inspection published lately."""

    reference: str
    partnership: str
    partnership_name: str
    published: ImpreciseDate
    programme_short: str


def _newest(found: Iterable[InspectionDocument], places: dict[str, str]) -> list[Newest]:
    dated = [
        Newest(
            document.reference,
            document.partnership,
            places.get(document.partnership, document.partnership),
            ImpreciseDate(document.dates.published.value),
            library().programme(document.programme).short,
        )
        for document in found
        if document.dates.published
    ]
    return sorted(dated, key=lambda one: one.published.latest, reverse=True)[:NEWEST]


@address(needs=None, scope="public")
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """To home, or by way of signing in."""
    return HttpResponseRedirect(reverse("home"))


@address(needs=None, scope="signed-in")
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """What this person may do, and what was published last."""
    places = names()
    roles = [
        (role(held.role), places.get(held.scope_key, held.scope_key), held)
        for held in live_assignments(request.user)
    ]
    sees_published = holds_anywhere(request.user, Permission.PUBLISHED_VIEW)
    context = {
        "roles": roles,
        "programmes": sorted(library().programmes, key=lambda p: p.short) if sees_published else [],
        "newest": _newest(documents(), places) if sees_published else [],
        "sees_published": sees_published,
    }
    return render(request, "config/home.html", context)


def _prose(template: str) -> Callable[..., HttpResponseBase]:
    @address(needs=None, scope="public")
    @require_safe
    def page(request: HttpRequest) -> HttpResponse:
        return render(request, template)

    return page


accessibility = _prose("config/accessibility.html")
privacy = _prose("config/privacy.html")


@address(needs=None, scope="public")
@require_safe
def glossary(request: HttpRequest) -> HttpResponse:
    """The words programmes explain, each with the programmes that explain it so."""
    meanings: dict[str, dict[str, list[str]]] = {}
    for programme in sorted(library().programmes, key=lambda p: p.short):
        for used in (*programme.definitions, *programme.glossary):
            by_meaning = meanings.setdefault(used.term, {})
            by_meaning.setdefault(used.meaning, []).append(programme.short)
    terms = [
        (term, slugify(term), list(by_meaning.items()))
        for term, by_meaning in sorted(meanings.items(), key=lambda item: item[0].casefold())
    ]
    return render(request, "config/glossary.html", {"terms": terms})
