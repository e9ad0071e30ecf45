"""Navigation is put together here, because only the topmost layer knows every context's pages."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from sightline.access.enums import Permission
from sightline.access.models import User
from sightline.access.permissions import holds, holds_anywhere
from sightline.concerns.queries import acts_on_concerns, waiting
from sightline.design.frame import Frame, Link


class Entry(NamedTuple):
    """A link, the permission that shows it (None: everybody), and the addresses it stands for.

    `anywhere`: holding the permission over anything at all is enough. `part`: what an address below
    a partnership's has in it that makes it one of these. `or_needs` show it too, held over anything
    at all; `unless` hide it. `yields`: where the head is full, it stands among what is one's own.
    """

    label: str
    view: str
    needs: Permission | None
    begins: tuple[str, ...]
    anywhere: bool = False
    part: str = ""
    or_needs: frozenset[Permission] = frozenset()
    unless: frozenset[Permission] = frozenset()
    yields: bool = False


_READS = frozenset({Permission.RECORDS_READ, Permission.OWN_RECORDS_READ})
_RECORDS = frozenset(
    {
        Permission.RECORDS_RETURN,
        Permission.RECORDS_RUN,
        Permission.RECORDS_MODERATE,
        Permission.RECORDS_RESULTS,
        Permission.OWN_RECORDS_RUN,
        Permission.OWN_RECORDS_RESULTS,
    }
)
_SEE, _NATIONAL = Permission.PUBLISHED_VIEW, "/national/"
PRIMARY = (
    Entry("Home", "home", None, ("/home/",)),
    Entry("Inspections", "inspections:inspections", _SEE, (f"{_NATIONAL}exercises/", "/p/")),
    Entry("Findings", "inspections:findings", _SEE, (f"{_NATIONAL}findings/",)),
    Entry(
        "Outcomes",
        "outcomes:areas",
        Permission.OUTCOMES_VIEW,
        ("/outcomes/",),
        anywhere=True,
        part="/outcomes/",
    ),
    Entry(
        "Surveys",
        "surveys:areas",
        Permission.SURVEY_VIEW,
        ("/surveys/",),
        anywhere=True,
        part="/surveys/",
    ),
    Entry(
        "Record reading",
        "record_reading:areas",
        Permission.RECORDS_RUN,
        ("/records/", "/reading/"),
        anywhere=True,
        part="/records/",
        or_needs=_RECORDS,
    ),
    Entry(
        "My reading",
        "record_reading:my-reading",
        Permission.RECORDS_READ,
        ("/records/", "/reading/"),
        anywhere=True,
        part="/records/",
        or_needs=_READS,
        unless=_RECORDS,  # they find it on the pages of record reading, and at home
    ),
    Entry(
        "Partnerships",
        "partnerships:partnerships",
        Permission.PARTNERSHIP_VIEW,
        ("/partnerships/", "/places/"),
        yields=True,
    ),
)
ACCOUNT = (
    Entry("Frameworks", "framework:frameworks", Permission.FRAMEWORK_VIEW, ("/frameworks/",)),
    Entry("Data sent in", "children:areas", Permission.DATA_VIEW, ("/data/",), anywhere=True),
    Entry(
        "Data", "children:areas", Permission.DATA_VIEW, ("/data/",), anywhere=True, part="/data/"
    ),
    Entry(
        "Send a file",
        "uploads:uploads",
        Permission.PARTNERSHIP_EDIT,  # every kind of file there is so far needs it
        ("/uploads/",),
        anywhere=True,
    ),
    Entry("People and roles", "access:people", Permission.PEOPLE_VIEW, ("/admin/people/",)),
    Entry("Who did what", "access:audit", Permission.AUDIT_VIEW, ("/admin/audit/",)),
    Entry(
        "What has been released",
        "releases:ledger",
        Permission.RELEASE_VIEW,
        ("/admin/releases/",),
        anywhere=True,
    ),
    Entry("What ran", "jobs:all", Permission.JOBS_MANAGE, ("/admin/jobs/",)),
    Entry("Your jobs", "jobs:jobs", None, ("/jobs/",)),
    Entry("Access review", "access:access-review", Permission.ACCESS_REVIEW, ("/admin/access/",)),
    Entry("How you sign in", "mfa_index", None, ("/accounts/factors/",)),
    Entry("Concerns", "concerns:concerns", None, ("/concerns/",)),
    Entry("Change password", "account_change_password", None, ("/accounts/password/",)),
)
FOOTER = (
    Entry("Accessibility", "accessibility", None, ("/accessibility/",)),
    Entry("Privacy", "privacy", None, ("/privacy/",)),
    Entry("Glossary", "glossary", None, ("/glossary/",)),
)


def _is_current(entry: Entry, path: str) -> bool:
    """Whether a page is one of those a link stands for; a partnership's pages are of several."""
    parts = [one.part for one in (*PRIMARY, *ACCOUNT) if one.part]
    within = next((part for part in parts if path.startswith("/p/") and part in path), "")
    return entry.part == within if within else path.startswith(entry.begins)


def _links(request: HttpRequest, entries: Iterable[Entry]) -> tuple[Link, ...]:
    return tuple(
        Link(entry.label, reverse(entry.view), current=_is_current(entry, request.path))
        for entry in entries
    )


def _shown(request: HttpRequest, entries: tuple[Entry, ...]) -> list[Entry]:
    """The entries that somebody's permissions show."""
    user = request.user

    def any_of(permissions: frozenset[Permission]) -> bool:
        return any(holds_anywhere(user, one) for one in permissions)

    return [
        entry
        for entry in entries
        if (
            entry.needs is None
            or (holds_anywhere if entry.anywhere else holds)(user, entry.needs)
            or any_of(entry.or_needs)
        )
        and not any_of(entry.unless)
    ]


def _head_and_own(request: HttpRequest) -> tuple[list[Entry], list[Entry]]:
    """What stands in the head, and what is one's own; where the head is full, some yield."""
    head, own = _shown(request, PRIMARY), _shown(request, ACCOUNT)
    if len(head) > Frame.MOST_PRIMARY:
        own = [entry for entry in head if entry.yields] + own
        head = [entry for entry in head if not entry.yields]
    return head, own


def _concerns(request: HttpRequest, person: User) -> dict[str, Any]:
    """The link to raise a concern, and what waits for whoever acts on them (one query more)."""
    raise_url = reverse("concerns:raise")
    if not request.path.startswith(reverse("concerns:concerns")):
        raise_url += "?" + urlencode({"from": request.path}, safe="/")
    found: dict[str, Any] = {"alert": Link("Raise a concern", raise_url)}
    if acts_on_concerns(person):
        now = waiting(person)
        if now.count:
            label = f"{now.count} concern{'s are' if now.count > 1 else ' is'} waiting"
            if now.overdue:
                label += f", {now.overdue} overdue"
            found["waiting"] = Link(label, reverse("concerns:concerns"))
            found["waiting_alarm"] = now.overdue > 0
    return found


def navigation(request: HttpRequest) -> dict[str, Frame]:
    """The frame round a page, for the person who asked for it."""
    notice = "Demonstration: Strathgarry and its people are invented." if (
        settings.SIGHTLINE_DEMONSTRATION
    ) else ""  # fmt: skip
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        footer = tuple(Link(entry.label, reverse(entry.view)) for entry in FOOTER)
        return {
            "navigation": Frame(notice=notice, footer=footer, sign_in_url=reverse("account_login"))
        }
    head, own = _head_and_own(request)
    frame = Frame(
        notice=notice,
        home_url=reverse("home"),
        primary=_links(request, head),
        account=_links(request, own),
        footer=_links(request, _shown(request, FOOTER)),
        person=user.name,
        sign_out_url=reverse("account_logout"),
        **_concerns(request, user),
    )
    return {"navigation": frame}
