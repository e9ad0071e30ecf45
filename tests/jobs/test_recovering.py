"""Jobs of dead workers are begun again, three times at most."""

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from sightline.jobs import liveness, recovering
from sightline.jobs.models import Job, Worker
from sightline.jobs.recovering import GIVEN_UP, forget_silent_workers, recover
from sightline.jobs.tasks import enqueue
from tests.factories.jobs import JobFactory, WorkerFactory
from tests.jobs.conftest import state_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def state(settings: Any, tmp_path: Path, queue: None) -> Path:
    settings.SIGHTLINE_STATE = tmp_path
    return tmp_path


@pytest.fixture
def living() -> Iterator[str]:
    """A worker of this machine that lives."""
    name = liveness.new_name()
    with liveness.alive(name):
        yield name


@pytest.fixture
def dead(state: Path) -> str:
    """A worker of this machine that was killed: its lock is there and nobody holds it."""
    name = liveness.new_name()
    (state / "workers").mkdir(exist_ok=True)
    (state / "workers" / name).touch()
    return name


def ago(seconds: float) -> dt.datetime:
    return timezone.now() - dt.timedelta(seconds=seconds)


def running(worker: str, *, heard: float = 0, **more: Any) -> Job:
    job: Job = JobFactory(
        state="running", began=ago(100), heard=ago(heard), worker=worker, attempts=1, **more
    )
    enqueue(job)
    DBTaskResult.objects.update(status="RUNNING", started_at=ago(heard), worker_ids=[worker])
    job.refresh_from_db()
    return job


def test_a_killed_worker_of_this_machine_is_known_at_once(dead: str) -> None:
    job = running(dead)
    before = job.task
    assert recover() == 1
    assert state_of(job) == "waiting"
    assert (job.lost, job.worker) == (1, "")
    assert job.task != before
    (task,) = DBTaskResult.objects.all()
    assert (str(task.pk), task.status) == (job.task, "READY")
    assert recover() == 0


def test_a_living_worker_keeps_its_job_however_silent(living: str) -> None:
    job = running(living, heard=600)
    assert recover() == 0
    assert state_of(job) == "running"


@pytest.mark.parametrize(("heard", "state"), [(50, "running"), (70, "waiting")])
@pytest.mark.parametrize("worker", ["another-machine-1-ab", ""])
def test_a_worker_elsewhere_is_dead_after_a_minute(worker: str, heard: float, state: str) -> None:
    job = running(worker, heard=heard)
    recover()
    assert state_of(job) == state


def test_the_third_time_it_is_given_up_saying_so(dead: str) -> None:
    job = running(dead, lost=2)
    assert recover() == 1
    assert state_of(job) == "failed"
    assert (job.lost, job.told) == (3, GIVEN_UP)
    assert "3 times" in job.told
    assert job.ended is not None


def waiting(status: str, **more: Any) -> Job:
    job: Job = JobFactory(asked_at=ago(600))
    enqueue(job)
    DBTaskResult.objects.update(status=status, **more)
    job.refresh_from_db()
    return job


def test_a_place_in_the_queue_taken_by_a_worker_that_died_is_given_again(dead: str) -> None:
    job = waiting("RUNNING", started_at=ago(1), worker_ids=[dead])
    assert recover() == 1
    (task,) = DBTaskResult.objects.all()
    assert state_of(job) == "waiting"
    assert (task.status, str(task.pk)) == ("READY", job.task)


def test_a_place_in_the_queue_taken_by_a_living_worker_is_left(living: str) -> None:
    waiting("RUNNING", started_at=ago(100), worker_ids=[living])
    assert recover() == 0


def test_what_waits_in_its_turn_is_left() -> None:
    waiting("READY")
    assert recover() == 0


@pytest.mark.parametrize("task", ["", "no-key-at-all", "00000000-0000-0000-0000-000000000000"])
def test_a_job_without_a_place_in_the_queue_gets_one(task: str) -> None:
    job = JobFactory(asked_at=ago(600), task=task)
    assert recover() == 1
    assert state_of(job) == "waiting"
    assert DBTaskResult.objects.count() == 1
    fresh = JobFactory(task=task)
    assert recover() == 0
    assert state_of(fresh) == "waiting"


def test_a_job_begun_in_the_same_moment_is_left(monkeypatch: pytest.MonkeyPatch, dead: str) -> None:
    job = waiting("RUNNING", started_at=ago(100), worker_ids=[dead])

    def begun(found: Job) -> None:
        Job.objects.filter(pk=found.pk).update(state="running", began=ago(0), heard=ago(0))

    monkeypatch.setattr(recovering, "_forget_task", begun)
    assert recover() == 0
    assert state_of(job) == "running"


def test_workers_silent_for_a_day_are_forgotten(dead: str, living: str, state: Path) -> None:
    WorkerFactory(name="old", heard=ago(90_000))
    WorkerFactory(name="new", heard=ago(80_000))
    os.utime(state / "workers" / dead, (0, 0))
    os.utime(state / "workers" / living, (0, 0))
    (state / "workers" / "recent").touch()
    forget_silent_workers()
    assert list(Worker.objects.values_list("name", flat=True)) == ["new"]
    assert {path.name for path in (state / "workers").iterdir()} == {living, "recent"}


def test_nothing_to_clear(state: Path) -> None:
    liveness.clear()
    assert not (state / "workers").exists()


def test_a_worker_leaves_nothing_behind_and_is_unknown_afterwards(state: Path) -> None:
    name = liveness.new_name()
    assert liveness.is_alive(name) is None
    with liveness.alive(name):
        assert liveness.is_alive(name) is True
    assert liveness.is_alive(name) is None
    assert list((state / "workers").iterdir()) == []
