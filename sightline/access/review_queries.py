"""Reads of access reviews: what there is to review, and what was decided."""

import datetime as dt
from typing import Final

from allauth.mfa.models import Authenticator
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from sightline.access.models import AccessReview, Assignment, ReviewLine, User
from sightline.access.queries import FACTORS
from sightline.access.roles import asking_for_a_second_factor
from sightline.kernel.errors import NotFound

AWAY: Final = dt.timedelta(days=60)
SOON: Final = dt.timedelta(days=30)


def to_review(*, words: str = "", role: str = "", show: str = "") -> QuerySet[Assignment]:
    """Assignments in force or to come of people with access, those never reviewed first.

    Each carries `has_factor`, `reviewed_on` (moment), `reviewed_by` (audit name) and `review_due`
    (day), the last three of its latest review, null where there was none.

    Args:
        words: part of a name, address or post.
        role: code of a role.
        show: `due`, `away` (not signed in for 60 days), `ending` (within 30) or `factor` (none,
            where the role asks for one); empty for all.
    """
    today, now = timezone.localdate(), timezone.now()
    latest = ReviewLine.objects.filter(assignment=OuterRef("pk")).order_by("-pk")
    factor = Authenticator.objects.filter(user=OuterRef("person"), type__in=FACTORS)
    found = (
        Assignment.objects.filter(ended_at=None, person__is_active=True)
        .exclude(ends__lt=today)
        .annotate(
            has_factor=Exists(factor),
            reviewed_on=Subquery(latest.values("review__reviewed_at")[:1]),
            reviewed_by=Subquery(latest.values("review__reviewed_by")[:1]),
            review_due=Subquery(latest.values("next_review")[:1]),
        )
    )
    if words:
        found = found.filter(
            Q(person__name__icontains=words)
            | Q(person__email__icontains=words)
            | Q(person__designation__icontains=words)
        )
    if role:
        found = found.filter(role=role)
    match show:
        case "due":
            found = found.filter(Q(review_due__isnull=True) | Q(review_due__lte=today))
        case "away":
            old = now - AWAY
            found = found.filter(Q(person__last_login__isnull=True) | Q(person__last_login__lt=old))
        case "ending":
            found = found.filter(ends__lte=today + SOON)
        case "factor":
            found = found.filter(role__in=asking_for_a_second_factor(), has_factor=False)
    return found.select_related("person__organisation").order_by(
        F("review_due").asc(nulls_first=True), "person__name", "role", "pk"
    )


def reviews() -> QuerySet[AccessReview]:
    """Every review, the newest first."""
    return AccessReview.objects.order_by("-pk")


def review(key: int) -> AccessReview:
    """The review with this key.

    Raises:
        NotFound: there is none.
    """
    found = AccessReview.objects.filter(pk=key).first()
    if found is None:
        raise NotFound("There is no such review.")
    return found


def lines_of(found: AccessReview) -> list[ReviewLine]:
    """What a review decided, by person and role."""
    lines = found.lines.select_related("assignment__person__organisation")
    return list(lines.order_by("assignment__person__name", "assignment__role", "pk"))


def names_of(audit_names: set[str]) -> dict[str, str]:
    """Who the people among these audit names are."""
    keys = {name.removeprefix("person:") for name in audit_names if name.startswith("person:")}
    found = User.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    return {person.audit_name: person.name for person in found}
