"""Definitions that are wrong by one thing, to see whether an example tells them from the right one.

An example that gives the same answers when a predicate is dropped, a limit is a day longer or a
boundary lies on the other side of the day says nothing about them.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, Literal

from sightline.outcomes.definitions import (
    COMPARED,
    Ages,
    IndicatorDefinition,
    Predicate,
)

Edge = Literal["", "first-out", "last-out", "before-in", "after-in", "begun-out", "ended-in"]
"""How the edge of a period is wrong: see `EDGES`."""
EDGES: Final[dict[str, str]] = {
    "first-out": "a row on the first day is left out",
    "last-out": "a row on the last day is left out",
    "before-in": "a row on the day before is taken in",
    "after-in": "a row on the day after is taken in",
    "begun-out": "what begins on the last day is left out",
    "ended-in": "what ends on the last day is taken in",
}
_LOOSE: Final = {
    "before": "on_or_before",
    "after": "on_or_after",
    "on_or_before": "before",
    "on_or_after": "after",
}
_NUMBERED: Final = ("at_least", "at_most", "over", "under")
_LENGTHS: Final = ("days", "weeks", "months")
_LISTS: Final = ("where", "counts", "unknown")


@dataclass(frozen=True)
class Mutant:
    """A definition that is wrong by one thing: what, in words, and which edge if it is one."""

    words: str
    definition: IndicatorDefinition
    edge: Edge = ""


def _moved(bound: Any, by: int) -> Any:
    return bound + dt.timedelta(days=by) if isinstance(bound, dt.date) else bound + by


def _with(model: Any, **update: Any) -> Any:
    return model.model_copy(update=update)


def _ages(ages: Ages, what: str) -> Iterator[tuple[str, Ages]]:
    for name in ("from_", "to"):
        bound = getattr(ages, name)
        if bound is not None:
            for by in (1, -1):
                yield f"{what} {name.rstrip('_')} {bound + by}", _with(ages, **{name: bound + by})


def _lengths(test: Predicate, name: str) -> Iterator[tuple[str, Predicate]]:
    limit = getattr(test, name)
    for unit in _LENGTHS:
        length = getattr(limit, unit) if limit is not None else None
        if length is not None:
            for by in (1, -1):
                changed = _with(limit, **{unit: length + by})
                yield f"{name} {length + by} {unit}", _with(test, **{name: changed})


def _altered(test: Predicate) -> Iterator[tuple[str, Predicate]]:
    """The predicate with one of its numbers moved, or one of its boundaries on the other side."""
    for name in _NUMBERED:
        bound = getattr(test, name)
        if bound is not None:
            for by in (1, -1):
                moved = _moved(bound, by)
                yield f"{test.column} {name} {moved}", _with(test, **{name: moved})
    for name in COMPARED:
        other = getattr(test, name)
        if other is not None:
            changed = _with(test, **{name: None, _LOOSE[name]: other})
            yield f"{test.column} {_LOOSE[name]} {other}", changed
    yield from _lengths(test, "within")
    yield from _lengths(test, "passed")
    if test.age is not None:
        for words, ages in _ages(test.age, "age"):
            yield words, _with(test, age=ages)
    yield from _parts(test)


def _parts(test: Predicate) -> Iterator[tuple[str, Predicate]]:
    """The predicate with one of those it is made of dropped or altered."""
    for name in ("any", "none"):
        parts = getattr(test, name)
        for number, part in enumerate(parts):
            rest = (*parts[:number], *parts[number + 1 :])
            if rest:
                yield f"one of {name} dropped", _with(test, **{name: rest})
            for words, changed in _altered(part):
                swapped = (*parts[:number], changed, *parts[number + 1 :])
                yield f"{name}: {words}", _with(test, **{name: swapped})


def _about(test: Predicate) -> str:
    return next(test.columns(), "") or ("unborn" if test.unborn is not None else "age")


def _of_predicates(one: IndicatorDefinition) -> Iterator[Mutant]:
    for name in _LISTS:
        tests: tuple[Predicate, ...] = getattr(one, name)
        for number, test in enumerate(tests):
            before, after = tests[:number], tests[number + 1 :]
            what = f"{name}: {_about(test)}"
            yield Mutant(f"{what} dropped", _with(one, **{name: (*before, *after)}))
            negated = Predicate(none=(test,))
            yield Mutant(f"{what} negated", _with(one, **{name: (*before, negated, *after)}))
            for words, changed in _altered(test):
                yield Mutant(f"{name}: {words}", _with(one, **{name: (*before, changed, *after)}))


def _of_stock(one: IndicatorDefinition) -> Iterator[Mutant]:
    if one.stock is None:
        return
    tests = one.stock.where
    for number, test in enumerate(tests):
        before, after = tests[:number], tests[number + 1 :]
        for words, changed in (("dropped", ()), ("negated", (Predicate(none=(test,)),))):
            stock = _with(one.stock, where=(*before, *changed, *after))
            yield Mutant(f"stock: {_about(test)} {words}", _with(one, stock=stock))


def _of_population(one: IndicatorDefinition) -> Iterator[Mutant]:
    asked = one.population
    if asked is None:
        return
    for name in ("from_", "to"):
        for by in (1, -1):
            age = getattr(asked, name) + by
            if age >= 0:
                changed = _with(asked, **{name: age})
                yield Mutant(f"population {name.rstrip('_')} {age}", _with(one, population=changed))
    sex = "female" if asked.sex == "persons" else "persons"
    yield Mutant(f"population {sex}", _with(one, population=_with(asked, sex=sex)))


def _of_count(one: IndicatorDefinition, *, has_child: bool) -> Iterator[Mutant]:
    if one.value or one.mentions:
        return
    if one.count == "children":
        yield Mutant("rows counted, not children", _with(one, count="rows"))
    elif has_child:
        changed = _with(one, count="children", count_column="")
        yield Mutant(f"children counted, not {one.count}", changed)
    else:
        yield Mutant(f"rows counted, not {one.count}", _with(one, count="rows", count_column=""))


def _of_edges(one: IndicatorDefinition) -> Iterator[Mutant]:
    dated: tuple[Edge, ...] = ("first-out", "last-out", "before-in", "after-in")
    held: tuple[Edge, ...] = ("begun-out", "ended-in")
    for edge in dated if one.date else held if one.from_ else ():
        yield Mutant(EDGES[edge], one, edge)


def mutants(one: IndicatorDefinition, *, has_child: bool = True) -> Iterator[Mutant]:
    """Every definition that differs from this one by a single thing.

    Arguments:
        one: the definition.
        has_child: whether its view says which child a row is about.
    """
    yield from _of_predicates(one)
    yield from _of_stock(one)
    yield from _of_population(one)
    yield from _of_edges(one)
    if one.view and not (one.count == "rows" and not has_child):
        yield from _of_count(one, has_child=has_child)
    if one.after_months:
        for by in (1, -1):
            months = one.after_months + by
            yield Mutant(f"after_months {months}", _with(one, after_months=months))
    if "age" in one.breakdowns:
        bands = "register" if one.age_bands != "register" else "looked-after"
        yield Mutant(f"ages as {bands}", _with(one, age_bands=bands))
    if one.shape == "gap":
        yield Mutant("the two swapped", _with(one, first=one.second, second=one.first))
