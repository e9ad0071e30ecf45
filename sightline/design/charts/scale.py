"""An axis of words: the steps of a scale, the lowest at the left."""

from collections.abc import Sequence

from sightline.design.charts import svg as pen
from sightline.design.charts.layout import Axis
from sightline.design.charts.model import Value, figure, is_known, symbol
from sightline.design.charts.palette import GRID, QUIET_INK

AXIS_HEIGHT = 48
_TWO_LINES = 2


def scale_word(steps: Sequence[str], value: Value) -> str:
    """The word of a step, 1 the lowest; or the symbol of a value that is not shown."""
    if not is_known(value):
        return symbol(value)
    return steps[len(steps) - int(figure(value))]


def scale_axis(steps: Sequence[str], left: float, right: float) -> Axis:
    """An axis with half a step of room at each end."""
    return Axis(0.5, len(steps) + 0.5, left, right)


def scale_ticks(axis: Axis, steps: Sequence[str], top: float, bottom: float) -> list[str]:
    """A faint rule up each step, its number and, where all of them fit, its word underneath."""
    wide = (axis.right - axis.left) / len(steps)
    worded = [pen.wrapped(word, wide) for word in steps]
    fits = all(
        len(lines) <= _TWO_LINES and all(pen.width_of(line) <= wide for line in lines)
        for lines in worded
    )
    marks: list[str] = []
    for place, word in enumerate(steps):
        step = len(steps) - place
        x = axis.at(step)
        marks.append(pen.rule((x, top), (x, bottom), stroke=GRID, width=1))
        if fits:
            lines = pen.wrapped(word, wide)
            marks += pen.lines_of_words(x, bottom + 14, lines, fill=QUIET_INK, anchor="middle")
        else:
            marks.append(pen.words(x, bottom + 13, str(step), fill=QUIET_INK, anchor="middle"))
    if not fits:
        marks += _end_words(axis, steps, bottom + 13 + pen.LINE)
    return marks


def _end_words(axis: Axis, steps: Sequence[str], below: float) -> list[str]:
    """The words of the two ends; too long for a telephone's axis, they start further left."""
    worst, best = f"1 {steps[-1]}", f"{len(steps)} {steps[0]}"
    spare = axis.right - axis.left - pen.width_of(worst) - pen.width_of(best) - pen.LINE
    return [
        pen.words(max(0.0, axis.left + min(0.0, spare)), below, worst, fill=QUIET_INK),
        pen.words(axis.right, below, best, fill=QUIET_INK, anchor="end"),
    ]
