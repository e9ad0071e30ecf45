"""Datasets and lists of codes: what is refused, and the tables made from them."""

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings

from sightline.children import checks, definitions, maps, presenters, tables
from sightline.children.definitions import (
    CodeList,
    ColumnDefinition,
    DatasetDefinition,
    code_list,
    dataset,
    datasets,
    folded,
    group_of,
)  # fmt: skip
from sightline.children.file_rules import event_columns
from sightline.children.uploaded import kinds
from sightline.kernel.definitions import parse_definition
from sightline.kernel.errors import BadInput, Faults, NotFound
from tests.factories.children import ColumnMapFactory

COLUMN = {"name": "child", "title": "Child", "kind": "reference", "privacy": "reference"}
WHOLE = {
    "code": "things", "version": "1", "title": "Things", "what": "One row a thing.",
    "grain": "child", "agency": "council", "calendar": "aug_jul", "effective_from": "2008-08-01",
    "key": ["child"], "columns": [COLUMN],
}  # fmt: skip


def test_those_that_ship_can_be_used():
    assert len(datasets()) > 30
    assert dataset("children").key == "children@1"
    assert checks.datasets_can_be_used(None) == []
    assert group_of("ethnic-groups")["pakistani"] == "asian"
    assert group_of("sexes")["male"] == "male"
    assert "Female" in code_list("sexes").options().values()
    for known in datasets():
        assert tables.empty(known).num_rows == 0
        assert presenters.table_schema(known)["primaryKey"]
        assert presenters.columns(known)
        event_columns(known)
    assert len(list(kinds())) == len(datasets())


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"columns": [COLUMN, COLUMN]}, "is there twice"),
        ({"key": ["other"]}, "which is no column"),
        ({"columns": [COLUMN, {**COLUMN, "name": "b"}]}, "the heading 'Child' is of child and b"),
        ({"columns": [{**COLUMN, "name": "row"}], "key": ["row"]}, "a column of its own"),
        ({"columns": [{**COLUMN, "kind": "code"}]}, "names its list"),
        ({"columns": [{**COLUMN, "kind": "chi"}]}, "are identifiers"),
        ({"columns": [{**COLUMN, "kind": "text"}]}, "has the privacy"),
        ({"columns": [{**COLUMN, "since": "2020-01-01", "until": "2019-01-01"}]}, "before it"),
        ({"unheard": "of"}, "unheard"),
    ],
)  # fmt: skip
def test_a_bad_dataset_is_refused(changes, words):
    with pytest.raises(Faults, match=words):
        parse_definition(DatasetDefinition, {**WHOLE, **changes}, name="x")


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([{"code": "a", "label": "A"}, {"code": "b", "label": "a"}], "stands for a and b"),
        ([{"code": "a", "label": "A"}, {"code": "a", "label": "A"}], "a code is there twice"),
        (
            [{"code": "a", "label": "A", "since": "2020-01-01", "until": "2019-01-01"}],
            "ends before it begins",
        ),
    ],
)
def test_a_bad_list_is_refused(codes, words):
    data = {"code": "x", "version": "1", "title": "X", "codes": codes}
    with pytest.raises(Faults, match=words):
        parse_definition(CodeList, data, name="x")


def test_a_list_that_is_not_there_stops_the_start(tmp_path, monkeypatch):
    for name in ("datasets", "codes"):
        (tmp_path / name).mkdir()
    source = settings.SIGHTLINE_DEFINITIONS / "datasets" / "children@1.yaml"
    (tmp_path / "datasets" / source.name).write_text(source.read_text())
    with pytest.raises(Faults, match="there is no list of codes sexes"):
        definitions.load(tmp_path)
    monkeypatch.setattr(definitions, "registry", lambda: definitions.load(tmp_path))
    (error,) = checks.datasets_can_be_used(None)
    assert error.id == "children.E001"


def test_what_there_is_not():
    for act in (
        lambda: dataset("nothing"),
        lambda: code_list("nothing"),
        lambda: dataset("children").column("x"),
    ):
        with pytest.raises(NotFound):
            act()
    assert folded("..") == ".."
    assert ColumnDefinition(**COLUMN).required is False


def test_a_table_of_plain_values():
    known = dataset("placements")
    table = tables.from_rows(
        known,
        [{"child": "A", "distance_km": Decimal("1.5")}, {"child": ""}],
    )
    assert table.column("distance_km").to_pylist() == [1.5, None]
    assert table.column("child").to_pylist() == ["A", None]
    assert table.column("row").to_pylist() == [2, 3]
    irds = dataset("irds")
    sets = next(column.name for column in irds.columns if column.kind == "set")
    times = next(column.name for column in irds.columns if column.kind == "time")
    moment = dt.datetime(2024, 1, 2, 3, 4, tzinfo=dt.UTC)
    rows = tables.from_rows(irds, [{sets: {"b", "a"}, times: moment}, {sets: ("b", "a")}])
    assert rows.column(sets).to_pylist() == [["a", "b"], ["b", "a"]]
    assert rows.column(times).to_pylist()[0] == dt.datetime(2024, 1, 2, 3, 4)
    with pytest.raises(KeyError, match="has no column nonsense"):
        tables.from_rows(known, [{"nonsense": 1}])


@pytest.mark.parametrize(
    ("headings", "codes", "words"),
    [
        ({"a": "child", "b": "child"}, {}, "Two of your columns"),
        ({}, {"child": {"x": "y"}}, "is no column of codes"),
        ({}, {"sex": {"x": "purple"}}, "has no code purple"),
        ({"x" * 201: "child"}, {}, "longer than 200"),
        ({str(n): "" for n in range(501)}, {}, "At most 500"),
    ],
)
def test_a_map_must_lead_to_what_there_is(headings, codes, words):
    with pytest.raises(BadInput, match=words):
        maps.check_map(dataset("children"), headings, codes)


def test_what_was_said_stands_after_what_is_still_to_be_said(db):
    held = ColumnMapFactory(headings={"old": "child"}, codes={"sex": {"m": "male"}})
    left = maps.Unmatched(("new",), {"sex": ("f",)})
    whole = maps.with_held(left, held)
    assert (whole.headings, whole.codes) == (("new", "old"), {"sex": ("f", "m")})
    assert maps.with_held(left, None) == left
