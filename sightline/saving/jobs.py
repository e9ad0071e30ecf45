"""What the clock does for saving: nobody's half-written words are kept for ever."""

from django.contrib.sessions.backends.db import SessionStore

from sightline.jobs import Progress, every
from sightline.jobs.actors import Clock
from sightline.saving.services import forget_old_typed

CLOCK = Clock("saving.forget")


@every("saving.forget", days=1, title="Forget what was typed and not sent within 14 days")
def forget(progress: Progress) -> dict[str, int]:
    """Remove old typed text, and the sessions that are over."""
    SessionStore.clear_expired()
    return {"forms": forget_old_typed(actor=CLOCK)}
