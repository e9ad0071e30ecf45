"""Charts of an indicator. Each is drawn from series as their readers see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sightline.design.charts import (
    Break,
    Chart,
    Comparator,
    Happened,
    Pair,
    Point,
    Series,
    Step,
    Stretch,
    Value,
    bars,
    change,
    dots,
    dumbbell,
    run_median,
    step_table,
)
from sightline.kernel.measures import State
from sightline.outcomes.definitions import IndicatorDefinition
from sightline.outcomes.labels import breakdown_title, category_label
from sightline.outcomes.models import Annotation
from sightline.outcomes.queries import PublishedFigure
from sightline.outcomes.reading import MISSING, Reading, reading, readings, unit_of, without_ends
from sightline.outcomes.wording import (
    BETTER,
    PROVISIONAL,
    PROVISIONAL_WORDS,
    number,
    period_label,
    short_value,
)
from sightline.stats.disclosure import ShownPeriod, ShownRow, ShownSeries
from sightline.stats.series import ControlChart
from sightline.stats.trends import RunChart
from sightline.stats.verdict import Verdict, judge

_UNITS: Final = {"year": "years", "quarter": "quarters"}
_FEWEST_FOR_LINE: Final = 2
SCOTLAND: Final = "scotland"


def drawn(one: IndicatorDefinition, found: Reading) -> Value:
    """A figure as a chart takes it: shares whole, the rest to one place."""
    value = found.number
    if value is None:
        return found.value if isinstance(found.value, State) else None
    if one.unit == "per_cent":
        return int(value + 0.5)
    return int(value) if one.unit == "count" else round(value, 1)


def subtitle(one: IndicatorDefinition, area: str, more: str = "") -> str:
    """Measure, unit, place, and what else."""
    unit = unit_of(one).strip() or "number"
    unit = "per cent" if unit == "%" else unit
    return ", ".join(part for part in (one.title, unit, area, more) if part)


def by_category(
    one: IndicatorDefinition,
    series: ShownSeries,
    period: ShownPeriod,
    *,
    breakdown: str,
    area: str,
    overall: Reading | None,
    provisional: bool = False,
) -> Chart | None:
    """A dot for each category, with n of N at its end; None where nothing can be shown."""
    found = [(row.code, reading(one, period, row.code)) for row in period.shown.rows]
    if all(got.number is None for _, got in found):
        return None
    comparator = None
    if overall is not None and overall.number is not None:
        comparator = Comparator("All", float(drawn(one, overall) or 0))
    known = [(code, got) for code, got in found if got.number is not None]
    highest = max(known, key=lambda pair: pair[1].number or 0.0)
    label = category_label(breakdown, highest[0])
    headline = f"{label}: {short_value(one, highest[1])}, the highest shown"
    return dots(
        headline=headline,
        subtitle=subtitle(
            one, area, f"by {breakdown_title(breakdown).lower()}, {period_label(period.key)}"
        ),
        points=[
            Point(
                category_label(breakdown, code),
                drawn(one, got),
                count=got.count if got.base is not None and one.unit == "per_cent" else None,
                base=got.base if one.unit == "per_cent" else None,
            )
            for code, got in found
        ],
        measure=one.title,
        unit=unit_of(one) if one.unit != "count" else "",
        row_name=breakdown_title(breakdown),
        comparator=comparator,
        notes=provisional_notes(provisional),
    )


def provisional_notes(provisional: bool) -> tuple[str, ...]:
    """For under a chart some of whose figures are provisional."""
    words = PROVISIONAL_WORDS
    return (f"{words[:1].upper()}{words[1:]}.",) if provisional else ()


def judged(
    one: IndicatorDefinition,
    series: ShownSeries,
    *,
    grid: str,
    cuts: Sequence[int] = (),
    category: str = "",
) -> tuple[RunChart | ControlChart | None, Verdict]:
    """The chart that a series allows, and what it allows one to say."""
    found = without_ends(readings(one, series, category))
    return judge(
        [got.number for _, got in found],
        [period_label(period.key) for period, _ in found],
        better=BETTER[one.direction],
        unit=_UNITS[grid],
        breaks=cuts,
        floor=0.0,
        ceiling=100.0 if one.unit == "per_cent" else None,
    )


@dataclass(frozen=True)
class OverTime:
    """A series over time: its chart, where there is one, and what it allows one to say."""

    verdict: Verdict
    chart: Chart | None
    judged_by: str


def over_time(
    one: IndicatorDefinition,
    series: ShownSeries,
    *,
    grid: str,
    area: str,
    notes: Sequence[Annotation] = (),
    published: Sequence[PublishedFigure] = (),
    category: str = "",
    provisional: Collection[str] = (),
) -> OverTime:
    """A run chart of years, or a control chart of twelve quarters and more, with its verdict."""
    found = without_ends(readings(one, series, category))
    keys = [period.key for period, _ in found]
    labels = [period_label(key) for key in keys]
    values = [got.number for _, got in found]
    marks = _marks([period for period, _ in found], notes)
    cuts = sorted({place for place, note in marks if note.breaks and place})
    chart, verdict = judged(one, series, grid=grid, cuts=cuts, category=category)
    if all(value is None for value in values):
        return OverTime(verdict, None, "")
    start = len(values) - len(chart.values) if chart is not None else 0
    after = cuts[-1] if cuts else 0
    stretches = _stretches(chart, start) if chart is not None else _median(found, one, after)
    control = isinstance(chart, ControlChart)
    drawn_values = [drawn(one, got) for _, got in found]
    made = change(
        headline=verdict.text,
        subtitle=subtitle(one, area, f"{labels[0]} to {labels[-1]}"),
        periods=labels,
        name=area,
        values=drawn_values,
        unit=unit_of(one) if one.unit == "per_cent" else "",
        stretches=stretches,
        centre_name="Average" if control else "Median",
        signs=_signs(chart, start, one),
        comparator=_comparator(one, keys, published),
        breaks=[
            *(Break(labels[place], note.words) for place, note in marks if note.breaks and place),
            *_of_version(one, keys, published),
        ],
        marks={place: PROVISIONAL for place, key in enumerate(keys) if key in provisional},
        notes=provisional_notes(any(key in provisional for key in keys)),
        happened=[
            Happened(labels[place], f"{note.words} ({note.on:%B %Y})")
            for place, note in marks
            if not note.breaks
        ],
        alt=_alt(one, area, labels, drawn_values, verdict, control=control),
    )
    return OverTime(verdict, made, _judged_by(chart, control=control))


def _alt(
    one: IndicatorDefinition,
    area: str,
    labels: Sequence[str],
    values: Sequence[Value],
    verdict: Verdict,
    *,
    control: bool,
) -> str:
    known = [
        (label, v) for label, v in zip(labels, values, strict=True) if isinstance(v, int | float)
    ]
    kind = "Control chart" if control else "Line chart"
    label, value = known[-1]
    said = number(one, float(value))
    text = f"{kind} of {one.title.lower()} in {area}, {labels[0]} to {labels[-1]}. "
    text += f"{verdict.text} Latest {said} in {label}."
    if len(text) > 150:  # noqa: PLR2004 - the longest alternative text
        text = f"{kind}, {labels[0]} to {labels[-1]}. {verdict.text} Latest {said}."
    return text[:150]


def _judged_by(chart: object, *, control: bool) -> str:
    if chart is None:
        return ""
    if control:
        return (
            "Judged by the rules for control charts: a point beyond the limits, seven in a row on "
            "one side of the average or each higher (or lower) than the last, or two of three "
            "near a limit."
        )
    return (
        "Judged by the rules for run charts: six or more in a row on one side of the median, or "
        "too few or too many crossings of it."
    )


def _marks(
    periods: Sequence[ShownPeriod], notes: Sequence[Annotation]
) -> list[tuple[int, Annotation]]:
    found = []
    for note in notes:
        for place, period in enumerate(periods):
            people = period.shown.population
            if people.first <= note.on <= people.last:
                found.append((place, note))
    return found


def _stretches(chart: Any, start: int) -> list[Stretch]:
    if isinstance(chart, ControlChart):
        return [
            Stretch(one.start + start, one.end + start, one.centre, one.low, one.high)
            for one in chart.limits
        ]
    return [Stretch(one.start + start, one.end + start, one.centre) for one in chart.phases]


def _median(
    found: Sequence[tuple[ShownPeriod, Reading]], one: IndicatorDefinition, after: int
) -> list[Stretch]:
    """The median of what follows the last break, where that is five points or more."""
    middle = run_median([drawn(one, got) for _, got in found[after:]])
    return [] if middle is None else [Stretch(after, len(found), middle)]


def _signs(chart: Any, start: int, one: IndicatorDefinition) -> dict[int, Any]:
    if chart is None:
        return {}
    signs: dict[int, Any] = {}
    for signal in chart.signals:
        if not signal.side:
            continue
        good = (signal.side > 0) == (one.direction == "up")
        sign = "changed" if one.direction == "context" else "better" if good else "worse"
        signs.update({place + start: sign for place in signal.points})
    return signs


def _of_version(
    one: IndicatorDefinition, keys: Sequence[str], published: Sequence[PublishedFigure]
) -> list[Break]:
    """Where others began to count by this version, if the chart reaches back before that."""
    if not one.since or not keys or keys[0] >= one.since:
        return []
    first = next((key for key in keys if key >= one.since), None)
    if first is None:
        return []
    left = any(figure.period < one.since for figure in published)
    what = "Scotland’s figures before it are left out" if left else "national figures changed here"
    return [
        Break(
            period_label(first),
            f"the definition changed. {one.differs} Each point of this area is counted by version "
            f"{one.version}; {what}.",
        )
    ]


def _comparator(
    one: IndicatorDefinition, keys: Sequence[str], published: Sequence[PublishedFigure]
) -> Series | None:
    """Scotland, in the periods in which it was counted by the same version."""
    by_period = {
        figure.period: figure.value
        for figure in published
        if figure.area.casefold() == SCOTLAND and figure.period >= one.since
    }
    values = tuple(by_period.get(key) for key in keys)
    if sum(value is not None for value in values) < _FEWEST_FOR_LINE:
        return None
    return Series("Scotland", tuple(None if v is None else round(v, 1) for v in values))


def gap_by_year(
    one: IndicatorDefinition,
    series: ShownSeries,
    *,
    ends: tuple[str, str],
    breakdown: str,
    area: str,
    headline: str,
) -> Chart | None:
    """A dumbbell for each period: two categories, and how far they lie apart."""
    pairs = [
        Pair(
            period_label(period.key),
            drawn(one, reading(one, period, ends[0])),
            drawn(one, reading(one, period, ends[1])),
        )
        for period in series.periods
        if any(reading(one, period, end).value not in MISSING for end in ends)
    ]
    if not any(
        isinstance(p.first, int | float) and isinstance(p.second, int | float) for p in pairs
    ):
        return None
    names = (category_label(breakdown, ends[0]), category_label(breakdown, ends[1]))
    return dumbbell(
        headline=headline,
        subtitle=subtitle(one, area, f"{names[0]} and {names[1]}, by year"),
        pairs=pairs,
        names=names,
        unit=unit_of(one) if one.unit == "per_cent" else "",
        difference="gap",
        row_name="Year",
    )


def fifths(
    one: IndicatorDefinition, series: ShownSeries, period: ShownPeriod, *, area: str
) -> Chart | None:
    """Five bars, most to least deprived."""
    rows = [row for row in period.shown.rows if row.code in {"1", "2", "3", "4", "5"}]
    found = [(row.code, reading(one, period, row.code)) for row in rows]
    if all(got.number is None for _, got in found):
        return None
    known = [got for _, got in found if got.number is not None]
    return bars(
        headline=f"{len(known)} of {len(found)} fifths can be shown in {period_label(period.key)}",
        subtitle=subtitle(one, area, "by deprivation of the home area"),
        points=[
            Point(
                category_label("simd", code), drawn(one, got),
                count=got.count if got.base is not None and one.unit == "per_cent" else None,
                base=got.base if one.unit == "per_cent" else None,
            )
            for code, got in found
        ],
        measure=one.title,
        unit=unit_of(one) if one.unit == "per_cent" else "",
        row_name="Fifth",
    )  # fmt: skip


def come_to(period: ShownPeriod) -> list[ShownRow]:
    """The ages of a cohort up to the last at which anything is known of anybody."""
    rows = list(period.shown.rows)
    while rows and rows[-1].of is not None and rows[-1].of.value == 0:
        rows.pop()
    return rows


def way(series: ShownSeries, period: ShownPeriod, *, area: str) -> Chart | None:
    """How many of a cohort came to each step of the way."""
    rows = come_to(period)
    if all(row.count.value is None for row in rows):
        return None
    return step_table(
        headline=f"{period.shown.title}, {period_label(period.key)}",
        subtitle=f"{period.shown.counted[:1].upper()}{period.shown.counted[1:]}, {area}",
        steps=[
            Step(
                row.label,
                State.NOT_APPLICABLE if row.of and row.of.value == 0 else row.count.drawn,
                row.of.drawn if row.of is not None and row.of.value != 0 else None,
            )
            for row in rows
        ],
        counted="Young people",
        notes=period.shown.notes,
    )


def way_by_setting(period: ShownPeriod, *, title: str, area: str) -> Chart | None:
    """How many of a cohort came to a step at one age, by care setting; None where all is hidden.

    Counts and no percentages: of a cohort a few lived in each setting.
    """
    rows = [row for row in period.shown.rows if row.of is None or row.of.value != 0]
    if all(row.count.value is None for row in rows):
        return None
    return step_table(
        headline=f"{title}, by care setting",
        subtitle=f"{period.shown.counted[:1].upper()}{period.shown.counted[1:]}, {area}",
        steps=[
            Step(row.label, row.count.drawn, row.of.drawn if row.of is not None else None)
            for row in rows
        ],
        counted="Young people",
        row_name=breakdown_title("placement"),
        notes=period.shown.notes,
    )


def balance(counts: Sequence[tuple[str, int]], series: ShownSeries | None) -> Chart | None:
    """How many indicators are of process, output, outcome and experience.

    `series` is that of the balance itself, where a build has it; the counts are of definitions.
    """
    if not counts:
        return None
    most = max(counts, key=lambda pair: pair[1])
    return bars(
        headline=f"{most[1]} of {sum(n for _, n in counts)} indicators are of {most[0].lower()}",
        subtitle="Indicators by kind, number",
        points=[Point(name, n) for name, n in counts],
        measure="Indicators",
        row_name="Kind",
    )
