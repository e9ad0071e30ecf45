"""Work of uploads outside a request."""

from uuid import UUID

from sightline.jobs import Progress, every, job
from sightline.uploads import services


@job("uploads.check", title="Check a file")
def check(progress: Progress, *, upload: str) -> None:
    """Check one upload."""

    def tell(read: int, total: int) -> None:
        progress.total = total
        progress.at(min(read, total), f"{read:,} rows read")

    services.check(actor=progress.actor, key=UUID(upload), tell=tell)


@every("uploads.sweep", title="Destroy uploads nobody needs", days=1)
def sweep(progress: Progress) -> dict[str, int]:
    """Destroy what is too old to keep."""
    return services.sweep(actor=progress.actor)


def registered() -> None:
    """Importing this module has registered its jobs."""
