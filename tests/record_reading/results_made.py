"""Rounds that were read, locked and counted, for tests of results; and records out of nothing."""

import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from sightline.access.actors import CommandLine, acting_as
from sightline.record_reading import asking
from sightline.record_reading import generating_answers as made_up
from sightline.record_reading.generating import How, make_round
from sightline.record_reading.models import Reading, Round
from sightline.record_reading.services.publishing import count_round

ACTOR = CommandLine("test")


@dataclass(frozen=True)
class Record:
    """What counts of a record, as moderation would hand it over."""

    facts: Mapping[str, Any]
    template: str
    answers: Mapping[str, Any]
    two_views: frozenset[tuple[str, str]] = frozenset()
    record: Any = field(default=None)


def records(size: int, seed: int, key: str = "care-and-protection@1") -> list[Record]:
    """So many made-up records, shared out evenly over the strata of a template."""
    chance = random.Random(seed)  # noqa: S311 - test data
    template = asking.template(key)
    held = {one.code: size // len(template.strata) + 1 for one in template.strata}
    rows = made_up.children(template, held, prefix="X", today=timezone.localdate(), chance=chance)
    return [
        Record(row, key, made_up.answers(template, row, chance))
        for row in chance.sample(rows, size)
    ]


def read(area: str = "fife", slug: str = "round", **over: Any) -> Round:
    """A round in which everything is read, and nothing locked."""
    asked = {"template": "local-audit@1", "size": 60, "seed": 1, "twice_share": 0} | over
    with acting_as(ACTOR):
        return make_round(actor=ACTOR, area=area, slug=slug, **asked)


def lock(round: Round) -> Round:
    """Lock a round as it is, and have it counted."""
    round.state = Round.State.LOCKED
    round.locked_at, round.locked_by = timezone.now(), "command:test"
    round.results = {}
    with acting_as(ACTOR):
        round.save()
        return count_round(actor=ACTOR, key=round.pk)


def locked(area: str = "fife", slug: str = "round", **over: Any) -> Round:
    """A round that was read, locked and counted."""
    return lock(read(area, slug, **over))


def handed_in(round: Round) -> list[dict[str, Any]]:
    """Facts and answers of every first reading, straight from the rows."""
    found = Reading.objects.filter(round=round, part=1).select_related("record")
    return [
        {"facts": one.record.facts, "day": timezone.localdate(one.submitted_at).isoformat(),
         "values": one.answers["values"]}
        for one in found
    ]  # fmt: skip


__all__ = ["ACTOR", "How", "Record", "handed_in", "lock", "locked", "read", "records"]
