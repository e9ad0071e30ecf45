"""Sessions that end when nobody does anything, and forms whose words outlive them."""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse

from sightline.access.models import User
from sightline.design.forms import keeping_with
from sightline.kernel.errors import NotAvailable
from sightline.saving import idle, queries, services
from sightline.saving.sessions import LOCKED
from sightline.saving.sheets import Marked, PageKeeper, late_form, read_marker, sent_form

GetResponse = Callable[[HttpRequest], HttpResponse]
REDIRECTS = {302, 303}
FAILED = 400


class IdleMiddleware:
    """Locks a session that nobody used for a while: from then on nobody is signed in with it.

    What remains of it is whose it was, to say so on the sign-in page. Stands before whatever asks
    who acts.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, with nobody signed in if the session is over."""
        if request.user.is_authenticated:
            self._look_at(request)
        response = self.get_response(request)
        if request.user.is_authenticated and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "no-store, private"  # nothing for the next at this machine
        return response

    def _look_at(self, request: HttpRequest) -> None:
        session = request.session
        if idle.seconds_left(session) <= 0:
            ended = {"person": request.user.pk, "whole": idle.lasted_long_enough(session)}
            logout(request)
            session[LOCKED] = ended
            return
        if LOCKED in session:
            del session[LOCKED]
        if idle.is_activity(request):
            idle.note_activity(session)


@dataclass(frozen=True)
class Told:
    """What a page's script is told: how long the session lasts, and where to send things."""

    seconds: int
    warn_before: int
    session_url: str
    typed_url: str
    sign_in_url: str


class TypedMiddleware:
    """Keeps what was typed in a form that could not be carried out, and forgets it when it was."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request, with whatever was typed kept if it cannot be carried out."""
        sent = late_form(request) if not request.user.is_authenticated else None
        marked = read_marker(sent) if sent is not None else None
        if marked is not None:
            return self._signed_out(request, marked)
        if not isinstance(request.user, User):
            self._say_why(request)
            return self.get_response(request)
        return self._signed_in(request, request.user)

    def _signed_out(self, request: HttpRequest, marked: Marked) -> HttpResponse:
        """Keep it for whom the page was drawn, and ask to sign in."""
        try:
            keep_for_its_person(request, marked)
        except NotAvailable as error:
            return render(request, "design/not_available.html", {"message": str(error)}, status=503)
        if is_script(request):
            sign_in = redirect_to_login(marked.sheet.page)["Location"]
            return JsonResponse({"signed_out": True, "sign_in": sign_in}, status=401)
        return redirect_to_login(marked.sheet.page)

    def _of_another(self, request: HttpRequest, marked: Marked) -> HttpResponse:
        """A page of somebody who was signed in here before: nothing of it is done as another."""
        kept = keeps(request, marked)
        if is_script(request):
            home = resolve_url(settings.LOGIN_REDIRECT_URL)
            return JsonResponse({"signed_out": True, "sign_in": home}, status=401)
        context = {"kept": kept, "is_yours": False, "page": ""}
        return render(request, "saving/csrf.html", context, status=403)

    def _say_why(self, request: HttpRequest) -> None:
        """On the sign-in page, say that the session is over and what became of what was typed."""
        ended = request.session.get(LOCKED)
        if ended and request.method == "GET" and request.path == resolve_url(settings.LOGIN_URL):
            kept = queries.has_typed(ended["person"])
            messages.info(request, idle.words(whole=ended["whole"], kept=kept))

    def _signed_in(self, request: HttpRequest, person: User) -> HttpResponse:
        request.saving = Told(  # type: ignore[attr-defined]
            seconds=idle.seconds_left(request.session),
            warn_before=min(idle.WARNING, idle.limit() // 2),
            session_url=reverse("saving:session"),
            typed_url=reverse("saving:typed"),
            sign_in_url=resolve_url(settings.LOGIN_URL),
        )
        sent = sent_form(request) if request.content_type != "multipart/form-data" else None
        before = read_marker(sent) if sent is not None else None
        if before is not None and before.person != person.pk:
            return self._of_another(request, before)
        page = before.sheet.page if before else request.path
        with keeping_with(PageKeeper(person, page)):
            response = self.get_response(request)
        sent = sent_form(request)
        marked = read_marker(sent) if sent is not None else None
        if marked is not None and request.path != request.saving.typed_url:  # type: ignore[attr-defined]
            self._settle(request, response, marked, person)
        return response

    def _settle(
        self, request: HttpRequest, response: HttpResponse, marked: Marked, person: User
    ) -> None:
        """Forget what was carried out; keep what was not."""
        is_theirs = marked.person == person.pk
        elsewhere = str(response.headers.get("Location", ""))
        if response.status_code in REDIRECTS and is_theirs:
            if elsewhere.startswith(resolve_url(settings.LOGIN_URL)):
                keep_for_its_person(request, marked)
            else:
                services.end_typed(actor=person, sheet=marked.sheet)
        elif response.status_code >= FAILED and not getattr(request, "typed_is_kept", False):
            keeps(request, marked)


def is_script(request: HttpRequest) -> bool:
    """Whether a script asks, and is answered as JSON."""
    return "application/json" in request.headers.get("Accept", "")


def keeps(request: HttpRequest, marked: Marked) -> bool:
    """Keep what was typed for whom the page was drawn; say whether it is kept."""
    try:
        return keep_for_its_person(request, marked)
    except NotAvailable:
        return False  # the key is missing


def keep_for_its_person(request: HttpRequest, marked: Marked) -> bool:
    """Keep what was typed for whom the page was drawn; say whether there was such a person.

    Raises:
        NotAvailable: the key to seal it with is missing.
    """
    person = User.objects.filter(pk=marked.person, is_active=True).first()
    if person is None:
        return False
    typed = marked.typed(request.POST)
    services.keep_typed(actor=person, sheet=marked.sheet, typed=typed)
    request.typed_is_kept = True  # type: ignore[attr-defined]
    return True
