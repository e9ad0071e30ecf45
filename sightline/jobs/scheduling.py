"""Starting what the clock starts, once however many schedulers there are."""

from django.db import transaction
from django.utils import timezone

from sightline.jobs.actors import Clock
from sightline.jobs.models import Job, Schedule
from sightline.jobs.queries import is_open
from sightline.jobs.registry import Registered, of_the_clock
from sightline.jobs.tasks import enqueue


def tick() -> list[Job]:
    """Start what is due; gives the jobs started."""
    known = {item.code: item for item in Schedule.objects.all()}
    started = [_started(item, known.get(item.code)) for item in of_the_clock()]
    return [job for job in started if job is not None]


def _started(item: Registered, row: Schedule | None) -> Job | None:
    """The job, if it was due and no other scheduler was quicker.

    The due time that was read is a condition of moving it on, so of two schedulers one moves it.
    """
    now = timezone.now()
    period = item.period
    if period is None:
        return None
    if row is None:
        row, _ = Schedule.objects.get_or_create(code=item.code, defaults={"due": now})
    if now < row.due <= now + period:  # later than that: the period is shorter than it was
        return None
    with transaction.atomic():
        mine = Schedule.objects.filter(code=item.code, due=row.due).update(due=now + period)
        if not mine or is_open(item.code):
            return None
        job = Job.objects.create(
            code=item.code,
            title=item.title,
            asked_at=now,
            asked_by=Clock(item.code).audit_name,
        )
        enqueue(job)
    return job
