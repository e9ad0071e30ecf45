"""A file that could tell who somebody is leaves nothing but where it could."""

import base64
import io
import json
import logging
import subprocess
import sys

import pytest
from django.db import connection
from django.urls import reverse
from openpyxl import Workbook, load_workbook
from openpyxl.comments import Comment

from sightline.access.models import AuditEvent
from sightline.identifiers import Kind as Identifier
from sightline.uploads import files, kinds
from sightline.uploads.blank import blank_workbook
from sightline.uploads.checking import FileCheck
from sightline.uploads.kinds import Column
from sightline.uploads.models import Upload, UploadFault
from tests.uploads.conftest import FIFE, KIND
from tests.uploads.test_services import on_disk, replaced
from tests.warehouse import made

pytestmark = pytest.mark.django_db
CHI, NAME, POSTCODE = "0104148766", "Mairi Sinclair", "ML3 0AA"
PLANTED = f"Thing,How many\n{NAME},3\nCHI {CHI},lots\nhome {POSTCODE},4\n".encode()


def disguises(text):
    """A text as it might lie in a file: as it is, in UTF-16, in base64, in hexadecimal."""
    raw = text.encode()
    yield raw
    yield text.encode("utf-16-le")
    yield raw.hex().encode()
    for shift in range(3):  # base64 depends on where a text begins
        coded = base64.b64encode(b"\0" * shift + raw)
        yield coded[4 if shift else 0 : -4]


def dumped():
    """Every value of every table, as bytes."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - our own tables
            for row in cursor.fetchall():
                for value in row:
                    if isinstance(value, bytes | memoryview):
                        yield bytes(value)
                    elif isinstance(value, dict | list):
                        yield json.dumps(value, ensure_ascii=False).encode()
                    else:
                        yield str(value).encode()


@pytest.mark.parametrize("name", [f"{NAME} {CHI}.csv", f"{POSTCODE}.csv"])
def test_nothing_of_it_is_left_in_database_files_or_log(send, caplog, settings, name):
    caplog.set_level(logging.DEBUG)
    upload = send(PLANTED, name)

    assert (upload.state, upload.sha256) == ("quarantined", "")
    assert upload.file_name == "(name not kept)"
    assert on_disk() == []
    assert not UploadFault.objects.exists()
    kept = [*dumped(), caplog.text.encode()]
    kept += [path.read_bytes() for path in settings.SIGHTLINE_STATE.rglob("*") if path.is_file()]
    for planted in (CHI, NAME, POSTCODE, NAME.split()[1]):
        for disguise in disguises(planted):
            assert not any(disguise.lower() in found.lower() for found in kept), planted
    places = {place for place, _ in upload.result["places"]}
    assert {"A3", "A4"} <= places
    assert upload.received_by
    assert upload.destroyed_at
    (event,) = AuditEvent.objects.filter(verb="upload.quarantined")
    assert event.target == f"upload:{upload.pk}"


def test_the_dump_would_find_what_was_kept():
    for planted in (CHI, NAME, POSTCODE):
        for disguise in disguises(planted):
            assert disguise
        assert base64.b64encode(b"xx" + planted.encode() + b"yy").find(
            list(disguises(planted))[5]
        ) >= 0  # fmt: skip


def test_the_page_says_which_cells_and_what_to_do_and_nothing_else(send, sender, client_for):
    upload = send(PLANTED, "f.csv")
    page = client_for(sender).get(reverse("uploads:upload", args=[upload.pk]))
    text = page.content.decode()
    assert "Your file was quarantined" in text
    assert '<th scope="row">A3</th>' in text
    assert "A CHI number" in text
    assert "may be a breach of data protection that the partnership must record" in text
    for planted in (CHI, NAME, POSTCODE, "f.csv"):
        assert planted not in text
    for name in ("import", "copy", "throw-away", "undo", "check-again"):
        assert (
            client_for(sender).get(reverse(f"uploads:{name}", args=[upload.pk])).status_code == 409
        )


def test_other_sheets_and_workbooks_are_looked_at_too(send):
    book = made.workbook([["Thing", "How many"], ["x", 3]])
    other = book.create_sheet("Notes")
    for row in (["CHI number"], [CHI], ["1212120021"]):
        other.append(row)
    upload = send(made.saved(book), "f.xlsx")
    assert upload.state == "quarantined"
    assert all("of sheet 2" in place for place, _ in upload.result["places"])


def looked_through(kind, *, change=None):
    """The check of the empty workbook that somebody downloads, after a change to it."""
    filled = load_workbook(io.BytesIO(blank_workbook(kind.sent_by(FIFE))))
    if change is not None:
        change(filled)
    done = FileCheck(made.table(made.saved(filled), "things.xlsx"), kind, FIFE)
    done.run()
    return [(one.place, one.kind) for one in done.identified]


def test_no_workbook_of_ours_counts_against_its_sender():
    sent = [one for one in kinds.kinds() if one.scope_kind == FIFE.kind and one.refuses_identifiers]
    assert {"placements", "locality-zones"} <= {one.code for one in sent}
    for kind in sent:
        codes = {
            at: next(iter(column.options))
            for at, column in enumerate(kind.columns, start=1)
            if column.options
        }

        def filled(book, codes=codes):
            for at, code in codes.items():
                book.worksheets[0].cell(2, at, code)

        assert looked_through(kind, change=filled) == [], kind.code


def test_a_name_on_a_sheet_of_an_extract_s_workbook_is_found():
    def planted(book):
        book["Codes"]["D2"] = NAME

    found = looked_through(kinds.kind_named("placements"), change=planted)
    assert found == [("D2 of sheet 3", Identifier.NAME)]


def test_our_own_words_are_passed_over_where_they_stand_and_no_others():
    # A place of an area's own that is a first name too.
    place = Column("place", "Place", kind="code", options=("Upper Garry", "Lower Garry"))
    note = Column("note", "Note", hint="Ask Kayleigh Munro")
    kind = replaced(columns=(*KIND.columns, place, note))
    assert looked_through(kind) == []

    def planted(book):
        page = book["What each column takes"]
        page["B7"] = f"{page['B7'].value}, as Kayleigh Munro says"
        page["F3"] = f"CHI {CHI}"

    found = looked_through(kind, change=planted)
    assert set(found) == {("B7 of sheet 2", Identifier.NAME), ("F3 of sheet 2", Identifier.CHI)}


def test_a_file_of_a_kind_that_may_hold_them_is_not_quarantined(send, kind):
    kinds.register(replaced(refuses_identifiers=False))
    assert send(PLANTED).state == "checked"
    assert Upload.objects.get().good == 2


def test_the_file_itself_is_never_in_the_clear_while_it_is_here(send, monkeypatch):
    seen = []
    monkeypatch.setattr(files, "destroy", lambda key: seen.append(files.path_of(key).read_bytes()))
    send(PLANTED)
    assert seen
    for planted in (CHI, NAME, POSTCODE):
        for disguise in disguises(planted):
            assert not any(disguise in content for content in seen)


def test_reading_parquet_leaves_no_file(tmp_path):
    content = made.parquet_of([["Thing"], [NAME]], tmp_path)
    (tmp_path / "made.parquet").unlink()
    (tmp_path / "in.parquet").write_bytes(content)
    code = (
        "import sys, pathlib\n"
        "from sightline.warehouse.reading import Source, open_table\n"
        "path = pathlib.Path(sys.argv[1])\n"
        "source = Source(open=lambda: path.open('rb'), name=path.name, size=path.stat().st_size)\n"
        "print(len(list(open_table(source).lines())))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "in.parquet")],
        cwd=tmp_path, env={"PYTHONPATH": str(files.__file__).split("/sightline/")[0]},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "2"
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["in.parquet"]


def book(sheet="Things", other="", comment=""):
    """A clean table whose identifiers stand beside its cells."""
    made_book = Workbook()
    page = made_book.active
    page.title = sheet
    page.append(["Thing", "How many"])
    page.append(["Fence", 3])
    if other:
        made_book.create_sheet(other)
    if comment:
        page["A2"].comment = Comment(comment, "F. Bloggs")
    written = io.BytesIO()
    made_book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(
    ("content", "name", "place"),
    [
        (book(sheet=f"CHI {CHI}"), "a.xlsx", "the name of sheet 1"),
        (book(other=f"CHI {CHI}"), "a.xlsx", "the name of sheet 2"),
        (book(comment=f"asked {NAME}"), "a.xlsx", "a comment on a cell"),
        (f"Thing,How many,{NAME}\nFence,3,yes\n".encode(), "a.csv", "C1"),
        (b"%PDF-1.4", f"CHI {CHI}.pdf", "the name of the file"),
    ],
)
def test_what_stands_beside_the_cells_is_looked_at_too(send, content, name, place):
    upload = send(content, name)

    assert (upload.state, upload.file_name) == ("quarantined", "(name not kept)")
    assert place in {where for where, _ in upload.result["places"]}
    assert on_disk() == []


def test_the_sheet_somebody_asked_for_is_looked_at_when_there_is_none(send):
    upload = send(book(), "a.xlsx", sheet=f"CHI {CHI}")

    assert (upload.state, upload.result["places"]) == (
        "quarantined", [["the name of a sheet", "a CHI number"]],
    )  # fmt: skip


def test_whoever_wrote_a_comment_is_not_what_the_file_is_about(send):
    assert send(book(comment="Fiona Bloggs:\nlook again"), "a.xlsx").state == "checked"
