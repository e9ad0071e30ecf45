"""The door of jobs."""

from uuid import UUID

from sightline.access.actors import Actor
from sightline.access.permissions import NATIONAL, Permission, holds
from sightline.jobs import queries
from sightline.jobs.models import Job
from sightline.kernel.errors import NotFound


def get_job_for(actor: Actor, key: UUID) -> Job:
    """The job, for whoever started it or looks after jobs: to see, retry and cancel.

    Raises:
        NotFound: there is none, or it is somebody else's.
    """
    job = queries.job_with(key)
    if job is None or not _may(actor, job):
        raise NotFound("There is no such job, or somebody else started it.")
    return job


def _may(actor: Actor, job: Job) -> bool:
    mine = job.asked_by == actor.audit_name
    return mine or holds(actor, Permission.JOBS_MANAGE, scope=NATIONAL)
