"""Tables that several views are made from are kept once, on the engine that gains by it."""

from typing import Any, cast

import pytest

from sightline.outcomes.measures.shared import Shared, shared


class Keeper:
    """An engine that counts what it keeps."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.kept: list[str] = []

    def keep(self, expression: Any, name: str) -> Any:
        self.kept.append(name)
        return f"kept {expression}"


@shared
def pairs(tables: Any) -> Any:
    return f"pairs of {tables['rows']}"


def test_plain_tables_give_the_expression() -> None:
    assert pairs(cast("Any", {"rows": "these"})) == "pairs of these"


@pytest.mark.parametrize(
    ("engine", "found", "kept"),
    [("duckdb", "kept pairs of these", 1), ("spark", "pairs of these", 0)],
)
def test_a_table_is_kept_once(engine: str, found: str, kept: int) -> None:
    keeper = Keeper(engine)
    tables = Shared(cast("Any", {"rows": "these"}), cast("Any", keeper))
    assert pairs(tables) == pairs(tables) == found
    assert len(keeper.kept) == kept
    assert list(tables) == ["rows"]
    assert len(tables) == 1
