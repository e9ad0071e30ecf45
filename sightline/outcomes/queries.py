"""Reads of outcomes: figures of the current build as somebody may see them, notes, comparisons."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Protocol

from django.db.models import Q, QuerySet

from sightline.access.actors import Actor
from sightline.children.permissions import open_tables
from sightline.children.queries import build_folder, builds_of, current_build
from sightline.kernel.errors import NotAvailable, NotFound
from sightline.kernel.measures import Measure
from sightline.outcomes.definitions import indicator
from sightline.outcomes.models import Annotation
from sightline.outcomes.publishing import YEAR, source_of, vintage_of
from sightline.outcomes.reading import as_measure, reading
from sightline.partnerships.queries import Partnership
from sightline.releases import queries as releases
from sightline.releases.definitions import ProfileDefinition
from sightline.stats.disclosure import ShownSeries
from sightline.warehouse import parquet

MEMBERS: Final = "members.parquet"
OVERVIEW: Final = "overview.json"
_PUBLISHED: Final = "published-figures"
_MOST_PUBLISHED: Final = 2_000


class PublishedBuild(Protocol):
    """What is asked of a build here; `children` has them."""

    @property
    def area(self) -> str: ...

    @property
    def number(self) -> int: ...


@dataclass(frozen=True)
class Figures:
    """Series of the current build as somebody may see them.

    Attributes:
        build: which build; None where none is published.
        profile: the rules under which the reader sees them; None where nothing is theirs to see.
        waits: figures are declared, and wait for a second person.
        series: by code.
    """

    build: PublishedBuild | None
    profile: ProfileDefinition | None = None
    waits: bool = False
    series: Mapping[str, ShownSeries] = field(default_factory=dict)


def figures(
    actor: Actor, found: Partnership, codes: Collection[str], *, grid: str = YEAR, wanted: str = ""
) -> Figures:
    """Series of an area's current build, under the fullest profile that is the reader's.

    `found` has come through its door.

    Raises:
        NotFound, NotPermitted: the wanted profile is not theirs.
    """
    build = current_build(found.code)
    if build is None:
        return Figures(None)
    source, vintage = source_of(found.code, grid), vintage_of(build.number)
    declared = releases.latest(source, vintage)
    if declared is None:
        return Figures(build)
    if not wanted and not releases.may_be_given(actor, declared):
        return Figures(build, waits=True)
    opened = releases.open_series(actor, source, codes, vintage=vintage, wanted=wanted)
    return Figures(build, opened.profile, series=opened.series)


def measure(actor: Actor, found: Partnership, named: str, profile: str = "") -> Measure:
    """One figure of an area that has come through its door; see `permissions.get_measure_for`.

    Raises:
        NotFound: the name is of nothing, or nothing of it is theirs to see.
    """
    code, _, key = named.partition("@")
    code, _, part = code.partition(".")
    breakdown, _, category = part.partition("=")
    one = indicator(code)
    series_code = f"{code}.{breakdown}" if breakdown else code
    held = figures(actor, found, [series_code], wanted=profile)
    series = held.series.get(series_code)
    period = series.at(key) if series else None
    if held.build is None or period is None:
        raise NotFound(f"There is no figure {found.code}/{named}, or it is not yours to see.")
    shown = reading(one, period, category)
    return as_measure(one, period, shown, f"{found.code}, {vintage_of(held.build.number)}")


def annotations_of(area: str, indicator_code: str = "") -> QuerySet[Annotation]:
    """Notes on an area's charts: those of an indicator and those of all, oldest first."""
    found = Annotation.objects.filter(area=area, removed_at=None)
    if indicator_code:
        found = found.filter(Q(indicator="") | Q(indicator=indicator_code))
    return found


def _folder(build: PublishedBuild) -> Path | None:
    """Where a build's files are; None where they have been removed."""
    held = builds_of(build.area).filter(number=build.number).first()
    try:
        return build_folder(held) if held is not None else None
    except NotAvailable:
        return None


@dataclass(frozen=True)
class PublishedFigure:
    """A figure that somebody else published, as it was supplied."""

    area: str
    period: str
    value: float | None
    base: float | None
    source: str


def published_figures(build: PublishedBuild, measures: Iterable[str]) -> list[PublishedFigure]:
    """Figures published of this and other areas, of everybody, by period and area.

    They are public already, so they need no protection; where a later issue gives a figure again,
    the later one counts.
    """
    folder = _folder(build)
    path = folder / "tables" / f"{_PUBLISHED}.parquet" if folder else None
    if path is None or not path.is_file():
        return []
    names = parquet.names_in(path)
    columns = [
        name
        for name in ("area", "period", "category", "value", "base", "source", "published_on")
        if name in names
    ]
    found = parquet.page(
        path, columns=columns, where={"measure": list(measures)},
        order=[name for name in ("published_on", "period", "area") if name in columns],
        most=_MOST_PUBLISHED,
    )  # fmt: skip
    held = {
        (row["period"], row["area"]): PublishedFigure(
            row["area"], row["period"], row["value"], row.get("base"), row.get("source") or ""
        )
        for row in found.rows
        if not row["category"]
    }
    return [held[key] for key in sorted(held)]


@dataclass(frozen=True)
class Clock:
    """One rule of time: what is overdue and what falls due."""

    rule: str
    overdue: int
    this_week: int
    soon: int
    judged: int
    late: int
    expected_late: float | None


def clocks(build: PublishedBuild) -> tuple[Clock, ...]:
    """What is overdue and falls due, by rule: exact counts of work in hand, for its officers."""
    return tuple(Clock(**one) for one in _overview(build).get("clocks", ()))


def needs(build: PublishedBuild, code: str) -> tuple[tuple[str, bool], ...]:
    """The datasets an indicator is worked out from in a build, and whether each was supplied."""
    data = _overview(build)
    wanted = data.get("needs", {}).get(code, ())
    return tuple((dataset, dataset in data["supplied"]) for dataset in wanted)


def provisional(build: PublishedBuild) -> Mapping[str, frozenset[str]]:
    """By indicator, the years whose rate takes the people living here from an earlier year."""
    held: dict[str, list[str]] = _overview(build).get("provisional", {})
    return {code: frozenset(periods) for code, periods in held.items()}


def _overview(build: PublishedBuild) -> dict[str, Any]:
    folder = _folder(build)
    path = folder / OVERVIEW if folder else None
    if path is None or not path.is_file():
        return {}
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True)
class Behind:
    """Some of those behind a figure, and how many there are."""

    rows: list[dict[str, Any]]
    total: int
    pages: int


@dataclass(frozen=True)
class Asked:
    """Which figure: an indicator, a period, and a category of a breakdown or everybody."""

    indicator: str
    period: str
    breakdown: str = ""
    category: str = ""

    @property
    def part(self) -> str:
        """As the build's list of members writes it."""
        return f"{self.breakdown}={self.category}" if self.breakdown else ""

    @property
    def words(self) -> str:
        """For the trail."""
        return ", ".join(part for part in (self.indicator, self.period, self.part) if part)


def behind(
    actor: Actor, found: Partnership, asked: Asked, *, page: int = 1, datasets: Sequence[str] = ()
) -> Behind:
    """The children counted in a figure, by reference; the opening is recorded.

    Args:
        actor: who asks; they may see the list behind figures.
        found: whose figure, of the current build.
        asked: which figure.
        page: from 1.
        datasets: where rows of these children are looked up, so that they can be mended.

    Raises:
        NotFound, NotPermitted: the children behind figures are not theirs to see, or no build is
            published.
        NotAvailable: the build's files have been removed.
    """
    build = current_build(found.code)
    if build is None:
        raise NotFound(f"No build of {found.name} is published.")
    folder = open_tables(actor, build, reason=f"who is behind {asked.words}")
    path = folder / MEMBERS
    if not path.is_file():
        return Behind([], 0, 1)
    held = parquet.page(
        path, columns=("child", "counted", "categories"),
        where={"indicator": [asked.indicator], "period": [asked.period]},
        order=("child",), most=_MOST_BEHIND,
    )  # fmt: skip
    kept = [
        row
        for row in held.rows
        if row["counted"] and (not asked.part or asked.part in (row["categories"] or ()))
    ]
    pages = max(1, -(-len(kept) // BEHIND_A_PAGE))
    start = (min(max(page, 1), pages) - 1) * BEHIND_A_PAGE
    listed = kept[start : start + BEHIND_A_PAGE]
    places = _rows_of(folder, [row["child"] for row in listed], datasets)
    rows = [{**row, "rows": places.get(row["child"], [])} for row in listed]
    return Behind(rows, len(kept), pages)


def _rows_of(
    folder: Path, children: Sequence[str], datasets: Sequence[str]
) -> dict[str, list[tuple[str, list[int]]]]:
    """By child, the numbers of their rows in some datasets, as a spreadsheet numbers them."""
    found: dict[str, dict[str, list[int]]] = {}
    for dataset in datasets:
        path = folder / "tables" / f"{dataset}.parquet"
        if not children or not path.is_file() or "child" not in parquet.names_in(path):
            continue
        page = parquet.page(
            path, columns=("child", "row"), where={"child": children}, order=("row",),
            most=_MOST_ROWS,
        )  # fmt: skip
        for row in page.rows:
            found.setdefault(row["child"], {}).setdefault(dataset, []).append(row["row"])
    return {child: list(held.items()) for child, held in found.items()}


BEHIND_A_PAGE: Final = 50
_MOST_BEHIND: Final = 20_000
_MOST_ROWS: Final = 2_000
