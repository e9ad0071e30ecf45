"""This area beside what others have published: Scotland, other areas, the family group's median.

It is no league table. Figures that others counted by another version of the definition are named,
and not drawn.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sightline.design.charts import Chart, Comparator, Point, Value, dots
from sightline.outcomes.definitions import IndicatorDefinition
from sightline.outcomes.families import Family, Median, median_of
from sightline.outcomes.presenters_charts import SCOTLAND, drawn, provisional_notes, subtitle
from sightline.outcomes.queries import PublishedFigure
from sightline.outcomes.reading import reading, unit_of
from sightline.outcomes.wording import number, period_label
from sightline.stats.disclosure import ShownPeriod, ShownSeries

_NOTE = (
    "Scotland first, then areas by the alphabet. This is no league table: differences are the "
    "start of a question."
)


@dataclass(frozen=True)
class Compared:
    """The chart of the latest period that both have, and what is said of the family group."""

    chart: Chart | None
    family: str


def compared(
    one: IndicatorDefinition,
    series: ShownSeries | None,
    published: Sequence[PublishedFigure],
    *,
    area: str,
    family: Family | None,
    provisional: Collection[str] = (),
) -> Compared:
    """This area, the others of which figures are held, and the median of its family group."""
    alike = [figure for figure in published if figure.period >= one.since]
    period = _latest_of_both(one, series, alike)
    if period is None:
        return Compared(None, _family_words(one, family, None, ""))
    others = sorted(
        (f for f in alike if f.period == period.key and f.value is not None and f.area != area),
        key=lambda figure: (figure.area.casefold() != SCOTLAND, figure.area),
    )
    median = median_of(family, others, period.key) if family is not None else None
    said = _family_words(one, family, median, period_label(period.key))
    if not others:
        return Compared(None, said)
    own = reading(one, period)
    points = [Point(area, drawn(one, own), own=True)]
    points += [Point(figure.area, _rounded(one, figure.value)) for figure in others]
    comparator = None
    if median is not None and median.value is not None:
        comparator = Comparator("Family group median", float(_rounded(one, median.value) or 0))
    chart = dots(
        headline=f"{area} beside {_places(others)}",
        subtitle=subtitle(one, "", period_label(period.key)),
        points=points,
        measure=one.title,
        unit=unit_of(one) if one.unit == "per_cent" else "",
        row_name="Area",
        comparator=comparator,
        source=", ".join(sorted({f.source for f in others if f.source})),
        notes=(_NOTE, *provisional_notes(period.key in provisional)),
    )
    return Compared(chart, said)


def _latest_of_both(
    one: IndicatorDefinition, series: ShownSeries | None, published: Sequence[PublishedFigure]
) -> ShownPeriod | None:
    held = {figure.period for figure in published if figure.value is not None}
    both = [
        period
        for period in (series.periods if series is not None else ())
        if period.key in held and reading(one, period).number is not None
    ]
    return both[-1] if both else None


def _rounded(one: IndicatorDefinition, value: float | None) -> Value:
    return int((value or 0.0) + 0.5) if one.unit == "per_cent" else round(value or 0.0, 1)


def _family_words(
    one: IndicatorDefinition, family: Family | None, median: Median | None, period: str
) -> str:
    if family is None:
        return "This area is in no family group that is held here."
    who = f"{family.title} ({family.source})"
    if median is None:
        return f"{who}: no figure of the group is held for a period that this area has too."
    if median.value is None:
        return (
            f"{who}: figures of {median.areas} others of the group are held for {period}. A median "
            "is given of at least three."
        )
    sure = "" if family.confirmed else " Who is in the group has not been confirmed."
    return (
        f"{who}: the median of {median.areas} others of the group in {period} is "
        f"{number(one, median.value)}.{sure}"
    )


def _places(others: Sequence[PublishedFigure]) -> str:
    names = [figure.area for figure in others]
    return names[0] if len(names) == 1 else f"{len(names)} figures published by others"


def published_rows(
    one: IndicatorDefinition, published: Sequence[PublishedFigure], family: Family | None
) -> list[tuple[str, str, str, str, str, str]]:
    """Every published figure, newest first: area, period, value, base, source, what to know."""
    return [
        (
            figure.area,
            period_label(figure.period),
            "[c]" if figure.value is None else number(one, figure.value),
            "–" if figure.base is None else f"{figure.base:,.0f}",
            figure.source,
            _about(one, figure, family),
        )
        for figure in sorted(published, key=lambda figure: figure.period, reverse=True)
    ]


def _about(one: IndicatorDefinition, figure: PublishedFigure, family: Family | None) -> str:
    said = ["Family group"] if family is not None and family.has(figure.area) else []
    said += ["counted by an earlier version"] if figure.period < one.since else []
    text = ", ".join(said)
    return f"{text[:1].upper()}{text[1:]}" or "–"
