"""A whole round of made-up readings, at once: for the demonstration, tests and benchmarks.

It is written straight into the database, many rows at a time, so that 754 records of 60 items take
seconds; what people do goes by the services. Nothing in it is about anybody. What each reader
answered stays in `Reading.answers`, so that a test can count it again in its own way.
"""

import datetime as dt
import random
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.record_reading import asking, sampling_plans
from sightline.record_reading import generating_answers as made_up
from sightline.record_reading.asking import Answers
from sightline.record_reading.definitions import TemplateDefinition
from sightline.record_reading.generating_answers import Errors
from sightline.record_reading.models import (
    Reader,
    Reading,
    RollingAudit,
    Round,
    Sample,
    SampledRecord,
    SectionEntry,
    Settlement,
    Snapshot,
)
from sightline.stats import sampling, sampling_record

SOUTH_LANARKSHIRE: Final[Mapping[str, int]] = {
    "protection": 45,
    "at-home": 17, "kinship": 16, "foster": 13, "residential": 6, "continuing-care": 5,
    "aftercare": 7,
}  # fmt: skip
"""109 records as in the inspection of 2019, 45 of protection and 64 of corporate parenting. How the
64 were spread is not published; this is made up."""

_DAYS: Final = 3
_KEPT_FOR: Final = dt.timedelta(days=365)
_BATCH: Final = 400
_UNUSABLE: Final = "!"


@dataclass(frozen=True)
class How:
    """What the round is to be like, beside its size.

    Attributes:
        held: children in scope for each one drawn.
        reserves: in each stratum.
        pairs: of readers; people who are not given are made up.
        read: share of the readings that are handed in; about half of the others are begun.
        settled: share of the differences between two readers that are settled.
        two_views: share of those that are left as two views.
        errors: of second readers.
        entries: also keep what was handed in section by section, as the form does.
        first_day: of reading; None is two days before today, so that today is the last.
        audit, turn: the rolling audit that it is a turn of, and which.
    """

    held: int = 3
    reserves: int = 3
    pairs: int = 3
    read: float = 1.0
    settled: float = 0.0
    two_views: float = 0.1
    errors: Errors = Errors()  # noqa: RUF009 - frozen
    entries: bool = False
    first_day: dt.date | None = None
    audit: RollingAudit | None = None
    turn: int | None = None


@transaction.atomic
def make_round(
    *,
    actor: Actor,
    area: str,
    slug: str,
    template: str,
    size: int,
    seed: int,
    title: str = "",
    inspection: str = "",
    strata: Mapping[str, int] | None = None,
    twice_share: int = 10,
    readers: Sequence[User] = (),
    how: How = How(),
) -> Round:
    """Make a round up that is being read: its return, sample, readers, readings, settlements.

    Args:
        actor: who is answerable for the rows.
        area: code of a partnership.
        slug: of the round; its area has none like it.
        template: key of a template.
        size: records drawn.
        seed: the same seed gives the same answers.
        title: of the round; none makes one from the template's.
        inspection: reference of an inspection of the area; none makes an audit of its own.
        strata: how many are drawn by code of stratum or of population (then its strata share
            them); none shares `size` out in equal parts. They add up to `size`.
        twice_share: per cent of the records that are read twice.
        readers: people who read, two by two.
        how: everything else.

    Raises:
        NotFound: no such template.
        ValueError: a stratum the template has not, or strata that do not add up.
    """
    asked = asking.template(template)
    chance = random.Random(seed)  # noqa: S311 - made up, and the same each time
    drawn = _strata(asked, size, strata)
    making = _Making(actor, asked, chance, how, f"{slug} {seed}")
    round = _round(making, area, slug, title, inspection, twice_share)
    records = _sample(making, round, drawn)
    named = _readers(making, round, readers)
    readings = _readings(making, round, records, named, twice_share)
    _settle(making, readings)
    audit.record(actor, "record-round.made-up", f"record-round:{round.area}/{round.slug}")
    return round


@dataclass(frozen=True)
class _Making:
    actor: Actor
    template: TemplateDefinition
    chance: random.Random
    how: How
    seed: str

    @property
    def by(self) -> str:
        return self.actor.audit_name

    @property
    def first(self) -> dt.datetime:
        """Nine in the morning of the first day of reading."""
        day = self.how.first_day or timezone.localdate() - dt.timedelta(days=_DAYS - 1)
        return timezone.make_aware(dt.datetime.combine(day, dt.time(9)))


def _strata(
    template: TemplateDefinition, size: int, strata: Mapping[str, int] | None
) -> dict[str, int]:
    """Records to draw by stratum.

    Raises:
        ValueError: a name that the template has not, or numbers that do not add up to `size`.
    """
    every = [stratum.code for stratum in template.strata]
    if strata is None:
        return dict(zip(every, _shares(size, len(every)), strict=True))
    drawn: dict[str, int] = dict.fromkeys(every, 0)
    for name, number in strata.items():
        within = [s.code for s in template.strata if s.population == name]
        codes = [name] if name in drawn else within
        if not codes:
            raise ValueError(f"{template.key} has neither a stratum nor a population {name!r}.")
        for code, share in zip(codes, _shares(number, len(codes)), strict=True):
            drawn[code] += share
    if sum(drawn.values()) != size:
        raise ValueError(f"The strata have {sum(drawn.values())} records and the round {size}.")
    return {code: number for code, number in drawn.items() if number}


def _shares(number: int, parts: int) -> list[int]:
    return [number // parts + (at < number % parts) for at in range(parts)]


def _round(
    making: _Making, area: str, slug: str, title: str, inspection: str, twice_share: int
) -> Round:
    first = making.first
    return Round.objects.create(
        area=area, slug=slug, title=title or making.template.title, inspection=inspection,
        template=making.template.key, state=Round.State.READING,
        reads_from=first.date(), reads_until=first.date() + dt.timedelta(days=_DAYS - 1),
        double_share=twice_share, double_seed=making.seed,
        content_note=making.template.content_note,
        supervisor="The lead of the reading, in the room all day",
        destroy_on=first.date() + _KEPT_FOR, audit=making.how.audit, turn=making.how.turn,
        made_at=first, made_by=making.by, opened_at=first, opened_by=making.by,
    )  # fmt: skip


def make_snapshot(
    *, actor: Actor, round: Round, held: Mapping[str, int], seed: int, number: int = 1
) -> Snapshot:
    """A made-up return of a round, with so many children in each stratum of its template."""
    making = _Making(
        actor,
        asking.template(round.template),
        random.Random(seed),  # noqa: S311 - made up
        How(),
        str(seed),
    )
    return _snapshot(making, round, held, number)


def _snapshot(making: _Making, round: Round, held: Mapping[str, int], number: int = 1) -> Snapshot:
    rows = made_up.children(
        making.template, held, prefix=_prefix(round.area), today=making.first.date(),
        chance=making.chance,
    )  # fmt: skip
    snapshot = Snapshot(
        round=round, number=number, held=len(rows), strata=dict(held),
        sent_at=making.first, sent_by=making.by,
    )  # fmt: skip
    snapshot.rows = rows
    snapshot.save()
    round.totals = _totals(making.template, held)
    round.save(update_fields=["totals"])
    return snapshot


def _totals(template: TemplateDefinition, held: Mapping[str, int]) -> dict[str, Any]:
    """The totals given beside a return that has so many children in each stratum."""
    populations: dict[str, int] = {}
    for stratum in template.strata:
        within = populations.get(stratum.population, 0)
        populations[stratum.population] = within + held.get(stratum.code, 0)
    strata = {stratum.code: held.get(stratum.code, 0) for stratum in template.strata}
    return {"populations": populations, "strata": strata, "why": ""}


def _prefix(area: str) -> str:
    """What references of an area begin with: its initials, or its first two letters."""
    words = [word for word in area.split("-") if word != "and"]
    initials = "".join(word[0] for word in words)
    return (initials if len(words) > 1 else area[:2]).upper()


def _sample(making: _Making, round: Round, drawn: Mapping[str, int]) -> list[SampledRecord]:
    """Draw from a return of our own making; gives the records to be read, by number."""
    how = making.how
    held = {code: number * how.held + 2 * how.reserves for code, number in drawn.items()}
    snapshot = _snapshot(making, round, held)
    rows = {row["reference"]: row for row in snapshot.rows}
    frame = [
        sampling.Unit(row["reference"], row["stratum"], row["family"]) for row in rows.values()
    ]
    plan = sampling.Plan(
        size=sum(drawn.values()), minimums=drawn, reserves=how.reserves, short=True
    )
    draw = sampling.draw(frame, plan, seed=making.seed)
    record = sampling_record.as_data(draw)
    sample = Sample(
        round=round, number=1, snapshot=snapshot, seed=making.seed,
        plan=record["plan"] | {"wanted": {one.stratum: one.wanted for one in draw.strata}},
        frame_hash=draw.frame_hash, drawn_at=making.first, drawn_by=making.by,
    )  # fmt: skip
    sample.record = record
    sample.save()
    records = _records(sample, draw, rows)
    SampledRecord.objects.bulk_create(records, batch_size=_BATCH)
    return [record for record in records if record.state == SampledRecord.State.DRAWN]


def _records(sample: Sample, draw: sampling.Draw, rows: Mapping[str, Any]) -> list[SampledRecord]:
    """Records drawn and reserves, by the numbers that the service would give them."""
    numbers = sampling_plans.numbered(draw)
    made = []
    for one in draw.strata:
        for place, reference in enumerate((*one.drawn, *one.reserves), start=1):
            drawn = place <= len(one.drawn)
            record = SampledRecord(
                sample=sample, number=numbers[reference], stratum=one.stratum, place=place,
                state=SampledRecord.State.DRAWN if drawn else SampledRecord.State.RESERVE,
            )  # fmt: skip
            record.reference, record.facts, record.reason = reference, rows[reference], ""
            made.append(record)
    return sorted(made, key=lambda record: record.number)


def _readers(making: _Making, round: Round, people: Sequence[User]) -> list[tuple[Reader, Reader]]:
    """Pairs of readers: of the people given, and of people made up where they are too few."""
    needed = 2 * making.how.pairs
    everybody = [*people[:needed], *_people(round, needed - len(people))]
    own = not round.inspection
    kinds = (
        (Reader.Kind.AUDITOR, Reader.Kind.AUDITOR)
        if own
        else (Reader.Kind.INSPECTOR, Reader.Kind.LOCAL)
    )
    named = [
        Reader(
            round=round, person=person, kind=kinds[at % 2], pair=at // 2 + 1,
            agency="" if kinds[at % 2] == Reader.Kind.INSPECTOR else "social-work",
            trained_on=making.first.date() - dt.timedelta(days=7),
            named_at=making.first, named_by=making.by,
        )
        for at, person in enumerate(everybody)
    ]  # fmt: skip
    Reader.objects.bulk_create(named)
    return list(zip(named[::2], named[1::2], strict=True))


def _people(round: Round, number: int) -> list[User]:
    """People made up to read, who cannot sign in."""
    return [
        User.objects.create(
            email=f"reader-{at}.{round.slug}.{round.area}@sightline.example",
            name=f"Reader {at} (invented)",
            designation="Record reader",
            password=_UNUSABLE,
        )
        for at in range(1, number + 1)
    ]


def _readings(
    making: _Making,
    round: Round,
    records: Sequence[SampledRecord],
    pairs: Sequence[tuple[Reader, Reader]],
    twice_share: int,
) -> list[Reading]:
    """Everything that is read, read or not yet, with what the form kept of it."""
    chance = making.chance
    twice = set(chance.sample(range(len(records)), -(-len(records) * twice_share // 100)))
    read = round_half_up(len(records) * making.how.read)
    readings: list[Reading] = []
    entries: list[SectionEntry] = []
    for at, record in enumerate(records):
        record.twice = at in twice
        pair = pairs[at % len(pairs)]
        first = (at // len(pairs)) % 2
        by = [pair[first], pair[1 - first]] if record.twice else [pair[first]]
        made = [_reading(making, round, record, who, part) for part, who in enumerate(by, 1)]
        said = _said(making, record, len(made))
        moment = _moment(making, at, len(records))
        for reading, answers in zip(made, said, strict=True):
            if at < read:
                _hand_in(reading, answers, moment)
            elif at // (2 * len(pairs)) % 2:  # every reader has some begun and some not
                _begin(reading, moment)
            if reading.state != Reading.State.ASSIGNED:
                share = 1.0 if reading.state == Reading.State.COMPLETE else 0.5
                if making.how.entries or share < 1:
                    entries += _entries(making, reading, answers, moment, share)
        readings += made
    SampledRecord.objects.filter(pk__in=[r.pk for r in records if r.twice]).update(twice=True)
    Reading.objects.bulk_create(readings, batch_size=_BATCH)
    SectionEntry.objects.bulk_create(entries, batch_size=_BATCH)
    return readings


def round_half_up(number: float) -> int:
    """The nearest whole number; a half goes up."""
    return int(number + 0.5)


def _said(making: _Making, record: SampledRecord, readers: int) -> list[Answers]:
    """What each of one or two readers answers about a record."""
    template, facts, errors = making.template, record.facts, making.how.errors
    said = [made_up.answers(template, facts, making.chance, errors=errors)]
    if readers > 1:
        said.append(made_up.again(template, facts, said[0], making.chance, errors=errors))
    return said


def _moment(making: _Making, at: int, records: int) -> dt.datetime:
    """When a record was read: six hours a day, in the order of their numbers."""
    day, within = divmod(at * _DAYS / records, 1)
    return making.first + dt.timedelta(days=int(day), hours=6 * within)


def _reading(
    making: _Making, round: Round, record: SampledRecord, reader: Reader, part: int
) -> Reading:
    return Reading(
        round=round, record=record, reader=reader, part=part, template=making.template.key,
        assigned_at=making.first, assigned_by=making.by,
    )  # fmt: skip


def _begin(reading: Reading, moment: dt.datetime) -> None:
    reading.state = Reading.State.IN_PROGRESS
    reading.started_at, reading.started_by = moment, reading.reader.person.audit_name


def _hand_in(reading: Reading, answers: Answers, moment: dt.datetime) -> None:
    _begin(reading, moment)
    reading.state = Reading.State.COMPLETE
    reading.answers = answers
    reading.submitted_at = moment + dt.timedelta(minutes=70)
    reading.submitted_by = reading.reader.person.audit_name


def _entries(
    making: _Making, reading: Reading, answers: Answers, moment: dt.datetime, share: float
) -> Iterator[SectionEntry]:
    """What the form kept: the first `share` of the sections, each sent once."""
    sections = making.template.sections
    where = {flag: making.chance.choice(sections).code for flag in answers["flags"]}
    for at, section in enumerate(sections[: max(1, int(len(sections) * share))]):
        codes = {item.code for item in section.items}
        entry = SectionEntry(
            reading=reading, section=section.code, version=1, based_on=0, token=uuid.uuid4(),
            entered_at=moment + dt.timedelta(minutes=4 * at + 1), entered_by=reading.started_by,
        )  # fmt: skip
        entry.answers = {
            "values": {code: v for code, v in answers["values"].items() if code in codes},
            "whys": {code: v for code, v in answers["whys"].items() if code in codes},
            "flags": {f: text for f, text in answers["flags"].items() if where[f] == section.code},
        }
        yield entry


def _settle(making: _Making, readings: Sequence[Reading]) -> None:
    """Settle a share of the differences, by agreement or as two views."""
    chance = making.chance
    settled = []
    for first, second in _both(readings):
        said = {
            reading.part: {
                (item, agency): code
                for item, agency, code in asking.flat(making.template, reading.answers)
            }
            for reading in (first, second)
        }
        for item, agency in sorted(said[1].keys() & said[2].keys()):
            values = (said[1][item, agency], said[2][item, agency])
            if values[0] != values[1] and chance.random() < making.how.settled:
                settled.append(_settlement(making, second, item, agency, values))
    Settlement.objects.bulk_create(settled, batch_size=_BATCH)


def _both(readings: Sequence[Reading]) -> Iterator[tuple[Reading, Reading]]:
    """First and second reading of each record that two have read."""
    firsts = {r.record_id: r for r in readings if r.part == 1}
    for second in readings:
        if second.part > 1 and second.state == Reading.State.COMPLETE:
            yield firsts[second.record_id], second


def _settlement(
    making: _Making, reading: Reading, item: str, agency: str, values: tuple[str, str]
) -> Settlement:
    both = making.chance.random() < making.how.two_views
    made = Settlement(
        record=reading.record, item=item, agency=agency,
        way=Settlement.Way.TWO_VIEWS if both else Settlement.Way.AGREED,
        settled_at=reading.submitted_at or making.first, settled_by=making.by,
    )  # fmt: skip
    made.value = None if both else making.chance.choice(values)
    made.why = "Talked through; the record can be read both ways." if both else "Looked at again."
    return made
