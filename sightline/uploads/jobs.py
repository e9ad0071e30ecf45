"""Work of uploads outside a request."""

from collections.abc import Callable
from uuid import UUID

from sightline.jobs import Progress, every, job
from sightline.uploads import services


def _tell(progress: Progress) -> Callable[[int, int], None]:
    """What says how many rows have been read."""

    def tell(read: int, total: int) -> None:
        progress.total = total
        progress.at(min(read, total), f"{read:,} rows read")

    return tell


@job("uploads.check", title="Check a file")
def check(progress: Progress, *, upload: str) -> None:
    """Check one upload."""
    services.check(actor=progress.actor, key=UUID(upload), tell=_tell(progress))


@job("uploads.import", title="Import a file")
def import_file(progress: Progress, *, upload: str, good: int) -> None:
    """Import one upload; one that is imported already is left as it is."""
    services.commit(actor=progress.actor, key=UUID(upload), good=good, tell=_tell(progress))


@every("uploads.sweep", title="Destroy uploads nobody needs", days=1)
def sweep(progress: Progress) -> dict[str, int]:
    """Destroy what is too old to keep."""
    return services.sweep(actor=progress.actor)


def registered() -> None:
    """Importing this module has registered its jobs."""
