"""What record reading does by the clock: turns of audits, and deleting what was read."""

from django.utils import timezone

from sightline.jobs import Progress, every
from sightline.record_reading.models import Round
from sightline.record_reading.services import auditing, destroying


@every("record_reading.turns", title="Begin the turns of rolling audits that are due", days=1)
def turns(progress: Progress) -> dict[str, int]:
    """Begin the turn that today lies in, of each audit where it was not."""
    begun = auditing.begin_due_turns(actor=progress.actor, today=timezone.localdate())
    return {"begun": begun}


@every("record_reading.destroy", title="Delete records' readings whose day has come", hours=6)
def destroy(progress: Progress) -> dict[str, int]:
    """Delete what was read on the day that was said for it, locked or not."""
    there = Round.objects.exclude(state=Round.State.DESTROYED)
    found = list(there.filter(destroy_on__lte=timezone.localdate()))
    for number, round in enumerate(found, 1):
        destroying.destroy(actor=progress.actor, round=round)
        progress.at(number)
    return {"destroyed": len(found)}


def registered() -> None:
    """Importing this module registers them; calling says that was meant."""
