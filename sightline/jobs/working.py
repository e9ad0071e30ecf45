"""The process that carries out jobs, and starts those of the clock.

Threads take jobs from the queue, so that a short one does not wait behind a long one; the first
thread of the process looks after clock, signs of life and jobs of dead workers.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker as QueueWorker
from django_tasks_db.models import DBTaskResult

from sightline.jobs import liveness, scheduling
from sightline.jobs.carrying import here
from sightline.jobs.models import Worker
from sightline.jobs.queries import is_immediate
from sightline.jobs.recovering import forget_silent_workers, recover
from sightline.kernel.errors import NotAllowed

logger = logging.getLogger(__name__)

PAUSE: Final = 1.0
"""Seconds between two looks at queue and clock."""
SIGN_OF_LIFE: Final = 5.0
GRACE: Final = 8.0
"""Seconds given to jobs in hand when the worker is stopped; what is left is begun again later."""


class Queue(QueueWorker):
    """Works the queue until it is empty, or the worker is being stopped."""

    def __init__(self, worker: str) -> None:
        super().__init__(
            queue_names=["default"],
            interval=0,
            batch=True,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker,
            excluded_queue_names=[],
        )

    def run_task(self, db_task_result: Any) -> None:
        """Carry out one, then look whether to go on."""
        super().run_task(db_task_result)
        self.running = not here.stopping.is_set()


def drain(worker: str) -> None:
    """Carry out what waits."""
    if DBTaskResult.objects.ready().exists():
        Queue(worker).run()


def patiently(step: Callable[[], object]) -> None:
    """Do something that must not end the worker when the database is away for a moment."""
    try:
        close_old_connections()
        step()
    except DatabaseError as fault:
        logger.warning("The database did not answer (%s); trying again.", type(fault).__name__)
        connection.close()


def _serve(worker: str) -> None:
    try:
        while not here.stopping.is_set():
            patiently(lambda: drain(worker))
            here.stopping.wait(PAUSE)
    finally:
        connection.close()


def _sign(worker: str) -> None:
    now = timezone.now()
    Worker.objects.update_or_create(
        name=worker, defaults={"heard": now}, create_defaults={"heard": now, "began": now}
    )


def look_after(worker: str) -> None:
    """Give a sign of life, find jobs of dead workers, forget workers long silent."""
    _sign(worker)
    recover()
    forget_silent_workers()


def check_can_work() -> None:
    """Raise `NotAllowed` where there is no queue to work."""
    if is_immediate():
        raise NotAllowed(
            "Jobs are carried out at once here (SIGHTLINE_JOBS=immediate), so there is nothing for "
            "a worker. Take that setting out, and start it again."
        )


def work_once() -> None:
    """Start what is due, carry out what waits, and end.

    Raises:
        NotAllowed: as `check_can_work`.
    """
    check_can_work()
    name = liveness.new_name()
    with liveness.alive(name):
        here.worker, here.watched = name, False
        try:
            recover()
            scheduling.tick()
            drain(name)
        finally:
            here.worker = ""


def work(*, threads: int) -> None:
    """Work until `here.stopping` is set, then finish what is in hand or put it back.

    Raises:
        NotAllowed: as `check_can_work`.
    """
    check_can_work()
    name = liveness.new_name()
    with liveness.alive(name):
        here.worker, here.watched = name, True
        serving = [
            threading.Thread(target=_serve, args=[name], name=f"worker {number}", daemon=True)
            for number in range(threads)
        ]
        patiently(lambda: look_after(name))
        for thread in serving:
            thread.start()
        _keep(name)
        until = time.monotonic() + GRACE
        for thread in serving:
            thread.join(max(0.0, until - time.monotonic()))
        patiently(lambda: Worker.objects.filter(name=name).delete())
        here.worker, here.watched = "", False


def _keep(name: str) -> None:
    last = time.monotonic()
    while not here.stopping.is_set():
        patiently(scheduling.tick)
        if time.monotonic() - last >= SIGN_OF_LIFE:
            last = time.monotonic()
            patiently(lambda: look_after(name))
        here.stopping.wait(PAUSE)
