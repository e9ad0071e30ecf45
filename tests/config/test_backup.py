"""Backing up and restoring in one process, on both databases: what is in it, what is refused."""

import datetime as dt
import io
import json
import shutil
import subprocess
import tarfile

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from sightline.access.actors import command_line
from sightline.access.models import AuditEvent, User
from sightline.access.triggers import missing_triggers
from sightline.config.backup import checking, files, making, manifest, restoring, rows
from sightline.config.backup.making import make_backup
from sightline.config.backup.parts import write_part
from sightline.config.backup.reporting import report
from sightline.config.backup.restoring import restore_backup, words_to_replace
from sightline.design.console import plain
from sightline.kernel.errors import BadInput, NotAllowed, NotAvailable
from sightline.secrets import KeyMissing, Tampered
from tests.factories.access import UserFactory
from tests.factories.concerns import ConcernFactory

pytestmark = pytest.mark.django_db
PLANTED = "Zorblax saw the lantern"
OTHER = (("later", b"\x07" * 32),)


@pytest.fixture
def copy(settings, tmp_path):
    """A copy with a person, a concern and an uploaded file; gives its state folder."""
    state = tmp_path / "state"
    settings.SIGHTLINE_STATE = state
    for name, text in (
        ("holdings/one.bin", "bytes of one"),
        ("holdings/deep/two.bin", "bytes of two"),
        ("holdings/three.part", "half"),
        ("keys/data.keys", "id:key"),
        ("static/site.css", "body"),
        ("mail/letter", "link"),
        ("sightline.env", "SECRET"),
        (".trying/x", "x"),
    ):
        path = state / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (state / "holdings" / "link").symlink_to(state / "keys" / "data.keys")
    ConcernFactory(worry=PLANTED, raised_by=UserFactory(name="Somebody Planted"))
    return state


@pytest.fixture
def made(copy, tmp_path):
    make_backup(actor=command_line(), folder=tmp_path / "backup")
    return tmp_path / "backup"


def replaced(folder):
    return restore_backup(actor=command_line(), folder=folder, replace=words_to_replace())


def rewrite(folder, **changes):
    path = folder / manifest.NAME
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | changes))


def resealed(folder, change):
    """Seal the rows anew after a change to their lines, and mend the hash in the manifest."""
    contents = manifest.read_manifest(folder)
    with restoring.opened(folder, contents, manifest.DATABASE) as rows_there:
        lines = rows_there.read().decode().splitlines()
    (folder / manifest.DATABASE).unlink()
    text = "".join(f"{line}\n" for line in change(lines)).encode()
    about = contents.about(manifest.DATABASE)
    part = write_part(folder / manifest.DATABASE, about, lambda out: out.write(text))
    rewrite(folder, parts={**contents.model_dump()["parts"], manifest.DATABASE: part.model_dump()})


def test_a_backup_is_put_back_as_it_was_and_the_trail_goes_on(copy, made):
    before = rows.Loader(django_apps()).counts()
    User.objects.update(name="Changed since")
    shutil.rmtree(copy / "holdings")
    result = replaced(made)
    assert result.good, result.checks
    assert User.objects.get(name="Somebody Planted")
    assert (copy / "holdings" / "deep" / "two.bin").read_text() == "bytes of two"
    assert result.files == 2
    after = rows.Loader(django_apps()).counts()
    assert after.pop("access_auditevent") == before.pop("access_auditevent")
    assert after == before
    assert missing_triggers() == []
    person = UserFactory()
    assert AuditEvent.objects.filter(verb="row.added", target=f"access_user:{person.pk}").exists()
    assert not (copy / files.STAGED).exists()


def django_apps():
    from django.apps import apps

    return apps


def test_the_sealed_words_of_a_concern_open_again(made):
    from sightline.concerns.models import Concern

    before = Concern.objects.get()
    replaced(made)
    assert Concern.objects.get(pk=before.pk).worry == PLANTED


def test_nothing_in_the_folder_can_be_read_without_a_key(made):
    whole = b"".join(path.read_bytes() for path in made.iterdir())
    for word in (PLANTED, "Zorblax", "Somebody Planted", "bytes of one"):
        assert word.encode() not in whole
    for held in django_settings.SIGHTLINE_KEYS.values():
        assert all(key not in whole for _, key in held)
    assert {path.stat().st_mode & 0o777 for path in made.iterdir()} == {0o600}
    assert made.stat().st_mode & 0o777 == 0o700


def test_the_manifest_says_what_is_there_and_no_content(made):
    contents = manifest.read_manifest(made)
    assert contents.tables["concerns_concern"] == 1
    assert contents.database == connection.vendor
    assert contents.keys == {"data": ["test"], "concerns": ["test"]}
    assert contents.made_by.startswith("command:")
    assert "django_session" not in contents.tables
    assert "mfa_authenticator" in contents.tables
    assert "access_auditevent" in contents.tables
    assert not {name for name in contents.tables if name.startswith("django_tasks")}


def test_a_backup_is_one_line_in_the_trail(copy, tmp_path):
    make_backup(actor=command_line(), folder=tmp_path / "b")
    line = AuditEvent.objects.get(verb="backup.made")
    assert line.actor == command_line().audit_name
    assert line.target == f"backup:{manifest.read_manifest(tmp_path / 'b').id}"


def test_keys_of_new_rows_are_free_after_a_restore(made):
    replaced(made)
    assert UserFactory().pk > User.objects.order_by("pk")[0].pk


def test_it_is_not_put_over_people_unless_the_words_are_said(made):
    with pytest.raises(NotAllowed, match="There are people in this copy"):
        restore_backup(actor=command_line(), folder=made)
    with pytest.raises(NotAllowed, match="say --replace"):
        restore_backup(actor=command_line(), folder=made, replace="yes")
    assert not AuditEvent.objects.filter(verb="backup.restored").exists()


def test_a_folder_with_something_in_it_takes_no_backup(copy, tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "letter.txt").write_text("mine")
    with pytest.raises(BadInput, match="not empty"):
        make_backup(actor=command_line(), folder=tmp_path / "there")
    assert (tmp_path / "there" / "letter.txt").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    make_backup(actor=command_line(), folder=tmp_path / "empty")
    assert (tmp_path / "empty" / manifest.NAME).exists()


def test_where_nothing_can_be_written_nothing_is_left(copy, tmp_path, monkeypatch):
    with pytest.raises(NotAvailable, match="cannot be written"):
        make_backup(actor=command_line(), folder=tmp_path / "no" / "such" / "folder")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "write_part", full)
    with pytest.raises(NotAvailable, match="No space left on device"):
        make_backup(actor=command_line(), folder=tmp_path / "full")
    assert [path.name for path in tmp_path.iterdir() if "full" in path.name] == []
    assert not AuditEvent.objects.filter(verb="backup.made").exists()


def test_tables_that_wait_for_a_migration_are_not_backed_up(copy, tmp_path, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'jobs'")
    with pytest.raises(NotAllowed, match="jobs 0001_initial waits"):
        make_backup(actor=command_line(), folder=tmp_path / "b")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "is not a backup"),
        ("{", "not the manifest"),
        ("[]", "not the manifest"),
        ('{"kind": "sightline-backup"}', "not the manifest"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused(tmp_path, content, said):
    (tmp_path / "letter.txt").write_text("mine")
    if content is not None:
        (tmp_path / manifest.NAME).write_text(content)
    with pytest.raises(BadInput, match=said):
        restore_backup(actor=command_line(), folder=tmp_path)


def test_a_manifest_that_cannot_be_read_or_is_huge_is_refused(tmp_path, monkeypatch):
    (tmp_path / manifest.NAME).mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        manifest.read_manifest(tmp_path)
    monkeypatch.setattr(manifest, "LARGEST", -1)
    with pytest.raises(BadInput, match="too large"):
        manifest.read_manifest(tmp_path)


def test_a_backup_of_newer_tables_is_refused_and_nothing_is_touched(made):
    newer = manifest.read_manifest(made).migrations
    rewrite(made, migrations={**newer, "access": [*newer["access"], "0999_from_the_future"]})
    with pytest.raises(NotAllowed, match="made by a newer release: access 0999_from_the_future"):
        replaced(made)
    rewrite(made, format=2, shape="unknown")
    with pytest.raises(NotAllowed, match="newer release: it has format 2"):
        replaced(made)
    assert User.objects.filter(name="Somebody Planted").exists()


@pytest.mark.parametrize("name", [manifest.DATABASE, manifest.FILES])
def test_a_damaged_part_is_named_and_nothing_is_touched(made, name):
    whole = (made / name).read_bytes()
    (made / name).write_bytes(whole[:-1])
    with pytest.raises(BadInput, match=rf"{name} has .* bytes and should have"):
        replaced(made)
    (made / name).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BadInput, match=f"{name} is not as it was written"):
        replaced(made)
    (made / name).unlink()
    with pytest.raises(BadInput, match=f"{name} cannot be read"):
        replaced(made)
    assert User.objects.filter(name="Somebody Planted").exists()


def test_a_missing_key_is_named(made, settings):
    settings.SIGHTLINE_KEYS = {**settings.SIGHTLINE_KEYS, "concerns": OTHER}
    with pytest.raises(KeyMissing, match="concerns:test"):
        replaced(made)
    settings.SIGHTLINE_KEYS = {"data": OTHER, "concerns": OTHER}
    with pytest.raises(KeyMissing, match="data:test"):
        replaced(made)


def test_another_key_of_the_same_name_opens_nothing(made, settings):
    settings.SIGHTLINE_KEYS = {**settings.SIGHTLINE_KEYS, "data": (("test", b"\x07" * 32),)}
    with pytest.raises(Tampered):
        replaced(made)
    assert User.objects.filter(name="Somebody Planted").exists()


def test_parts_of_two_backups_cannot_be_mixed(made, tmp_path):
    make_backup(actor=command_line(), folder=tmp_path / "second")
    shutil.copy(tmp_path / "second" / manifest.DATABASE, made / manifest.DATABASE)
    parts = manifest.read_manifest(made).model_dump()["parts"]
    second = manifest.read_manifest(tmp_path / "second").model_dump()["parts"]
    rewrite(made, parts={**parts, manifest.DATABASE: second[manifest.DATABASE]})
    with pytest.raises(Tampered):
        replaced(made)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda lines: lines[:-1], "stops before its end"),
        (lambda lines: lines[:-2], "stop short"),
        (lambda lines: [*lines[:-1], '{"end": 1}'], "lacks a table"),
        (lambda lines: ['{"table": "none", "columns": []}', *lines], "is not known here"),
        (lambda lines: [lines[0].replace('"id"', '"ix"'), *lines[1:]], "columns"),
    ],
)  # fmt: skip
def test_rows_that_are_not_whole_leave_everything_as_it_was(made, copy, change, said):
    resealed(made, change)
    with pytest.raises(BadInput, match=said):
        replaced(made)
    assert User.objects.filter(name="Somebody Planted").exists()
    assert missing_triggers() == []
    assert not (copy / files.STAGED).exists()


def test_counts_that_differ_from_the_manifest_leave_everything_as_it_was(made):
    contents = manifest.read_manifest(made)
    rewrite(made, tables={**contents.tables, "access_user": 77})
    with pytest.raises(BadInput, match="not the rows it says"):
        replaced(made)
    rewrite(made, tables=contents.tables, files=9)
    with pytest.raises(BadInput, match="not the files it says"):
        replaced(made)
    assert User.objects.filter(name="Somebody Planted").exists()


def test_files_that_cannot_be_put_back_leave_everything_as_it_was(made, copy, monkeypatch):
    def moves_one(staged):
        (copy / "holdings" / "new").write_text("moved")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "move_in", moves_one)
    with pytest.raises(NotAvailable, match="No space left on device"):
        replaced(made)
    assert User.objects.filter(name="Somebody Planted").exists()
    assert not (copy / files.STAGED).exists()


def test_a_backup_of_older_tables_is_not_put_over_newer_ones(made):
    contents = manifest.read_manifest(made)
    older = {**contents.migrations, "partnerships": contents.migrations["partnerships"][:1]}
    rewrite(made, migrations=older)
    with pytest.raises(NotAllowed, match=r"without tables"):
        replaced(made)


def test_values_of_every_sort_come_back_as_they_were():
    from decimal import Decimal
    from uuid import uuid4

    from django.db.models import JSONField, TextField

    moment = dt.datetime(2026, 3, 4, 5, 6, 7, 8, tzinfo=dt.UTC)
    for value in (
        None, 1, 2.5, "text", True, b"bytes", moment, moment.date(), moment.time(), uuid4(),
        dt.timedelta(days=-3, seconds=5, microseconds=7), Decimal("1.50"),
    ):  # fmt: skip
        written = json.loads(json.dumps(rows._written(TextField(), value)))
        assert rows._read(written) == value
    shape = {"a": [1, None, {"$": "at"}], "é": "ü"}
    assert rows._read(json.loads(json.dumps(rows._written(JSONField(), shape)))) == shape


def test_a_stream_that_is_no_archive_or_holds_no_plain_files_is_refused(copy):
    with pytest.raises(BadInput, match="cannot be read"):
        files.unpack(io.BytesIO(b"x" * 2000))
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        link = tarfile.TarInfo("uploads/link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    held.seek(0)
    with pytest.raises(BadInput, match="not a plain file"):
        files.unpack(held)
    outside = io.BytesIO()
    with tarfile.open(fileobj=outside, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("../../outside"), io.BytesIO())
    outside.seek(0)
    with pytest.raises(BadInput, match="cannot be read"):
        files.unpack(outside)


def test_neither_backups_nor_the_database_nor_what_goes_meanwhile_are_copied(
    copy, settings, monkeypatch
):
    backups = copy / "backups"
    backups.mkdir()
    make_backup(actor=command_line(), folder=backups / "first")
    # By monkeypatch: pytest-django's `settings` would leave what is inside the dict changed.
    here = {**settings.DATABASES["default"], "NAME": str(copy / "main.db")}
    monkeypatch.setitem(settings.DATABASES, "default", here)
    (copy / "main.db").write_text("rows")
    (copy / "kept").write_text("kept")
    found = {path.relative_to(copy).as_posix() for path in files.wanted(without=copy / "x")}
    assert found == {"kept", "holdings/one.bin", "holdings/deep/two.bin"}
    gone = iter([copy / "gone", copy / "kept"])
    monkeypatch.setattr(files, "wanted", lambda *, without: gone)
    assert files.pack(io.BytesIO(), without=copy) == 1


def test_files_already_in_place_are_not_taken_away_when_something_fails(copy):
    staged = copy / files.STAGED
    (staged / "holdings").mkdir(parents=True)
    (staged / "holdings" / "one.bin").write_text("from the backup")
    (staged / "holdings" / "new.bin").write_text("new")
    moved = files.move_in(staged)
    assert moved == [copy / "holdings" / "new.bin"]
    files.clear_away(staged, moved)
    assert (copy / "holdings" / "one.bin").exists()
    assert not (copy / "holdings" / "new.bin").exists()


def test_checks_say_what_is_not_good(monkeypatch, settings):
    from sightline.access.triggers import drop_triggers

    ConcernFactory()
    AuditEvent.objects.create(actor="test", verb="a.b", target="c:d", at=dt.datetime.now(dt.UTC))
    drop_triggers()
    settings.SIGHTLINE_KEYS = {"data": OTHER, "concerns": OTHER}
    found = checking.check_all(command_line(), expected={"x": 2, "y": 1}, found={"x": 1, "y": 1})
    assert [check.good for check in found] == [False, True, False, False, False, False]
    assert "x" in found[0].found

    def broken():
        from django.db import IntegrityError

        raise IntegrityError("row 7 leads nowhere\nat length")

    monkeypatch.setattr(connection, "check_constraints", broken)
    assert checking._said("Keys", broken) == checking.Check("Keys", False, "row 7 leads nowhere")
    monkeypatch.setattr(checking.Organisation.objects, "create", lambda **_: broken())
    assert checking._audited_write(command_line()).found == "row 7 leads nowhere"


def test_the_commands_say_what_was_done(made, tmp_path, capsys):
    call_command("backup", tmp_path / "again")
    said = capsys.readouterr().out
    assert "Backed up to" in said
    assert "The keys are not in it" in said
    call_command("restore", made, replace=words_to_replace())
    assert "Every check passed." in capsys.readouterr().out
    call_command("restore", made, replace=words_to_replace(), output_format="json")
    assert json.loads(capsys.readouterr().out)["files"] == 2


def test_keys_are_copied_elsewhere_with_a_warning_or_a_passphrase(copy, tmp_path, capsys):
    call_command("backup", tmp_path / "b1", keys_to=tmp_path / "keys")
    assert "Warning" in capsys.readouterr().out
    assert (tmp_path / "keys" / "data.keys").stat().st_mode & 0o777 == 0o600
    words = tmp_path / "words"
    words.write_text("granite heather water\n")
    call_command("backup", tmp_path / "b2", keys_to=tmp_path / "sealed", passphrase_file=words)
    assert "Warning" not in capsys.readouterr().out
    with pytest.raises(SystemExit):
        call_command("backup", tmp_path / "b3", passphrase_file=words)
    with pytest.raises(SystemExit):
        call_command("backup", tmp_path / "b3", keys_to=tmp_path / "b3" / "keys")
    assert not (tmp_path / "b3").exists()
    with pytest.raises(SystemExit):
        call_command("backup", tmp_path / "b1", check=True, keys_to=tmp_path / "keys")


def test_a_restore_whose_checks_fail_leaves_with_a_status(made, monkeypatch, capsys):
    bad = (checking.Check("All is well", False, "it is not"),)
    monkeypatch.setattr(restoring, "check_all", lambda *_, **__: bad)
    with pytest.raises(SystemExit) as left:
        call_command("restore", made, replace=words_to_replace())
    assert left.value.code == 1
    assert "Not every check passed" in capsys.readouterr().out


def test_a_backup_is_tried_in_a_scratch_database_that_is_gone_afterwards(made, copy, capsys):
    call_command("backup", made, check=True)
    said = capsys.readouterr().out
    assert "Every check passed." in said
    assert "gone again" in said
    assert [path.name for path in copy.iterdir() if path.name.startswith(".trying-")] == []


def test_a_backup_that_fails_its_trial_is_said_with_its_status(made, monkeypatch, capsys):
    asked = []

    def fails(command, **more):
        asked.append((command, more["env"]))
        return subprocess.CompletedProcess(command, BadInput.status, "", "It is damaged.\n")

    monkeypatch.setattr(checking.subprocess, "run", fails)
    with pytest.raises(SystemExit) as left:
        call_command("backup", made, check=True)
    assert left.value.code == BadInput.status
    assert capsys.readouterr().err == "It is damaged.\n"
    command, environment = asked[0]
    assert command[-4:] == ["restore", str(made), "--format", "json"]
    assert "/.trying-" in environment["SIGHTLINE_DATABASE"]


def test_a_backup_of_older_tables_is_brought_up_to_date(made, monkeypatch):
    monkeypatch.setattr(restoring, "_tables_ready", lambda _: True)
    result = replaced(made)
    assert result.brought_up_to_date
    assert result.good
    assert "brought up to date" in report(plain(result))


def test_tables_that_are_not_there_are_made_as_the_backup_had_them(made, monkeypatch):
    asked = []
    monkeypatch.setattr(
        MigrationExecutor, "migrate", lambda _, targets, **__: asked.append(set(targets))
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app IN ('jobs', 'partnerships')")
    contents = manifest.read_manifest(made)
    older = {**contents.migrations, "partnerships": ["0001_initial"]}
    assert restoring._tables_ready(contents.model_copy(update={"migrations": older}))
    assert ("partnerships", "0001_initial") in asked[0]
    assert ("jobs", "0001_initial") in asked[0]
    assert ("access", "0001_initial") not in asked[0]
    monkeypatch.setattr(connection.introspection, "table_names", lambda *_: [])
    assert not restoring._tables_ready(contents)
