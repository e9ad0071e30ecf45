"""From groups to results: what each is out of, its value, and why there is none.

Everything here is arithmetic on the few groups a query gives; it reads no table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import pyarrow as pa

from sightline.kernel.measures import State
from sightline.outcomes.definitions import PER, IndicatorDefinition
from sightline.outcomes.measures import bands
from sightline.outcomes.measures.periods import Period, Span
from sightline.outcomes.measures.population import Population

ALL: Final = ""
AGE, SEX, SIMD = "age", "sex", "simd"
OF_THE_CHILD: Final = frozenset({"ethnicity", "disability", "locality"})
"""Breakdowns of people whose own number in the population is not known."""
QUINTILES: Final = ("1", "2", "3", "4", "5")
_NOBODY: Final = frozenset({bands.NONE, bands.NOT_KNOWN})

RESULTS: Final = pa.schema(
    [
        ("indicator", pa.string()),
        ("version", pa.int64()),
        ("period", pa.string()),
        ("first", pa.date32()),
        ("last", pa.date32()),
        ("breakdown", pa.string()),
        ("category", pa.string()),
        ("people", pa.int64()),
        ("records", pa.int64()),
        ("families", pa.int64()),
        ("counted", pa.int64()),
        ("of", pa.int64()),
        ("unknown", pa.int64()),
        ("value", pa.float64()),
        ("state", pa.string()),
        ("provisional", pa.bool_()),
    ]
)
"""A result. `breakdown` and `category` are empty for everybody. `counted` is in the unit of the
indicator; `people`, `records` and `families` are the different children, rows and families in it.
`provisional`: the population is of an earlier year."""


_VALUE, _STATE = 6, 7
"""Where the value and the state stand among the columns from `people` on."""


class Group(NamedTuple):
    """What a query counted in one category of one period."""

    people: int | None = 0
    records: int | None = 0
    families: int | None = 0
    counted: int = 0
    of: int | None = 0
    unknown: int | None = 0
    value: float | None = None


Groups = dict[tuple[str, str], dict[int, Group]]
"""By breakdown and category, then by the number of the period."""
Stocks = Mapping[tuple[str, str], Mapping[int, float]]


@dataclass(frozen=True)
class Denominator:
    """What a count is out of: None where that is not known."""

    number: float | None
    provisional: bool = False


def value_of(definition: IndicatorDefinition, group: Group, of: float | None) -> float | None:
    """The value in the unit of the indicator; None where there is nothing to divide by."""
    if definition.value:
        return group.value
    if definition.unit in PER:
        return group.counted * definition.multiplier / of if of else None
    return float(group.counted)


def state_of(value: float | None) -> State:
    """Why there is, or is not, a value."""
    if value is None:
        return State.NOT_AVAILABLE
    return State.TRUE_ZERO if value == 0 else State.OBSERVED


def population_of(
    definition: IndicatorDefinition,
    population: Population,
    period: Period,
    breakdown: str,
    category: str,
) -> Denominator:
    """The people of a category, where their number is known."""
    asked = definition.population
    if asked is None or breakdown in OF_THE_CHILD:
        return Denominator(None)
    first, last, sex, simd = asked.from_, asked.to, asked.sex, ""
    if breakdown == AGE:
        band = next((b for b in bands.BANDS[definition.age_bands] if b.name == category), None)
        if band is None:
            return Denominator(None)
        first = max(first, band.first)
        last = min(last, bands.OLDEST if band.last is None else band.last)
        if last < first:
            return Denominator(None)
    elif breakdown == SEX:
        if category not in {"male", "female"} or sex not in {"persons", category}:
            return Denominator(None)
        sex = "male" if category == "male" else "female"
    elif breakdown == SIMD:
        if category not in QUINTILES:
            return Denominator(None)
        simd = category
    found = population.people(period.last.year, first, last, sex, simd)
    return Denominator(found.number, found.provisional)


def categories_of(definition: IndicatorDefinition, breakdown: str, groups: Groups) -> list[str]:
    """The categories of a breakdown: those that are always there, then those that were found."""
    fixed: tuple[str, ...] = ()
    if breakdown == AGE:
        fixed = bands.names(definition.age_bands)
    elif breakdown == SIMD:
        fixed = QUINTILES
    found = sorted({c for b, c in groups if b == breakdown} - set(fixed))
    if breakdown == whole_base_of(definition):
        found = [one for one in found if one not in _NOBODY]
    return [*fixed, *found]


def whole_base_of(definition: IndicatorDefinition) -> str:
    """The breakdown whose categories are each out of the whole base, if there is one."""
    return definition.of_breakdown or definition.mentions.removeprefix("by_")


@dataclass
class Answers:
    """Results, as they come."""

    population: Population = field(default_factory=Population)
    columns: dict[str, list[Any]] = field(default_factory=lambda: {n: [] for n in RESULTS.names})
    kept: dict[tuple[str, str, str, str], tuple[Group, float | None, State]] = field(
        default_factory=dict
    )

    def add(
        self,
        definition: IndicatorDefinition,
        span: Span,
        breakdowns: Sequence[str],
        groups: Groups,
        *,
        lacking: frozenset[int] = frozenset(),
        stocks: Stocks | None = None,
        shown: bool = True,
    ) -> None:
        """The results of one indicator.

        Arguments:
            definition: which.
            span: its periods.
            breakdowns: those that were asked for.
            groups: what the query counted.
            lacking: numbers of the periods for which something was not submitted.
            stocks: averages that an average-stock rate is of.
            shown: whether it is among the results, or only compared by another.
        """
        whole = whole_base_of(definition)
        for breakdown in (ALL, *breakdowns):
            names = categories_of(definition, breakdown, groups) if breakdown else [ALL]
            for category in names:
                by_period = groups.get((breakdown, category), {})
                for number, period in enumerate(span):
                    group = by_period.get(number, _empty(definition, groups))
                    if breakdown and breakdown == whole:
                        everybody = groups.get((ALL, ALL), {}).get(number, Group())
                        group = group._replace(of=everybody.of, unknown=everybody.unknown)
                    found = self._denominator(
                        definition, period, number, breakdown, category, group, stocks or {}
                    )
                    self._say(
                        definition, period, breakdown, category, group, found,
                        submitted=number not in lacking, shown=shown,
                    )  # fmt: skip

    def _denominator(
        self,
        definition: IndicatorDefinition,
        period: Period,
        number: int,
        breakdown: str,
        category: str,
        group: Group,
        stocks: Stocks,
    ) -> Denominator:
        match definition.out_of:
            case "population":
                return population_of(definition, self.population, period, breakdown, category)
            case "average-stock":
                named = any(b == breakdown for b, _ in stocks)
                key = (breakdown, category) if named else (ALL, ALL)
                return Denominator(stocks.get(key, {}).get(number, 0.0))
            case _:
                return Denominator(group.of)

    def _say(
        self,
        definition: IndicatorDefinition,
        period: Period,
        breakdown: str,
        category: str,
        group: Group,
        of: Denominator,
        *,
        submitted: bool = True,
        shown: bool = True,
    ) -> None:
        value = value_of(definition, group, of.number)
        state = state_of(value)
        number: float | None = of.number
        if definition.out_of == "none" and not definition.value:
            number = None
        if not submitted:
            group = Group(None, None, None, 0, None, None, None)
            value, state, number = None, State.NOT_SUBMITTED, None
        self.kept[definition.key, period.key, breakdown, category] = (group, value, state)
        if shown:
            counted = group.counted if submitted else None
            of_whole = None if number is None else round(number)
            self._row(
                definition, period, breakdown, category,
                (*group[:3], counted, of_whole, group.unknown, value, state.value, of.provisional),
            )  # fmt: skip

    def _row(
        self,
        definition: IndicatorDefinition,
        period: Period,
        breakdown: str,
        category: str,
        rest: tuple[Any, ...],
    ) -> None:
        """One result. `rest` is as in `RESULTS`, from `people` on."""
        place = (definition.key, period.key, breakdown, category)
        self.kept.setdefault(place, (Group(), rest[_VALUE], State(rest[_STATE])))
        row = (
            definition.code, definition.version, period.key, period.first, period.last, breakdown,
            category, *rest,
        )  # fmt: skip
        for column, value in zip(self.columns.values(), row, strict=True):
            column.append(value)

    # -- shapes that read no view

    def add_gap(
        self, definition: IndicatorDefinition, other: IndicatorDefinition | None, span: Span
    ) -> None:
        """The share of one category less that of another, in points, before any rounding."""
        for period in span:
            parts = [
                self.kept.get((other.key, period.key, definition.breakdown, category))
                for category in (definition.first, definition.second)
                if other is not None
            ]
            found = [part for part in parts if part is not None]
            states = {state for _, _, state in found}
            values = [value for _, value, _ in found if value is not None]
            value = values[0] - values[1] if len(values) == len(parts) == 2 else None  # noqa: PLR2004
            state = state_of(value)
            if State.NOT_SUBMITTED in states or not found:
                state = State.NOT_SUBMITTED if State.NOT_SUBMITTED in states else state
            groups = [group for group, _, _ in found]
            sums = [
                None if state is State.NOT_SUBMITTED else sum((g[i] or 0) for g in groups)
                for i in range(6)
            ]
            self._row(definition, period, ALL, ALL, (*sums, value, state.value, False))

    def add_balance(
        self,
        definition: IndicatorDefinition,
        span: Span,
        among: Sequence[IndicatorDefinition],
        computed: Sequence[IndicatorDefinition],
    ) -> None:
        """The share of the indicators that have a value that are outcome or experience.

        Arguments:
            definition: which.
            span: its periods.
            among: the indicators among which it counts.
            computed: those that were worked out; another is taken to have a value.
        """
        known = {one.key for one in computed}
        for period in span:
            those = [
                one
                for one in among
                if one.code != definition.code
                and (one.key not in known or self._is_there(one, period))
            ]
            good = sum(one.kind in {"outcome", "experience"} for one in those)
            value = good * 100 / len(those) if those else None
            rest = (None, good, None, good, len(those), 0, value, state_of(value).value, False)
            self._row(definition, period, ALL, ALL, rest)

    def _is_there(self, definition: IndicatorDefinition, period: Period) -> bool:
        found = self.kept.get((definition.key, period.key, ALL, ALL))
        return found is not None and found[1] is not None

    def add_supplied(
        self,
        definition: IndicatorDefinition,
        span: Span,
        rows: Sequence[Mapping[str, Any]],
        areas: Sequence[str],
    ) -> None:
        """A published figure, of the latest issue, in the state it was published in."""
        latest: dict[tuple[str, str], Mapping[str, Any]] = {}
        for row in sorted(rows, key=lambda r: (str(r["published_on"] or ""), r["vintage"] or "")):
            if row["measure"] == definition.published_measure and (
                not areas or row["area"] in areas
            ):
                for period in span:
                    if row["period"] == period.key or row["period_end"] == period.last:
                        latest[period.key, row["category"] or ALL] = row
        breakdown = definition.breakdowns[0] if definition.breakdowns else "category"
        categories = sorted({category for _, category in latest} | {ALL})
        for category in categories:
            for period in span:
                row = latest.get((period.key, category), {})
                rest = _published(row)
                self._row(definition, period, breakdown if category else ALL, category, rest)

    def table(self) -> pa.Table:
        """All results, in the order they were added."""
        arrays = [pa.array(self.columns[f.name], type=f.type) for f in RESULTS]
        return pa.Table.from_arrays(arrays, schema=RESULTS)


def _empty(definition: IndicatorDefinition, groups: Groups) -> Group:
    """What stands where nothing was found: zero, in the units the rows have."""
    sample = next((g for by_period in groups.values() for g in by_period.values()), Group())
    return Group(
        people=None if sample.people is None else 0,
        families=None if sample.families is None else 0,
    )


MARKERS: Final[Mapping[str, State]] = {
    "suppressed": State.SUPPRESSED,
    "not-available": State.NOT_AVAILABLE,
    "not-applicable": State.NOT_APPLICABLE,
    "not-submitted": State.NOT_SUBMITTED,
}


def _published(row: Mapping[str, Any]) -> tuple[Any, ...]:
    if not row:
        return (None,) * 7 + (State.NOT_SUBMITTED.value, False)
    marker = MARKERS.get(row["marker"] or "")
    value = None if marker else row["value"]
    state = marker or state_of(value)
    base = None if row["base"] is None else round(row["base"])
    return (None, None, None, None, base, None, value, state.value, False)
