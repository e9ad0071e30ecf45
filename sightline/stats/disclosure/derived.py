"""Percentages, means, ratios and what a chart draws: from what is shown, and from nothing else.

What needs a hidden number is hidden. No figure here can tell more than the table beside it.
"""

from collections.abc import Mapping

from sightline.kernel.measures import State
from sightline.stats.disclosure.shown import HIDDEN, ShownCell, cell
from sightline.stats.disclosure.shown_tables import ShownTable
from sightline.stats.disclosure.tables import Key, spelled_key
from sightline.stats.quantity import whole_per_cent


def _cell(shown: ShownTable, key: Key) -> ShownCell:
    found = shown.cells.get(key)
    if found is None:
        raise ValueError(f"{shown.title}: {spelled_key(key)} is no published cell of this table.")
    return found


def per_cent(shown: ShownTable, part: Key, whole: Key) -> ShownCell:
    """A cell out of another, as a whole percentage; hidden where either is, or the base is small.

    Raises:
        ValueError: no such cell, or the part is not part of the whole.
    """
    top, base = _cell(shown, part), _cell(shown, whole)
    for dimension, inner, outer in zip(shown.dimensions, part, whole, strict=True):
        if not set(dimension.within[inner]) <= set(dimension.within[outer]):
            raise ValueError(f"{spelled_key(part)} is not part of {spelled_key(whole)}.")
    if top.value is None or base.value is None or base.value < max(shown.minimum_base, 1):
        return HIDDEN
    return cell(whole_per_cent(min(top.value, base.value), base.value))


def ratio(shown: ShownTable, one: Key, other: Key) -> float | State:
    """How many of one cell there are for each of the other; the state where that is not known.

    Raises:
        ValueError: no such cell.
    """
    top, base = _cell(shown, one), _cell(shown, other)
    if top.value is None or base.value is None or base.value < max(shown.minimum_base, 1):
        return State.SUPPRESSED
    return top.value / base.value


def mean(shown: ShownTable, code: str, values: Mapping[str, float], at: Key) -> float | State:
    """The mean of a dimension whose finest categories stand for numbers, at a cell of the others.

    Args:
        shown: the table.
        code: the dimension.
        values: the number of each of its finest categories.
        at: the cell, with "" for that dimension.

    Returns:
        The mean; the state where a count is hidden or there are too few people.

    Raises:
        ValueError: no such dimension or cell, or a category without a number.
    """
    places = [i for i, dimension in enumerate(shown.dimensions) if dimension.code == code]
    if not places or at[places[0]]:
        raise ValueError(f"{code} is no dimension that {spelled_key(at)} takes all of.")
    place = places[0]
    leaves = shown.dimensions[place].leaves
    lacking = [leaf for leaf in leaves if leaf not in values]
    if lacking:
        raise ValueError(f"{code}: {lacking[0]} stands for no number; give one for each category.")
    counts = [_cell(shown, (*at[:place], leaf, *at[place + 1 :])).value for leaf in leaves]
    known = [count for count in counts if count is not None]
    people = sum(known)
    if len(known) < len(counts) or people < max(shown.minimum_base, 1):
        return State.SUPPRESSED
    return sum(values[leaf] * n for leaf, n in zip(leaves, known, strict=True)) / people


def chart_values(shown: ShownTable, code: str, at: Key) -> list[int | State]:
    """What a chart draws along a dimension's finest categories: numbers, and gaps that say why.

    Raises:
        ValueError: no such dimension or cell.
    """
    places = [i for i, dimension in enumerate(shown.dimensions) if dimension.code == code]
    if not places:
        raise ValueError(f"{code} is no dimension of {shown.title}.")
    place = places[0]
    keys = ((*at[:place], leaf, *at[place + 1 :]) for leaf in shown.dimensions[place].leaves)
    return [_cell(shown, key).drawn for key in keys]
