"""Reads of jobs."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone

from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.jobs.models import OPEN, Job, Worker

SIGN_OF_LIFE: Final = dt.timedelta(seconds=30)
"""Without one for so long, a worker is taken to be gone."""


def started_by(actor: Actor) -> QuerySet[Job]:
    """Jobs somebody started, the newest first."""
    return Job.objects.filter(asked_by=actor.audit_name).order_by("-asked_at")


def what_ran(*, state: str = "", code: str = "") -> QuerySet[Job]:
    """Every job, the newest first; of one state, of one code."""
    found = Job.objects.order_by("-asked_at")
    if state:
        found = found.filter(state=state)
    return found.filter(code=code) if code else found


def job_with(key: UUID) -> Job | None:
    """The job with this key."""
    return Job.objects.filter(pk=key).first()


def is_open(code: str) -> bool:
    """Whether a job of this code waits or is under way."""
    return Job.objects.filter(code=code, state__in=OPEN).exists()


def titles(keys: Collection[str]) -> Mapping[str, str]:
    """What jobs are called, for the audit trail."""
    try:
        found = Job.objects.filter(pk__in=keys).values_list("key", "title")
        return {str(key): f"the job “{title}”" for key, title in found}
    except ValidationError:
        return {}


def names_of(actors: Collection[str]) -> Mapping[str, str]:
    """What audit names are called: people by name, the clock and the command line in words."""
    keys = {name.removeprefix("person:") for name in actors if name.startswith("person:")}
    people = User.objects.filter(pk__in=[int(key) for key in keys if key.isdecimal()])
    names = {f"person:{person.pk}": person.name for person in people} if keys else {}
    for name in actors:
        kind, _, key = name.partition(":")
        if kind in _OTHERS:
            names[name] = _OTHERS[kind].format(key)
    return names


_OTHERS: Final = {"schedule": "The clock", "command": "The command line, as {}"}


def is_anybody_working() -> bool:
    """Whether a worker has given a sign of life lately; always, where work is done at once."""
    if is_immediate():
        return True
    return Worker.objects.filter(heard__gt=timezone.now() - SIGN_OF_LIFE).exists()


def is_immediate() -> bool:
    """Whether jobs are carried out at once, in the process that starts them."""
    return "immediate" in settings.TASKS["default"]["BACKEND"]
