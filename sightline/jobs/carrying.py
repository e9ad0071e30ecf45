"""Carrying out one job, and writing down how far it is."""

import logging
import threading
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Final

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone

from sightline.access.actors import acting_as
from sightline.jobs.actors import actor_named
from sightline.jobs.models import Job
from sightline.jobs.progress import Cancelled, Interrupted, Lost, Progress, Stopping
from sightline.jobs.registry import registered
from sightline.kernel.errors import SightlineError

logger = logging.getLogger(__name__)

PAUSE: Final = 0.5
"""Seconds between two writings-down of how far a job is."""
SIGN_OF_LIFE: Final = 5.0
"""Seconds between two signs of life of a job that says nothing new."""
OURS: Final = (
    "This failed for a reason that is ours, and nothing you did. Try again; if it fails again, "
    "give the administrator the key of this job."
)


class Here:
    """Which worker this process is, if it is one, and whether it is being stopped.

    `watched`: a thread beside each job writes down how far it is.
    """

    def __init__(self) -> None:
        self.worker = ""
        self.watched = False
        self.stopping = threading.Event()


here: Final = Here()


class Recorder:
    """Writes down how far one attempt at a job is, and passes on what it finds there."""

    def __init__(self, job: Job) -> None:
        self._mine = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
        self._written: tuple[int, int, str] | None = None
        self._at = time.monotonic()

    def is_due(self, progress: Progress) -> bool:
        """Whether there is something new, not too soon; or it is time for a sign of life."""
        waited = time.monotonic() - self._at
        news = self._written != (progress.done, progress.total, progress.saying)
        return waited >= (PAUSE if news else SIGN_OF_LIFE)

    def write(self, progress: Progress) -> None:
        """Write it down, and tell the work if it is to end."""
        said = (progress.done, progress.total, progress.saying)
        done, total, saying = said
        self._at = time.monotonic()
        if not self._mine.update(done=done, total=total, saying=saying, heard=timezone.now()):
            progress.interrupt(Lost)
            return
        self._written = said
        if self._mine.exclude(cancel_by="").exists():
            progress.interrupt(Cancelled)

    def told(self, progress: Progress) -> None:
        """What the work calls where no thread writes: write now and then, in its own time."""
        if self.is_due(progress):
            self.write(progress)


@contextmanager
def watching(progress: Progress, recorder: Recorder) -> Iterator[None]:
    """Write down how far the work is, from a thread with a connection of its own.

    So it is seen while the work is in a transaction, except on SQLite, where a transaction that
    writes keeps everybody else from writing until it is over.
    """
    over = threading.Event()

    def watch() -> None:
        try:
            while not over.wait(PAUSE / 2):
                _note(progress, recorder)
        finally:
            connection.close()

    thread = threading.Thread(target=watch, name=f"watching {progress.key}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _note(progress: Progress, recorder: Recorder) -> None:
    if here.stopping.is_set():
        progress.interrupt(Stopping)
    try:
        if recorder.is_due(progress):
            recorder.write(progress)
    except DatabaseError:
        logger.info("How far job %s is could not be written down; trying again.", progress.key)


def carry_out(key: str) -> None:
    """Carry out the job with this key, if it waits still. Never raises what the work raises."""
    job = _claim(key)
    if job is None:
        return
    with _Ending(job):
        actor = actor_named(job.asked_by)
        work = registered(job.code).work
        with acting_as(actor):
            job.result = dict(_work(job, work, Progress(key, actor), Recorder(job)) or {})


class _Ending:
    """Writes down how the block ended, whichever way: somebody waits for an answer."""

    def __init__(self, job: Job) -> None:
        self.job = job

    def __enter__(self) -> None:
        """Nothing to prepare."""

    def __exit__(
        self, kind: object, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        """Pass on only what ends the whole process."""
        if fault is None:
            _end(self.job, Job.State.DONE, result=self.job.result)
        elif isinstance(fault, Interrupted):
            _interrupted(self.job, fault)
        elif isinstance(fault, SightlineError):
            _end(self.job, Job.State.FAILED, told=str(fault))
        else:
            _log(self.job, fault)
            _end(self.job, Job.State.FAILED, told=OURS)
            return isinstance(fault, Exception)
        return True


def _work(job: Job, work: Any, progress: Progress, recorder: Recorder) -> Any:
    try:
        if here.watched:
            with watching(progress, recorder):
                return work(progress, **job.arguments)
        progress = Progress(progress.key, progress.actor, told=recorder.told)
        return work(progress, **job.arguments)
    finally:
        job.done, job.total, job.saying = progress.done, progress.total, progress.saying


def _claim(key: str) -> Job | None:
    now = timezone.now()
    claimed = Job.objects.filter(pk=key, state=Job.State.WAITING).update(
        state=Job.State.RUNNING,
        attempts=F("attempts") + 1,
        worker=here.worker,
        began=now,
        heard=now,
        done=0,
        total=0,
        saying="",
    )
    return Job.objects.get(pk=key) if claimed else None


def _end(job: Job, state: Job.State, **more: Any) -> None:
    """Write down how it ended, unless the job is another worker's by now."""
    ours = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
    ours.update(
        state=state, ended=timezone.now(), done=job.done, total=job.total, saying=job.saying, **more
    )


def _interrupted(job: Job, interruption: Interrupted) -> None:
    if isinstance(interruption, Cancelled):
        _end(job, Job.State.CANCELLED)
    elif isinstance(interruption, Stopping):
        put_back(job, lost=job.lost)


def put_back(job: Job, *, lost: int) -> bool:
    """Have an attempt begun again by whichever worker is free; False if it was over meanwhile."""
    from sightline.jobs.tasks import enqueue

    with transaction.atomic():
        ours = Job.objects.filter(pk=job.pk, attempts=job.attempts, state=Job.State.RUNNING)
        if not ours.update(state=Job.State.WAITING, lost=lost, saying="", worker=""):
            return False
        enqueue(job)
    return True


def _log(job: Job, fault: BaseException) -> None:
    """Where it failed, without the words of the error: they may repeat what the job read."""
    frames = traceback.extract_tb(fault.__traceback__)
    lines = "\n".join(f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
    logger.error("Job %s (%s) failed: %s at\n%s", job.pk, job.code, type(fault).__name__, lines)
