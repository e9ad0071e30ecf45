"""Who answers for what a request writes, and how refusals become pages."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from sightline.access import queries
from sightline.access.actors import acting_as
from sightline.access.addresses import declaration_of
from sightline.access.enums import Permission
from sightline.access.permissions import who_can
from sightline.kernel.errors import (
    BadInput,
    Faults,
    NotAllowed,
    NotAvailable,
    NotFound,
    NotPermitted,
    SightlineError,
)

GetResponse = Callable[[HttpRequest], HttpResponse]

VISITOR = "visitor"
"""The audit name of somebody who has not signed in."""


class ActingMiddleware:
    """Makes the signed-in person answerable for every write of the request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request with somebody acting."""
        user = request.user
        with acting_as(user.audit_name if user.is_authenticated else VISITOR):
            return self.get_response(request)


class SecondFactorMiddleware:
    """Leads whoever needs a second factor and has none to set one up; nothing else opens till then.

    Public addresses (signing out among them) stay open, and those declared `without_factor`:
    one's own password and factors, and raising a concern, which nothing may hold up.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: object, args: object, kwargs: object
    ) -> HttpResponse | None:
        """Where they are led instead, or None for the page they asked for."""
        declared = declaration_of(view)
        user = request.user
        if declared is None or declared.scope == "public" or declared.without_factor:
            return None
        if not user.is_authenticated or not queries.must_set_up(user):
            return None
        return redirect("mfa_index")


class RefusalMiddleware:
    """Turns errors meant for people into pages: who can, why not now, what is wrong."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for an error meant for people; anything else is for Django."""
        if isinstance(error, NotFound | Http404):
            return render(request, "design/not_found.html", {"message": str(error)}, status=404)
        if isinstance(error, NotPermitted):
            return _refused(request, error)
        if isinstance(error, NotAllowed):
            return render(request, "design/not_now.html", {"message": str(error)}, status=409)
        if isinstance(error, BadInput):
            return _bad_input(request, error)
        if isinstance(error, NotAvailable):
            return render(request, "design/not_available.html", {"message": str(error)}, status=503)
        return None


def _refused(request: HttpRequest, error: NotPermitted) -> HttpResponse:
    known = error.permission in set(Permission)
    titles = who_can(Permission(error.permission)) if known else []
    context = {"message": str(error), "who_can": titles, "who": ", ".join(titles)}
    return render(request, "design/refused.html", context, status=403)


def _bad_input(request: HttpRequest, error: SightlineError) -> HttpResponse:
    faults = error.faults if isinstance(error, Faults) else ()
    thing = error.thing if isinstance(error, Faults) else ""
    message = f"{thing} cannot be used." if thing else str(error)
    context = {"message": message, "thing": thing, "faults": faults}
    return render(request, "design/bad_input.html", context, status=400)
