"""Import on the page: choose a file, see everything that is wrong or would change, then import."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core import signing
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from sightline.access.addresses import address
from sightline.access.http import SignedInRequest
from sightline.access.permissions import Permission
from sightline.framework.definitions import library
from sightline.inspections import presenters_list, services
from sightline.inspections.forms import ConfirmForm, ImportForm
from sightline.inspections.permissions import check_may_import, visible_documents
from sightline.inspections.presenters import Shown
from sightline.inspections.reading import check_size
from sightline.inspections.services import Checked
from sightline.inspections.views import address_of, crumbs
from sightline.kernel.errors import BadInput, Fault, Faults, NotAllowed
from sightline.partnerships.queries import names

SALT = "inspection-import"
LARGEST_FIELD = 2_000_000
"""What a hidden field may carry back; a larger document goes in by the command line."""


@dataclass(frozen=True)
class _Sent:
    """What was checked and comes back signed: the file's name, its text, and over what it goes."""

    name: str
    text: str
    as_held: str

    def signed(self) -> str:
        return signing.dumps([self.name, self.text, self.as_held], salt=SALT, compress=True)

    @classmethod
    def read(cls, text: str) -> "_Sent":
        try:
            return cls(*signing.loads(text, salt=SALT, max_age=24 * 60 * 60))
        except (signing.BadSignature, TypeError):
            raise NotAllowed(
                "What was checked has not come back whole, or was checked more than a day ago. "
                "Nothing was imported. Choose the file again."
            ) from None


@address(needs=Permission.INSPECTION_IMPORT, scope="signed-in", seen_by=Permission.PUBLISHED_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def import_page(request: SignedInRequest) -> HttpResponse:
    """Choose a file, check it, import it."""
    check_may_import(request.user)
    if "checked" in request.POST:
        return _import(request)
    is_sent = request.method == "POST"
    form = ImportForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    if not is_sent or not form.is_valid():
        return _page(request, {"form": form})
    upload = form.cleaned_data["document"]
    name = str(upload.name)
    try:
        check_size(upload.size, name=name)
        text = upload.read()
        checked = services.check_import(actor=request.user, text=text, name=name)
        sent = _Sent(name, text.decode("utf-8-sig"), checked.as_held).signed()
        if len(sent) > LARGEST_FIELD:
            raise BadInput(
                f"{name} has no faults but is too large to import on this page. "
                f"Use the command line: sightline inspection import {name}"
            )
    except Faults as error:
        return _page(request, {"form": ImportForm(), "name": name, "faults": error.faults})
    except BadInput as error:
        faults = [Fault("the whole file", str(error))]
        return _page(request, {"form": ImportForm(), "name": name, "faults": faults})
    return _page(request, {"form": ImportForm(), "name": name, **_outcome(checked, sent)})


def _outcome(checked: Checked, sent: str) -> dict[str, Any]:
    """What importing it would do, in words, and the form that does it."""
    document = checked.document
    shown = Shown(document, library=library(), names=names())
    changes = (
        presenters_list.changes(checked.held, document, library=library())
        if checked.held is not None and checked.changes
        else ()
    )
    return {
        "checked": checked,
        "shown": shown,
        "changes": changes,
        "confirm": ConfirmForm(initial={"checked": sent}),
        "address": address_of(document) if checked.held else "",
    }


def _import(request: SignedInRequest) -> HttpResponse:
    sent = _Sent.read(str(request.POST["checked"]))
    try:
        done = services.import_document(
            actor=request.user, text=sent.text, name=sent.name, as_shown=sent.as_held
        )
    except Faults as error:
        context = {"form": ImportForm(), "name": sent.name, "faults": error.faults}
        return _page(request, context)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("inspections:import")
    words = "imported" if done.changed else "held already, exactly so; nothing was changed"
    messages.success(request, f"{done.reference}: {words}.")
    for thing in done.kept:
        messages.info(request, f"The corrected value of {thing} was kept.")
    return redirect(_where_it_is(request, done.reference))


def _where_it_is(request: SignedInRequest, reference: str) -> str:
    """The inspection's own page, or the list for somebody who may import it but not open it."""
    for document in visible_documents(request.user, with_drafts=True):
        if document.reference == reference:
            return address_of(document)
    return reverse("inspections:inspections")


def _page(request: SignedInRequest, context: dict[str, Any]) -> HttpResponse:
    faults = context.get("faults")
    context = {"crumbs": crumbs(), **context}
    status = 422 if faults else 200
    return render(request, "inspections/import.html", context, status=status)
