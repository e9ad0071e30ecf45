"""Factories of jobs, schedules and workers."""

import factory
from django.utils import timezone

from sightline.jobs.models import Job, Schedule, Worker


class JobFactory(factory.django.DjangoModelFactory[Job]):
    """A job that waits, started from the command line."""

    class Meta:
        model = Job

    code = "jobs.check-sealed"
    title = "Check what is sealed"
    asked_at = factory.LazyFunction(timezone.now)
    asked_by = "command:tests"


class ScheduleFactory(factory.django.DjangoModelFactory[Schedule]):
    """Something the clock starts, due now."""

    class Meta:
        model = Schedule

    code = factory.Sequence(lambda n: f"jobs.planted-{n}")
    due = factory.LazyFunction(timezone.now)


class WorkerFactory(factory.django.DjangoModelFactory[Worker]):
    """A worker that has just given a sign of life."""

    class Meta:
        model = Worker

    name = factory.Sequence(lambda n: f"machine/{n}")
    began = factory.LazyFunction(timezone.now)
    heard = factory.LazyFunction(timezone.now)
