"""How far the readers of a round agree: by item, pair, agency and day, and who is out of step.

Of records that have been read twice, and of nothing else. Worked out anew whenever something was
handed in, and kept in memory until then (`stats.agreement_report` takes about a quarter of a second
for 109 records of 60 items).
"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sightline.record_reading.definitions import Item, TemplateDefinition
from sightline.record_reading.differences import ReadTwice, compared, places_of, read_twice, steps
from sightline.record_reading.models import Round
from sightline.record_reading.templates import options, template
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
    found = read_twice(round) if pairs is None else pairs
    worked_out = report_of(found, float(round.threshold)) if found else None
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
    return report_of(read_twice(round), float(round.threshold))


def report_of(pairs: Sequence[ReadTwice], threshold: float) -> Report | None:
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


def _fingerprint(pairs: Sequence[ReadTwice], threshold: float) -> str:
    """What the statistics depend on: which readings, as they were handed in when."""
    text = [f"{threshold}"]
    for pair in pairs:
        text += [f"{one.pk} {one.template} {one.submitted_at}" for one in (pair.first, pair.second)]
    return hashlib.sha256("\n".join(text).encode()).hexdigest()


def _answers(pairs: Iterable[ReadTwice]) -> Iterable[Answer]:
    """Every answer that both of a pair gave, on the day on which the later of them handed in."""
    for pair in pairs:
        day = pair.day.isoformat()
        both = compared(pair)
        alike = both[0].keys() & both[1].keys()
        for reading, codes in zip((pair.first, pair.second), both, strict=True):
            reader = str(reading.reader_id)
            for (item, agency), code in codes.items():
                if (item, agency) in alike:
                    yield Answer(pair.record.label, reader, item, code, agency, day)


def _scales(pairs: Iterable[ReadTwice], answers: Iterable[Answer]) -> Mapping[str, ItemScale]:
    """Answers of a list that lies on a scale throughout have an order; all others are names."""
    asked = {answer.item for answer in answers}
    lists: dict[str, set[str]] = {}
    items: dict[str, Item] = {}
    for key in {pair.first.template for pair in pairs}:
        for item in template(key).items():
            lists.setdefault(item.code, set()).add(item.list)
            items[item.code] = item
    return {code: _scale(items[code]) for code in asked if len(lists[code]) == 1}


def _scale(item: Item) -> ItemScale:
    on_scale = [(one.value, one.code) for one in options(item) if one.value is not None]
    if len(on_scale) < len(options(item)):
        return ItemScale()
    return ItemScale(Scale.ORDINAL, tuple(code for _, code in sorted(on_scale)))


def _items(pairs: Sequence[ReadTwice], found: Report | None) -> tuple[ItemSteps, ...]:
    by_item: dict[str, list[tuple[int, int]]] = {}
    items: dict[str, Item] = {}
    for pair in pairs:
        known = _by_code(template(pair.first.template))
        first, second = compared(pair)
        for key, code in first.items():
            if key in second:
                item = items.setdefault(key[0], known[key[0]])
                far = steps(item, code, second[key])
                by_item.setdefault(item.code, []).append((pair.record.number, far))
    statistics = {one.item: one for one in found.items} if found else {}
    under = found.under if found else ()
    order = list(dict.fromkeys(code for pair in pairs for code in _by_code(_made_with(pair))))
    return tuple(
        _steps_of(items[code], by_item[code], statistics.get(code), under=code in under)
        for code in order
        if code in by_item
    )


def _made_with(pair: ReadTwice) -> TemplateDefinition:
    return template(pair.first.template)


def _by_code(made_with: TemplateDefinition) -> dict[str, Item]:
    return {item.code: item for item in made_with.items()}


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


def _leanings(pairs: Iterable[ReadTwice]) -> tuple[Leaning, ...]:
    """By reader, the mean of their answers less those of whom they read with, in steps."""
    by_reader: dict[str, list[int]] = {}
    for pair in pairs:
        known = _by_code(_made_with(pair))
        first, second = compared(pair)
        for (code, agency), one in first.items():
            other = second.get((code, agency))
            places = places_of(known[code])
            if other in places and one in places:
                far = places[one] - places[other]
                by_reader.setdefault(str(pair.first.reader_id), []).append(far)
                by_reader.setdefault(str(pair.second.reader_id), []).append(-far)
    found = [Leaning(key, len(far), sum(far) / len(far)) for key, far in by_reader.items()]
    return tuple(sorted(found, key=lambda one: (-abs(one.mean), one.reader)))
