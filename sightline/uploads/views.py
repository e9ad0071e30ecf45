"""Pages of uploads: send a file, see what is wrong with it, import it, undo that.

Which permission a page needs depends on the kind of file, so the doors ask for it: to anybody but
those who may send the kind to the scope, an upload is not there.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods, require_safe

from sightline.access import audit
from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.scopes import Scope, Wording
from sightline.design.spreadsheets import to_csv
from sightline.jobs.queries import names_of
from sightline.kernel.errors import NotAllowed
from sightline.uploads import policies, presenters, queries, services
from sightline.uploads.blank import blank_workbook
from sightline.uploads.copies import annotated
from sightline.uploads.forms import GoodForm, NothingForm, SendForm
from sightline.uploads.kinds import Kind, kind_named
from sightline.uploads.models import State, Upload
from sightline.uploads.permissions import get_kind_for, get_upload_for, may_send
from sightline.uploads.receiving import FIELD, Receiver
from sightline.uploads.tally import Section

RECENT = 20
A_PAGE = 50
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Crumbs = list[tuple[str, str]]


def _crumbs(kind: Kind, scope: Scope, *more: tuple[str, str]) -> Crumbs:
    if kind.sent_to is not None:
        return [*kind.sent_to.crumbs(scope.key), *more]
    return [("Send a file", reverse("uploads:uploads")), *more]


def _place(kind: Kind, scope: Scope) -> str:
    return reverse("uploads:send", args=[kind.code, scope.kind, scope.key])


def _listed(found: Sequence[Upload]) -> list[presenters.UploadRow]:
    acted = {
        name for one in found for name in (one.received_by, one.committed_by, one.undone_by) if name
    }
    return presenters.uploads(found, names_of(acted))


@address(needs=None, scope="signed-in")
@require_safe
def uploads(request: SignedInRequest) -> HttpResponse:
    """What I may send and where, and what was sent there lately."""
    pairs = may_send(request.user)
    found = queries.recent([(kind.code, scope) for kind, scope in pairs], most=RECENT)
    context = {"places": presenters.places(pairs), "uploads": _listed(found)}
    return render(request, "uploads/uploads.html", context)


@address(needs=None, scope="signed-in")
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: SignedInRequest, kind: str, scope_kind: str, scope_key: str) -> HttpResponseBase:
    """Send a file of a kind to a scope; below, what was sent before.

    Who may do this is asked, and where the file goes is settled, before a byte of it is read.
    Reading it is what finds the token against forged requests, so that is asked for inside.
    """
    found, scope = get_kind_for(request.user, kind, scope_kind, scope_key)
    receiver = Receiver(request)
    if request.method == "POST":
        request.upload_handlers = [receiver]
    try:
        answer: HttpResponseBase = _send(request, found, scope, receiver)
    finally:
        receiver.discard()
    return answer


@csrf_protect
def _send(request: SignedInRequest, kind: Kind, scope: Scope, receiver: Receiver) -> HttpResponse:
    is_sent = request.method == "POST"
    form = SendForm(
        request.POST if is_sent else None,
        request.FILES if is_sent else None,
        was_too_large=receiver.too_large,
    )
    if is_sent and form.is_valid():
        done = services.receive(
            actor=request.user,
            kind=kind.code,
            scope=scope,
            name=form.cleaned_data[FIELD].name,
            incoming=form.cleaned_data[FIELD].incoming,
            sheet=form.cleaned_data["sheet"],
        )
        if done.repeated:
            messages.info(request, _repeated(done.upload))
        return _lead_to(request, reverse("uploads:upload", args=[done.upload.pk]))
    if is_sent and _is_scripted(request):
        return JsonResponse({"error": _first_error(form)}, status=422)
    return render(request, "uploads/send.html", _send_context(request, form, kind, scope))


def _send_context(
    request: SignedInRequest, form: SendForm, kind: Kind, scope: Scope
) -> dict[str, Any]:
    found = Paginator(queries.history(kind.code, scope), RECENT).get_page(request.GET.get("page"))
    return {
        "form": form,
        "kind": kind,
        "columns": presenters.columns(kind.sent_by(scope)),
        "where": presenters.where(kind, scope.kind, scope.key, Wording()),
        "template": reverse("uploads:template", args=[kind.code, scope.kind, scope.key]),
        "crumbs": _crumbs(kind, scope),
        "uploads": _listed(list(found)),
        "page": found,
        "days": policies.DAYS_STAGED,
    }


def _is_scripted(request: SignedInRequest) -> bool:
    """Whether the page's script sent this, and waits for where to go next."""
    return request.headers.get("Accept") == "application/json"


def _lead_to(request: SignedInRequest, place: str) -> HttpResponse:
    return JsonResponse({"next": place}) if _is_scripted(request) else redirect(place)


def _first_error(form: SendForm) -> str:
    return next(str(error) for errors in form.errors.values() for error in errors)


def _repeated(upload: Upload) -> str:
    when = timezone.localtime(upload.committed_at)
    who = names_of({upload.committed_by}).get(upload.committed_by, upload.committed_by)
    return (
        f"This very file was imported already, on {when.day} {when:%B %Y} by {who}. "
        "Nothing was changed."
    )


@address(needs=None, scope="signed-in")
@require_safe
def template(request: SignedInRequest, kind: str, scope_kind: str, scope_key: str) -> HttpResponse:
    """An empty workbook with the names of the columns, and sheets that say what they take."""
    found, scope = get_kind_for(request.user, kind, scope_kind, scope_key)
    answer = HttpResponse(blank_workbook(found.sent_by(scope)), content_type=XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{found.code}-template.xlsx"'
    return answer


def _context(upload: Upload) -> dict[str, Any]:
    kind, scope = kind_named(upload.kind), Scope(upload.scope_kind, upload.scope_key)
    (row,) = _listed([upload])
    return {
        "upload": upload,
        "row": row,
        "kind": kind,
        "send": _place(kind, scope),
        "crumbs": _crumbs(kind, scope, (f"{kind.title}, {row.where}", _place(kind, scope))),
    }


@address(needs=None, scope="signed-in")
@require_safe
def upload(request: SignedInRequest, key: UUID) -> HttpResponse:
    """How far an upload has come, and what the check found."""
    found = get_upload_for(request.user, key)
    context = _context(found)
    if found.state in {State.RECEIVED, State.CHECKING}:
        mine = found.received_by == request.user.audit_name
        return render(request, "uploads/checking.html", {**context, "mine": mine})
    if found.state == State.QUARANTINED:
        return render(request, "uploads/quarantined.html", context)
    if found.state == State.CHECKED and (going := queries.import_under_way(found)):
        mine = going.asked_by == request.user.audit_name
        return render(request, "uploads/importing.html", {**context, "mine": mine})
    groups = {section.value: presenters.groups(found, section) for section in Section}
    if any(groups.values()):
        audit.record_read(request.user, f"upload:{found.pk}")
    context |= {
        "groups": groups,
        "may_undo": found.state == State.COMMITTED
        and timezone.localdate() <= context["row"].last_to_undo,
        "may_read": found.destroyed_at is None,
        "may_import": policies.has_something_to_import(found),
        "waits": policies.waits_for_every_row(found),
        "failed": queries.import_that_failed(found) if found.state == State.CHECKED else None,
        "next": _next(found),
        "days": policies.DAYS_STAGED,
    }
    return render(request, "uploads/upload.html", context)


def _next(upload: Upload) -> tuple[str, str] | None:
    """Where the kind leads from here: a label and an address."""
    kind = kind_named(upload.kind)
    return kind.leads_to(upload.scope_key, upload) if kind.leads_to is not None else None


@address(needs=None, scope="signed-in")
@require_safe
def faults(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Every fault of an upload, a page at a time."""
    found = get_upload_for(request.user, key)
    page = Paginator(queries.faults_of(found), A_PAGE).get_page(request.GET.get("page"))
    audit.record_read(request.user, f"upload:{found.pk}")
    context = _context(found)
    here = (context["row"].name, reverse("uploads:upload", args=[found.pk]))
    context["crumbs"] = [*context["crumbs"], here]
    context |= {"page": page, "faults": presenters.faults(page), "most": services.MOST_STORED}
    return render(request, "uploads/faults.html", context)


@address(needs=None, scope="signed-in")
@require_safe
def faults_as_csv(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Every fault of an upload as CSV."""
    found = get_upload_for(request.user, key)
    audit.record_read(request.user, f"upload:{found.pk}")
    header = ("What follows", "Where", "What is wrong", "What you sent", "What we expect")
    rows = [
        (one.section, one.where, one.what, one.sent, one.expected)
        for one in presenters.faults(queries.faults_of(found))
    ]
    answer = HttpResponse(to_csv(header, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="faults.csv"'
    return answer


@address(needs=None, scope="signed-in")
@require_safe
def copy(request: SignedInRequest, key: UUID) -> HttpResponseBase:
    """The sender's own file with what to mend beside each row."""
    made = annotated(services.checked_file(actor=request.user, key=key))
    return FileResponse(
        made.content, as_attachment=True, filename=made.name, content_type=made.content_type
    )


@address(needs=None, scope="signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def commit(request: SignedInRequest, key: UUID) -> HttpResponse:
    """What would be imported; on POST, import it."""
    found = get_upload_for(request.user, key)
    if found.state != State.COMMITTED:
        policies.check_can_commit(found)
    here = redirect("uploads:upload", key=found.pk)
    form = GoodForm(request.POST or None, initial={"good": found.good})
    if form.is_valid() and found.rows > policies.MANY_ROWS:
        services.start_import(actor=request.user, key=key, good=form.cleaned_data["good"])
        return here
    if form.is_valid():
        try:
            done = services.commit(actor=request.user, key=key, good=form.cleaned_data["good"])
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            said = _imported(done.upload) if done.changed else _already(done.upload)
            messages.success(request, said)
        return here
    if found.state == State.COMMITTED:
        messages.info(request, _already(found))
        return here
    return render(request, "uploads/import.html", {**_context(found), "form": form})


def _imported(upload: Upload) -> str:
    return "1 row imported." if upload.good == 1 else f"{upload.good:,} rows imported."


def _already(upload: Upload) -> str:
    rows = "row was" if upload.good == 1 else f"{upload.good:,} rows were"
    return f"The {rows} imported already. Nothing was changed."


@address(needs=None, scope="signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def check_again(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Check a file again, because what is held here has changed."""
    found = get_upload_for(request.user, key)
    policies.check_can_check_again(found)
    if request.method == "POST":
        services.check_again(actor=request.user, key=key)
        return redirect("uploads:upload", key=found.pk)
    context = {**_context(found), "form": NothingForm()}
    return render(request, "uploads/check_again.html", context)


@address(needs=None, scope="signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def throw_away(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Destroy a file that nothing was imported from."""
    found = get_upload_for(request.user, key)
    policies.check_can_throw_away(found)
    context = _context(found)
    if request.method == "POST":
        services.throw_away(actor=request.user, key=key)
        messages.success(request, "The file was destroyed. Nothing was imported from it.")
        return redirect(context["send"])
    return render(request, "uploads/throw_away.html", {**context, "form": NothingForm()})


@address(needs=None, scope="signed-in")
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: SignedInRequest, key: UUID) -> HttpResponse:
    """Take out what an upload put in."""
    found = get_upload_for(request.user, key)
    policies.check_can_undo(found, today=timezone.localdate())
    if request.method == "POST":
        try:
            services.undo(actor=request.user, key=key)
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "The import was undone.")
        return redirect("uploads:upload", key=found.pk)
    return render(request, "uploads/undo.html", {**_context(found), "form": NothingForm()})
