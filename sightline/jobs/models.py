"""Jobs, what the clock starts, and the workers that carry them out."""

import uuid
from typing import ClassVar, Final

from django.db import models
from django.db.models import F, Q


class Job(models.Model):
    """One piece of work outside a request: what, for whom, how far, and how it ended.

    `about` names the thing as the audit trail does (`kind:key`). `arguments` are keys of rows,
    never content. `attempts` counts beginnings and marks whose the job is: a worker that was
    thought dead, and is not, writes nothing more.
    """

    class State(models.TextChoices):
        """How far it is."""

        WAITING = "waiting", "Waiting"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"

    key = models.UUIDField(primary_key=True, default=uuid.uuid4)
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    about = models.CharField(max_length=160, blank=True)
    arguments = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=80, help_text="Audit name of who started it.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveBigIntegerField(default=0)
    total = models.PositiveBigIntegerField(default=0, help_text="0 when nobody knows.")
    saying = models.CharField(max_length=200, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    lost = models.PositiveSmallIntegerField(default=0)
    worker = models.CharField(max_length=120, blank=True)
    task = models.CharField(max_length=40, blank=True, help_text="Its row in the queue.")
    began = models.DateTimeField(null=True)
    heard = models.DateTimeField(null=True, help_text="When its worker last gave a sign of life.")
    ended = models.DateTimeField(null=True)
    cancel_by = models.CharField(max_length=80, blank=True, help_text="Who wants it to end.")
    result = models.JSONField(default=dict)
    told = models.TextField(blank=True, help_text="Why it failed, in words for people.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed", "cancelled"]),
                name="job_state_is_known",
            ),
            models.CheckConstraint(condition=~Q(asked_by=""), name="job_is_asked_by_somebody"),
            models.CheckConstraint(
                condition=Q(total=0) | Q(done__lte=F("total")),
                name="job_is_done_at_most_in_whole",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], ended__isnull=True)
                | (~Q(state__in=["waiting", "running"]) & Q(ended__isnull=False)),
                name="job_ended_when_it_is_over",
            ),
            models.CheckConstraint(
                condition=~Q(state="running") | Q(began__isnull=False, heard__isnull=False),
                name="job_under_way_has_begun",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(told=""), name="job_failed_says_why"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="job_by_person"),
            models.Index(fields=["-asked_at"], name="job_in_order"),
            models.Index(
                fields=["state"], condition=Q(state__in=["waiting", "running"]), name="job_open"
            ),
        ]

    class Audit:
        exempt = "Says how far it is twice a second; starting, retrying and cancelling are deeds."

    class Sensitivity:
        personal: ClassVar[set[str]] = {"asked_by", "cancel_by", "told"}
        plain: ClassVar[set[str]] = {
            "key", "code", "title", "about", "arguments", "asked_at", "state", "done", "total",
            "saying", "attempts", "lost", "worker", "task", "began", "heard", "ended", "result",
        }  # fmt: skip

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.state in OVER


OPEN: Final = (Job.State.WAITING, Job.State.RUNNING)
OVER: Final = (Job.State.DONE, Job.State.FAILED, Job.State.CANCELLED)


class Schedule(models.Model):
    """When the clock next starts a job. One row a job, so that two schedulers start it once."""

    code = models.CharField(max_length=60, primary_key=True)
    due = models.DateTimeField()

    class Audit:
        exempt = "Changes whenever the clock starts something; the job itself is the record."

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"code", "due"}

    def __str__(self) -> str:
        return f"{self.code} at {self.due}"


class Worker(models.Model):
    """A process that carries out jobs, and when it last gave a sign of life."""

    name = models.CharField(max_length=120, primary_key=True)
    began = models.DateTimeField()
    heard = models.DateTimeField()

    class Audit:
        exempt = "A sign of life every few seconds; nobody is answerable for it."

    class Sensitivity:
        personal: ClassVar[set[str]] = set()
        plain: ClassVar[set[str]] = {"name", "began", "heard"}

    def __str__(self) -> str:
        return self.name
