"""`sightline framework list|check|schema`."""

import json
import shutil

import pytest
from django.conf import settings
from django.core.management import call_command

from sightline.framework import schemas
from sightline.kernel.errors import BadInput, NotFound
from tests.factories.framework import CorrectedTitleFactory


def printed(capsys, *arguments):
    call_command(*arguments)
    return capsys.readouterr().out


@pytest.mark.django_db
def test_list_gives_editions_and_programmes(capsys):
    text = printed(capsys, "framework_list")
    assert "children@3" in text
    assert "11 of 22" in text
    assert "9 2.1 2.2 1.1" in text
    data = json.loads(printed(capsys, "framework_list", "--format", "json"))
    assert [edition["key"] for edition in data["editions"]] == [
        "children@3", "children@2", "children@1"
    ]  # fmt: skip
    assert [p["evaluated"] for p in data["programmes"]][1:] == [
        ["2.1"],
        ["2.1", "5.3", "5.4", "9.2"],
    ]


@pytest.mark.django_db
def test_list_gives_the_indicators_of_an_edition_as_corrected(capsys):
    CorrectedTitleFactory(number=1, title="Staff")
    text = printed(capsys, "framework_list", "children-3")
    assert "3.1   Staff" in text
    assert "Title not confirmed" in text
    data = json.loads(printed(capsys, "framework_list", "children@3", "--format", "json"))
    assert len(data["indicators"]) == 22
    staff = next(title for title in data["indicators"] if title["code"] == "3.1")
    assert (staff["title"], staff["released"], staff["corrected"]) == (
        "Staff",
        "Impact on staff",
        True,
    )


@pytest.mark.django_db
def test_list_of_an_unknown_edition_says_which_there_are(capsys):
    with pytest.raises(SystemExit) as left:
        call_command("framework_list", "adults-1")
    assert left.value.code == NotFound.status
    assert "There is no edition adults-1. There are: children-1" in capsys.readouterr().err


def test_check_counts_what_is_in_order(capsys):
    text = printed(capsys, "framework_check")
    assert text.startswith("All in order: 3 frameworks, 2 crosswalks, 1 scales, 1 terms, 3 progr")
    data = json.loads(printed(capsys, "framework_check", "--format", "json"))
    assert data["programmes"] == 3


def test_check_of_a_bad_folder_names_file_field_fault_and_fix(capsys, tmp_path):
    for name in ("frameworks", "scales", "terms", "programmes"):
        shutil.copytree(settings.SIGHTLINE_DEFINITIONS / name, tmp_path / name)
    assert "All in order" in printed(capsys, "framework_check", str(tmp_path))
    path = tmp_path / "programmes/risk-of-harm@1.yaml"
    path.write_text(path.read_text().replace("terms: quantity@1", "terms: words@1"))
    with pytest.raises(SystemExit) as left:
        call_command("framework_check", str(tmp_path))
    assert left.value.code == BadInput.status
    assert capsys.readouterr().err == (
        "definitions cannot be used:\n  programmes/risk-of-harm@1.yaml terms: there is no words@1. "
        "There are: quantity@1.\n"
    )
    with pytest.raises(SystemExit):
        call_command("framework_check", str(tmp_path / "nowhere"))
    assert "is not a folder; name one that holds definitions." in capsys.readouterr().err


def test_schema_prints_one_or_writes_all(capsys, tmp_path):
    assert json.loads(printed(capsys, "framework_schema", "terms"))["title"] == "Terms"
    target = tmp_path / "schemas"
    text = printed(capsys, "framework_schema", "--write", str(target))
    assert sorted(path.stem for path in target.iterdir()) == sorted(schemas.KINDS)
    assert str(target / "scale.json") in text
    assert (target / "scale.json").read_text() == schemas.schema_of("scale")
