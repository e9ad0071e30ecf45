"""What results do outside requests: counting a round once it is locked."""

from uuid import UUID

from sightline.jobs import Progress, job
from sightline.record_reading.services.publishing import count_round


@job("record_reading.count", title="Count what a record reading found")
def count(progress: Progress, round: str) -> dict[str, int]:
    """Count the readings, protect the figures and declare them."""

    def tell(done: int, of: int) -> None:
        progress.of(of)
        progress.at(done, "counting the readings, item by item")

    found = count_round(actor=progress.actor, key=UUID(round), tell=tell)
    return {"records": int(found.results["read"])}


def registered() -> None:
    """Importing this module registers the job; calling says that was meant."""
