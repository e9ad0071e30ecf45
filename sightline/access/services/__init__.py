"""Every write of access: people, their roles, how they join, access reviews."""

from sightline.access.services.assignments import end_assignment, extend_assignment, grant
from sightline.access.services.joining import (
    invite,
    set_up_again,
    use_invitation,
    withdraw_invitation,
)
from sightline.access.services.people import (
    add_person,
    close_leavers,
    deactivate,
    leave,
    move,
    readmit,
    sign_out,
)
from sightline.access.services.reviewing import Decision, review_access

__all__ = [
    "Decision",
    "add_person",
    "close_leavers",
    "deactivate",
    "end_assignment",
    "extend_assignment",
    "grant",
    "invite",
    "leave",
    "move",
    "readmit",
    "review_access",
    "set_up_again",
    "sign_out",
    "use_invitation",
    "withdraw_invitation",
]
