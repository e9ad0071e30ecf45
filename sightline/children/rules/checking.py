"""Holding tables against the rules of a year: `check` gives what is caught, and what was not asked.

The rules of a dataset that look at its rows alone are answered by one pass over it; those that look
at another dataset by one join for each key. What comes back is kept in the engine and never large.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any, Protocol

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.children.definitions import dataset, datasets
from sightline.children.rules import pairing, published, rowwise, wholes
from sightline.children.rules.definitions import EVERY, InForce, Rule
from sightline.children.rules.expressions import days_from, every, holds, some, sure
from sightline.children.rules.shapes import PAIRED, WHOLE, Paired, Share
from sightline.children.rules.waived import Waived
from sightline.children.rules.wholes import Figure
from sightline.warehouse.engines import Engine

Tables = Mapping[str, ir.Table]
SPINE = {"child": "children", "death": "deaths"}
AT_ONCE = 60
"""Lines of one query: more would make a row of the query wide."""

assert published, "its shapes are registered by importing it"  # noqa: S101


class Answers(Protocol):
    """The days, both included, that what was supplied of a dataset answers for."""

    @property
    def first(self) -> dt.date:
        """The first."""

    @property
    def last(self) -> dt.date:
        """The last."""


@dataclass(frozen=True)
class Findings:
    """What was found.

    Attributes:
        faults: dataset, extract, row, column, rule, severity, what, waiver (empty, or its id).
        skipped: rules that were not asked, with why.
        quality: figures of quality rules.
        counts: how many faults of each rule there are, waived ones among them.
    """

    faults: ir.Table
    skipped: Mapping[str, str]
    quality: Mapping[str, Figure]
    counts: Mapping[str, int]


@dataclass(frozen=True)
class _Line:
    """One thing that is asked of a row: by which rule, of which dataset and column."""

    rule: Rule
    dataset: str
    column: str


@dataclass
class _Checking:
    """What one check holds while it runs."""

    tables: Tables
    today: dt.date
    engine: Engine
    answers: Mapping[str, "Answers"] = field(default_factory=dict)
    lines: list[_Line] = field(default_factory=list)

    def number(self, rule: Rule, code: str, column: str) -> int:
        """A new line's number."""
        self.lines.append(_Line(rule, code, rule.column or column))
        return len(self.lines) - 1


def check(
    tables: Tables,
    ruleset: InForce,
    *,
    supplied: Iterable[str] | Mapping[str, Answers],
    engine: Engine,
    today: dt.date,
    waived: Sequence[Waived] = (),
) -> Findings:
    """Hold every dataset against the rules.

    Args:
        tables: the typed table of each dataset, empty where it was not supplied.
        ruleset: the rules of a year.
        supplied: the datasets that were supplied; rules that need another are skipped. With the
            days each answers for, no row is at fault for want of another on a day outside them:
            what was not asked for is not missing.
        engine: where the tables are.
        today: no date may lie after it, and what has not ended lasts until it.
        waived: waivers that hold on the day.
    """
    at_hand = set(supplied)
    skipped = dict(_skipped(ruleset.rules, at_hand))
    asked = [rule for rule in ruleset.rules if rule.id not in skipped]
    answers = supplied if isinstance(supplied, Mapping) else {}
    checking = _Checking(tables, today, engine, answers)
    figures: dict[str, Figure] = {}
    kept = []
    for code in sorted(at_hand & set(tables)):
        own = [rule for rule in asked if rule.dataset in {code, EVERY}]
        figures |= _figures(checking, code, own)
        queries = [*_of_rows(checking, code, own, figures), *_of_pairs(checking, code, own)]
        if queries:
            name = f"faults_{code.replace('-', '_')}"
            kept.append(engine.keep(ibis.union(*queries) if len(queries) > 1 else queries[0], name))
    faults = _worded(checking, kept, waived)
    counts = _counts(engine, faults, asked)
    figures |= {
        rule.id: Figure(counts[rule.id], _in_words(counts[rule.id]), counts[rule.id] > 0)
        for rule in asked
        if rule.severity == "Q" and rule.id not in figures
    }
    return Findings(faults, skipped, figures, counts)


def _in_words(count: int) -> str:
    return "No row." if not count else "One row." if count == 1 else f"{count:,} rows."


def _skipped(rules: Iterable[Rule], at_hand: set[str]) -> Iterator[tuple[str, str]]:
    for rule in rules:
        missing = [code for code in rule.datasets() if code not in at_hand]
        if missing:
            titles = " and ".join(dataset(code).title for code in missing)
            yield rule.id, f"{titles} {'was' if len(missing) == 1 else 'were'} not supplied"


# --- the rows a rule looks at ---


def _with_spine(checking: _Checking, code: str, rules: Iterable[Rule]) -> Any:
    """A dataset's table, with today and the columns of its children that the rules need."""
    tables = checking.tables
    table = tables[code].mutate(today=ibis.literal(checking.today))
    names = {name for rule in rules for name in rule.own_columns() if ":" in name}
    for prefix in sorted({name.partition(":")[0] for name in names}):
        wanted = sorted(name for name in names if name.startswith(f"{prefix}:"))
        spine = tables[SPINE[prefix]]
        firsts = {name: spine[name.partition(":")[2]].max() for name in wanted}
        once = spine.group_by(**{f"{prefix}:child": spine["child"]}).agg(**firsts)
        if code == SPINE[prefix]:
            table = table.mutate(**{name: table[name.partition(":")[2]] for name in wanted})
        else:
            table = table.left_join(once, [("child", f"{prefix}:child")]).drop(f"{prefix}:child")
    return table


def _looked(rule: Rule, table: Any) -> Any:
    """Which rows a rule looks at."""
    parts = [holds(one, table) for one in rule.where]
    if rule.dated and rule.since:
        parts.append(sure(table[rule.dated] >= ibis.literal(rule.since)))
    if rule.dated and rule.until:
        parts.append(sure(table[rule.dated] <= ibis.literal(rule.until)))
    return every(parts) if parts else table["row"].notnull()


# --- rules about a dataset's own rows ---


def _figures(checking: _Checking, code: str, rules: Sequence[Rule]) -> dict[str, Figure]:
    asked = [rule for rule in rules if isinstance(rule.shape, WHOLE)]
    if not asked:
        return {}
    table = _with_spine(checking, code, asked)
    wanted: dict[str, Any] = {}
    for number, rule in enumerate(asked):
        shape: Any = rule.shape
        counted, base = wholes.parts(shape, table, _looked(rule, table))
        wanted |= {f"counted {number}": counted, f"base {number}": base}
    found = checking.engine.fetch(table.aggregate(**wanted)).to_pylist()[0]
    return {
        rule.id: wholes.figure(
            rule.shape,  # type: ignore[arg-type]
            found[f"counted {number}"],
            found[f"base {number}"],
        )
        for number, rule in enumerate(asked)
    }


def _of_rows(
    checking: _Checking, code: str, rules: Sequence[Rule], figures: Mapping[str, Figure]
) -> Iterator[Any]:
    asked = [rule for rule in rules if not isinstance(rule.shape, PAIRED)]
    table = _with_spine(checking, code, asked)
    conditions = []
    for rule in asked:
        looked = _looked(rule, table)
        rows = rowwise.Rows(table, looked, checking.today, dataset(code))
        if isinstance(rule.shape, WHOLE):
            found = _of_figure(rule, table, figures)
        else:
            found = rowwise.lines(rule.shape, rows)
        conditions += [
            (checking.number(rule, code, column), looked & caught) for caught, column in found
        ]
    remaining = iter(conditions)
    while batch := list(islice(remaining, AT_ONCE)):
        held = table.select(
            "extract", "row", **{f"fault {number}": condition for number, condition in batch}
        )
        yield _unpivoted(held, {f"fault {number}": number for number, _ in batch})


def _of_figure(rule: Rule, table: Any, figures: Mapping[str, Figure]) -> Iterator[rowwise.Line]:
    """A share outside its limits points to the rows that put it there."""
    if isinstance(rule.shape, Share) and figures[rule.id].outside:
        yield wholes.at_fault(rule.shape, table), next(iter(rule.shape.columns()))


def _unpivoted(held: Any, numbers: Mapping[str, int]) -> Any:
    """A row for each fault: extract, row and the number of the line."""
    faulty = held.filter(some(held[name] for name in numbers))
    null = ibis.null("int32")
    each = ibis.array(
        [
            faulty[name].ifelse(ibis.literal(number, "int32"), null)
            for name, number in numbers.items()
        ]
    )
    flat = faulty.select("extract", "row", line=each.unnest())
    return flat.filter(flat["line"].notnull())


# --- rules about a dataset and another ---


def _of_pairs(checking: _Checking, code: str, rules: Sequence[Rule]) -> Iterator[Any]:
    asked = [rule for rule in rules if isinstance(rule.shape, Paired)]
    table = _with_spine(checking, code, asked)
    for _, together in groupby(sorted(asked, key=_join_of), key=_join_of):
        group = list(together)
        shapes: list[Paired] = [rule.shape for rule in group]  # type: ignore[misc]
        looked = [
            (shape, _looked(rule, table) & _answered(checking, shape, table))
            for shape, rule in zip(shapes, group, strict=True)
        ]
        held, names = pairing.caught(looked, table, checking.tables[shapes[0].other])
        numbers = {
            name: checking.number(rule, code, shape.near.own if shape.near else shape.on[0][0])
            for name, rule, shape in zip(names, group, shapes, strict=True)
        }
        yield _unpivoted(held, numbers)


def _answered(checking: _Checking, shape: Paired, table: Any) -> Any:
    """Which rows' days the other dataset answers for, where a row of it is to be near."""
    days = checking.answers.get(shape.other)
    least, _ = shape.limits()
    if days is None or shape.near is None or not least:
        return ibis.literal(True)
    own, near = table[shape.near.own], shape.near
    parts = []
    if near.before is not None:
        parts.append(days_from(ibis.literal(days.first), own) >= near.before)
    if near.after is not None:
        parts.append(days_from(own, ibis.literal(days.last)) >= near.after)
    return every([part.fill_null(True) for part in parts]) if parts else ibis.literal(True)


def _join_of(rule: Rule) -> tuple[str, tuple[tuple[str, str], ...]]:
    shape: Any = rule.shape
    return shape.other, shape.on


# --- what is handed back ---

_SCHEMA = pa.schema(
    [
        ("line", pa.int32()), ("dataset", pa.string()), ("column", pa.string()),
        ("rule", pa.string()), ("severity", pa.string()), ("what", pa.string()),
    ]
)  # fmt: skip
COLUMNS = ("dataset", "extract", "row", "column", "rule", "severity", "what", "waiver")


def _worded(checking: _Checking, kept: Sequence[Any], waived: Sequence[Waived]) -> Any:
    """The faults of every dataset, with their rule in words and the waiver that covers them."""
    words = pa.Table.from_pylist(
        [
            {
                "line": number, "dataset": line.dataset, "column": line.column,
                "rule": line.rule.id, "severity": line.rule.severity, "what": line.rule.says,
            }
            for number, line in enumerate(checking.lines)
        ],
        schema=_SCHEMA,
    )  # fmt: skip
    meant = checking.engine.put(words, "rule_lines")
    if not kept:
        empty = {"extract": ibis.null("string"), "row": ibis.null("int64")}
        found = meant.filter(ibis.literal(False)).mutate(**empty)
    else:
        together = ibis.union(*kept) if len(kept) > 1 else kept[0]
        found = together.inner_join(meant, "line")
    covered = _covered(checking, found, waived)
    return checking.engine.keep(covered.select(*COLUMNS), "faults")


def _covered(checking: _Checking, found: Any, waived: Sequence[Waived]) -> Any:
    """Each fault with its waiver. One about the single row wins over one about the dataset."""
    found = found.mutate(waiver=ibis.literal(""))
    for one in sorted(waived, key=lambda one: bool(one.keys), reverse=True):
        hit = (found["rule"] == one.rule) & (found["dataset"] == one.dataset)
        if one.keys:
            key = _rows_of(checking, one)
            place = ["extract", "row"]
            found = found.left_join(key, place).drop("extract_right", "row_right")
            hit &= found["covered"].notnull()
        waiver = ibis.ifelse(hit & (found["waiver"] == ""), one.id, found["waiver"])
        found = found.mutate(waiver=waiver)
        if one.keys:
            found = found.drop("covered")
    return found


def _rows_of(checking: _Checking, one: Waived) -> Any:
    """The rows whose keys a waiver names."""
    table = checking.tables[one.dataset]
    names = dataset(one.dataset).key_columns
    matches = some(
        every(
            sure(table[name].cast("string") == value)
            for name, value in zip(names, key, strict=True)
        )
        for key in one.keys
    )
    rows = table.filter(matches).select("extract", "row").distinct()
    return rows.mutate(covered=ibis.literal(True))


def _counts(engine: Engine, faults: Any, asked: Iterable[Rule]) -> dict[str, int]:
    found = engine.fetch(faults.group_by("rule").agg(n=faults.count())).to_pylist()
    return {rule.id: 0 for rule in asked} | {one["rule"]: one["n"] for one in found}


def all_datasets() -> frozenset[str]:
    """The code of every dataset, as if all were supplied."""
    return frozenset(one.code for one in datasets())
