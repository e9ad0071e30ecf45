"""Predicates of definitions as table expressions. What is null holds of nothing but `known: no`."""

from collections.abc import Callable, Iterable, Mapping
from itertools import chain
from types import MappingProxyType
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from sightline.outcomes.definitions import DAY, Ages, Predicate, Within
from sightline.outcomes.measures.dates import age_on, plus_days, plus_months

_COMPARISONS: Final[Mapping[str, Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        "at_least": lambda a, b: a >= b,
        "at_most": lambda a, b: a <= b,
        "over": lambda a, b: a > b,
        "under": lambda a, b: a < b,
    }
)
_WEEK = 7
_AGAINST: Final[Mapping[str, Callable[[Any, Any], Any]]] = MappingProxyType(
    {
        "before": lambda a, b: a < b,
        "after": lambda a, b: a > b,
        "on_or_before": lambda a, b: a <= b,
        "on_or_after": lambda a, b: a >= b,
    }
)


def all_of(parts: Iterable[Any]) -> Any:
    """Whether all of them hold; true of no parts."""
    whole: Any = None
    for part in parts:
        whole = part if whole is None else whole & part
    return ibis.literal(True) if whole is None else whole


def any_of(parts: Iterable[Any]) -> Any:
    """Whether one of them holds."""
    whole: Any = None
    for part in parts:
        whole = part if whole is None else whole | part
    return ibis.literal(False) if whole is None else whole


def unborn_on(birth: Any, day: Any) -> Any:
    """Whether a child is not yet born on a day: no date of birth, or a later one."""
    return birth.isnull() | (birth > day)


def _aged(ages: Ages, birth: Any, day: Any) -> Any:
    age = age_on(birth, day)
    parts = [birth <= day]
    if ages.from_ is not None:
        parts.append(age >= ages.from_)
    if ages.to is not None:
        parts.append(age <= ages.to)
    return all_of(parts)


def _value_tests(test: Predicate, column: Any) -> Iterable[Any]:
    if test.is_ is not None:
        yield column.cast("string").isin(test.is_)
    if test.not_ is not None:
        yield column.cast("string").notin(test.not_)
    for name, compare in _COMPARISONS.items():
        bound = getattr(test, name)
        if bound is not None:
            yield compare(column, ibis.literal(bound))
    if test.known is not None:
        yield column.notnull() if test.known else column.isnull()
    if test.true is not None:
        yield column if test.true else ~column


def _set_tests(test: Predicate, column: Any) -> Iterable[Any]:
    if test.has is not None:
        yield all_of(column.contains(value) for value in test.has)
    if test.has_any is not None:
        yield any_of(column.contains(value) for value in test.has_any)
    if test.has_none is not None:
        yield ~any_of(column.contains(value) for value in test.has_none)


def _later(limit: Within, of: Any) -> Any:
    """A date and the length of a limit."""
    if limit.months is not None:
        return plus_months(of, limit.months)
    return plus_days(of, limit.days if limit.days is not None else _WEEK * (limit.weeks or 0))


def _date_tests(test: Predicate, column: Any, of: Callable[[str], Any]) -> Iterable[Any]:
    for name, compare in _AGAINST.items():
        other = getattr(test, name)
        if other is not None:
            yield compare(column, of(other))
    if test.within is not None:
        yield column <= _later(test.within, of(test.within.of))


def holds(test: Predicate, table: ir.Table, day: Any = None) -> Any:
    """Whether a predicate holds of a row: true, false, or null where it cannot be told.

    Arguments:
        test: the predicate.
        table: the view, with a column `date_of_birth` when an age is asked.
        day: the day on which an age is told; not needed when none is asked.
    """
    if test.any:
        return any_of(holds(part, table, day) for part in test.any)
    if test.none:
        return ~any_of(holds(part, table, day).fill_null(False) for part in test.none)
    if test.age is not None:
        return _aged(test.age, table["date_of_birth"], day)
    if test.unborn is not None:
        unborn = unborn_on(table["date_of_birth"], day)
        return unborn if test.unborn else ~unborn

    def of(name: str) -> Any:
        return day if name == DAY else table[name]

    if test.passed is not None:
        return _later(test.passed, of(test.passed.of)) <= day
    column = of(test.column or "")
    tests = (_value_tests(test, column), _set_tests(test, column), _date_tests(test, column, of))
    return all_of(chain(*tests))


def all_hold(tests: Iterable[Predicate], table: ir.Table, day: Any = None) -> Any:
    """Whether all of them hold of a row."""
    return all_of(holds(test, table, day) for test in tests)
