"""What the clock does for concerns: alarms and letters every five minutes, destruction daily."""

from sightline.concerns import services
from sightline.jobs import Progress, every


@every("concerns.alarm", minutes=5, title="Look for concerns nobody has acted on")
def alarm(progress: Progress) -> dict[str, int]:
    """Give the alarms that are due, and try again letters that could not be sent."""
    given = services.look_for_overdue(actor=progress.actor)
    return {"alarms": given, "letters": services.send_what_waits(actor=progress.actor)}


@every("concerns.destroy", days=1, title="Destroy the words of concerns kept long enough")
def destroy(progress: Progress) -> dict[str, int]:
    """Destroy the words of concerns whose time of keeping is over."""
    return {"destroyed": services.destroy_what_is_over(actor=progress.actor)}
