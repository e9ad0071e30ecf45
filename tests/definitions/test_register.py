"""The register: released files never change."""

import datetime as dt
import importlib.util
from pathlib import Path

import pytest
from django.conf import settings

from sightline.framework import checks, register
from sightline.framework.register import Line
from sightline.kernel.errors import BadDefinition, Faults

TOOL = Path(__file__).parents[2] / "tools/release_definitions.py"
spec = importlib.util.spec_from_file_location("release_definitions", TOOL)
assert spec is not None
assert spec.loader is not None
tool = importlib.util.module_from_spec(spec)
spec.loader.exec_module(tool)

RELEASE = ["--owner", "Framework lead", "--reviewed", "2026-01-31", "--next", "2027-01-31"]


@pytest.fixture
def folder(tmp_path):
    """Two definitions, one of them released."""
    (tmp_path / "things").mkdir()
    (tmp_path / "things/a@1.yaml").write_text("code: a\n")
    (tmp_path / "things/b@1.yaml").write_text("code: b\n")
    assert run(tmp_path, "--release", "things/a@1.yaml", *RELEASE) == 0
    return tmp_path


def run(folder, *arguments):
    return tool.main(["--definitions", str(folder), *arguments])


def test_every_definition_is_in_the_register_and_no_released_one_has_changed():
    register.check(settings.SIGHTLINE_DEFINITIONS, complete=True)
    lines = register.read(settings.SIGHTLINE_DEFINITIONS)
    assert lines["programmes/care-and-protection@1.yaml"].status == register.RELEASED


def test_a_released_file_that_was_edited_is_refused_with_what_to_do(folder, capsys):
    (folder / "things/a@1.yaml").write_text("code: a  # a comment\n")
    assert run(folder, "--check") == Faults.status
    said = capsys.readouterr().err
    assert "things/a@1.yaml: it is released and has been changed." in said
    assert "copy the file to its next version and change that." in said
    assert run(folder) == Faults.status, "the tool writes no second checksum"
    assert run(folder, "--release", "things", *RELEASE) == Faults.status


def test_a_draft_may_change(folder, capsys):
    (folder / "things/b@1.yaml").write_text("code: b  # changed\n")
    assert run(folder, "--check") == 0
    assert "2 files in the register, 1 released." in capsys.readouterr().out


def test_a_new_file_is_a_fault_until_it_is_added_as_a_draft(folder, capsys):
    (folder / "things/c@1.yaml").write_text("code: c\n")
    assert run(folder, "--check") == Faults.status
    assert "things/c@1.yaml: it is not in register.csv. Run tools/rel" in capsys.readouterr().err
    register.check(folder, complete=False)
    assert run(folder) == 0
    assert register.read(folder)["things/c@1.yaml"].status == register.DRAFT


def test_a_released_file_is_never_deleted_but_a_draft_may_be(folder, capsys):
    (folder / "things/b@1.yaml").unlink()
    assert run(folder, "--check") == Faults.status
    assert "there is no such file." in capsys.readouterr().err
    assert run(folder) == 0
    assert "things/b@1.yaml" not in register.read(folder)
    (folder / "things/a@1.yaml").unlink()
    assert run(folder) == Faults.status
    assert "what was released is never deleted. Bring it back." in capsys.readouterr().err


def test_a_whole_folder_is_released_once(folder, capsys):
    assert run(folder, "--release", "things/", *RELEASE) == 0
    said = capsys.readouterr().out
    assert "released things/b@1.yaml" in said
    assert "released things/a@1.yaml" not in said
    assert run(folder, "--release", "nothing", *RELEASE) == Faults.status
    assert "There is no definition at nothing" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run(folder, "--release", "things")


def rewrite(folder, **fields):
    lines = dict(register.read(folder))
    held = lines["things/a@1.yaml"]
    lines["things/a@1.yaml"] = Line(**{**held.__dict__, **fields})
    register.write(folder, lines.values())


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status": "finished"}, "'finished' is not a status. Use draft, released, withdrawn."),
        ({"sha256": ""}, "it is released without a checksum."),
        ({"sha256": "0" * 64}, "it is released and has been changed."),
        ({"status": "withdrawn", "sha256": "0" * 64}, "it is withdrawn and has been changed."),
        ({"owner": ""}, "nobody answers for it."),
        ({"last_review": ""}, "a review date is missing. Write both as 2026-01-31."),
        ({"next_review": "n/a"}, "a review date is missing."),
        ({"next_review": "2026-01-31"}, "the next review is not after the last."),
        ({"comparable": "maybe"}, "comparable is 'maybe'. Write yes, no or nothing."),
        ({"comparable": "yes"}, "comparable is given, but not with what."),
        ({"supersedes": "things/z@1.yaml"}, "supersedes things/z@1.yaml, which is not in reg"),
    ],
)
def test_an_odd_line_is_refused(folder, fields, message):
    rewrite(folder, **fields)
    with pytest.raises(Faults) as refused:
        register.check(folder, complete=True)
    assert message in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must have the columns path, status"),
        ("path,state\n", "must have the columns path, status"),
        (",".join(register.FIELDS) + "\nthings/a@1.yaml,draft\n", "line 2: there must be 8 cells"),
        (",".join(register.FIELDS) + "\n" + "a,draft,,,,,,\n" * 2, "line 3: a is given twice"),
    ],
)
def test_a_register_that_cannot_be_read_says_where(folder, text, message):
    (folder / register.NAME).write_text(text)
    with pytest.raises(BadDefinition, match=message):
        register.read(folder)


def test_a_folder_without_a_register_has_no_lines(tmp_path):
    assert register.read(tmp_path) == {}
    register.check(tmp_path, complete=True)


def test_overdue_reviews_are_of_released_files_from_the_day_after(folder):
    day = dt.date(2027, 1, 31)
    assert register.overdue(folder, on=day) == ()
    overdue = register.overdue(folder, on=day + dt.timedelta(days=1))
    assert [line.path for line in overdue] == ["things/a@1.yaml"]


def test_the_start_stops_on_a_changed_released_file(folder, settings):
    assert checks.definitions_can_be_used(None) == []
    (folder / "things/a@1.yaml").write_text("code: other\n")
    settings.SIGHTLINE_DEFINITIONS = folder
    [error] = checks.definitions_can_be_used(None)
    assert error.id == "framework.E001"
    assert "things/a@1.yaml: it is released and has been changed." in error.msg
    with pytest.raises(Faults):
        checks.load_definitions()


def test_the_start_does_not_stop_on_a_new_draft(folder, settings):
    (folder / "things/c@1.yaml").write_text("code: c\n")
    settings.SIGHTLINE_DEFINITIONS = folder
    checks.load_definitions()
