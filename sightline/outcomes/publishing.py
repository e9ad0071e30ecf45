"""When a build is published its figures are declared, and when it is undone they are taken back.

Two sets: years for every kind of reader, quarters for those from whom nothing is hidden, because
quarters and their year together would give most small counts away.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from sightline.access.actors import Actor
from sightline.access.permissions import Scope
from sightline.children import building
from sightline.children.queries import build_folder
from sightline.kernel.garbage import seldom_collected
from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.releases import services as releases
from sightline.warehouse import parquet

YEAR, QUARTER = "year", "quarter"
GRIDS: Final = {
    YEAR: ("Outcomes by year", ()),
    QUARTER: ("Outcomes by quarter", ("operational", "committee-private")),
}
COLUMNS: Final = (
    "indicator", "version", "period", "first", "last", "breakdown", "category", "people",
    "families", "counted", "of", "unknown", "value", "state",
)  # fmt: skip
JOURNEYS: Final = "journeys.parquet"
JOURNEY_COLUMNS: Final = ("cohort", "age", "step", "by_placement", "people", "of")


def source_of(area: str, grid: str) -> str:
    """Where the figures of an area's builds come from, as the ledger names it."""
    return f"outcomes:{area}-{grid}"


def vintage_of(number: int) -> str:
    """A build, as the ledger names it."""
    return f"build {number}"


@seldom_collected()
def publish(actor: Actor, build: Any) -> None:
    """Declare the figures of a build that is being published."""
    from sightline.outcomes.measures.publishing import published
    from sightline.outcomes.measures.publishing_journeys import journeys

    folder = build_folder(build)
    vintage = vintage_of(build.number)
    for grid, (title, use) in GRIDS.items():
        path = folder / f"results-{grid}.parquet"
        if not path.is_file():
            continue
        rows = list(_rows(path))
        known = {f"{r['indicator']}@{r['version']}" for r in rows}
        definitions: dict[str, IndicatorDefinition] = {key: indicator(key) for key in known}
        found = published(rows, definitions, area=build.area, vintage=vintage)
        series = found.series
        if grid == YEAR and (folder / JOURNEYS).is_file():
            steps = _rows(folder / JOURNEYS, JOURNEY_COLUMNS)
            series = (*series, *journeys(steps, area=build.area, vintage=vintage))
        if series:
            releases.declare(
                actor=actor, source=source_of(build.area, grid), vintage=vintage,
                title=f"{title}, {build.area}, {vintage}", series=series,
                links=found.links, scope=Scope("partnership", build.area), use=use,
            )  # fmt: skip


def take_back(actor: Actor, build: Any) -> None:
    """Withdraw the figures of a build that is undone."""
    for grid in GRIDS:
        releases.take_back(
            actor=actor, source=source_of(build.area, grid), vintage=vintage_of(build.number),
            reason=build.withdrawn_reason or "The build was undone.",
        )  # fmt: skip


def _rows(path: Path, columns: Sequence[str] = COLUMNS) -> Iterator[dict[str, Any]]:
    for batch in parquet.batches(path, columns):
        yield from batch.to_pylist()


def registered() -> None:
    """Have builds published and undone through this module."""
    building.register_publisher(publish, "outcomes")
    building.register_withdrawer(take_back, "outcomes")
