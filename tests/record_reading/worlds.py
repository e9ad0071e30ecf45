"""Rounds as these tests meet them: whose, with people in the roles that do things there."""

from dataclasses import dataclass
from typing import Any

from sightline.record_reading.models import Reader, Reading, Round, SampledRecord
from tests.factories import record_reading as make
from tests.factories.access import UserFactory, assign

HERE = "fife"
INSPECTION = "fife-2026"
EMPTY = {"values": {}, "whys": {}, "flags": {}}


def somebody(role: str, kind: str = "partnership", key: str = HERE, name: str = "") -> Any:
    """A person in a role somewhere."""
    return assign(UserFactory(name=name) if name else UserFactory(), role, kind, key)


@dataclass
class World:
    """A round with records to be read and whoever runs it."""

    round: Round
    lead: Any
    records: list[SampledRecord]

    def reader(self, pair: int | None = None, **more: Any) -> Reader:
        """Somebody who may read here and is named."""
        name = more.pop("name", "")
        if self.round.inspection:
            person = somebody("inspector", "inspection", self.round.inspection, name)
        else:
            person = somebody("local-record-reader", name=name)
        return make.ReaderFactory(round=self.round, person=person, pair=pair, **more)

    def readings(self) -> list[Reading]:
        """Those that are somebody's, by reading number and part."""
        return list(
            Reading.objects.filter(round=self.round)
            .exclude(state__in=["reassigned", "withdrawn"])
            .order_by("record__number", "part")
        )


def world(
    records: int = 6, *, inspection: str = "", state: str = "preparing", **over: Any
) -> World:
    """A round of the area's own, or of an inspection, with a sample."""
    made = {
        "preparing": make.RoundFactory,
        "reading": make.OpenRoundFactory,
        "locked": make.LockedRoundFactory,
    }[state](area=HERE, inspection=inspection, **over)
    lead = (
        somebody("inspection-lead", "inspection", inspection)
        if inspection
        else somebody("quality-lead")
    )
    found = []
    if records:
        snapshot = make.SnapshotFactory(round=made, number=1, held=records)
        sample = make.SampleFactory(round=made, number=1, snapshot=snapshot)
        found = [
            make.SampledRecordFactory(sample=sample, number=n, place=n)
            for n in range(1, records + 1)
        ]
    return World(made, lead, found)


def hand_in(*readings: Reading, **answers: Any) -> None:
    """As if their readers had."""
    for reading in readings:
        reading.state, reading.answers = "complete", {**EMPTY, **answers}
        reading.started_at = reading.submitted_at = make.NOW
        reading.started_by = reading.submitted_by = "command:test"
        reading.save()


def begun(reading: Reading) -> Reading:
    """As if its reader had written something."""
    reading.state, reading.started_at, reading.started_by = "in-progress", make.NOW, "command:test"
    reading.save()
    make.SectionEntryFactory(reading=reading, section="plan")
    return reading
