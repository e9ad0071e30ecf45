"""The pages of what goes wrong. They say nothing of why, and are made without the database."""

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from sightline.surveys.respondent.pages import said


def bad(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read, or is far too much."""
    if isinstance(exception, RequestDataTooBig):
        return said(request, "wrong", "too_big", status=413)
    return said(request, "wrong", "wrong_1", status=400)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page."""
    return said(request, "nothing", status=404)


def wrong(request: HttpRequest) -> HttpResponse:
    """A fault of ours; what was saved is kept."""
    return said(request, "wrong", "wrong_1", status=500)
