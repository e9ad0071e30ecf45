"""Sessions in the database, each stamped with when its person signed in and was last seen.

The stamps are made where a session is stored, so none can be without them, however it was begun.
"""

import time
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends import db

SEEN: Final = "sightline_seen"
SINCE: Final = "sightline_since"
LOCKED: Final = "sightline_locked"


class SessionStore(db.SessionStore):
    """Django's own, with the stamps."""

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row of a session; called whenever one is stored."""
        if SESSION_KEY in data:
            now = int(time.time())
            data.setdefault(SEEN, now)
            data.setdefault(SINCE, now)
        return super().create_model_instance(data)
