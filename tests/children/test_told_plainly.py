"""Files that go astray, each told in words of its own."""

from pathlib import Path

import pytest
from django.core.management import call_command

from sightline.uploads.models import Upload

HEADING = b"Child,Placed on the register,Taken off the register,Which registration this is\n"


def said_of(folder: Path, content: bytes, name: str, capsys: pytest.CaptureFixture[str]) -> str:
    (folder / name).write_bytes(content)
    with pytest.raises(SystemExit):
        call_command("load", str(folder), partnership="fife")
    return capsys.readouterr().err


@pytest.mark.django_db
def test_an_empty_file_is_named(tmp_path, capsys):
    said = said_of(tmp_path, b"", "register-entries.csv", capsys)
    assert "register-entries.csv: It is empty" in said
    assert "the column names alone" in said


@pytest.mark.django_db
def test_shifted_columns_are_told_though_what_they_hold_is_not_kept(tmp_path, capsys):
    heading = HEADING.strip() + b",Here temporarily from another council\n"
    rows = b"".join(
        b",C%03d,20%02d-08-14,20%02d-%02d-%02d,1\n"
        % (number, number % 9 + 10, number % 9 + 11, number % 12 + 1, number % 28 + 1)
        for number in range(60)
    )
    rows += b"14 High Street KY1 1AA,C900,2012-08-14,2013-01-31,1\n"
    said = said_of(tmp_path, heading + rows, "register-entries.csv", capsys)
    assert "The values stand one column to the right of their column names" in said
    assert "It holds what could tell who somebody is" in said
    assert not Upload.objects.filter(destroyed_at=None).exists()


def test_a_formula_is_told_as_one_in_every_kind_of_column(send):
    upload = send(
        "register-entries",
        HEADING + b"=1+1,2023-08-14,,1\nC2,=1+1,,1\nC3,2023-08-14,=1+1,1\nC4,2023-08-14,,=1+1\n",
    )
    whats = [one["what"] for one in upload.result["groups"]]
    assert upload.held_back == 4
    assert sum("holds a formula" in what for what in whats) == 4


def test_a_file_of_yearly_counts_lacks_no_month(send):
    rows = b"".join(
        b"C%03d,%d-07-31,1\n" % (number, year)
        for year in (2022, 2023, 2024)
        for number in range(150)
    )
    upload = send("register-entries", HEADING.replace(b"Taken off the register,", b"") + rows)
    assert not any("No row at all" in one["what"] for one in upload.result["groups"])
