"""What the clock does for access, which lies below the jobs and cannot register one itself."""

from sightline.access.services import close_leavers
from sightline.jobs import Progress, every


@every("access.leavers", days=1, title="Take away what people who left signed in with")
def close(progress: Progress) -> dict[str, int]:
    """Close everybody whose last day is past. They could not sign in any more already."""
    return {"closed": len(close_leavers(actor=progress.actor))}
