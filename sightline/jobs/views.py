"""Pages about jobs: mine, one of them, and what ran."""

from collections.abc import Iterable
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access.addresses import address
from sightline.access.enums import Permission
from sightline.access.http import SignedInRequest
from sightline.access.permissions import holds
from sightline.jobs import policies, presenters, queries, services
from sightline.jobs.forms import JobsFilter
from sightline.jobs.models import Job
from sightline.jobs.permissions import get_job_for

JOBS_ON_A_PAGE = 50
STOP_POLLING = 286
"""What tells htmx that a job is over, so that it asks no more."""
require_form = require_http_methods(["GET", "HEAD", "POST"])


def _crumbs(job: Job | None = None) -> list[tuple[str, str]]:
    steps = [("Jobs", reverse("jobs:jobs"))]
    if job is not None:
        steps.append((job.title, reverse("jobs:job", args=[job.pk])))
    return steps


def _lines(jobs: Iterable[Job]) -> tuple[presenters.Line, ...]:
    found = list(jobs)
    return presenters.lines(found, queries.names_of({job.asked_by for job in found}))


@address(needs=None, scope="signed-in")
@require_safe
def jobs(request: SignedInRequest) -> HttpResponse:
    """What the person started."""
    found = queries.started_by(request.user)
    page = Paginator(found, JOBS_ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "jobs": _lines(page.object_list),
        "quiet": "" if queries.is_anybody_working() else presenters.NOBODY_WORKS,
        "sees_all": holds(request.user, Permission.JOBS_MANAGE),
    }
    return render(request, "jobs/jobs.html", context)


@address(needs=Permission.JOBS_MANAGE, scope="national")
@require_safe
def what_ran(request: SignedInRequest) -> HttpResponse:
    """Every job, for whoever keeps the service running."""
    form = JobsFilter(request.GET)
    asked = form.cleaned_data if form.is_valid() else {"state": "", "code": ""}
    found = Paginator(queries.what_ran(**asked), JOBS_ON_A_PAGE)
    page = found.get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page": page,
        "jobs": _lines(page.object_list),
        "quiet": "" if queries.is_anybody_working() else presenters.NOBODY_WORKS,
    }
    return render(request, "jobs/what_ran.html", context)


def _shown(job: Job) -> presenters.Shown:
    names = queries.names_of({job.asked_by})
    return presenters.shown(job, names, working=queries.is_anybody_working())


@address(needs=None, scope="signed-in")
@never_cache
@require_safe
def job(request: SignedInRequest, key: UUID) -> HttpResponse:
    """One job: how far it is, and what it came to."""
    found = get_job_for(request.user, key)
    return render(request, "jobs/job.html", {"job": _shown(found), "crumbs": _crumbs()})


@address(needs=None, scope="signed-in")
@never_cache
@require_safe
def watch(request: SignedInRequest, key: UUID) -> HttpResponse:
    """The part of the page that changes, for the script that looks again and again."""
    shown = _shown(get_job_for(request.user, key))
    if shown.is_open and request.GET.get("seen") == shown.seen:
        return HttpResponse(status=204)  # nothing new, so nothing for a screen reader to read out
    status = 200 if shown.is_open else STOP_POLLING
    return render(request, "jobs/_watched.html", {"job": shown, "again": True}, status=status)


@address(needs=None, scope="signed-in")
@require_form
def cancel(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Ask, then cancel it."""
    found = get_job_for(request.user, key)
    policies.check_can_cancel(found)
    if request.method == "POST":
        ended = services.cancel(actor=request.user, key=key)
        said = "cancelled" if ended.is_over else "being cancelled"
        messages.success(request, f"“{found.title}” is {said}.")
        return redirect("jobs:job", key=key)
    return render(request, "jobs/cancel.html", {"job": _shown(found), "crumbs": _crumbs(found)})


@address(needs=None, scope="signed-in")
@require_form
def retry(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Ask, then have it tried again."""
    found = get_job_for(request.user, key)
    policies.check_can_retry(found)
    if request.method == "POST":
        services.retry(actor=request.user, key=key)
        messages.success(request, f"“{found.title}” is tried again.")
        return redirect("jobs:job", key=key)
    return render(request, "jobs/retry.html", {"job": _shown(found), "crumbs": _crumbs(found)})


@address(needs=Permission.JOBS_MANAGE, scope="national")
@require_form
def check_sealed(request: SignedInRequest) -> HttpResponse:
    """Ask, then have everything sealed opened, to know that it can be."""
    if request.method == "POST":
        started = services.start(actor=request.user, code="jobs.check-sealed")
        return redirect("jobs:job", key=started.pk)
    return render(
        request, "jobs/check_sealed.html", {"crumbs": [("What ran", reverse("jobs:all"))]}
    )
