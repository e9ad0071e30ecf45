"""Taking a step of the monitor: counts what there is, and keeps what may be shown of it."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.surveys import tallies
from sightline.surveys.models import SentAnswer, Survey
from sightline.surveys.monitor import (
    Counted,
    Step,
    Totals,
    as_data,
    from_data,
    is_due,
    next_step,
)
from sightline.surveys.permissions import SEE, require_survey
from sightline.surveys.services.building import target

KEPT_AS: Final = "monitor"
"""Under which name `Survey.results` keeps the steps that were shown."""
NO_GROUP: Final = "No group named"


def steps_of(survey: Survey) -> list[Step]:
    """Every step that was shown of a survey, the first first."""
    return [from_data(one) for one in survey.results.get(KEPT_AS, ())]


def running() -> Sequence[UUID]:
    """Surveys whose figures may move: those that take answers, and those that just closed."""
    taking = [Survey.State.OPEN, Survey.State.PAUSED, Survey.State.CLOSED]
    return list(Survey.objects.filter(state__in=taking).values_list("pk", flat=True))


def take_step(*, actor: Actor, key: UUID) -> bool:
    """Count a survey and keep what may be shown of it, where a step is due.

    Returns:
        whether a step was taken.

    Raises:
        NotFound: the survey is not theirs to see.
    """
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=key)
        require_survey(actor, survey, SEE)
        closed = survey.state == Survey.State.CLOSED
        if closed and tallies.KEPT_AS not in survey.results:
            return False  # it is being written anew
        steps, today = steps_of(survey), timezone.localdate()
        complete = _complete(survey)
        if not is_due(steps, today=today, complete=complete, base=survey.base, closed=closed):
            return False
        step = next_step(steps, _totals(survey), today=today, base=survey.base, closed=closed)
        survey.results = {
            **survey.results, KEPT_AS: [*survey.results.get(KEPT_AS, ()), as_data(step)]
        }  # fmt: skip
        survey.save(update_fields=["results"])
        audit.record(actor, "survey.counted", target(survey))
    return True


def _complete(survey: Survey) -> int:
    kept = survey.results.get(tallies.KEPT_AS)
    if kept:
        return int(kept["complete"])
    return SentAnswer.objects.filter(survey=survey).count()


def _totals(survey: Survey) -> Totals:
    tally = tallies.counts(survey)
    groups = [
        Counted(label or NO_GROUP, found.invited, found.complete)
        for label, found in tally.by_group.items()
    ]
    return Totals(tally.invited, tally.complete, tally.part, tally.by_page, groups)
