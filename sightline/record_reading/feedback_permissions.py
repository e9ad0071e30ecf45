"""The doors to the feedback sheet of a round, and to the words its lead writes there."""

from typing import Final

from django.core.exceptions import ValidationError
from django.urls import reverse

from sightline.access.actors import Actor
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.partnerships.queries import partnership
from sightline.record_reading.models import Round
from sightline.record_reading.permissions import (
    NO_SUCH,
    Deed,
    deeds_of,
    get_round_seen,
    require_round,
)
from sightline.saving import places

KIND: Final = "record-feedback"
FIELDS: Final = ("strengths", "improvements", "themes")
"""The texts of a sheet, in their order."""

WRITERS: Final = frozenset({Deed.RUN, Deed.MODERATE})
"""Whoever may do one of these writes the sheet, and sees it while records are read."""

TEAM: Final = frozenset({Deed.RUN, Deed.MODERATE, Deed.RESULTS})
"""Whoever may do one of these in a round reads its sheet before it is shared."""


def get_feedback_for(actor: Actor, area: str, slug: str) -> Round:
    """A round whose feedback sheet is `actor`'s to read.

    The team's from the day reading begins, though it says nothing to those who do not write it
    before it is locked (`is_over`); that of those who answer for the return of the partnership
    once it is shared.

    Raises:
        NotFound: there is no such round, or nothing in it is theirs; nothing is read yet.
        NotPermitted: they may do something else in it, and the sheet is not shared with them.
    """
    round = get_round_seen(actor, area, slug)
    require_feedback(actor, round)
    if round.state == Round.State.PREPARING:
        raise NotFound("There is no feedback sheet before reading begins.")
    return round


def require_feedback(actor: Actor, round: Round) -> None:
    """Pass whoever may read the sheet of a round.

    Raises:
        NotFound, NotPermitted: as `get_feedback_for`.
    """
    deeds = deeds_of(actor, round)
    if deeds & TEAM or (round.shared_at and Deed.RETURN in deeds):
        return
    require_round(actor, round, Deed.RESULTS)


def is_over(actor: Actor, round: Round) -> bool:
    """Whether the sheet says something to somebody: once reading is over, or they write it.

    While records come in one by one, what was counted yesterday tells of the record of today.
    """
    return round.state != Round.State.READING or bool(deeds_of(actor, round) & WRITERS)


def may_write(actor: Actor, round: Round) -> bool:
    """Whether somebody writes the words of the sheet: whoever leads the round, until it is shared.

    What the partnership has read is not changed under its hands; a round that is opened again is
    no longer shared.
    """
    leads = Deed.MODERATE in deeds_of(actor, round)
    return leads and not round.shared_at and round.state != Round.State.DESTROYED


def place_of(round: Round, field: str) -> str:
    """The place of one text of a sheet."""
    return f"{KIND}:{round.pk}/{field}"


def _round(key: str) -> Round:
    try:
        found = Round.objects.filter(pk=key).first()
    except (ValidationError, ValueError):
        found = None
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def _may_read(actor: Actor, key: str) -> None:
    """Who leads the round reads every version; others read what the sheet shows."""
    require_round(actor, _round(key), Deed.MODERATE)


def _may_write(actor: Actor, key: str) -> None:
    round = _round(key)
    require_round(actor, round, Deed.MODERATE)
    if not may_write(actor, round):
        raise NotAllowed("The feedback sheet is shared, so its words no longer change.")


def _title(key: str) -> str:
    round = _round(key)
    return f"the feedback sheet of {round.title}, {partnership(round.area).name}"


def _address(key: str) -> str:
    round = _round(key)
    return reverse("record_reading:feedback", args=[round.area, round.slug])


def registered() -> None:
    """Tell `saving` who may read and write the words of a sheet, and where they stand."""
    for field in FIELDS:
        places.register(
            KIND, field=field, read=_may_read, write=_may_write, title=_title, address=_address
        )
