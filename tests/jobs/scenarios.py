"""Real workers, killed and stopped: a process of its own, on a real file or server.

    python -m tests.jobs.scenarios play      plays the scenarios below, and prints what it saw
    python -m tests.jobs.scenarios work      is a worker that knows the planted job

`test_workers` runs the first and looks at what it prints.
"""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import timedelta
from typing import Any

import django

PATIENCE = 30.0
SLOWLY = 0.05


def set_up() -> None:
    """Start Django and register the planted jobs, and no others of the clock."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sightline.config.settings")
    django.setup()
    from sightline.jobs import every, job, registry

    registry._known.clear()
    job("tests.count", title="Count slowly, at first")(count)
    every("tests.clock", title="Something of the clock", hours=1)(lambda progress: None)


def count(progress: Any, *, to: int) -> dict[str, int]:
    """Count, slowly the first time; in one transaction where others see past it."""
    from django.db import connection, transaction

    from sightline.jobs.models import Job

    slowly = Job.objects.get(pk=progress.key).lost == 0
    apart = connection.vendor == "postgresql"
    with transaction.atomic() if apart else nullcontext():  # type: ignore[attr-defined]
        progress.of(to)
        for number in range(to):
            progress.at(number + 1, f"Number {number + 1}")
            if slowly:
                time.sleep(SLOWLY)
    return {"counted_to": to}


@contextmanager
def worker() -> Iterator["subprocess.Popen[bytes]"]:
    """A worker, in a process of its own."""
    process = subprocess.Popen([sys.executable, "-m", __spec__.name, "work"])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(what: str, seen: Callable[[], Any]) -> Any:
    """What `seen` gives, once it gives anything."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = seen()
        if found:
            return found
        time.sleep(0.05)
    raise TimeoutError(f"Waited in vain: {what}.")


def begin(to: int = 400) -> Any:
    """Start a job that counts, and wait until it is seen to have counted a little."""
    from sightline.access.actors import command_line
    from sightline.jobs import services
    from sightline.jobs.models import Job

    job = services.start(actor=command_line(), code="tests.count", to=to)
    wait_for("some progress", lambda: Job.objects.filter(pk=job.pk, done__gt=2).exists())
    return job


def ended(job: Any, state: str) -> dict[str, Any]:
    """The job in this state."""
    from sightline.jobs.models import Job

    wait_for(state, lambda: Job.objects.filter(pk=job.pk, state=state).exists())
    job.refresh_from_db()
    return {
        "state": job.state, "attempts": job.attempts, "lost": job.lost, "result": job.result,
        "worker": job.worker, "done": job.done,
    }  # fmt: skip


def play() -> dict[str, Any]:
    """Cancel one, kill the worker of another, stop the worker of a third; then race schedulers."""
    from sightline.access.actors import command_line
    from sightline.jobs import services
    from sightline.jobs.models import Job, Worker

    said: dict[str, Any] = {}
    with worker() as first:
        job = begin()
        asked = time.monotonic()
        services.cancel(actor=command_line(), key=job.pk)
        said["cancelled"] = ended(job, "cancelled")
        said["seconds to cancel"] = time.monotonic() - asked
        job = begin()
        first.send_signal(signal.SIGKILL)
        first.wait()
    job.refresh_from_db()
    said["left behind"] = job.state
    with worker() as second:
        killed = time.monotonic()
        said["killed"] = ended(job, "done")
        said["seconds to recover"] = time.monotonic() - killed
        job = begin()
        second.terminate()
        said["exit status"] = second.wait(timeout=PATIENCE)
        said["stopped"] = ended(job, "waiting")
    said["clock"] = Job.objects.filter(code="tests.clock").count()
    said["workers left"] = Worker.objects.exclude(name=said["killed"]["worker"]).count()
    Job.objects.filter(pk=job.pk).delete()
    said["raced"] = race()
    return said


def race(rounds: int = 15, schedulers: int = 4) -> int:
    """How many jobs so many schedulers start in so many rounds, all at the same moment."""
    from django.db import connection
    from django.utils import timezone

    from sightline.access.actors import acting_as, command_line
    from sightline.jobs import scheduling
    from sightline.jobs.models import Job, Schedule

    Job.objects.all().delete()
    together, errors = threading.Barrier(schedulers), []

    def schedule() -> None:
        try:
            with acting_as(command_line()):
                together.wait()
                scheduling.tick()
        except Exception as fault:  # told below
            errors.append(repr(fault))
        finally:
            connection.close()

    for _ in range(rounds):
        Schedule.objects.update(due=timezone.now() - timedelta(seconds=1))
        threads = [threading.Thread(target=schedule) for _ in range(schedulers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        Job.objects.filter(state="waiting").update(state="done", ended=timezone.now())
    if errors:
        raise RuntimeError(f"A scheduler failed: {errors[0]}")
    return Job.objects.count()


if __name__ == "__main__":
    set_up()
    if sys.argv[1] == "work":
        from django.core.management import call_command

        call_command("jobs_work", threads=2)
    else:
        from sightline.access.actors import acting_as, command_line

        with acting_as(command_line()):
            print(json.dumps(play()))
