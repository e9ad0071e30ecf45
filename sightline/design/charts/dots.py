"""Dot plots: one row a group, the value and its base written at the end of the row."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import svg as pen
from sightline.design.charts.bars import (
    PER_CENT,
    check_points,
    label_of,
    spoken,
    table_header,
    table_rows,
)
from sightline.design.charts.layout import (
    Axis,
    comparator_above,
    comparator_rule,
    planned,
    round_top,
    ticks,
)
from sightline.design.charts.model import (
    Chart,
    Comparator,
    Point,
    check_scale,
    figure,
    is_known,
    said,
    shortened,
)
from sightline.design.charts.palette import GRID, NAVY, QUIET_INK

_STUB = 36
_THICK = 18


def dots(
    *,
    headline: str,
    subtitle: str,
    points: Sequence[Point],
    measure: str,
    unit: str = "",
    row_name: str = "",
    comparator: Comparator | None = None,
    steps: Sequence[str] = (),
    alt: str = "",
    source: str = "",
    notes: Sequence[str] = (),
) -> Chart:
    """A dot for each row, in the order given; the reader's own row is a filled square.

    Args:
        headline: the finding.
        subtitle: measure, place, time, unit and base.
        points: one row each.
        measure: what the value is, as the table's heading.
        unit: written after each value; "%" makes the axis run from 0 to 100.
        row_name: what a row is, as the table's first heading.
        comparator: a figure drawn as a dashed rule, named above.
        steps: words of a scale, best first; values are then its steps, 1 the lowest.
        alt: alternative text; made from the highest and lowest when it is not given.
        source: where the figures come from.
        notes: what a reader must know.

    Raises:
        ValueError: nothing to draw, two rows of one name, or a value that is not on the axis.
    """
    check_points(points, headline=headline, unit=unit, comparator=comparator)
    if steps:
        return _on_a_scale(
            Chart(
                headline=headline,
                subtitle=subtitle,
                alt=alt or shortened(f"Dot plot of {measure}. {headline}"),
                header=(row_name, measure),
                rows=tuple((point.label, scale_word(steps, point.value)) for point in points),
                drawing=Dots(tuple(points), unit, comparator, tuple(steps)),
                source=source,
                notes=tuple(notes),
            ),
            steps,
            points,
        )
    return Chart(
        headline=headline,
        subtitle=subtitle,
        alt=alt or shortened(spoken("Dot plot", measure, points, unit)),
        header=table_header(points, measure, row_name),
        rows=table_rows(points, unit, comparator),
        drawing=Dots(tuple(points), unit, comparator),
        source=source,
        notes=tuple(notes),
    )
