"""What the state of a title allows."""

from typing import Final

from sightline.framework.definitions import TitleStatus
from sightline.framework.queries import Correction, ShownTitle
from sightline.kernel.errors import BadInput, NotAllowed

CHANGED: Final = "The title has changed since you opened it. Read it again."
LONGEST: Final = {"title": 300, "source": 300, "reason": 500}


def check_can_correct(
    shown: ShownTitle, *, title: str, status: TitleStatus, source: str, reason: str
) -> None:
    """Raise unless this correction changes something and says where and why.

    Raises:
        BadInput: no title or no reason, something too long, or a title that was seen without
            saying where.
        NotAllowed: it says what is already there.
    """
    if not title or not reason:
        raise BadInput("Give the title and the reason for correcting it.")
    for name, text in (("title", title), ("source", source), ("reason", reason)):
        if len(text) > LONGEST[name]:
            raise BadInput(f"The {name} is longer than {LONGEST[name]} characters; shorten it.")
    if status is not TitleStatus.UNVERIFIED and not source:
        raise BadInput("Say where the title was seen, or mark it as not confirmed.")
    if (title, status, source) == (shown.title, shown.status, shown.source):
        raise NotAllowed(f"{shown.code} has this title, status and source already.")


def check_is_as_shown(newest: Correction | None, *, number: int) -> None:
    """Raise `NotAllowed` when somebody has corrected the title since it was shown."""
    current = newest.number if newest else 0
    if current != number:
        raise NotAllowed(CHANGED)
