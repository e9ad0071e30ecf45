"""`sightline survey check`, `import-xlsform` and `export-xlsform`."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from sightline.kernel.errors import BadDefinition, BadInput, NotFound
from sightline.surveys.models import Questionnaire, Survey
from tests.surveys.forms import workbook

FORM = workbook(
    [["type", "name", "label"], ["text", "a", "How are you?"], ["deviceid", "device"]],
    settings=[["form_title", "form_id", "default_language"], ["Local", "local", "en"]],
)


def run(*words: Any, **options: Any) -> str:
    out = StringIO()
    call_command(*words, stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "form.xlsx"
    path.write_bytes(FORM)
    return path


@pytest.mark.django_db
def test_check_says_what_is_wrong_what_could_be_better_and_how_it_reads(tmp_path: Path) -> None:
    said = run("survey_check", "staff-pulse@1", "--all")
    assert "nothing is wrong" in said
    assert "Together it reads at about age" in said
    assert "Longest sentence" in said
    whole = json.loads(run("survey_check", "--format", "json"))
    assert {one["key"] for one in whole} >= {"staff@1", "children@1"}
    assert all(one["faults"] == [] and one["whole"]["school_years"] < 7 for one in whole)


@pytest.mark.django_db
def test_check_leaves_with_a_status_where_there_are_faults(tmp_path: Path, form: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(
        "code: bad\nversion: 1\ntitle: Bad\naudience: staff\nintroduction: {gd: Fàilte}\n"
        "languages: [gd]\nsections:\n  - code: s\n    title: {gd: S}\n    items:\n"
        "      - {code: q, kind: one, text: {gd: Ciamar}}\n"
    )
    out = StringIO()
    with pytest.raises(SystemExit) as left:
        call_command("survey_check", str(bad), str(form), stdout=out)
    assert left.value.code == BadDefinition.status
    assert "bad@1: 1 questions, 1 to put right." in out.getvalue()
    assert "fault: q: it has no answers to choose from" in out.getvalue()
    assert "local@1: 1 questions, nothing is wrong." in out.getvalue()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["survey_check", "nothing@1"], NotFound.status, "There is no nothing@1"),
        (["survey_check", "gone.yaml"], BadInput.status, "gone.yaml is not there"),
        (["survey_import_xlsform", "gone.xlsx"], BadInput.status, "gone.xlsx is not there"),
        (["survey_export_xlsform", "nothing@1"], NotFound.status, "There is no nothing@1"),
    ],
)
def test_what_is_not_there(
    words: list[str], status: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        run(*words)
    assert left.value.code == status
    assert said in capsys.readouterr().err


@pytest.mark.django_db
def test_import_looks_and_writes_a_definition(form: Path, tmp_path: Path) -> None:
    target = tmp_path / "local@1.yaml"
    said = run("survey_import_xlsform", str(form), "--audience", "staff", "--to", str(target))
    assert said.startswith("Imported. Local (local@1): 1 questions in en.")
    assert "Never collected here" in said
    assert "survey, row 3: deviceid" in said
    assert f"Kept as {target}." in said
    assert "nothing is wrong" in run("survey_check", str(target))
    assert not Questionnaire.objects.exists()


@pytest.mark.django_db
def test_import_says_where_nobody_could_answer(tmp_path: Path) -> None:
    path = tmp_path / "other.xlsx"
    path.write_bytes(
        workbook([["type", "name", "label"], ["select_one_from_file a.csv", "a", "Which?"]])
    )
    found = json.loads(run("survey_import_xlsform", str(path), "--format", "json"))
    assert not found["answerable"]
    assert found["kept"] == ""
    assert "needed" in {one["kind"] for one in found["notices"]}
    assert run("survey_import_xlsform", str(path)).startswith("Imported, not answerable.")


@pytest.mark.django_db
def test_import_begins_a_survey_in_an_area(form: Path) -> None:
    from sightline.partnerships.queries import all_partnerships

    area = all_partnerships()[0].code
    said = run("survey_import_xlsform", str(form), "--area", area, "--title", "Our form")
    survey = Survey.objects.get()
    assert f"Kept as {area}/{survey.slug}." in said
    assert survey.title == "Our form"
    assert Questionnaire.objects.get().unsupported[0]["row"] in {1, 3}


@pytest.mark.django_db
def test_export_writes_a_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    said = run("survey_export_xlsform", "staff-pulse@1")
    assert "staff-pulse@1 is written to staff-pulse@1.xlsx" in said
    again = run("survey_check", "staff-pulse@1.xlsx")
    assert again.startswith("staff-pulse@1: 7 questions, nothing is wrong.")
    named = json.loads(
        run("survey_export_xlsform", "staff-pulse@1", "--to", "x.xlsx", "--format", "json")
    )
    assert named["file"] == "x.xlsx"
    assert named["size"] == Path("x.xlsx").stat().st_size
