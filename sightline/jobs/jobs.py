"""The jobs of this context itself."""

import datetime as dt
from typing import Final

from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sightline.access import audit
from sightline.jobs import upkeep
from sightline.jobs.models import OVER, Job
from sightline.jobs.progress import Progress
from sightline.jobs.registry import Result, every, job
from sightline.kernel.errors import NotAvailable

KEPT_DAYS: Final = 90
QUEUE_KEPT_DAYS: Final = 7


@job("jobs.check-sealed", title="Check that everything sealed can be opened")
def check_sealed(progress: Progress) -> Result:
    """Open all that is sealed, without keeping or showing any of it.

    Raises:
        NotAvailable: something does not open; says how much, where, and why.
    """
    progress.of(sum(sum(place.by_key.values()) for one in upkeep.stock() for place in one.places))
    found = upkeep.check(progress.at)
    if found.shut:
        where = ", ".join(f"{count:,} in {place}" for place, count in found.shut.items())
        raise NotAvailable(f"What is sealed does not all open: {where}. {' '.join(found.why)}")
    return {"opened": found.opened}


@every("jobs.remove-old", title="Remove old jobs from the list", days=1)
@transaction.atomic
def remove_old(progress: Progress) -> Result:
    """Remove jobs that ended more than 90 days ago, and what is left of them in the queue."""
    now = timezone.now()
    over = Job.objects.filter(state__in=OVER, ended__lt=now - dt.timedelta(days=KEPT_DAYS))
    removed, _ = over.delete()
    queued = DBTaskResult.objects.finished()
    queued.filter(finished_at__lt=now - dt.timedelta(days=QUEUE_KEPT_DAYS)).delete()
    if removed:
        after = {"count": removed, "days": KEPT_DAYS}
        audit.record(progress.actor, "job.removed", "job:old", after=after)
    return {"removed": removed}


def registered() -> None:
    """Importing this module registers them; calling says that was meant."""
