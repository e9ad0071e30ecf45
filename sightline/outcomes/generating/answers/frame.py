"""What an answer is, and how cases of an indicator are tallied.

Nothing here or beside it uses the code of an indicator, a view or an engine: an answer is worked
out from the events themselves in plain Python, so that the two can be held against each other. Only
what the extract tells is asked, since nobody can count what nobody was told.
"""

import datetime as dt
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeGuard

from sightline.outcomes.generating.drawing import age_on
from sightline.outcomes.generating.extracts import SPINE, extract
from sightline.outcomes.generating.lives import Event, Log

Grid = Literal["quarter", "year"]
Per = Literal["children", "rows", "median"]
DAY: Final = dt.timedelta(days=1)
NEVER: Final = dt.date.max
APRIL, AUGUST = 4, 8
BANDS: Final[Mapping[str, tuple[tuple[int, str], ...]]] = {
    "register": ((0, "0-4"), (5, "5-10"), (11, "11-15"), (16, "16+")),
    "looked-after": (
        (0, "under 1"), (1, "1-4"), (5, "5-11"), (12, "12-15"), (16, "16-17"), (18, "18+"),
    ),
    "aftercare": (
        (0, "under 16"), (16, "16"), (17, "17"), (18, "18"), (19, "19-21"), (22, "22+"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """What the extract tells of one child."""

    child: str
    family: str
    born: dt.date | None
    sex: str
    quintile: int
    locality: str
    events: Mapping[str, list[Event]]

    def of(self, dataset: str) -> list[Event]:
        """Its events of one kind."""
        return self.events.get(dataset, [])

    def age(self, day: dt.date) -> int | None:
        """Completed years on a day; null before birth."""
        if self.born is None or self.born > day:
            return None
        return age_on(self.born, day)


@dataclass(frozen=True)
class World:
    """Everything the extract tells."""

    children: tuple[Told, ...]
    families: Mapping[str, tuple[Told, ...]]
    others: Mapping[str, list[Event]]
    first: dt.date
    until: dt.date


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, under a key."""

    key: str
    first: dt.date
    last: dt.date

    def holds(self, day: dt.date | None) -> TypeGuard[dt.date]:
        """Whether a day is one of them."""
        return day is not None and self.first <= day <= self.last

    def back(self, months: int) -> "Period":
        """The same so many months earlier."""
        first = plus_months(self.first, -months)
        return Period(self.key, first, plus_months(self.last + DAY, -months) - DAY)


@dataclass(frozen=True)
class Case:
    """One child, or row, that an indicator looks at in a period.

    Attributes:
        child: who; null when it is no child's.
        day: on which age and the like are asked.
        counted: whether it is one of those counted.
        known: false when nobody can say.
        value: for a median.
        by: its categories, by breakdown.
    """

    child: Told | None
    day: dt.date
    counted: bool = True
    known: bool = True
    value: float | None = None
    by: Mapping[str, Iterable[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What an indicator comes to in a period: counted, out of, and left out as not known.

    For a median `counted` is how many values there were and `value` their median.
    """

    indicator: str
    period: str
    breakdown: str
    category: str
    counted: int
    of: int
    unknown: int
    value: float | None = None


Cases = Callable[[World, Period], Iterator[Case]]


@dataclass(frozen=True)
class Question:
    """An indicator that is answered: how its cases are found, and how they are counted."""

    indicator: str
    grid: Grid
    per: Per
    bands: str
    by: tuple[str, ...]
    cases: Cases
    starts: int = AUGUST


_QUESTIONS: dict[str, Question] = {}


def answers_to(
    indicator: str,
    grid: Grid = "quarter",
    per: Per = "children",
    *,
    bands: str = "",
    by: tuple[str, ...] = (),
    starts: int = AUGUST,
) -> Callable[[Cases], Cases]:
    """Declare a function as the one that finds the cases of an indicator.

    `starts` is the month its years begin with: the Reporter's begin in April.
    """

    def declare(cases: Cases) -> Cases:
        _QUESTIONS[indicator] = Question(indicator, grid, per, bands, by, cases, starts)
        return cases

    return declare


def questions() -> Mapping[str, Question]:
    """Every indicator answered here, by `code@version`."""
    return dict(sorted(_QUESTIONS.items()))


def world(log: Log) -> World:
    """What the extract of a log tells, by child."""
    rows = extract(log)
    by_child: dict[str, dict[str, list[Event]]] = defaultdict(lambda: defaultdict(list))
    others: dict[str, list[Event]] = {}
    for code, those in rows.items():
        for row in those:
            if "child" in row:
                by_child[row["child"]][code].append(row)
            else:
                others.setdefault(code, []).append(row)
    children = []
    for life in log.lives:
        facts = by_child[life.child][SPINE][0]
        children.append(
            Told(
                life.child, life.family, facts["date_of_birth"], facts["sex"], life.quintile,
                life.locality, by_child[life.child],
            )
        )  # fmt: skip
    families: dict[str, list[Told]] = defaultdict(list)
    for told in children:
        families[told.family].append(told)
    return World(
        tuple(children), {key: tuple(those) for key, those in families.items()}, others,
        log.setting.first, log.setting.until,
    )  # fmt: skip


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or that month's last."""
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return dt.date(year, month, min(day.day, monthrange(year, month)[1]))


def periods(first: dt.date, until: dt.date, grid: Grid, starts: int = AUGUST) -> list[Period]:
    """Years from a month, or their quarters, that lie wholly within the days."""
    found: list[Period] = []
    start = dt.date(first.year - 1, starts, 1)
    while start <= until:
        key = f"{start.year}-{(start.year + 1) % 100:02d}"
        whole = Period(key, start, dt.date(start.year + 1, starts, 1) - DAY)
        parts = [whole]
        if grid == "quarter":
            begins = [plus_months(start, 3 * place) for place in range(5)]
            parts = [Period(f"{key} Q{n + 1}", begins[n], begins[n + 1] - DAY) for n in range(4)]
        found.extend(part for part in parts if part.first >= first and part.last <= until)
        start = dt.date(start.year + 1, starts, 1)
    return found


def tally(question: Question, told: World, period: Period) -> list[Answer]:
    """The answer of a period, and one for each category of each breakdown."""
    groups: dict[tuple[str, str], list[Case]] = defaultdict(list)
    groups["", ""] = []
    for case in question.cases(told, period):
        groups["", ""].append(case)
        for name in question.by:
            for category in categories(question, case, name):
                groups[name, category].append(case)
    return [
        _answer(question, period.key, name, category, cases)
        for (name, category), cases in sorted(groups.items())
    ]


def categories(question: Question, case: Case, name: str) -> tuple[str, ...]:
    """The categories of a case in one breakdown; none where it is not known."""
    if name in case.by:
        return tuple(case.by[name])
    child = case.child
    if child is None:
        return ()
    if name == "age":
        age = child.age(case.day)
        if age is None:
            return ("unborn",) if question.bands == "register" else ()
        return (next(band for low, band in reversed(BANDS[question.bands]) if low <= age),)
    facts = {"sex": child.sex, "simd": str(child.quintile), "locality": child.locality}
    return (facts[name],) if name in facts else ()


def _answer(question: Question, period: str, name: str, category: str, cases: list[Case]) -> Answer:
    known = [case for case in cases if case.known]
    values = sorted(case.value for case in known if case.value is not None)
    if question.per == "median":
        middle = _median(values) if values else None
        counted, of, unknown = len(values), len(values), len(cases) - len(values)
        return Answer(question.indicator, period, name, category, counted, of, unknown, middle)
    if question.per == "rows":
        counted, of = sum(case.counted for case in known), len(known)
        return Answer(question.indicator, period, name, category, counted, of, len(cases) - of)
    base = {case.child.child for case in known if case.child}
    yes = {case.child.child for case in known if case.child and case.counted}
    everybody = {case.child.child for case in cases if case.child}
    unknown = len(everybody - base)
    return Answer(question.indicator, period, name, category, len(yes), len(base), unknown)


def _median(values: list[float]) -> float:
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2
