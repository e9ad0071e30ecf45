"""Files that are imported by a job, prepared before the transaction, or look odd as a whole."""

import io

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from sightline.access.models import AuditEvent
from sightline.jobs.models import Job
from sightline.kernel.errors import NotAllowed
from sightline.partnerships.models import StrategicGroup
from sightline.uploads import kinds, policies, services
from sightline.uploads.blank import blank_workbook
from sightline.uploads.kinds import Kind, Outcome
from sightline.uploads.models import State, Upload
from tests.uploads.conftest import CODE, KIND

GOOD = b"Name of thing,How many\nAlpha,1\nBeta,2\n"


@pytest.fixture
def many(monkeypatch):
    monkeypatch.setattr(policies, "MANY_ROWS", 1)


def test_a_large_file_is_imported_by_a_job(
    send, sender, client_for, many, django_capture_on_commit_callbacks
):
    upload = send(GOOD)
    client = client_for(sender)
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("uploads:import", args=[upload.pk]), {"good": "2"})
    assert answer.status_code == 302
    upload.refresh_from_db()
    assert (upload.state, StrategicGroup.objects.count()) == (State.COMMITTED, 2)
    assert Job.objects.get(pk=upload.job).code == "uploads.import"
    assert AuditEvent.objects.filter(verb="upload.import-started").count() == 1


def test_while_it_goes_on_the_page_says_so_and_starts_no_other(send, sender, client_for, many):
    upload = send(GOOD)
    services.start_import(actor=sender, key=upload.pk, good=2)
    page = client_for(sender).get(reverse("uploads:upload", args=[upload.pk])).content.decode()
    assert "Your file is being imported" in page
    services.start_import(actor=sender, key=upload.pk, good=2)
    assert Job.objects.filter(code="uploads.import").count() == 1


def test_an_import_that_failed_says_why(send, sender, client_for, many):
    upload = send(GOOD)
    with pytest.raises(NotAllowed, match="has changed"):
        services.start_import(actor=sender, key=upload.pk, good=1)
    services.start_import(actor=sender, key=upload.pk, good=2)
    Job.objects.filter(code="uploads.import").update(
        state="failed", told="The disk is full.", ended=upload.received_at
    )
    page = client_for(sender).get(reverse("uploads:upload", args=[upload.pk])).content.decode()
    assert "The import was not carried out. The disk is full." in page
    assert "Import the 2 rows" in page


def _prepared(seen):
    def prepare(*, scope, rows):
        seen.append([row.values["name"] for row in rows])
        return len(seen[-1])

    def commit(*, actor, scope, rows, upload, prepared):
        assert list(rows) == []
        return Outcome(added=prepared)

    return Kind(
        code=CODE, title=KIND.title, what=KIND.what, columns=KIND.columns, needs=KIND.needs,
        scope_kind=KIND.scope_kind, commit=commit, undo=KIND.undo, prepare=prepare,
        takes_none=True,
    )  # fmt: skip


def test_a_kind_that_prepares_gets_its_rows_before_the_transaction(send, sender):
    seen = []
    kinds.register(_prepared(seen))
    upload = send(GOOD)
    done = services.commit(actor=sender, key=upload.pk, good=2)
    assert done.changed
    assert seen == [["Alpha", "Beta"]] * 2
    assert not services.commit(actor=sender, key=upload.pk, good=2).changed


def test_none_can_be_imported_where_the_kind_takes_it(send, sender):
    kinds.register(_prepared([]))
    upload = send(b"Name of thing\n")
    assert (upload.state, upload.rows) == (State.CHECKED, 0)
    assert services.commit(actor=sender, key=upload.pk, good=0).upload.state == State.COMMITTED
    kinds.register(KIND)
    assert send(b"Name of thing,Day\n").state == State.REFUSED


def test_a_file_destroyed_before_it_was_imported_is_thrown_away(send, sender):
    upload = send(GOOD)
    services.destroy_file(actor=sender, key=upload.pk, reason="Erasure")
    assert Upload.objects.get().state == State.THROWN_AWAY


def test_an_empty_workbook_explains_its_columns():
    book = load_workbook(io.BytesIO(blank_workbook(KIND)))
    assert [cell.value for cell in book["Rows"][1]] == [column.title for column in KIND.columns]
    assert "Low" in str([cell.value for row in book["Codes"].rows for cell in row])
    assert book["What each column takes"]["B4"].value.startswith("a number")
