"""From a build's results to the series that `releases` protects: exact tables and what ties them.

Every indicator gives one series for everybody and one for each breakdown. Series that count the
same people get the same name, so that they are protected as one; what lies inside what, and which
parts make up which whole, follows from the definitions.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sightline.kernel.measures import State
from sightline.outcomes.definitions import IndicatorDefinition, Predicate
from sightline.outcomes.labels import breakdown_title, category_label, in_order
from sightline.releases.services import Beside, DeclaredSeries
from sightline.stats.disclosure import (
    Area,
    Count,
    Exact,
    Inside,
    Link,
    Parts,
    Population,
    Slice,
)

_ALL: Final = "all"
_REST: Final = "not-known"
_SAME_COLUMN: Final = {"placement_type": "by_placement"}
_SMALLEST_STOCK: Final = 10
_OF_NOBODY: Final = frozenset({"supplied", "balance"})
"""Shapes whose figures were published by others, or count indicators."""
SENSITIVE: Final = frozenset({"la07-secure", "la07-external"})
"""Where children are so few, and so far from home, that the stricter threshold is used."""


@dataclass(frozen=True)
class Published:
    """What a build declares: series, and what is known of their lines."""

    series: tuple[DeclaredSeries, ...]
    links: tuple[Link, ...]


@dataclass
class _Cells:
    """The results of one indicator by one breakdown: by period, by category."""

    definition: IndicatorDefinition
    breakdown: str
    days: dict[str, tuple[dt.date, dt.date]] = field(default_factory=dict)
    rows: dict[str, dict[str, Mapping[str, Any]]] = field(default_factory=dict)
    categories: dict[str, None] = field(default_factory=dict)

    def take(self, row: Mapping[str, Any]) -> None:
        """One row of the results."""
        key, category = row["period"], row["category"] or _ALL
        self.days[key] = (row["first"], row["last"])
        self.rows.setdefault(key, {})[category] = row
        self.categories.setdefault(category)


def published(
    rows: Iterable[Mapping[str, Any]],
    definitions: Mapping[str, IndicatorDefinition],
    *,
    area: str,
    vintage: str,
) -> Published:
    """Everything that a build declares.

    Args:
        rows: the results, as `measures.computing` gives them.
        definitions: by `code@version`.
        area: the partnership's code.
        vintage: which build.
    """
    found: dict[tuple[str, str], _Cells] = {}
    for row in rows:
        definition = definitions.get(f"{row['indicator']}@{row['version']}")
        if definition is None or definition.shape == "gap":
            continue  # a gap is worked out from what is shown of the shares
        key = (definition.code, row["breakdown"])
        found.setdefault(key, _Cells(definition, row["breakdown"])).take(row)
    series = [
        _series(cells, found.get((code, "")), area, vintage) for (code, _), cells in found.items()
    ]
    shown = {cells.definition.code: cells.definition for cells in found.values()}
    return Published(tuple(series), tuple(links(shown.values())))


def code_of(indicator: str, breakdown: str) -> str:
    """The code of a series: the indicator, and the breakdown after a dot."""
    return f"{indicator}.{breakdown}" if breakdown else indicator


def _series(cells: _Cells, head: _Cells | None, area: str, vintage: str) -> DeclaredSeries:
    one, breakdown = cells.definition, cells.breakdown
    periods = sorted(cells.days, key=lambda key: (cells.days[key], key))
    share = one.out_of == "base" and not one.value and not _of_whole(one, breakdown)
    share = share and any(_is_share(row) for rows in cells.rows.values() for row in rows.values())
    whole, rest = _completeness(cells, head, share=share)
    categories = in_order(breakdown, [*cells.categories, *([_REST] if rest else [])])
    tables, beside = [], []
    for key in periods:
        counts = [_count(cells, head, key, c, share=share) for c in categories]
        tables.append(_exact(one, breakdown, counts, cells.days[key], area, vintage, share=share))
        beside.append(_beside(cells, key, counts))
    line, base = lines_of(one)
    if one.value or one.shape in {"mentions", "average-stock", *_OF_NOBODY}:
        line = f"{one.key} alone"
    if breakdown and one.shape == "mentions":
        line = f"{one.key} mentions"
    return DeclaredSeries(
        code_of(one.code, breakdown), _title(one, breakdown), tuple(periods), tuple(tables),
        line=line, base=base, whole=whole, beside=tuple(beside),
    )  # fmt: skip


def _title(one: IndicatorDefinition, breakdown: str) -> str:
    by = f", by {breakdown_title(breakdown)[:1].lower()}{breakdown_title(breakdown)[1:]}"
    return f"{one.title}{by if breakdown else ''}"[:200]


def _of_whole(one: IndicatorDefinition, breakdown: str) -> bool:
    """Whether each category is out of everybody, so that bases do not add up."""
    whole = one.of_breakdown or one.mentions.removeprefix("by_")
    return bool(breakdown) and breakdown == whole


def _is_share(row: Mapping[str, Any]) -> bool:
    return row["of"] is not None and row["counted"] is not None and row["counted"] <= row["of"]


def _completeness(cells: _Cells, head: _Cells | None, *, share: bool) -> tuple[bool, bool]:
    """Whether the categories add up to everybody; and whether a rest has to be added first."""
    if not cells.breakdown or head is None:
        return True, False
    if cells.definition.shape == "mentions":
        return False, False
    over = under = False
    for key, rows in cells.rows.items():
        everybody = head.rows.get(key, {}).get(_ALL)
        if everybody is None or everybody["counted"] is None:
            continue
        for column in ("counted", *(("of",) if share else ())):
            total = sum(row[column] or 0 for row in rows.values())
            over |= total > (everybody[column] or 0)
            under |= total < (everybody[column] or 0)
    return not over, under and not over


def _count(cells: _Cells, head: _Cells | None, key: str, category: str, *, share: bool) -> Count:
    label = category_label(cells.breakdown, category)
    row = cells.rows[key].get(category)
    if category == _REST and head is not None and cells.breakdown:
        row = _rest(cells, head, key, row)
    if row is None:
        row = {"counted": 0, "of": 0, "families": None, "people": None, "state": "true zero"}
    if row["counted"] is None or cells.definition.shape in _OF_NOBODY:
        state = State(row["state"])
        gap = State.NOT_AVAILABLE if state in {State.SUPPRESSED, State.OBSERVED} else state
        return Count(category, label, None, state=gap)
    counted, people = row["counted"], row["people"]
    if share and not _is_share(row):
        return Count(category, label, None, state=State.NOT_AVAILABLE)
    families = row["families"]
    return Count(
        category, label, counted,
        of=row["of"] if share else None,
        families=families if families and families <= counted else None,
        behind=people if people is not None and people < counted else None,
    )  # fmt: skip


def _rest(
    cells: _Cells, head: _Cells, key: str, held: Mapping[str, Any] | None
) -> Mapping[str, Any] | None:
    """Whoever is in no category, added to those whose category is not known."""
    everybody = head.rows.get(key, {}).get(_ALL)
    if everybody is None or everybody["counted"] is None:
        return held
    left = {
        name: (everybody[name] or 0) - sum(row[name] or 0 for row in cells.rows[key].values())
        for name in ("counted", "of")
    }
    base = held or {"counted": 0, "of": 0, "families": None, "people": None, "state": "observed"}
    return {**base, **{name: (base[name] or 0) + max(left[name], 0) for name in left}}


def _exact(
    one: IndicatorDefinition,
    breakdown: str,
    counts: Sequence[Count],
    days: tuple[dt.date, dt.date],
    area: str,
    vintage: str,
    *,
    share: bool,
) -> Exact:
    return Exact(
        code=code_of(one.code, breakdown),
        title=_title(one, breakdown),
        counted=one.counted,
        base_words=one.base_words or f"of {one.counted}",
        by=breakdown_title(breakdown),
        population=Population(
            f"{area}: outcomes", Area(area), *days, below_council=breakdown == "locality"
        ),
        counts=counts,
        measure=one.title if share else "",
        sensitive=one.code in SENSITIVE,
        vintage=vintage,
    )


def _beside(cells: _Cells, key: str, counts: Sequence[Count]) -> Beside:
    one = cells.definition
    values: dict[str, float] = {}
    populations: dict[str, int] = {}
    unknown = 0
    for count in counts:
        row = cells.rows[key].get(count.code)
        if row is None:
            continue
        codes = [count.code] if cells.breakdown else [count.code, ""]
        unknown += row["unknown"] or 0
        for code in codes:
            if one.out_of == "population" and row["of"]:
                populations[code] = row["of"]
            elif row["value"] is not None and _beside_count(one, row):
                values[code] = row["value"]
    return Beside(values, populations, unknown, published=one.shape in _OF_NOBODY)


def _beside_count(one: IndicatorDefinition, row: Mapping[str, Any]) -> bool:
    """Whether the value is no count and no share, and enough people are behind it."""
    if one.shape == "average-stock":
        return (row["of"] or 0) >= _SMALLEST_STOCK
    return bool(one.value) or one.shape in _OF_NOBODY


# What the lines of indicators have to do with each other


def _spelled(predicates: Iterable[Predicate]) -> list[str]:
    found = set()
    for one in predicates:
        data = one.model_dump(mode="json", exclude_defaults=True, by_alias=True)
        if one.known is True and one.column:
            data["column"] = _SAME_COLUMN.get(one.column, one.column)
        found.add(json.dumps(data, sort_keys=True))
    return sorted(found)


def lines_of(one: IndicatorDefinition) -> tuple[str, str]:
    """Names for those an indicator counts, and for those they are counted among.

    Two indicators get one name only where their definitions say that they count the same: the same
    view on the same days, with the same tests.
    """
    if not one.view:
        return f"{one.key} counted", f"{one.key} base"
    held = "held" if one.from_ else "dated"
    where = [
        one.view, held, one.date, one.from_, one.until, str(one.after_months), one.count,
        one.count_column, one.calendar, str(one.census),
    ]  # fmt: skip
    known = [p.model_copy(update={"known": True}) for p in one.unknown if p.known is False]
    odd = [f"not {text}" for text in _spelled(p for p in one.unknown if p.known is not False)]
    base = [*where, *_spelled([*one.where, *known]), *odd]
    people = [*where, *_spelled([*one.where, *known, *one.counts]), *odd]
    return json.dumps(people), json.dumps(base)


def _only_test(one: IndicatorDefinition) -> tuple[str, frozenset[str]] | None:
    """The column and values by which alone it counts among its base; None where it is not so."""
    if len(one.counts) != 1 or not one.counts[0].column or one.counts[0].tests != ("is_",):
        return None
    return one.counts[0].column, frozenset(one.counts[0].is_ or ())


def links(definitions: Iterable[IndicatorDefinition]) -> Iterator[Link]:
    """What follows from the definitions: which line lies inside which, and what makes up what."""
    listed = list(definitions)
    by_code = {one.code: one for one in listed}
    groups: dict[tuple[str, str], list[tuple[frozenset[str], str]]] = {}
    for one in listed:
        line, base = lines_of(one)
        for wide in one.inside:
            if wide in by_code:
                yield Inside(line, lines_of(by_code[wide])[0])
        test = _only_test(one)
        if test is not None:
            groups.setdefault((base, test[0]), []).append((test[1], line))
    for (base, column), tested in groups.items():
        yield from _of_one_column(base, tested)
        by = breakdown_title(column.removeprefix("by_"))
        yield from (Slice(line, base, by, tuple(sorted(values))) for values, line in tested)


def _of_one_column(base: str, tested: list[tuple[frozenset[str], str]]) -> Iterator[Link]:
    """Lines that differ in the values of one column alone: inside one another, or side by side."""
    for values, line in tested:
        for others, wide in tested:
            if values < others:
                yield Inside(line, wide)
    for first in range(len(tested)):
        taken, parts = tested[first][0], [tested[first][1]]
        for values, line in tested[first + 1 :]:
            if not values & taken and line not in parts:
                taken |= values
                parts.append(line)
        if len(parts) > 1:
            yield Parts(base, tuple(parts))
