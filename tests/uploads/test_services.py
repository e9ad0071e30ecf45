"""An upload from its first byte to its undoing: who may, what is refused, what is kept."""

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from sightline.access.actors import acting_as, command_line
from sightline.access.models import AuditEvent
from sightline.access.scopes import Scope
from sightline.jobs.actors import Clock
from sightline.jobs.models import Job
from sightline.kernel.errors import BadInput, NotAllowed, NotFound
from sightline.partnerships.models import StrategicGroup
from sightline.uploads import files, kinds, services
from sightline.uploads.files import Incoming, clean_name
from sightline.uploads.jobs import sweep
from sightline.uploads.kinds import Kind, Outcome
from sightline.uploads.models import State, Upload, UploadFault
from tests.factories.access import UserFactory, assign
from tests.factories.uploads import UploadFactory, UploadFaultFactory
from tests.uploads.conftest import CODE, FIFE, KIND, arrived
from tests.warehouse import made

pytestmark = pytest.mark.django_db
GOOD = b"Thing,How many\nLeven,3\nNith,4\n"
MIXED = b"Thing,How many\nLeven,3\nNith,many\nTay,95\n"


def on_disk():
    return sorted(path.name for path in files.folder().iterdir())


def test_a_file_is_received_checked_and_imported_by_those_who_may_and_nobody_else(send, sender):
    stranger = UserFactory()
    elsewhere = assign(UserFactory(), "partnership-co-ordinator", "partnership", "angus")
    member = assign(UserFactory(), "elected-member", "partnership", "fife")
    for other in (stranger, elsewhere, member):
        with pytest.raises(NotFound):
            services.receive(
                actor=other, kind=CODE, scope=FIFE, name="f.csv", incoming=arrived(GOOD)
            )
    assert on_disk() == []
    upload = send(MIXED)
    assert (upload.state, upload.rows, upload.good, upload.held_back) == ("checked", 3, 2, 1)
    assert (upload.look_again, upload.added, upload.replaced) == (1, 2, 0)
    assert not StrategicGroup.objects.exists()
    for other in (stranger, elsewhere, member):
        for act in (
            lambda who: services.commit(actor=who, key=upload.pk, good=2),
            lambda who: services.throw_away(actor=who, key=upload.pk),
            lambda who: services.undo(actor=who, key=upload.pk),
            lambda who: services.check_again(actor=who, key=upload.pk),
            lambda who: services.checked_file(actor=who, key=upload.pk),
        ):
            with pytest.raises(NotFound):
                act(other)
    colleague = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")

    done = services.commit(actor=colleague, key=upload.pk, good=2)

    assert done.changed
    assert (done.upload.state, done.upload.committed_by) == ("committed", colleague.audit_name)
    assert set(StrategicGroup.objects.values_list("name", "purpose")) == {
        ("Leven", "3"),
        ("Tay", "95"),
    }
    again = services.commit(actor=sender, key=upload.pk, good=2)
    assert not again.changed
    deeds = AuditEvent.objects.filter(target=f"upload:{upload.pk}").exclude(verb__startswith="row.")
    assert sorted(deeds.values_list("verb", flat=True)) == [
        "upload.checked", "upload.imported", "upload.received",
    ]  # fmt: skip


def test_an_empty_file_and_a_scope_that_is_not_there_leave_nothing(sender):
    with pytest.raises(BadInput, match="The selected file is empty"):
        services.receive(actor=sender, kind=CODE, scope=FIFE, name="f", incoming=arrived(b""))
    for scope in (Scope("partnership", "atlantis"), Scope("national", "scotland")):
        with pytest.raises(NotFound):
            services.receive(actor=sender, kind=CODE, scope=scope, name="f", incoming=arrived(GOOD))
    with pytest.raises(NotFound, match="no kind of file"):
        services.receive(actor=sender, kind="nil", scope=FIFE, name="f", incoming=arrived(GOOD))
    with pytest.raises(NotFound):
        services.undo(actor=sender, key=UploadFactory.build().pk)
    assert on_disk() == []


def test_the_same_file_imported_already_does_nothing_and_an_older_one_is_checked_again(
    send, sender
):
    first = send(GOOD)
    services.commit(actor=sender, key=first.pk, good=2)
    assert send(GOOD).pk == first.pk
    assert Upload.objects.count() == 1
    assert AuditEvent.objects.filter(verb="upload.repeated").count() == 1
    other = send(GOOD + b"Tay,5\n")
    services.commit(actor=sender, key=other.pk, good=3)
    back = send(GOOD)
    assert back.pk != first.pk
    assert (back.state, back.unchanged, back.added) == ("checked", 2, 0)


def test_two_uploads_of_one_file_are_imported_once(send, sender):
    first, second = send(GOOD), send(GOOD)
    assert first.pk != second.pk
    services.commit(actor=sender, key=first.pk, good=2)
    with pytest.raises(NotAllowed, match="imported a moment ago"):
        services.commit(actor=sender, key=second.pk, good=2)
    assert StrategicGroup.objects.count() == 2


@pytest.mark.engine("postgresql")  # SQLite's test database is one connection's own
@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_twice_at_the_same_moment_imports_once():
    sender = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    done = services.receive(
        actor=sender, kind=CODE, scope=FIFE, name="f.csv", incoming=arrived(GOOD)
    )
    at_once = threading.Barrier(2)

    def press(_: int) -> bool:
        try:
            at_once.wait(timeout=20)
            with acting_as(sender):
                return services.commit(actor=sender, key=done.upload.pk, good=2).changed
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(press, range(2))) == [False, True]
    assert StrategicGroup.objects.count() == 2


def test_what_was_shown_is_what_is_imported_or_nothing_is(send, sender):
    upload = send(GOOD)
    with pytest.raises(NotAllowed, match="has changed since"):
        services.commit(actor=sender, key=upload.pk, good=1)
    other = send(b"Thing,How many\nLeven,9\n")
    services.commit(actor=sender, key=other.pk, good=1)
    with pytest.raises(NotAllowed, match="Check the file again"):
        services.commit(actor=sender, key=upload.pk, good=2)
    assert StrategicGroup.objects.get().purpose == "9"


def test_a_file_is_checked_again_against_what_is_held_now(
    send, sender, django_capture_on_commit_callbacks
):
    upload = send(GOOD)
    services.commit(actor=sender, key=send(b"Thing,How many\nLeven,9\n").pk, good=1)
    with django_capture_on_commit_callbacks(execute=True):
        services.check_again(actor=sender, key=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.added, upload.replaced) == ("checked", 1, 1)
    services.commit(actor=sender, key=upload.pk, good=2)
    with pytest.raises(NotAllowed, match="Undo the import instead"):
        services.check_again(actor=sender, key=upload.pk)


def test_a_file_that_cannot_be_read_is_refused_and_not_kept(send):
    for content, name in (
        (made.bomb(), "bomb.xlsx"),
        (made.old_container("EncryptedPackage"), "locked.xlsx"),
        (made.old_container("WordDocument"), "letter.csv"),
        (made.with_member(made.xlsx_of([["a"]]), "xl/vbaProject.bin", b"x"), "macros.xlsx"),
    ):
        upload = send(content, name)
        assert upload.state == State.REFUSED
        assert upload.result["reason"]
        assert upload.destroyed_at is not None
        assert on_disk() == []


def test_a_file_without_the_right_columns_is_refused_with_all_that_is_wrong(send, sender):
    upload = send(b"Thing,Colour\nx,red\n")
    assert (upload.state, upload.rows, upload.good) == ("refused", 0, 0)
    assert [group["what"] for group in upload.result["groups"]] == [
        "The column “Colour” is not asked for"
    ]
    assert on_disk() == []
    with pytest.raises(NotAllowed, match="Send a corrected one"):
        services.commit(actor=sender, key=upload.pk, good=0)
    assert send(b"Thing\nEverything\n").held_back == 1


def test_a_file_with_no_good_row_cannot_be_imported(send, sender):
    upload = send(b"Thing,How many\nx,many\n")
    assert (upload.state, upload.good) == ("checked", 0)
    with pytest.raises(NotAllowed, match="No row of this file"):
        services.commit(actor=sender, key=upload.pk, good=0)


def test_what_a_kind_refuses_in_rehearsal_stops_the_file(send):
    def refuse(**_):
        raise NotAllowed("The year is closed.")

    with patch.object(kinds, "_kinds", {CODE: replaced(commit=refuse)}):
        upload = send(GOOD)
    assert upload.state == State.REFUSED
    assert upload.result["groups"][0]["expected"] == "The year is closed."
    assert (upload.good, upload.held_back) == (0, 2)


def replaced(**changes):
    parts = {name: getattr(KIND, name) for name in KIND.__dataclass_fields__ if name != "by_name"}
    return Kind(**{**parts, **changes})


def test_a_kind_that_loses_a_row_is_found_out(send, sender):
    def lose(*, actor, scope, rows, upload):
        return Outcome(added=len(list(rows)) - 1)

    upload = send(GOOD)
    with (
        patch.object(kinds, "_kinds", {CODE: replaced(commit=lose)}),
        pytest.raises(RuntimeError, match="2 rows were good, 2 were taken and 1 accounted for"),
    ):
        services.commit(actor=sender, key=upload.pk, good=2)
    upload.refresh_from_db()
    assert upload.state == State.CHECKED


def test_a_file_is_thrown_away_with_all_that_was_quoted_from_it(
    send, sender, django_capture_on_commit_callbacks
):
    upload = send(MIXED)
    assert UploadFault.objects.count() == 2
    assert on_disk() == [f"{upload.pk}.sealed"]
    with django_capture_on_commit_callbacks(execute=True):
        services.throw_away(actor=sender, key=upload.pk)
    upload.refresh_from_db()
    assert (upload.state, upload.destroyed_by) == ("thrown-away", sender.audit_name)
    assert upload.result == {"format": "csv"}
    assert not UploadFault.objects.exists()
    assert on_disk() == []
    for act, words in (
        (services.throw_away, "nothing to throw away"),
        (services.undo, "nothing to undo"),
        (services.checked_file, "kept any longer"),
    ):
        with pytest.raises(NotAllowed, match=words):
            act(actor=sender, key=upload.pk)
    with pytest.raises(NotAllowed, match="was thrown away"):
        services.commit(actor=sender, key=upload.pk, good=2)


def test_an_import_is_undone_for_thirty_days_unless_its_rows_were_replaced(
    send, sender, django_capture_on_commit_callbacks
):
    upload = send(GOOD)
    services.commit(actor=sender, key=upload.pk, good=2)
    moment = timezone.now() - dt.timedelta(days=31)
    Upload.objects.filter(pk=upload.pk).update(committed_at=moment)
    with pytest.raises(NotAllowed, match="could be undone until"):
        services.undo(actor=sender, key=upload.pk)
    Upload.objects.filter(pk=upload.pk).update(committed_at=moment + dt.timedelta(days=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert services.undo(actor=sender, key=upload.pk) == Outcome(removed=2)
    upload.refresh_from_db()
    assert (upload.state, upload.undone_by) == ("undone", sender.audit_name)
    assert not StrategicGroup.objects.exists()
    assert on_disk() == []
    with pytest.raises(NotAllowed, match="undone already"):
        services.undo(actor=sender, key=upload.pk)
    later = send(GOOD)
    services.commit(actor=sender, key=later.pk, good=2)
    StrategicGroup.objects.update(source="another upload")
    with pytest.raises(NotAllowed, match="later upload has replaced"):
        services.undo(actor=sender, key=later.pk)


def test_the_clock_destroys_what_nobody_needs(send, sender, django_capture_on_commit_callbacks):
    fresh, stale, used = send(MIXED), send(MIXED + b"a,1\n"), send(GOOD)
    services.commit(actor=sender, key=used.pk, good=2)
    long_ago = timezone.now() - dt.timedelta(days=32)
    Upload.objects.filter(pk__in=[stale.pk, used.pk]).update(received_at=long_ago)
    Upload.objects.filter(pk=used.pk).update(committed_at=long_ago)
    half = files.folder() / "half.part"
    half.write_bytes(b"x")
    with django_capture_on_commit_callbacks(execute=True):
        assert services.sweep(actor=Clock("uploads.sweep"))["left over"] == 0
    with patch("sightline.uploads.files._A_DAY", -60):
        assert services.sweep(actor=command_line())["left over"] == 1
    assert on_disk() == [f"{fresh.pk}.sealed"]
    stale.refresh_from_db()
    used.refresh_from_db()
    assert (stale.state, stale.destroyed_by) == ("thrown-away", "schedule:uploads.sweep")
    assert (used.state, used.result) == ("committed", {"format": "csv"})
    assert StrategicGroup.objects.count() == 2

    class Telling:
        actor = command_line()

    assert sweep(Telling()) == {"thrown away": 0, "destroyed": 0, "left over": 0}


def test_a_file_thrown_away_while_it_is_checked_stays_thrown_away(send, sender):
    upload = send(GOOD)
    Upload.objects.filter(pk=upload.pk).update(state=State.CHECKING)
    for act in (
        lambda: services._refuse(sender, upload, "no"),
        lambda: services._quarantine(sender, upload, []),
        lambda: services._note_check(sender, upload, None, Outcome()),
    ):
        Upload.objects.filter(pk=upload.pk).update(
            state=State.THROWN_AWAY, destroyed_at=timezone.now(), destroyed_by="x"
        )
        act()
        assert Upload.objects.get(pk=upload.pk).state == State.THROWN_AWAY
    told = services.check(actor=sender, key=upload.pk, tell=lambda *_: None)
    assert told.state == State.THROWN_AWAY


def test_how_far_a_check_is_can_be_seen(send, monkeypatch):
    monkeypatch.setattr("sightline.uploads.checking.EVERY", 1)
    upload = send(GOOD)
    job = Job.objects.get(pk=upload.job)
    assert (job.state, job.total) == ("done", 12)
    assert 0 < job.done <= 12
    assert job.saying.endswith("rows read")


def test_a_check_whose_file_has_gone_is_refused(send, sender):
    upload = send(GOOD)
    files.destroy(upload.pk)
    Upload.objects.filter(pk=upload.pk).update(state=State.RECEIVED)
    done = services.check(actor=sender, key=upload.pk, tell=lambda *_: None)
    assert "no longer here" in done.result["reason"]


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("C:\\Users\\me\\a.csv", "a.csv"),
        ("../../etc/passwd", "passwd"),
        ("a\n\x00b.csv", "ab.csv"),
        ("", "file"),
        ("x" * 300 + ".xlsx", "x" * 145 + ".xlsx"),
    ],
)
def test_a_name_is_cleaned(given, name):
    assert clean_name(given) == name


def test_a_file_that_stops_arriving_leaves_nothing():
    incoming = Incoming()
    incoming.write(b"half a f")
    assert len(on_disk()) == 1
    incoming.discard()
    assert on_disk() == []


def test_what_is_on_disk_is_sealed(send):
    upload = send(GOOD)
    raw = files.path_of(upload.pk).read_bytes()
    assert b"Leven" not in raw
    assert files.path_of(upload.pk).stat().st_mode & 0o077 == 0
    with files.open_upload(upload.pk) as file:
        assert file.read() == GOOD


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ({"state": "lost"}, "upload_state_is_known"),
        ({"received_by": ""}, "upload_received_at_and_by_together"),
        ({"checked_by": "me"}, "upload_checked_at_and_by_together"),
        ({"committed_by": "me"}, "upload_committed_at_and_by_together"),
        ({"undone_by": "me"}, "upload_undone_at_and_by_together"),
        ({"destroyed_by": "me"}, "upload_destroyed_at_and_by_together"),
        ({"rows": 3}, "upload_rows_in_are_good_or_held_back"),
        ({"state": "checked"}, "upload_is_checked_before_it_is_used"),
        ({"state": "thrown-away"}, "upload_keeps_no_bytes_it_has_no_use_for"),
        ({"committed_at": timezone.now(), "committed_by": "me"}, "upload_is_committed_by_somebody"),
        ({"undone_at": timezone.now(), "undone_by": "me"}, "upload_is_undone_by_somebody"),
    ],
)
def test_the_database_refuses_what_no_service_would_write(change, constraint):
    upload = UploadFactory()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        Upload.objects.filter(pk=upload.pk).update(**change)


def test_the_database_keeps_count_of_rows_and_forgets_a_hash():
    now = {"checked_at": timezone.now(), "checked_by": "me"}
    upload = UploadFactory(good=2, rows=2, **now)
    moment = {"committed_at": timezone.now(), "committed_by": "me", "state": "committed"}
    gone = {"destroyed_at": timezone.now(), "destroyed_by": "me", "state": "quarantined"}
    for change, constraint in (
        (moment, "upload_good_rows_are_accounted_for"),
        (gone, "upload_in_quarantine_keeps_no_hash"),
    ):
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            Upload.objects.filter(pk=upload.pk).update(**change)
    fault = UploadFaultFactory(upload=upload)
    with pytest.raises(IntegrityError, match="upload_fault_section_is_known"), transaction.atomic():
        UploadFault.objects.filter(pk=fault.pk).update(section="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        UploadFaultFactory(upload=upload, order=fault.order)
    assert "fault" in str(fault)
    assert "things" not in str(upload)
