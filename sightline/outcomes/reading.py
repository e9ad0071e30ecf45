"""One figure of a series: its value in the indicator's unit, what it rests on, how sure it is.

Everything is worked out from what is shown. Pure functions; no page and no database.
"""

from dataclasses import dataclass
from typing import Final

from sightline.kernel.measures import Measure, State, Unit
from sightline.outcomes.definitions import PER, IndicatorDefinition
from sightline.stats.disclosure import ShownPeriod, ShownSeries
from sightline.stats.intervals import Interval, proportion, rate

_ALL: Final = 100
_UNITS: Final = {
    "per_cent": "%",
    "per_100": " per 100",
    "per_1000": " per 1,000",
    "per_10000": " per 10,000",
    "days": " days",
    "years": " years",
    "points": " points",
    "count": "",
}
_OF_NOBODY: Final = frozenset({"supplied", "balance"})


@dataclass(frozen=True)
class Reading:
    """A figure.

    Attributes:
        value: in the indicator's unit, unrounded; or why there is none.
        count, base: what it was worked out from, as shown.
        small: so few that somebody might be recognised; flagged to those who may see it.
    """

    value: float | State
    count: int | None = None
    base: int | None = None
    small: bool = False

    @property
    def number(self) -> float | None:
        """The value, or None."""
        return None if isinstance(self.value, State) else self.value


def unit_of(one: IndicatorDefinition) -> str:
    """The unit as it stands after a value."""
    return _UNITS[one.unit]


def reading(one: IndicatorDefinition, period: ShownPeriod, category: str = "") -> Reading:
    """The figure of a category of a period ("": of everybody)."""
    row = period.row(category)
    if row is None:
        return Reading(State.NOT_AVAILABLE)
    count, base = row.count.value, row.of.value if row.of is not None else None
    if one.value or one.shape in _OF_NOBODY or one.shape == "average-stock":
        value = period.values.get(category)
        if value is None:
            state = State.SUPPRESSED if count is not None else row.count.state
            return Reading(state, count if one.shape not in _OF_NOBODY else None)
        return Reading(value, count, small=row.count.small)
    if count is None:
        return Reading(row.count.state, base=base)
    if one.out_of == "population":
        return _rate(one, count, period.populations.get(category), small=row.count.small)
    if one.unit in PER:
        return _share(one, period, category, count, base)
    return Reading(float(count), count, small=row.count.small)


def _rate(one: IndicatorDefinition, count: int, people: int | None, *, small: bool) -> Reading:
    if not people:
        return Reading(State.NOT_AVAILABLE, count, small=small)
    return Reading(count * one.multiplier / people, count, people, small)


def _share(
    one: IndicatorDefinition, period: ShownPeriod, category: str, count: int, base: int | None
) -> Reading:
    row = period.row(category)
    total = period.shown.total.count.value
    out_of = base if row is not None and row.of is not None else total
    if row is None or out_of is None or row.per_cent.value is None or not out_of:
        hidden = out_of is None or bool(out_of)
        return Reading(State.SUPPRESSED if hidden else State.NOT_APPLICABLE, count, out_of)
    if count > out_of:
        return Reading(State.NOT_AVAILABLE, count, out_of)
    return Reading(count * one.multiplier / out_of, count, out_of, row.count.small)


def interval_of(one: IndicatorDefinition, found: Reading) -> Interval | None:
    """How far chance alone could take a share or a rate, in its own unit."""
    if found.number is None or found.count is None or not found.base:
        return None
    if one.out_of == "population":
        return rate(found.count, found.base, per=one.multiplier)
    if one.unit in PER and one.shape != "average-stock":
        return proportion(found.count, found.base).times(one.multiplier)
    return None


def readings(
    one: IndicatorDefinition, series: ShownSeries, category: str = ""
) -> list[tuple[ShownPeriod, Reading]]:
    """The figure of every period, oldest first."""
    return [(period, reading(one, period, category)) for period in series.periods]


def latest(
    one: IndicatorDefinition, series: ShownSeries, category: str = ""
) -> tuple[ShownPeriod, Reading] | None:
    """The last period whose figure was submitted; None where none was."""
    for period, found in reversed(readings(one, series, category)):
        if found.value is not State.NOT_SUBMITTED:
            return period, found
    return None


def as_measure(
    one: IndicatorDefinition, period: ShownPeriod, found: Reading, source: str
) -> Measure:
    """The figure as other contexts hold it."""
    unit = {"per_cent": Unit.PER_CENT, "count": Unit.COUNT}.get(
        one.unit, Unit.RATE if one.unit in PER else Unit.NUMBER
    )
    value = found.number
    shown = None if value is None else (int(value) if unit is Unit.COUNT else value)
    state = found.value if isinstance(found.value, State) else State.OBSERVED
    return Measure(
        value=shown,
        unit=unit,
        counted=one.counted,
        base=found.base,
        base_words=one.base_words or ("people of that age living here" if found.base else ""),
        definition=one.key,
        source=source,
        as_of=period.shown.population.last,
        state=State.TRUE_ZERO if shown == 0 else state,
    )
