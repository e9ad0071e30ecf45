"""What record reading does by the clock: turns of audits, and deleting what was read."""

import logging
from typing import Final

from django.db import DatabaseError
from django.utils import timezone

from sightline.access.actors import Actor
from sightline.jobs import Progress, every
from sightline.kernel.errors import NotAvailable, SightlineError
from sightline.record_reading import policies
from sightline.record_reading.models import Round
from sightline.record_reading.services import auditing, destroying, publishing

logger = logging.getLogger(__name__)

_FAULTS: Final = (
    SightlineError, DatabaseError, ArithmeticError, LookupError, TypeError, ValueError,
)  # fmt: skip
"""What keeps one round and lets the others be deleted. Anything else ends the job there."""


@every("record_reading.turns", title="Begin the turns of rolling audits that are due", days=1)
def turns(progress: Progress) -> dict[str, int]:
    """Begin the turn that today lies in, of each audit where it was not."""
    begun = auditing.begin_due_turns(actor=progress.actor, today=timezone.localdate())
    return {"begun": begun}


@every("record_reading.destroy", title="Delete records' readings whose day has come", hours=6)
def destroy(progress: Progress) -> dict[str, int]:
    """Delete what was read on the day that was said for it, locked or not.

    A locked round is counted first. One where that fails keeps what was read; the others are
    deleted, and the next time tries again.

    Raises:
        NotAvailable: something is kept. The message says of which rounds.
    """
    there = Round.objects.exclude(state=Round.State.DESTROYED)
    found = list(there.filter(destroy_on__lte=timezone.localdate()))
    kept = []
    for number, round in enumerate(found, 1):
        if not _destroyed(progress.actor, round):
            kept.append(f"{round.area}/{round.slug}")
        progress.at(number)
    if kept:
        raise NotAvailable(
            "The day has come on which what was read is deleted, but these could not be counted "
            f"and deleted, so what was read in them is kept: {policies.some(sorted(kept))}. It is "
            "tried again the next time. "
            f"Of the others {len(found) - len(kept)} were deleted."
        )
    return {"destroyed": len(found)}


def _destroyed(actor: Actor, round: Round) -> bool:
    """Whether a round could be counted, where it is locked and was not, and deleted."""
    try:
        if round.state == Round.State.LOCKED and not policies.is_counted(round):
            publishing.count_round(actor=actor, key=round.pk)
        destroying.destroy(actor=actor, round=round)
    except _FAULTS as fault:
        # Without the words of the error: they may repeat what was read.
        logger.error("Round %s is kept: %s", round.pk, type(fault).__name__)
        return False
    return True


def registered() -> None:
    """Importing this module registers them; calling says that was meant."""
