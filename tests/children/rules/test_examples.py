"""Every rule does what its example says, and no other rule would."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from sightline.children.rules import checking, definitions, examples, pairing, rowwise, wholes
from sightline.children.rules.definitions import Rule
from sightline.warehouse.engines import Engine
from tests.children.rules import mutants

RULES = tuple(definitions.rules().values())
AT_ONCE = 200


def survivors(changed: Iterator[Rule], engine: Engine) -> tuple[list[str], int]:
    """Changed rules whose example does not tell them from the true one, and how many there were."""
    left, tried = [], 0
    while some := list(islice(changed, AT_ONCE)):
        found = examples.outcomes(some, engine)
        left += [rule.id for rule in some if examples.right(rule, found[rule.id])]
        tried += len(some)
    return left, tried


def test_every_rule_passes_what_passes_and_catches_what_is_caught(duck):
    assert examples.differences(RULES, duck) == {}


def test_a_rule_that_catches_nothing_fails_its_own_example():
    """No engine is needed to know what a rule without its code catches."""
    nothing = examples.Outcome({}, {}, *(wholes.Figure(None, "", outside=False),) * 2)
    assert [rule.id for rule in RULES if examples.right(rule, nothing)] == []


@pytest.mark.no_cover
def test_a_rule_that_catches_every_row_it_looks_at_fails_its_own_example(duck, monkeypatch):
    def lines(shape: Any, rows: rowwise.Rows) -> Iterator[rowwise.Line]:
        yield rows["row"].notnull(), ""

    def caught(asked: Any, table: Any, other: Any) -> Any:
        names = [f"fault {number}" for number in range(len(asked))]
        held = {name: looked for name, (_, looked) in zip(names, asked, strict=True)}
        return table.select("extract", "row", **held), names

    monkeypatch.setattr(checking.rowwise, "lines", lines)
    monkeypatch.setattr(pairing, "caught", caught)
    monkeypatch.setattr(wholes, "figure", lambda *_: wholes.Figure(-1.0, "", outside=True))
    found = examples.outcomes(RULES, duck)
    assert [rule.id for rule in RULES if examples.right(rule, found[rule.id])] == []


@pytest.mark.no_cover
def test_every_number_of_every_rule_matters_to_its_example(duck):
    left, tried = survivors((m for rule in RULES for m in mutants.numbers(rule)), duck)
    assert tried > 200
    assert left == []


@pytest.mark.no_cover
def test_nearly_every_column_of_a_rule_matters_to_its_example(duck):
    """A third of them, in turn; at least nine in ten are told from another column of the kind."""
    every = [mutant for rule in RULES for mutant in mutants.columns(rule)]
    left, tried = survivors(iter(every[::3]), duck)
    assert tried > 100
    assert len(left) <= tried * 0.1, left
