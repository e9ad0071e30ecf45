"""Charts: a description becomes SVG drawn on the server, a spoken sentence and a table.

Each builder checks what it is given and returns a frozen `Chart`; a page shows it with
`<c-chart :chart="chart" />`, a document with `Figure(chart)`. Bars start at zero, rows keep the
order given, and what is hidden (`[c]`) or not available (`[x]`) is drawn as such, never as zero.
"""

from sightline.design.charts.bars import bars
from sightline.design.charts.change import Happened, Stretch, change
from sightline.design.charts.dots import dots, dots_on_scale
from sightline.design.charts.dumbbell import dumbbell
from sightline.design.charts.examples import examples
from sightline.design.charts.lines import Break, line, run_median
from sightline.design.charts.model import (
    Chart,
    Comparator,
    Pair,
    Point,
    Series,
    StackedRow,
    Value,
)
from sightline.design.charts.stacked import stacked_scale
from sightline.design.charts.steps import Step, step_table
from sightline.design.charts.strips import strip

__all__ = [
    "Break",
    "Chart",
    "Comparator",
    "Happened",
    "Pair",
    "Point",
    "Series",
    "StackedRow",
    "Step",
    "Stretch",
    "Value",
    "bars",
    "change",
    "dots",
    "dots_on_scale",
    "dumbbell",
    "examples",
    "line",
    "run_median",
    "stacked_scale",
    "step_table",
    "strip",
]
