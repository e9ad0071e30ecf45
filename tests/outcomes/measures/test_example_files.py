"""Examples as files: text becomes values, and what is wrong with one is said."""

import datetime as dt
from typing import Any

import pytest

from sightline.children.definitions import ColumnDefinition
from sightline.kernel.errors import BadInput
from sightline.outcomes.measures.examples import (
    Answer,
    Example,
    Rows,
    World,
    differences,
    typed,
    value_of,
)
from sightline.warehouse.engines import Engine

RIGHT: dict[str, Any] = {
    "code": "cp99", "version": "1", "indicator": "cp99@1", "words": "By hand",
    "tables": {"children": {"columns": ["child"], "rows": [["A"]]}},
    "answers": [{"period": "2023-24", "people": "1"}],
}  # fmt: skip


def column(kind: str) -> ColumnDefinition:
    more = {"codes": "sexes"} if kind in {"code", "set"} else {}
    return ColumnDefinition(name="a", title="A", kind=kind, privacy="plain", **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "2024-02-29", dt.date(2024, 2, 29)),
        ("time", "2024-02-29 23:59:59", dt.datetime(2024, 2, 29, 23, 59, 59)),
        ("whole", "-3", -3),
        ("number", "1.5", 1.5),
        ("flag", "yes", True),
        ("flag", "no", False),
        ("set", "a; b", ["a", "b"]),
        ("set", "-", []),
        ("text", "-", "-"),
        ("code", "male", "male"),
        ("date", "", None),
    ],
)
def test_text_becomes_a_value_of_its_kind(kind: str, text: str, value: object) -> None:
    assert value_of(column(kind), text) == value


@pytest.mark.parametrize(("kind", "text"), [("date", "soon"), ("whole", "x"), ("flag", "maybe")])
def test_text_of_another_kind_is_refused(kind: str, text: str) -> None:
    with pytest.raises(BadInput, match=f"a: '{text}' is no {kind}"):
        value_of(column(kind), text)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ({"period": "2023-24"}, "an answer says people"),
        ({"period": "2023-24", "by": "age", "people": "1"}, "`by` and `category` go together"),
    ],
)
def test_an_answer_says_something(answer: dict[str, str], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Answer.model_validate(answer)


def test_every_row_has_a_value_for_each_column() -> None:
    with pytest.raises(ValueError, match="row 2 has 1 values for 2 columns"):
        Rows.model_validate({"columns": ["a", "b"], "rows": [["1", "2"], ["3"]]})
    assert typed("children", Rows(columns=("child",), rows=(("A",),)))["child"].to_pylist() == ["A"]


def test_differences_are_said_in_words() -> None:
    answers = [
        {"period": "2023-24", "people": "2", "of": "4", "value": "50", "state": "observed"},
        {"period": "2023-24", "by": "age", "category": "0-4", "people": "1"},
        {"period": "2023-24", "by": "age", "category": "5-10", "people": "0"},
    ]
    example = Example.model_validate({**RIGHT, "answers": answers})
    row = {"period": "2023-24", "breakdown": "", "category": "", "counted": 1, "people": 1,
           "of": 4, "unknown": 0, "value": None, "state": "not available"}  # fmt: skip
    assert differences(example, [row]) == [
        "cp99@1, 2023-24: people is 2 by hand, and 1 came out",
        "cp99@1, 2023-24: the value is 50.0 by hand, and None came out",
        "cp99@1, 2023-24: it is 'observed' by hand, and 'not available' came out",
        "cp99@1, 2023-24, age 0-4: there is no such category",
    ]
    same = {**row, "counted": 2, "value": 50.0000001, "state": "observed"}
    assert len(differences(example, [same])) == 1


def test_an_example_has_every_dataset_and_nothing_in_most(duck: Engine) -> None:
    world = World(Example.model_validate(RIGHT), duck)
    assert duck.fetch(world["children"]).num_rows == 1
    assert duck.fetch(world["irds"]).num_rows == 0
    assert (list(world), len(world)) == (["children", "places"], 2)
    bare = World(Example.model_validate({**RIGHT, "tables": {}}), duck)
    assert duck.fetch(bare["clock-readings"]).num_rows == 0
