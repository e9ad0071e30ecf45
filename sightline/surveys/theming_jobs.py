"""Proposing themes outside requests: when somebody asks, and once everything has been read."""

from uuid import UUID

from sightline.jobs import Progress, every, job
from sightline.surveys import comments
from sightline.surveys.models import Survey
from sightline.surveys.services import theming


@job(theming.PROPOSE, title="Propose themes of what people wrote")
def propose(progress: Progress, survey: str) -> dict[str, int]:
    """Propose themes of one survey's cleared comments."""
    found = Survey.objects.get(pk=UUID(survey))
    return {"themes": theming.propose(actor=progress.actor, survey=found)}


@every("surveys.themes", title="Propose themes of surveys that have been read", hours=1)
def propose_where_read(progress: Progress) -> dict[str, int]:
    """Propose themes, once, of every closed survey of which the last comment has been read."""
    closed = Survey.objects.filter(state=Survey.State.CLOSED)
    done = 0
    for survey in closed:
        ready = comments.words_are_shown(survey) and not survey.results.get("themes")
        if ready and comments.items_said(survey) and not comments.waiting(survey).exists():
            theming.propose(actor=progress.actor, survey=survey)
            done += 1
        progress.look()
    return {"surveys": done}


def registered() -> None:
    """Importing this module registers them; calling says that was meant."""
