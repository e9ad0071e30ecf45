"""Days, ages and predicates as expressions over a table. What is not known gives False."""

import datetime as dt
from collections.abc import Callable, Iterable
from functools import reduce
from typing import Any

import ibis

from sightline.children.rules.predicates import Bound, Predicate


def sure(value: Any) -> Any:
    """The condition with what is not known taken for no."""
    return value.fill_null(False)


def every(conditions: Iterable[Any]) -> Any:
    """All of them; of none, yes."""
    found = list(conditions)
    return reduce(lambda a, b: a & b, found) if found else ibis.literal(True)


def some(conditions: Iterable[Any]) -> Any:
    """At least one of them; of none, no."""
    found = list(conditions)
    return reduce(lambda a, b: a | b, found) if found else ibis.literal(False)


def day(value: Any) -> Any:
    """The day of a date or a time."""
    return value.date() if value.type().is_timestamp() else value


def days_from(first: Any, then: Any) -> Any:
    """Whole days from one day to another; below nought when it comes before."""
    return day(then).delta(day(first), unit="day")


def seconds_from(first: Any, then: Any) -> Any:
    """Seconds between two times."""
    return then.delta(first, unit="second")


def age_on(birth: Any, on: Any) -> Any:
    """Whole years by birthday; below nought before birth."""
    when = day(on)
    before = (when.month() * 100 + when.day()) < (birth.month() * 100 + birth.day())
    return when.year() - birth.year() - before.cast("int64")


def unborn_on(table: Any, on: Any) -> Any:
    """Whether the child has no birth date, or was born after the day."""
    birth = table["child:date_of_birth"]
    return birth.isnull() | sure(birth > day(on))


def _bound(value: Bound) -> Any:
    return ibis.literal(value) if isinstance(value, dt.date) else value


_COMPARED: dict[str, Callable[[Any, Any], Any]] = {
    "at_least": lambda a, b: a >= b,
    "at_most": lambda a, b: a <= b,
    "over": lambda a, b: a > b,
    "under": lambda a, b: a < b,
}
_DATED: dict[str, Callable[[Any], Any]] = {
    "before": lambda apart: apart < 0,
    "after": lambda apart: apart > 0,
    "on_or_before": lambda apart: apart <= 0,
    "on_or_after": lambda apart: apart >= 0,
}


def holds(one: Predicate, table: Any) -> Any:
    """Whether a predicate holds of a row."""
    if one.any_:
        return some(holds(part, table) for part in one.any_)
    if one.unborn is not None:
        return unborn_on(table, table[one.unborn])
    if one.age is not None:
        age = age_on(table["child:date_of_birth"], table[one.age])
        return sure(between(age, one.least, one.most))
    return sure(every(_asked(one, table, table[one.column])))


def between(value: Any, least: float | None, most: float | None) -> Any:
    """Whether a number is within limits, either of which may be missing."""
    parts = []
    if least is not None:
        parts.append(value >= least)
    if most is not None:
        parts.append(value <= most)
    return every(parts)


def _asked(one: Predicate, table: Any, value: Any) -> Iterable[Any]:
    yield from _of_codes(one, value)
    if one.known is not None:
        yield value.notnull() if one.known else value.isnull()
    if one.true is not None:
        yield value if one.true else ~value
    for name, compare in _COMPARED.items():
        if (bound := getattr(one, name)) is not None:
            yield compare(value, _bound(bound))
    for name, compare_days in _DATED.items():
        if (other := getattr(one, name)) is not None:
            yield compare_days(days_from(table[other], value) - one.days)


def _of_codes(one: Predicate, value: Any) -> Iterable[Any]:
    if one.is_:
        yield value.isin(one.is_)
    if one.not_:
        yield value.notin(one.not_)
    yield from (value.contains(code) for code in one.has)
    if one.has_any:
        yield some(value.contains(code) for code in one.has_any)
    yield from (~value.contains(code) for code in one.has_none)
