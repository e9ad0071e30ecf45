"""`sightline load` and `sightline builds`."""

import json

import pytest
from django.core.management import call_command

from sightline.children import queries
from sightline.children.management.commands import load
from sightline.children.models import Build
from sightline.children.services import loading
from sightline.kernel.errors import BadInput, Faults
from sightline.uploads.models import Upload
from tests.children.conftest import CHILDREN, ENTRIES


@pytest.fixture
def folder(tmp_path, finds):
    found = tmp_path / "extracts"
    found.mkdir()
    (found / "children.csv").write_bytes(CHILDREN)
    (found / "Register entries 2023-24.csv").write_bytes(ENTRIES)
    (found / "notes.md").write_text("not a table")
    return found


def run(capsys, *arguments, **more):
    call_command(*arguments, output_format="json", **more)
    return json.loads(capsys.readouterr().out)


@pytest.mark.django_db
def test_a_folder_is_loaded_and_published_and_the_same_again_changes_nothing(folder, capsys, finds):
    finds(("register-entries", 3, "child", "V-020", "E", "It overlaps"))
    days = {"first": "2014-08-01", "last": "2024-07-31"}
    done = run(capsys, "load", str(folder), partnership="Fife", publish=True, **days)
    assert (done["state"], done["rows"], done["published"], done["faulted"]) == (
        "published", 6, 5, 1,
    )  # fmt: skip
    assert {one["dataset"] for one in done["files"]} == {"children", "register-entries"}
    assert done["files"][0]["covers"] == ["2014-08-01", "2024-07-31"]
    again = run(capsys, "load", str(folder), partnership="fife", publish=True, **days)
    assert (again["build"], again["repeated"], Build.objects.count()) == (1, True, 1)
    assert all(one["unchanged"] for one in again["files"])
    call_command("load", str(folder), partnership="fife")
    said = capsys.readouterr().out
    assert "6 rows in, 5 published, 1 faulted." in said
    assert "It overlaps" in said


@pytest.mark.django_db
def test_a_bad_file_stops_them_all_and_leaves_nothing(folder, capsys):
    (folder / "irds.csv").write_text("Child,Address\nC1,14 High Street KY1 1AA\n")
    (folder / "deaths.csv").write_text("Nonsense\n1\n")
    (folder / "tenancies.csv").write_text("Child,Child\nC1,C1\n")
    (folder / "carers.xlsx").write_bytes(b"PK\x03\x04 half")
    with pytest.raises(SystemExit) as left:
        call_command("load", str(folder), partnership="fife")
    assert left.value.code == 3
    said = capsys.readouterr().err
    assert "irds.csv" in said
    assert "an address" in said or "a postcode" in said
    assert "deaths.csv" in said
    assert "carers.xlsx" in said
    assert not Build.objects.exists()
    assert not Upload.objects.filter(destroyed_at=None).exists()


def test_what_is_in_hand_is_said_once_and_then_now_and_then(monkeypatch):
    said, clock = [], iter([0.0, 1.0, 11.0, 12.0])
    monkeypatch.setattr(load.time, "monotonic", lambda: next(clock))
    saying = load.Saying(said.append)
    saying.of(3)
    for read in (5_000, 10_000, 15_000):
        saying.at(read, "checking irds.csv")
    saying.at(0, "rules checked")
    assert said == ["checking irds.csv", "checking irds.csv, 15,000 rows read", "rules checked"]


@pytest.mark.django_db
def test_rows_held_back_are_said_and_a_file_of_none_good_stops(folder, capsys):
    (folder / "Register entries 2023-24.csv").write_bytes(ENTRIES + b"C9,2999-01-01,\n")
    done = run(capsys, "load", str(folder), partnership="fife")
    held = next(one for one in done["files"] if one["dataset"] == "register-entries")
    assert (held["rows"], held["held_back"]) == (4, 1)
    assert held["faults"][0]["follows"] == "held back"
    (folder / "irds.csv").write_bytes(b"IRD,Child,Concern received\nI1,C1,2999-01-01 10:00\n")
    with pytest.raises((Faults, SystemExit)):
        call_command("load", str(folder), partnership="fife")


def test_files_are_told_apart_by_name_or_columns(tmp_path):
    (tmp_path / "export.csv").write_bytes(ENTRIES)
    (tmp_path / "children_2024.csv").write_bytes(CHILDREN)
    assert {known.code for _, known in loading.matched(tmp_path)} == {
        "register-entries", "children",
    }  # fmt: skip
    (tmp_path / "second.csv").write_bytes(ENTRIES)
    (tmp_path / "odd.csv").write_bytes(b"a,b\n1,2\n")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(Faults) as refused:
        loading.matched(tmp_path)
    said = str(refused.value)
    assert "is of register-entries too" in said
    assert "odd.csv" in said
    assert "broken.xlsx" in said


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"first": "2024-01-01"}, "both --from and --until"),
        ({"first": "soon", "last": "2024-01-01"}, "is not a day"),
        ({"folder": "/nowhere"}, "is not a folder"),
        ({"folder": "empty"}, "holds no CSV"),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_done_is_said(tmp_path, capsys, options, words):
    (tmp_path / "empty").mkdir()
    folder = options.pop("folder", "empty")
    where = tmp_path / folder if folder == "empty" else folder
    with pytest.raises(SystemExit) as left:
        call_command("load", str(where), partnership="fife", **options)
    assert left.value.code == 3
    assert words in capsys.readouterr().err


@pytest.mark.django_db
def test_builds_are_listed_published_and_undone(folder, capsys):
    call_command("builds_list", "fife")
    assert "No build has been made yet" in capsys.readouterr().out
    call_command("load", str(folder), partnership="fife")
    capsys.readouterr()
    call_command("builds_publish", "fife", 1)
    assert "Build 1 of fife is published." in capsys.readouterr().out
    call_command("builds_list", "fife")
    assert "published, shown now" in capsys.readouterr().out
    done = run(capsys, "builds_undo", "fife", 1, reason="Wrong folder")
    assert done == {"area": "fife", "number": 1, "state": "withdrawn", "current": None}
    call_command("load", str(folder), partnership="fife", publish=True)
    (folder / "children.csv").write_bytes(CHILDREN + b"C7,2011-01-01,male,,,\n")
    call_command("load", str(folder), partnership="fife", publish=True)
    capsys.readouterr()
    call_command("builds_undo", "fife", 3, reason="Wrong folder")
    assert "Build 2 is shown now." in capsys.readouterr().out
    assert queries.current_build("fife").number == 2


def test_a_folder_must_be_one(tmp_path):
    with pytest.raises(BadInput, match="is not a folder"):
        loading.matched(tmp_path / "none")
