"""What spares work changes no figure: one query for one base, few periods at a time."""

from typing import Any

import pyarrow as pa
import pytest

from sightline.outcomes.definitions import IndicatorDefinition
from sightline.outcomes.measures import computing, shapes
from sightline.outcomes.measures.computing import compute
from sightline.warehouse.engines import Engine
from tests.outcomes.measures.test_shapes import BASE, COMMON, HELD, LOST, SCHEMA, SOME, made

QUARTERS = ["2020-21 Q3", "2020-21 Q4", "2021-22 Q1", "2021-22 Q2"]
FLOW = {"shape": "flow", "date": "starts_on", "unit": "per_cent", "where": BASE}
STOCK = {"shape": "snapshot", **HELD, "unit": "per_cent"}
OTHER = [{"column": "days", "at_least": "2"}]
ALIKE: list[dict[str, Any]] = [
    {**base, **asked}
    for base in (FLOW, STOCK)
    for asked in (
        {"unit": "count"}, {"counts": SOME}, {"counts": SOME, "unknown": LOST}, {"unknown": LOST},
        {"counts": OTHER, "breakdowns": ["sex", "concern"]},
        {"count": "rows", "counts": SOME, "breakdowns": ["sex", "place"]},
        {"count": "rows", "unknown": LOST, "breakdowns": ["sex"]},
        {"count": "families", "counts": OTHER, "unknown": LOST}, {"count": "families"},
    )
]  # fmt: skip


@pytest.fixture(scope="module")
def definitions() -> list[IndicatorDefinition]:
    """Some that share a base, and a median."""
    written = [{**COMMON, **one, "code": f"xx{n:02}"} for n, one in enumerate(ALIKE)]
    middle = {"shape": "median", "date": "starts_on", "value": "days", "unit": "days"}
    return [
        IndicatorDefinition.model_validate(one)
        for one in (*written, {**COMMON, **middle, "code": "xx90"})
    ]


@pytest.fixture(scope="module")
def views(duck: Engine) -> dict[str, Any]:
    table = duck.put(pa.Table.from_pylist(made(90), SCHEMA))
    return {"made": duck.keep(table, "view_made")}


@pytest.fixture(scope="module")
def alone(duck: Engine, views, definitions) -> list[dict[str, Any]]:
    """Each by a query of its own."""
    return [
        row
        for one in definitions
        for row in compute([one], {}, QUARTERS, engine=duck, views=views).to_pylist()
    ]


def test_one_query_for_one_base_gives_each_its_own(duck, views, definitions, alone) -> None:
    assert len({shapes.base_of(one) for one in definitions}) < len(definitions) / 2
    assert compute(definitions, {}, QUARTERS, engine=duck, views=views).to_pylist() == alone


def test_few_periods_at_once_give_the_same(duck, views, definitions, alone, monkeypatch) -> None:
    assert duck.rows("view_made") == 90
    assert duck.rows("nothing of this name") == 0
    monkeypatch.setattr(computing, "MANY_HELD", 200)
    monkeypatch.setattr(computing, "MANY_DATED", 25)
    work = computing.Work(duck, views)
    span = computing.Span.of(QUARTERS, "aug_jul")
    pieces = [list(work.pieces(one, span)) for one in (definitions[0], definitions[10])]
    assert [[start for start, _ in some] for some in pieces] == [[0, 1, 2, 3], [0, 2]]
    assert compute(definitions, {}, QUARTERS, engine=duck, views=views).to_pylist() == alone
