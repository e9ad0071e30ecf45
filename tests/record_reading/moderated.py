"""Rounds with records that were read twice, for tests of moderation."""

import datetime as dt
from typing import Any

from sightline.record_reading.models import Reading, Round, SampledRecord
from tests.factories import record_reading as make

NOW = make.NOW


def answers(values: dict[str, Any], whys: dict[str, str] | None = None) -> dict[str, Any]:
    """A reading's answers in their one shape."""
    return {"values": values, "whys": whys or {}, "flags": {}}


def a_round(**over: Any) -> Round:
    """A round that is read, with a sample in use and nothing in it."""
    round = make.OpenRoundFactory(**over)
    make.SampleFactory(round=round)
    return round


def a_record(round: Round, number: int, **over: Any) -> SampledRecord:
    """A record that is to be read."""
    sample = round.samples.get(set_aside_at__isnull=True)
    return make.SampledRecordFactory(sample=sample, number=number, place=number, **over)


def read(
    record: SampledRecord, reader: Any, values: dict[str, Any] | None, part: int = 1, **over: Any
) -> Reading:
    """A reading: handed in with these values, or being written where there are none."""
    made_with = record.sample.round.template
    kept = {"record": record, "reader": reader, "part": part, "template": made_with} | over
    if values is None:
        kept |= {"state": "in-progress", "started_at": NOW, "started_by": "command:test"}
        return make.ReadingFactory(**kept)
    given = answers(values, kept.pop("whys", None))
    kept.setdefault("submitted_at", NOW + dt.timedelta(minutes=part))
    return make.CompleteReadingFactory(answers=given, **kept)


def read_twice(
    round: Round,
    number: int,
    first: dict[str, Any],
    second: dict[str, Any] | None,
    readers: tuple[Any, Any],
    **over: Any,
) -> SampledRecord:
    """A record with two readings; the second is still being written where it is None."""
    record = a_record(round, number, twice=True, **over)
    read(record, readers[0], first)
    read(record, readers[1], second, part=2)
    return record
