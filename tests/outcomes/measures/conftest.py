"""One engine for all tests of measures, and the views of each example worked out once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from sightline.outcomes.definitions import IndicatorDefinition, indicator
from sightline.outcomes.measures.computing import materialise
from sightline.outcomes.measures.examples import Example, World, examples
from sightline.warehouse.engines import Engine, engine
from tests.outcomes.measures import plain


@pytest.fixture(scope="session")
def duck() -> Iterator[Engine]:
    """DuckDB, open for the whole run."""
    with engine("duckdb", memory="1GB", threads=1) as one:
        yield one


@dataclass(frozen=True)
class Seen:
    """An example with its indicator, and the rows of the views it reads."""

    example: Example
    definition: IndicatorDefinition
    world: plain.World


@pytest.fixture(scope="session")
def seen(duck: Engine) -> Callable[[str], Seen]:
    """What `plain` works an example out from."""

    @cache
    def look(key: str) -> Seen:
        example = next(one for one in examples() if one.key == key)
        one = indicator(example.indicator)
        others = {o: indicator(o) for o in [one.of_indicator] if o}
        views = materialise([one, *others.values()], World(example, duck), duck)
        rows: Mapping[str, Any] = {n: duck.fetch(t).to_pylist() for n, t in views.items()}
        return Seen(example, one, plain.World(rows, example.population, others=others))

    return look
