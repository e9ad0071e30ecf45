"""Ways through care as series: for each step, how many of each year's young people, age by age.

Two kinds: everybody by age, and, for each age, by care setting. Both count the same young people,
so they are protected together: a link says that a table by care setting counts those who stand
under one age of the other.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from sightline.outcomes.labels import breakdown_title, category_label, in_order
from sightline.releases.services import DeclaredSeries
from sightline.stats.disclosure import Area, Count, Exact, Link, Population, Slice

STEPS: Final = {
    "in-touch": ("In touch", "young people in touch with the service"),
    "plan": ("With a plan", "young people with a current plan"),
    "home": ("In a settled home", "young people in a settled home"),
    "activity": ("In learning, training or work", "young people in learning, training or work"),
    "health": ("Health looked after", "young people whose health was assessed, or it was offered"),
}
AGE: Final = "Age"
_AUGUST: Final = 8

Cell = Mapping[str, Any]
_Cells = dict[str, dict[str, Cell]]
"""By cohort, by age or care setting."""


def journeys(
    rows: Iterable[Cell], *, area: str, vintage: str
) -> tuple[tuple[DeclaredSeries, ...], tuple[Link, ...]]:
    """Series of each step by age, and of each step at each age by care setting; and their links.

    The periods are the cohorts. The same young people stand under several ages, so ages do not add
    up to anybody; care settings do, for everybody is in one.
    """
    by_age: dict[str, _Cells] = {}
    by_setting: dict[tuple[str, int], _Cells] = {}
    for row in rows:
        if row["step"] not in STEPS:
            continue
        cohort, setting = row["cohort"], row["by_placement"]
        if setting:
            held = by_setting.setdefault((row["step"], row["age"]), {})
            held.setdefault(cohort, {})[setting] = row
        else:
            by_age.setdefault(row["step"], {}).setdefault(cohort, {})[str(row["age"])] = row
    series: list[DeclaredSeries] = []
    links: list[Link] = []
    for step in STEPS:
        if step not in by_age:
            continue
        series.append(_by_age(step, by_age[step], area, vintage))
        for age in sorted(age for held, age in by_setting if held == step):
            series.append(_by_setting(step, age, by_setting[(step, age)], area, vintage))
            links += _at_that_age(step, age)
    return tuple(series), tuple(links)


def code_at(step: str, age: int) -> str:
    """The code of the series of a step at an age by care setting."""
    return f"journey.{step}.{age}"


def _by_age(step: str, cohorts: _Cells, area: str, vintage: str) -> DeclaredSeries:
    ages = sorted({age for found in cohorts.values() for age in found})
    labels = [(age, f"At {age}") for age in ages]
    return DeclaredSeries(
        f"journey.{step}", STEPS[step][0], tuple(sorted(cohorts)),
        tuple(_tables(f"journey.{step}", step, cohorts, AGE, labels, (area, vintage))),
        line=_line(step), base=_base(step), whole=False,
    )  # fmt: skip


def _by_setting(step: str, age: int, cohorts: _Cells, area: str, vintage: str) -> DeclaredSeries:
    held = in_order("placement", sorted({name for found in cohorts.values() for name in found}))
    labels = [(name, category_label("placement", name)) for name in held]
    code = code_at(step, age)
    return DeclaredSeries(
        code, f"{STEPS[step][0]} at {age}, by care setting", tuple(sorted(cohorts)),
        tuple(
            _tables(code, step, cohorts, breakdown_title("placement"), labels, (area, vintage))
        ),
        line=_line(step, age), base=_base(step, age),
    )  # fmt: skip


def _line(step: str, age: int | None = None) -> str:
    return f"journey {step}" if age is None else f"journey {step} at {age}"


def _base(step: str, age: int | None = None) -> str:
    return f"{_line(step, age)} known"


def _at_that_age(step: str, age: int) -> Iterator[Link]:
    yield Slice(_line(step, age), _line(step), AGE, (str(age),))
    yield Slice(_base(step, age), _base(step), AGE, (str(age),))


def _tables(
    code: str,
    step: str,
    cohorts: _Cells,
    by: str,
    labels: Sequence[tuple[str, str]],
    about: tuple[str, str],
) -> Iterator[Exact]:
    (title, counted), (area, vintage) = STEPS[step], about
    for cohort in sorted(cohorts):
        year = int(cohort[:4])
        rows = [(name, label, cohorts[cohort].get(name, {})) for name, label in labels]
        yield Exact(
            code=code, title=title, counted=counted,
            base_words="those of whom it is known", by=by,
            population=Population(
                f"{area}: journeys", Area(area),
                dt.date(year, _AUGUST, 1), dt.date(year + 1, _AUGUST - 1, 31),
            ),
            counts=[
                Count(name, label, row.get("people") or 0, of=row.get("of") or 0)
                for name, label, row in rows
            ],
            measure=title, vintage=vintage,
        )  # fmt: skip
