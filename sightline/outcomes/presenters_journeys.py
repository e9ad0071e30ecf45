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
        value: of everybody, in the period.
        high, low: the settings furthest apart, with their figures; empty where too few are shown.
        gap: how far apart, in points; or why that cannot be said.
        gap_change: whether the gap narrowed or widened.
        verdict: whether the figure of everybody got better.
    """

    title: str
    address: str
    kind: str
    value: str
    period: str
    high: str
    low: str
    gap: str
    gap_change: str
    verdict: str


def standings(area: str, found: Mapping[str, ShownSeries]) -> tuple[Standing, ...]:
    """How each outcome of leaving care stands by care setting, the widest gap first."""
    made = [_standing(area, one, found) for one in told_by_setting()]
    return tuple(line for _, line in sorted(made, key=lambda pair: -pair[0]))


def _standing(
    area: str, one: IndicatorDefinition, found: Mapping[str, ShownSeries]
) -> tuple[float, Standing]:
    series, by = found.get(one.code), found.get(f"{one.code}.placement")
    address = f"{reverse('outcomes:indicator', args=[area, one.code])}?tab=gap"
    held = latest(one, series) if series is not None else None
    if series is None or held is None:
        said = state_words(State.NOT_SUBMITTED)
        return -1.0, Standing(one.title, address, one.kind, said, "", "", "", said, "", "")
    period, got = held
    own = by.at(period.key) if by is not None else None
    ends = furthest(one, by, own) if by is not None and own is not None else None
    high = low = way_of = ""
    size, gap = 0.0, "Too few to show by care setting"
    if by is not None and ends is not None:
        high, low = (_end(one, end) for end in (ends.high, ends.low))
        size = (ends.high[1].number or 0.0) - (ends.low[1].number or 0.0)
        gap = f"{size:.1f} percentage points"
        way_of = changed(one, by, ends.codes)
    verdict = judged(one, series, grid="year")[1].kind.value
    return size, Standing(
        one.title, address, one.kind, short_value(one, got), period_label(period.key),
        high, low, gap, way_of, f"{verdict[:1].upper()}{verdict[1:]}",
    )  # fmt: skip


def _end(one: IndicatorDefinition, end: tuple[str, Reading]) -> str:
    code, got = end
    return f"{category_label('placement', code)} {number(one, got.number or 0.0)}"


def lead(lines: Sequence[Standing]) -> str:
    """How it stands, in a sentence."""
    wide = [line for line in lines if line.high]
    if not wide:
        return "Too few young people can be shown by care setting to tell of a gap."
    first = wide[0]
    return (
        f"The widest gap by care setting is in “{first.title}”: {first.high}, {first.low}, "
        f"{first.gap} apart in {first.period}."
    )


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


def _way(
    one: ShownSeries, period: ShownPeriod, by: ShownSeries | None, age: str, area: str
) -> Way:
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
    known = own is not None and any(_base(row) != 0 for row in own.shown.rows)
    if not known:
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
