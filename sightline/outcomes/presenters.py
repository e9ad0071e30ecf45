"""Home for an analyst, and what stands round the tabs of the explorer. Pure functions."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol
from urllib.parse import urlencode
from uuid import UUID

from django.urls import reverse

from sightline.children.definitions import datasets
from sightline.design.charts import Chart
from sightline.design.spreadsheets import Cell, to_csv
from sightline.kernel.measures import State
from sightline.outcomes.clocks import cases, rulebook
from sightline.outcomes.definitions import IndicatorDefinition, indicator, indicators
from sightline.outcomes.labels import breakdown_title, category_label
from sightline.outcomes.presenters_charts import balance, judged
from sightline.outcomes.presenters_gap import points_of_gap
from sightline.outcomes.queries import Clock, Figures
from sightline.outcomes.reading import OF_NOBODY, Reading, count_text, latest, reading
from sightline.outcomes.wording import (
    DIRECTIONS,
    KINDS,
    PROVISIONAL_WORDS,
    STATES,
    THEMES,
    day,
    number,
    period_label,
    short_value,
)
from sightline.stats.disclosure import ShownPeriod, ShownSeries
from sightline.stats.verdict import Kind

TABS: Final = {
    "now": "Now",
    "compare": "Compare",
    "over-time": "Over time",
    "gap": "Gap",
    "definition": "Definition",
}


NOTHING: Final = "Not submitted"


@dataclass(frozen=True)
class Line:
    """One indicator of the home page."""

    title: str
    address: str
    kind: str
    value: str
    period: str
    verdict: str
    direction: str


@dataclass(frozen=True)
class Theme:
    """The indicators of a theme; how many of them were not submitted."""

    code: str
    title: str
    lines: tuple[Line, ...]
    missing: int


Provisional = Mapping[str, Collection[str]]
"""By indicator, the periods of which the figure is provisional."""


def themes(area: str, found: Figures, provisional: Provisional) -> tuple[Theme, ...]:
    """Every indicator by theme, with its latest value and verdict."""
    made = []
    for code, title in THEMES.items():
        chosen = sorted(
            (one for one in indicators() if one.theme == code),
            key=lambda one: _KINDS_IN_ORDER.index(one.kind),
        )
        lines = tuple(_line(area, one, found, provisional.get(one.code, ())) for one in chosen)
        missing = sum(line.value == NOTHING for line in lines)
        made.append(Theme(code, title, lines, missing))
    return tuple(made)


LIVES: Final = "lives"
"""The lines a reader sees first: what tells of lives, and not of work done."""
_TELL_OF_LIVES: Final = ("Outcome", "Experience")


def chosen(found: Sequence[Theme], wanted: str) -> Theme | None:
    """The theme asked for; by itself, whatever tells whether lives got better, of every theme."""
    if wanted and wanted != LIVES:
        return next((theme for theme in found if theme.code == wanted), None)
    lines = tuple(
        line for theme in found for line in theme.lines if line.kind in _TELL_OF_LIVES
    )  # fmt: skip
    missing = sum(line.value == NOTHING for line in lines)
    return Theme(LIVES, "Whether lives got better: outcomes and experience", lines, missing)


_KINDS_IN_ORDER: Final = ("outcome", "experience", "output", "process", "quality")
_ATTENTION: Final = {
    Kind.WORSENING.value: "worse",
    Kind.CHANGED.value: "changed",
    Kind.IMPROVEMENT.value: "better",
}


def attention(found: Sequence[Theme]) -> tuple[Line, ...]:
    """The indicators over which something real happened: what got worse first."""
    order = list(_ATTENTION)
    lines = [line for theme in found for line in theme.lines if line.verdict.lower() in order]
    return tuple(sorted(lines, key=lambda line: order.index(line.verdict.lower())))


def lead(found: Sequence[Theme]) -> str:
    """How it stands, in a sentence."""
    lines = [line for theme in found for line in theme.lines]
    told = Counter(_ATTENTION.get(line.verdict.lower(), "") for line in lines)
    missing = sum(theme.missing for theme in found)
    said = [f"{told[way]} got {way}" for way in ("better", "worse")]
    return (
        f"Of {len(lines)} indicators {' and '.join(said)} beyond what chance explains, "
        f"{told['changed']} changed one way or another, and {missing} could not be worked out "
        "because what they need was not submitted."
    )


@dataclass(frozen=True)
class ClockLine:
    """A rule of time by its name, and how its cases stand."""

    title: str
    counts: Clock


def clock_lines(found: Sequence[Clock]) -> tuple[ClockLine, ...]:
    """What is overdue and due, by the rule's own title, most overdue first."""
    of_case = {case.name: case.rule for case in cases()}
    made = []
    for one in found:
        code = of_case.get(one.rule, one.rule)
        versions = rulebook().versions(code) if code in rulebook().codes else ()
        title = f"{versions[-1][0].title} ({one.rule})" if versions else one.rule
        made.append(ClockLine(title, one))
    return tuple(sorted(made, key=lambda line: (-line.counts.overdue, -line.counts.soon)))


def _line(
    area: str, one: IndicatorDefinition, found: Figures, provisional: Collection[str]
) -> Line:
    address = reverse("outcomes:indicator", args=[area, one.code])
    series = found.series.get(one.code)
    if one.shape == "gap":
        value, period, verdict = _gap_line(one, found)
    elif series is None or (held := latest(one, series)) is None:
        value, period, verdict = NOTHING, "", ""
    else:
        value = short_value(one, held[1], provisional=held[0].key in provisional)
        period = period_label(held[0].key)
        verdict = judged(one, series, grid="year")[1].kind.value
    return Line(
        one.title, address, KINDS[one.kind].partition(":")[0], value, period,
        verdict[:1].upper() + verdict[1:],
        "Neither" if one.direction == "context" else DIRECTIONS[one.direction],
    )  # fmt: skip


def _gap_line(one: IndicatorDefinition, found: Figures) -> tuple[str, str, str]:
    series = found.series.get(f"{one.of_indicator}.{one.breakdown}")
    if series is None:
        return NOTHING, "", ""
    points = points_of_gap(one, indicator(one.of_indicator), series)
    known = [(p, got) for p, got in points if got.value is not State.NOT_SUBMITTED]
    if not known:
        return NOTHING, "", ""
    period, got = known[-1]
    said = short_value(one, got) if got.number is None else number(one, got.number)
    return said, period_label(period.key), ""


def codes_for_home() -> list[str]:
    """The series the home page reads: each indicator's own, and what gaps are made of."""
    codes = [one.code for one in indicators()]
    codes += [f"{one.of_indicator}.{one.breakdown}" for one in indicators() if one.shape == "gap"]
    return codes


def balance_chart(found: Figures) -> Chart | None:
    """How many of the indicators that have a figure are of which kind."""
    counts: Counter[str] = Counter(
        one.kind
        for one in indicators()
        if (series := found.series.get(one.code)) is not None and latest(one, series) is not None
    )
    listed = [(KINDS[kind].partition(":")[0], counts[kind]) for kind in KINDS if counts[kind]]
    return balance(listed, None)


@dataclass(frozen=True)
class Supply:
    """One dataset: whether it was supplied, and for which days."""

    title: str
    supplied: bool
    days: str


class Supplied(Protocol):
    """What is asked of a dataset of a build."""

    @property
    def extract_id(self) -> UUID | None: ...

    @property
    def covers_from(self) -> dt.date | None: ...

    @property
    def covers_until(self) -> dt.date | None: ...

    @property
    def published(self) -> int: ...

    @property
    def joined(self) -> int: ...


def data_ends(tables: Mapping[str, Supplied], today: dt.date | None) -> str:
    """The day most datasets end, where that is before the day things stood."""
    ends = Counter(held.covers_until for held in tables.values() if held.covers_until)
    if not ends or today is None:
        return ""
    usual = ends.most_common(1)[0][0]
    return day(usual) if usual < today else ""


def supplies(tables: Mapping[str, Supplied]) -> tuple[Supply, ...]:
    """Every dataset, those not supplied first."""
    rows = []
    for one in datasets():
        held = tables.get(one.code)
        days = ""
        if held is not None and held.covers_from and held.covers_until:
            days = f"{day(held.covers_from)} to {day(held.covers_until)}"
        rows.append(Supply(one.title, held is not None and held.extract_id is not None, days))
    return tuple(sorted(rows, key=lambda row: row.supplied))


def joined(tables: Mapping[str, Supplied]) -> tuple[tuple[str, str, str], ...]:
    """By dataset: agency, and the share of its rows that were joined to a child on the list."""
    rows = []
    for one in datasets():
        held = tables.get(one.code)
        if held is None or not held.published or one.code == "children":
            continue
        share = f"{held.joined:,} of {held.published:,} ({held.joined * 100 // held.published}%)"
        rows.append((one.title, one.agency.replace("-", " ").capitalize(), share))
    return tuple(rows)


@dataclass(frozen=True)
class Tab:
    """One of the five tabs, as a link."""

    code: str
    title: str
    address: str
    current: bool


def tabs(current: str, asked: Mapping[str, str]) -> tuple[Tab, ...]:
    """The tabs of an indicator; what was chosen besides stays chosen."""
    kept = {name: value for name, value in asked.items() if name != "tab" and value}
    return tuple(
        Tab(code, title, f"?{urlencode({'tab': code, **kept})}", code == current)
        for code, title in TABS.items()
    )


@dataclass(frozen=True)
class Choice:
    """A breakdown or a period to choose, as a link."""

    title: str
    address: str
    current: bool


def breakdowns(
    one: IndicatorDefinition, current: str, asked: Mapping[str, str]
) -> tuple[Choice, ...]:
    """The breakdowns of an indicator as links, care setting first."""
    names = sorted(one.breakdowns, key=lambda name: name != "placement")
    kept = {name: value for name, value in asked.items() if name != "by" and value}
    return tuple(
        Choice(breakdown_title(name), f"?{urlencode({**kept, 'by': name})}", name == current)
        for name in names
    )


@dataclass(frozen=True)
class Row:
    """One row of a table of figures: cells as text, and where its people are listed."""

    cells: tuple[str, ...]
    behind: str = ""


def category_rows(
    one: IndicatorDefinition,
    series: ShownSeries,
    key: str,
    *,
    breakdown: str,
    behind: str = "",
    overall: ShownPeriod | None = None,
    provisional: bool = False,
) -> tuple[Row, ...]:
    """Each category of a period: value, count, base; with a link to who is behind it.

    `overall`: the same period of everybody, which alone says how many live here; `provisional`: of
    an earlier year.
    """
    period = series.at(key)
    if period is None:
        return ()
    rows = []
    for row in (*period.shown.rows, period.shown.total):
        if not breakdown and row.code:
            continue
        whole = overall if overall is not None and not row.code else period
        got = reading(one, whole, row.code)
        count = count_text(period, row) + (" (small)" if row.count.small else "")
        base = row.of.text if row.of is not None else _population(got, row.code, whole.populations)
        if one.shape in OF_NOBODY:
            count = base = "[z]"
        link = ""
        if behind and row.count.value:
            part = {"by": breakdown, "category": row.code} if row.code and breakdown else {}
            link = f"{behind}?{urlencode({'period': key, **part})}"
        value = short_value(one, got, provisional=provisional)
        cells = (category_label(breakdown, row.code), value, count, base)
        rows.append(Row(cells, link))
    return tuple(rows)


def _population(got: Reading, code: str, populations: Mapping[str, int]) -> str:
    people = populations.get(code)
    return f"{people:,}" if people and got.base else "[z]"


def csv_of(
    one: IndicatorDefinition, series: Sequence[ShownSeries], provisional: Collection[str] = ()
) -> bytes:
    """Every figure of some series, one a line, with the key of the symbols under them.

    Each says in words what it is: a figure, provisional, none at all, or why there is none.
    """
    rows: list[tuple[Cell, ...]] = []
    symbols: dict[str, str] = {}
    for held in series:
        for period in held.periods:
            symbols.update(dict(period.shown.key))
            for row in (*period.shown.rows, period.shown.total):
                got = reading(one, period, row.code)
                value: Cell = round(got.number, 2) if got.number is not None else (
                    short_value(one, got)
                )  # fmt: skip
                base = row.of.text if row.of is not None else "[z]"
                rows.append(
                    (
                        period_label(period.key), held.shown.by, row.label,
                        count_text(period, row), base,
                        value, one.unit.replace("_", " "),
                        _state(got, period, provisional=period.key in provisional),
                    )
                )  # fmt: skip
    rows += [(f"{symbol} means {words}", *["[z]"] * 7) for symbol, words in sorted(symbols.items())]
    header = ("Period", "Breakdown", "Category", "People", "Out of", "Value", "Unit", "State")
    return to_csv(header, rows)


def _state(got: Reading, period: ShownPeriod, *, provisional: bool) -> str:
    if isinstance(got.value, State):
        return STATES.get(got.value, "not available")
    said = ["none" if got.value == 0 else "observed"]
    said += [PROVISIONAL_WORDS] if provisional else []
    said += ["as released before"] if period.stands else []
    return "; ".join(said)


@dataclass(frozen=True)
class BehindRow:
    """One child of a list, by reference, with where their rows are."""

    child: str
    parts: str
    rows: str


def behind_rows(found: Sequence[Mapping[str, Any]]) -> tuple[BehindRow, ...]:
    """The children of a page of a list."""
    titles = {one.code: one.title for one in datasets()}
    rows = []
    for held in found:
        parts = [part.partition("=") for part in held["categories"] or ()]
        rows.append(
            BehindRow(
                held["child"],
                "; ".join(
                    f"{breakdown_title(name)}: {category_label(name, code)}"
                    for name, _, code in parts
                ),
                "; ".join(
                    f"{titles.get(dataset, dataset)}: row {', '.join(map(str, numbers))}"
                    for dataset, numbers in held.get("rows", ())
                ),
            )
        )
    return tuple(rows)


def pages(asked: Mapping[str, str], number: str, most: int) -> tuple[Choice, ...]:
    """Pages of a list as links."""
    kept = {name: asked.get(name, "") for name in ("period", "by", "category") if asked.get(name)}
    if most == 1:
        return ()
    return tuple(
        Choice(str(page), f"?{urlencode({**kept, 'page': page})}", str(page) == number)
        for page in range(1, most + 1)
    )
