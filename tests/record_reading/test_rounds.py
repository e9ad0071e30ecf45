"""Rounds: begun, set up, opened, locked, opened again, shared; by whom, and when not."""

import datetime as dt
from decimal import Decimal

import pytest

from sightline.access.models import AuditEvent
from sightline.access.permissions import NATIONAL, Permission, Scope, refusal
from sightline.jobs.models import Job
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.partnerships import exercises
from sightline.record_reading import policies
from sightline.record_reading.models import Reading, Round, Settlement
from sightline.record_reading.services import allocating, destroying, moderating, rounds
from sightline.record_reading.services.rounds import Start
from tests.factories import record_reading as make
from tests.factories.access import UserFactory
from tests.record_reading.holding import asked, holds
from tests.record_reading.worlds import HERE, INSPECTION, begun, hand_in, somebody, world

pytestmark = pytest.mark.django_db
TODAY = dt.date.today()
LOCAL = "local-audit@1"


@pytest.fixture(autouse=True)
def _inspections(monkeypatch):
    monkeypatch.setattr(exercises, "_sources", [lambda: {INSPECTION: HERE, "fife-2024": HERE}])


def days(number):
    return TODAY + dt.timedelta(days=number)


def verbs(round):
    return list(
        AuditEvent.objects.filter(target=f"record-round:{round.area}/{round.slug}")
        .order_by("pk")
        .values_list("verb", flat=True)
    )


def begin(actor, **over):
    start = Start(**{"title": " Spring  audit ", "template": LOCAL} | over)
    return rounds.begin_round(actor=actor, area=HERE, start=start)


def test_who_begins_a_round_of_what():
    lead, quality = somebody("inspection-lead", "inspection", INSPECTION), somebody("quality-lead")
    own = begin(quality)
    assert (own.title, own.slug, own.inspection, own.state) == (
        "Spring audit", "spring-audit", "", "preparing",
    )  # fmt: skip
    assert own.content_note
    assert begin(quality).slug == "spring-audit-2"
    assert begin(quality, title="New").slug == "new-2"
    assert begin(quality, title="!!").slug == "round"
    assert begin(lead, inspection=INSPECTION).inspection == INSPECTION
    assert verbs(own) == ["record-round.begun"]
    for actor, inspection in (
        (quality, INSPECTION),  # the area runs nothing of an inspection
        (lead, ""),  # nor a lead anything of the area's own
        (lead, "fife-2024"),
        (somebody("inspection-lead", "national", "scotland"), ""),
    ):
        with pytest.raises(NotFound):
            begin(actor, inspection=inspection)
    for role in ("chief-officer", "partnership-co-ordinator", "local-record-reader"):
        with pytest.raises(NotFound):
            begin(somebody(role))
    with pytest.raises(NotFound):
        begin(UserFactory())
    with pytest.raises(NotFound):
        begin(quality, template="nothing@1")
    with pytest.raises(BadInput, match="called"):
        begin(quality, title="  ")


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"base": 2}, "3 records or more"),
        ({"double_share": 101}, "between 0 and 100"),
        ({"threshold": Decimal("1.01")}, "between 0 and 1"),
        ({"reads_from": days(2), "reads_until": days(1)}, "first day or later"),
        ({"reads_until": days(2), "destroy_on": days(2)}, "choose a later day"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, said):
    with pytest.raises(BadInput, match=said):
        begin(somebody("quality-lead"), settings=settings)
    assert not Round.objects.exists()


def test_a_round_that_lacks_everything_says_so_in_order():
    here = world(records=0)
    here.round.content_note = ""
    found = policies.missing(policies.ready(here.round), TODAY)
    assert [one.task for one in found] == [
        "set-up", "return", "sample", "readers", "support", "support", "destruction",
    ]  # fmt: skip
    with pytest.raises(NotAllowed, match=r"cannot begin yet\. Say on which days.*Draw the sample"):
        rounds.open_round(actor=here.lead, round=here.round)


def prepared(**over):
    """A round with everything it needs."""
    here = world(
        reads_from=TODAY, reads_until=days(2), destroy_on=days(30), content_note="Hard.",
        supervisor="S. Visor", **over,
    )  # fmt: skip
    here.reader(1), here.reader(1)
    allocating.allocate(actor=here.lead, round=here.round)
    return here


def test_a_round_opens_once_nothing_is_missing():
    here = prepared()
    here.round.refresh_from_db()
    opened = rounds.open_round(actor=here.lead, round=here.round)
    assert opened.state == "reading"
    assert verbs(opened)[-1] == "record-round.opened"
    with pytest.raises(NotAllowed, match="open already"):
        rounds.open_round(actor=here.lead, round=opened)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda here: Reading.objects.filter(part=1)[0].delete(), "1 record has no reader"),
        (lambda here: Reading.objects.all().delete(), "Allot the records"),
        (lambda here: Round.objects.update(destroy_on=TODAY, reads_until=None), "not in the fut"),
        (lambda here: Round.objects.update(supervisor=""), "whom a reader can turn to"),
        (
            lambda here: [(setattr(one, "state", "reserve"), one.save()) for one in here.records],
            "no record that is to be read",
        ),
    ],
)
def test_each_lack_alone_keeps_it_shut(change, said):
    here = prepared()
    change(here)
    with pytest.raises(NotAllowed, match=said):
        rounds.open_round(actor=here.lead, round=here.round)
    here.round.refresh_from_db()
    assert here.round.state == "preparing"


def test_set_up_is_for_whoever_runs_it_until_it_is_locked():
    here = world(state="reading", inspection=INSPECTION, content_note="x", supervisor="y")
    changed = rounds.set_up(
        actor=here.lead, round=here.round, task="set-up",
        values={"title": "Named anew", "base": 7, "state": "locked"},
    )  # fmt: skip
    assert (changed.title, changed.base, changed.state) == ("Named anew", 7, "reading")
    assert verbs(changed) == ["record-round.set-up"]
    with pytest.raises(NotAllowed, match="changed, not taken away"):
        rounds.set_up(
            actor=here.lead, round=here.round, task="destruction", values={"destroy_on": None}
        )
    inspector = somebody("inspector", "inspection", INSPECTION)
    for actor, error in (
        (inspector, NotPermitted),
        (somebody("partnership-co-ordinator"), NotPermitted),
        (somebody("quality-lead"), NotFound),
        (somebody("inspection-lead", "inspection", "fife-2024"), NotFound),
        (UserFactory(), NotFound),
    ):
        with pytest.raises(error):
            rounds.set_up(actor=actor, round=here.round, task="set-up", values={"title": "x"})
    gone = world(state="locked")
    with pytest.raises(NotAllowed, match="locked, so nothing"):
        rounds.set_up(actor=gone.lead, round=gone.round, task="set-up", values={"title": "x"})


def reading_world(count=3, **over):
    here = world(count, state="reading", **over)
    here.reader(1), here.reader(1)
    allocating.allocate(actor=here.lead, round=here.round)
    return here


def test_locking_wants_everything_finished_or_a_reason(monkeypatch):
    here = reading_world(count=12, double_share=0)
    with pytest.raises(NotAllowed, match=r"Not finished: R-001, .*R-010 and 2 more"):
        rounds.lock_round(actor=here.lead, round=here.round)
    hand_in(*here.readings()[1:])
    begun(here.readings()[0])
    assert rounds.unfinished(here.round) == ("R-001",)
    with pytest.raises(NotAllowed, match="Not finished: R-001"):
        rounds.lock_round(actor=here.lead, round=here.round, reason="  ")
    locked = rounds.lock_round(actor=here.lead, round=here.round, reason="The file was lost.")
    assert locked.state == "locked"
    line = AuditEvent.objects.get(verb="record-round.locked")
    assert (line.reason, line.after["unfinished"]) == ("The file was lost.", 1)
    assert Job.objects.filter(code="record_reading.count").count() == 1
    with pytest.raises(NotAllowed, match="is locked"):
        rounds.lock_round(actor=here.lead, round=here.round)


def test_without_anything_that_counts_it_just_locks(monkeypatch):
    monkeypatch.setattr(rounds, "COUNT", "record_reading.no-such-job")
    here = reading_world()
    hand_in(*here.readings())
    assert rounds.lock_round(actor=here.lead, round=here.round).state == "locked"
    assert not Job.objects.exists()


def test_differences_are_settled_or_left_as_two_views():
    here = reading_world(count=1, double_share=100)
    first, second = here.readings()
    hand_in(first, values={"plan-present": "yes", "plan-quality": "2"})
    hand_in(second, values={"plan-present": "yes", "plan-quality": "5"})
    assert [one.item for one in rounds.unsettled(here.round)] == ["plan-quality"]
    with pytest.raises(NotAllowed, match="1 difference is not settled"):
        rounds.lock_round(actor=here.lead, round=here.round)
    rounds.lock_round(actor=here.lead, round=here.round, leave_two_views=True)
    settled = Settlement.objects.get()
    assert (settled.item, settled.way, settled.value) == ("plan-quality", "two-views", None)
    assert rounds.unsettled(here.round) == []


def test_opened_again_what_the_lock_left_is_to_be_settled():
    here = reading_world(count=3, double_share=100)
    for number, reading in enumerate(here.readings()):
        hand_in(reading, values={"plan-present": "yes", "plan-quality": "25"[number % 2]})
    *own, other = here.records
    for record, why in zip(own, (rounds.LEFT, "Both can be said of it."), strict=True):
        moderating.settle(
            actor=here.lead, record=record, item="plan-quality", way=Settlement.Way.TWO_VIEWS,
            why=why,
        )  # fmt: skip
    for _ in range(2):
        locked = rounds.lock_round(actor=here.lead, round=here.round, leave_two_views=True)
        left = Settlement.objects.get(record=other, superseded_at__isnull=True)
        assert (left.settled_at, left.settled_by) == (locked.locked_at, locked.locked_by)
        assert rounds.unsettled(here.round) == []
        Settlement.objects.filter(record=own[1]).update(settled_at=locked.locked_at)
        rounds.reopen_round(actor=here.lead, round=here.round, reason="By mistake")
        left.refresh_from_db()
        assert left.superseded_by == here.lead.audit_name
        assert [found.record for found in rounds.unsettled(here.round)] == [other]
    # What the lead had left by themselves stays: with the same words, or at the same moment.
    assert not Settlement.objects.filter(record__in=own, superseded_at__isnull=False).exists()
    reader = here.readings()[-1].reader.person
    assert moderating.settle(
        actor=reader, record=other, item="plan-quality", way=Settlement.Way.AGREED, value="5",
        why="The plan has dates.",
    )  # fmt: skip


def test_whoever_saves_while_it_is_locked_is_waited_for():
    """Readings are held before anything is made of what they say."""
    here = reading_world()
    hand_in(*here.readings())
    with asked() as said:
        rounds.lock_round(actor=here.lead, round=here.round)
    assert holds(said[0])
    Round.objects.filter(pk=here.round.pk).update(results={"counted": "x"})
    with asked() as said:
        destroying.destroy(actor=here.lead, round=here.round)
    assert holds(said[0])


def test_a_refusal_says_all_of_scotland_where_that_would_do():
    fife = Scope("partnership", HERE)
    run = Permission.OWN_RECORDS_RUN
    assert str(refusal(run, fife, "it", here_only=True)).endswith("role in this partnership.")
    assert str(refusal(run, fife, "it")).endswith("in this partnership or for all of Scotland.")
    assert str(refusal(run, NATIONAL, "it")).endswith("with that role for all of Scotland.")


def test_reopening_wants_a_reason_and_takes_back_what_was_shared():
    here = reading_world()
    hand_in(*here.readings())
    with pytest.raises(NotAllowed, match="is not locked"):
        rounds.reopen_round(actor=here.lead, round=here.round, reason="x")
    rounds.lock_round(actor=here.lead, round=here.round)
    rounds.share_feedback(actor=here.lead, round=here.round)
    with pytest.raises(NotAllowed, match="shared already"):
        rounds.share_feedback(actor=here.lead, round=here.round)
    with pytest.raises(BadInput, match="Say why"):
        rounds.reopen_round(actor=here.lead, round=here.round, reason=" ")
    again = rounds.reopen_round(actor=here.lead, round=here.round, reason="A wrong answer")
    assert (again.state, again.reopened, again.shared_at, again.results) == (
        "reading", "A wrong answer", None, {},
    )  # fmt: skip
    assert rounds.lock_round(actor=here.lead, round=here.round).state == "locked"
    assert verbs(again)[-4:] == [
        "record-round.locked", "record-round.shared", "record-round.reopened",
        "record-round.locked",
    ]  # fmt: skip


def test_leading_is_more_than_running():
    here = reading_world(inspection=INSPECTION)
    hand_in(*here.readings())
    runs = somebody("strategic-support-officer", "inspection", INSPECTION)
    quality = somebody("service-manager", "inspection", INSPECTION)
    with pytest.raises(NotPermitted):
        rounds.lock_round(actor=runs, round=here.round)
    with pytest.raises(NotPermitted):
        rounds.open_round(actor=quality, round=here.round)
    assert rounds.lock_round(actor=quality, round=here.round).state == "locked"


def test_another_template_is_for_what_nobody_has_begun():
    here = reading_world(count=4, double_share=0)
    begun(here.readings()[0])
    hand_in(here.readings()[1])
    Reading.objects.filter(pk=here.readings()[2].pk).update(template="care-and-protection@1")
    with pytest.raises(NotAllowed, match="no records of audit"):
        rounds.change_template(
            actor=here.lead, round=here.round, template="care-and-protection@1", reason="x"
        )
    with pytest.raises(BadInput, match="Say why"):
        rounds.change_template(actor=here.lead, round=here.round, template=LOCAL)
    changed = rounds.change_template(
        actor=here.lead, round=here.round, template=LOCAL, reason="It asks better"
    )
    assert changed == 1
    assert {one.template for one in here.readings()} == {LOCAL}
    with pytest.raises(NotFound):
        rounds.change_template(actor=here.lead, round=here.round, template="x@1", reason="x")


def test_before_it_opens_another_template_needs_no_reason():
    here = world(records=0)
    changed = rounds.change_template(
        actor=here.lead, round=here.round, template="care-and-protection@1"
    )
    here.round.refresh_from_db()
    assert (changed, here.round.template) == (0, "care-and-protection@1")


def test_nothing_is_done_to_what_was_deleted():
    here = world(state="locked")
    Round.objects.update(state="destroyed", destroyed_at=make.NOW, destroyed_by="x")
    for act in (
        lambda: rounds.reopen_round(actor=here.lead, round=here.round, reason="x"),
        lambda: rounds.share_feedback(actor=here.lead, round=here.round),
        lambda: rounds.lock_round(actor=here.lead, round=here.round),
        lambda: rounds.change_template(actor=here.lead, round=here.round, template=LOCAL),
        lambda: allocating.allocate(actor=here.lead, round=here.round),
    ):
        with pytest.raises(NotAllowed, match="has been deleted"):
            act()
