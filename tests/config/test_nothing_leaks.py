"""Done when 2: the database, the files and the logs hold no word of a planted concern and nothing
of a file that was refused for what it could tell.

All of it goes in by the pages, as people send it. Then every value of every table, the pages of the
database itself, every file and every line of the logs are searched, in every dress a word may wear.
"""

import io
import logging
import tempfile
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from sightline.access.models import User
from sightline.concerns.models import Concern
from sightline.uploads.models import State, Upload
from tests.concerns.looking import cells, files, leaks, words_in
from tests.factories.access import UserFactory, assign

WORRY = {
    "worry": "Thessaly Umbrichter said the kitchenette at Plumstead Wynd frightens her",
    "where_seen": "Corbiestane annexe, on a Zwicky morning",
    "told": "Told Dr Yggdrasill",
    "about_whom": "Thessaly Umbrichter, CHI 0101157777",
}
OF_THE_CONCERN = [
    "Thessaly", "Umbrichter", "kitchenette", "Plumstead", "Corbiestane", "Zwicky", "Yggdrasill",
    "0101157777",
]  # fmt: skip
CHI, OTHER_CHI = "0104148764", "2512109997"
OF_THE_FILES = [
    CHI, OTHER_CHI, "quillfeather.z@planted.example", "07700900461", "KW17 4QT", "Larkspur",
    "Fenwicka McQuorquodale",
]  # fmt: skip
SEND = reverse("uploads:send", args=["holidays", "partnership", "fife"])
HEADER = "Name,Kind,First day,Last day"
ROW = "school,2031-04-07,"


def _book() -> bytes:
    """Nothing in the cells; what matters is the name of a sheet, and one that is hidden."""
    book = Workbook()
    page: Any = book.active
    page.append(HEADER.split(","))
    page.append(["Spring week", "school", "2031-04-07"])
    book.create_sheet(f"CHI {CHI}")
    hidden = book.create_sheet("Lists")
    hidden.sheet_state = "hidden"
    hidden.append(["Child's name", "Health number"])
    hidden.append(["Fenwicka McQuorquodale", OTHER_CHI])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


REFUSED: tuple[tuple[str, bytes], ...] = (
    ("a.csv", f"{HEADER}\nvisit of {CHI},{ROW}\n".encode()),
    ("b.csv", f"{HEADER}\nask quillfeather.z@planted.example,{ROW}\n".encode("utf-16")),
    ("c.csv", f"{HEADER}\nring 07700900461,{ROW}\nOpen,{ROW}\n".encode()),
    ("d.csv", f"{HEADER}\n14 Larkspur Terrace KW17 4QT,{ROW}\n".encode("cp1252")),
    ("e.csv", f"{HEADER},Child's name\nSpring,{ROW},Fenwicka McQuorquodale\n".encode()),
    ("f.csv", f"{HEADER},{CHI}\nSpring,{ROW},x\n".encode()),
    ("g.xlsx", _book()),
    (f"CHI {OTHER_CHI}.csv", f"{HEADER}\nSpring,{ROW}\n".encode()),
    (f"CHI {CHI} KW17 4QT.pdf", b"%PDF-1.4 Fenwicka McQuorquodale"),
)


def _signed_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def _of_the_database() -> bytes:
    """The pages of the database, with what deleted rows leave in them, where it can be had."""
    if connection.vendor == "sqlite":
        return bytes(connection.connection.serialize())
    return b""


def _everything_is_sent() -> None:
    """A concern by its form, once with a question left out; each file by the page of files."""
    sender = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    assign(UserFactory(), "local-lead-for-concerns", "partnership", "fife")
    client = _signed_in(sender)

    assert client.post(reverse("concerns:raise"), WORRY).status_code == 200  # a question left out
    given = WORRY | {"danger": "no", "partnership": "fife", "inspection": ""}
    assert client.post(reverse("concerns:raise"), given).status_code == 302
    assert Concern.objects.get().worry == WORRY["worry"]

    for name, content in REFUSED:
        sent = client.post(SEND, {"file": SimpleUploadedFile(name, content)})
        assert sent.status_code == 302, name
        page = client.get(sent["Location"]).content
        assert Upload.objects.latest("received_at").state == State.QUARANTINED, name
        assert b"was quarantined" in page
        assert not words_in(page, OF_THE_FILES), name
    listed = client.get(SEND).content + client.get(reverse("uploads:uploads")).content
    assert not words_in(listed, OF_THE_FILES)


@pytest.mark.django_db(transaction=True)
def test_no_word_of_a_concern_and_nothing_of_a_refused_file_is_kept_in_the_clear(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.SIGHTLINE_STATE = tmp_path / "state"
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, logger="django.db.backends")
    with CaptureQueriesContext(connection):  # so that statements are logged, as they may be
        _everything_is_sent()

    logs = [record.getMessage() + str(record.exc_info or "") for record in caplog.records]
    pieces = [
        *cells(),
        ("the database", _of_the_database()),
        *files(tmp_path),
        *(("a log", line.encode()) for line in logs),
        ("the cache", repr(getattr(cache, "_cache", {})).encode()),
    ]
    assert len(pieces) > 300
    assert len(logs) > 100
    assert any((tmp_path / "mail").iterdir())
    assert not any((tmp_path / "temporary").iterdir())
    assert leaks(pieces, [*OF_THE_CONCERN, *OF_THE_FILES]) == []


@pytest.mark.django_db(transaction=True)
def test_the_search_finds_what_is_in_the_clear(tmp_path: Path) -> None:
    """Else the test above would prove nothing."""
    UserFactory(name=f"Somebody called {OF_THE_CONCERN[0]}")
    (tmp_path / "file").write_bytes("KW17 4QT".encode("utf-16"))
    found = leaks([*cells(), *files(tmp_path)], [*OF_THE_CONCERN, *OF_THE_FILES])
    assert "Thessaly in access_user.name" in found
    assert f"KW17 4QT in {tmp_path / 'file'}" in found
    if connection.vendor == "sqlite":
        User.objects.filter(name__contains="Thessaly")._raw_delete("default")
        assert words_in(_of_the_database(), ["Thessaly"])
