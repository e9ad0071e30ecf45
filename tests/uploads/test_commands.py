"""`sightline uploads check` and `send`."""

import json

import pytest
from django.core.management import call_command

from sightline.uploads.models import Upload
from tests.uploads.conftest import CODE
from tests.uploads.test_services import GOOD, MIXED, on_disk

pytestmark = pytest.mark.django_db
FIFE = "--scope=partnership:fife"


@pytest.fixture
def file(tmp_path):
    def write(content, name="things.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        return str(path)

    return write


def run(capsys, *arguments, **more):
    call_command(*arguments, **more)
    return capsys.readouterr().out


def test_a_file_is_checked_and_nothing_of_it_kept(file, capsys):
    said = run(capsys, "uploads_check", CODE, file(MIXED.replace(b",", b";")), FIFE)
    assert "3 rows, 2 good, 1 held back, 1 to look at again." in said
    assert "Cells are divided by semicolons" in said
    assert "B3" in said
    said = run(capsys, "uploads_check", CODE, file(GOOD), FIFE, output_format="json")
    assert json.loads(said)["good"] == 2
    said = run(capsys, "uploads_check", CODE, file(b"Thing\nCHI 0104148766\n"), FIFE)
    assert "would be quarantined" in said
    assert "0104148766" not in said
    assert "A2" in said
    assert not Upload.objects.exists()
    assert on_disk() == []


def test_a_file_is_sent_imported_and_sent_again(file, capsys, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        said = run(capsys, "uploads_send", CODE, file(GOOD), FIFE)
    upload = Upload.objects.get()
    assert said.startswith(str(upload.pk))
    assert upload.state == "checked"
    Upload.objects.all().delete()
    # Work is done at once where nothing else waits to be written, so here it is imported too.
    with django_capture_on_commit_callbacks(execute=True):
        run(capsys, "uploads_send", CODE, file(GOOD), FIFE, "--import")
    from sightline.access.actors import command_line
    from sightline.uploads import services

    upload = Upload.objects.get()
    services.commit(actor=command_line(), key=upload.pk, good=2)
    said = run(capsys, "uploads_send", CODE, file(GOOD), FIFE)
    assert "was imported already" in said
    assert Upload.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_file_is_sent_and_imported_in_one_command(file, capsys):
    said = run(capsys, "uploads_send", CODE, file(GOOD), FIFE, "--import")
    assert "is committed: 2 rows, 2 good, 0 held back." in said
    said = run(capsys, "uploads_send", CODE, file(MIXED), FIFE, "--import")
    assert "is checked: 3 rows, 2 good, 1 held back." in said


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        ((CODE, "nowhere.csv", FIFE), 3, "is not a file"),
        ((CODE, "FILE", "--scope=fife"), 3, "write it as partnership:fife"),
        ((CODE, "FILE", "--scope=partnership:atlantis"), 7, "not sent to partnership atlantis"),
        (("nothing", "FILE", FIFE), 7, "no kind of file"),
    ],
)
def test_what_cannot_be_is_refused(file, capsys, arguments, status, words):
    path = file(GOOD)
    for command in ("uploads_check", "uploads_send"):
        with pytest.raises(SystemExit) as left:
            call_command(command, *(path if one == "FILE" else one for one in arguments))
        assert left.value.code == status
        assert words in capsys.readouterr().err
    assert on_disk() == []
