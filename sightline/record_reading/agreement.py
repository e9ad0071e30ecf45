"""How far the readers of a round agree: by item, pair, agency and day, and who is out of step.

Of records that have been read twice, and of nothing else. Worked out anew whenever something was
handed in, and kept in memory until then (`stats.agreement_report` takes about a quarter of a second
for 109 records of 60 items).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from sightline.record_reading.asking import options, template
from sightline.record_reading.definitions import Item
from sightline.record_reading.differences import (
    Key,
    ReadTwice,
    compared,
    places_of,
    read_twice,
    steps,
)
from sightline.record_reading.models import Round
from sightline.stats.agreement import Scale
from sightline.stats.agreement_report import (
    Answer,
    Drift,
    ItemAgreement,
    ItemScale,
    Report,
    Together,
    agreement_report,
)

FEWEST: Final = 10
"""Pairs of answers under which no statistic is shown."""

_JOINED: Final = " and "
_KEPT: Final[OrderedDict[str, Report]] = OrderedDict()
_MOST_KEPT: Final = 16


@dataclass(frozen=True)
class ItemSteps:
    """How far apart the answers to one item are.

    Attributes:
        item: which.
        same, one, more: pairs of answers that are alike, one step apart, two steps or more.
        apart: reading numbers of records about which it was answered differently.
        found: its statistics; None where nothing could be worked out.
        suggested: it lies under the threshold of the round, with enough pairs to say so.
    """

    item: Item
    same: int
    one: int
    more: int
    apart: tuple[int, ...]
    found: ItemAgreement | None
    suggested: bool

    @property
    def pairs(self) -> int:
        """Pairs of answers there are."""
        return self.same + self.one + self.more

    @property
    def enough(self) -> bool:
        """Whether there are enough to show a statistic."""
        return self.pairs >= FEWEST


@dataclass(frozen=True)
class Leaning:
    """Whether a reader answers higher or lower than those who read the same records.

    Attributes:
        reader: the key of the reader.
        pairs: pairs of answers on a scale.
        mean: steps by which theirs are higher; less than 0 where they are lower.
    """

    reader: str
    pairs: int
    mean: float

    @property
    def enough(self) -> bool:
        """Whether there are enough to say so without more ado."""
        return self.pairs >= FEWEST


@dataclass(frozen=True)
class Agreement:
    """Agreement in a round.

    Attributes:
        records: records that have been read twice.
        answers: pairs of answers that were compared.
        items: every item that both of a pair answered, in the order of the form.
        overall, pairs, agencies, days: of each, all items together. `pairs` are named by the keys
            of both readers (`readers_in`), `days` by ISO dates.
        drift: the last day against the first; None where there are not two.
        leanings: every reader with an answer on a scale that somebody else gave too.
        threshold: of the round.
    """

    records: int
    answers: int
    items: tuple[ItemSteps, ...]
    overall: Together | None
    pairs: tuple[Together, ...]
    agencies: tuple[Together, ...]
    days: tuple[Together, ...]
    drift: Drift | None
    leanings: tuple[Leaning, ...]
    threshold: float


def agreement(round: Round, pairs: Sequence[ReadTwice] | None = None) -> Agreement:
    """The agreement of a round as it is now.

    Args:
        round: which.
        pairs: its records that have been read twice, where they are at hand.
    """
    found = _both(read_twice(round) if pairs is None else pairs)
    worked_out = _report(found, float(round.threshold)) if found else None
    items = _items(found, worked_out)
    return Agreement(
        records=len(found),
        answers=sum(one.pairs for one in items),
        items=items,
        overall=worked_out.overall if worked_out else None,
        pairs=worked_out.pairs if worked_out else (),
        agencies=worked_out.agencies if worked_out else (),
        days=worked_out.periods if worked_out else (),
        drift=worked_out.drift if worked_out else None,
        leanings=_leanings(found),
        threshold=float(round.threshold),
    )


def report(round: Round) -> Report | None:
    """The statistics of a round as it is now; None while nothing has been read twice."""
    return _report(_both(read_twice(round)), float(round.threshold))


class _Both(NamedTuple):
    """A record with the answers of its two readers."""

    pair: ReadTwice
    first: Mapping[Key, str]
    second: Mapping[Key, str]

    @property
    def alike(self) -> list[Key]:
        """What both answered, in the order of the form."""
        return [key for key in self.first if key in self.second]


def _both(pairs: Iterable[ReadTwice]) -> list[_Both]:
    return [_Both(pair, *compared(pair)) for pair in pairs]


def _report(pairs: Sequence[_Both], threshold: float) -> Report | None:
    """The statistics of records that have been read twice; None where nothing was answered.

    What was worked out is kept for these very readings as they were handed in.
    """
    print_of = _fingerprint(pairs, threshold)
    if print_of in _KEPT:
        _KEPT.move_to_end(print_of)
        return _KEPT[print_of]
    answers = list(_answers(pairs))
    if not answers:
        return None
    found = agreement_report(answers, _scales(pairs, answers), threshold=threshold)
    _KEPT[print_of] = found
    while len(_KEPT) > _MOST_KEPT:
        _KEPT.popitem(last=False)
    return found


def readers_in(pair: Together) -> tuple[str, str]:
    """The keys of the two readers of a pair."""
    first, _, second = pair.name.partition(_JOINED)
    return first, second


def _fingerprint(pairs: Sequence[_Both], threshold: float) -> str:
    """What the statistics depend on: which readings, as they were handed in when."""
    text = [f"{threshold}"]
    for pair, _, _ in pairs:
        text += [f"{one.pk} {one.template} {one.submitted_at}" for one in (pair.first, pair.second)]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def _answers(pairs: Iterable[_Both]) -> Iterable[Answer]:
    """Every answer that both of a pair gave, on the day on which the later of them handed in."""
    for both in pairs:
        pair, day = both.pair, both.pair.day.isoformat()
        for reading, codes in ((pair.first, both.first), (pair.second, both.second)):
            reader = str(reading.reader_id)
            for item, agency in both.alike:
                code = codes[item, agency]
                yield Answer(pair.record.label, reader, item, code, agency, day)


def _scales(pairs: Iterable[_Both], answers: Iterable[Answer]) -> Mapping[str, ItemScale]:
    """Answers of a list that lies on a scale throughout have an order; all others are names."""
    asked = {answer.item for answer in answers}
    lists: dict[str, set[str]] = {}
    items: dict[str, Item] = {}
    for key in {both.pair.first.template for both in pairs}:
        for item in template(key).items():
            lists.setdefault(item.code, set()).add(item.list)
            items[item.code] = item
    return {code: _scale(items[code]) for code in asked if len(lists[code]) == 1}


def _scale(item: Item) -> ItemScale:
    on_scale = [(one.value, one.code) for one in options(item) if one.value is not None]
    if len(on_scale) < len(options(item)):
        return ItemScale()
    return ItemScale(Scale.ORDINAL, tuple(code for _, code in sorted(on_scale)))


def _items(pairs: Sequence[_Both], found: Report | None) -> tuple[ItemSteps, ...]:
    by_item: dict[str, list[tuple[int, int]]] = {}
    items: dict[str, Item] = {}
    for both in pairs:
        known = _by_code(both.pair.first.template)
        items = {**known, **items}
        for key in both.alike:
            far = steps(known[key[0]], both.first[key], both.second[key])
            by_item.setdefault(key[0], []).append((both.pair.record.number, far))
    statistics = {one.item: one for one in found.items} if found else {}
    under = found.under if found else ()
    return tuple(
        _steps_of(item, by_item[code], statistics.get(code), under=code in under)
        for code, item in items.items()
        if code in by_item
    )


def _by_code(key: str) -> Mapping[str, Item]:
    """The items of a template by code, in the order of the form."""
    return {item.code: item for item in template(key).items()}


def _steps_of(
    item: Item, far: Sequence[tuple[int, int]], found: ItemAgreement | None, *, under: bool
) -> ItemSteps:
    same = sum(by == 0 for _, by in far)
    one = sum(by == 1 for _, by in far)
    apart = tuple(dict.fromkeys(record for record, by in far if by))
    return ItemSteps(
        item, same, one, len(far) - same - one, apart, found,
        suggested=under and len(far) >= FEWEST,
    )  # fmt: skip


def _leanings(pairs: Iterable[_Both]) -> tuple[Leaning, ...]:
    """By reader, the mean of their answers less those of whom they read with, in steps."""
    by_reader: dict[str, list[int]] = {}
    for both in pairs:
        known = _by_code(both.pair.first.template)
        for key in both.alike:
            places = places_of(known[key[0]])
            one, other = places.get(both.first[key]), places.get(both.second[key])
            if one is not None and other is not None:
                first, second = str(both.pair.first.reader_id), str(both.pair.second.reader_id)
                by_reader.setdefault(first, []).append(one - other)
                by_reader.setdefault(second, []).append(other - one)
    found = [Leaning(key, len(far), sum(far) / len(far)) for key, far in by_reader.items()]
    return tuple(sorted(found, key=lambda one: (-abs(one.mean), one.reader)))
