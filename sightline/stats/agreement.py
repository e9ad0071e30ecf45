"""How far readers who read the same records agree, beyond what chance would give.

Statistics over a table of `units`: one row a record, one column a reader, each cell a value of the
item or None where that reader did not answer. `docs/methods/M-10-agreement.md` works them through.
All are written here: what libraries have of them is partial, or not free to use.

Every statistic is a function of what each record adds, so one resampling of records (from a fixed
seed) serves them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from sightline.stats.checking import confidence, whole
from sightline.stats.intervals import LEVEL, Interval, Missing, proportion
from sightline.stats.tallies import Scale, Tally, Units, distance, tally

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Places = NDArray[np.int64]

SEED = 1
TIMES = 1000
_LEAST_TIMES = 100
_PAIR = 2


class Statistic(StrEnum):
    """The statistics, as they are called."""

    PER_CENT = "per cent agreement"
    KAPPA = "Cohen’s kappa"
    WEIGHTED_KAPPA = "quadratic-weighted kappa"
    AC1 = "Gwet’s AC1"
    AC2 = "Gwet’s AC2"
    ALPHA = "Krippendorff’s alpha"


Parts = tuple["Floats", "Floats"]
"""Disagreement seen and by chance, one a resample: the statistic is 1 − seen / chance."""


class Resamples:
    """A tally under several sets of weights, one row a set, one weight a record.

    Sums that more than one statistic needs are made once.
    """

    def __init__(self, found: Tally, weights: Floats) -> None:
        self.found = found
        self._weights = weights

    def weights_at(self, records: Places) -> Floats:
        """The weights of these records; the same array where they are all there, in order."""
        plain = len(records) == self._weights.shape[1]
        if plain and bool((records == range(len(records))).all()):
            return self._weights
        return self._weights[:, records]

    @cached_property
    def pairs(self) -> Floats:
        """For two readers: how often the first said this and the second that."""
        pairs = self.found.pairs
        if pairs is None:
            raise ValueError("kappa is of two readers; take each pair in turn, or Gwet or alpha.")
        size = len(self.found.values)
        sums = self.weights_at(self.found.of_pairs) @ pairs.reshape(len(pairs), -1)
        return sums.reshape(-1, size, size)

    @cached_property
    def coincidences(self) -> Floats:
        """Pairs of answers to one unit, both ways round; a unit counts as often as answered."""
        if self.found.pairs is not None:
            return self.pairs + self.pairs.transpose(0, 2, 1)
        read = self.found.counts.sum(axis=1)
        counts = self.found.counts[read >= _PAIR]
        size = len(self.found.values)
        together = counts[:, :, None] * counts[:, None, :]
        together[:, range(size), range(size)] -= counts
        together /= (counts.sum(axis=1) - 1)[:, None, None]
        weights = self.weights_at(self.found.records[read >= _PAIR])
        table: Floats = weights @ together.reshape(len(counts), -1)
        return table.reshape(-1, size, size)

    @cached_property
    def shares(self) -> Floats:
        """The share of each value, each unit counting once."""
        import numpy as np

        counts = self.found.counts
        weights = self.weights_at(self.found.records)
        sums = weights @ (counts / counts.sum(axis=1)[:, None])
        return np.asarray(sums / sums.sum(axis=1, keepdims=True))

    def seen(self, apart: Floats) -> Floats:
        """Mean distance of two answers to one unit, over units with two or more."""
        import numpy as np

        with np.errstate(divide="ignore", invalid="ignore"):
            if self.found.pairs is not None:
                total = self.pairs.sum(axis=(1, 2))
                return np.asarray(_times(self.pairs, apart) / total)
            counts, read = self.found.counts, self.found.counts.sum(axis=1)
            twice = read >= _PAIR
            far = (counts * (counts @ apart)).sum(axis=1)
            far = far * twice / np.where(twice, read * (read - 1), 1.0)
            weights = self.weights_at(self.found.records)
            return np.asarray((weights @ far) / (weights @ twice.astype(float)))


def _times(tables: Floats, apart: Floats) -> Floats:
    """Sum over both values of each table times its distances (one table of them, or one each)."""
    size = tables.shape[1] ** 2
    sums: Floats = (tables.reshape(-1, size) * apart.reshape(-1, size)).sum(axis=1)
    return sums


def _per_cent(given: Resamples, scale: Scale) -> Parts:
    import numpy as np

    seen = given.seen(distance(given.found.values, Scale.NOMINAL))
    return seen, np.ones(len(seen))


def _kappa(given: Resamples, scale: Scale) -> Parts:
    apart = distance(given.found.values, scale)
    first, second = given.pairs.sum(axis=2), given.pairs.sum(axis=1)
    total = first.sum(axis=1)
    return _times(given.pairs, apart) / total, ((first @ apart) * second).sum(axis=1) / total**2


def _gwet(given: Resamples, scale: Scale) -> Parts:
    import numpy as np

    size = len(given.found.values)
    apart = distance(given.found.values, scale)
    seen = given.seen(apart)
    if size < _PAIR:
        return seen, np.ones(len(seen))
    spread = (given.shares * (1 - given.shares)).sum(axis=1)
    return seen, 1 - (1 - apart).sum() / (size * (size - 1)) * spread


def _alpha(given: Resamples, scale: Scale) -> Parts:
    import numpy as np

    table = given.coincidences
    margin = table.sum(axis=2)
    total = margin.sum(axis=1)
    ordinal = scale is Scale.ORDINAL
    apart = _ordinal(margin) if ordinal else distance(given.found.values, scale)[None]
    chance = (np.matmul(margin[:, None, :], apart)[:, 0, :] * margin).sum(axis=1)
    return _times(table, apart) / total, chance / (total * (total - 1))


def _ordinal(margin: Floats) -> Floats:
    """Squared ordinal distance, 0 to 1: the answers between two values, half of those on each."""
    import numpy as np

    middle = np.cumsum(margin, axis=1) - margin / 2
    apart = (middle[:, :, None] - middle[:, None, :]) ** 2
    widest = apart.max(axis=(1, 2), keepdims=True)
    return np.asarray(apart / np.where(widest > 0, widest, 1.0))


_Part = Callable[[Resamples, Scale], Parts]
_FUNCTIONS: Final[Mapping[Statistic, _Part]] = {
    Statistic.PER_CENT: _per_cent,
    Statistic.KAPPA: _kappa,
    Statistic.WEIGHTED_KAPPA: _kappa,
    Statistic.AC1: _gwet,
    Statistic.AC2: _gwet,
    Statistic.ALPHA: _alpha,
}
_AS_NAMES: Final = frozenset({Statistic.PER_CENT, Statistic.KAPPA, Statistic.AC1})
_STEPS: Final = frozenset({Statistic.WEIGHTED_KAPPA, Statistic.AC2})
_UNDEFINED: Final = {
    Statistic.KAPPA: "both readers gave one and the same value throughout",
    Statistic.WEIGHTED_KAPPA: "both readers gave one and the same value throughout",
    Statistic.ALPHA: "every answer is the same value",
}


def scale_of(found: Tally, statistic: Statistic, scale: Scale) -> Scale:
    """The scale a statistic goes by: kappa, AC1 and per cent take all values for names.

    Raises:
        ValueError: the order of the values matters and is not known.
    """
    if statistic in _AS_NAMES:
        return Scale.NOMINAL
    used = Scale.INTERVAL if statistic in _STEPS and scale is Scale.NOMINAL else scale
    if used is not Scale.NOMINAL and not found.ordered:
        raise ValueError(
            f"{statistic} needs the order of the values, and words have none of their own; "
            "give `values`, from one end to the other."
        )
    return used


def parts(given: Resamples, statistic: Statistic, scale: Scale) -> Parts:
    """Disagreement seen and by chance in each resample.

    Raises:
        ValueError: as `measure`.
    """
    return _FUNCTIONS[statistic](given, scale_of(given.found, statistic, scale))


def measures(
    found: Tally,
    statistics: Iterable[Statistic] = Statistic,
    *,
    scale: Scale = Scale.NOMINAL,
    level: float = LEVEL,
    seed: int = SEED,
    times: int = TIMES,
) -> dict[Statistic, Interval | Missing]:
    """Several statistics of one tally, each with its interval or why it has none; see `measure`."""
    given: dict[Statistic, Interval | Missing] = {}
    prepared = _Prepared.of(found, confidence(level), seed, times)
    for statistic in statistics:
        try:
            given[statistic] = prepared.measure(statistic, scale)
        except ValueError as fault:
            given[statistic] = Missing(str(fault))
    return given


def measure(
    found: Tally,
    statistic: Statistic,
    *,
    scale: Scale = Scale.NOMINAL,
    level: float = LEVEL,
    seed: int = SEED,
    times: int = TIMES,
) -> Interval:
    """One statistic with its interval.

    Kappa, AC and alpha run from below 0 (worse than chance) to 1; per cent from 0 to 1. Records are
    drawn anew `times` over from a fixed seed, with two exceptions. Per cent agreement of two
    readers is a share of records, so its interval is Wilson's. Where every answer agrees, drawing
    anew can show no doubt: the lower end then is what the statistic would be if agreement were at
    the lower end of Wilson's interval. A resample in which chance leaves nothing to disagree about
    (all answers alike) counts as full agreement; one without a record read twice is left out.

    Raises:
        ValueError: kappa of other than two readers; one record only; an order that is not known; or
            the statistic has no value because all ratings are the same: the message says what to
            give instead.
    """
    return _Prepared.of(found, confidence(level), seed, times).measure(statistic, scale)


@dataclass(frozen=True)
class _Prepared:
    """A tally with its resamples, which every statistic of it shares."""

    once: Resamples
    again: Resamples
    twice: int
    level: float
    words: str

    @classmethod
    def of(cls, found: Tally, level: float, seed: int, times: int) -> _Prepared:
        import numpy as np

        records = 1 + int(found.records.max())
        drawn = draws(records, whole("times", times, at_least=_LEAST_TIMES), seed)
        twice = len(set(found.records[found.counts.sum(axis=1) >= _PAIR].tolist()))
        words = f"records drawn anew {times:,} times, seed {seed}"
        once = Resamples(found, np.ones((1, records)))
        return cls(once, Resamples(found, drawn), twice, level, words)

    def measure(self, statistic: Statistic, scale: Scale) -> Interval:
        found = self.once.found
        seen, chance = (float(part[0]) for part in parts(self.once, statistic, scale))
        if not chance > 0:
            raise ValueError(
                f"{statistic} has no value: {_UNDEFINED[statistic]}. "
                "Give per cent agreement, or Gwet’s AC1, which has one."
            )
        estimate = 1 - seen / chance
        one_each = found.pairs is not None and len(found.pairs) == self.twice
        if seen == 0 or (statistic is Statistic.PER_CENT and one_each):
            agreed = proportion(round(self.twice * (1 - seen)), self.twice, level=self.level)
            low, high = (1 - (1 - end) / chance for end in (agreed.low, agreed.high))
            alone = statistic is Statistic.PER_CENT
            words = "Wilson" if alone else "Wilson, as every answer agrees"
            return Interval(estimate, max(-1.0, low), high, self.level, words)
        if self.twice < _PAIR:
            raise ValueError("one record was read twice; an interval needs two or more.")
        again = resampled(*parts(self.again, statistic, scale))
        least = 0.0 if statistic is Statistic.PER_CENT else -1.0
        low, high = ends(again, estimate, self.level, least=least)
        return Interval(estimate, low, high, self.level, self.words)


def resampled(seen: Floats, chance: Floats) -> Floats:
    """The statistic in each resample; those in which nothing was read twice are left out."""
    import numpy as np

    kept = np.isfinite(seen) & np.isfinite(chance)
    seen, chance = seen[kept], chance[kept]
    return np.where(chance > 0, 1 - seen / np.where(chance > 0, chance, 1.0), 1.0)


def ends(
    again: Floats, estimate: float, level: float, *, least: float = -1.0
) -> tuple[float, float]:
    """The ends of an interval from resamples, whose mean is first moved onto the estimate.

    `least` is the smallest that the statistic can be: 0 for per cent agreement.

    Drawing anew makes chance look a little smaller than it is, which would lift both ends.
    """
    import numpy as np

    tail = (1 - level) / 2
    moved = estimate - float(again.mean())
    low, high = (float(end) + moved for end in np.quantile(again, [tail, 1 - tail]))
    return min(estimate, max(least, low)), max(estimate, min(1.0, high))


@lru_cache(maxsize=8)
def draws(records: int, times: int, seed: int) -> Floats:
    """How often each record is drawn in each resample. Kept, as 60 items share one."""
    import numpy as np

    chances = [1 / records] * records
    whole("seed", seed)
    drawn = np.random.default_rng(seed).multinomial(records, chances, size=times).astype(float)
    # Column by column, as sums over records are quickest so.
    drawn = np.asfortranarray(drawn)
    drawn.setflags(write=False)
    return drawn


def per_cent(units: Units, **options: Any) -> Interval:
    """Share of pairs of answers to a record that are alike, averaged over records; 0 to 1."""
    return measure(tally(units, options.pop("values", None)), Statistic.PER_CENT, **options)


def cohen(units: Units, *, weighted: bool = False, **options: Any) -> Interval:
    """Cohen's kappa of two readers; `weighted` squares the steps between values."""
    kind = Statistic.WEIGHTED_KAPPA if weighted else Statistic.KAPPA
    return measure(tally(units, options.pop("values", None)), kind, **options)


def gwet(units: Units, *, weighted: bool = False, **options: Any) -> Interval:
    """Gwet's AC1, or AC2 with squared steps; any number of readers, answers may be missing."""
    kind = Statistic.AC2 if weighted else Statistic.AC1
    return measure(tally(units, options.pop("values", None)), kind, **options)


def krippendorff(units: Units, scale: Scale = Scale.NOMINAL, **options: Any) -> Interval:
    """Krippendorff's alpha; any number of readers, answers may be missing."""
    found = tally(units, options.pop("values", None))
    return measure(found, Statistic.ALPHA, scale=scale, **options)


__all__ = [
    "SEED", "TIMES", "Resamples", "Scale", "Statistic", "Tally", "Units", "cohen", "draws", "ends",
    "gwet", "krippendorff", "measure", "measures", "parts", "per_cent", "resampled", "scale_of",
    "tally",
]  # fmt: skip
