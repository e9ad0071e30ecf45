"""What surveys do outside requests: closing, and what the clock deletes."""

import datetime as dt
from typing import Final
from uuid import UUID

from django.utils import timezone

from sightline.jobs import Progress, every, job
from sightline.secrets import registry
from sightline.surveys import renewing
from sightline.surveys.models import Part, Survey
from sightline.surveys.rewriting import clear_traces, reorder_spent
from sightline.surveys.services import closing

LATELY_DAYS: Final = 2
GRACE_DAYS: Final = 7
"""How long after its last day a survey can still be extended before the clock closes it."""


@job(closing.CLOSE, title="Close a survey")
def close(progress: Progress, survey: str) -> dict[str, int]:
    """Write what was sent anew, count it, and delete what people had begun."""
    return closing.finish_closing(actor=progress.actor, key=UUID(survey), progress=progress)


@every("surveys.sweep", title="Delete answers that were begun and never sent", days=1)
def sweep(progress: Progress) -> dict[str, int]:
    """Delete parts whose 14 days are over, and mix the used codes of open surveys.

    No line of the trail: it would say how many gave up on which day.
    """
    old = Part.objects.filter(expires_on__lt=timezone.localdate())
    deleted, _ = old.delete()
    taking = Survey.objects.filter(state__in=[Survey.State.OPEN, Survey.State.PAUSED])
    for number, key in enumerate(taking.values_list("pk", flat=True), 1):
        reorder_spent(key)
        progress.at(number)
    since = timezone.now() - dt.timedelta(days=LATELY_DAYS)
    if Survey.objects.filter(closed_at__gte=since).exists():
        clear_traces()  # what somebody was reading when it closed is given up now
    return {"parts": deleted}


@every("surveys.due", title="Close surveys and delete answers whose time is over", hours=1)
def due(progress: Progress) -> dict[str, int]:
    """Close what ended a week ago; delete the answers whose day has come, as people were told."""
    today = timezone.localdate()
    taking = Survey.objects.filter(state__in=[Survey.State.OPEN, Survey.State.PAUSED])
    ended = taking.filter(closes_on__lt=today - dt.timedelta(days=GRACE_DAYS))
    late = taking.filter(destroy_on__lte=today)
    to_close = list(ended | late)
    to_destroy = list(Survey.objects.filter(state=Survey.State.CLOSED, destroy_on__lte=today))
    for survey in to_close:
        closing.close(actor=progress.actor, survey=survey)
    for survey in to_destroy:
        closing.destroy(actor=progress.actor, survey=survey)
    return {"closed": len(to_close), "destroyed": len(to_destroy)}


registry.register_values("surveys.Part.words_key", renewing.sealed_words)
registry.register_index("surveys.Invitation and surveys.Part", renewing.renew_indexes)
registry.register_index("surveys.Spent.digest", renewing.renew_spent)


def registered() -> None:
    """Importing this module registers them; calling says that was meant."""
