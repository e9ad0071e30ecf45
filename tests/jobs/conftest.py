"""Jobs that a test plants, and a queue that is worked only when the test says so."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django_tasks import task_backends

from sightline.jobs import registry
from sightline.jobs.carrying import here
from sightline.jobs.models import Job
from sightline.jobs.progress import Progress

Plant = Callable[..., None]


@pytest.fixture
def plant(monkeypatch: pytest.MonkeyPatch) -> Plant:
    """Register a job for this test: `plant(work, "tests.planted", minutes=5)`."""
    monkeypatch.setattr(registry, "_known", dict(registry._known))

    def register(
        work: Callable[..., Any] = lambda progress: None, code: str = "tests.planted", **when: float
    ) -> None:
        registry._known.pop(code, None)
        declare = registry.every if when else registry.job
        declare(code, title="A planted job", **when)(work)  # type: ignore[operator]

    return register


@pytest.fixture
def queue(settings: Any) -> Iterator[None]:
    """Work waits in the database, as in a real copy."""
    before = settings.TASKS
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    _forget_backends()
    yield
    settings.TASKS = before
    _forget_backends()


def _forget_backends() -> None:
    """Have the library read its setting again."""
    vars(task_backends).pop("settings", None)
    task_backends._settings = None
    if hasattr(task_backends._connections, "default"):
        del task_backends["default"]


@pytest.fixture(autouse=True)
def _nobody_stops() -> Iterator[None]:
    """What a worker of a test left set does not reach the next."""
    yield
    here.stopping.clear()
    here.worker, here.watched = "", False


def counts(progress: Progress, *, to: int = 3) -> dict[str, int]:
    """Work that counts."""
    progress.of(to)
    for number in range(1, to + 1):
        progress.at(number, f"Number {number}")
    return {"counted_to": to}


def state_of(job: Job) -> str:
    """How far the job is by now."""
    job.refresh_from_db()
    return str(job.state)
