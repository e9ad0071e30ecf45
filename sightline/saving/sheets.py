"""What a page says of itself when it sends a form: for whom it was drawn, and what may be kept.

Every form drawn for a signed-in person carries a signed marker. It is proof of whose the text is
when the session that knew is over, so that it can be kept for that person and nobody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import RawPostDataException
from django.urls import reverse
from django.utils.crypto import get_random_string

from sightline.access.models import User
from sightline.design.forms import PutBack, SightlineForm
from sightline.kernel.errors import SightlineError
from sightline.saving.models import Typed
from sightline.saving.moments import clock
from sightline.saving.services import Sheet

MARKER: Final = "sightline_typed"
SITTING: Final = "sightline_sitting"
SALT: Final = "sightline.saving.typed"
OLDEST: Final = 24 * 60 * 60
"""Seconds for which a page can be told from a forged one; a session lasts half as long."""

PART: Final = re.compile(r"(.+)_[a-z0-9]+")
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")


@dataclass(frozen=True)
class Marked:
    """A marker that was read: the key of the person, which form of which page, its fields."""

    person: int
    sheet: Sheet
    names: frozenset[str]

    def typed(self, post: QueryDict) -> dict[str, list[str]]:
        """What was typed in the fields that may be kept, parts of a date included."""
        found = {}
        for name in post:
            part = PART.fullmatch(name)
            if name in self.names or (part and part[1] in self.names):
                found[name] = post.getlist(name)
        return found


def read_marker(post: Mapping[str, str]) -> Marked | None:
    """The marker of a form that was sent, or None: there is none, it is forged, or too old."""
    text = post.get(MARKER, "")
    if not text:
        return None
    try:
        said = signing.loads(text, salt=SALT, max_age=OLDEST)
    except signing.BadSignature:
        return None
    sitting = str(post.get(SITTING) or said["sitting"])[:40]
    sheet = Sheet(said["page"], said["form"], said["purpose"], sitting)
    return Marked(int(said["person"]), sheet, frozenset(said["names"]))


class LeaveFilesOut(FileUploadHandler):
    """Reads a form past its files: of what came too late only the words are kept."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        """Nothing is kept of it."""
        return None

    def file_complete(self, file_size: int) -> None:
        """There is no file."""


def sent_form(request: HttpRequest) -> QueryDict | None:
    """The fields of a form that was sent, or None where there are none that can be read.

    A form with files is not read before its view, which may want to take them in as a stream.
    """
    if request.method != "POST" or request.content_type not in FORMS:
        return None
    if not hasattr(request, "_post") and request.content_type != FORMS[0]:
        return None
    return _read(request)


def late_form(request: HttpRequest) -> QueryDict | None:
    """The fields of a form that no view will read any more; its files are passed over."""
    if request.method != "POST" or request.content_type not in FORMS:
        return None
    request.upload_handlers = [LeaveFilesOut(request)]
    return _read(request)


def _read(request: HttpRequest) -> QueryDict | None:
    try:
        return request.POST
    except (MultiPartParserError, SuspiciousOperation, RawPostDataException, OSError):
        return None


class PageKeeper:
    """Keeps what one person types on one page, and puts it back when they open it again."""

    def __init__(self, person: User, page: str) -> None:
        self.person = person
        self.page = page
        self._found: dict[str, Typed] | None = None

    def marker(self, form: SightlineForm) -> str:
        """As `design.forms.Keeper` has it."""
        said = {
            "person": self.person.pk,
            "page": self.page,
            "form": form.kept_name,
            "purpose": form.keeps_typed,
            "sitting": get_random_string(16),
            "names": [form.add_prefix(name) for name in form.kept_fields()],
        }
        return signing.dumps(said, salt=SALT, compress=True)

    def put_back(self, form: SightlineForm) -> PutBack | None:
        """As `design.forms.Keeper` has it; one question to the database, however many forms."""
        if self._found is None:
            rows = Typed.objects.filter(kept_by=self.person, page=self.page)
            self._found = {row.form: row for row in rows}
        row = self._found.get(form.kept_name)
        if row is None:
            return None
        try:
            words = row.words or row.concern_words
        except SightlineError:
            return None  # the key is missing: the page opens, and the text waits for it
        if words is None:
            return None
        values = QueryDict(mutable=True)
        for name, items in words.items():
            values.setlist(name, items)
        return PutBack(values, clock(row.kept_at), reverse("saving:typed"))
