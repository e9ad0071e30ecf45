"""Pages of a sample: plan, draw, record, compare, withdraw, bring back, the list of records."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sightline.access.models import AuditEvent, User
from sightline.kernel.errors import NotAllowed
from sightline.record_reading import returning
from sightline.record_reading import sampling_presenters as presenters
from sightline.record_reading import sampling_queries as queries
from sightline.record_reading.models import Round, Sample, SampledRecord
from sightline.record_reading.services import sampling as services
from sightline.record_reading.services.returning import accept_return
from sightline.record_reading.services.sampling import draw_sample, withdraw_record
from sightline.stats.sampling import Plan
from tests.factories.access import UserFactory, assign
from tests.factories.record_reading import (
    CompleteReadingFactory,
    OpenRoundFactory,
    ReaderFactory,
    ReadingFactory,
    RoundFactory,
    facts,
)
from tests.record_reading import returns

ClientFor = Callable[[User], Client]
TYPED = {
    "size": "6", "minimum": "0", "reserves": "2", "one_of_a_family": "on", "seed": "a seed",
    "least-audit": "",
}  # fmt: skip


@pytest.fixture
def lead(db: None) -> User:
    """Who runs audits of the area."""
    return returns.runner()


@pytest.fixture
def round(lead: User) -> Round:
    """An open round with twenty children in scope."""
    made: Round = OpenRoundFactory(area=returns.AREA)
    accept_return(actor=lead, round=made, rows=[facts(n) for n in range(1, 21)])
    return made


@pytest.fixture
def sample(lead: User, round: Round) -> Sample:
    """Six of the twenty, with two reserves."""
    return draw_sample(actor=lead, round=round, plan=Plan(size=6, reserves=2), seed="a seed")


@pytest.fixture
def client(lead: User, client_for: ClientFor) -> Client:
    """Signed in as who runs the round."""
    return client_for(lead)


def at(round: Round, name: str = "sample", **more: Any) -> str:
    """An address of the round."""
    kwargs = {"area": round.area, "slug": round.slug, **more}
    return reverse(f"record_reading:{name}", kwargs=kwargs)


def page(client: Client, path: str) -> str:
    """A page that opens, as text."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode())


def test_a_sample_is_planned_looked_at_and_drawn(client: Client, round: Round) -> None:
    assert "No sample has been drawn." in page(client, at(round))
    said = page(client, at(round, "sample-draw"))
    assert "What this plan gives" not in said
    assert "Draw the sample" not in said
    seed = re.search(r'name="seed" value="([^"]+)"', said)
    assert seed is not None
    assert seed[1].startswith("fife ")
    said = client.post(at(round, "sample-draw"), TYPED).content.decode()
    assert "What this plan gives" in said
    assert not Sample.objects.exists()
    assert "percentage points on either side, 19 times in 20" in said
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', said)
    assert seen is not None
    answer = client.post(at(round, "sample-draw"), {**TYPED, "seen": seen[1]})
    assert answer["Location"] == at(round)
    made = Sample.objects.get()
    assert made.records.filter(state="drawn").count() == 6
    assert "Sample 1 is drawn." in page(client, at(round))


def test_what_is_drawn_is_what_was_looked_at(client: Client, round: Round) -> None:
    said = client.post(at(round, "sample-draw"), TYPED).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', said)
    assert seen is not None
    posted = {**TYPED, "size": "7", "seen": seen[1]}
    assert "What this plan gives" in client.post(at(round, "sample-draw"), posted).content.decode()
    assert not Sample.objects.exists()


def test_a_plan_that_cannot_be_met_is_said_in_words(client: Client, round: Round) -> None:
    posted = {**TYPED, "least-audit": "21"}
    said = client.post(at(round, "sample-draw"), posted).content.decode()
    assert "“Records in the audit” can give 20 and its minimum is 21" in said
    assert "Error:" in said


def test_every_child_is_drawn(client: Client, round: Round) -> None:
    said = client.post(at(round, "sample-draw"), {**TYPED, "size": "20"}).content.decode()
    assert "Every child in scope is drawn" in said


def test_drawing_anew_needs_a_reason(client: Client, round: Round, sample: Sample) -> None:
    assert "Why the sample is drawn again" in page(client, at(round, "sample-draw"))
    said = client.post(at(round, "sample-draw"), TYPED).content.decode()
    assert "Enter why the sample is drawn again" in said.lower() or "Error:" in said
    posted = {**TYPED, "seed": "another", "reason": "The return was corrected."}
    said = client.post(at(round, "sample-draw"), posted).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', said)
    assert seen is not None
    client.post(at(round, "sample-draw"), {**posted, "seen": seen[1]})
    said = page(client, at(round))
    assert "The return was corrected." in said
    assert "Samples that were set aside" in said
    ReadingFactory(
        round=round, record=queries.records(round)[0], reader=ReaderFactory(round=round),
        state="in-progress",
    )  # fmt: skip
    assert client.get(at(round, "sample-draw")).status_code == 409


def test_somebody_else_drew_meanwhile(client: Client, round: Round, lead: User) -> None:
    said = client.post(at(round, "sample-draw"), TYPED).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', said)
    assert seen is not None
    draw_sample(actor=lead, round=round, plan=Plan(size=3), seed="t")
    posted = {**TYPED, "seen": seen[1]}
    said = client.post(at(round, "sample-draw"), posted).content.decode()
    assert Sample.objects.count() == 1
    assert "Error:" in said


def test_a_refusal_at_the_last_moment_is_told(
    client: Client, round: Round, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = client.post(at(round, "sample-draw"), TYPED).content.decode()
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', said)
    assert seen is not None

    def refused(**_: Any) -> None:
        raise NotAllowed("Records of this sample are being read, so it stays.")

    monkeypatch.setattr(services, "draw_sample", refused)
    client.post(at(round, "sample-draw"), {**TYPED, "seen": seen[1]})
    assert "so it stays." in page(client, at(round))


def test_nothing_to_draw_from(client: Client) -> None:
    bare = RoundFactory(area=returns.AREA)
    assert "The return comes first." in page(client, at(bare))
    assert client.get(at(bare, "sample-draw")).status_code == 409


def test_the_sample_and_its_progress(client: Client, round: Round, sample: Sample) -> None:
    said = page(client, at(round))
    assert "0 of 6 records are read" in said
    assert "R-006" in said
    assert "Records in reserve (2)" in said
    assert "SG-00" not in said  # references are on the list alone
    accept_return(
        actor=User.objects.get(), round=round, rows=[facts(n) for n in range(1, 31)]
    )  # fmt: skip
    assert "Version 2 was sent after this sample was drawn." in page(client, at(round))


def test_a_record_that_is_read_says_so(client: Client, round: Round, sample: Sample) -> None:
    first = sample.records.get(number=1)
    CompleteReadingFactory(round=round, record=first, reader=ReaderFactory(round=round))
    said = page(client, at(round))
    assert "1 of 6 records are read" in said
    assert '<span class="sl-tag sl-tag--good">Read</span>' in said


def test_a_plan_in_words() -> None:
    plan = Plan(
        size=6, minimum=2, minimums={"audit": 3}, reserves=1, one_of_a_family=False, short=True
    )
    assert presenters.asked(plan, {"audit": "The audit"}) == [
        "6 records in all",
        "At least 2 from each stratum",
        "At least 3 from “The audit”",
        "1 reserve in each stratum",
        "Siblings are not kept apart",
        "All of a stratum that holds fewer than its minimum",
    ]
    assert presenters.asked({}, {}) == []


def test_a_stratum_of_which_none_was_drawn(lead: User, client: Client) -> None:
    """Its part of the record has no table; siblings that gave way are named."""
    round = RoundFactory(area=returns.AREA, template="care-and-protection@1")
    first, second = list(returning.strata(round))[:2]
    rows = [facts(n, stratum=first, family="F1" if n < 3 else "") for n in range(1, 60)]
    accept_return(actor=lead, round=round, rows=[*rows, facts(99, stratum=second)])
    made = draw_sample(actor=lead, round=round, plan=Plan(size=3), seed="s")
    assert made.records.filter(stratum=second).count() == 0
    said = page(client, at(round, "sample-record", draw=1))
    assert "0 of 1 drawn; each stands for 0.00." in said
    assert "gave way to" in said
    answer = client.get(at(round, "sample-record-pdf", draw=1))
    assert answer.content.startswith(b"%PDF")
    assert "In scope" in page(client, at(round))


def test_the_record_of_a_draw(client: Client, round: Round, sample: Sample) -> None:
    said = page(client, at(round, "sample-record", draw=1))
    assert sample.frame_hash in said
    assert "each stands for 3.33" in said
    assert "Drawn by sightline stratified draw 1, seed" in said
    for one in sample.records.all():
        assert one.reference in said
        assert one.label in said
    assert AuditEvent.objects.filter(verb="record-sample.read").count() == 1
    answer = client.get(at(round, "sample-record-pdf", draw=1))
    assert answer.content.startswith(b"%PDF")
    assert answer["Content-Type"] == "application/pdf"
    assert client.get(at(round, "sample-record", draw=2)).status_code == 404


def test_drawn_again_from_its_record(client: Client, round: Round, sample: Sample) -> None:
    said = page(client, at(round, "sample-again", draw=1))
    assert said.count("sl-tag--good") == 2
    assert "Identical: 6 records and 2 reserves" in said
    sample.record = {}
    sample.save()
    assert "Not the same" in page(client, at(round, "sample-again", draw=1))


def test_a_record_is_withdrawn_and_brought_back(
    client: Client, round: Round, sample: Sample
) -> None:
    form = at(round, "sample-withdraw", record=3)
    assert "Withdraw R-003" in page(client, form)
    assert "Error:" in client.post(form, {"reason": ""}).content.decode()
    client.post(form, {"reason": "The paper file is lost."})
    said = page(client, at(round))
    assert "R-003 is withdrawn. R-007 steps in." in said or "R-008 steps in" in said
    assert "The paper file is lost." in said
    assert "In place of R-003" in said
    assert client.get(form).status_code == 409
    back = at(round, "sample-bring-back", record=3)
    assert "Bring R-003 back" in page(client, back)
    client.post(back, {})
    assert "R-003 is brought back." in page(client, at(round))
    assert client.get(back).status_code == 409
    assert client.get(at(round, "sample-withdraw", record=99)).status_code == 404


def test_no_reserve_is_left(client: Client, round: Round, sample: Sample, lead: User) -> None:
    for number in (1, 2):
        withdraw_record(actor=lead, record=sample.records.get(number=number), reason="Lost.")
    client.post(at(round, "sample-withdraw", record=3), {"reason": "Lost."})
    assert "No reserve was left in its stratum" in page(client, at(round))


def test_somebody_who_has_begun_is_named_as_a_warning(
    client: Client, round: Round, sample: Sample
) -> None:
    ReadingFactory(
        round=round, record=sample.records.get(number=1), reader=ReaderFactory(round=round),
        state="in-progress",
    )  # fmt: skip
    assert "Somebody has begun to read this record" in page(
        client, at(round, "sample-withdraw", record=1)
    )


def test_the_list_of_records_to_bring(
    client: Client, round: Round, sample: Sample, lead: User
) -> None:
    gone: SampledRecord = sample.records.get(number=2)
    withdraw_record(actor=lead, record=gone, reason="Lost.")
    said = page(client, at(round, "sample-list"))
    for one in sample.records.all():
        assert (one.reference in said) == (one.state != "reserve")
    assert "Not needed after all" in said
    answer = client.get(at(round, "sample-list-csv"))
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Reading number,Your reference,Stratum")
    assert len(lines) == 1 + 7
    assert any(line.startswith(f"R-002,{gone.reference}") and "not needed" in line
               for line in lines)  # fmt: skip
    assert AuditEvent.objects.filter(verb="record-sample.read").count() == 2


def test_the_partnership_of_an_inspection_sees_the_list_alone(
    db: None, client_for: ClientFor
) -> None:
    inspected = RoundFactory(area=returns.AREA, inspection="fife-2030")
    sender = assign(UserFactory(), "partnership-co-ordinator", "partnership", returns.AREA)
    inspector = assign(UserFactory(), "inspection-lead", "inspection", "fife-2030")
    stranger = assign(UserFactory(), "inspection-lead", "inspection", "angus-2030")
    reader = assign(UserFactory(), "inspector", "inspection", "fife-2030")
    accept_return(actor=sender, round=inspected, rows=[facts(n) for n in range(1, 9)])
    assert client_for(sender).get(at(inspected, "sample-list")).status_code == 404  # not drawn
    draw_sample(actor=inspector, round=inspected, plan=Plan(size=3, reserves=1), seed="s")
    withdraw_record(
        actor=inspector, record=SampledRecord.objects.get(number=1), reason="Lost."
    )  # fmt: skip
    for name, more in (
        ("sample", {}), ("sample-record", {"draw": 1}), ("sample-record-pdf", {"draw": 1}),
        ("sample-again", {"draw": 1}), ("sample-withdraw", {"record": 2}),
        ("sample-bring-back", {"record": 1}), ("sample-draw", {}),
    ):  # fmt: skip
        path = at(inspected, name, **more)
        assert client_for(inspector).get(path).status_code == 200, name
        assert client_for(sender).get(path).status_code == 403, name
        assert client_for(stranger).get(path).status_code == 404, name
        assert client_for(reader).get(path).status_code in {403, 404}, name
    for name in ("sample-list", "sample-list-csv"):
        assert client_for(sender).get(at(inspected, name)).status_code == 200
        assert client_for(reader).get(at(inspected, name)).status_code in {403, 404}


def test_queries_do_not_grow_with_the_sample(
    client: Client, round: Round, lead: User, django_assert_max_num_queries: Any
) -> None:
    draw_sample(actor=lead, round=round, plan=Plan(size=4), seed="s")
    page(client, at(round))
    counts = []
    for size in (4, 18):
        draw_sample(actor=lead, round=round, plan=Plan(size=size), seed="s", reason="Measured.")
        for name in ("sample", "sample-list"):
            with django_assert_max_num_queries(60) as found:
                page(client, at(round, name))
            counts.append(len(found))
    assert counts[:2] == counts[2:]
