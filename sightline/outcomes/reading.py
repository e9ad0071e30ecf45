"""One figure of a series: its value in the indicator's unit, what it rests on, how sure it is.

Everything is worked out from what is shown. Pure functions; no page and no database.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sightline.kernel.measures import Measure, State, Unit
from sightline.outcomes.definitions import PER, IndicatorDefinition
from sightline.stats.disclosure import ShownPeriod, ShownRow, ShownSeries
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
OF_NOBODY: Final = frozenset({"supplied", "balance"})
"""Shapes of figures behind which no people stand."""
MISSING: Final = frozenset({State.NOT_SUBMITTED, State.NOT_AVAILABLE})
_MISSING_TEXT: Final = "[x]"


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
    missing = whole_missing(period) if not category and one.shape not in OF_NOBODY else None
    if missing is not None:
        return Reading(missing)
    count, base = row.count.value, row.of.value if row.of is not None else None
    if one.value or one.shape in OF_NOBODY or one.shape == "average-stock":
        value = period.values.get(category)
        if value is None:
            state = State.SUPPRESSED if count is not None else row.count.state
            return Reading(state, count if one.shape not in OF_NOBODY else None)
        return Reading(value, count, small=row.count.small)
    if count is None:
        return Reading(row.count.state, base=base)
    if one.out_of == "population":
        return _rate(one, count, period.populations.get(category), small=row.count.small)
    if one.unit in PER:
        return _share(one, period, category, count, base)
    return Reading(float(count), count, small=row.count.small)


def whole_missing(period: ShownPeriod) -> State | None:
    """Why there is no total, where no part of it was supplied: a total of nothing is no zero."""
    states = [row.count.state for row in period.shown.rows]
    return states[0] if states and all(state in MISSING for state in states) else None


def count_text(period: ShownPeriod, row: ShownRow) -> str:
    """How many, as it stands in a cell; a total of which no part was supplied is no zero."""
    return _MISSING_TEXT if not row.code and whole_missing(period) else (
        row.count.text
    )  # fmt: skip


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
    """The last period that has a figure, or one that is hidden; None where none was submitted.

    Where no period has one, the last that was submitted: something else that it takes is missing.
    """
    held = readings(one, series, category)
    for lacking in (MISSING, {State.NOT_SUBMITTED}):
        for period, found in reversed(held):
            if found.value not in lacking:
                return period, found
    return None


def without_ends(
    found: Sequence[tuple[ShownPeriod, Reading]],
) -> list[tuple[ShownPeriod, Reading]]:
    """The periods from the first that was submitted to the last; all of them where none was."""
    there = [place for place, (_, got) in enumerate(found) if got.value not in MISSING]
    return list(found[there[0] : there[-1] + 1]) if there else list(found)


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
