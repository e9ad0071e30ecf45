"""Who may write in a reading: its reader, or whoever types in what was written on paper."""

from sightline.access.actors import Actor, CommandLine
from sightline.access.models import User
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.record_reading.models import Reading
from sightline.record_reading.permissions import Deed, is_closed_to, may, may_be_named, may_type

NOT_YOURS = "There is no such reading, or it is not yours."


def is_readers_own(actor: Actor, reading: Reading) -> bool:
    """Whether somebody is the reader of this reading now, and the record is open to them."""
    reader = reading.reader
    return (
        isinstance(actor, User)
        and reader.person_id == actor.pk
        and reader.ended_at is None
        and may_be_named(actor, reading.round)
        and not is_closed_to(reader, reading.record)
    )


def require_writer(actor: Actor, reading: Reading) -> None:
    """Pass the reader of a reading, and whoever may type in one that was made on paper.

    Raises:
        NotFound: anybody else; the record is closed to them; its reader began on the screen.
        NotAllowed: they read the same record themselves, and would see what another answered.
    """
    if isinstance(actor, CommandLine) or is_readers_own(actor, reading):
        return
    runs = reading.on_paper and may(actor, reading.round, Deed.RUN)
    if not (runs and may_type(actor, reading)):
        raise NotFound(NOT_YOURS)
    check_is_no_other_reader(actor, reading)


def check_is_no_other_reader(actor: Actor, reading: Reading) -> None:
    """Pass whoever does not read the same record: two readings are blind until both are in.

    Raises:
        NotAllowed: they do.
    """
    if not isinstance(actor, User):
        return
    own = Reading.objects.filter(record=reading.record_id, reader__person=actor)
    if (
        own.exclude(pk=reading.pk)
        .exclude(state__in=[Reading.State.REASSIGNED, Reading.State.WITHDRAWN])
        .exists()
    ):
        raise NotAllowed(
            f"You read {reading.record.label} yourself, so somebody else types in this form: the "
            "two readings do not see each other until both are in."
        )
