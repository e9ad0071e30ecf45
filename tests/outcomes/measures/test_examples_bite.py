"""A definition that is wrong by one thing gives some other answer than its example has."""

from collections.abc import Callable

import pytest

from sightline.outcomes.measures.examples import CLOSE, Answer, examples
from sightline.outcomes.measures.mutations import Mutant, mutants
from tests.outcomes.measures import plain
from tests.outcomes.measures.conftest import Seen

ALL = {one.key: one for one in examples()}
UNREAD = {"supplied", "balance"}
SAID = ("people", "children", "records", "families", "of", "unknown")


def differs(found: plain.Found, answer: Answer) -> bool:
    if any(
        getattr(answer, name) is not None and getattr(found, name) != getattr(answer, name)
        for name in SAID
    ):
        return True
    if answer.value is None:
        return False
    return found.value is None or abs(found.value - answer.value) > CLOSE


def noticed(mutant: Mutant, here: Seen) -> bool:
    """Whether some answer of the example is another under a wrong definition."""
    world = plain.World(here.world.views, here.world.population, mutant.edge, here.world.others)
    return any(
        differs(plain.answer(mutant.definition, a.period, a.by, a.category, world), a)
        for a in here.example.answers
        if not a.state or a.people is not None or a.value is not None
    )


@pytest.mark.no_cover
@pytest.mark.parametrize("key", sorted(ALL))
def test_no_single_thing_can_be_changed_unnoticed(key: str, seen: Callable[[str], Seen]) -> None:
    here = seen(key)
    if here.definition.shape in UNREAD:
        return
    rows = here.world.views.get(here.definition.view, [])
    has_child = bool(rows) and "child" in rows[0]
    unnoticed = [
        mutant.words
        for mutant in mutants(here.definition, has_child=has_child)
        if not noticed(mutant, here)
    ]
    assert sorted(unnoticed) == sorted(here.example.same)
