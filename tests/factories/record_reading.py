"""Builders of record reading: rounds, snapshots, samples, readers, readings."""

import datetime as dt
import uuid
from typing import Any

import factory

from sightline.record_reading import models
from sightline.stats.sampling import Draw, Plan, Unit, draw
from sightline.stats.sampling_record import as_data
from tests.factories.access import UserFactory

NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)
AREA = "strathgarry"
TEMPLATE = "local-audit@1"


def facts(number: int = 1, **over: Any) -> dict[str, Any]:
    """One child of a return, under the names of its columns."""
    return {
        "reference": f"SG-{number:04d}",
        "population": "audit",
        "stratum": "audit",
        "age_band": "5-10",
        "care_type": "at-home",
        "register": "no",
        "disability": "no",
        "locality": "North",
        "lead_agency": "social-work",
        "agencies": ["social-work", "health"],
        "family": "",
        "teams": [],
    } | over


class RollingAuditFactory(factory.django.DjangoModelFactory):
    """Twenty planning meetings every ten weeks."""

    area = AREA
    slug = factory.Sequence(lambda n: f"meetings-{n}")
    title = "Planning meetings"
    template = TEMPLATE
    topic = "Child protection planning meetings"
    every_weeks = 10
    size = 20
    starts_on = dt.date(2026, 1, 5)
    made_at = NOW
    made_by = "command:test"

    class Meta:
        model = models.RollingAudit


class RoundFactory(factory.django.DjangoModelFactory):
    """A round of a partnership's own that is being prepared."""

    area = AREA
    slug = factory.Sequence(lambda n: f"round-{n}")
    title = factory.Sequence(lambda n: f"Round {n}")
    template = TEMPLATE
    made_at = NOW
    made_by = "command:test"

    class Meta:
        model = models.Round


class OpenRoundFactory(RoundFactory):
    """One in which records are read."""

    state = "reading"
    reads_from = dt.date(2026, 3, 2)
    reads_until = dt.date(2026, 3, 4)
    destroy_on = dt.date(2099, 1, 1)
    double_seed = "a seed"
    opened_at = NOW
    opened_by = "command:test"


class LockedRoundFactory(OpenRoundFactory):
    """One whose answers no longer change."""

    state = "locked"
    locked_at = NOW
    locked_by = "command:test"


class SnapshotFactory(factory.django.DjangoModelFactory):
    """A return of three children."""

    round = factory.SubFactory(RoundFactory)
    number = factory.Sequence(lambda n: n + 1)
    rows = factory.LazyFunction(lambda: [facts(n) for n in (1, 2, 3)])
    held = 3
    strata = factory.LazyFunction(lambda: {"audit": 3})
    sent_at = NOW
    sent_by = "command:test"

    class Meta:
        model = models.Snapshot


def drawn() -> Draw:
    """The draw of all three children of a snapshot as `SnapshotFactory` makes it."""
    frame = [Unit(f"SG-{number:04d}", "audit") for number in (1, 2, 3)]
    return draw(frame, Plan(size=3), seed="a seed")


class SampleFactory(factory.django.DjangoModelFactory):
    """A draw with its record; of its records there are those that a test makes."""

    round = factory.SubFactory(RoundFactory)
    number = factory.Sequence(lambda n: n + 1)
    snapshot = factory.SubFactory(SnapshotFactory, round=factory.SelfAttribute("..round"))
    seed = "a seed"
    plan = factory.LazyFunction(lambda: {"size": 3})
    record = factory.LazyFunction(lambda: as_data(drawn()))
    frame_hash = factory.LazyFunction(lambda: drawn().frame_hash)
    drawn_at = NOW
    drawn_by = "command:test"

    class Meta:
        model = models.Sample


class SampledRecordFactory(factory.django.DjangoModelFactory):
    """A record that is to be read."""

    sample = factory.SubFactory(SampleFactory)
    number = factory.Sequence(lambda n: n + 1)
    stratum = "audit"
    place = 1
    state = "drawn"
    reference = factory.LazyAttribute(lambda made: f"SG-{made.number:04d}")
    facts = factory.LazyAttribute(lambda made: facts(made.number, stratum=made.stratum))
    reason = ""

    class Meta:
        model = models.SampledRecord


class ReaderFactory(factory.django.DjangoModelFactory):
    """A reader of a local audit."""

    round = factory.SubFactory(OpenRoundFactory)
    person = factory.SubFactory(UserFactory)
    kind = "auditor"
    agency = "social-work"
    named_at = NOW
    named_by = "command:test"

    class Meta:
        model = models.Reader


class ConflictFactory(factory.django.DjangoModelFactory):
    """A record closed to a reader who worked with the child."""

    reader = factory.SubFactory(ReaderFactory)
    record = factory.SubFactory(SampledRecordFactory)
    kind = "worked"
    note = ""
    declared_at = NOW
    declared_by = "command:test"

    class Meta:
        model = models.Conflict


class ReadingFactory(factory.django.DjangoModelFactory):
    """A first reading that has not begun."""

    reader = factory.SubFactory(ReaderFactory)
    round = factory.SelfAttribute("reader.round")
    record = factory.SubFactory(
        SampledRecordFactory,
        sample=factory.SubFactory(SampleFactory, round=factory.SelfAttribute("...reader.round")),
    )
    template = TEMPLATE
    assigned_at = NOW
    assigned_by = "command:test"

    class Meta:
        model = models.Reading


class CompleteReadingFactory(ReadingFactory):
    """One that was handed in."""

    state = "complete"
    answers = factory.LazyFunction(lambda: {"values": {}, "whys": {}, "flags": {}})
    started_at = NOW
    started_by = "command:test"
    submitted_at = NOW
    submitted_by = "command:test"


class SectionEntryFactory(factory.django.DjangoModelFactory):
    """A section as it was first sent."""

    reading = factory.SubFactory(ReadingFactory)
    section = "context"
    version = 1
    based_on = 0
    answers = factory.LazyFunction(lambda: {"values": {}, "whys": {}, "flags": {}})
    token = factory.LazyFunction(uuid.uuid4)
    entered_at = NOW
    entered_by = "command:test"

    class Meta:
        model = models.SectionEntry


class SettlementFactory(factory.django.DjangoModelFactory):
    """A difference that two readers agreed on."""

    record = factory.SubFactory(SampledRecordFactory)
    item = "plan-quality"
    way = "agreed"
    value = "4"
    why = "Actions are clear and have dates."
    settled_at = NOW
    settled_by = "command:test"

    class Meta:
        model = models.Settlement


class DipCheckFactory(factory.django.DjangoModelFactory):
    """A reading drawn for the lead to look at."""

    reading = factory.SubFactory(CompleteReadingFactory)
    seed = "a seed"
    note = ""
    drawn_at = NOW
    drawn_by = "command:test"

    class Meta:
        model = models.DipCheck


class AuditActionFactory(factory.django.DjangoModelFactory):
    """Something that is to be done about what an audit found."""

    round = factory.SubFactory(RoundFactory)
    number = factory.Sequence(lambda n: n + 1)
    words = "Plans say who does what and by when."
    owner = "Service manager, children and families"
    noted_at = NOW
    noted_by = "command:test"

    class Meta:
        model = models.AuditAction
