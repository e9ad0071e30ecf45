"""Young people leaving care: outcomes by care setting with gap and trend, and ways from 15 to 21.

Everything is made from series as their readers see them. Pure functions.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.urls import reverse

from sightline.design.charts import Chart
from sightline.kernel.measures import State
from sightline.outcomes.definitions import IndicatorDefinition, indicators
from sightline.outcomes.labels import category_label
from sightline.outcomes.presenters_charts import judged, way, way_by_setting
from sightline.outcomes.presenters_gap import changed, furthest
from sightline.outcomes.reading import Reading, latest
from sightline.outcomes.wording import (
    number,
    period_label,
    short_value,
    state_words,
)
from sightline.stats.disclosure import ShownPeriod, ShownRow, ShownSeries
from sightline.stats.verdict import Kind

STEPS: Final = ("in-touch", "plan", "home", "activity", "health")
AGES: Final = tuple(str(age) for age in range(15, 22))
FIRST_ASKED: Final = "19"
"""The age that is shown first: two years and more after most have left care."""
_OUTCOMES: Final = ("outcome", "experience")


def told_by_setting() -> tuple[IndicatorDefinition, ...]:
    """The indicators of leaving care that are told apart by care setting, outcomes first."""
    found = [
        one
        for one in indicators()
        if one.theme == "leaving-care" and "placement" in one.breakdowns
        and one.unit == "per_cent"
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: one.kind not in _OUTCOMES))


def codes_for_page(age: str) -> list[str]:
    """The series the page reads: indicators, and the steps of the way at one age."""
    codes = [code for one in told_by_setting() for code in (one.code, f"{one.code}.placement")]
    return [
        *codes, *(f"journey.{step}" for step in STEPS),
        *(f"journey.{step}.{age}" for step in STEPS),
    ]  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How one outcome of leaving care stands by care setting, and its way over the years.

    Attributes:
        overall: the figure of everybody, its period, and whether it got better.
        ends: the settings furthest apart with their figures, or why none are told.
        gap: how far they are apart, and whether that narrowed or widened.
        size: the gap in points; 0 where there is none to tell.
        outcome: it tells of lives, and not of work done.
    """

    title: str
    address: str
    outcome: bool
    overall: str
    ends: str = ""
    gap: str = ""
    size: float = 0.0
    lead: str = ""


def standings(area: str, found: Mapping[str, ShownSeries]) -> tuple[Standing, ...]:
    """How each outcome of leaving care stands by care setting: outcomes first, widest gap first."""
    made = [_standing(area, one, found) for one in told_by_setting()]
    return tuple(sorted(made, key=lambda line: (not line.outcome, -line.size)))


def _standing(area: str, one: IndicatorDefinition, found: Mapping[str, ShownSeries]) -> Standing:
    series, by = found.get(one.code), found.get(f"{one.code}.placement")
    address = f"{reverse('outcomes:indicator', args=[area, one.code])}?tab=gap"
    outcome = one.kind in _OUTCOMES
    held = latest(one, series) if series is not None else None
    if series is None or held is None:
        said = f"{state_words(State.NOT_SUBMITTED)}. That is no zero."
        return Standing(one.title, address, outcome, said)
    period, got = held
    overall = f"{_figure(one, got)} in {period_label(period.key)}. {_over_time(one, series)}."
    own = by.at(period.key) if by is not None else None
    ends = furthest(one, by, own) if by is not None and own is not None else None
    if by is None or ends is None:
        few = "Too few to show by care setting."
        return Standing(one.title, address, outcome, overall, few)
    high, low = (_end(one, end) for end in (ends.high, ends.low))
    size = (ends.high[1].number or 0.0) - (ends.low[1].number or 0.0)
    if not size:
        alike = f"{number(one, ends.low[1].number or 0.0)} in every setting that can be shown."
        return Standing(one.title, address, outcome, overall, alike)
    apart = f"{size:.1f} percentage points apart in {period_label(period.key)}"
    return Standing(
        one.title, address, outcome, overall, f"Highest: {high}. Lowest: {low}.",
        changed(one, by, ends.codes) or f"They are {apart}.", size,
        f"The widest gap in an outcome is in “{one.title}”: {high}, {low}, {apart}.",
    )  # fmt: skip


def _figure(one: IndicatorDefinition, got: Reading) -> str:
    if isinstance(got.value, State):
        return state_words(got.value)
    return short_value(one, got)


def _over_time(one: IndicatorDefinition, series: ShownSeries) -> str:
    kind = judged(one, series, grid="year")[1].kind
    if kind is Kind.TOO_FEW:
        return "Too few years to judge"
    return f"{kind.value[:1].upper()}{kind.value[1:]} over the years"


def _end(one: IndicatorDefinition, end: tuple[str, Reading]) -> str:
    code, got = end
    return f"{category_label('placement', code)} {number(one, got.number or 0.0)}"


def lead(lines: Sequence[Standing]) -> str:
    """How it stands, in a sentence."""
    told = next((line.lead for line in lines if line.outcome and line.lead), "")
    return told or "Too few young people can be shown by care setting to tell of a gap."


@dataclass(frozen=True)
class Way:
    """One step of a cohort's way: age by age, and by care setting at one age."""

    title: str
    sentence: str
    chart: Chart | None
    by_setting: Chart | None
    setting_sentence: str


@dataclass(frozen=True)
class Cohorts:
    """The cohorts and ages there are, as links, and the ways of the one that is shown."""

    choices: tuple[tuple[str, str, bool], ...]
    ages: tuple[tuple[str, str, bool], ...]
    current: str
    age: str
    ways: tuple[Way, ...]


def cohorts(found: Mapping[str, ShownSeries], wanted: str, age: str, *, area: str) -> Cohorts:
    """One cohort's ways: the one asked for, or the latest that can be followed to 19."""
    series = [found[code] for step in STEPS if (code := f"journey.{step}") in found]
    keys = sorted({period.key for one in series for period in one.periods})
    if not keys:
        return Cohorts((), (), "", age, ())
    current = wanted if wanted in keys else _followed(series, keys)
    choices = [
        (period_label(key), f"?cohort={key}&age={age}#ways", key == current)
        for key in reversed(keys)
    ]
    ages = [
        (f"At {one}", f"?cohort={current}&age={one}#ways", one == age)
        for one in _lived(series, current)
    ]
    ways = [
        _way(one, period, found.get(f"{one.code}.{age}"), age, area)
        for one in series
        if (period := one.at(current)) is not None
    ]
    return Cohorts(tuple(choices), tuple(ages), period_label(current), age, tuple(ways))


def _way(one: ShownSeries, period: ShownPeriod, by: ShownSeries | None, age: str, area: str) -> Way:
    told = [row for row in period.shown.rows if row.count.value is not None and _base(row)]
    said = "Too few young people to show. Nothing is wrong."
    if told:
        last = told[-1]
        said = f"{last.label}: {last.count.text} of {last.of.text if last.of else '[z]'}."
    chart = way(one, period, area=area) if told else None
    own = by.at(period.key) if by is not None else None
    parts = way_by_setting(own, title=f"{one.title} at {age}", area=area) if own else None
    nothing = "" if parts else _no_setting(own, age)
    return Way(one.title, said, chart, parts, nothing)


def _no_setting(own: ShownPeriod | None, age: str) -> str:
    if own is None:
        return f"Not worked out by care setting at {age}."
    if all(_base(row) == 0 for row in own.shown.rows):
        return f"Nothing is known of them at {age}."
    return f"Too few young people at {age} to show by care setting. Nothing is wrong."


def _base(row: ShownRow) -> int | None:
    return row.of.value if row.of is not None else None


def _lived(series: Sequence[ShownSeries], key: str) -> Collection[str]:
    """The ages of a cohort at which anything is known of anybody, hidden or not."""
    found = {
        row.code
        for one in series
        if (period := one.at(key)) is not None
        for row in period.shown.rows
        if _base(row) != 0
    }
    return [age for age in AGES if age in found]


def _followed(series: Sequence[ShownSeries], keys: Sequence[str]) -> str:
    """The latest cohort with somebody known at 19 or later; otherwise the earliest."""
    for key in reversed(keys):
        for one in series:
            period = one.at(key)
            late = [r for r in period.shown.rows if r.code >= FIRST_ASKED] if period else []
            if any(_base(row) for row in late):
                return key
    return keys[0]
