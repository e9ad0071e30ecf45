"""How long somebody has read without a break, noted in their session alone."""

import time
from typing import Final

from django.contrib.sessions.backends.base import SessionBase

SINCE: Final = "reading_since"
SEEN: Final = "reading_seen"
TOLD: Final = "reading_told"
LONG: Final = 55 * 60
"""Seconds after which it is said, once."""

PAUSE: Final = 10 * 60
"""Seconds without anything being sent or opened that count as a break."""

RESOLUTION: Final = 60

WORDS: Final = "You have read for 55 minutes. A break may do you good."


def went_on(session: SessionBase) -> bool:
    """Note that somebody reads just now; whether to say now that they have read for long."""
    now = int(time.time())
    if now - session.get(SEEN, 0) >= PAUSE:
        session[SINCE], session[SEEN], session[TOLD] = now, now, False
    elif now - session[SEEN] >= RESOLUTION:
        session[SEEN] = now
    if session[TOLD] or now - session[SINCE] < LONG:
        return False
    session[TOLD] = True
    return True


def took_break(session: SessionBase) -> None:
    """Begin to count anew."""
    for key in (SINCE, SEEN, TOLD):
        session.pop(key, None)
