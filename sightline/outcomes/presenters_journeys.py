"""Ways through care as step tables, from the series a build declared for its cohorts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import Chart
from sightline.outcomes.presenters_charts import way
from sightline.outcomes.wording import period_label
from sightline.stats.disclosure import ShownSeries


@dataclass(frozen=True)
class Way:
    """One step of a cohort's way, age by age: a chart, or why there is none."""

    title: str
    chart: Chart | None
    sentence: str


@dataclass(frozen=True)
class Cohorts:
    """The cohorts there are, as links, and the ways of the one that is shown."""

    choices: tuple[tuple[str, str, bool], ...]
    current: str
    ways: tuple[Way, ...]


def cohorts(series: Sequence[ShownSeries], wanted: str, *, area: str) -> Cohorts:
    """One cohort's ways: the one asked for, or the latest that can be followed to 19."""
    keys = sorted({period.key for one in series for period in one.periods})
    if not keys:
        return Cohorts((), "", ())
    current = wanted if wanted in keys else _followed(series, keys)
    choices = tuple((period_label(key), f"?cohort={key}", key == current) for key in reversed(keys))
    found = []
    for one in series:
        period = one.at(current)
        if period is None:
            continue
        told = [r for r in period.shown.rows if r.count.value is not None and _base(r)]
        said = "Too few young people to show. Nothing is wrong."
        if told:
            last = told[-1]
            said = f"{last.label}: {last.count.text} of {last.of.text if last.of else '[z]'}."
        chart = way(one, period, area=area) if told else None
        found.append(Way(one.title, chart, said))
    return Cohorts(choices, period_label(current), tuple(found))


def _base(row: object) -> int | None:
    of = getattr(row, "of", None)
    return of.value if of is not None else None


def _followed(series: Sequence[ShownSeries], keys: Sequence[str]) -> str:
    """The latest cohort with somebody known at 19 or later; otherwise the earliest."""
    for key in reversed(keys):
        for one in series:
            period = one.at(key)
            late = [row for row in period.shown.rows if row.code >= "19"] if period else []
            if any(_base(row) for row in late):
                return key
    return keys[0]
