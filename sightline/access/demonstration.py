"""The sign-ins of the demonstration, which its sign-in page lists. Nowhere else are there any."""

from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.utils import timezone

from sightline.access.models import User
from sightline.access.queries import is_live
from sightline.access.roles import roles
from sightline.access.scopes import Wording

DOMAIN: Final = "sightline.example"
PASSWORD: Final = "garry-water-and-heather"  # noqa: S105 - printed by `make demo`, loopback only


@dataclass(frozen=True)
class SignIn:
    """How to sign in as somebody of the demonstration."""

    email: str
    role: str
    where: str


def sign_ins() -> tuple[SignIn, ...]:
    """One line per role held in the demonstration, in the order of the roles; none elsewhere."""
    if not settings.SIGHTLINE_DEMONSTRATION:
        return ()
    titles = {item.code: item.title for item in roles()}
    order = list(titles)
    today = timezone.localdate()
    where = Wording()
    people = User.objects.filter(email__endswith=f"@{DOMAIN}", is_active=True)
    held = [
        (item, person)
        for person in people.prefetch_related("assignments")
        for item in person.assignments.all()
        if item.role in titles and is_live(item, today=today)
    ]
    held.sort(key=lambda pair: (order.index(pair[0].role), pair[1].email))
    return tuple(
        SignIn(person.email, titles[item.role], where.of(item.scope_kind, item.scope_key))
        for item, person in held
    )
