"""The one task in the queue: carry out a job."""

from django.db import transaction
from django_tasks import task

from sightline.jobs import carrying
from sightline.jobs.models import Job
from sightline.jobs.queries import is_immediate


@task()
def carry_out(key: str) -> None:
    """Carry out the job with this key, if it waits still."""
    carrying.carry_out(key)


def enqueue(job: Job) -> None:
    """Put a waiting job in the queue, together with whatever else this transaction writes.

    The queue is a table of the same database, so job and queue agree whatever happens; where work
    is done at once, that is after the transaction.
    """
    if is_immediate():
        transaction.on_commit(lambda: carry_out.enqueue(str(job.pk)))
        return
    Job.objects.filter(pk=job.pk).update(task=str(carry_out.enqueue(str(job.pk)).id))
