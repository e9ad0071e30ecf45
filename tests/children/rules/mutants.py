"""Rules with one thing changed: a number by one, or a column for another of its kind."""

import copy
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from sightline.children.definitions import dataset
from sightline.children.rules.definitions import EVERY, Rule
from sightline.children.rules.shapes import WHOLE, Paired

COLUMNS = {
    "column", "first", "last", "then", "at", "date", "age", "unborn", "own_first", "own_last",
    "own", "group", "by", "per", "before", "after", "on_or_before", "on_or_after",
}  # fmt: skip
THEIRS = {"other_first", "other_last", "other"}
COUNTED = {"least", "most", "days", "slack_days", "over", "under", "before", "after", "hidden",
           "per_cent", "years", "decimals"}  # fmt: skip
Path = tuple[str | int, ...]


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if isinstance(value, dict):
        for name, part in value.items():
            yield from _leaves(part, (*path, name))
    elif isinstance(value, list | tuple):
        for number, part in enumerate(value):
            yield from _leaves(part, (*path, number))
    else:
        yield path, value


def _with(data: dict[str, Any], path: Path, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(data)
    place: Any = changed
    for step in path[:-1]:
        place[step] = list(place[step]) if isinstance(place[step], tuple) else place[step]
        place = place[step]
    place[path[-1]] = value
    return changed


def _rebuilt(rule: Rule, data: dict[str, Any], number: int) -> Rule:
    changed = Rule.model_validate({**data, "id": rule.id})
    return changed.model_copy(update={"id": f"{rule.id}m{number}"})


def _data(rule: Rule) -> dict[str, Any]:
    return rule.model_dump(by_alias=True, exclude_unset=True, mode="json")


def _asked(rule: Rule) -> Iterator[tuple[Path, Any]]:
    data = _data(rule)
    for part in ("shape", "where"):
        yield from _leaves(data.get(part, {}), (part,))


def _name(path: Path) -> str:
    return next(str(step) for step in reversed(path) if isinstance(step, str))


def numbers(rule: Rule) -> Iterator[Rule]:
    """The rule with each number of its parameters one more, and one less.

    Limits of a figure are left out: `test_wholes` has them, on the limit and beside it.
    """
    made = 0
    if isinstance(rule.shape, WHOLE):
        return
    for path, value in _asked(rule):
        if _name(path) in COUNTED and isinstance(value, int | float) and value is not True:
            for step in (-1, 1):
                made += 1
                with suppress(ValidationError):
                    yield _rebuilt(rule, _with(_data(rule), path, value + step), made)


def columns(rule: Rule) -> Iterator[Rule]:
    """The rule with each column of its parameters exchanged for another of its kind."""
    if rule.dataset == EVERY:
        return
    made = 500
    used = {str(value) for _, value in _asked(rule)}
    for path, value in _asked(rule):
        if not isinstance(value, str) or ":" in value or value in {"extract", "today"}:
            continue
        theirs = "that" in path or (_name(path) in THEIRS and path != ("shape", "other"))
        if isinstance(path[-1], int) and "on" in path:
            theirs = path[-1] == 1
        elif _name(path) not in COLUMNS | THEIRS or path == ("shape", "other"):
            continue
        code = rule.shape.other if theirs and isinstance(rule.shape, Paired) else rule.dataset
        of = dataset(code)
        if value not in of.names:
            continue
        kind = of.column(value)
        others = [c.name for c in of.columns if c.kind == kind.kind and c.name != value]
        held = set(rule.example.columns.get(code, ()))
        best = [n for n in others if n in held and n not in used] or [
            n for n in others if n in held
        ]
        if best:
            made += 1
            yield _rebuilt(rule, _with(_data(rule), path, best[0]), made)
