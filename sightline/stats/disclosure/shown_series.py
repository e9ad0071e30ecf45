"""What may be shown of one table over many periods, and a short spelling of it to keep."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sightline.kernel.measures import State
from sightline.stats.disclosure.exact import Area, Population
from sightline.stats.disclosure.shown import HIDDEN, MAKER, Shown, ShownCell, ShownRow, cell


@dataclass(frozen=True)
class ShownPeriod:
    """One period of a series.

    Attributes:
        key: the period ("2023-24").
        shown: its table.
        values: by category ("" the whole), the figure where it is no count or share, such as a
            median; only where enough people stand behind it.
        populations: by category, how many people live there, for a rate.
        unknown: how many could be neither counted nor left out.
        stands: an earlier release of this period still holds.
    """

    key: str
    shown: Shown
    values: Mapping[str, float]
    populations: Mapping[str, int]
    unknown: ShownCell
    stands: bool = False

    def row(self, category: str) -> ShownRow | None:
        """A category of the table ("": all of it)."""
        if not category:
            return self.shown.total
        return next((row for row in self.shown.rows if row.code == category), None)


@dataclass(frozen=True)
class ShownSeries:
    """A series as its readers see it. Pages, files and charts take this and nothing else."""

    code: str
    title: str
    profile: str
    periods: tuple[ShownPeriod, ...]

    @property
    def shown(self) -> Shown:
        """The table of the latest period."""
        return self.periods[-1].shown

    @property
    def categories(self) -> tuple[tuple[str, str], ...]:
        """Code and label of each category of the latest period."""
        return tuple((row.code, row.label) for row in self.shown.rows)

    @property
    def hidden_n(self) -> int:
        """How many counts are hidden over all periods."""
        return sum(one.shown.hidden_n for one in self.periods)

    def at(self, key: str) -> ShownPeriod | None:
        """One period."""
        return next((one for one in self.periods if one.key == key), None)


def period_of(
    key: str,
    shown: Shown,
    *,
    values: Mapping[str, float],
    populations: Mapping[str, int],
    unknown: int,
    smallest: int | None,
) -> ShownPeriod:
    """A period with what stands beside its table, as far as that may be shown.

    `smallest` is the fewest people behind a figure such as a median; None where it is of no people,
    or was published elsewhere.
    """
    by_code = {row.code: row for row in (*shown.rows, shown.total)}
    given = {
        code: value
        for code, value in values.items()
        if smallest is None
        or (
            (row := by_code.get(code)) is not None
            and row.count.value is not None
            and (not shown.hides or row.count.value >= smallest)
        )
    }
    few = shown.hides and 0 < unknown < shown.threshold
    step = shown.rounding
    rounded = (unknown + step // 2) // step * step
    return ShownPeriod(key, shown, given, dict(populations), HIDDEN if few else cell(rounded))


def series_shown(code: str, title: str, periods: Sequence[ShownPeriod]) -> ShownSeries:
    """The periods as one series."""
    return ShownSeries(code, title, periods[-1].shown.profile, tuple(periods))


def stands_as(key: str, before: ShownPeriod, vintage: str, note: str) -> ShownPeriod:
    """The period as it was released before, under this vintage, saying so."""
    notes = tuple(dict.fromkeys((*before.shown.notes, note)))
    shown = replace(before.shown, vintage=vintage, notes=notes, maker=MAKER)
    return replace(before, key=key, shown=shown, stands=True)


def series_as_data(series: ShownSeries, history: Mapping[str, Sequence[Shown]]) -> dict[str, Any]:
    """The series as JSON can hold it; what its tables have in common is written once.

    `history`: by period, the tables that were shown of it before and differ from this one.
    """
    heads: list[dict[str, Any]] = []

    def number(shown: Shown) -> int:
        head = _head(shown)
        if head not in heads:
            heads.append(head)
        return heads.index(head)

    return {
        "code": series.code,
        "title": series.title,
        "profile": series.profile,
        "periods": [
            {
                "key": one.key,
                "table": _table(one.shown, number(one.shown)),
                "values": dict(one.values),
                "populations": dict(one.populations),
                "unknown": _short(one.unknown),
                "stands": one.stands,
                "before": [_table(shown, number(shown)) for shown in history.get(one.key, ())],
            }
            for one in series.periods
        ],
        "heads": heads,
    }


def series_from_data(
    data: Mapping[str, Any],
) -> tuple[ShownSeries, dict[str, tuple[Shown, ...]]]:
    """The series that `series_as_data` wrote down, and what was shown of each period before."""
    heads = data["heads"]
    periods = tuple(
        ShownPeriod(
            key=one["key"],
            shown=_read(one["table"], heads),
            values=one["values"],
            populations=one["populations"],
            unknown=_long(one["unknown"]),
            stands=one["stands"],
        )
        for one in data["periods"]
    )
    history = {
        one["key"]: tuple(_read(table, heads) for table in one["before"]) for one in data["periods"]
    }
    return ShownSeries(data["code"], data["title"], data["profile"], periods), history


_PLAIN = (
    "code", "title", "counted", "base_words", "by", "measure", "vintage", "profile", "threshold",
    "rounding", "hides",
)  # fmt: skip


def _head(shown: Shown) -> dict[str, Any]:
    area = shown.population.area
    return {
        **{name: getattr(shown, name) for name in _PLAIN},
        "notes": list(shown.notes),
        "who": shown.population.who,
        "area": [area.path, list(area.without), list(area.made_of)],
        "below_council": shown.population.below_council,
        "rows": [[row.code, row.label] for row in (*shown.rows, shown.total)],
    }


def _short(one: ShownCell | None) -> Any:
    if one is None:
        return None
    if one.value is None:
        return one.state.value
    return [one.value] if one.small else one.value


def _long(data: Any) -> ShownCell:
    if isinstance(data, str):
        return ShownCell(None, State(data))
    return cell(data[0], small=True) if isinstance(data, list) else cell(data)


def _table(shown: Shown, head: int) -> dict[str, Any]:
    return {
        "head": head,
        "days": [shown.population.first.isoformat(), shown.population.last.isoformat()],
        "cells": [
            [_short(row.count), _short(row.of), _short(row.per_cent)]
            for row in (*shown.rows, shown.total)
        ],
        "hidden_n": shown.hidden_n,
        "withheld": shown.withheld,
        "at_least": shown.at_least,
    }


def _read(data: Mapping[str, Any], heads: Sequence[Mapping[str, Any]]) -> Shown:
    head = heads[data["head"]]
    path, without, made_of = head["area"]
    first, last = (dt.date.fromisoformat(day) for day in data["days"])
    rows = tuple(
        ShownRow(code, label, _long(count), None if of is None else _long(of), _long(per_cent))
        for (code, label), (count, of, per_cent) in zip(head["rows"], data["cells"], strict=True)
    )
    return Shown(
        **{name: head[name] for name in _PLAIN},
        notes=tuple(head["notes"]),
        population=Population(
            head["who"], Area(path, tuple(without), tuple(made_of)), first, last,
            head["below_council"],
        ),
        rows=rows[:-1], total=rows[-1],
        hidden_n=data["hidden_n"], withheld=data["withheld"], at_least=data["at_least"],
        maker=MAKER,
    )  # fmt: skip
