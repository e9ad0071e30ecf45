"""The chain that answers a respondent: outermost of all, short, and without any memory of people.

It stands before every other part of the service and takes what is asked under `/s/`, or of the
respondent host, so that no session, sign-in, audit trail or message ever meets somebody who
answers. What it logs of a fault names no address, since an address may hold a code.
"""

from collections.abc import Callable
from typing import Final, cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import get_resolver, set_urlconf
from django.utils.http import url_has_allowed_host_and_scheme

from sightline.kernel.errors import NotFound
from sightline.surveys.respondent import assets, pages

GetResponse = Callable[[HttpRequest], HttpResponse]

ROOT: Final = "/s/"
URLS: Final = "sightline.surveys.respondent.urls"
ALONE: Final = "respondent"
"""Value of `SIGHTLINE_SITE` of a process that serves these pages and nothing else."""

_POLICY: Final = "; ".join(
    (
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:",
        "media-src 'self'", "connect-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)  # fmt: skip
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Robots-Tag": "noindex, nofollow",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class RespondentMiddleware:
    """Answers respondents itself; everybody else goes on to the service, if it is served here."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.answered = convert_exception_to_response(_answer)
        self.host = settings.SIGHTLINE_RESPONDENT_HOST
        self.alone = settings.SIGHTLINE_SITE == ALONE

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request."""
        theirs = request.path_info.startswith(ROOT)
        if not (theirs or self.alone or self._is_theirs(request)):
            return self.get_response(request)
        if theirs and self.host and not self.alone and not self._is_theirs(request):
            return self._to_their_host(request)
        return self._answer(request)

    def _is_theirs(self, request: HttpRequest) -> bool:
        return bool(self.host) and _host(request) == self.host

    def _to_their_host(self, request: HttpRequest) -> HttpResponse:
        """A link that was written with the other host: followed to where no log keeps addresses."""
        scheme = "https" if settings.SIGHTLINE_HTTPS else "http"
        target = f"{scheme}://{self.host}{request.path_info}"
        safe = url_has_allowed_host_and_scheme(target, {self.host})
        return _sealed(HttpResponseRedirect(target if safe else f"{scheme}://{self.host}{ROOT}"))

    def _answer(self, request: HttpRequest) -> HttpResponse:
        request.asked_for = request.path_info  # type: ignore[attr-defined]
        # What Django writes of a fault is the path, and a path may hold a code.
        request.path = request.path_info = ROOT
        set_urlconf(URLS)
        try:
            return _sealed(cast("HttpResponse", self.answered(request)))
        finally:
            set_urlconf(None)


def _host(request: HttpRequest) -> str:
    """The name the request was sent to, with its port if it has one."""
    return str(request.META.get("HTTP_HOST", "")).lower()


def _answer(request: HttpRequest) -> HttpResponse:
    """The page of an address, or the page that says there is none."""
    path = request.asked_for  # type: ignore[attr-defined]
    request.get_host()  # refuses a name this copy does not answer to
    if path == "/" or path + "/" == ROOT:
        return HttpResponseRedirect(ROOT)
    if found := assets.answer(request, path):
        return found
    if request.method == "POST" and _from_elsewhere(request):
        return pages.said(request, "expired", "expired_1", status=403)
    try:
        match = get_resolver(URLS).resolve(path)
        view: Callable[..., HttpResponse] = match.func
        return view(request, *match.kwargs.values())  # in the address's own order
    except (Http404, NotFound):
        return pages.said(request, "nothing", status=404)


def _from_elsewhere(request: HttpRequest) -> bool:
    """Whether another site had the browser send this form.

    The cookie stays at home by itself (`SameSite=Lax`); this is for browsers that do not know that.
    `null` is what a page that tells nobody its address says of itself.
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") in {"cross-site", "same-site"}:
        return True
    origin = request.headers.get("Origin", "null")
    return origin != "null" and origin.partition("://")[2].lower() != request.get_host().lower()


def _sealed(response: HttpResponse) -> HttpResponse:
    """With the headers of every answer; nothing of it is kept anywhere, styles and sounds apart."""
    response._has_been_logged = True  # type: ignore[attr-defined]  # its line would hold a code
    for name, value in _HEADERS.items():
        response[name] = value
    if not response.has_header("Cache-Control"):
        response["Cache-Control"] = "no-store"
    if settings.SECURE_HSTS_SECONDS:
        response["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}"
    return response
