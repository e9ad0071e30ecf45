"""What published overview reports state for a whole programme: the schema and loader of its files.

A file holds facts with their sources and nothing counted here. `definitions/overviews/…yaml`.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from pydantic import Field

from sightline.inspections.definitions import (
    Sourced,
    Source,
    StatedCount,
)
from sightline.inspections.overview_parts import count_said
from sightline.inspections.overview_shapes import OverviewReport, Stated
from sightline.kernel.definitions import Code, Definition, Registry, Words


class StatedFact(StatedCount):
    """One number an overview report states. With `pooled` it stands beside the pooled count."""

    label: Words
    pooled: Code | None = None
    also: tuple[StatedCount, ...] = ()


class OverviewFacts(Definition):
    """What one overview report states. `programme` is its code, or empty when not held here."""

    title: Words
    programme: str = ""
    facts: tuple[StatedFact, ...] = Field(min_length=1)

    def covers(self, programme: str) -> bool:
        """True when this report is about a programme, given by its key."""
        return bool(self.programme) and programme.split("@")[0] == self.programme.split("@")[0]

    def _stated(self, fact: StatedFact, sources: Mapping[str, Source]) -> Stated:
        return Stated(
            overview=self.key,
            overview_title=self.title,
            label=fact.label,
            saying=count_said(fact, sources),
            also=tuple(count_said(other, sources) for other in fact.also),
        )

    def pooled(self, sources: Mapping[str, Source]) -> Iterator[tuple[str, Stated]]:
        """Each fact that stands beside a pooled count, with the name of that count."""
        for fact in self.facts:
            if fact.pooled:
                yield fact.pooled, self._stated(fact, sources)

    def as_report(self, sources: Mapping[str, Source]) -> OverviewReport:
        """Everything it states, as the overview shows it."""
        return OverviewReport(
            code=self.key,
            title=self.title,
            programme=self.programme,
            stated=tuple(self._stated(fact, sources) for fact in self.facts),
        )


def load(folder: Path) -> tuple[OverviewFacts, ...]:
    """Every overview report in a folder, in order of code."""
    return tuple(sorted(Registry.load(OverviewFacts, folder), key=lambda f: f.code))


@lru_cache(maxsize=1)
def overview_facts() -> tuple[OverviewFacts, ...]:
    """The overview reports of this installation, read once."""
    return load(settings.SIGHTLINE_DEFINITIONS / "overviews")
