"""What the state of a round allows to its return and its sample."""

from sightline.kernel.errors import NotAllowed
from sightline.record_reading.models import Reading, Round, Sample, SampledRecord

_OVER = {
    Round.State.LOCKED: "This record reading is locked, so nothing of it changes. Have it opened "
    "again first.",
    Round.State.DESTROYED: "What was read here has been deleted, so nothing of it changes.",
}
BEGUN = (Reading.State.IN_PROGRESS, Reading.State.COMPLETE)


def check_can_change(round: Round) -> None:
    """Raise `NotAllowed` once a round is locked or its answers are gone."""
    if round.state in _OVER:
        raise NotAllowed(_OVER[Round.State(round.state)])


def check_can_draw(round: Round, sample: Sample | None, reason: str, *, begun: bool) -> None:
    """Raise `NotAllowed` unless a sample may be drawn now.

    Args:
        round: whose.
        sample: the one in use, if there is one.
        reason: why it is drawn anew.
        begun: somebody has begun to read a record of that one.
    """
    check_can_change(round)
    if sample is None:
        return
    if begun:
        raise NotAllowed(
            "Records of this sample are being read, so it stays. Withdraw a record that cannot be "
            "read, and a reserve steps in."
        )
    if not reason.strip():
        raise NotAllowed("A sample was drawn already. Say why it is to be drawn again.")


def check_can_withdraw(record: SampledRecord) -> None:
    """Raise `NotAllowed` unless this record is to be read, in the sample that is in use."""
    _check_in_use(record)
    if record.state == SampledRecord.State.RESERVE:
        raise NotAllowed(f"{record.label} is in reserve. Only a record that is to be read is "
                         "withdrawn.")  # fmt: skip
    if record.state == SampledRecord.State.WITHDRAWN:
        raise NotAllowed(f"{record.label} was withdrawn already.")


def check_can_bring_back(
    record: SampledRecord, stand_in: SampledRecord | None, *, begun: bool
) -> None:
    """Raise `NotAllowed` unless this record was withdrawn and nobody reads what took its place."""
    _check_in_use(record)
    if record.state != SampledRecord.State.WITHDRAWN:
        raise NotAllowed(f"{record.label} was not withdrawn.")
    if stand_in is not None and begun:
        raise NotAllowed(
            f"{stand_in.label} took the place of {record.label} and is being read, so "
            f"{record.label} stays withdrawn."
        )


def _check_in_use(record: SampledRecord) -> None:
    if record.sample.set_aside_at is not None:
        raise NotAllowed("This sample was set aside. Look at the one that is in use.")
