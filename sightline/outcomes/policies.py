"""What may be written on a chart, and when a note may be taken off."""

import datetime as dt

from sightline.kernel.errors import NotAllowed
from sightline.outcomes.models import Annotation


def check_has_happened(on: dt.date, today: dt.date) -> None:
    """Raise unless the day has come."""
    if on > today:
        raise NotAllowed("A note says what has happened: its day must be today or earlier.")


def check_not_removed(found: Annotation) -> None:
    """Raise unless the note is still on the chart."""
    if found.removed_at is not None:
        raise NotAllowed("This note has been taken off already.")
