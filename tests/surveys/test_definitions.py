"""The schema of questionnaires, and those that are shipped."""

from pathlib import Path

import pytest

from sightline.kernel.errors import Faults
from sightline.surveys.definitions import load, registry, said
from sightline.surveys.questionnaires import parse, shipped


def test_texts_fall_back_to_the_main_language() -> None:
    assert said({"en": "a", "gd": "b"}, "gd") == "b"
    assert said({"en": "a"}, "gd") == "a"
    assert said({"gd": "b"}, "pl") == "b"
    assert said({}, "en") == ""


def test_items_are_found_by_code() -> None:
    one = shipped()[0]
    first = next(one.items())
    assert one.item(first.code) is first
    with pytest.raises(KeyError):
        one.item("nothing")
    assert one.options(first.model_copy(update={"choices": ""})) == ()
    assert one.options(first.model_copy(update={"choices": "gone"})) == ()


def test_what_the_schema_does_not_know_is_refused() -> None:
    with pytest.raises(Faults, match="sections"):
        parse({"code": "a", "version": 1, "grids": True}, "a@1")
    with pytest.raises(Faults, match=r"items\.0\.code"):
        parse(
            {
                "code": "a", "version": 1, "title": "A", "audience": "staff",
                "introduction": {"en": "x"},
                "sections": [
                    {"code": "s", "title": {}, "items": [{"code": "1 a", "kind": "text",
                    "text": {}}]}
                ],
            },
            "a@1",
        )  # fmt: skip


def test_a_folder_of_definitions_is_loaded(tmp_path: Path) -> None:
    assert len(load(tmp_path)) == 0
    assert {one.key for one in registry()} == {one.key for one in shipped()}
