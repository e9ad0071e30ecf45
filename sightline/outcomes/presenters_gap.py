"""The gap between the most and the least deprived, and between care settings, in words and charts.

Worked out from what is shown; where a fifth is hidden, nothing that needs it is said.
"""

from dataclasses import dataclass
from typing import Final

from sightline.design.charts import Chart
from sightline.kernel.measures import State
from sightline.outcomes.definitions import IndicatorDefinition
from sightline.outcomes.labels import category_label
from sightline.outcomes.presenters_charts import fifths, gap_by_year
from sightline.outcomes.reading import Reading, latest, reading
from sightline.outcomes.wording import number, period_label, value_words
from sightline.stats.disclosure import ShownPeriod, ShownSeries
from sightline.stats.inequality import Group, gap_change, inequality, worse_where_deprived
from sightline.stats.intervals import Interval, Missing, difference

MOST, LEAST = "1", "5"
FIFTHS: Final = (MOST, "2", "3", "4", LEAST)
_POINTS: Final = 100


@dataclass(frozen=True)
class Gap:
    """What can be said of a gap: sentences, figures as rows of a table, charts."""

    title: str
    sentences: tuple[str, ...]
    rows: tuple[tuple[str, str, str], ...]
    charts: tuple[Chart, ...]
    nothing: str = ""


def by_deprivation(one: IndicatorDefinition, series: ShownSeries, *, area: str) -> Gap:
    """The gap by deprivation of the home area."""
    title = "Between the most and the least deprived areas"
    held = latest(one, series)
    if held is None:
        return Gap(title, (), (), (), "Not submitted, so no gap can be shown.")
    period = held[0]
    first, last = (reading(one, period, end) for end in (MOST, LEAST))
    said = _gap_words(one, first, last, "most", "least deprived areas", period)
    change = changed(one, series)
    sentences = tuple(text for text in (said, change, _direction(one, period)) if text)
    made = [
        gap_by_year(
            one, series, ends=(LEAST, MOST), breakdown="simd", area=area,
            headline=change or said or "The gap by year",
        ),
        fifths(one, series, period, area=area),
    ]  # fmt: skip
    charts = tuple(chart for chart in made if chart is not None)
    nothing = "" if charts else "Too few people in each fifth to show. Nothing is wrong."
    return Gap(title, sentences, _measures(one, period), charts, nothing)


def _gap_words(
    one: IndicatorDefinition,
    first: Reading,
    last: Reading,
    name: str,
    other: str,
    period: ShownPeriod,
) -> str:
    if first.number is None or last.number is None:
        return ""
    apart = abs(first.number - last.number)
    unit = " percentage points" if one.unit == "per_cent" else ""
    size = f"{apart:.1f}{unit}" if unit else number(one, apart)
    if not round(apart, 1):
        return f"In {period_label(period.key)} the {name} and the {other} were alike."
    way = "higher" if first.number > last.number else "lower"
    return (
        f"In {period_label(period.key)} it was {value_words(one, first)} in the {name} and "
        f"{value_words(one, last)} in the {other}: {size} {way}."
    )


def _between(found: ShownPeriod, ends: tuple[str, str]) -> Interval | None:
    rows = [found.row(end) for end in ends]
    pairs = [
        (row.count.value, row.of.value)
        for row in rows
        if row is not None and row.of is not None and row.of.value
    ]
    whole = [(n, of) for n, of in pairs if n is not None and of is not None]
    return difference(whole[1], whole[0]) if len(whole) == len(ends) else None


def changed(
    one: IndicatorDefinition, series: ShownSeries, ends: tuple[str, str] = (MOST, LEAST)
) -> str:
    """Whether the gap between two categories narrowed since the first year in which it is known."""
    if one.unit != "per_cent":
        return ""
    known = [(p, gap) for p in series.periods if (gap := _between(p, ends)) is not None]
    if len(known) < 2:  # noqa: PLR2004 - a change lies between two
        return ""
    (then, before), (now, after) = known[0], known[-1]
    verdict = gap_change(before, after)
    was, is_now = (abs(gap.estimate) * _POINTS for gap in (before, after))
    return (
        f"The gap is {is_now:.1f} percentage points in {period_label(now.key)}, "
        f"{was:.1f} in {period_label(then.key)}: {verdict}."
    )


def _groups(one: IndicatorDefinition, period: ShownPeriod) -> list[Group]:
    found = []
    for rank, code in enumerate(FIFTHS, start=1):
        got = reading(one, period, code)
        if got.count is not None and got.base and got.number is not None:
            found.append(Group(rank, got.count, got.base))
    return found


def _direction(one: IndicatorDefinition, period: ShownPeriod) -> str:
    if one.direction == "context":
        return ""
    slope = inequality(_groups(one, period)).slope
    if isinstance(slope, Missing):
        return ""
    said = worse_where_deprived(slope, higher_is_worse=one.direction == "down")
    return f"Across all five fifths: {said}."


def _measures(one: IndicatorDefinition, period: ShownPeriod) -> tuple[tuple[str, str, str], ...]:
    groups = _groups(one, period)
    found = inequality(groups)
    times = float(one.multiplier)
    rows = [
        ("Absolute gap", found.absolute_range, times, "Most deprived less least deprived"),
        ("Relative gap", found.relative_range, 1.0, "Most deprived over least deprived"),
        ("Slope index of inequality", found.slope, times, "The gap across the whole population"),
        ("Relative index of inequality", found.relative_slope, 1.0, "The slope over the average"),
    ]
    return tuple((name, _written(value, scale), what) for name, value, scale, what in rows)


def _written(value: float | Interval | Missing, times: float) -> str:
    if isinstance(value, Missing):
        return f"Not known: {value.why}"
    if isinstance(value, Interval):
        low, mid, high = (round(end * times, 1) for end in (value.low, value.estimate, value.high))
        return f"{mid:g} ({low:g} to {high:g})"
    return f"{value * times:.1f}"


@dataclass(frozen=True)
class Ends:
    """The care settings that lie furthest apart in a period: code and figure of each."""

    period: ShownPeriod
    low: tuple[str, Reading]
    high: tuple[str, Reading]

    @property
    def codes(self) -> tuple[str, str]:
        """The lowest, then the highest."""
        return self.low[0], self.high[0]


def furthest(one: IndicatorDefinition, series: ShownSeries, period: ShownPeriod) -> Ends | None:
    """The care settings that lie furthest apart in a period; None where fewer than two are shown.

    Those whose setting is not known are in none.
    """
    found = [
        (row.code, got)
        for row in period.shown.rows
        if row.code != "not-known" and (got := reading(one, period, row.code)).number is not None
    ]
    ordered = sorted(found, key=lambda pair: pair[1].number or 0.0)
    return Ends(period, ordered[0], ordered[-1]) if len(ordered) > 1 else None


def by_setting(one: IndicatorDefinition, series: ShownSeries, *, area: str) -> Gap | None:
    """The gap between the care settings that lie furthest apart in the latest year, and its way."""
    held = latest(one, series)
    if held is None:
        return None
    ends = furthest(one, series, held[0])
    if ends is None:
        return Gap("Between care settings", (), (), (), "Too few settings can be shown.")
    names = [category_label("placement", code) for code in ends.codes]
    said = _gap_words(
        one, ends.high[1], ends.low[1],
        f"setting with the highest figure ({names[1][:1].lower()}{names[1][1:]})",
        f"one with the lowest ({names[0][:1].lower()}{names[0][1:]})", held[0],
    )  # fmt: skip
    chart = gap_by_year(
        one, series, ends=ends.codes, breakdown="placement", area=area,
        headline=f"{names[1]} and {names[0][:1].lower()}{names[0][1:]}, by year",
    )  # fmt: skip
    way = changed(one, series, ends.codes)
    return Gap(
        "Between care settings", tuple(t for t in (said, way) if t), (), (chart,) if chart else ()
    )


def points_of_gap(
    one: IndicatorDefinition, share: IndicatorDefinition, series: ShownSeries
) -> list[tuple[ShownPeriod, Reading]]:
    """For an indicator that is a gap: the difference of two shares of another, period by period."""
    found = []
    for period in series.periods:
        first, second = (reading(share, period, end) for end in (one.first, one.second))
        if first.number is not None and second.number is not None:
            found.append((period, Reading(first.number - second.number)))
        else:
            states = [r.value for r in (first, second) if isinstance(r.value, State)]
            found.append((period, Reading(states[0])))
    return found
