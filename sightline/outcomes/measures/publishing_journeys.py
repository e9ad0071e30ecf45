"""Ways through care as series: for each step, how many of each year's young people, age by age."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any, Final

from sightline.releases.services import DeclaredSeries
from sightline.stats.disclosure import Area, Count, Exact, Population

STEPS: Final = {
    "in-touch": ("In touch", "young people in touch with the service"),
    "plan": ("With a plan", "young people with a current plan"),
    "home": ("In a settled home", "young people in a settled home"),
    "activity": ("In learning, training or work", "young people in learning, training or work"),
    "health": ("Health looked after", "young people whose health was assessed, or it was offered"),
}
_AUGUST: Final = 8


def journeys(
    rows: Iterable[Mapping[str, Any]], *, area: str, vintage: str
) -> tuple[DeclaredSeries, ...]:
    """One series for each step; its periods are the cohorts, its categories the ages.

    The same young people stand under several ages, so the categories do not add up to anybody.
    """
    held: dict[str, dict[str, dict[int, Mapping[str, Any]]]] = {}
    for row in rows:
        if not row["by_placement"] and row["step"] in STEPS:
            by_cohort = held.setdefault(row["step"], {})
            by_cohort.setdefault(row["cohort"], {})[row["age"]] = row
    return tuple(
        _series(step, held[step], area=area, vintage=vintage) for step in STEPS if step in held
    )


def _series(
    step: str, cohorts: Mapping[str, Mapping[int, Mapping[str, Any]]], *, area: str, vintage: str
) -> DeclaredSeries:
    title, counted = STEPS[step]
    ages = sorted({age for found in cohorts.values() for age in found})
    tables = []
    for cohort in sorted(cohorts):
        year = int(cohort[:4])
        counts = []
        for age in ages:
            row = cohorts[cohort].get(age, {"people": 0, "of": 0})
            counts.append(Count(str(age), f"At {age}", row["people"] or 0, of=row["of"] or 0))
        tables.append(
            Exact(
                code=f"journey.{step}", title=title, counted=counted,
                base_words="those of whom it is known", by="Age",
                population=Population(
                    f"{area}: journeys", Area(area),
                    dt.date(year, _AUGUST, 1), dt.date(year + 1, _AUGUST - 1, 31),
                ),
                counts=counts, measure=title, vintage=vintage,
            )
        )  # fmt: skip
    return DeclaredSeries(
        f"journey.{step}", title, tuple(sorted(cohorts)), tuple(tables),
        line=f"journey {step}", base=f"journey {step} known", whole=False,
    )  # fmt: skip
