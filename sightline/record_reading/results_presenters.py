"""Results as pages and charts show them. Pure functions over what is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from sightline.design.charts import Chart, Comparator, Point, StackedRow, bars, dots, stacked_scale
from sightline.kernel.measures import State
from sightline.record_reading import asking
from sightline.record_reading.counting import WAYS, Unit, base_words
from sightline.record_reading.definitions import Section
from sightline.record_reading.results import COUNTS_UNDER, Share, also, is_uneven, rest_of, sentence
from sightline.record_reading.results_queries import Results
from sightline.stats.disclosure import ShownSeries
from sightline.stats.quantity import Terms, in_words

_FEW = 2
_AGAINST_EACH_OTHER = 12
"""As many rows as one chart still tells apart."""


@dataclass(frozen=True)
class Line:
    """One unit on the page of all items: its first band, in figures and in words.

    Attributes:
        out_of: whom the base is made of, without its number.
        word: the term of quantity, or nothing of a small base.
        could: which other terms it could have within its interval.
    """

    code: str
    item: str
    text: str
    band: str
    share: Share | None
    out_of: str
    word: str
    could: str


@dataclass(frozen=True)
class Part:
    """One section of the template: its lines, and a chart of them."""

    code: str
    letter: str
    title: str
    lines: tuple[Line, ...]
    charts: tuple[Chart, ...]


def parts(found: Results, terms: Terms) -> list[Part]:
    """Every section that has something to count, with a chart of what can be shown."""
    made = []
    for section in found.template.sections:
        here = [unit for unit in found.units if unit.item in section.items]
        if here:
            lines = tuple(line(found, unit, terms) for unit in here)
            drawn = tuple(_charts(found, section, here))
            made.append(Part(section.code, section.letter, section.title, lines, drawn))
    return made


def line(found: Results, unit: Unit, terms: Terms) -> Line:
    """One unit in a row."""
    name = unit.first
    share = found.band(unit, name) if name else None
    out_of = base_words(found.template, unit).removeprefix("of the ")
    return Line(
        code=unit.code, item=unit.item.code, text=unit.short, share=share, out_of=out_of,
        band=asking.band_label(name).capitalize() if name else "", word=_word(share, terms),
        could=also(share, terms) if share else "",
    )  # fmt: skip


def _word(share: Share | None, terms: Terms) -> str:
    if share is None or share.n is None or not share.base or share.base < terms.smallest_base:
        return ""
    return in_words(share.n, share.base, terms)


def _charts(found: Results, section: Section, here: Sequence[Unit]) -> list[Chart]:
    """Of a section: quality on its six steps, and the first band of everything else."""
    quality = [unit for unit in here if unit.item.is_quality]
    rest = [unit for unit in here if not unit.item.is_quality]
    made = [_quality(found, quality, f"{section.title}: quality")] if quality else []
    made += [_first_bands(found, rest, section.title)] if len(rest) > 1 else []
    return [chart for chart in made if chart is not None]


def _quality(found: Results, several: Sequence[Unit], headline: str) -> Chart | None:
    rows = []
    for unit in several:
        series = found.everybody(unit)
        if series is not None and _is_in_steps(unit, series):
            rows.append(_steps(unit.short, series))
    if not rows:
        return None
    steps = [label for _, label in several[0].answers]
    return stacked_of(headline, steps, rows, _everybodys(found, several), found.round.title)


def _everybodys(found: Results, several: Sequence[Unit]) -> list[ShownSeries]:
    return [series for unit in several if (series := found.everybody(unit)) is not None]


def _is_in_steps(unit: Unit, series: ShownSeries) -> bool:
    """Whether each of the six steps is shown by itself, none is hidden, and there are records."""
    alike = [code for code, _ in series.categories] == [code for code, _ in unit.answers]
    return alike and not series.hidden_n and bool(series.shown.total.count.value)


def _steps(label: str, series: ShownSeries) -> StackedRow:
    return StackedRow(label, tuple(row.count.drawn for row in series.shown.rows))


def stacked_of(
    headline: str,
    steps: Sequence[str],
    rows: Sequence[StackedRow],
    of: Sequence[ShownSeries],
    source: str,
) -> Chart | None:
    """Rows on the six steps; None where none of them can be drawn."""
    if all(one.shown.is_empty for one in of):
        return None
    return stacked_scale(
        headline=headline, subtitle="Records at each step of the six-point scale", steps=steps,
        rows=rows, counted="records", row_name="Question", source=source,
    )  # fmt: skip


def _first_bands(found: Results, several: Sequence[Unit], headline: str) -> Chart | None:
    points = []
    for unit in several[:_AGAINST_EACH_OTHER]:
        name = unit.first
        share = found.band(unit, name) if name else None
        if share is not None and share.base and (share.n is None or share.per_cent is not None):
            label = f"{unit.short} ({asking.band_label(name)})"
            points.append(point(share, label))
    return bars_of(headline, points, _everybodys(found, several), found.round.title)


def point(share: Share, label: str = "") -> Point:
    """A share as a chart takes it: its per cent, or [c] where it is hidden or of a small base."""
    value = share.per_cent if share.per_cent is not None else State.SUPPRESSED
    known = share.per_cent is not None
    return Point(label or share.label, value, count=share.n if known else None,
                 base=share.base if known else None)  # fmt: skip


def bars_of(
    headline: str, points: Sequence[Point], of: Sequence[ShownSeries], source: str
) -> Chart | None:
    """Bars of shares of what is shown; None where none of them can be drawn."""
    if not of or all(isinstance(one.value, State) for one in points):
        return None
    return bars(
        headline=headline, subtitle="Per cent of the records each was expected in and answered of",
        points=points, measure="Per cent", unit="%", row_name="Question", source=source,
    )  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One unit of an item's page: everybody, then by the way that was chosen.

    Attributes:
        answers: each answer as a share.
        bands: each band as a share, with its weighted one where the design was disproportionate.
        said: the first band as a sentence; `could` the other terms within its interval, `rest`
            the term of all others together.
        uneven: strata were drawn at different rates.
        left_out: records in no base, in words.
    """

    code: str
    text: str
    title: str
    base: int | None
    base_words: str
    answers: tuple[Share, ...]
    bands: tuple[Share, ...]
    said: str
    could: str
    rest: str
    uneven: bool
    left_out: tuple[str, ...]
    chart: Chart | None
    hidden: bool
    stands: bool


def question(found: Results, unit: Unit, terms: Terms) -> Question:
    """Everybody's answers to a unit."""
    words = base_words(found.template, unit)
    series = found.everybody(unit)
    answers = found.answers(unit)
    shown = {one.code for one in answers}
    several = [found.band(unit, name) for name in unit.wide_bands]
    bands = tuple(one for one in several if one is not None and one.code not in shown)
    first = found.band(unit, unit.first) if unit.first else None
    return Question(
        code=unit.code, text=unit.title, title=unit.short, answers=answers, bands=bands,
        base=answers[0].base if answers else None, base_words=words.removeprefix("of the "),
        said=sentence(first, words, terms) if first else
        f"Not shown: fewer than {found.round.base} {words.removeprefix('of the ')}, or it would "
        "tell what is hidden elsewhere.",
        could=also(first, terms) if first else "", rest=rest_of(first, terms) if first else "",
        uneven=is_uneven(found.strata, unit.item.strata), left_out=_left_out(found, unit),
        chart=_answers_chart(unit, series, answers, found.round.title) if series else None,
        hidden=bool(series and series.hidden_n),
        stands=bool(series and series.periods[-1].stands),
    )  # fmt: skip


def _left_out(found: Results, unit: Unit) -> tuple[str, ...]:
    words = {"not-expected": "not expected for the child", "two-views": "left as two views"}
    return tuple(f"{n} {words[code]}" for code, n in found.left_out(unit).items())


def _answers_chart(
    unit: Unit, series: ShownSeries, answers: Sequence[Share], source: str
) -> Chart | None:
    if unit.item.is_quality and _is_in_steps(unit, series):
        steps = [label for _, label in unit.answers]
        return stacked_of(unit.title, steps, [_steps(unit.short, series)], [series], source)
    drawn = [point(one) for one in answers if one.n is None or one.per_cent is not None]
    return bars_of(unit.title, drawn, [series], source) if drawn else None


@dataclass(frozen=True)
class Table:
    """One unit by a way: a row for each group, a column for each band.

    `chart` shows the first band; `steps` every answer of a six-point item, where none is hidden.
    """

    unit: str
    title: str
    bands: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Share, ...]], ...]
    chart: Chart | None
    steps: Chart | None
    hidden: bool


def by_way(found: Results, unit: Unit, way: str) -> Table | None:
    """A unit by a way with a chart of its first band; None where it is not shown so."""
    names = found.shown_by(unit, way)
    if not names:
        return None
    columns = {name: {one.code: one for one in found.by(unit, way, name)} for name in names}
    first = columns[names[0]]
    rows = tuple(
        (one.label, tuple(columns[name][code] for name in names)) for code, one in first.items()
    )
    opened = found.opened_by(unit, way)
    everybody = found.band(unit, names[0])
    return Table(
        unit=unit.code, title=WAYS[way], bands=tuple(asking.band_label(n) for n in names),
        rows=rows, chart=_dots(unit, way, names[0], list(first.values()), everybody, opened),
        hidden=any(one.hidden_n for one in opened), steps=_steps_by(found, unit, way, opened),
    )  # fmt: skip


def _steps_by(found: Results, unit: Unit, way: str, of: Sequence[ShownSeries]) -> Chart | None:
    """The six steps of each group, for those who see exact figures."""
    groups = found.answers_by(unit, way)
    if not unit.item.is_quality or not groups:
        return None
    labels = found.labels_by(unit, way)
    rows = [
        StackedRow(labels[code], tuple(cell.drawn for cell in cells.values()))
        for code, cells in groups.items()
    ]
    steps = [label for _, label in unit.answers]
    headline = f"{unit.short}, by {WAYS[way].lower()}"
    return stacked_of(headline, steps, rows, of, found.round.title)


def _dots(
    unit: Unit,
    way: str,
    name: str,
    groups: Sequence[Share],
    everybody: Share | None,
    of: Sequence[ShownSeries],
) -> Chart | None:
    if not of or sum(one.per_cent is not None for one in groups) < _FEW:
        return None
    comparator = None
    if everybody is not None and everybody.per_cent is not None:
        comparator = Comparator("All", everybody.per_cent)
    band = asking.band_label(name)
    small = [one for one in groups if one.n is not None and one.per_cent is None]
    drawn = [point(one) for one in groups if one not in small]
    notes = [f"Groups of under {COUNTS_UNDER} records are in the table alone."] if small else []
    return dots(
        headline=f"{unit.short}: {band}, by {WAYS[way].lower()}",
        subtitle="Per cent of the records in each group", points=drawn, notes=notes,
        measure=band.capitalize(), unit="%", row_name=WAYS[way], comparator=comparator,
    )  # fmt: skip
