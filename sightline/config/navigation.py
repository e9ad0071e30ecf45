"""Navigation is put together here, because only the topmost layer knows every context's pages."""

from typing import NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from sightline.access.enums import Permission
from sightline.access.permissions import holds
from sightline.design.frame import Frame, Link


class Entry(NamedTuple):
    """A link, the permission that shows it (None: everybody), and the addresses it stands for."""

    label: str
    view: str
    needs: Permission | None
    begins: tuple[str, ...]


_SEE, _NATIONAL = Permission.PUBLISHED_VIEW, "/national/"
PRIMARY = (
    Entry("Home", "home", None, ("/home/",)),
    Entry("Inspections", "inspections:inspections", _SEE, (f"{_NATIONAL}exercises/", "/p/")),
    Entry("Findings", "inspections:findings", _SEE, (f"{_NATIONAL}findings/",)),
    Entry("Frameworks", "framework:frameworks", Permission.FRAMEWORK_VIEW, ("/frameworks/",)),
    Entry(
        "Partnerships",
        "partnerships:partnerships",
        Permission.PARTNERSHIP_VIEW,
        ("/partnerships/",),
    ),
)
ACCOUNT = (
    Entry("People and roles", "access:people", Permission.PEOPLE_VIEW, ("/admin/people/",)),
    Entry("Who did what", "access:audit", Permission.AUDIT_VIEW, ("/admin/audit/",)),
    Entry("Change password", "account_change_password", None, ("/accounts/password/",)),
)
FOOTER = (
    Entry("Accessibility", "accessibility", None, ("/accessibility/",)),
    Entry("Privacy", "privacy", None, ("/privacy/",)),
    Entry("Glossary", "glossary", None, ("/glossary/",)),
)


def _links(request: HttpRequest, entries: tuple[Entry, ...]) -> tuple[Link, ...]:
    user = request.user
    return tuple(
        Link(entry.label, reverse(entry.view), current=request.path.startswith(entry.begins))
        for entry in entries
        if entry.needs is None or holds(user, entry.needs)
    )


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
    frame = Frame(
        notice=notice,
        home_url=reverse("home"),
        primary=_links(request, PRIMARY),
        account=_links(request, ACCOUNT),
        footer=_links(request, FOOTER),
        person=user.name,
        sign_out_url=reverse("account_logout"),
    )
    return {"navigation": frame}
