"""Agreement of a whole reading: by item, reader pair, agency and period, and what falls short.

`docs/methods/M-10-agreement.md` says how the figures of several items are put together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import hypot
from typing import TYPE_CHECKING, Final

from sightline.stats.agreement import (
    SEED,
    TIMES,
    Scale,
    Statistic,
    Tally,
    draws,
    ends,
    measures,
    resampled,
    scale_of,
    tally,
)
from sightline.stats.checking import confidence, finite, whole
from sightline.stats.intervals import LEVEL, Interval, Missing, proportion
from sightline.stats.tallies import distance

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

THRESHOLD: Final = 0.6
_LEAST_TIMES: Final = 100
_PAIR: Final = 2


@dataclass(frozen=True)
class Answer:
    """One answer of one reader about one record.

    Attributes:
        record: whose record.
        reader: who read it.
        item: which question.
        value: the answer; None where the reader gave none, which is left out.
        agency: of a question asked about each agency, which; otherwise empty. Answers about two
            agencies are two answers, never compared with each other.
        period: when it was read, such as "2026-03"; periods follow each other as they sort.
    """

    record: str
    reader: str
    item: str
    value: Hashable | None
    agency: str = ""
    period: str = ""


@dataclass(frozen=True)
class ItemScale:
    """What the values of an item are to each other, and all of them in their order, if known."""

    scale: Scale = Scale.NOMINAL
    values: tuple[Hashable, ...] | None = None


Scales = Mapping[str, ItemScale]
_PLAIN: Final = ItemScale()


@dataclass(frozen=True)
class ItemAgreement:
    """One item: how much was read twice, and every statistic.

    Attributes:
        item: its name.
        scale: what was assumed of its values.
        records: records with two answers or more.
        statistics: each with its interval, or why it has none.
        headline: the statistic held against the threshold: AC1, or AC2 where values have an order.
    """

    item: str
    scale: Scale
    records: int
    statistics: Mapping[Statistic, Interval | Missing]
    headline: Interval | Missing


@dataclass(frozen=True)
class Together:
    """All items of one reader pair, agency or period.

    Attributes:
        name: the readers joined by " and ", the agency or the period.
        records: records with something answered twice.
        answers: answers that two readers gave of one thing.
        per_cent: share of those pairs of answers that are alike.
        beyond_chance: 1 − disagreement seen over that by chance, both added up over items (AC1, or
            AC2 where values have an order).
    """

    name: str
    records: int
    answers: int
    per_cent: Interval | Missing
    beyond_chance: Interval | Missing


@dataclass(frozen=True)
class Drift:
    """Whether the last period differs from the first.

    Attributes:
        first: the earliest period with anything read twice.
        last: the latest.
        difference: of agreement beyond chance, last less first.
        differs: the interval of the difference leaves out 0.
    """

    first: str
    last: str
    difference: Interval
    differs: bool


@dataclass(frozen=True)
class Report:
    """The whole of it. Items, pairs, agencies and periods are each in order of name.

    Attributes:
        overall: all items and readers together.
        threshold: what `under` is held against.
        under: items whose headline is under the threshold, the lowest first.
        surely_under: those of them whose whole interval is.
        unknown: items that have no headline.
        drift: None where fewer than two periods can be compared.
    """

    overall: Together
    items: tuple[ItemAgreement, ...]
    pairs: tuple[Together, ...]
    agencies: tuple[Together, ...]
    periods: tuple[Together, ...]
    drift: Drift | None
    threshold: float
    under: tuple[str, ...]
    surely_under: tuple[str, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True)
class _How:
    level: float
    seed: int
    times: int


def agreement_report(
    answers: Sequence[Answer],
    scales: Scales | None = None,
    *,
    threshold: float = THRESHOLD,
    level: float = LEVEL,
    seed: int = SEED,
    times: int = TIMES,
) -> Report:
    """Work out the agreement of a reading.

    Args:
        answers: every answer; one for each record, reader, item and agency.
        scales: by item; one left out is of names (nominal).
        threshold: agreement beyond chance under which an item is listed.
        level: two-sided confidence.
        seed: of the resampling of records.
        times: how often records are drawn anew.

    Raises:
        ValueError: no answers; one reader only; a reader answered one thing twice; a scale for an
            item nobody answered; a threshold outside −1 to 1.
    """
    limit = finite("threshold", threshold)
    if not -1 <= limit <= 1:
        raise ValueError(f"threshold is {threshold}; give a share such as {THRESHOLD}.")
    how = _How(confidence(level), seed, whole("times", times, at_least=_LEAST_TIMES))
    given = [answer for answer in answers if answer.value is not None]
    known = scales or {}
    _check(given, known)
    items = tuple(_item(item, of, known, how) for item, of in _split(given, lambda r: r.item))
    judged = [(i.headline, i.item) for i in items if isinstance(i.headline, Interval)]
    under = sorted((found.estimate, item) for found, item in judged if found.estimate < limit)
    periods = tuple(_groups(given, lambda r: r.period, known, how))
    return Report(
        overall=_together("all", given, known, how),
        items=items,
        pairs=tuple(_pairs(given, known, how)),
        agencies=tuple(_groups(given, lambda r: r.agency, known, how)),
        periods=periods,
        drift=_drift(periods, how.level),
        threshold=limit,
        under=tuple(item for _, item in under),
        surely_under=tuple(sorted(item for found, item in judged if found.high < limit)),
        unknown=tuple(i.item for i in items if isinstance(i.headline, Missing)),
    )


def _check(given: Sequence[Answer], scales: Scales) -> None:
    if not given:
        raise ValueError("there are no answers; give one for each record, reader and item.")
    if len({answer.reader for answer in given}) < _PAIR:
        raise ValueError(
            f"{given[0].reader} is the only reader; agreement needs two, so have some records read "
            "twice."
        )
    strange = sorted(set(scales) - {answer.item for answer in given})
    if strange:
        raise ValueError(f"{', '.join(strange)} has a scale and no answers; check its name.")
    seen = set()
    for answer in given:
        values = scales.get(answer.item, _PLAIN).values
        if values is not None and answer.value not in values:
            raise ValueError(f"{answer.value} is not among the values of {answer.item}; mend it.")
        key = (answer.record, answer.reader, answer.item, answer.agency)
        if key in seen:
            raise ValueError(
                f"{answer.reader} answered {answer.item} of {answer.record} twice; keep one."
            )
        seen.add(key)


def _split(given: Sequence[Answer], by: Callable[[Answer], str]) -> list[tuple[str, list[Answer]]]:
    found: dict[str, list[Answer]] = {}
    for answer in given:
        found.setdefault(by(answer), []).append(answer)
    return sorted(found.items())


def _tally(given: Sequence[Answer], scale: ItemScale) -> tuple[Tally, list[str]]:
    """The answers to one item counted out, and the record each row of weights is of.

    Raises:
        ValueError: nothing was read twice.
    """
    readers = {reader: i for i, reader in enumerate(sorted({r.reader for r in given}))}
    units: dict[tuple[str, str], list[Hashable | None]] = {}
    for answer in given:
        row = units.setdefault((answer.record, answer.agency), [None] * len(readers))
        row[readers[answer.reader]] = answer.value
    keys = sorted(units)
    records = [record for record, _ in keys]
    found = tally([units[key] for key in keys], scale.values, records)
    return found, list(dict.fromkeys(records))


def _item(item: str, given: Sequence[Answer], scales: Scales, how: _How) -> ItemAgreement:
    scale = scales.get(item, _PLAIN)
    try:
        found, _ = _tally(given, scale)
    except ValueError as fault:
        why = Missing(str(fault))
        return ItemAgreement(item, scale.scale, 0, dict.fromkeys(Statistic, why), why)
    measured = measures(found, scale=scale.scale, level=how.level, seed=how.seed, times=how.times)
    if scale.scale is Scale.NOMINAL:
        for statistic in (Statistic.WEIGHTED_KAPPA, Statistic.AC2):
            measured[statistic] = Missing("the values are names, with no steps between them")
    headline = measured[_headline(scale.scale)]
    return ItemAgreement(item, scale.scale, _twice(found), measured, headline)


def _headline(scale: Scale) -> Statistic:
    return Statistic.AC1 if scale is Scale.NOMINAL else Statistic.AC2


def _twice(found: Tally) -> int:
    return len(set(found.records[found.counts.sum(axis=1) >= _PAIR].tolist()))


def _pairs(given: Sequence[Answer], scales: Scales, how: _How) -> list[Together]:
    """Every two readers who read something of one record between them."""
    by_record: dict[str, set[str]] = {}
    for answer in given:
        by_record.setdefault(answer.record, set()).add(answer.reader)
    met = {pair for readers in by_record.values() for pair in combinations(sorted(readers), 2)}
    return [
        _together(" and ".join(pair), [r for r in given if r.reader in pair], scales, how)
        for pair in sorted(met)
    ]


def _groups(
    given: Sequence[Answer], by: Callable[[Answer], str], scales: Scales, how: _How
) -> list[Together]:
    return [_together(name, of, scales, how) for name, of in _split(given, by) if name]


def _together(name: str, given: Sequence[Answer], scales: Scales, how: _How) -> Together:
    """The items of a group, their disagreements added up, records drawn anew for all at once."""
    import numpy as np

    counted = []
    for item, of in _split(given, lambda r: r.item):
        try:
            scale = scales.get(item, _PLAIN)
            counted.append(_Counted(*_tally(of, scale), scale.scale))
        except ValueError:
            continue  # nothing of this item was read twice in this group
    if not counted:
        why = Missing("nothing was read by two readers")
        return Together(name, 0, 0, why, why)
    place = {record: i for i, record in enumerate(sorted({r for c in counted for r in c.held}))}
    summed = [one.by_record(place) for one in counted]
    once = np.ones((1, len(place)))
    weights = np.vstack([once, draws(len(place), how.times, how.seed)])
    # One product for all items: three sums over items, then for each item its columns.
    seen = weights @ sum(columns[:, :3] for columns in summed)
    sums = weights @ np.hstack([columns[:, 2:] for columns in summed])
    chance, at = np.zeros(len(weights)), 0
    for one, columns in zip(counted, summed, strict=True):
        width = columns.shape[1] - 2
        chance += one.chance(sums[:, at : at + width])
        at += width
    read = np.any([columns[:, 2] > 0 for columns in summed], axis=0)
    size, answers = int(read.sum()), float(seen[0, 2])
    per_cent = _figure(seen[:, 0], seen[:, 2], size, answers, how, least=0.0)
    beyond = _figure(seen[:, 1], chance, size, answers, how)
    return Together(name, size, round(answers), per_cent, beyond)


@dataclass(frozen=True)
class _Counted:
    """One item of a group: its tally, and the record each place of it stands for."""

    found: Tally
    held: list[str]
    scale: Scale

    def _apart(self) -> NDArray[np.float64]:
        named = self.scale is Scale.NOMINAL
        statistic = Statistic.AC1 if named else Statistic.AC2
        return distance(self.found.values, scale_of(self.found, statistic, self.scale))

    def by_record(self, place: Mapping[str, int]) -> NDArray[np.float64]:
        """A row each record of the group. Columns: disagreement as names, and by steps; units read
        twice; then for each value its share, each unit counting once.
        """
        import numpy as np

        counts = self.found.counts
        read = counts.sum(axis=1)
        twice = read >= _PAIR
        pairs = np.where(twice, read * (read - 1), 1.0)
        names = distance(self.found.values, Scale.NOMINAL)
        far = [((counts * (counts @ d)).sum(axis=1) / pairs) for d in (names, self._apart())]
        rows = np.column_stack([*far, twice * 1.0, counts / read[:, None]])
        found = np.zeros((len(place), rows.shape[1]))
        np.add.at(found, [place[self.held[at]] for at in self.found.records], rows)
        return found

    def chance(self, sums: NDArray[np.float64]) -> NDArray[np.float64]:
        """Disagreement by chance times units read twice, from the sums of the last columns."""
        import numpy as np

        read, shares = sums[:, 0], sums[:, 1:]
        size = shares.shape[1]
        if size < _PAIR:
            return read
        total = shares.sum(axis=1, keepdims=True)
        shares = shares / np.where(total > 0, total, 1.0)
        alike = (1 - self._apart()).sum() / (size * (size - 1))
        return np.asarray(read * (1 - alike * (shares * (1 - shares)).sum(axis=1)))


def _figure(
    seen: NDArray[np.float64],
    chance: NDArray[np.float64],
    records: int,
    answers: float,
    how: _How,
    *,
    least: float = -1.0,
) -> Interval | Missing:
    """One figure from disagreement seen and by chance: the sample itself first, then resamples."""
    if records < _PAIR:
        return Missing("one record was read twice; an interval needs two or more")
    if seen[0] == 0:
        # Drawing anew can show no doubt where all agree. Answers about one record are not
        # independent, so it is the records that are counted.
        low = proportion(records, records, level=how.level).low
        low = max(-1.0, 1 - (1 - low) * answers / float(chance[0]))
        return Interval(1.0, low, 1.0, how.level, "Wilson, as every answer agrees")
    estimate = 1 - float(seen[0] / chance[0])
    found = ends(resampled(seen[1:], chance[1:]), estimate, how.level, least=least)
    words = f"records drawn anew {how.times:,} times, seed {how.seed}"
    return Interval(estimate, *found, how.level, words)


def _drift(periods: Sequence[Together], level: float) -> Drift | None:
    known = [(p.name, p.beyond_chance) for p in periods if isinstance(p.beyond_chance, Interval)]
    if len(known) < _PAIR:
        return None
    (first, before), (last, after) = known[0], known[-1]
    gap = after.estimate - before.estimate
    down = hypot(after.estimate - after.low, before.high - before.estimate)
    up = hypot(after.high - after.estimate, before.estimate - before.low)
    found = Interval(gap, gap - down, gap + up, level, "hybrid of the two intervals")
    return Drift(first, last, found, not found.includes_zero)
