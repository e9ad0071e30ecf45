"""Where two readers of a record differ, and which answer of a record counts.

A record has been read twice once its first and its second reading are both handed in. Before that
nothing of either leaves its own reader: not as a difference, not as agreement, not in a count.
Answers of one choice and answers by agency are compared; words and choices of several are not. A
question that was put to one of the two alone, because they differ about what it hangs on, is no
difference of its own. `docs/methods/M-25-agreement-in-a-round.md` works one through.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from sightline.record_reading.asking import asked as asked_of
from sightline.record_reading.asking import comparable, flat, options, template
from sightline.record_reading.definitions import Item, TemplateDefinition
from sightline.record_reading.models import Reading, Round, SampledRecord, Settlement

FIRST, SECOND, THIRD = 1, 2, 3
OVER: Final = (Reading.State.REASSIGNED, Reading.State.WITHDRAWN)

Key = tuple[str, str]
"""The code of an item, and the agency it was asked about, or ""."""


@dataclass(frozen=True)
class Settled:
    """What became of a difference. `value` is None where both views stand."""

    way: Settlement.Way
    value: str | None
    why: str
    by: str
    at: dt.datetime


@dataclass(frozen=True)
class Difference:
    """One answer about which two readers of a record differ.

    Attributes:
        record: whose.
        item, agency: which answer; `agency` is "" unless it was asked of each.
        first, second: the codes that the first and the second reader gave.
        size: steps between them on the item's scale, 1 or more; 1 where there are no steps.
        settlement: what became of it; None while nobody has decided.
    """

    record: SampledRecord
    item: str
    agency: str
    first: str
    second: str
    size: int
    settlement: Settled | None

    @property
    def key(self) -> Key:
        """Which answer of the record it is."""
        return self.item, self.agency


@dataclass(frozen=True)
class CountedRecord:
    """What counts of a record.

    Attributes:
        record: whose; `facts` is the row of the return.
        template: the key of the template its first reading was made with.
        answers: in the shape of a reading's; only what is asked, given how differences stand.
        two_views: answers left as two views. They are in no count, and not in `answers`.
        spread: the two codes of each of those, the first reader's first.
    """

    record: SampledRecord
    facts: Mapping[str, Any]
    template: str
    answers: Mapping[str, Any]
    two_views: frozenset[Key] = frozenset()
    spread: Mapping[Key, tuple[str, str]] = field(default_factory=dict)


class ReadTwice(NamedTuple):
    """A record whose first and second readings are handed in.

    `third` is a third reading that is handed in; `asked` is one that is not, of which nothing is
    seen.
    """

    record: SampledRecord
    first: Reading
    second: Reading
    third: Reading | None
    asked: Reading | None
    settlements: Mapping[Key, Settlement]

    @property
    def day(self) -> dt.date:
        """The day on which it had been read twice."""
        handed_in = [one.submitted_at for one in (self.first, self.second) if one.submitted_at]
        return max(handed_in).date()


def differences(round: Round) -> list[Difference]:
    """Every difference between two readers of a round: by reading number, then as in the form."""
    return [found for pair in read_twice(round) for found in differences_of(pair)]


def counted(round: Round) -> list[CountedRecord]:
    """What counts of every record that has been read, by reading number.

    The one place that says so: the value settled on; while nothing is, the first reading's. Where
    the two differ about whether a question is put at all, its answer comes from the one who
    answered it, once that way is what counts. A record that two are to read counts when both
    have handed in, or with what there is once the round is locked.
    """
    return [
        _counted_pair(found) if isinstance(found, ReadTwice) else _counted_alone(found)
        for found in _countable(round)
    ]


def read_twice(round: Round, records: Iterable[UUID] | None = None) -> list[ReadTwice]:
    """The records of a round that have been read twice, by reading number; `records` alone."""
    return [found for _, found in _in(round, records) if isinstance(found, ReadTwice)]


def read_once(round: Round) -> QuerySet[Reading]:
    """Readings handed in of records that one alone is to read."""
    second = Reading.objects.filter(record=OuterRef("record"), part=SECOND).exclude(state__in=OVER)
    return Reading.objects.filter(
        ~Exists(second),
        round=round,
        part=FIRST,
        state=Reading.State.COMPLETE,
        record__state=SampledRecord.State.DRAWN,
        record__twice=False,
        record__sample__set_aside_at__isnull=True,
    )


# What was handed in


class _Alone(NamedTuple):
    record: SampledRecord
    reading: Reading


def _countable(round: Round) -> Iterator[ReadTwice | _Alone]:
    for _, found in _in(round, None):
        if found is not None:
            yield found


def _in(
    round: Round, only: Iterable[UUID] | None
) -> Iterator[tuple[SampledRecord, ReadTwice | _Alone | None]]:
    """Every drawn record of the sample in use, with what of it may be seen."""
    records = SampledRecord.objects.filter(
        sample__round=round,
        sample__set_aside_at__isnull=True,
        state=SampledRecord.State.DRAWN,
    ).order_by("number")
    readings = Reading.objects.filter(round=round).exclude(state__in=OVER)
    settlements = Settlement.objects.filter(record__sample__round=round, superseded_at__isnull=True)
    if only is not None:
        chosen = list(only)
        records = records.filter(pk__in=chosen)
        readings, settlements = (
            readings.filter(record__in=chosen),
            settlements.filter(record__in=chosen),
        )
    parts: dict[UUID, dict[int, Reading]] = {}
    for reading in readings.select_related("reader__person"):
        reading.round = round
        parts.setdefault(reading.record_id, {})[reading.part] = reading
    settled: dict[UUID, dict[Key, Settlement]] = {}
    for one in settlements:
        settled.setdefault(one.record_id, {})[one.item, one.agency] = one
    locked = round.state == Round.State.LOCKED
    for record in records:
        yield (
            record,
            _seen(record, parts.get(record.pk, {}), settled.get(record.pk, {}), locked=locked),
        )


def _seen(
    record: SampledRecord,
    parts: Mapping[int, Reading],
    settlements: Mapping[Key, Settlement],
    *,
    locked: bool,
) -> ReadTwice | _Alone | None:
    given = {part: parts[part] for part in parts if _is_in(parts[part])}
    first, second = given.get(FIRST), given.get(SECOND)
    if first and second:
        asked = parts.get(THIRD) if THIRD not in given else None
        return ReadTwice(record, first, second, given.get(THIRD), asked, settlements)
    alone = first or second
    is_of_two = record.twice or SECOND in parts
    if alone is None or (is_of_two and not locked):
        return None
    return _Alone(record, alone)


def _is_in(reading: Reading) -> bool:
    return reading.state == Reading.State.COMPLETE and reading.answers is not None


# Comparing


def differences_of(pair: ReadTwice) -> list[Difference]:
    """The differences of one record, in the order of the form."""
    made_with = template(pair.first.template)
    first, second = compared(pair)
    third = _codes(pair, pair.third, made_with) if pair.third else {}
    found = []
    for key, one in first.items():
        other = second.get(key)
        if other is None or other == one:
            continue
        settlement = _settlement(pair.settlements.get(key), one, other) or _third(pair, key, third)
        size = steps(made_with.item(key[0]), one, other)
        found.append(Difference(pair.record, *key, one, other, size, settlement))
    return found


def compared(pair: ReadTwice) -> tuple[dict[Key, str], dict[Key, str]]:
    """The answers of both readers that may be compared: those under items both were asked."""
    made_with = template(pair.first.template)
    return _codes(pair, pair.first, made_with), _codes(pair, pair.second, made_with)


def _codes(pair: ReadTwice, reading: Reading, made_with: TemplateDefinition) -> dict[Key, str]:
    """A reading's answers as counted, under the items of another's template that are the same."""
    own = template(reading.template)
    values = _asked_values(own, pair.record.facts, reading.answers["values"])
    found = {(item, agency): code for item, agency, code in flat(own, {"values": values})}
    if own.key == made_with.key:
        return found
    same = {key[0] for key in found if comparable(made_with.key, key[0], own.key) == "same"}
    return {key: code for key, code in found.items() if key[0] in same}


def _asked_values(
    made_with: TemplateDefinition, facts: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    return {code: values[code] for code in asked_of(made_with, facts, values) if code in values}


def steps(item: Item, one: str, other: str) -> int:
    """How far two answers of an item are apart: steps on its scale, else 1 (0 if the same)."""
    if one == other:
        return 0
    places = places_of(item)
    if one not in places or other not in places:
        return 1
    return abs(places[one] - places[other])


def is_on_scale(item: Item, *codes: str) -> bool:
    """Whether all these answers lie on a scale, so that there are steps between them."""
    return set(codes) <= places_of(item).keys()


def places_of(item: Item) -> Mapping[str, int]:
    """The answers of an item that lie on a scale, from 1, the lowest."""
    scaled = {one.code: one.value for one in options(item) if one.value is not None}
    order = sorted(set(scaled.values()))
    return {code: 1 + order.index(value) for code, value in scaled.items()}


def _settlement(found: Settlement | None, first: str, second: str) -> Settled | None:
    """What was settled, unless one of the two has since handed in another answer."""
    if found is None or (found.between and found.between != [first, second]):
        return None
    way = Settlement.Way(found.way)
    return Settled(way, found.value, found.why, found.settled_by, found.settled_at)


def _third(pair: ReadTwice, key: Key, codes: Mapping[Key, str]) -> Settled | None:
    """A third reader's answer decides what nobody else has."""
    reading = pair.third
    if reading is None or key not in codes or reading.submitted_at is None:
        return None
    why = str(reading.answers.get("whys", {}).get(key[0], ""))
    way = Settlement.Way.THIRD
    return Settled(way, codes[key], why, reading.submitted_by, reading.submitted_at)


# Counting


def _counted_alone(found: _Alone) -> CountedRecord:
    record, reading = found.record, found.reading
    made_with = template(reading.template)
    given = reading.answers
    values = _asked_values(made_with, record.facts, given["values"])
    answers = {**given, "values": values, "whys": _whys_of(values, given)}
    return CountedRecord(record, record.facts, made_with.key, answers)


def _whys_of(values: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, str]:
    return {code: why for code, why in given.get("whys", {}).items() if code in values}


def _counted_pair(pair: ReadTwice) -> CountedRecord:
    """The answers of two readers put together by what was settled."""
    record, made_with = pair.record, template(pair.first.template)
    found = {one.key: one for one in differences_of(pair)}
    views = {
        key: one
        for key, one in found.items()
        if one.settlement and one.settlement.way == Settlement.Way.TWO_VIEWS
    }
    values = _together(pair, made_with, found.values())
    wanted = _wanted(made_with, record.facts, values, views.values())
    values = {code: value for code, value in values.items() if code in wanted}
    views = {key: one for key, one in views.items() if key[0] in wanted}
    for item, agency in views:
        values = _without(values, item, agency)
    answers = {
        "values": values,
        "whys": _whys(pair, values, found),
        "flags": _flags(pair),
    }
    spread = {key: (one.first, one.second) for key, one in views.items()}
    return CountedRecord(record, record.facts, made_with.key, answers, frozenset(views), spread)


def _together(
    pair: ReadTwice, made_with: TemplateDefinition, found: Iterable[Difference]
) -> dict[str, Any]:
    """All answers of both: the first reader's where there are two, what was settled over both."""
    first = _asked_values(made_with, pair.record.facts, pair.first.answers["values"])
    codes = _codes(pair, pair.second, made_with)
    other = pair.second.answers["values"]
    values: dict[str, Any] = {}
    for item in made_with.items():
        code = item.code
        if item.kind == "by-agency":
            given = {agency: one for (of, agency), one in codes.items() if of == code}
            value: Any = given | first.get(code, {})
        elif item.kind == "one":
            value = first.get(code, codes.get((code, "")))
        else:
            value = first.get(code, other.get(code) if _alike(pair, code) else None)
        if value:
            values[code] = value
    for one in found:
        if one.settlement and one.settlement.value is not None:
            values = _with(values, one.item, one.agency, one.settlement.value)
    return values


def _alike(pair: ReadTwice, item: str) -> bool:
    return comparable(pair.first.template, item, pair.second.template) == "same"


def _wanted(
    made_with: TemplateDefinition,
    facts: Mapping[str, Any],
    values: Mapping[str, Any],
    views: Iterable[Difference],
) -> frozenset[str]:
    """Items asked of the record; of what hangs on two views, those asked under both."""
    under_second = dict(values)
    for one in views:
        under_second = _with(under_second, one.item, one.agency, one.second)
    both = (asked_of(made_with, facts, values), asked_of(made_with, facts, under_second))
    return frozenset(both[0]) & frozenset(both[1])


def _with(values: Mapping[str, Any], item: str, agency: str, code: str) -> dict[str, Any]:
    if not agency:
        return {**values, item: code}
    return {**values, item: {**values.get(item, {}), agency: code}}


def _without(values: Mapping[str, Any], item: str, agency: str) -> dict[str, Any]:
    rest = {code: value for code, value in values.items() if code != item}
    if agency and item in values:
        others = {of: code for of, code in values[item].items() if of != agency}
        return {**rest, item: others} if others else rest
    return rest


def _whys(
    pair: ReadTwice, values: Mapping[str, Any], found: Mapping[Key, Difference]
) -> dict[str, str]:
    """For each answer the reason of whoever gave it; where nobody did, why it was settled so."""
    whys: dict[str, str] = {}
    for code, value in values.items():
        for reading in (pair.first, pair.second):
            why = reading.answers.get("whys", {}).get(code)
            if why and reading.answers["values"].get(code) == value:
                whys[code] = why
                break
        else:
            difference = found.get((code, ""))
            if difference and difference.settlement and difference.settlement.why:
                whys[code] = difference.settlement.why
    return whys


def _flags(pair: ReadTwice) -> dict[str, str]:
    """What either of the two flagged; nobody's words are lost."""
    flags: dict[str, str] = {}
    for reading in (pair.first, pair.second):
        for flag, text in reading.answers.get("flags", {}).items():
            said = flags.get(flag)
            flags[flag] = text if said in (None, text) else f"{said}\n\n{text}"
    return flags
