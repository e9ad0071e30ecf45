"""One engine for all tests of rules."""

from collections.abc import Iterator

import pytest

from sightline.warehouse.engines import Engine, engine


@pytest.fixture(scope="session")
def duck() -> Iterator[Engine]:
    """DuckDB, opened once."""
    with engine() as one:
        yield one
