"""The shapes a second time, in plain Python over the rows of a view, one answer at a time.

Nothing here is taken from the shapes: it is what they are compared with, on the examples, on random
rows, and for the definitions that are wrong by one thing.
"""

import datetime as dt
import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sightline.outcomes.definitions import IndicatorDefinition, Predicate
from sightline.outcomes.measures.periods import Period, age_on, between, parse, plus_months

Row = Mapping[str, Any]
PER = {"per_cent": 100, "per_100": 100, "per_1000": 1000, "per_10000": 10000}
BANDS = {
    "register": [(0, 4, "0-4"), (5, 10, "5-10"), (11, 15, "11-15"), (16, 999, "16+")],
    "looked-after": [
        (0, 0, "under 1"), (1, 4, "1-4"), (5, 11, "5-11"), (12, 15, "12-15"), (16, 17, "16-17"),
        (18, 999, "18+"),
    ],
    "aftercare": [
        (0, 15, "under 16"), (16, 16, "16"), (17, 17, "17"), (18, 18, "18"), (19, 21, "19-21"),
        (22, 999, "22+"),
    ],
}  # fmt: skip
ONE = dt.timedelta(days=1)


def later(day: dt.date | None, limit: Any) -> dt.date | None:
    if day is None:
        return None
    if limit.months is not None:
        return plus_months(day, limit.months)
    return day + dt.timedelta(days=limit.days if limit.days is not None else 7 * limit.weeks)


def holds(test: Predicate, row: Row, day: dt.date) -> bool:  # noqa: C901, PLR0911, PLR0912
    """Whether a predicate holds of a row on a day."""
    birth = row.get("date_of_birth")
    if test.any:
        return any(holds(part, row, day) for part in test.any)
    if test.none:
        return not any(holds(part, row, day) for part in test.none)
    if test.unborn is not None:
        return test.unborn == (birth is None or birth > day)
    if test.age is not None:
        if birth is None or birth > day:
            return False
        low = test.age.from_ if test.age.from_ is not None else -1
        high = test.age.to if test.age.to is not None else 999
        return low <= age_on(birth, day) <= high
    of = lambda name: day if name == "day" else row[name]  # noqa: E731
    if test.passed is not None:
        due = later(of(test.passed.of), test.passed)
        return due is not None and due <= day
    value = of(test.column)
    if test.known is not None and test.known == (value is None):
        return False
    if value is None:
        return test.tests == ("known",)
    found: list[bool] = []
    as_text = str(value)
    if test.is_ is not None:
        found.append(as_text in test.is_)
    if test.not_ is not None:
        found.append(as_text not in test.not_)
    if test.at_least is not None:
        found.append(value >= test.at_least)
    if test.at_most is not None:
        found.append(value <= test.at_most)
    if test.over is not None:
        found.append(value > test.over)
    if test.under is not None:
        found.append(value < test.under)
    if test.true is not None:
        found.append(value is test.true)
    if test.has is not None:
        found.append(set(test.has) <= set(value))
    if test.has_any is not None:
        found.append(bool(set(test.has_any) & set(value)))
    if test.has_none is not None:
        found.append(not set(test.has_none) & set(value))
    for name, holds_of in (
        ("before", lambda a, b: a < b), ("after", lambda a, b: a > b),
        ("on_or_before", lambda a, b: a <= b), ("on_or_after", lambda a, b: a >= b),
    ):  # fmt: skip
        if getattr(test, name) is not None:
            other = of(getattr(test, name))
            found.append(other is not None and holds_of(value, other))
    if test.within is not None:
        due = later(of(test.within.of), test.within)
        found.append(due is not None and value <= due)
    return all(found)


@dataclass
class World:
    """What answers are worked out from: rows by view, people, and how a period's edge is wrong."""

    views: Mapping[str, Sequence[Row]]
    population: Sequence[Sequence[str]] = ()
    edge: str = ""
    others: Mapping[str, IndicatorDefinition] = field(default_factory=dict)


@dataclass
class Found:
    """An answer."""

    people: int = 0
    children: int | None = 0
    records: int = 0
    families: int | None = 0
    of: int | None = 0
    unknown: int = 0
    value: float | None = None


def rows_in(
    one: IndicatorDefinition, period: Period, world: World
) -> Iterator[tuple[Row, dt.date]]:
    """The rows of the base with the day each is looked at."""
    window = period.back(one.after_months)
    first, last = window.first, window.last
    first += {"first-out": ONE, "before-in": -ONE}.get(world.edge, ONE * 0)
    last += {"last-out": -ONE, "after-in": ONE}.get(world.edge, ONE * 0)
    for row in world.views[one.view]:
        if one.date:
            day = row[one.date]
            if day is None or not first <= day <= last:
                continue
        else:
            day, start, until = window.last, row[one.from_], row[one.until]
            if start is None or start > day or (world.edge == "begun-out" and start == day):
                continue
            over = until is not None and until <= day
            if over and not (world.edge == "ended-in" and until == day):
                continue
        if all(holds(test, row, day) for test in one.where):
            yield row, day


def category_of(one: IndicatorDefinition, by: str, row: Row, day: dt.date) -> list[str]:
    """The categories of a breakdown that a row is in."""
    if by == "age":
        birth = row["date_of_birth"]
        if birth is None or birth > day:
            return ["unborn" if one.age_bands == "register" else "not-known"]
        age = age_on(birth, day)
        return [name for low, high, name in BANDS[one.age_bands] if low <= age <= high]
    value = row[f"by_{by}"]
    if isinstance(value, list):
        return value or ["none"]
    return [str(value)] if value is not None else ["not-known"]


def _mentioned(one: IndicatorDefinition, rows: Sequence[Any]) -> list[Any]:
    column = one.mentions
    return [({**row, column: each}, day) for row, day in rows for each in row[column] or []]


def answer(one: IndicatorDefinition, key: str, by: str, category: str, world: World) -> Found:
    """The answer of a period, and of a category of a breakdown when `by` is said."""
    period = parse(key, one.calendar)
    if one.shape == "gap":
        other = world.others[one.of_indicator]
        values = [
            answer(other, key, one.breakdown, c, world).value for c in (one.first, one.second)
        ]
        known = [value for value in values if value is not None]
        return Found(value=known[0] - known[1] if len(known) == len(values) else None)
    rows = list(rows_in(one, period, world))
    if one.mentions:
        rows = _mentioned(one, rows)
    whole = one.of_breakdown or one.mentions.removeprefix("by_")
    here = [(r, d) for r, d in rows if not by or category in category_of(one, by, r, d)]
    found = _counted(one, here)
    if by and by == whole:
        everybody = _counted(one, rows)
        found = replace(found, of=everybody.of, unknown=everybody.unknown)
    return _valued(one, found, period, by, category, world)


def _unknown(one: IndicatorDefinition, row: Row, day: dt.date) -> bool:
    if one.value and row[one.value] is None:
        return True
    return bool(one.unknown) and all(holds(test, row, day) for test in one.unknown)


def _counts(one: IndicatorDefinition, row: Row, day: dt.date) -> bool:
    if one.of_breakdown:
        value = row[f"by_{one.of_breakdown}"]
        if not value or value == "not-known":
            return False
    return all(holds(test, row, day) for test in one.counts)


def _counted(one: IndicatorDefinition, rows: Sequence[tuple[Row, dt.date]]) -> Found:
    known = [(row, day) for row, day in rows if not _unknown(one, row, day)]
    good = [row for row, day in known if _counts(one, row, day)]
    all_known, everybody = [row for row, _ in known], [row for row, _ in rows]

    def number(some: Sequence[Row]) -> int:
        if one.value or one.mentions or one.count == "rows":
            return len(some)
        column = one.count_column or {"children": "child", "families": "family"}[one.count]
        if column == "child" and some and "child" not in some[0]:
            return len(some)
        return len({str(row[column]) for row in some if row[column] is not None})

    def different(column: str) -> int | None:
        if everybody and column not in everybody[0]:
            return None
        return len({row[column] for row in good if row[column] is not None})

    middle = None
    if one.value and good:
        values = [float(row[one.value]) for row in good]
        middle = statistics.median(values) if one.shape == "median" else statistics.fmean(values)
    counts_rows = bool(one.value or one.mentions or one.count == "rows")
    unknown = len(rows) - len(known) if counts_rows else number(everybody) - number(all_known)
    counted = number(good)
    if one.value and one.count == "children" and different("child") is not None:
        counted = different("child") or 0
    return Found(
        counted, different("child"), len(good), different("family"), number(all_known),
        unknown, middle,
    )  # fmt: skip


def _stock(one: IndicatorDefinition, period: Period, by: str, category: str, world: World) -> float:
    stock = one.stock
    assert stock is not None
    plain = replace(world, edge="")
    like = one.model_copy(
        update={
            "view": stock.view, "date": "", "from_": stock.from_, "until": stock.until,
            "where": stock.where, "counts": (), "unknown": (), "count": "children",
            "count_column": "",
        }
    )  # fmt: skip
    months = between(period.first, period.last, "month", one.calendar)
    total = 0
    for key in months:
        rows = list(rows_in(like, parse(key, one.calendar), plain))
        if by and rows and (by == "age" or f"by_{by}" in rows[0][0]):
            rows = [(r, d) for r, d in rows if category in category_of(one, by, r, d)]
        total += len({row["child"] for row, _ in rows})
    return total / len(months) if months else 0.0


def people(one: IndicatorDefinition, period: Period, by: str, category: str, world: World) -> Any:  # noqa: C901
    """The population of a category; None where it is not known."""
    asked = one.population
    assert asked is not None
    if by in {"ethnicity", "disability", "locality"}:
        return None
    low, high, sex, simd = asked.from_, asked.to, asked.sex, ""
    if by == "age":
        band = [(a, b) for a, b, name in BANDS[one.age_bands] if name == category]
        if not band:
            return None
        low, high = max(low, band[0][0]), min(high, 90 if band[0][1] == 999 else band[0][1])
    if by == "sex":
        if category not in {"male", "female"} or sex not in {"persons", category}:
            return None
        sex = category
    if by == "simd":
        simd = category
    rows = [(int(y), s, int(a), int(b), int(n), *q) for y, s, a, b, n, *q in world.population]
    for year in sorted({row[0] for row in rows if row[0] <= period.last.year}, reverse=True):
        for sexes in ([sex], ["male", "female"] if sex == "persons" else [sex]):
            ages: dict[str, set[int]] = {one_sex: set() for one_sex in sexes}
            total = 0
            for y, s, a, b, n, *q in rows:
                if y == year and s in sexes and low <= a and b <= high and "".join(q) == simd:
                    ages[s] |= set(range(a, b + 1))
                    total += n
            if low <= high and all(len(each) == high - low + 1 for each in ages.values()):
                return total
    return None


def _valued(
    one: IndicatorDefinition, found: Found, period: Period, by: str, category: str, world: World
) -> Found:
    if one.value:
        return found
    of: float | None = found.of
    if one.population is not None:
        of = people(one, period, by, category, world)
    if one.stock is not None:
        of = _stock(one, period, by, category, world)
    if one.unit not in PER:
        counts_base = one.of == "base"
        return replace(found, of=found.of if counts_base else None, value=float(found.people))
    value = found.people * PER[one.unit] / of if of else None
    return replace(found, of=None if of is None else round(of), value=value)
