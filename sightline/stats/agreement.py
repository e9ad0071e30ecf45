"""How far readers who read the same records agree, beyond what chance would give.

Statistics over a table of `units`: one row a record, one column a reader, each cell a value of the
item or None where that reader did not answer. `docs/methods/M-10-agreement.md` works them through.
All are written here: what libraries have of them is partial, or not free to use.

Every statistic is a function of what each record adds, so one resampling of records (from a fixed
seed) serves them all.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sightline.stats.checking import confidence, whole
from sightline.stats.intervals import LEVEL, Interval

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Units = Sequence[Sequence[Hashable | None]]

SEED = 1
TIMES = 1000
_PAIR = 2


class Scale(StrEnum):
    """What the values of an item are to each other."""

    NOMINAL = "nominal"  # names: yes, no, not applicable
    ORDINAL = "ordinal"  # an order: fully, partly, not at all
    INTERVAL = "interval"  # an order of equal steps: the six-point scale


class Statistic(StrEnum):
    """The statistics, as they are called."""

    PER_CENT = "per cent agreement"
    KAPPA = "Cohen’s kappa"
    WEIGHTED_KAPPA = "quadratic-weighted kappa"
    AC1 = "Gwet’s AC1"
    AC2 = "Gwet’s AC2"
    ALPHA = "Krippendorff’s alpha"


@dataclass(frozen=True)
class Tally:
    """Units counted out: how often each record was given each value.

    Attributes:
        values: the values there are, in order; an item's full list may be given, so that one nobody
            chose still counts among what chance could have chosen.
        counts: one row a record with any answer, one column a value.
        pairs: one row a record, values × values: answers of the first and the second reader, for
            tables of two readers; None otherwise.
    """

    values: tuple[Hashable, ...]
    counts: Floats
    pairs: Floats | None

    @property
    def records(self) -> int:
        """Records that two or more readers answered."""
        return int((self.counts.sum(axis=1) >= _PAIR).sum())


def tally(units: Units, values: Sequence[Hashable] | None = None) -> Tally:
    """Count units out.

    Args:
        units: see the module; every row as long as the first.
        values: all values of the item, in their order; left out, those that occur, sorted.

    Raises:
        ValueError: fewer than two readers; rows of different length; a value that is not among
            `values`; no record with two answers.
    """
    import numpy as np

    rows = [tuple(row) for row in units]
    readers = len(rows[0]) if rows else 0
    if readers < _PAIR:
        raise ValueError("agreement needs two readers; with one there is nobody to agree with.")
    if any(len(row) != readers for row in rows):
        raise ValueError(f"every record needs {readers} cells, one a reader; None where not read.")
    seen = {value for row in rows for value in row if value is not None}
    known = tuple(values) if values is not None else tuple(sorted(seen, key=_order))
    strange = seen - set(known)
    if strange or len(set(known)) < len(known) or any(value != value for value in seen):
        shown = ", ".join(sorted(map(str, strange))) or "a value twice, or NaN"
        raise ValueError(f"the values hold {shown}; give each value of the item once.")
    place = {value: i for i, value in enumerate(known)}
    counts = np.zeros((len(rows), len(known)))
    pairs = np.zeros((len(rows), len(known), len(known))) if readers == _PAIR else None
    for i, row in enumerate(rows):
        for value in row:
            if value is not None:
                counts[i, place[value]] += 1
        if pairs is not None and row[0] is not None and row[1] is not None:
            pairs[i, place[row[0]], place[row[1]]] = 1
    found = Tally(known, counts[counts.sum(axis=1) > 0], pairs)
    if not found.records:
        raise ValueError("no record was read by two readers; read some of them twice.")
    return found


def _order(value: Hashable) -> tuple[bool, Any]:
    return (isinstance(value, str), value)


def _distance(values: Sequence[Hashable], scale: Scale) -> Floats:
    """How far apart two values are, from 0 to 1, squared: the weights of disagreement."""
    import numpy as np

    size = len(values)
    if scale is Scale.NOMINAL or size < _PAIR:
        return np.asarray(1.0 - np.eye(size))
    if scale is Scale.INTERVAL and all(isinstance(value, int | float) for value in values):
        at = np.array([float(value) for value in values])  # type: ignore[arg-type]
    else:
        at = np.arange(size, dtype=float)
    return np.asarray(((at[:, None] - at[None, :]) / (at.max() - at.min())) ** 2)


def _per_cent(found: Tally, weights: Floats) -> Floats:
    import numpy as np

    counts = found.counts
    read = counts.sum(axis=1)
    twice = read >= _PAIR
    safe = np.where(twice, read, _PAIR)
    agree = ((counts * (counts - 1)).sum(axis=1) / (safe * (safe - 1))) * twice
    return np.asarray((weights @ agree) / (weights @ twice.astype(float)))


def _kappa(found: Tally, weights: Floats, scale: Scale) -> Floats:
    import numpy as np

    if found.pairs is None:
        raise ValueError("kappa is of two readers; take each pair in turn, or Gwet or alpha.")
    size = len(found.values)
    table = (weights @ found.pairs.reshape(len(found.pairs), -1)).reshape(-1, size, size)
    total = table.sum(axis=(1, 2))
    apart = _distance(found.values, scale)
    first, second = table.sum(axis=2), table.sum(axis=1)
    observed = (table * apart).sum(axis=(1, 2)) / total
    expected = np.einsum("bi,bj,ij->b", first, second, apart) / total**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - observed / expected)


def _gwet(found: Tally, weights: Floats, scale: Scale) -> Floats:
    import numpy as np

    counts = found.counts
    size = len(found.values)
    if size < _PAIR:
        return np.ones(len(weights))
    alike = 1.0 - _distance(found.values, scale)
    read = counts.sum(axis=1)
    twice = read >= _PAIR
    safe = np.where(twice, read, _PAIR)
    near = counts @ alike
    agree = ((counts * (near - 1)).sum(axis=1) / (safe * (safe - 1))) * twice
    observed = (weights @ agree) / (weights @ twice.astype(float))
    share = (weights @ (counts / read[:, None])) / weights.sum(axis=1, keepdims=True)
    chance = alike.sum() / (size * (size - 1)) * (share * (1 - share)).sum(axis=1)
    return np.asarray((observed - chance) / (1 - chance))


def _alpha(found: Tally, weights: Floats, scale: Scale) -> Floats:
    import numpy as np

    counts = found.counts[found.counts.sum(axis=1) >= _PAIR]
    weights = weights[:, found.counts.sum(axis=1) >= _PAIR]
    size = len(found.values)
    read = counts.sum(axis=1)
    together = counts[:, :, None] * counts[:, None, :]
    together[:, range(size), range(size)] -= counts
    together /= (read - 1)[:, None, None]
    table = (weights @ together.reshape(len(counts), -1)).reshape(-1, size, size)
    margin = table.sum(axis=2)
    total = margin.sum(axis=1)
    apart = _ordinal(margin) if scale is Scale.ORDINAL else _distance(found.values, scale)
    observed = (table * apart).sum(axis=(1, 2))
    expected = (margin[:, :, None] * margin[:, None, :] * apart).sum(axis=(1, 2)) / (total - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(1 - observed / expected)


def _ordinal(margin: Floats) -> Floats:
    """Squared ordinal distance: the answers between two values, and half of those on each."""
    import numpy as np

    middle = np.cumsum(margin, axis=1) - margin / 2
    return np.asarray((middle[:, :, None] - middle[:, None, :]) ** 2)


def _function(statistic: Statistic, scale: Scale) -> Callable[[Tally, Floats], Floats]:
    if statistic is Statistic.PER_CENT:
        return _per_cent
    if statistic is Statistic.KAPPA:
        return lambda found, weights: _kappa(found, weights, Scale.NOMINAL)
    if statistic is Statistic.WEIGHTED_KAPPA:
        steps = Scale.INTERVAL if scale is Scale.NOMINAL else scale
        return lambda found, weights: _kappa(found, weights, steps)
    if statistic is Statistic.AC1:
        return lambda found, weights: _gwet(found, weights, Scale.NOMINAL)
    if statistic is Statistic.AC2:
        steps = Scale.INTERVAL if scale is Scale.NOMINAL else scale
        return lambda found, weights: _gwet(found, weights, steps)
    return lambda found, weights: _alpha(found, weights, scale)


_UNDEFINED = {
    Statistic.KAPPA: "both readers gave one and the same value throughout",
    Statistic.WEIGHTED_KAPPA: "both readers gave one and the same value throughout",
    Statistic.ALPHA: "every answer is the same value",
}


def measure(
    found: Tally,
    statistic: Statistic,
    *,
    scale: Scale = Scale.NOMINAL,
    level: float = LEVEL,
    seed: int = SEED,
    times: int = TIMES,
) -> Interval:
    """One statistic with its interval, records drawn anew `times` over from a fixed seed.

    Kappa and alpha run from below 0 (worse than chance) to 1; AC likewise; per cent from 0 to 1. A
    resample in which the statistic has no value (all answers alike) counts as full agreement, which
    is what it is; so an interval is never made of fewer draws than it says.

    Raises:
        ValueError: kappa of other than two readers; or the statistic has no value because all
            ratings are the same: the message says to give per cent agreement instead.
    """
    import numpy as np

    calculate = _function(statistic, scale)
    records = len(found.counts) if statistic not in _OF_PAIRS else _rows_of_pairs(found)
    once = float(calculate(found, np.ones((1, records)))[0])
    if not np.isfinite(once):
        raise ValueError(
            f"{statistic} has no value: {_UNDEFINED.get(statistic, 'all ratings are the same')}. "
            "Give per cent agreement, or Gwet’s AC1, which has one."
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        again = calculate(found, _draws(records, whole("times", times, at_least=100), seed))
    again = np.where(np.isfinite(again), again, 1.0)
    tail = (1 - confidence(level)) / 2
    low, high = np.quantile(again, [tail, 1 - tail])
    return Interval(
        once,
        min(once, float(low)),
        max(once, float(high)),
        level,
        f"records drawn anew {times:,} times, seed {seed}",
    )


@lru_cache(maxsize=8)
def _draws(records: int, times: int, seed: int) -> Floats:
    """How often each record is drawn in each resample. Kept, as 60 items share one."""
    import numpy as np

    chances = [1 / records] * records
    drawn = np.random.default_rng(seed).multinomial(records, chances, size=times).astype(float)
    drawn.setflags(write=False)
    return np.asarray(drawn)


_OF_PAIRS = frozenset({Statistic.KAPPA, Statistic.WEIGHTED_KAPPA})


def _rows_of_pairs(found: Tally) -> int:
    if found.pairs is None:
        raise ValueError("kappa is of two readers; take each pair in turn, or Gwet or alpha.")
    return len(found.pairs)


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
