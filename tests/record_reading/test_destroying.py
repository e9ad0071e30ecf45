"""Deleting what was read: everything about a child goes, what was counted stays."""

import datetime as dt

import pytest

from sightline.access.models import AuditEvent
from sightline.jobs.actors import Clock
from sightline.jobs.progress import Progress
from sightline.kernel.errors import NotAllowed, NotAvailable, NotFound, NotPermitted
from sightline.record_reading import jobs, models, permissions
from sightline.record_reading.alike import alike_of
from sightline.record_reading.models import Round
from sightline.record_reading.services import allocating, destroying, publishing, rounds
from sightline.saving.models import Typed
from tests.factories import record_reading as make
from tests.factories.saving import TypedFactory
from tests.factories.uploads import UploadFactory
from tests.record_reading.worlds import hand_in, somebody, world

pytestmark = pytest.mark.django_db
TODAY = dt.date.today()
GONE = (
    models.SectionEntry, models.DipCheck, models.Settlement, models.Reading, models.Conflict,
    models.SampledRecord, models.Sample, models.Snapshot,
)  # fmt: skip


def full(**over):
    """A round that was read twice, with one of everything there can be."""
    here = world(12, state="reading", double_share=100, **over)
    one, _ = here.reader(1), here.reader(1)
    allocating.allocate(actor=here.lead, round=here.round)
    for reading in here.readings():
        hand_in(reading, values={"plan-present": "yes", "plan-quality": "4"})
        make.SectionEntryFactory(reading=reading)
    make.SettlementFactory(record=here.records[0])
    make.DipCheckFactory(reading=here.readings()[0])
    make.ConflictFactory(reader=one, record=here.records[1])
    gone = make.SampledRecordFactory(
        sample=here.records[0].sample, number=99, state="withdrawn", withdrawn_at=make.NOW,
        withdrawn_by="x",
    )  # fmt: skip
    make.SampledRecordFactory(sample=gone.sample, number=98, state="reserve", replaces=gone)
    return here


def lock(here):
    """Locked, and counted as far as these tests look at it."""
    rounds.lock_round(actor=here.lead, round=here.round)
    Round.objects.filter(pk=here.round.pk).update(results={"counted": "x"})
    here.round.refresh_from_db()
    return here


def uncounted(here):
    lock(here)
    Round.objects.filter(pk=here.round.pk).update(results={})
    here.round.refresh_from_db()
    return here


def tick():
    return jobs.destroy(Progress("key", Clock("record_reading.destroy")))


def count():
    return {model.__name__: model.objects.count() for model in GONE}


def test_everything_about_a_child_goes_and_what_was_counted_stays():
    here, other = lock(full()), full()
    Round.objects.filter(pk=here.round.pk).update(results={"counted": "x"})
    path = f"/p/{here.round.area}/records/{here.round.slug}/"
    TypedFactory(page=f"{path}readings/1/plan/")
    left = TypedFactory(page=f"/p/{here.round.area}/records/{here.round.slug}-2/x/")
    file = UploadFactory(scope_kind="record-reading", scope_key=str(here.round.pk))
    taken = UploadFactory()
    models.Snapshot.objects.filter(round=here.round).update(upload=taken)
    agreed = alike_of(here.round)
    assert agreed
    assert agreed.share == 1
    before = count()
    done = destroying.destroy(actor=here.lead, round=here.round)
    assert done["readings"] == 24
    assert done["typed"] == 1
    assert {name: number * 2 for name, number in count().items()} == before
    assert not any(m.objects.filter(pk__isnull=True).exists() for m in GONE)
    assert list(Typed.objects.all()) == [left]
    for upload in (file, taken):
        upload.refresh_from_db()
        assert upload.destroyed_at
    round = here.round
    assert (round.state, round.results["counted"]) == ("destroyed", "x")
    kept = {**round.results["kept"]}
    assert kept.pop("alike")["answers"] == agreed.answers
    assert kept == {"in_scope": 12, "sampled": 12, "read": 12, "read_twice": 12, "readers": 2}
    assert alike_of(round) == agreed
    assert round.readers.count() == 2
    line = AuditEvent.objects.get(verb="record-round.destroyed")
    assert line.after == done
    with pytest.raises(NotAllowed, match="has been deleted"):
        destroying.destroy(actor=here.lead, round=round)
    assert other.readings()


def test_afterwards_nothing_can_be_opened():
    here = lock(full())
    person = here.readings()[0].reader.person
    destroying.destroy(actor=here.lead, round=here.round)
    with pytest.raises(NotFound):
        permissions.get_reading_for(person, here.round.area, here.round.slug, 1)
    assert not permissions.readings_of(person).exists()


def test_who_may_and_when():
    here = full()
    with pytest.raises(NotAllowed, match="are being read"):
        destroying.destroy(actor=here.lead, round=here.round)
    lock(here)
    for actor, error in (
        (somebody("chief-officer"), NotPermitted),
        (here.readings()[0].reader.person, NotPermitted),
        (somebody("partnership-co-ordinator"), NotFound),
        (somebody("inspection-lead", "national", "scotland"), NotFound),
    ):
        with pytest.raises(error):
            destroying.destroy(actor=actor, round=here.round)
    assert all(count().values())


def test_a_round_that_was_never_opened_is_given_up():
    here = world(2)
    destroying.destroy(actor=here.lead, round=here.round)
    assert here.round.state == "destroyed"
    assert not models.Snapshot.objects.exists()
    assert here.round.results["kept"]["alike"] is None


def test_the_clock_deletes_on_the_day_whatever_the_state():
    locked, reading, soon = lock(full()), full(), lock(full())
    prepared = world(1)
    Round.objects.exclude(pk=soon.round.pk).update(
        destroy_on=TODAY, reads_from=None, reads_until=None
    )
    Round.objects.filter(pk=soon.round.pk).update(
        destroy_on=TODAY + dt.timedelta(1), reads_until=None
    )
    found = jobs.destroy(Progress("key", Clock("record_reading.destroy")))
    assert found == {"destroyed": 3}
    gone = {locked.round.pk, reading.round.pk, prepared.round.pk}
    assert {one.pk for one in Round.objects.filter(state="destroyed")} == gone
    assert jobs.destroy(Progress("key", Clock("record_reading.destroy"))) == {"destroyed": 0}


def test_nobody_deletes_what_is_not_counted_yet():
    here = uncounted(full())
    Round.objects.filter(pk=here.round.pk).update(reads_until=None, destroy_on=TODAY)
    before = count()
    with pytest.raises(NotAllowed, match="has not been counted yet"):
        destroying.destroy(actor=here.lead, round=here.round)
    assert count() == before
    publishing.count_round(actor=here.lead, key=here.round.pk)
    destroying.destroy(actor=here.lead, round=here.round)
    assert here.round.state == "destroyed"


def test_the_clock_counts_before_it_deletes():
    here = uncounted(full())
    Round.objects.update(reads_until=None, destroy_on=TODAY)
    assert tick() == {"destroyed": 1}
    here.round.refresh_from_db()
    assert (here.round.state, here.round.results["read"]) == ("destroyed", 12)
    assert here.round.results["counted"]


def test_what_cannot_be_counted_is_kept_and_tried_again(monkeypatch, caplog):
    here, other = uncounted(full()), lock(full())
    Round.objects.update(reads_until=None, destroy_on=TODAY)
    with monkeypatch.context() as patched:

        def fails(**_):
            raise ValueError("What somebody wrote.")

        patched.setattr(jobs.publishing, "count_round", fails)
        with pytest.raises(NotAvailable, match=f"is kept: fife/{here.round.slug}\\. It is tried"):
            tick()
    assert "ValueError" in caplog.text
    assert "What somebody wrote" not in caplog.text
    here.round.refresh_from_db()
    other.round.refresh_from_db()
    assert (here.round.state, other.round.state) == ("locked", "destroyed")
    assert len(here.readings()) == 24
    assert tick() == {"destroyed": 1}
    here.round.refresh_from_db()
    assert (here.round.state, here.round.results["read"]) == ("destroyed", 12)


def test_others_have_something_deleted_with_it(monkeypatch):
    monkeypatch.setattr(destroying, "_destroyers", {})
    told = []
    assert destroying.register_destroyer(told.append)
    here = lock(full())
    destroying.destroy(actor=here.lead, round=here.round)
    assert told == [here.round]


class Cursor:
    """What would be said to the database."""

    def __init__(self):
        self.said = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def execute(self, what):
        self.said.append(what)


@pytest.mark.parametrize(("vendor", "first"), [("sqlite", "PRAGMA wal"), ("postgresql", "VACUUM")])
def test_the_database_gives_up_what_was_deleted(monkeypatch, vendor, first):
    cursor = Cursor()

    class Connection:
        in_atomic_block = False

        def __init__(self):
            self.vendor = vendor
            self.ops = self

        def cursor(self):
            return cursor

        def quote_name(self, name):
            return f'"{name}"'

    monkeypatch.setattr(destroying, "connection", Connection())
    destroying.clear_traces()
    assert cursor.said[0].startswith(first)
    assert len(cursor.said) == (1 if vendor == "sqlite" else len(GONE))
