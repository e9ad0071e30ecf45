"""Every indicator has a worked example, and the engine gives the answers worked out by hand."""

from collections.abc import Callable
from functools import cache

import pytest

from sightline.outcomes.definitions import registry
from sightline.outcomes.measures import examples as reader
from sightline.outcomes.measures.examples import empty_view, examples, run
from sightline.warehouse.engines import Engine
from tests.outcomes.measures import plain
from tests.outcomes.measures.conftest import Seen

ALL = {one.key: one for one in examples()}
UNREAD = {"supplied", "balance"}


def test_every_version_of_every_indicator_has_one_example_of_its_own() -> None:
    of = [one.indicator for one in ALL.values()]
    assert sorted(of) == sorted(one.key for one in registry())


@pytest.mark.parametrize("key", sorted(ALL))
def test_it_is_answered_as_by_hand(key: str, duck: Engine) -> None:
    assert run(ALL[key], duck) == []


@pytest.mark.no_cover
@pytest.mark.parametrize("key", sorted(ALL))
def test_plain_python_gives_the_same(key: str, seen: Callable[[str], Seen]) -> None:
    here = seen(key)
    if here.definition.shape in UNREAD or here.example.supplied:
        return
    for answer in here.example.answers:
        found = plain.answer(here.definition, answer.period, answer.by, answer.category, here.world)
        for name in ("people", "children", "records", "families", "of", "unknown", "value"):
            wanted = getattr(answer, name)
            if wanted is not None and not (here.definition.shape == "gap" and name != "value"):
                assert getattr(found, name) == pytest.approx(wanted), f"{key} {answer} {name}"


@pytest.mark.no_cover
def test_every_view_has_what_definitions_name(duck: Engine, monkeypatch) -> None:
    built = cache(empty_view)
    monkeypatch.setattr(reader, "empty_view", built)
    faults = [fault for one in registry() for fault in reader.faults_of_view(one, duck)]
    assert faults == []
