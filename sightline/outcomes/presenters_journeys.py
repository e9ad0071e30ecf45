"""Ways through care as step tables, from the series a build declared for its cohorts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import Chart
from sightline.outcomes.presenters_charts import way
from sightline.outcomes.wording import period_label
from sightline.stats.disclosure import ShownSeries


@dataclass(frozen=True)
class Cohort:
    """One year's young people: what became of them, or why it cannot be shown."""

    title: str
    anchor: str
    chart: Chart | None
    sentence: str


def ways(series: Sequence[ShownSeries], *, area: str) -> tuple[Cohort, ...]:
    """Each cohort's way, the latest first."""
    found = []
    for one in series:
        for period in reversed(one.periods):
            chart = way(one, period, area=area)
            told = [row for row in period.shown.rows if row.count.value is not None]
            said = "Too few young people to show. Nothing is wrong."
            if chart is not None and told:
                last = told[-1]
                base = f" of {last.of.text}" if last.of is not None and last.of.value else ""
                said = f"{last.label}: {last.count.text}{base}."
            title = f"{one.title}, {period_label(period.key)}"
            found.append(Cohort(title, f"{one.code.replace('.', '-')}-{period.key}", chart, said))
    return tuple(found)
