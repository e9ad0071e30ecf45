"""Who has what where, and whether they should: the access review."""

import calendar
import datetime as dt

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access import audit, review_presenters, review_queries, services
from sightline.access.addresses import address
from sightline.access.forms import ReviewFilter, ReviewForm
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.kernel.errors import NotAllowed, NotFound

ROWS_ON_A_PAGE = 25
MONTHS_OF_A_YEAR = 12
for_reviewers = address(
    needs=Permission.ACCESS_REVIEW, scope="national", seen_by=Permission.PEOPLE_VIEW
)


def _months_on(day: dt.date, months: int) -> dt.date:
    """The same day some months later, or the last one that month has."""
    year, month = divmod(day.month - 1 + months, MONTHS_OF_A_YEAR)
    year, month = day.year + year, month + 1
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


@for_reviewers
@require_http_methods(["GET", "HEAD", "POST"])
def access_review(request: SignedInRequest) -> HttpResponse:
    """List who holds what; on POST, keep or end what was marked."""
    filters = ReviewFilter(request.GET)
    asked = filters.cleaned_data if filters.is_valid() else {}
    found = review_queries.to_review(**asked)
    page = Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    rows = review_presenters.rows(page.object_list)
    # What comes back names its rows: the list may have changed while somebody decided.
    given = request.POST if request.method == "POST" else None
    labels = [(row.pk, row.of) for row in rows if row.person_id != request.user.pk]
    form = ReviewForm(given, rows=_labels(request, labels))
    if given is not None and form.is_valid():
        try:
            review = _reviewed(request, form)
        except (NotAllowed, NotFound) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, "Review saved.")
            return redirect("access:review", review_id=review)
    context = {
        "filters": filters,
        "page": page,
        "form": form,
        "rows": [(row, _fields(form, row.pk)) for row in rows],
        "here": request.get_full_path(),
    }
    return render(request, "access/review_list.html", context)


def _labels(request: HttpRequest, shown: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The rows on the page, and any that were sent and are not there any more."""
    known = {key for key, _ in shown}
    sent = [name.removeprefix("decision") for name in request.POST if name.startswith("decision")]
    missing = [int(key) for key in sent if key.isdecimal() and int(key) not in known]
    return shown + [(key, "a role that is no longer on this page") for key in missing]


def _fields(form: ReviewForm, key: int) -> list[object]:
    names = (f"decision{key}", f"months{key}", f"reason{key}")
    return [form[name] for name in names if name in form.fields]


def _reviewed(request: SignedInRequest, form: ReviewForm) -> int:
    today = timezone.localdate()
    decisions = [
        services.Decision(key, None if months is None else _months_on(today, months), reason)
        for key, months, reason in form.decided()
    ]
    review = services.review_access(
        actor=request.user, decisions=decisions, note=form.cleaned_data["note"]
    )
    return int(review.pk)


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("Access review", reverse("access:access-review")), *more]


@for_reviewers
@require_safe
def reviews(request: SignedInRequest) -> HttpResponse:
    """Every review there was."""
    page = Paginator(review_queries.reviews(), ROWS_ON_A_PAGE).get_page(request.GET.get("page"))
    found = review_presenters.in_list(page.object_list)
    context = {"page": page, "reviews": found, "crumbs": _crumbs()}
    return render(request, "access/reviews.html", context)


@for_reviewers
@require_safe
def review(request: SignedInRequest, review_id: int) -> HttpResponse:
    """One review: what was decided of each role."""
    found = review_queries.review(review_id)
    ((_, who),) = review_presenters.in_list([found])
    context = {
        "review": found,
        "who": who,
        "rows": review_presenters.decided(review_queries.lines_of(found)),
        "crumbs": _crumbs(("Reviews", reverse("access:reviews"))),
    }
    return render(request, "access/review.html", context)


@for_reviewers
@require_safe
def download(request: SignedInRequest, review_id: int) -> HttpResponse:
    """One review as a spreadsheet."""
    found = review_queries.review(review_id)
    rows = review_presenters.decided(review_queries.lines_of(found))
    audit.record(request.user, "access.review-exported", f"access-review:{found.pk}")
    answer = HttpResponse(
        review_presenters.spreadsheet(rows), content_type="text/csv; charset=utf-8"
    )
    name = f"sightline-access-review-{found.pk}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
