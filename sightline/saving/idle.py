"""When a session is over: nobody did anything for a while, or it has lasted long enough."""

import time
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from sightline.saving.sessions import SEEN, SINCE

RESOLUTION: Final = 20
"""Seconds between two notes of when somebody was last seen, so that not each page writes one."""

WARNING: Final = 120
"""Seconds before the end at which a page warns."""

BACKGROUND: Final = "Sightline-Background"
ACTIVITY: Final = "Sightline-Activity"
OF_A_PAGE: Final = {"cors", "no-cors", "same-origin"}


def limit() -> int:
    """Seconds without activity after which a session is over."""
    return int(settings.SIGHTLINE_IDLE_MINUTES) * 60


def seconds_left(session: SessionBase) -> int:
    """How long this session lasts if nothing more is done; 0 or less when it is over.

    One without stamps, of before there were any, begins now.
    """
    now = time.time()
    idle = limit() + RESOLUTION - (now - session.get(SEEN, now))
    whole = settings.SESSION_COOKIE_AGE - (now - session.get(SINCE, now))
    return int(min(idle, whole))


def lasted_long_enough(session: SessionBase) -> bool:
    """Whether it is over because of its age, however busy it was."""
    now = time.time()
    return bool(now - session.get(SINCE, now) >= settings.SESSION_COOKIE_AGE)


def note_activity(session: SessionBase) -> None:
    """Note that the person did something just now."""
    now = int(time.time())
    if now - session.get(SEEN, 0) >= RESOLUTION:
        session[SEEN] = now


def is_activity(request: HttpRequest) -> bool:
    """Whether a person did something, rather than a page of its own accord.

    A script says which it is. Where nothing is said, what a page fetches by itself is none.
    """
    if BACKGROUND in request.headers:
        return False
    if ACTIVITY in request.headers:
        return True
    by_itself = (
        request.headers.get("Sec-Fetch-Mode") in OF_A_PAGE or "HX-Request" in request.headers
    )
    return request.method not in {"GET", "HEAD"} or not by_itself


def words(*, whole: bool, kept: bool) -> str:
    """What somebody reads on the sign-in page after a session that is over."""
    after = (
        f"after {settings.SESSION_COOKIE_AGE // 3600} hours"
        if whole
        else f"after {_minutes(settings.SIGHTLINE_IDLE_MINUTES)}"
    )
    rest = "What you typed is kept." if kept else "What you saved is safe."
    return f"You were signed out {after} to protect the records. {rest}"


def _minutes(number: int) -> str:
    return "1 minute" if number == 1 else f"{number} minutes"
