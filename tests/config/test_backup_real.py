"""Backups of real files and transactions: one moment, older tables, and a restore elsewhere."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from sightline.access.actors import command_line
from sightline.access.models import User
from sightline.config.backup.making import _one_moment, make_backup
from sightline.config.backup.restoring import restore_backup, words_to_replace
from tests.factories.access import UserFactory

CHECKOUT = Path(__file__).resolve().parents[2]


def run(home, *command, **more):
    home.mkdir(exist_ok=True)
    settings = os.environ | {
        "SIGHTLINE_DATABASE": f"sqlite:///{home / 'copy.sqlite3'}",
        "SIGHTLINE_STATE": str(home),
    }
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=CHECKOUT,
        env=settings | more,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.mark.engine("sqlite")
def test_tables_of_an_older_release_are_made_filled_and_brought_up_to_date(tmp_path):
    backup = tmp_path / "backup"
    assert run(tmp_path / "old", "tests.config.real_backups", "older", str(backup)) == (0, "")
    status, said = run(tmp_path / "new", "sightline.cli", "restore", str(backup))
    assert status == 0, said
    assert "have been brought up to date" in said
    with sqlite3.connect(tmp_path / "new" / "copy.sqlite3") as there:
        assert there.execute("SELECT code FROM access_organisation").fetchall() == [("kept",)]
        assert there.execute("SELECT count(*) FROM partnerships_datazone").fetchone() == (0,)
    status, said = run(tmp_path / "new", "sightline.cli", "restore", str(backup))
    assert status == 6, said


@pytest.mark.engine("sqlite")
def test_somebody_may_write_meanwhile_and_it_is_not_in_the_backup(tmp_path):
    backup = tmp_path / "backup"
    status, said = run(tmp_path / "home", "tests.config.real_backups", "moment", str(backup))
    assert (status, said.split()) == (0, ["0", "access_accessreview"])


@pytest.mark.django_db(transaction=True)
def test_rows_are_read_as_of_one_moment():
    with _one_moment():
        assert connection.in_atomic_block
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SHOW transaction_isolation")
                assert cursor.fetchone() == ("repeatable read",)
                cursor.execute("SHOW transaction_read_only")
                assert cursor.fetchone() == ("on",)
        else:
            assert connection.transaction_mode == "DEFERRED"
    assert not connection.in_atomic_block
    if connection.vendor == "sqlite":
        assert connection.transaction_mode == "IMMEDIATE"
    UserFactory()  # and it can be written again


@pytest.mark.engine("postgresql")
@pytest.mark.django_db(transaction=True)
def test_postgresql_is_backed_up_and_restored_while_nothing_else_holds_a_transaction(
    tmp_path, settings
):
    settings.SIGHTLINE_STATE = tmp_path / "state"
    UserFactory(name="Kept by the backup")
    make_backup(actor=command_line(), folder=tmp_path / "backup")
    UserFactory(name="Came later")
    words = words_to_replace()
    result = restore_backup(actor=command_line(), folder=tmp_path / "backup", replace=words)
    assert result.good, result.checks
    assert list(User.objects.values_list("name", flat=True)) == ["Kept by the backup"]
    assert UserFactory().pk > User.objects.order_by("pk")[0].pk
