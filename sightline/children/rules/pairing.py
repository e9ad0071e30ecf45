"""Shapes of a row and the rows of another dataset that share a key: how many go with it.

All rules of one dataset that ask the same other dataset by the same key are answered by one join.
"""

from collections.abc import Sequence
from typing import Any

import ibis

from sightline.children.rules import shapes
from sightline.children.rules.expressions import between, days_from, every, holds, sure

OURS, THEIRS = "our ", "their "
"""What stands before a column's name on each side, so that neither hides the other."""


def caught(
    asked: Sequence[tuple[shapes.Paired, Any]], table: Any, other: Any
) -> tuple[Any, list[str]]:
    """Rows with a column for each rule that says whether it is at fault, and those columns' names.

    Args:
        asked: shapes with the same other dataset and key, each with the rows it looks at.
        table: their dataset.
        other: the other one.
    """
    first = asked[0][0]
    keys = [(f"{OURS}{own}", f"{THEIRS}{theirs}") for own, theirs in first.on]
    ours = _ours(asked, table)
    joined = ours.left_join(_theirs(asked, other), keys)
    counts = {}
    for number, (shape, _) in enumerate(asked):
        hit = every([joined[f"that {number}"], *_goes_with(shape, joined)])
        counts[f"count {number}"] = sure(hit).sum()
        counts[f"look {number}"] = joined[f"look {number}"].any()
    grouped = joined.group_by("extract", "row").agg(**counts)
    names = [f"fault {number}" for number in range(len(asked))]
    faults = {
        name: grouped[f"look {number}"]
        & ~sure(between(grouped[f"count {number}"].fill_null(0), *asked[number][0].limits()))
        for number, name in enumerate(names)
    }
    return grouped.select("extract", "row", **faults), names


def _ours(asked: Sequence[tuple[shapes.Paired, Any]], table: Any) -> Any:
    needed = sorted({name for shape, _ in asked for name in shape.columns()})
    looks = {f"look {number}": looked for number, (_, looked) in enumerate(asked)}
    columns = {f"{OURS}{name}": table[name] for name in needed}
    held = table.select("extract", "row", **columns, **looks)
    return held.filter(ibis.or_(*(held[name] for name in looks)))


def _theirs(asked: Sequence[tuple[shapes.Paired, Any]], other: Any) -> Any:
    needed = {name for shape, _ in asked for name in shape.other_columns()} | {"extract", "row"}
    columns = {f"{THEIRS}{name}": other[name] for name in sorted(needed)}
    thats = {
        f"that {number}": every(holds(one, other) for one in shape.that)
        for number, (shape, _) in enumerate(asked)
    }
    held = other.select(**columns, **thats)
    return held.filter(ibis.or_(*(held[name] for name in thats)))


def _goes_with(shape: shapes.Paired, joined: Any) -> list[Any]:
    """Conditions on a pair, beside the key and what their row fulfils by itself."""
    found = []
    if shape.near:
        apart = days_from(joined[OURS + shape.near.own], joined[THEIRS + shape.near.other])
        before = None if shape.near.before is None else -shape.near.before
        found.append(apart.notnull() & between(apart, before, shape.near.after))
    if shape.within:
        found.append(_within(shape.within, joined))
    if shape.meets:
        found.append(_meets(shape.meets, joined))
    if shape.another:
        same = joined[f"{THEIRS}extract"] == joined["extract"]
        if shape.another == "row":
            same &= joined[f"{THEIRS}row"] == joined["row"]
        found.append(~same)
    return found


def _ends(spells: shapes.Spells, joined: Any) -> tuple[Any, Any, Any, Any]:
    first = joined[OURS + spells.own_first]
    last = joined[OURS + spells.own_last] if spells.own_last else first
    their_first = joined[THEIRS + spells.other_first]
    their_last = joined[THEIRS + (spells.other_last or spells.other_first)]
    return first, last, their_first, their_last


def _within(spells: shapes.Spells, joined: Any) -> Any:
    """Ours starts no earlier and ends no later; an open one lies only in an open one."""
    first, last, their_first, their_last = _ends(spells, joined)
    starts = days_from(their_first, first) >= -spells.slack_days
    ends = their_last.isnull() | sure(days_from(their_last, last) <= spells.slack_days)
    return starts & ends


def _meets(spells: shapes.Spells, joined: Any) -> Any:
    """Each starts before the other has ended, by more than the slack; open ends never end."""
    first, last, their_first, their_last = _ends(spells, joined)
    slack = spells.slack_days
    one = their_last.isnull() | sure(days_from(first, their_last) > slack)
    other = last.isnull() | sure(days_from(their_first, last) > slack)
    return one & other & their_first.notnull()
