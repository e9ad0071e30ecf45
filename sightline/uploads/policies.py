"""What the state of an upload allows."""

import datetime as dt
from typing import Final

from sightline.kernel.errors import NotAllowed
from sightline.uploads.kinds import kind_named
from sightline.uploads.models import State, Upload

DAYS_STAGED: Final = 14
DAYS_TO_UNDO: Final = 30
MANY_ROWS: Final = 50_000
"""Rows beyond which a file is imported by a job, since a request may not take so long."""

_NOT_CHECKED: Final = {
    State.RECEIVED: "This file has not been checked yet. Wait until it has.",
    State.CHECKING: "This file is being checked. Wait until it has been.",
    State.REFUSED: "This file cannot be used. Send a corrected one.",
    State.QUARANTINED: "This file was quarantined, and nothing of it is kept.",
    State.THROWN_AWAY: "This file was thrown away. Send it again.",
    State.UNDONE: "This import was undone. Send the file again to import it again.",
}


def check_can_commit(upload: Upload) -> None:
    """Raise `NotAllowed` unless this upload has been checked and has rows to import."""
    if upload.state != State.CHECKED:
        raise NotAllowed(_NOT_CHECKED.get(State(upload.state), "This file was imported already."))
    if waits_for_every_row(upload):
        raise NotAllowed(
            "This file is imported whole or not at all, and some of its rows cannot be used. "
            "Mend them, and send the file again."
        )
    if not has_something_to_import(upload):
        raise NotAllowed("No row of this file can be imported. Send a corrected one.")


def waits_for_every_row(upload: Upload) -> bool:
    """Whether rows are held back of a file that is imported whole or not at all."""
    return upload.held_back > 0 and kind_named(upload.kind).all_or_none


def has_something_to_import(upload: Upload) -> bool:
    """Whether a row is good, or the file says that there are none and its kind takes that."""
    if waits_for_every_row(upload):
        return False
    return upload.good > 0 or (upload.rows == 0 and kind_named(upload.kind).takes_none)


def check_can_throw_away(upload: Upload) -> None:
    """Raise `NotAllowed` unless there are bytes that nothing was imported from."""
    if upload.state == State.COMMITTED:
        raise NotAllowed("This file was imported. Undo the import instead.")
    if upload.destroyed_at is not None:
        raise NotAllowed("Nothing of this file is kept, so there is nothing to throw away.")


def check_can_check_again(upload: Upload) -> None:
    """Raise `NotAllowed` unless the file is here and nothing was imported from it."""
    check_can_throw_away(upload)


def check_can_read_file(upload: Upload) -> None:
    """Raise `NotAllowed` once the bytes are gone, or before they have been checked."""
    if upload.destroyed_at is not None:
        raise NotAllowed("Nothing of this file is kept any longer.")
    if upload.state in {State.RECEIVED, State.CHECKING}:
        raise NotAllowed(_NOT_CHECKED[State(upload.state)])


def last_day_to_undo(upload: Upload) -> dt.date | None:
    """The last day on which an import can be undone."""
    if upload.committed_at is None:
        return None
    return upload.committed_at.date() + dt.timedelta(days=DAYS_TO_UNDO)


def check_can_undo(upload: Upload, *, today: dt.date) -> None:
    """Raise `NotAllowed` unless this is an import of the last thirty days."""
    last = last_day_to_undo(upload)
    if upload.state == State.UNDONE:
        raise NotAllowed("This import was undone already.")
    if upload.state != State.COMMITTED or last is None:
        raise NotAllowed("Nothing was imported from this file, so there is nothing to undo.")
    if today > last:
        raise NotAllowed(
            f"This could be undone until {last.day} {last:%B %Y}. "
            "Send a file with the right rows to replace them."
        )
