"""Rules held against their own examples: what passes must pass, what is caught must be caught.

The examples of all rules are laid into one set of tables, each in a world of its own: every
reference and number carries the world's name, so nothing of one meets anything of another. Rules
about a whole dataset are run by themselves.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sightline.children.definitions import ColumnDefinition, dataset
from sightline.children.rules.checking import check
from sightline.children.rules.definitions import Example, InForce, Rule
from sightline.children.rules.shapes import WHOLE
from sightline.children.rules.wholes import Figure
from sightline.children.tables import from_rows
from sightline.warehouse.engines import Engine

PASSES, FAILS = "passes", "fails"
NUMBERS = frozenset(
    {"episode", "placement", "household", "meeting", "ird", "investigation", "hearing", "worker",
     "review", "issue", "family", "area"}
)  # fmt: skip
"""Text columns that say which thing a row is about."""
CLOSE = 0.001

Caught = Mapping[str, frozenset[int]]
"""Rows caught, by dataset."""


@dataclass(frozen=True)
class Outcome:
    """What a rule did with the two halves of its example."""

    passes: Caught
    fails: Caught
    figure: Figure | None = None
    figure_outside: Figure | None = None


def differences(rules: Iterable[Rule], engine: Engine) -> dict[str, list[str]]:
    """What is not as each rule's example says, in words; rules that are right are left out."""
    asked = list(rules)
    found = outcomes(asked, engine)
    told = {rule.id: list(_wrong(rule, found[rule.id])) for rule in asked}
    return {id_: wrong for id_, wrong in told.items() if wrong}


def right(rule: Rule, outcome: Outcome) -> bool:
    """Whether a rule did with its example what the example says."""
    return not any(True for _ in _wrong(rule, outcome))


def _wrong(rule: Rule, outcome: Outcome) -> Iterator[str]:
    if outcome.passes:
        yield f"rows that should pass are caught: {_listed(outcome.passes)}"
    expected = {code: frozenset(rows) for code, rows in rule.example.caught.items()}
    if dict(outcome.fails) != expected:
        yield f"caught are {_listed(outcome.fails)}, not {_listed(expected)}"
    for wanted, figure, outside in (
        (rule.example.figure, outcome.figure, False),
        (rule.example.figure_outside, outcome.figure_outside, True),
    ):
        if wanted is None:
            continue
        if figure is None or figure.value is None or abs(figure.value - wanted) > CLOSE:
            yield f"the figure is {figure.value if figure else 'missing'}, not {wanted}"
        elif figure.outside is not outside:
            yield f"the figure {wanted} is {'outside' if figure.outside else 'inside'} its limits"


def _listed(caught: Caught) -> str:
    rows = (f"{code} {sorted(rows)}" for code, rows in sorted(caught.items()))
    return ", ".join(rows) or "none"


def outcomes(rules: Iterable[Rule], engine: Engine) -> dict[str, Outcome]:
    """What every rule does with its example."""
    asked = list(rules)
    alone = [rule for rule in asked if _alone(rule)]
    found = {rule.id: _by_itself(rule, engine) for rule in alone}
    return found | _together([rule for rule in asked if not _alone(rule)], engine)


def _alone(rule: Rule) -> bool:
    usual = Example.model_fields["today"].default
    return isinstance(rule.shape, WHOLE) or rule.example.today != usual


def _by_itself(rule: Rule, engine: Engine) -> Outcome:
    halves = []
    for half in (PASSES, FAILS):
        rows = _rows(rule, half, "")
        findings = check(
            _put(rows, engine, rule.datasets()),
            InForce("example", (rule,)),
            supplied=rule.datasets(),
            engine=engine,
            today=rule.example.today,
        )
        caught = defaultdict(set)
        for fault in engine.fetch(findings.faults).to_pylist():
            caught[fault["dataset"]].add(fault["row"])
        halves.append((_frozen(caught), findings.quality.get(rule.id)))
    (passes, figure), (fails, outside) = halves
    return Outcome(passes, fails, figure, outside)


def _together(rules: list[Rule], engine: Engine) -> dict[str, Outcome]:
    rows: dict[str, list[dict[str, object]]] = defaultdict(list)
    for rule in rules:
        for half in (PASSES, FAILS):
            for code, given in _rows(rule, half, f"{rule.id} {half}~").items():
                rows[code] += given
    caught: dict[tuple[str, str], dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    if rules:
        today: dt.date = rules[0].example.today
        needed = {code for rule in rules for code in rule.datasets()} | set(rows)
        findings = check(
            _put(rows, engine, needed),
            InForce("examples", tuple(rules)),
            supplied=needed,
            engine=engine,
            today=today,
        )
        for fault in engine.fetch(findings.faults).to_pylist():
            world, _, half = fault["extract"].partition("~")[0].rpartition(" ")
            if world == fault["rule"]:
                caught[world, half][fault["dataset"]].add(fault["row"])
    return {
        rule.id: Outcome(_frozen(caught[rule.id, PASSES]), _frozen(caught[rule.id, FAILS]))
        for rule in rules
    }


def _frozen(caught: Mapping[str, set[int]]) -> dict[str, frozenset[int]]:
    return {code: frozenset(rows) for code, rows in caught.items()}


def _put(
    rows: Mapping[str, list[dict[str, object]]], engine: Engine, codes: Iterable[str]
) -> dict[str, Any]:
    return {
        code: engine.put(
            from_rows(dataset(code), rows.get(code, ())), f"d_{code.replace('-', '_')}"
        )
        for code in codes
    }


def _rows(rule: Rule, half: str, world: str) -> dict[str, list[dict[str, object]]]:
    """The rows of one half of an example, as plain values in a world."""
    given = rule.example.passes if half == PASSES else rule.example.fails
    found: dict[str, list[dict[str, object]]] = {}
    for code, rows in given.items():
        names = rule.example.columns[code]
        found[code] = [
            _row(code, dict(zip(names, cells, strict=True)), number, world)
            for number, cells in enumerate(rows, start=2)
        ]
    return found


def _row(code: str, cells: Mapping[str, str], number: int, world: str) -> dict[str, object]:
    row: dict[str, object] = {"row": number, "extract": f"{world}{cells.get('extract', '')}"}
    for name, text in cells.items():
        if name != "extract":
            row[name] = _value(dataset(code).column(name), text, world)
    return row


_READ: Mapping[str, Callable[[str], object]] = {
    "date": dt.date.fromisoformat,
    "time": dt.datetime.fromisoformat,
    "flag": lambda text: text == "yes",
    "whole": int,
    "number": float,
    "set": lambda text: [] if text == "none" else text.split(";"),
}


def _value(column: ColumnDefinition, text: str, world: str) -> object:
    """A cell as the typed table has it: empty is null, `none` of a set is nothing ticked."""
    if text == "":
        return None
    if column.kind in {"reference", "chi", "scn"} or column.name in NUMBERS:
        return f"{world}{text}"
    return _READ.get(column.kind, str)(text)
