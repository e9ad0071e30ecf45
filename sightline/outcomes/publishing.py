"""When a build is published its figures are declared, and when it is undone they are taken back.

Two sets: years for every kind of reader, quarters for those from whom nothing is hidden, because
quarters and their year together would give most small counts away.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sightline.access.actors import Actor
from sightline.access.permissions import Scope
from sightline.children import building
from sightline.children.queries import build_folder
from sightline.kernel.garbage import seldom_collected
from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.partnerships.queries import partnership
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


@dataclass(frozen=True)
class _Set:
    """What is declared of one grid of a build."""

    source: str
    vintage: str
    title: str
    use: tuple[str, ...]
    scope: Scope
    series: tuple[releases.DeclaredSeries, ...] = field(repr=False)
    links: tuple[Any, ...] = field(repr=False)

    @property
    def declared(self) -> dict[str, Any]:
        """As `releases` takes it."""
        return {
            "source": self.source, "vintage": self.vintage, "scope": self.scope, "use": self.use,
            "series": self.series, "links": self.links,
        }  # fmt: skip


_prepared: dict[Any, list[tuple[_Set, releases.Ahead]]] = {}
"""By build, what was worked out before its publication began; taken away again with it."""


def _sets(build: Any) -> Iterator[_Set]:
    from sightline.outcomes.measures.publishing import published
    from sightline.outcomes.measures.publishing_journeys import journeys

    folder = build_folder(build)
    vintage, name = vintage_of(build.number), partnership(build.area).name
    for grid, (title, use) in GRIDS.items():
        path = folder / f"results-{grid}.parquet"
        if not path.is_file():
            continue
        rows = list(_rows(path))
        known = {f"{r['indicator']}@{r['version']}" for r in rows}
        definitions: dict[str, IndicatorDefinition] = {key: indicator(key) for key in known}
        found = published(rows, definitions, area=build.area, vintage=vintage)
        series, links = found.series, found.links
        if grid == YEAR and (folder / JOURNEYS).is_file():
            steps = _rows(folder / JOURNEYS, JOURNEY_COLUMNS)
            more = journeys(steps, area=build.area, vintage=vintage)
            series, links = (*series, *more[0]), (*links, *more[1])
        if series:
            yield _Set(
                source_of(build.area, grid), vintage, f"{title}, {name}, {vintage}",
                use, Scope("partnership", build.area), tuple(series), tuple(links),
            )  # fmt: skip


@seldom_collected()
def prepare(actor: Actor, build: Any) -> None:
    """Protect the figures of a build before its publication begins: others can write meanwhile."""
    _prepared[build.pk] = [
        (one, releases.protect_ahead(actor=actor, **one.declared)) for one in _sets(build)
    ]


def forget(build: Any) -> None:
    """Let go of what was prepared: it holds exact figures."""
    _prepared.pop(build.pk, None)


@seldom_collected()
def publish(actor: Actor, build: Any) -> None:
    """Declare the figures of a build that is being published."""
    ready = _prepared.pop(build.pk, None)
    given = ready if ready is not None else [(one, None) for one in _sets(build)]
    for one, ahead in given:
        releases.declare(actor=actor, title=one.title, ahead=ahead, **one.declared)


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
    building.register_preparer(prepare, forget, "outcomes")
    building.register_publisher(publish, "outcomes")
    building.register_withdrawer(take_back, "outcomes")
