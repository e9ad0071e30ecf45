"""The commands: what they print, and with which status they leave."""

import json

import pytest
from django.core.management import call_command

from sightline.access.models import AuditEvent
from sightline.inspections import models, queries
from sightline.inspections.exporting import as_json, json_schema
from tests.factories.inspections import document_data, draft, imported

pytestmark = pytest.mark.django_db


@pytest.fixture
def said(capsys):
    """Run a command; give what it printed."""

    def run(*words: str, **options) -> str:
        call_command(*words, **options)
        return capsys.readouterr().out

    return run


def fails(capsys, *words: str) -> tuple[int, str]:
    """Status and message of a command that fails."""
    with pytest.raises(SystemExit) as caught:
        call_command(*words)
    return caught.value.code, capsys.readouterr().err


def file(folder, name: str, data) -> str:
    path = folder / name
    path.write_text(data if isinstance(data, str) else json.dumps(data), encoding="utf-8")
    return str(path)


def test_import_adds_then_changes_then_leaves_alone(said, tmp_path):
    path = file(tmp_path, "a.json", document_data())
    assert said("inspection_import", path, "--check") == "falkirk-2021: would be added.\n"
    assert not models.Inspection.objects.exists()
    assert said("inspection_import", path) == "falkirk-2021: added.\n"
    assert said("inspection_import", path) == "falkirk-2021: unchanged.\n"
    assert said("inspection_import", path, "--check") == "falkirk-2021: would stay as it is.\n"
    path = file(tmp_path, "a.json", document_data(title="New"))
    assert said("inspection_import", path, "--check") == "falkirk-2021: would change.\n"
    rows = json.loads(said("inspection_import", path, output_format="json"))
    assert rows == [{"file": "a.json", "reference": "falkirk-2021", "did": "changed", "kept": []}]


def test_import_lists_the_faults_of_every_file_and_keeps_nothing(capsys, tmp_path):
    good = file(tmp_path, "good.json", document_data())
    bad = file(tmp_path, "bad.json", document_data(reference="falkirk-2", kind="rapid"))
    worse = file(tmp_path, "worse.json", '{"schema": 1,}')
    status, message = fails(capsys, "inspection_import", good, bad, worse)
    assert status == 3
    assert "good.json and bad.json and worse.json cannot be used:" in message
    assert "bad.json: kind: 'rapid' is not one of the words for this." in message
    assert "worse.json: line 1, column" in message
    assert not models.Inspection.objects.exists()


@pytest.mark.parametrize("how", [(), ("--check",)])
def test_files_are_checked_against_each_other(capsys, tmp_path, how):
    first = file(tmp_path, "a.json", document_data())
    again = file(tmp_path, "b.json", document_data(title="Another"))
    same_day = file(tmp_path, "c.json", document_data(reference="falkirk-b", kind="interim"))
    status, message = fails(capsys, "inspection_import", *how, first, again, same_day)
    assert status == 3
    assert "b.json: reference: the inspection falkirk-2021 is in a.json too. Give each" in message
    assert "c.json: dates.published.value: another inspection of the partnership" in message
    assert not models.Inspection.objects.exists()


def test_a_check_of_files_that_need_each_other_keeps_nothing(said, tmp_path):
    first = file(tmp_path, "a.json", document_data())
    later = document_data(reference="falkirk-2023", follows="falkirk-2021")
    later["dates"]["published"]["value"] = "2023-01-05"
    second = file(tmp_path, "b.json", later)
    before = AuditEvent.objects.count(), queries.data_version()
    printed = said("inspection_import", "--check", first, second)
    assert printed == "falkirk-2021: would be added.\nfalkirk-2023: would be added.\n"
    assert not models.Inspection.objects.exists()
    assert (AuditEvent.objects.count(), queries.data_version()) == before
    assert said("inspection_import", first, second).count("added") == 2


def test_import_says_when_there_is_no_such_file(capsys, tmp_path):
    status, message = fails(capsys, "inspection_import", str(tmp_path / "none.json"))
    assert (status, "There is no file" in message) == (3, True)


def test_export_prints_or_writes_what_import_takes(said, tmp_path):
    document = imported()
    printed = said("inspection_export", "falkirk-2021")
    assert json.loads(printed) == json.loads(as_json(document))
    out = tmp_path / "out.json"
    assert "falkirk-2021 written to" in said("inspection_export", "falkirk-2021", output=str(out))
    assert out.read_text(encoding="utf-8") == as_json(document)
    assert said("inspection_import", str(out)) == "falkirk-2021: unchanged.\n"


def test_export_of_what_is_not_there_fails(capsys):
    assert fails(capsys, "inspection_export", "falkirk-1900")[0] == 7


def test_list_shows_drafts_and_narrows(said):
    assert said("inspection_list") == "No inspection matches.\n"
    imported()
    draft()
    lines = said("inspection_list").splitlines()
    assert lines[2].startswith("falkirk-2026")
    assert "(draft)" in lines[2]
    assert "2.1 Adequate, 2.2 Good, 1.1 Not known" in lines[3]
    assert said("inspection_list", programme="P2") == "No inspection matches.\n"
    rows = json.loads(said("inspection_list", partnership="Falkirk", output_format="json"))
    assert [row["reference"] for row in rows] == ["falkirk-2026", "falkirk-2021"]


def test_schema_is_printed(said):
    assert json.loads(said("inspection_schema")) == json_schema()
    assert queries.data_version() == ""


def test_an_inspection_is_begun_as_a_draft_by_any_name_of_its_area(said, capsys):
    words = ("inspection_begin", "barra-2027", "--programme", "P3", "--partnership")
    assert said(*words, "Western Isles") == "barra-2027 is begun, as a draft.\n"
    begun = queries.document("barra-2027")
    assert (begun.status, begun.partnership) == ("draft", "na-h-eileanan-siar")
    status, message = fails(capsys, *words, "Western Isles")
    assert status == 6
    assert "barra-2027" in message
    assert fails(capsys, *words, "Narnia")[0] == 7


def test_a_draft_is_published_once_it_has_a_date(said, capsys):
    draft(reference="falkirk-2021", dates=document_data()["dates"])
    assert said("inspection_publish", "falkirk-2021") == "falkirk-2021 is published.\n"
    assert queries.document("falkirk-2021").status == "published"
    status, message = fails(capsys, "inspection_publish", "falkirk-2021")
    assert status == 6
    assert "published" in message


def test_codes_that_name_nothing_any_more_are_reported_with_what_mends_them(said, capsys):
    imported()
    assert "names something" in said("inspection_check")
    models.Inspection.objects.update(programme="gone@1")
    status, message = fails(capsys, "inspection_check")
    assert status == 3
    assert "programme gone@1" in message
    assert "Put the definition back" in message
