"""Carrying out one job: what is written down, and every way it can end."""

import logging
import threading

import pytest
from django.db import DatabaseError

from sightline.jobs import Progress, carrying
from sightline.jobs.carrying import OURS, Recorder, here
from sightline.jobs.models import Job
from sightline.jobs.progress import Cancelled, Lost, Stopping
from sightline.kernel.errors import NotAllowed
from tests.factories.access import UserFactory
from tests.factories.jobs import JobFactory
from tests.jobs.conftest import Plant, counts, state_of

pytestmark = pytest.mark.django_db


class Clockwork:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clockwork:
    made = Clockwork()
    monkeypatch.setattr(carrying, "time", made)
    return made


@pytest.fixture
def job(plant: Plant) -> Job:
    plant(counts)
    made: Job = JobFactory(code="tests.planted")
    return made


def test_what_waits_is_carried_out_once(job: Job, plant: Plant) -> None:
    runs = []
    plant(lambda progress: runs.append(progress.key))
    carrying.carry_out(str(job.pk))
    carrying.carry_out(str(job.pk))
    assert runs == [str(job.pk)]
    assert state_of(job) == "done"


def test_progress_is_written_at_most_twice_a_second(
    job: Job, plant: Plant, clock: Clockwork
) -> None:
    seen: list[tuple[int, int, str]] = []

    def work(progress: Progress) -> None:
        progress.of(1_000)
        for number in range(1_000):
            clock.now += 0.01
            progress.at(number + 1, f"Row {number + 1}")
            found = Job.objects.get(pk=progress.key)
            seen.append((found.done, found.total, found.saying))

    plant(work)
    carrying.carry_out(str(job.pk))
    assert 15 < len(set(seen)) <= 21  # in ten seconds
    assert seen[-1][1] == 1_000
    assert state_of(job) == "done"
    assert (job.done, job.total) == (1_000, 1_000)


def test_saying_nothing_new_is_a_sign_of_life_all_the_same(
    job: Job, plant: Plant, clock: Clockwork
) -> None:
    heard = []

    def work(progress: Progress) -> None:
        for _ in range(4):
            clock.now += 3
            progress.look()
            heard.append(Job.objects.get(pk=progress.key).heard)

    plant(work)
    carrying.carry_out(str(job.pk))
    assert [heard[0] == h for h in heard] == [True, True, False, False]  # after five seconds


def test_a_cancelled_job_ends_where_it_says_how_far_it_is(
    job: Job, plant: Plant, clock: Clockwork
) -> None:
    reached = []

    def work(progress: Progress) -> None:
        progress.of(10)
        for number in range(10):
            if number == 4:
                Job.objects.filter(pk=progress.key).update(cancel_by="person:1")
            clock.now += 1
            progress.at(number)
            reached.append(number)

    plant(work)
    carrying.carry_out(str(job.pk))
    assert state_of(job) == "cancelled"
    assert reached == [0, 1, 2, 3]
    assert (job.done, job.total, job.cancel_by) == (4, 10, "person:1")


def test_a_job_that_another_worker_has_by_now_is_left_alone(
    job: Job, plant: Plant, clock: Clockwork
) -> None:
    def work(progress: Progress) -> None:
        Job.objects.filter(pk=progress.key).update(attempts=2, saying="another's")
        clock.now += 1
        progress.at(1, "mine")

    plant(work)
    carrying.carry_out(str(job.pk))
    assert state_of(job) == "running"
    assert (job.saying, job.attempts) == ("another's", 2)


def test_an_error_meant_for_people_is_shown_to_them(job: Job, plant: Plant) -> None:
    def work(progress: Progress) -> None:
        progress.at(3, "Row 3")
        raise NotAllowed("This file was committed already.")

    plant(work)
    carrying.carry_out(str(job.pk))
    assert state_of(job) == "failed"
    assert (job.told, job.done) == ("This file was committed already.", 3)


def test_any_other_error_is_ours_and_the_log_has_no_content(
    job: Job, plant: Plant, caplog: pytest.LogCaptureFixture
) -> None:
    def work(progress: Progress, *, upload: str) -> None:
        raise ValueError(f"Isla Example is in {upload}")

    plant(work)
    Job.objects.update(arguments={"upload": "upload-7"})
    with caplog.at_level(logging.ERROR):
        carrying.carry_out(str(job.pk))
    assert state_of(job) == "failed"
    assert job.told == OURS
    assert f"Job {job.pk} (tests.planted) failed: ValueError at" in caplog.text
    assert "test_carrying.py" in caplog.text
    for content in ("Isla", "upload-7"):
        assert content not in caplog.text


def test_what_ends_the_process_is_passed_on_and_the_job_has_failed(job: Job, plant: Plant) -> None:
    def work(progress: Progress) -> None:
        raise SystemExit(1)

    plant(work)
    with pytest.raises(SystemExit):
        carrying.carry_out(str(job.pk))
    assert (state_of(job), job.told) == ("failed", OURS)


def test_a_job_nobody_knows_any_more_fails_saying_so(job: Job) -> None:
    Job.objects.update(code="removed.job")
    carrying.carry_out(str(job.pk))
    assert state_of(job) == "failed"
    assert job.told.startswith("There is no job removed.job")


def test_a_job_of_somebody_without_access_is_not_carried_out(job: Job, plant: Plant) -> None:
    ran = []
    plant(lambda progress: ran.append(1))
    Job.objects.update(asked_by=UserFactory(is_active=False).audit_name)
    carrying.carry_out(str(job.pk))
    assert (state_of(job), ran) == ("failed", [])
    assert "no longer has access" in job.told


def test_a_worker_being_stopped_puts_its_job_back(
    job: Job, plant: Plant, queue: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work(progress: Progress) -> None:
        progress.interrupt(Stopping)
        progress.at(1)

    plant(work)
    carrying.carry_out(str(job.pk))
    assert state_of(job) == "waiting"
    assert (job.attempts, job.lost, job.worker) == (1, 0, "")
    assert job.task
    assert not carrying.put_back(job, lost=1)  # it is not under way any more


def test_the_watching_thread_writes_and_interrupts(job: Job, clock: Clockwork) -> None:
    """`_note` is what the thread calls; the thread itself is tried with a real worker."""
    Job.objects.update(state="running", began=job.asked_at, heard=job.asked_at, attempts=1)
    job.refresh_from_db()
    progress, recorder = Progress(str(job.pk), UserFactory()), Recorder(job)
    progress.of(10)
    progress.at(4, "Row 4")
    carrying._note(progress, recorder)
    assert (state_of(job), job.done) == ("running", 0)  # too soon
    clock.now += 1
    carrying._note(progress, recorder)
    assert (state_of(job), job.done, job.saying) == ("running", 4, "Row 4")
    here.stopping.set()
    carrying._note(progress, recorder)
    with pytest.raises(Stopping):
        progress.at(5)


def test_a_thread_watches_for_as_long_as_the_work_goes_on(
    job: Job, plant: Plant, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    looked = threading.Event()

    def note(progress: Progress, recorder: Recorder) -> None:
        seen.append(threading.current_thread().name)
        looked.set()

    def work(progress: Progress) -> None:
        progress.at(7, "Row 7")
        assert looked.wait(10)

    plant(work)
    monkeypatch.setattr(carrying, "_note", note)
    monkeypatch.setattr(here, "watched", True)
    carrying.carry_out(str(job.pk))
    assert set(seen) == {f"watching {job.pk}"}
    assert state_of(job) == "done"
    assert (job.done, job.saying) == (7, "Row 7")
    assert not [t for t in threading.enumerate() if t.name.startswith("watching")]


def test_a_database_that_is_away_for_a_moment_does_not_end_the_job(
    job: Job, clock: Clockwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(progress: Progress) -> None:
        raise DatabaseError("locked")

    recorder = Recorder(job)
    monkeypatch.setattr(recorder, "write", away)
    clock.now += 10
    carrying._note(Progress(str(job.pk), UserFactory()), recorder)


def test_the_first_interruption_counts() -> None:
    progress = Progress("x", UserFactory.build())
    progress.look()
    progress.interrupt(Lost)
    progress.interrupt(Cancelled)
    with pytest.raises(Lost):
        progress.at(1)


@pytest.mark.parametrize(
    ("total", "done", "stands"), [(10, 4, 4), (10, 12, 10), (10, -1, 0), (0, 7, 7), (-5, 7, 7)]
)
def test_more_than_the_whole_is_the_whole(total: int, done: int, stands: int) -> None:
    progress = Progress("x", UserFactory.build())
    progress.of(total)
    progress.at(done, "x" * 500)
    assert progress.done == stands
    assert len(progress.saying) == 200
    progress.of(3)
    assert progress.done == min(stands, 3)
