"""Starting, retrying and cancelling: who may, when, and what is recorded."""

import uuid
from typing import Any

import pytest

from sightline.access.actors import acting_name
from sightline.access.models import AuditEvent, IsDeed, User
from sightline.access.permissions import forget
from sightline.jobs import Progress, policies, services
from sightline.jobs.actors import Clock, actor_named
from sightline.jobs.models import Job
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable, NotFound
from tests.factories.access import UserFactory, assign
from tests.factories.jobs import JobFactory
from tests.jobs.conftest import Plant, counts, state_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    return UserFactory()


def deeds() -> list[tuple[str, str]]:
    return list(AuditEvent.objects.filter(IsDeed("verb")).values_list("verb", "actor"))


def test_a_job_is_carried_out_after_the_transaction_as_whoever_started_it(
    person: User, plant: Plant, django_capture_on_commit_callbacks: Any
) -> None:
    seen: list[Any] = []

    def work(progress: Progress, *, upload: str) -> dict[str, int]:
        seen.extend([upload, progress.actor, acting_name()])
        return counts(progress)

    plant(work)
    with django_capture_on_commit_callbacks(execute=True):
        job = services.start(
            actor=person, code="tests.planted", about="upload:7", title="Check holidays", upload="7"
        )
        assert (state_of(job), seen) == ("waiting", [])
    assert seen == ["7", person, f"person:{person.pk}"]
    assert state_of(job) == "done"
    assert (job.title, job.about, job.asked_by) == (
        "Check holidays", "upload:7", f"person:{person.pk}"
    )  # fmt: skip
    assert (job.done, job.total, job.result, job.attempts) == (3, 3, {"counted_to": 3}, 1)
    assert job.began is not None
    assert job.ended is not None
    (line,) = AuditEvent.objects.filter(verb="job.started")
    assert (line.actor, line.target) == (f"person:{person.pk}", f"job:{job.pk}")
    assert line.after == {"what": "Check holidays", "about": "upload:7"}
    assert not AuditEvent.objects.filter(target__startswith="jobs_job:").exists()


def test_what_was_rolled_back_is_not_carried_out(
    person: User, plant: Plant, django_capture_on_commit_callbacks: Any
) -> None:
    plant()
    with django_capture_on_commit_callbacks() as callbacks, pytest.raises(TypeError):
        services.start(actor=person, code="tests.planted", upload=object())  # type: ignore[arg-type]
    assert callbacks == []
    assert not Job.objects.exists()


def test_there_is_no_such_job(person: User) -> None:
    with pytest.raises(NotFound, match=r"There is no job nonsense. There are: .*jobs.remove-old"):
        services.start(actor=person, code="nonsense")


@pytest.mark.parametrize("value", [[1], {"a": 1}, b"x", object(), "x" * 201])
def test_arguments_are_small_and_plain(person: User, plant: Plant, value: Any) -> None:
    plant()
    with pytest.raises(TypeError, match="upload"):
        services.start(actor=person, code="tests.planted", upload=value)


@pytest.mark.parametrize("value", ["x" * 200, 7, 1.5, True, None])
def test_plain_arguments_come_through(
    person: User, plant: Plant, django_capture_on_commit_callbacks: Any, value: Any
) -> None:
    seen = []
    plant(lambda progress, upload: seen.append(upload))
    with django_capture_on_commit_callbacks(execute=True):
        services.start(actor=person, code="tests.planted", upload=value)
    assert seen == [value]


def people() -> dict[str, User]:
    """Who started it, a colleague in the same role, a stranger, and who looks after jobs."""
    made = {who: UserFactory() for who in ("mine", "colleague", "stranger", "administrator")}
    for who in ("mine", "colleague"):
        assign(made[who], "inspection-lead", "national", "scotland")
    assign(made["administrator"], "system-administrator", "national", "scotland")
    return made


@pytest.mark.parametrize(
    ("who", "may"),
    [("mine", True), ("colleague", False), ("stranger", False), ("administrator", True)],
)
def test_whoever_started_it_and_the_administrator_cancel_and_retry(who: str, may: bool) -> None:
    actors = people()
    actor = actors[who]
    job = JobFactory(asked_by=actors["mine"].audit_name)
    forget(actor)
    if not may:
        for deed in (services.cancel, services.retry):
            with pytest.raises(NotFound, match="There is no such job, or somebody else started it"):
                deed(actor=actor, key=job.pk)
        assert deeds() == []
        return
    assert services.cancel(actor=actor, key=job.pk).state == "cancelled"
    assert services.retry(actor=actor, key=job.pk).state == "waiting"
    assert deeds() == [("job.cancelled", actor.audit_name), ("job.retried", actor.audit_name)]
    job.refresh_from_db()
    assert job.asked_by == actors["mine"].audit_name


def test_a_job_that_is_not_there(person: User) -> None:
    with pytest.raises(NotFound):
        services.cancel(actor=person, key=uuid.uuid4())


def running(person: User, **more: Any) -> Job:
    job: Job = JobFactory(asked_by=person.audit_name)
    Job.objects.filter(pk=job.pk).update(
        state="running", began=job.asked_at, heard=job.asked_at, attempts=1, **more
    )
    job.refresh_from_db()
    return job


def test_a_job_under_way_is_asked_to_end_once(person: User) -> None:
    job = running(person)
    after = services.cancel(actor=person, key=job.pk)
    assert (after.state, after.cancel_by) == ("running", person.audit_name)
    with pytest.raises(NotAllowed, match="being cancelled already"):
        services.cancel(actor=person, key=job.pk)


@pytest.mark.parametrize("state", ["done", "failed", "cancelled"])
def test_what_is_over_is_not_cancelled(person: User, state: str) -> None:
    job = JobFactory(asked_by=person.audit_name, state=state, told="why", ended="2026-01-01T00:00Z")
    with pytest.raises(NotAllowed, match=f"is over already: {state}"):
        services.cancel(actor=person, key=job.pk)


@pytest.mark.parametrize("state", ["waiting", "running", "done"])
def test_only_what_failed_or_was_cancelled_is_tried_again(person: User, state: str) -> None:
    job = running(person) if state == "running" else JobFactory(asked_by=person.audit_name)
    if state == "done":
        Job.objects.update(state="done", ended=job.asked_at)
    with pytest.raises(NotAllowed, match="Only what failed or was cancelled"):
        services.retry(actor=person, key=job.pk)


def test_what_ends_or_is_retried_in_the_same_moment_is_said(
    person: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = running(person)
    monkeypatch.setattr(
        policies, "check_can_cancel", lambda job: Job.objects.update(state="done", ended=job.began)
    )
    with pytest.raises(NotAllowed, match="ended a moment ago"):
        services.cancel(actor=person, key=job.pk)
    Job.objects.update(state="failed", told="why", ended=job.began)
    monkeypatch.setattr(
        policies,
        "check_can_retry",
        lambda job: Job.objects.update(state="waiting", ended=None),
    )
    with pytest.raises(NotAllowed, match=r"tried .* again a moment ago"):
        services.retry(actor=person, key=job.pk)


def test_retrying_carries_it_out_again_from_the_beginning(
    person: User, plant: Plant, django_capture_on_commit_callbacks: Any
) -> None:
    tries = []

    def work(progress: Progress) -> None:
        tries.append(1)
        progress.at(len(tries))
        if len(tries) == 1:
            raise BadInput("Line 3 has no date. Add one.")

    plant(work)
    with django_capture_on_commit_callbacks(execute=True):
        job = services.start(actor=person, code="tests.planted")
    assert state_of(job) == "failed"
    assert job.told == "Line 3 has no date. Add one."
    with django_capture_on_commit_callbacks(execute=True):
        services.retry(actor=person, key=job.pk)
    assert state_of(job) == "done"
    assert (job.told, job.attempts, job.done) == ("", 2, 2)


def test_actors_are_found_by_their_audit_names(person: User) -> None:
    assert actor_named(person.audit_name) == person
    assert actor_named("command:root").audit_name == "command:root"
    assert actor_named("schedule:x.y") == Clock("x.y")
    assert Clock("x.y").audit_name == "schedule:x.y"
    person.is_active = False
    person.save()
    for name in (person.audit_name, "person:0", "person:x", "visitor"):
        with pytest.raises(NotAvailable, match="no longer has access"):
            actor_named(name)
