"""Reads of people, assignments and the audit trail."""

import datetime as dt

from django.utils import timezone

from sightline.access.models import Assignment, User


def live_assignments(person: User, *, on: dt.date | None = None) -> list[Assignment]:
    """One person's assignments in force on a day (today); first and last day are both included."""
    day = on or timezone.localdate()
    return list(Assignment.objects.live_on(day).filter(person=person).order_by("pk"))
