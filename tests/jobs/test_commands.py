"""`sightline jobs …` and `sightline secrets …`."""

# ruff: noqa: F811 - fixtures of another folder are imported, and then named as arguments

import json
import re
import signal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import DatabaseError
from django.utils import timezone
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from sightline.access.models import AuditEvent
from sightline.jobs import working
from sightline.jobs.carrying import here
from sightline.jobs.models import Job, Schedule, Worker
from sightline.jobs.presenters import NOBODY_WORKS
from tests.factories.jobs import JobFactory, WorkerFactory
from tests.jobs.conftest import Plant, counts, state_of
from tests.secrets.conftest import (  # noqa: F401 - fixtures
    Keys,
    _letter_model,
    _own_registry,
    keys,
    letter,
)

pytestmark = pytest.mark.django_db


def run(command: str, *words: str, **options: Any) -> str:
    out = StringIO()
    call_command(command, *words, stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


def refused(capsys: pytest.CaptureFixture[str], command: str, *words: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as leaving:
        run(command, *words)
    return int(leaving.value.code or 0), capsys.readouterr().err


@pytest.fixture
def _signals() -> Any:
    """Put the handlers back that the worker exchanged."""
    before = {s: signal.getsignal(s) for s in (signal.SIGTERM, signal.SIGINT)}
    yield
    for ending, handler in before.items():
        signal.signal(ending, handler)


@pytest.fixture
def copy(
    settings: Any,
    tmp_path: Any,
    queue: None,
    _signals: None,
    plant: Plant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A copy with a queue, a folder of its own, and one planted job; its connection stays open."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)
    settings.SIGHTLINE_STATE = tmp_path
    plant(counts)


def test_once_starts_what_is_due_and_does_what_waits(copy: None, plant: Plant) -> None:
    plant(counts, "tests.clock", hours=1)
    job = JobFactory(code="tests.planted", asked_at="2026-01-01T00:00Z")
    said = run("jobs_work", "--once")
    assert said == "Nothing waits.\n"
    assert state_of(job) == "done"
    assert Job.objects.get(code="tests.clock").state == "done"
    assert Schedule.objects.get(code="tests.clock").due > timezone.now()
    assert set(DBTaskResult.objects.values_list("status", flat=True)) == {"SUCCESSFUL"}
    assert (here.worker, here.watched) == ("", False)
    assert run("jobs_work", "--once") == "Nothing waits.\n"


def test_a_worker_looks_after_everything_until_it_is_stopped(
    copy: None, monkeypatch: pytest.MonkeyPatch, plant: Plant
) -> None:
    """The loops, without their threads: those are tried in `test_workers`."""
    started: list[Any] = []

    class Thread:
        def __init__(self, *, target: Any, args: list[str], name: str, daemon: bool) -> None:
            self.target, self.args, self.name = target, args, name

        def start(self) -> None:
            started.append(self.name)
            here.stopping.set()
            self.target(*self.args)  # ends at once, since it is being stopped
            here.stopping.clear()

        def join(self, timeout: float) -> None:
            assert timeout <= working.GRACE

    ticks: list[int] = []

    def tick() -> None:
        ticks.append(1)
        assert Worker.objects.count() == 1
        if len(ticks) == 2:
            here.stopping.set()
        if len(ticks) == 1:
            raise DatabaseError("away for a moment")

    monkeypatch.setattr(working.threading, "Thread", Thread)
    monkeypatch.setattr(working.scheduling, "tick", tick)
    monkeypatch.setattr(working.connection, "close", lambda: None)
    monkeypatch.setattr(working, "PAUSE", 0.01)
    monkeypatch.setattr(working, "SIGN_OF_LIFE", 0.0)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    assert run("jobs_work", "--threads", "3") == "Stopped.\n"
    assert started == ["worker 0", "worker 1", "worker 2"]
    assert not Worker.objects.exists()


def test_a_thread_works_until_it_is_stopped(
    copy: None, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    def last(progress: Any) -> None:
        here.stopping.set()

    plant(last)
    jobs = [JobFactory(code="tests.planted", asked_at="2026-01-01T00:00Z") for _ in range(2)]
    monkeypatch.setattr(working.connection, "close", lambda: None)
    monkeypatch.setattr(working, "close_old_connections", lambda: None)
    working.recover()
    working._serve("machine/1")
    assert sorted(state_of(job) for job in jobs) == ["done", "waiting"]


def test_ctrl_c_and_sigterm_are_a_wish_to_stop(copy: None) -> None:
    run("jobs_work", "--once")
    for ending in (signal.SIGTERM, signal.SIGINT):
        here.stopping.clear()
        handler: Any = signal.getsignal(ending)
        handler(ending, None)
        assert here.stopping.is_set()


@pytest.mark.usefixtures("_signals")
def test_where_jobs_are_done_at_once_there_is_nothing_for_a_worker(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for words in ((), ("--once",)):
        status, said = refused(capsys, "jobs_work", *words)
        assert status == 6
        assert "SIGHTLINE_JOBS=immediate" in said


@pytest.mark.parametrize("threads", ["0", "17"])
def test_threads_are_some_and_not_many(capsys: pytest.CaptureFixture[str], threads: str) -> None:
    assert refused(capsys, "jobs_work", "--threads", threads) == (
        3, f"--threads is {threads}; write 1 to 16.\n"
    )  # fmt: skip


def test_jobs_are_listed(queue: None) -> None:
    assert NOBODY_WORKS in run("jobs_list")
    WorkerFactory()
    JobFactory(done=2_000, total=5_000)
    JobFactory(state="failed", told="why", ended=timezone.now(), code="tests.other")
    said = run("jobs_list")
    assert "2,000 of 5,000" in said
    assert "The command line, as tests" in said
    assert NOBODY_WORKS not in said
    assert "tests.other" not in run("jobs_list", "--state", "waiting")
    (only,) = json.loads(run("jobs_list", "--code", "tests.other", "--format", "json"))
    assert (only["state"], only["told"]) == ("Failed", "why")
    assert len(json.loads(run("jobs_list", "--most", "1", "--format", "json"))) == 1


def test_a_job_of_the_clock_is_started_by_hand(
    capsys: pytest.CaptureFixture[str], django_capture_on_commit_callbacks: Any
) -> None:
    status, said = refused(capsys, "jobs_run", "jobs.check-sealed")
    assert status == 6
    assert "jobs.check-sealed is no job of the clock" in said
    assert "jobs.remove-old  Remove old jobs from the list" in said
    with django_capture_on_commit_callbacks(execute=True):
        assert run("jobs_run", "jobs.remove-old").startswith("Remove old jobs from the list: ")
    assert Job.objects.get().state == "done"


def test_old_jobs_are_removed_and_the_queue_is_cleared(
    django_capture_on_commit_callbacks: Any, queue: None, settings: Any
) -> None:
    now = timezone.now()
    JobFactory(title="old", state="done", ended=now - timezone.timedelta(days=91))
    JobFactory(title="younger", state="done", ended=now - timezone.timedelta(days=89))
    JobFactory(title="waits", asked_at=now - timezone.timedelta(days=200))
    from sightline.jobs.jobs import remove_old
    from sightline.jobs.progress import Progress
    from sightline.jobs.tasks import carry_out

    for _ in range(3):
        carry_out.enqueue("x")
    first, second, _third = DBTaskResult.objects.order_by("enqueued_at")
    finished = {"status": "SUCCESSFUL", "finished_at": now - timezone.timedelta(days=8)}
    DBTaskResult.objects.filter(pk=first.pk).update(**finished)
    DBTaskResult.objects.filter(pk=second.pk).update(status="FAILED", finished_at=now)
    from sightline.jobs.actors import Clock

    assert remove_old(Progress("x", Clock("jobs.remove-old"))) == {"removed": 1}
    assert set(Job.objects.values_list("title", flat=True)) == {"younger", "waits"}
    assert DBTaskResult.objects.count() == 2
    (line,) = AuditEvent.objects.filter(verb="job.removed")
    assert (line.actor, line.after) == ("schedule:jobs.remove-old", {"count": 1, "days": 90})
    assert remove_old(Progress("x", Clock("jobs.remove-old"))) == {"removed": 0}
    assert AuditEvent.objects.filter(verb="job.removed").count() == 1


LINE = re.compile(rf"{timezone.localdate()}(-[b-z])?:[A-Za-z0-9+/]{{43}}=\n")


def test_a_new_key_is_printed_once_and_named_by_the_day(
    capsys: pytest.CaptureFixture[str], settings: Any
) -> None:
    first, second = run("secrets_new_key"), run("secrets_new_key", "--purpose", "concerns")
    assert LINE.fullmatch(first)
    assert LINE.fullmatch(second)
    assert first != second
    name = first.partition(":")[0]
    settings.SIGHTLINE_KEYS = {"data": ((name, b"a" * 32), (f"{name}-b", b"b" * 32))}
    assert run("secrets_new_key").startswith(f"{name}-c:")
    status, said = refused(capsys, "secrets_new_key", "--purpose", "nonsense")
    assert (status, said[:33]) == (3, "There is no purpose nonsense that")


def test_nothing_sealed_yet(keys: Keys, db: None) -> None:
    said = run("secrets_status")
    assert said.count("Nothing is sealed yet.") == 2
    assert "Purpose data. Keys held: old (current)." in said
    assert run("secrets_reseal") == "Nothing is sealed yet.\n"


def test_a_change_of_keys_by_commands(
    letter: Any,
    keys: Keys,
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = letter.objects.create(words="a secret", note="another")
    said = run("secrets_status")
    assert re.search(r"jobs\.Letter\.words +old +1", said)
    assert "reseal" not in said

    keys("new", "old")
    said = run("secrets_status")
    assert "Keys held: new (current), old." in said
    assert "2 are under older keys. Run: sightline secrets reseal" in said
    said = run("secrets_reseal", "--purpose", "data")
    assert re.search(r"jobs\.Letter\.words +1 +0 +0 +0", said)
    assert "note" not in said
    assert "Nothing is under old any more" in run("secrets_status")
    (line,) = AuditEvent.objects.filter(verb="secrets.resealed")
    assert (line.target, line.after) == ("sealed:data", {"count": 2})

    keys("old")
    said = run("secrets_status")
    assert "2 cannot be opened: their keys are not held here." in said
    assert "SIGHTLINE_DATA_KEYS" in said
    status, said = refused(capsys, "secrets_reseal")
    assert status == 9
    assert "2 could not be opened. This is sealed with the key data:new" in said
    keys("new")
    assert letter.objects.get(pk=row.pk).words == "a secret"
    (data, _) = json.loads(run("secrets_status", "--format", "json"))
    assert (data["purpose"], data["current"]) == ("data", "new")


def test_odd_options_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, "secrets_reseal", "--batch", "0") == (
        3, "--batch is 0; write 1 or more.\n"
    )  # fmt: skip
    assert refused(capsys, "secrets_reseal", "--purpose", "nonsense")[0] == 3
