"""What the state of a job allows."""

from sightline.jobs.models import Job
from sightline.kernel.errors import NotAllowed


def check_can_cancel(job: Job) -> None:
    """Raise `NotAllowed` for a job that is over, or is being cancelled."""
    if job.is_over:
        raise NotAllowed(f"“{job.title}” is over already: {job.get_state_display().lower()}.")
    if job.cancel_by:
        raise NotAllowed(f"“{job.title}” is being cancelled already.")


def check_can_retry(job: Job) -> None:
    """Raise `NotAllowed` for a job that did not fail and was not cancelled."""
    if job.state not in {Job.State.FAILED, Job.State.CANCELLED}:
        raise NotAllowed(
            f"“{job.title}” is {job.get_state_display().lower()}. "
            "Only what failed or was cancelled is tried again."
        )
