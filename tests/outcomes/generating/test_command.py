"""`sightline generate`."""

import json
from pathlib import Path

import pytest
from django.core.management import call_command


def test_it_writes_and_lists_what_it_wrote(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("generate", str(tmp_path / "new"), children=120, years=2, until="2026-07-31",
                 faults=True, variants=True)  # fmt: skip
    said = capsys.readouterr().out
    assert "register-entries.csv" in said
    assert "aged-140" in said
    assert "names-in-it.csv" in said
    assert (tmp_path / "new" / "children.csv").exists()


def test_as_json_it_gives_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate", str(tmp_path / "new"), children=60, years=2, until="2026-07-31",
                 output_format="json", kind="parquet")  # fmt: skip
    said = json.loads(capsys.readouterr().out)
    assert said["area"] == "strathgarry"
    assert {one["dataset"] for one in said["files"]} >= {"children", "placements"}


def test_scale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("generate", str(tmp_path / "new"), scale=True, children=100)
    assert "attendance.parquet" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "said"),
    [({"until": "July"}, "is no day"), ({"partnership": "fife"}, "not an invented area")],
)
def test_what_cannot_be_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: dict[str, str], said: str
) -> None:
    with pytest.raises(SystemExit):
        call_command("generate", str(tmp_path / "new"), **options)
    assert said in capsys.readouterr().err
