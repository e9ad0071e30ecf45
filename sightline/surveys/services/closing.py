"""Closing a survey, and destroying its answers when their time is over."""

from collections.abc import Callable, Sequence
from typing import Any, Final, TypeAlias
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.jobs import services as jobs
from sightline.jobs.models import Job
from sightline.jobs.progress import Progress
from sightline.kernel.errors import NotAllowed
from sightline.surveys import stores, tallies
from sightline.surveys.models import (
    Answer,
    Comment,
    ContactRequest,
    Invitation,
    Part,
    SentAnswer,
    Spent,
    Survey,
    Theme,
)
from sightline.surveys.permissions import RUN, require_survey
from sightline.surveys.rewriting import clear_traces, rewrite

CLOSE: Final = "surveys.close"
Contents: TypeAlias = Sequence[dict[str, Any]]
"""What `Answer`s hold: `answers`, `asked`, `group`, `wave`, `language`, `channel`, `helped`."""

Closer: TypeAlias = Callable[[Survey, Contents, Progress], object]
_closers: Final[dict[str, Closer]] = {}
_destroyers: Final[dict[str, Callable[[Survey], object]]] = {}


def register_closer(step: Closer) -> Closer:
    """Have something done with all answers when a survey has closed.

    It is given the survey, the answers in an order of chance, and the job's progress; it must be
    harmless to do twice.
    """
    _closers[f"{step.__module__}.{step.__qualname__}"] = step
    return step


def register_destroyer(step: Callable[[Survey], object]) -> Callable[[Survey], object]:
    """Have something else deleted with the answers, in the same transaction."""
    _destroyers[f"{step.__module__}.{step.__qualname__}"] = step
    return step


def close(*, actor: Actor, survey: Survey) -> Job:
    """Take no more answers, for good, and have those that were sent written anew and counted.

    What was begun and not sent is deleted.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is not open, or closed already.
    """
    require_survey(actor, survey, RUN)
    with transaction.atomic():
        row = Survey.objects.select_for_update().get(pk=survey.pk)
        if row.state not in {Survey.State.OPEN, Survey.State.PAUSED}:
            said = "has not been opened" if row.state == Survey.State.DRAFT else "is closed already"
            raise NotAllowed(f"“{row.title}” {said}.")
        row.state = Survey.State.CLOSED
        row.closed_at, row.closed_by = timezone.now(), actor.audit_name
        row.save(update_fields=["state", "closed_at", "closed_by"])
        audit.record(actor, "survey.closed", _target(row))
        job = jobs.start(
            actor=actor,
            code=CLOSE,
            about=_target(row),
            title=f"Close “{row.title}”"[:200],
            survey=str(row.pk),
        )
    survey.refresh_from_db()
    return job


def _target(survey: Survey) -> str:
    return f"survey:{survey.area}/{survey.slug}"


@sensitive_variables()
def finish_closing(*, actor: Actor, key: UUID, progress: Progress) -> dict[str, int]:
    """What the job of closing does: write anew, then every step that was registered.

    Harmless to do twice, and may be stopped anywhere.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: the survey is not closed, or its answers were deleted.
    """
    survey = Survey.objects.get(pk=key)
    require_survey(actor, survey, RUN)
    if survey.state != Survey.State.CLOSED:
        raise NotAllowed(f"“{survey.title}” is not closed, so its answers cannot be counted.")
    rewrite(key, progress)
    survey.refresh_from_db()
    found = contents(survey)
    for step in _closers.values():
        step(survey, found, progress)
    return {"answers": len(found)}


@sensitive_variables()
def contents(survey: Survey) -> list[dict[str, Any]]:
    """What every answer of a closed survey holds, opened, in an order of chance."""
    rows = Answer.objects.filter(survey=survey).iterator(chunk_size=500)
    return [stores.unfilled(row.content) for row in rows]


def destroy(*, actor: Actor, survey: Survey) -> dict[str, int]:
    """Delete every answer, comment, request to be spoken to, code and address of a closed survey.

    What was published of it stays, and so do its questions, dates and totals.

    Returns:
        How many rows of what were deleted.

    Raises:
        NotFound, NotPermitted: the survey is not theirs to run.
        NotAllowed: it is not closed, or was destroyed already.
    """
    require_survey(actor, survey, RUN)
    with transaction.atomic():
        row = Survey.objects.select_for_update().get(pk=survey.pk)
        if row.state != Survey.State.CLOSED:
            done = row.state == Survey.State.DESTROYED
            said = "were deleted already" if done else "are deleted once it is closed"
            raise NotAllowed(f"The answers to “{row.title}” {said}.")
        tallies.keep(row)
        deleted = {
            name: _delete(model, row)
            for name, model in (
                ("answers", Answer),
                ("not written anew", SentAnswer),
                ("parts", Part),
                ("used codes", Spent),
                ("themes", Theme),
                ("comments", Comment),
                ("requests", ContactRequest),
                ("invitations", Invitation),
            )
        }
        for step in _destroyers.values():
            step(row)
        row.state = Survey.State.DESTROYED
        row.destroyed_at, row.destroyed_by = timezone.now(), actor.audit_name
        row.save(update_fields=["state", "destroyed_at", "destroyed_by"])
        audit.record(actor, "survey.destroyed", _target(row), after=deleted)
    clear_traces()
    survey.refresh_from_db()
    return deleted


def _delete(model: Any, survey: Survey) -> int:
    rows = model.objects.filter(survey=survey)
    count = int(rows.count())
    rows.delete()
    return count
