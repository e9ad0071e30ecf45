"""What a chart is: words that say what it shows, the figures, and a drawing of them."""

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, TypeAlias

from django.utils.safestring import SafeString, mark_safe

from sightline.design.charts import svg as pen
from sightline.kernel.measures import State

LONGEST_ALT = 150
NARROW = 480
"""Width of the picture in a page: its text stays readable on a screen 320 px wide."""
WIDE = 780
"""Width of the picture on paper."""

Value: TypeAlias = int | float | State | None
"""A figure; or the state that says why there is none. `None` is read as not available."""

_SYMBOLS = {
    State.SUPPRESSED: "[c]",
    State.NOT_AVAILABLE: "[x]",
    State.NOT_SUBMITTED: "[x]",
    State.NOT_ASKED: "[z]",
    State.NOT_APPLICABLE: "[z]",
}
SYMBOL_WORDS = {
    "[c]": "too few to show",
    "[x]": "not available",
    "[z]": "does not apply",
    "[p]": "provisional",
}
"""The key, in words, for the symbols that stand where a figure cannot, or after one."""
MARKS = ("[p]",)
"""The symbols that stand after a figure."""


class Drawing(Protocol):
    """How one kind of chart is drawn at a width: its marks and the height they take."""

    def drawn(self, width: float) -> tuple[list[str], float]:
        """Marks in order, and the height of the picture."""
        ...


@dataclass(frozen=True)
class Series:
    """Named figures, one for each place on the axis, in the axis's order."""

    name: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Point:
    """One row of `bars` or `dots`.

    Attributes:
        label: what the row is.
        value: the figure drawn, in the chart's unit.
        count, base: what it was worked out from ("14 of 17"), where that is known.
        own: the reader's own row: drawn filled and square, the others hollow and round.
    """

    label: str
    value: Value
    count: int | None = None
    base: int | None = None
    own: bool = False


@dataclass(frozen=True)
class Pair:
    """One row of a dumbbell: two figures of the same thing."""

    label: str
    first: Value
    second: Value


@dataclass(frozen=True)
class StackedRow:
    """One row of a stacked bar: how many at each step of the scale, best first.

    `not_known` counts those that have no step on record; they are shown apart and never shared out.
    """

    label: str
    counts: tuple[Value, ...]
    not_known: int = 0


@dataclass(frozen=True)
class Comparator:
    """A figure to read the others against ("Scotland", 71)."""

    label: str
    value: float


@dataclass(frozen=True)
class Chart:
    """One chart: its sentences, its table, and `svg()`.

    Attributes:
        headline: the finding, as a sentence.
        subtitle: measure, place, time, unit and base.
        alt: what a person hears who cannot see it, at most 150 characters.
        header, rows: the same figures as a table; every row is as long as the header.
        source: where the figures come from.
        notes: what a reader must know to read it rightly.
        id: the figure's anchor, made from the content so that it stays the same.
    """

    headline: str
    subtitle: str
    alt: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    drawing: Drawing = field(repr=False)
    source: str = ""
    notes: tuple[str, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        for name in ("headline", "alt"):
            if not getattr(self, name).strip():
                raise ValueError(f"A chart needs its {name}: a sentence that says what it shows.")
        if len(self.alt) > LONGEST_ALT:
            raise ValueError(
                f"The alternative text of “{self.headline}” has {len(self.alt)} characters; "
                f"keep it to {LONGEST_ALT} and leave the detail to the table."
            )
        if not self.rows:
            raise ValueError(
                f"“{self.headline}” has nothing to draw. Say so in a sentence instead."
            )
        if not all(heading.strip() for heading in self.header):
            raise ValueError(f"“{self.headline}”: a heading of the table is empty; name it.")
        for row in self.rows:
            if len(row) != len(self.header):
                raise ValueError(
                    f"“{self.headline}”: the table's row {row[0]!r} has {len(row)} cells under "
                    f"{len(self.header)} headings."
                )
        if not self.id:
            object.__setattr__(self, "id", f"c-{self._fingerprint()}")

    def svg(self, *, width: float = NARROW) -> SafeString:
        """The complete `<svg>`, `width` units wide; it grows and shrinks with its column.

        480 suits a page read down to 320 px; 780 suits paper. Text is 16 units either way.
        """
        marks, height = self.drawing.drawn(width)
        return mark_safe(  # noqa: S308 - every piece of text is escaped by charts.svg
            pen.picture(width=width, height=height, title=self.headline, alt=self.alt, marks=marks)
        )

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """The symbols that stand in this chart's table, each with its words."""
        used = {part for row in self.rows for cell in row for part in cell.split(" ")}
        return tuple((symbol, said) for symbol, said in SYMBOL_WORDS.items() if symbol in used)

    @property
    def columns(self) -> tuple[tuple[str, bool], ...]:
        """The table's headings, each with whether its column holds numbers."""
        return tuple(zip(self.header, numeric_columns(self.rows), strict=True))

    @property
    def cells(self) -> tuple[tuple[tuple[str, bool], ...], ...]:
        """The table's rows, each cell with whether its column holds numbers."""
        numeric = numeric_columns(self.rows)
        return tuple(tuple(zip(row, numeric, strict=True)) for row in self.rows)

    def _fingerprint(self) -> str:
        content = repr((self.headline, self.subtitle, self.header, self.rows))
        return hashlib.sha256(content.encode()).hexdigest()[:8]


def numeric_columns(rows: Sequence[Sequence[str]]) -> list[bool]:
    """For each column but the first, whether its cells are numbers, or symbols in their place."""
    numeric = [all(_is_number(row[place]) for row in rows) for place in range(len(rows[0]))]
    return [False, *numeric[1:]]


def _is_number(cell: str) -> bool:
    if cell in SYMBOL_WORDS:
        return True
    for mark in MARKS:
        cell = cell.removesuffix(f" {mark}")
    bare = cell.removesuffix("%").rstrip().replace(",", "").lstrip("−-£")
    return bare.replace(".", "", 1).isdigit()


def is_known(value: Value) -> bool:
    """Whether there is a figure to draw."""
    return not (value is None or isinstance(value, State))


def figure(value: Value) -> float:
    """The number of a value already known to have one."""
    if value is None or isinstance(value, State):
        raise ValueError(f"There is no number in {value!r}.")
    return float(value)


def symbol(value: Value) -> str:
    """What stands where there is no figure: `[c]`, `[x]` or `[z]`."""
    return _SYMBOLS.get(value, "[x]") if isinstance(value, State) else "[x]"


def said(value: Value, unit: str = "", *, places: int | None = None) -> str:
    """The value as people read it: `1,204`, `82%`, `3.5`; or its symbol.

    `places` is how many decimal places its neighbours have, so that a column lines up.
    """
    if not is_known(value):
        return symbol(value)
    return f"{figure(value):,.{places_of([value]) if places is None else places}f}{unit}"


def places_of(values: Iterable[Value]) -> int:
    """Decimal places that suit the values together: none, or one."""
    known = [figure(value) for value in values if is_known(value)]
    return 0 if all(value == int(value) for value in known) else 1


def check_value(value: Value, *, where: str) -> None:
    """Raise `ValueError` unless the value can be drawn from zero."""
    if isinstance(value, bool) or (is_known(value) and not isinstance(value, int | float)):
        raise ValueError(f"{where}: {value!r} is not a number.")
    if is_known(value) and not math.isfinite(figure(value)):
        raise ValueError(f"{where}: {value} cannot be drawn; say that it is not available instead.")
    if is_known(value) and figure(value) < 0:
        raise ValueError(f"{where}: {value} is below zero; counts and rates are 0 or more.")


def check_labels(labels: Sequence[str], *, headline: str) -> None:
    """Raise `ValueError` unless every row has a name of its own."""
    if not labels:
        raise ValueError(f"“{headline}” has nothing to draw. Say so in a sentence instead.")
    for label in labels:
        if not label.strip():
            raise ValueError(f"“{headline}”: a row has no label.")
    twice = sorted({label for label in labels if labels.count(label) > 1})
    if twice:
        raise ValueError(f"“{headline}”: {', '.join(twice)} stands twice; label each row apart.")


def check_scale(steps: Sequence[str], value: Value, *, where: str) -> None:
    """Raise `ValueError` unless the value is a whole step of the scale, 1 the lowest."""
    check_value(value, where=where)
    if is_known(value) and (
        figure(value) != int(figure(value)) or not 1 <= figure(value) <= len(steps)
    ):
        raise ValueError(f"{where}: {value} is not on the scale; its steps are 1 to {len(steps)}.")


def shortened(sentence: str) -> str:
    """The sentence cut at a word to the length an alternative text may have."""
    if len(sentence) <= LONGEST_ALT:
        return sentence
    return sentence[: LONGEST_ALT - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"
