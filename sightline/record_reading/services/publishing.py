"""Counting a round that was locked: the one write of results."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.record_reading import feedback_counts, publishing
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import Deed, require_round
from sightline.record_reading.services.shared import target

Tell = Callable[[int, int], None]


def count_round(*, actor: Actor, key: UUID, tell: Tell = lambda done, of: None) -> Round:
    """Count a locked round, have its figures protected and declared, and note that it was done.

    Harmless to do twice: the same readings declare nothing new.

    Raises:
        NotFound, NotPermitted: there is none, or it is not theirs to lock.
        NotAllowed: it is not locked, so its answers may still change.
    """
    round = Round.objects.filter(pk=key).first()
    if round is None:
        raise NotFound("There is no such record reading.")
    require_round(actor, round, Deed.MODERATE)
    _check_is_locked(round)
    found = publishing.held(round)
    sets = publishing.prepared(round, found, tell)
    sheet = _sheet(round)
    with transaction.atomic():
        row = Round.objects.select_for_update().get(pk=key)
        _check_is_locked(row)
        if row.locked_at != round.locked_at:
            raise NotAllowed(f"“{row.title}” was opened and locked again; it is counted anew.")
        kept = publishing.declare_results(row, found, sets)
        row.results = {**row.results, **kept, feedback_counts.FEEDBACK: sheet}
        row.save(update_fields=["results"])
        audit.record(
            actor, "record-round.counted", target(row),
            after={"records": kept["read"], "shown": kept["shown"]},
        )  # fmt: skip
    return row


def _sheet(round: Round) -> dict[str, Any]:
    """The counts of its feedback sheet, so that they tell no more beside those told before.

    A round that is opened again gives up what was counted but for these: what people have seen
    they know.
    """
    told = round.results.get(feedback_counts.FEEDBACK)
    first = feedback_counts.from_data(told) if told else None
    return feedback_counts.as_data(feedback_counts.counts(round, first))


def _check_is_locked(round: Round) -> None:
    if round.state != Round.State.LOCKED:
        raise NotAllowed(f"“{round.title}” is not locked, so it cannot be counted.")
