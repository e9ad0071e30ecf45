"""Step tables: how many came to each step of a way, and how many of these went on to the next."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.layout import Axis, planned
from sightline.design.charts.model import (
    Chart,
    Value,
    check_labels,
    check_value,
    figure,
    is_known,
    said,
    shortened,
    symbol,
)
from sightline.design.charts.palette import NAVY, QUIET_INK

_STUB = 36
_THICK = 22


@dataclass(frozen=True)
class Step:
    """One step: how many reached it, and out of how many that could be told of."""

    label: str
    count: Value
    base: Value = None


def step_table(
    *,
    headline: str,
    subtitle: str,
    steps: Sequence[Step],
    counted: str,
    row_name: str = "Step",
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """A bar for each step, in the order of the way, with "of these" in the table.

    Args:
        headline: the finding.
        subtitle: measure, place, time and base.
        steps: one row each, the first step first.
        counted: what is counted, as the table's heading ("Young people").
        row_name: what a row is.
        alt: alternative text; made from the first and last step when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: no steps, two of one name, or a count below zero.
    """
    check_labels([step.label for step in steps], headline=headline)
    for step in steps:
        check_value(step.count, where=step.label)
        check_value(step.base, where=step.label)
    known = [step for step in steps if is_known(step.count)]
    spoken = f"Step table of {len(steps)} steps. {headline}"
    if known:
        spoken = f"Step table. {known[0].label} {said(known[0].count)}"
        spoken += f"; {known[-1].label} {said(known[-1].count)}."
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(spoken),
        header=(row_name, counted, "Of these", "Per cent"),
        rows=tuple(
            (step.label, said(step.count), said(step.base), share_of(step)) for step in steps
        ),
        drawing=Steps(tuple(steps)),
        source=source,
        notes=tuple(notes),
    )


def share_of(step: Step) -> str:
    """The share of those who could be told of, or the symbol of what hides it."""
    if not is_known(step.count):
        return symbol(step.count)
    if not is_known(step.base) or not figure(step.base):
        return symbol(step.base)
    return f"{int(figure(step.count) * 100 / figure(step.base) + 0.5)}%"


@dataclass(frozen=True)
class Steps:
    """Draws `step_table`."""

    steps: tuple[Step, ...]

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks and height."""
        words = [
            f"{said(step.count)} of {said(step.base)}" if is_known(step.base) else said(step.count)
            for step in self.steps
        ]
        plan = planned([step.label for step in self.steps], words, width)
        known = [figure(v) for s in self.steps for v in (s.count, s.base) if is_known(v)]
        axis = Axis(0, max(known, default=1) or 1, plan.left if plan.beside else 0, plan.right)
        marks: list[str] = []
        y = 2.0
        for place, step in enumerate(self.steps):
            middle = y + plan.middle(place)
            top = middle - _THICK / 2
            marks += plan.label(place, y)
            end = axis.left
            if is_known(step.base):
                end = axis.at(figure(step.base))
                marks.append(
                    pen.rect(axis.left, top, end - axis.left, _THICK, fill="#ffffff",
                             stroke=QUIET_INK)
                )  # fmt: skip
            if is_known(step.count):
                long = axis.at(figure(step.count)) - axis.left
                marks.append(pen.rect(axis.left, top, long, _THICK, fill=NAVY))
                end = max(end, axis.left + long)
            elif symbol(step.count) == "[c]":
                marks += pen.hatched(axis.left, top, _STUB, _THICK)
                end = max(end, axis.left + _STUB)
            marks.append(pen.words(end + 8, middle, words[place]))
            y += plan.height(place)
        return marks, y
