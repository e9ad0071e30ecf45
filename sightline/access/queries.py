"""Reads of people, assignments and the audit trail."""

import datetime as dt

from sightline.access.models import Assignment


def live_assignments(person_id: int, *, on: dt.date) -> list[Assignment]:
    """One person's assignments in force on a day; the first and last day are both included."""
    return list(Assignment.objects.filter(person_id=person_id).live_on(on).order_by("pk"))
