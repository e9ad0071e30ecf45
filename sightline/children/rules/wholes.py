"""Shapes of a whole dataset: a share, or rows to each of something. They give figures."""

from dataclasses import dataclass
from typing import Any

from sightline.children.rules import shapes
from sightline.children.rules.expressions import every, holds


@dataclass(frozen=True)
class Figure:
    """What a quality rule found: the value, in words, and whether it is outside its limits."""

    value: float | None
    words: str
    outside: bool


def parts(shape: shapes.Share | shapes.Mean, table: Any, looked: Any) -> tuple[Any, Any]:
    """What is counted, and out of what, as aggregates of the dataset."""
    if isinstance(shape, shapes.Share):
        counted = every(holds(one, table) for one in shape.counts)
        return (looked & counted).sum(), looked.sum()
    held = looked & every(table[name].notnull() for name in shape.per)
    together = table[shape.per[0]].cast("string")
    for name in shape.per[1:]:
        together = together.concat(" ", table[name].cast("string"))
    return held.sum(), together.nunique(where=held)


def figure(shape: shapes.Share | shapes.Mean, counted: int | None, base: int | None) -> Figure:
    """The figure of two counts."""
    if not base:
        return Figure(None, f"{shape.words}: there was nothing to look at.", outside=False)
    value = (counted or 0) / base * (100 if isinstance(shape, shapes.Share) else 1)
    outside = (shape.least is not None and value < shape.least) or (
        shape.most is not None and value > shape.most
    )
    unit = " per cent" if isinstance(shape, shapes.Share) else ""
    wanted = _wanted(shape.least, shape.most, unit)
    words = (
        f"{shape.words}: {value:.1f}{unit} of {base:,}" if unit else f"{shape.words}: {value:.1f}"
    )
    return Figure(value, f"{words} ({wanted}).", outside)


def _wanted(least: float | None, most: float | None, unit: str) -> str:
    if least is None:
        return f"expected at most {most:g}{unit}"
    if most is None:
        return f"expected at least {least:g}{unit}"
    return f"expected {least:g} to {most:g}{unit}"


def at_fault(shape: shapes.Share, table: Any) -> Any:
    """The rows that pull a share out of its limits: those counted too often, or not counted."""
    counted = every(holds(one, table) for one in shape.counts)
    return ~counted if shape.least is not None else counted
