"""The base of definition files."""

import pytest
from pydantic import ValidationError

from sightline.kernel.definitions import (
    Closed,
    Code,
    Definition,
    Registry,
    Words,
    parse_definition,
    plus,
    read_definition,
)
from sightline.kernel.errors import BadDefinition, Faults, NotFound


class Part(Closed):
    """Something inside a definition."""

    name: Words
    size: int = 0


class Thing(Definition):
    """A definition for these tests."""

    kind: Code
    parts: tuple[Part, ...] = ()


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_a_definition_is_frozen_and_closed_and_its_words_are_folded():
    thing = parse_definition(
        Thing,
        {"code": "a-b", "version": "2", "kind": "k", "parts": [{"name": " one\n  two "}]},
        name="a-b@2.yaml",
    )
    assert thing.key == "a-b@2"
    assert thing.parts[0].name == "one two"
    with pytest.raises(ValidationError):
        thing.kind = "other"  # type: ignore[misc]


def test_every_fault_is_named_at_once_with_its_place():
    with pytest.raises(Faults) as refused:
        parse_definition(
            Thing,
            {
                "code": "A b",
                "version": "0",
                "parts": [{"name": "  "}, {"name": "x", "colour": "y"}],
            },
            name="x@1.yaml",
        )
    places = [fault.where for fault in refused.value.faults]
    assert places == ["code", "version", "kind", "parts.0.name", "parts.1.colour"]
    assert str(refused.value).startswith("x@1.yaml cannot be used:\n  code: ")


@pytest.mark.parametrize("data", ["text", ["a"], ""])
def test_a_file_without_fields_is_refused(data):
    with pytest.raises(BadDefinition, match="must hold fields at its top level"):
        parse_definition(Thing, data, name="x@1.yaml")


@pytest.mark.parametrize(
    "name",
    ["thing.yaml", "thing@0.yaml", "thing@01.yaml", "Thing@1.yaml", "thing@1.yml", "1@1.yaml"],
)
def test_a_file_must_be_named_code_at_version(tmp_path, name):
    path = write(tmp_path, name, "code: thing\nversion: 1\nkind: k\n")
    with pytest.raises(BadDefinition, match=r"must be named code@version\.yaml"):
        read_definition(Thing, path)


def test_the_name_must_match_what_is_inside(tmp_path):
    path = write(tmp_path, "thing@2.yaml", "code: thing\nversion: 1\nkind: k\n")
    with pytest.raises(BadDefinition, match=r"thing@2\.yaml holds thing@1; rename the file or"):
        read_definition(Thing, path)


def test_a_registry_lists_the_faults_of_all_its_files(tmp_path):
    folder = tmp_path / "things"
    folder.mkdir()
    write(folder, "bad@1.yaml", "code: bad\nversion: 1\n")
    write(folder, "good@1.yaml", "code: good\nversion: 1\nkind: k\n")
    write(folder, "odd.yaml", "code: odd\nversion: 1\nkind: k\n")
    with pytest.raises(Faults) as refused:
        Registry.load(Thing, folder)
    text = str(refused.value)
    assert "definitions/things cannot be used" in text
    assert "bad@1.yaml kind: Field required" in text
    assert "odd.yaml must be named" in text
    assert "good" not in text


def test_a_registry_gives_by_key_and_the_latest_and_says_what_there_is(tmp_path):
    for version in (2, 10, 9):
        write(tmp_path, f"a@{version}.yaml", f"code: a\nversion: {version}\nkind: k\n")
    write(tmp_path, "b@1.yaml", "code: b\nversion: 1\nkind: k\n")
    registry = Registry.load(Thing, tmp_path)
    assert len(registry) == 4
    assert registry.get("a@9").version == 9
    assert registry.latest("a").version == 10
    assert {thing.code for thing in registry} == {"a", "b"}
    with pytest.raises(NotFound, match=r"There is no a@3\. There are: a@10, a@2, a@9, b@1\."):
        registry.get("a@3")
    with pytest.raises(NotFound, match=r"There is no c\. There are: a, b\."):
        registry.latest("c")
    with pytest.raises(NotFound, match=r"There are: none\."):
        Registry(Thing).get("a@1")
    with pytest.raises(NotFound, match=r"There are: none\."):
        Registry(Thing).latest("a")


def test_a_registry_may_be_added_to_without_changing_it(tmp_path):
    more = parse_definition(Thing, {"code": "c", "version": "1", "kind": "k"}, name="c@1.yaml")
    registry: Registry[Thing] = Registry(Thing)
    assert plus(registry, [more]).get("c@1") is more
    assert len(registry) == 0
