"""Home and the pages about the service itself."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.models import Assignment, User
from sightline.access.permissions import Permission, holds_anywhere
from sightline.access.queries import live_assignments
from sightline.access.roles import role
from sightline.concerns.presenters import rows as concern_rows
from sightline.concerns.queries import waiting_for
from sightline.framework.definitions import library
from sightline.inspections.definitions import InspectionDocument
from sightline.inspections.permissions import visible_documents
from sightline.inspections.presenters import name_of
from sightline.inspections.presenters_list import listed, newest_first
from sightline.partnerships.queries import names
from sightline.record_reading.permissions import rounds_going_on
from sightline.record_reading.reading_doors import own_readings

NEWEST = 5
CONCERNS = 20
READS = (Permission.RECORDS_READ, Permission.OWN_RECORDS_READ)


@dataclass(frozen=True)
class ProgrammeCard:
    """A programme on the home page: what it looks at, and how many inspections are held."""

    short: str
    title: str
    population: str
    inspections: int


def _cards(found: Sequence[InspectionDocument]) -> list[ProgrammeCard]:
    counts = Counter(document.programme for document in found)
    return [
        ProgrammeCard(p.short, p.title, p.population, counts[p.key])
        for p in sorted(library().programmes, key=lambda p: p.short)
    ]


@address(needs=None, scope="public")
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """To home, or by way of signing in."""
    return HttpResponseRedirect(reverse("home"))


@address(needs=None, scope="signed-in")
@require_safe
def home(request: SignedInRequest) -> HttpResponse:
    """Concerns that wait for this person, what they may do, and what was published last."""
    places, person = names(), request.user
    sees_published = holds_anywhere(person, Permission.PUBLISHED_VIEW)
    sees_drafts = holds_anywhere(person, Permission.INSPECTION_VIEW)
    found = visible_documents(person, with_drafts=True) if sees_published or sees_drafts else ()
    published = [document for document in found if document.status == "published"]
    drafts = [document for document in found if document.status != "published"]
    roles = [
        (role(held.role), _where(held, found, places), held) for held in live_assignments(person)
    ]
    titles = library()
    context = {
        "concerns": concern_rows(waiting_for(person)[:CONCERNS]),
        "roles": roles,
        "programmes": _cards(published),
        "reading": _reading(person),
        "rounds": [
            (round, places.get(round.area, round.area)) for round in rounds_going_on(person)
        ],
        "newest": listed(newest_first(published)[:NEWEST], library=titles, names=places),
        "drafts": listed(newest_first(drafts), library=titles, names=places),
        "sees_published": sees_published,
    }
    return render(request, "config/home.html", context)


def _reading(person: User) -> list[tuple[str, int]]:
    """Records that somebody has still to read, by the round's title; without a question if none."""
    if not any(holds_anywhere(person, one) for one in READS):
        return []
    waiting = own_readings(person, waiting=True)
    return list(Counter(one.round.title for one in waiting).items())


def _where(held: Assignment, found: Sequence[InspectionDocument], places: Mapping[str, str]) -> str:
    """Where a role reaches, in words."""
    if held.scope_kind == Assignment.ScopeKind.NATIONAL:
        return "All of Scotland"
    if held.scope_kind == Assignment.ScopeKind.INSPECTION:
        for document in found:
            if document.reference == held.scope_key:
                area = places.get(document.partnership, document.partnership)
                return f"The inspection of {name_of(document, area)}"
    return places.get(held.scope_key, held.scope_key)


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
