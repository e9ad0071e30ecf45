"""Saving a text, its versions, a clash; what was typed and not sent; how long a session lasts."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable
from sightline.saving import idle, queries, services
from sightline.saving.forms import RestoreForm, SavedTextForm, SettleForm
from sightline.saving.middleware import is_script, keeps
from sightline.saving.models import Version
from sightline.saving.moments import clash_words, clock
from sightline.saving.noticing import notices
from sightline.saving.permissions import get_place_to_read, get_place_to_write
from sightline.saving.places import Place
from sightline.saving.services import Clash, Saved
from sightline.saving.sheets import read_marker

signed_in = address(needs=None, scope="signed-in")
NOT_SENT = "Nothing was sent, so nothing was saved. Load the page again."
FORBIDDEN = 403


def _place(kind: str, key: str, field: str) -> str:
    return f"{kind}:{key}/{field}"


def _crumbs(place: Place, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [(place.title[:1].upper() + place.title[1:], place.address), *more]


def _clash_url(place: Place, clash: Version) -> str:
    return reverse("saving:clash", kwargs={**place.kwargs, "number": clash.number})


@signed_in
@require_POST
def save(request: SignedInRequest, kind: str, key: str, field: str) -> HttpResponse:
    """Store what was sent: answered as JSON to the script, by leading back otherwise."""
    place = get_place_to_write(request.user, _place(kind, key, field))
    form = SavedTextForm(request.POST, place=str(place))
    if not form.is_valid():
        if is_script(request):
            return JsonResponse({"message": NOT_SENT}, status=400)
        messages.error(request, NOT_SENT)
        return redirect(place.address)
    try:
        done = services.save_text(actor=request.user, place=str(place), **form.cleaned_data)
    except (BadInput, NotAvailable) as refusal:
        if not is_script(request):
            raise
        status = 503 if isinstance(refusal, NotAvailable) else 400
        return JsonResponse({"message": str(refusal)}, status=status)
    if is_script(request):
        marked = read_marker(request.POST)
        if marked is not None and marked.person == request.user.pk:
            services.end_typed(actor=request.user, sheet=marked.sheet)
        return JsonResponse(_said(place, form.cleaned_data["text"], done))
    return _led_on(request, place, form.cleaned_data["text"], done)


def _said(place: Place, text: str, done: Saved | Clash) -> dict[str, object]:
    """What the script is told: the version to base the next save on, or what it clashed with."""
    if isinstance(done, Saved):
        seen = notices(text) if place.owner.looks_for_people else ()
        return {"saved": done.version, "at": clock(done.at), "notices": list(seen)}
    who = queries.names_of_writers([done.theirs.stored_by])[done.theirs.stored_by]
    return {
        "clash": done.mine.number,
        "theirs": done.theirs.number,
        "message": clash_words(who, done.theirs.stored_at),
        "url": _clash_url(place, done.mine),
    }


def _led_on(request: HttpRequest, place: Place, text: str, done: Saved | Clash) -> HttpResponse:
    if isinstance(done, Clash):
        return redirect(_clash_url(place, done.mine))
    messages.success(request, f"Saved at {clock(done.at)}.")
    if place.owner.looks_for_people:
        for notice in notices(text):
            messages.warning(request, notice)
    return redirect(place.address)


@signed_in
@require_safe
def versions(request: SignedInRequest, kind: str, key: str, field: str) -> HttpResponse:
    """Every version of a text: who, when, and what became of it."""
    place = get_place_to_read(request.user, _place(kind, key, field))
    rows = queries.versions_of(str(place))
    names = queries.names_of_writers(row.stored_by for row in rows)
    context = {
        "place": place,
        "crumbs": _crumbs(place),
        "rows": [(row, names[row.stored_by], clock(row.stored_at)) for row in rows],
    }
    return render(request, "saving/versions.html", context)


@signed_in
@require_safe
def version(request: SignedInRequest, kind: str, key: str, field: str, number: int) -> HttpResponse:
    """One version, whole, with the way to put it back."""
    place = get_place_to_read(request.user, _place(kind, key, field))
    row = queries.version_of(str(place), number)
    in_use = row.text.latest
    context = {
        "place": place,
        "crumbs": _crumbs(place, ("Versions", reverse("saving:versions", kwargs=place.kwargs))),
        "row": row,
        "who": queries.names_of_writers([row.stored_by])[row.stored_by],
        "when": clock(row.stored_at),
        "is_in_use": row.number == in_use,
        "form": RestoreForm(initial={"based_on": in_use, "token": uuid4()}),
        "restore_url": reverse("saving:restore", kwargs={**place.kwargs, "number": number}),
        "notices": notices(row.words) if place.owner.looks_for_people else (),
    }
    return render(request, "saving/version.html", context)


@signed_in
@require_POST
def restore(request: SignedInRequest, kind: str, key: str, field: str, number: int) -> HttpResponse:
    """Put a version back, over the one that was in use when it was shown."""
    place = get_place_to_write(request.user, _place(kind, key, field))
    form = RestoreForm(request.POST)
    if not form.is_valid():
        messages.error(request, NOT_SENT)
        return redirect(place.address)
    done = services.restore_version(
        actor=request.user, place=str(place), number=number, **form.cleaned_data
    )
    messages.success(request, f"Version {number} was put back, as version {done.version}.")
    return redirect(place.address)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def clash(request: SignedInRequest, kind: str, key: str, field: str, number: int) -> HttpResponse:
    """Two texts side by side, and three ways on."""
    place = get_place_to_write(request.user, _place(kind, key, field))
    mine = queries.version_of(str(place), number)
    theirs = queries.version_in_use(str(place))
    if mine.kind != Version.Kind.CLASH or theirs is None:
        raise BadInput(f"Version {number} does not stand beside another.")
    form = SettleForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        return _settled(request, place, mine, form)
    settled = queries.settled_by(mine)
    later = queries.open_clash_of(str(place), mine.stored_by)
    if request.method != "POST" and later is not None and later.number > number:
        return redirect(_clash_url(place, later))
    names = queries.names_of_writers([mine.stored_by, theirs.stored_by])
    if not form.is_bound:
        form = SettleForm(
            initial={
                "text": f"{theirs.words}\n\n{mine.words}",
                "choice": "joined",
                "theirs": theirs.number,
                "token": uuid4(),
            }
        )
    context = {
        "place": place,
        "crumbs": _crumbs(place),
        "mine": mine,
        "theirs": theirs,
        "mine_is_yours": mine.stored_by == request.user.audit_name,
        "my_name": names[mine.stored_by],
        "their_name": names[theirs.stored_by],
        "my_time": clock(mine.stored_at),
        "their_time": clock(theirs.stored_at),
        "words": clash_words(names[theirs.stored_by], theirs.stored_at),
        "settled": settled,
        "form": form,
        "tokens": {"theirs": uuid4(), "mine": uuid4()},
    }
    return render(request, "saving/clash.html", context)


def _settled(
    request: SignedInRequest, place: Place, mine: Version, form: SettleForm
) -> HttpResponse:
    given = form.cleaned_data
    theirs = given["theirs"]
    words = {
        "theirs": lambda: queries.version_of(str(place), theirs).words,
        "mine": lambda: mine.words,
        "joined": lambda: given["text"],
    }[given["choice"]]()
    try:
        done = services.settle_clash(
            actor=request.user,
            place=str(place),
            mine=mine.number,
            theirs=theirs,
            text=words,
            token=given["token"],
        )
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect(place.address)
    if isinstance(done, Saved):
        messages.success(request, f"Settled, and saved at {clock(done.at)}. Both texts are kept.")
        return redirect(place.address)
    messages.warning(request, "Somebody saved again meanwhile. Your text was kept; look once more.")
    return redirect(_clash_url(place, done.mine))


@signed_in
@require_POST
def typed(request: SignedInRequest) -> HttpResponse:
    """Keep what is being typed in a form, for this person alone; or throw it away."""
    marked = read_marker(request.POST)
    if marked is None or marked.person != request.user.pk:
        return JsonResponse({"kept": False}) if is_script(request) else redirect("/")
    if "throw-away" in request.POST:
        services.end_typed(actor=request.user, sheet=marked.sheet)
        messages.success(request, "What you had typed was thrown away.")
        return redirect(marked.sheet.page)
    try:
        kept = services.keep_typing(
            actor=request.user, sheet=marked.sheet, typed=marked.typed(request.POST)
        )
    except NotAvailable as refusal:
        return JsonResponse({"message": str(refusal)}, status=503)
    return JsonResponse({"kept": kept})


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def session(request: SignedInRequest) -> HttpResponse:
    """How many seconds the session lasts if nothing is done; POST is somebody who stays."""
    if request.method == "POST":
        idle.note_activity(request.session)
    return JsonResponse({"seconds": idle.seconds_left(request.session)})


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The page for a form that was open while its person signed in or out; its words are kept.

    They are kept for whom the form was drawn, who need not be who is signed in now.
    """
    marked = read_marker(request.POST)
    kept = marked is not None and keeps(request, marked)
    is_yours = marked is not None and getattr(request.user, "pk", None) == marked.person
    context = {"kept": kept, "is_yours": is_yours, "page": marked.sheet.page if marked else ""}
    return render(request, "saving/csrf.html", context, status=FORBIDDEN)
