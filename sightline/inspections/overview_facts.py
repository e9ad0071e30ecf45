"""What published overview reports state: the schema and loader of `definitions/overviews/…yaml`.

A file holds what a report or its announcement says about a set of inspections, each fact with its
sources. Nothing in it is counted here, and nothing counted here is written into it.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from django.conf import settings
from pydantic import BeforeValidator, Field, model_validator

from sightline.inspections.definitions import (
    Confidence,
    Count,
    Evaluated,
    Qualifier,
    Reference,
    Sourced,
    StatedCount,
)
from sightline.kernel.definitions import Closed, Code, Definition, Registry, Words, WrittenDate


def _folded_key(word: object) -> object:
    return word.strip().casefold() if isinstance(word, str) else word


ScaleWord = Annotated[str, BeforeValidator(_folded_key), Field(min_length=1)]


class StatedFact(StatedCount):
    """A number, with the report's label. `pooled` names the evidence count it stands beside."""

    label: Words
    pooled: Code | None = None
    also: tuple[StatedCount, ...] = ()


class ShareFact(Sourced):
    """`n` of `base` evaluations of `judgements` stand from `lowest` to `highest`, both included."""

    judgements: tuple[str, ...]
    n: Count
    base: Count
    qualifier: Qualifier = "exactly"
    lowest: Evaluated
    highest: Evaluated
    text: Words

    @model_validator(mode="after")
    def no_more_than_all(self) -> "ShareFact":
        """`n` is at most `base`, and the range runs upwards."""
        if self.n > self.base:
            raise ValueError(f"{self.n} of {self.base} is more than all of them.")
        if self.lowest > self.highest:
            raise ValueError(f"the range runs from {self.lowest} down to {self.highest}; turn it.")
        return self


class MessageFact(Sourced):
    """What the overview found, in our words."""

    text: Words


class SpreadFact(Closed):
    """One area's evaluations, where only how many stand at each word is known."""

    partnership: Code
    published: WrittenDate
    indicators: Count
    counts: dict[ScaleWord, Count] = Field(min_length=1)
    address: str = ""
    confidence: Confidence
    note: str = ""

    @model_validator(mode="after")
    def counts_add_up(self) -> "SpreadFact":
        """The counts are those of all the indicators."""
        if sum(self.counts.values()) != self.indicators:
            raise ValueError(
                f"{self.partnership}: the counts add up to {sum(self.counts.values())}, "
                f"not to {self.indicators} indicators."
            )
        return self


class OverviewFacts(Definition):
    """One overview report. `programme` is empty when its programme is not held here."""

    programme: str = ""
    title: Words
    period: WrittenDate
    inspections: tuple[Reference, ...] = ()
    facts: tuple[StatedFact, ...] = ()
    stated_evaluations: tuple[ShareFact, ...] = ()
    messages: tuple[MessageFact, ...] = ()
    distributions: tuple[SpreadFact, ...] = ()


def load(folder: Path) -> tuple[OverviewFacts, ...]:
    """Every overview report in a folder, in order of the period it covers."""
    return tuple(sorted(Registry.load(OverviewFacts, folder), key=lambda f: (f.period, f.code)))


@lru_cache(maxsize=1)
def overview_facts() -> tuple[OverviewFacts, ...]:
    """The overview reports of this installation, read once."""
    return load(settings.SIGHTLINE_DEFINITIONS / "overviews")


def for_programmes(
    facts: Iterable[OverviewFacts], programmes: Mapping[str, object] | Iterable[str]
) -> tuple[OverviewFacts, ...]:
    """Those about these programmes; all of them, with those of programmes not held, when empty."""
    wanted = set(programmes)
    return tuple(f for f in facts if not wanted or f.programme in wanted)
