"""Starting, retrying and cancelling jobs."""

from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.jobs import policies
from sightline.jobs.models import Job
from sightline.jobs.permissions import get_job_for
from sightline.jobs.registry import Scalar, registered
from sightline.jobs.tasks import enqueue
from sightline.kernel.errors import NotAllowed

LONGEST_ARGUMENT: Final = 200


@transaction.atomic
def start(*, actor: Actor, code: str, about: str = "", title: str = "", **arguments: Scalar) -> Job:
    """Have something done outside this request, once what this transaction writes is written.

    Whoever calls this has asked whether `actor` may; the work acts as `actor` and is asked again.

    Args:
        actor: who starts it; they may watch, retry and cancel it.
        code: of the job, as it is registered.
        about: the thing it is done to, `kind:key`.
        title: in place of the job's own, where that helps to tell two apart.
        arguments: keys of rows and the like; never content, since whoever looks after the service
            may read them.

    Raises:
        NotFound: there is no such job.
    """
    work = registered(code)
    _check_arguments(arguments)
    job = Job.objects.create(
        code=code,
        title=title or work.title,
        about=about,
        arguments=arguments,
        asked_at=timezone.now(),
        asked_by=actor.audit_name,
    )
    audit.record(actor, "job.started", f"job:{job.pk}", after={"what": job.title, "about": about})
    enqueue(job)
    return job


def _check_arguments(arguments: dict[str, Scalar]) -> None:
    for name, value in arguments.items():
        if not isinstance(value, str | int | float | bool | None):
            raise TypeError(f"{name} must be a text, a number, true, false or nothing.")
        if isinstance(value, str) and len(value) > LONGEST_ARGUMENT:
            raise TypeError(f"{name} is long; give the key of a row, not what is in it.")


@transaction.atomic
def cancel(*, actor: Actor, key: UUID) -> Job:
    """Cancel a job: at once while it waits, else the next time it says how far it is.

    Raises:
        NotFound: as `get_job_for`.
        NotAllowed: it is over.
    """
    job = get_job_for(actor, key)
    policies.check_can_cancel(job)
    same = Job.objects.filter(pk=key)
    now = timezone.now()
    waiting = same.filter(state=Job.State.WAITING)
    if not waiting.update(state=Job.State.CANCELLED, ended=now, cancel_by=actor.audit_name):
        running = same.filter(state=Job.State.RUNNING, cancel_by="")
        if not running.update(cancel_by=actor.audit_name):
            raise NotAllowed(f"“{job.title}” ended a moment ago.")
    audit.record(actor, "job.cancelled", f"job:{key}", after={"what": job.title})
    job.refresh_from_db()
    return job


@transaction.atomic
def retry(*, actor: Actor, key: UUID) -> Job:
    """Have a job that failed or was cancelled carried out again, as whoever started it.

    Raises:
        NotFound: as `get_job_for`.
        NotAllowed: it did neither.
    """
    job = get_job_for(actor, key)
    policies.check_can_retry(job)
    over = Job.objects.filter(pk=key, state=job.state)
    if not over.update(
        state=Job.State.WAITING,
        lost=0,
        ended=None,
        began=None,
        heard=None,
        cancel_by="",
        told="",
        saying="",
        done=0,
        total=0,
        asked_at=timezone.now(),
    ):
        raise NotAllowed(f"Somebody tried “{job.title}” again a moment ago.")
    audit.record(actor, "job.retried", f"job:{key}", after={"what": job.title})
    job.refresh_from_db()
    enqueue(job)
    return job
