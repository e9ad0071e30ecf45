"""Pages of uploads: who sees them, what they say, how a file comes in."""

import csv
import io
import json
import uuid

import openpyxl
import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from sightline.access.models import AuditEvent
from sightline.partnerships.models import StrategicGroup
from sightline.uploads import files, services
from sightline.uploads.models import State, Upload
from sightline.uploads.receiving import Receiver
from tests.factories.access import UserFactory, assign
from tests.factories.uploads import UploadFactory
from tests.uploads.conftest import CODE
from tests.uploads.test_services import GOOD, MIXED, on_disk

pytestmark = pytest.mark.django_db
SEND = reverse("uploads:send", args=[CODE, "partnership", "fife"])


def named(content, name="things.csv"):
    file = io.BytesIO(content)
    file.name = name
    return file


def at(name, upload):
    return reverse(f"uploads:{name}", args=[upload.pk])


@pytest.fixture
def page(client_for, sender, django_capture_on_commit_callbacks):
    """Post a file as the sender; gives the answer after whatever it set off."""
    client = client_for(sender)

    def post(content=None, name="things.csv", **more):
        data = {} if content is None else {"file": named(content, name)}
        with django_capture_on_commit_callbacks(execute=True):
            return client.post(SEND, data, **more)

    post.client = client
    return post


def test_the_list_says_what_may_be_sent_where_and_what_was(page, send, client_for):
    upload = send(GOOD)
    text = page.client.get(reverse("uploads:uploads")).content.decode()
    assert SEND in text
    assert at("upload", upload) in text
    nobody = client_for(UserFactory())
    assert "no kind of file" in nobody.get(reverse("uploads:uploads")).content.decode()
    national = client_for(assign(UserFactory(), "strategic-support-officer"))
    assert reverse("uploads:send", args=[CODE, "partnership", "angus"]) in (
        national.get(reverse("uploads:uploads")).content.decode()
    )


def test_rows_that_were_not_read_are_not_said_to_be_none(page, send):
    send(GOOD)
    send(b"Name of thing\nThe Mrs Quist thing,07700 900123\n")
    send(b"nothing,of ours\n1,2\n")
    text = page.client.get(SEND).content.decode()
    assert text.count("<td>Not read</td>") == 2
    assert f"<td>{Upload.objects.get(state=State.CHECKED).good} good</td>" in text
    assert "<td>None</td>" not in text


def test_the_list_takes_as_many_queries_for_many_uploads_as_for_one(
    page, django_assert_max_num_queries
):
    UploadFactory.create_batch(10, kind=CODE)
    with django_assert_max_num_queries(6):
        page.client.get(reverse("uploads:uploads"))


def test_a_file_is_sent_and_its_result_shown(page):
    answer = page(MIXED)
    upload = Upload.objects.get()
    assert answer["Location"] == at("upload", upload)
    text = page.client.get(at("upload", upload)).content.decode()
    for words in (
        "Error: Check your file",
        "1 row cannot be used yet. Nothing stops the rest of the file. 1 to look at again.",
        "Rows we will hold back (1)",
        "Look at these again (1)",
        "2 rows will be added",
        "Upload a corrected file",
        "Download my file with comments",
        "Import the 2 good rows",
        upload.sha256,
    ):
        assert words in text, words
    assert AuditEvent.objects.filter(verb="upload.read").count() == 1


def test_a_page_script_is_told_where_to_go_or_what_is_wrong(page):
    answer = page(GOOD, headers={"accept": "application/json"})
    assert json.loads(answer.content) == {"next": at("upload", Upload.objects.get())}
    answer = page(headers={"accept": "application/json"})
    assert (answer.status_code, json.loads(answer.content)) == (422, {"error": "Choose a file"})


@pytest.mark.parametrize(
    ("content", "words"), [(None, "Choose a file"), (b"", "The selected file is empty")]
)
def test_no_file_and_an_empty_one_are_said_beside_the_box(page, content, words):
    text = page(content).content.decode()
    assert words in text
    assert not Upload.objects.exists()
    assert on_disk() == []


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(page, settings):
    settings.SIGHTLINE_UPLOAD_MB = 1
    text = page(b"x" * 1_000_001).content.decode()
    assert "The selected file must be smaller than 1MB" in text
    assert on_disk() == []
    assert page(b"Thing\n" + b"x" * 999_900).status_code == 302


def test_of_several_files_the_first_is_taken(page, django_capture_on_commit_callbacks):
    data = {"file": [named(GOOD), named(MIXED)], "other": named(b"x")}
    with django_capture_on_commit_callbacks(execute=True):
        page.client.post(SEND, data)
    assert Upload.objects.get().rows == 2
    assert len(on_disk()) == 1


def test_a_file_that_stops_arriving_leaves_nothing(rf: RequestFactory):
    receiver = Receiver(rf.post("/"))
    receiver.new_file("file", "f.csv", "text/csv", None)
    receiver.receive_data_chunk(b"half", 0)
    assert len(on_disk()) == 1
    receiver.upload_interrupted()
    assert on_disk() == []


def test_a_forged_request_is_refused_and_leaves_nothing(sender):
    client = Client(enforce_csrf_checks=True)
    client.force_login(sender)
    assert client.post(SEND, {"file": named(GOOD)}).status_code == 403
    assert not Upload.objects.exists()
    assert on_disk() == []
    token = client.get(SEND).context["csrf_token"]
    sent = client.post(SEND, {"csrfmiddlewaretoken": str(token), "file": named(GOOD)})
    assert sent.status_code == 302


def test_strangers_meet_nothing(page, send, client_for):
    upload = send(MIXED)
    for person in (
        UserFactory(),
        assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus"),
        assign(UserFactory(), "elected-member", "partnership", "fife"),
    ):
        client = client_for(person)
        assert client.get(SEND).status_code == 404
        assert client.post(SEND, {"file": named(GOOD)}).status_code == 404
        for name in ("upload", "faults", "faults-csv", "copy", "import", "throw-away", "undo"):
            assert client.get(at(name, upload)).status_code == 404
        for name in ("import", "throw-away", "undo", "check-again"):
            assert client.post(at(name, upload), {"good": 2}).status_code == 404
    assert client_for(person).get(reverse("uploads:upload", args=[uuid.uuid4()])).status_code == 404
    colleague = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    assert client_for(colleague).get(at("upload", upload)).status_code == 200
    assert Upload.objects.count() == 1


def test_importing_part_of_a_file_is_a_choice_of_its_own(page, send):
    upload = send(MIXED)
    text = page.client.get(at("import", upload)).content.decode()
    assert "1 row of the file will not be imported" in text
    done = page.client.post(at("import", upload), {"good": 2}, follow=True)
    assert "2 rows imported." in done.content.decode()
    assert "Undo this import" in done.content.decode()
    again = page.client.post(at("import", upload), {"good": 2}, follow=True)
    assert "imported already" in again.content.decode()
    assert "imported already" in page.client.get(at("import", upload), follow=True).content.decode()
    assert StrategicGroup.objects.count() == 2


def test_the_same_file_again_says_when_it_was_imported_and_by_whom(page, send, sender):
    services.commit(actor=sender, key=send(GOOD).pk, good=2)
    text = page(GOOD, follow=True).content.decode()
    assert "This very file was imported already, on" in text
    assert sender.name in text


def test_a_clash_is_said_and_the_file_can_be_checked_again(
    page, send, sender, django_capture_on_commit_callbacks
):
    upload = send(GOOD)
    services.commit(actor=sender, key=send(b"Thing,How many\nNith,8\n").pk, good=1)
    text = page.client.post(at("import", upload), {"good": 2}, follow=True).content.decode()
    assert "has changed since this file was checked" in text
    assert page.client.get(at("check-again", upload)).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        page.client.post(at("check-again", upload))
    text = page.client.get(at("upload", upload)).content.decode()
    assert "1 row will replace" in text


def test_every_fault_is_listed_and_downloaded(page, send):
    upload = send(b"Thing,How many,Day\n" + b"=cmd,many,soon\n" * 40)
    text = page.client.get(at("faults", upload)).content.decode()
    assert text.count('<th scope="row">') == 50
    assert "1 to 50 of" in text
    answer = page.client.get(at("faults-csv", upload))
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows[0][0] == "What follows"
    where = [row[1] for row in rows[1:]]
    assert where.index("B41") < where.index("C2")
    assert not any(cell.startswith("=") for row in rows for cell in row)
    assert AuditEvent.objects.filter(verb="upload.read", target=f"upload:{upload.pk}").count() == 2
    clean = send(GOOD)
    assert "Nothing is wrong" in page.client.get(at("faults", clean)).content.decode()


def test_the_copy_and_the_template_are_downloaded(page, send):
    upload = send(MIXED)
    answer = page.client.get(at("copy", upload))
    assert 'filename="things-with-comments.csv"' in answer["Content-Disposition"]
    assert b"What to mend" in b"".join(answer.streaming_content)
    answer = page.client.get(reverse("uploads:template", args=[CODE, "partnership", "fife"]))
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]] == [
        "Name of thing",
        "How many",
        "Rate",
        "Day",
        "Level",
    ]


def test_a_file_is_thrown_away_on_a_page(page, send, django_capture_on_commit_callbacks):
    upload = send(MIXED)
    assert page.client.get(at("throw-away", upload)).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        text = page.client.post(at("throw-away", upload), follow=True).content.decode()
    assert "The file was destroyed" in text
    assert page.client.get(at("copy", upload)).status_code == 409
    assert page.client.get(at("import", upload)).status_code == 409
    assert "Thrown away" in page.client.get(at("upload", upload)).content.decode()


def test_an_import_is_undone_on_a_page_or_refused_with_the_reason(page, send, sender):
    upload = send(GOOD)
    services.commit(actor=sender, key=upload.pk, good=2)
    assert page.client.get(at("undo", upload)).status_code == 200
    StrategicGroup.objects.update(source="another")
    text = page.client.post(at("undo", upload), follow=True).content.decode()
    assert "later upload has replaced its rows" in text
    StrategicGroup.objects.update(source=str(upload.pk))
    text = page.client.post(at("undo", upload), follow=True).content.decode()
    assert "The import was undone." in text
    assert page.client.get(at("undo", upload)).status_code == 409


def test_a_file_that_waits_to_be_checked_says_so(page, send, client_for):
    upload = send(GOOD)
    Upload.objects.filter(pk=upload.pk).update(state=State.CHECKING)
    text = page.client.get(at("upload", upload)).content.decode()
    assert "is being checked" in text
    assert "How far the check is" in text
    colleague = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    text = client_for(colleague).get(at("upload", upload)).content.decode()
    assert "How far the check is" not in text
    assert page.client.get(at("copy", upload)).status_code == 409


def test_a_refused_file_says_why(page, send):
    text = page.client.get(at("upload", send(b"%PDF-1.7", "a.csv"))).content.decode()
    assert "It is a PDF, not a table." in text
    assert "nothing of the file is kept" in text
    text = page.client.get(at("upload", send(b"Thing,Colour\nx,y\n"))).content.decode()
    assert "Stops the whole file (1)" in text


def test_a_file_with_nothing_wrong_says_so_and_how_it_was_read(page, send):
    text = page.client.get(at("upload", send(GOOD.replace(b",", b";")))).content.decode()
    assert "Nothing is wrong with the file" in text
    assert "Cells are divided by semicolons" in text
    assert "Import the 2 rows" in text


def test_the_page_says_what_each_column_takes(page):
    text = page.client.get(SEND).content.decode()
    assert "<td>One of lo, hi</td>" in text
    assert "<td>A whole number</td>" in text
    assert "Download an empty file with these columns" in text


def test_a_sheet_can_be_named(page, sender, django_capture_on_commit_callbacks):
    book = openpyxl.Workbook()
    book.active.append(["Nothing of ours"])
    for row in (["Thing"], ["x"], ["y"]):
        if "Rows" not in book.sheetnames:
            book.create_sheet("Rows")
        book["Rows"].append(row)
    content = io.BytesIO()
    book.save(content)
    data = {"file": named(content.getvalue(), "b.xlsx"), "sheet": "rows"}
    with django_capture_on_commit_callbacks(execute=True):
        page.client.post(SEND, data)
    upload = Upload.objects.get()
    assert (upload.rows, upload.result["read"]) == (2, "Rows")
    assert files.path_of(upload.pk).exists()
