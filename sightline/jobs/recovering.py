"""Finding jobs whose worker died, and beginning them again."""

import datetime as dt
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from sightline.jobs import liveness
from sightline.jobs.carrying import put_back
from sightline.jobs.models import Job, Worker
from sightline.jobs.tasks import enqueue

SILENT: Final = dt.timedelta(seconds=60)
"""A worker of another machine, silent for so long, is taken to be dead."""
MOST_LOST: Final = 3
GIVEN_UP: Final = (
    f"This was begun {MOST_LOST} times, and each time the worker stopped in the middle of it, so "
    "it is not begun again by itself. It may need more memory than there is. Try again when you "
    "know that the machine is well; if it fails again, give the administrator the key of this job."
)


def recover() -> int:
    """Begin again what dead workers had in hand; gives how many jobs."""
    return sum(_recovered(job) for job in Job.objects.filter(state=Job.State.RUNNING)) + sum(
        _queued_again(job) for job in Job.objects.filter(state=Job.State.WAITING)
    )


def _is_dead(worker: str, heard: dt.datetime | None) -> bool:
    lives = liveness.is_alive(worker) if worker else None
    if lives is not None:
        return not lives
    return heard is None or heard < timezone.now() - SILENT


def _recovered(job: Job) -> bool:
    if not _is_dead(job.worker, job.heard):
        return False
    _forget_task(job)
    if job.lost + 1 < MOST_LOST:
        return put_back(job, lost=job.lost + 1)
    ours = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
    now = timezone.now()
    return bool(ours.update(state=Job.State.FAILED, ended=now, told=GIVEN_UP, lost=job.lost + 1))


def _task_of(job: Job) -> Any:
    try:
        return DBTaskResult.objects.filter(pk=job.task).first() if job.task else None
    except ValidationError:
        return None


def _forget_task(job: Job) -> None:
    task = _task_of(job)
    if task is not None and task.status == TaskResultStatus.RUNNING:
        task.delete()


def _queued_again(job: Job) -> bool:
    """A waiting job whose place in the queue was taken by a worker that died before it began."""
    task = _task_of(job)
    if task is not None and task.status == TaskResultStatus.READY:
        return False
    taken_by = str(task.worker_ids[-1]) if task is not None and task.worker_ids else ""
    since = task.started_at if task is not None and task.started_at else job.asked_at
    if not _is_dead(taken_by, since):
        return False
    _forget_task(job)
    with transaction.atomic():
        if not Job.objects.filter(pk=job.pk, state=Job.State.WAITING, task=job.task).exists():
            return False
        enqueue(job)
    return True


def forget_silent_workers() -> None:
    """Take workers off the list that have been silent for a day."""
    Worker.objects.filter(heard__lt=timezone.now() - dt.timedelta(days=1)).delete()
    liveness.clear()
