"""An extract: what an upload of a dataset becomes, and how it is taken back."""

import datetime as dt
import stat

import pyarrow.parquet as pq
import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from sightline.access.models import AuditEvent
from sightline.children import folders, hashing, queries, services
from sightline.children.models import Extract
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.uploads import services as uploads
from sightline.uploads.models import State
from tests.children.conftest import CHILDREN, ENTRIES
from tests.factories.access import UserFactory, assign
from tests.factories.children import ExtractFactory

CHI = "0105100015"


def rows_of(extract):
    path = folders.extract_path(extract.area, extract.content)
    return pq.read_table(path).to_pylist()


def chi_of(day):
    """A made-up number with the date and a check digit that agrees."""
    from sightline.identifiers.numbers import is_chi

    stem = f"{day:%d%m%y}"
    return next(f"{stem}{n:04d}" for n in range(10_000) if is_chi(f"{stem}{n:04d}"))


def test_an_upload_becomes_typed_rows(load):
    upload = load("children", CHILDREN)
    assert upload.state == State.COMMITTED
    extract = queries.latest_extract("fife", "children")
    path = folders.extract_path("fife", extract.content)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    first, second, third = rows_of(extract)
    assert first["date_of_birth"] == dt.date(2010, 5, 1)
    assert (first["sex"], second["sex"], third["sex"]) == ("female", "male", "unborn")
    assert (first["ethnic_group"], second["ethnic_group"]) == ("white-scottish", None)
    assert [first["row"], third["row"]] == [2, 4]
    assert (extract.rows, extract.good, extract.held_back) == (3, 3, 0)


def test_a_health_number_is_kept_as_a_keyed_hash_alone(load):
    number = chi_of(dt.date(2010, 5, 1))
    load("children", f"Child,Date of birth,Sex,CHI\nC1,2010-05-01,male,{number}\n".encode())
    extract = queries.latest_extract("fife", "children")
    (row,) = rows_of(extract)
    assert number not in str(row)
    assert row["chi"] in hashing.hashes("chi", number)
    assert extract.keyed_with == hashing.current_key()
    assert hashing.hasher("scn")(number) != row["chi"]
    stored = folders.extract_path("fife", extract.content).read_bytes()
    assert number.encode() not in stored


def test_a_new_key_makes_other_hashes_and_the_old_ones_are_still_found(load, settings):
    number = chi_of(dt.date(2010, 5, 1))
    before = hashing.hasher("chi")(number)
    old = settings.SIGHTLINE_KEYS["data"]
    settings.SIGHTLINE_KEYS = {**settings.SIGHTLINE_KEYS, "data": [("fresh", b"n" * 32), *old]}
    after = hashing.hasher("chi")(number)
    assert after != before
    assert hashing.key_of(after) == "fresh"
    assert hashing.hashes("chi", number)[0] == after
    assert before in hashing.hashes("chi", number)
    assert hashing.keys_of([before, after]).split(",") == sorted([hashing.key_of(before), "fresh"])


def test_another_version_says_what_it_changes(load):
    load("register-entries", ENTRIES)
    more = ENTRIES.replace(b"2024-01-31", b"2024-02-28") + b"C003,2024-06-01,\n"
    upload = load("register-entries", more.replace(b"C002,2023-10-02,\n", b""))
    assert (upload.added, upload.replaced, upload.removed, upload.unchanged) == (1, 1, 1, 1)
    assert [one.vintage for one in queries.versions_of("fife", "register-entries")] == [2, 1]


def test_the_same_rows_in_another_file_are_no_other_rows(load):
    load("register-entries", ENTRIES)
    upload = load("register-entries", ENTRIES + b"\n")
    assert (upload.added, upload.replaced, upload.unchanged) == (0, 0, 3)
    contents = {one.content for one in Extract.objects.all()}
    assert len(contents) == 1


def test_undoing_an_upload_takes_its_extract_back(load, sender):
    load("register-entries", ENTRIES)
    upload = load("register-entries", ENTRIES + b"C003,2024-06-01,\n")
    uploads.undo(actor=sender, key=upload.pk)
    assert queries.latest_extract("fife", "register-entries").vintage == 1
    taken = Extract.objects.get(vintage=2)
    assert taken.taken_back_by == sender.audit_name
    with pytest.raises(NotAllowed, match="taken back already"):
        services.take_back_extract(actor=sender, area="fife", upload=str(upload.pk))
    with pytest.raises(NotAllowed, match="answers for nothing"):
        services.say_covers(
            actor=sender, area="fife", dataset="register-entries", vintage=2,
            first=dt.date(2024, 1, 1), last=dt.date(2024, 1, 2),
        )  # fmt: skip
    with pytest.raises(NotFound):
        services.take_back_extract(actor=sender, area="fife", upload=str(uploads.UUID(int=1)))


def test_the_days_must_be_over_and_in_order(sender):
    extract = ExtractFactory()
    for first, last, words in (
        (dt.date(2024, 2, 1), dt.date(2024, 1, 1), "before the first"),
        (dt.date(2024, 2, 1), timezone.localdate() + dt.timedelta(days=1), "not over yet"),
    ):
        with pytest.raises(BadInput, match=words):
            services.say_covers(
                actor=sender, area="fife", dataset=extract.dataset, vintage=extract.vintage,
                first=first, last=last,
            )  # fmt: skip


def test_only_those_who_load_may_take_back_or_say_days(db):
    extract = ExtractFactory()
    viewer = assign(UserFactory(), "partnership-co-ordinator", "partnership", "fife")
    stranger = assign(UserFactory(), "partnership-analyst", "partnership", "angus")
    for person, refusal in ((viewer, NotPermitted), (stranger, NotFound)):
        with pytest.raises(refusal):
            services.take_back_extract(actor=person, area="fife", upload=str(extract.upload_id))
        with pytest.raises(refusal):
            services.say_covers(
                actor=person, area="fife", dataset=extract.dataset, vintage=extract.vintage,
                first=extract.covers_from, last=extract.covers_until,
            )  # fmt: skip


def test_what_a_rolled_back_commit_wrote_is_harmless_and_swept(send, sender, settings):
    import os

    send("register-entries", ENTRIES)  # rehearsed, and rolled back
    (path,) = folders.extracts_folder("fife").iterdir()
    assert not Extract.objects.exists()
    services.sweep(actor=sender)
    assert path.exists()
    os.utime(path, (1, 1))
    assert services.sweep(actor=sender) == {"builds removed": 0, "left over": 1}
    assert not path.exists()


@pytest.mark.parametrize(
    ("changes", "name"),
    [
        ({"good": 9}, "extract_rows_in_are_good_or_held_back"),
        ({"erased": 11}, "extract_erases_rows_it_had"),
        ({"covers_until": dt.date(2020, 1, 1)}, "extract_covers_days_in_order"),
        ({"taken_back_by": "x"}, "extract_taken_back_at_and_by_together"),
    ],
)
def test_the_database_refuses(db, changes, name):
    extract = ExtractFactory()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Extract.objects.filter(pk=extract.pk).update(**changes)


def test_one_line_says_what_was_done(load):
    load("register-entries", ENTRIES)
    assert AuditEvent.objects.filter(verb="extract.accepted").count() == 1
