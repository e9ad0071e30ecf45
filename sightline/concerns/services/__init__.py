"""Every write of concerns: raising one, each step, the alarm, the letters, the destruction."""

from sightline.concerns.services.clock import destroy_what_is_over, look_for_overdue
from sightline.concerns.services.post import send_what_waits
from sightline.concerns.services.raising import Told, raise_concern
from sightline.concerns.services.steps import (
    acknowledge,
    answer,
    ask,
    close,
    hand_over,
    keep_back,
    pass_on,
    record_action,
    record_outcome,
    send_back,
)

__all__ = [
    "Told", "acknowledge", "answer", "ask", "close", "destroy_what_is_over", "hand_over",
    "keep_back", "look_for_overdue", "pass_on", "raise_concern", "record_action",
    "record_outcome", "send_back", "send_what_waits",
]  # fmt: skip
