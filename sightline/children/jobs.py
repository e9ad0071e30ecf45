"""Work of children outside a request."""

from sightline.children import services
from sightline.jobs import Progress, every, job


@job("children.build", title="Make a build")
def build(progress: Progress, *, area: str, number: int) -> dict[str, int]:
    """Make one build, from nothing: what an earlier attempt left is removed first."""
    services.make_build(actor=progress.actor, area=area, number=number, progress=progress)
    return {"number": number}


@job("children.publish", title="Publish a build")
def publish(progress: Progress, *, area: str, number: int) -> dict[str, int]:
    """Publish one build."""
    services.publish_build(actor=progress.actor, area=area, number=number)
    return {"number": number}


@every("children.sweep", title="Remove builds nobody needs", days=1)
def sweep(progress: Progress) -> dict[str, int]:
    """Remove what is too old to keep."""
    return services.sweep(actor=progress.actor)


def registered() -> None:
    """Importing this module has registered its jobs."""
