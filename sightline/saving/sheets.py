"""What a page says of itself when it sends a form: for whom it was drawn, and what may be kept.

Every form drawn for a signed-in person carries a signed marker. It is proof of whose the text is
when the session that knew is over, so that it can be kept for that person and nobody else.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from django.core import signing
from django.http import HttpRequest, QueryDict
from django.http.request import RawPostDataException
from django.urls import reverse
from django.utils.crypto import get_random_string

from sightline.access.models import User
from sightline.design.forms import PutBack, SightlineForm
from sightline.kernel.errors import SightlineError
from sightline.saving.models import Typed
from sightline.saving.presenters import clock
from sightline.saving.services import Sheet

MARKER: Final = "sightline_typed"
SITTING: Final = "sightline_sitting"
SALT: Final = "sightline.saving.typed"
OLDEST: Final = 24 * 60 * 60
"""Seconds for which a page can be told from a forged one; a session lasts half as long."""

LONGEST: Final = 1_000_000
PART: Final = re.compile(r"(.+)_\d")
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


def sent_form(request: HttpRequest) -> QueryDict | None:
    """The fields of a form that was sent, or None where there are none that can be read.

    Nothing that a view read as a stream is read again, and nothing too long to be typed.
    """
    if request.method != "POST" or request.content_type not in FORMS:
        return None
    if not hasattr(request, "_post") and request.content_type != FORMS[0]:
        return None
    try:
        long = int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST
        return None if long else request.POST
    except (ValueError, RawPostDataException, OSError):
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
