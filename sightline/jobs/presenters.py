"""Jobs as a page or a command shows them."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils import timezone

from sightline.jobs.models import OPEN, Job

NOBODY_WORKS: Final = (
    "Nothing is carrying out jobs at the moment. What waits is not lost: it is carried out once "
    "the administrator starts a worker again (sightline jobs work)."
)
KINDS: Final = {
    Job.State.WAITING: "neutral",
    Job.State.RUNNING: "neutral",
    Job.State.DONE: "good",
    Job.State.FAILED: "bad",
    Job.State.CANCELLED: "quiet",
}
HUNDRED: Final = 100


@dataclass(frozen=True)
class Line:
    """A job in a list."""

    key: str
    code: str
    title: str
    about: str
    state: str
    kind: str  # of the tag
    how_far: str
    asked: dt.datetime  # local time
    asked_by: str
    told: str


def line(job: Job, names: Mapping[str, str] | None = None) -> Line:
    """A job as a list shows it; `names` says what audit names are called."""
    return Line(
        key=str(job.key),
        code=job.code,
        title=job.title,
        about=job.about,
        state=state(job),
        kind=KINDS[Job.State(job.state)],
        how_far=how_far(job),
        asked=timezone.localtime(job.asked_at),
        asked_by=(names or {}).get(job.asked_by, job.asked_by),
        told=job.told,
    )


def state(job: Job) -> str:
    """The state in words; a job under way that is to end says so."""
    if job.state == Job.State.RUNNING and job.cancel_by:
        return "Being cancelled"
    return str(job.get_state_display())


def how_far(job: Job) -> str:
    """How much is done, in words."""
    if not job.total:
        return f"{job.done:,}" if job.done else ""
    return f"{job.done:,} of {job.total:,}"


@dataclass(frozen=True)
class Shown:
    """A job on its own page."""

    line: Line
    done: int
    total: int
    saying: str
    is_open: bool
    may_cancel: bool
    may_retry: bool
    nobody_works: str
    results: tuple[tuple[str, object], ...]
    ended: dt.datetime | None
    attempts: int
    seen: str  # changes whenever anything shown does


def shown(job: Job, names: Mapping[str, str], *, working: bool) -> Shown:
    """A job with what may be done to it. `working`: somebody carries out jobs."""
    is_open = job.state in OPEN
    nobody_works = NOBODY_WORKS if is_open and not working else ""
    parts = (job.state, job.attempts, job.done, job.total, job.saying, job.cancel_by, nobody_works)
    return Shown(
        line=line(job, names),
        done=job.done,
        total=job.total,
        saying=job.saying if is_open else "",
        is_open=is_open,
        may_cancel=is_open and not job.cancel_by,
        may_retry=job.state in {Job.State.FAILED, Job.State.CANCELLED},
        nobody_works=nobody_works,
        results=tuple((key.replace("_", " ").capitalize(), v) for key, v in job.result.items()),
        ended=job.ended,
        attempts=job.attempts,
        seen="|".join(map(str, parts)),
    )


def lines(jobs: Iterable[Job], names: Mapping[str, str]) -> tuple[Line, ...]:
    """Jobs in a list."""
    return tuple(line(job, names) for job in jobs)
