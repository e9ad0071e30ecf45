"""What the state of a reading allows."""

from sightline.kernel.errors import NotAllowed
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.models import Reading, Round

OVER = (Reading.State.REASSIGNED, Reading.State.WITHDRAWN)


def check_can_write(reading: Reading) -> None:
    """Pass a reading that can be written in.

    Raises:
        NotAllowed: it is over or handed in, or its round is not being read.
    """
    if reading.state in OVER:
        raise NotAllowed(words_of_ending(reading))
    if reading.state == Reading.State.COMPLETE:
        raise NotAllowed(
            "This reading was handed in, so it can only be looked at. To change something, open it "
            "again first."
        )
    check_is_being_read(reading.round)


def check_is_being_read(round: Round) -> None:
    """Pass a round whose records are being read.

    Raises:
        NotAllowed: it has not been opened, or is locked.
    """
    if round.state == Round.State.PREPARING:
        raise NotAllowed("Reading has not begun. Whoever runs it opens it first.")
    if round.state != Round.State.READING:
        raise NotAllowed(
            "Reading is over and its answers no longer change. What was saved is kept. Whoever "
            "runs it can open it again, with a reason."
        )


def words_of_ending(reading: Reading) -> str:
    """Why a reading is over, as its reader is told."""
    if reading.state == Reading.State.WITHDRAWN:
        return (
            f"{reading.record.label} was withdrawn from the sample, so it is not read any more. "
            "What you wrote is kept, and is not counted."
        )
    return (
        f"{reading.record.label} was given to another reader. What you wrote is kept, and nobody "
        "counts it."
    )


def check_can_reopen(reading: Reading, *, by_reader: bool) -> None:
    """Pass a reading that can be opened again.

    Raises:
        NotAllowed: it is not handed in, the round is locked, or, where its reader asks, somebody
            else may have seen it: the other reading of the record is in, or a lead looked at it.
    """
    if reading.state != Reading.State.COMPLETE:
        raise NotAllowed("This reading is not handed in, so there is nothing to open again.")
    check_is_being_read(reading.round)
    if by_reader and (queries.others_in(reading) or queries.was_looked_at(reading)):
        raise NotAllowed(
            "Others may have seen this reading by now, so you cannot change it by yourself. Ask "
            "whoever leads the reading to open it again."
        )
