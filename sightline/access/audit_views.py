"""Who did what: the page, and the same lines as a spreadsheet."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sightline.access import audit, sentences, trail
from sightline.access.addresses import address
from sightline.access.forms import AuditFilter
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.design.spreadsheets import to_csv

LINES_ON_A_PAGE = 50
HEADER = ("When", "Who", "Role and employer", "Did", "Thing", "Why given")


def _asked(query: QueryDict) -> tuple[AuditFilter, trail.Search | None]:
    """The form, and the search it asks for; None when it asks for something that cannot be."""
    deeds = [(verb, sentences.label(verb)) for verb in sentences.deeds()]
    form = AuditFilter(query, deeds=sorted(deeds, key=lambda deed: deed[1]))
    return form, trail.Search(**form.cleaned_data) if form.is_valid() else None


@address(needs=Permission.AUDIT_VIEW, scope="national", seen_by="everyone")
@require_safe
def who_did_what(request: SignedInRequest) -> HttpResponse:
    """Show the lines asked for, newest first, and record that they were."""
    form, search = _asked(request.GET)
    context: dict[str, object] = {"form": form, "most": trail.MOST_LINES}
    if search is not None:
        audit.record(request.user, "audit.searched", "audit:trail", after=search.as_recorded())
        found = trail.events(search)
        page = Paginator(found, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
        context |= {
            "page": page,
            "lines": trail.in_words(page.object_list),
            "download": _without_page(request),
        }
    return render(request, "access/audit.html", context, status=200 if search else 400)


def _when(line: trail.Line) -> str:
    return f"{timezone.localtime(line.at):%Y-%m-%d %H:%M:%S}"


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@address(needs=Permission.AUDIT_VIEW, scope="national", seen_by="everyone")
@require_safe
def download(request: SignedInRequest) -> HttpResponse:
    """The lines asked for as CSV, and a line that says they were taken."""
    form, search = _asked(request.GET)
    if search is None:
        return render(request, "access/audit.html", {"form": form}, status=400)
    audit.record(request.user, "audit.exported", "audit:trail", after=search.as_recorded())
    rows = [
        (_when(line), line.who, line.post, line.did, line.target, line.reason)
        for line in trail.in_words(trail.events(search))
    ]
    response = HttpResponse(to_csv(HEADER, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="sightline-who-did-what.csv"'
    return response
