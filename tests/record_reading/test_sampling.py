"""A sample is drawn, drawn again, withdrawn from, and brought back to."""

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sightline.access.models import AuditEvent, User
from sightline.kernel.errors import BadInput, NotAllowed, NotFound, NotPermitted
from sightline.record_reading import sampling_checks, sampling_plans
from sightline.record_reading import sampling_queries as queries
from sightline.record_reading.models import Reading, Round, Sample, SampledRecord, Snapshot
from sightline.record_reading.services.returning import accept_return
from sightline.record_reading.services.sampling import bring_back, draw_sample, withdraw_record
from sightline.stats import sampling, sampling_record
from sightline.stats.sampling import Plan
from tests.factories.access import UserFactory, assign
from tests.factories.record_reading import (
    CompleteReadingFactory,
    LockedRoundFactory,
    OpenRoundFactory,
    ReaderFactory,
    ReadingFactory,
    RoundFactory,
    facts,
)
from tests.record_reading import returns
from tests.record_reading.holding import asked, holds

TWO = "care-and-protection@1"


def children(count: int, **over: Any) -> list[dict[str, Any]]:
    """Facts of children 1 to `count`."""
    return [facts(number, **over) for number in range(1, count + 1)]


@pytest.fixture
def lead(db: None) -> User:
    """Who runs audits of the area."""
    return returns.runner()


@pytest.fixture
def round(lead: User) -> Round:
    """An open round with forty children in scope."""
    made: Round = OpenRoundFactory(area=returns.AREA)
    accept_return(actor=lead, round=made, rows=children(40))
    return made


@pytest.fixture
def sample(lead: User, round: Round) -> Sample:
    """Ten of the forty, with three reserves."""
    return draw_sample(actor=lead, round=round, plan=Plan(size=10, reserves=3), seed="Fife 2026")


def states(sample: Sample) -> dict[str, int]:
    """How many records are in each state."""
    return dict(Counter(sample.records.values_list("state", flat=True)))


def record(sample: Sample, place: int) -> SampledRecord:
    """The record with a place in the order of the draw."""
    found: SampledRecord = sample.records.get(place=place)
    return found


# Drawing


def test_the_sample_is_what_stats_draws(lead: User, round: Round, sample: Sample) -> None:
    frame = [sampling.Unit(f"SG-{n:04d}", "audit", "") for n in range(1, 41)]
    drawn = sampling.draw(frame, Plan(size=10, reserves=3), seed="Fife 2026")
    kept = list(sample.records.order_by("place"))
    assert tuple(one.reference for one in kept if one.state == "drawn") == drawn.drawn
    assert tuple(one.reference for one in kept if one.state == "reserve") == (
        drawn.strata[0].reserves
    )
    assert sampling_record.from_data(sample.record) == drawn
    assert (sample.frame_hash, sample.number, sample.snapshot.number) == (drawn.frame_hash, 1, 1)
    assert [one.facts["reference"] for one in kept] == [one.reference for one in kept]
    assert sample.plan["wanted"] == {"audit": 10}


def test_numbers_are_of_chance_and_come_again(sample: Sample) -> None:
    kept = list(sample.records.order_by("number"))
    assert [one.number for one in kept] == list(range(1, 14))
    assert [one.state for one in kept] == ["drawn"] * 10 + ["reserve"] * 3
    drawn = [one.reference for one in kept if one.state == "drawn"]
    assert drawn != sorted(drawn)
    assert drawn != [
        one.reference for one in sorted(kept, key=lambda one: one.place) if one.state == "drawn"
    ]
    found = sampling_record.from_data(sample.record)
    assert {one.reference: one.number for one in kept} == sampling_plans.numbered(found)


def test_numbers_go_across_strata(lead: User) -> None:
    strata = ["child-protection", "kinship", "foster"]
    round = RoundFactory(area=returns.AREA, template=TWO)
    from sightline.record_reading import returning

    known = list(returning.strata(round))[:3]
    assert len(known) == len(strata)
    rows = [facts(n, stratum=known[n % 3]) for n in range(1, 61)]
    accept_return(actor=lead, round=round, rows=rows)
    made = draw_sample(
        actor=lead, round=round, plan=Plan(size=30, minimum=4, reserves=1), seed="a seed"
    )
    order = [one.stratum for one in made.records.order_by("number") if one.state == "drawn"]
    assert len(order) == 30
    assert order != sorted(order)
    changes = sum(a != b for a, b in pairwise(order))
    assert changes > 5


def test_it_is_drawn_again_identically(sample: Sample) -> None:
    checks = sampling_checks.drawn_again(sample)
    assert [one.same for one in checks] == [True, True]
    assert "10 records and 3 reserves" in checks[0].words


def test_what_was_tampered_with_is_seen(sample: Sample) -> None:
    first, second = record(sample, 1), record(sample, 2)
    first.number, second.number = 999, first.number
    first.save()
    second.save()
    assert [one.same for one in sampling_checks.drawn_again(sample)] == [True, False]
    data = dict(sample.record)
    data["seed"] = "another"
    sample.record = data
    assert [one.same for one in sampling_checks.drawn_again(sample)] == [False]
    rows = list(sample.snapshot.rows)
    sample.snapshot.rows = rows[1:]
    assert "not the frame" in sampling_checks.drawn_again(sample)[0].words
    sample.record = {}
    assert "no record of a draw" in sampling_checks.drawn_again(sample)[0].words


def test_siblings_are_kept_apart(lead: User) -> None:
    round = RoundFactory(area=returns.AREA)
    rows = [facts(n, family=f"F{n % 15}") for n in range(1, 46)]
    accept_return(actor=lead, round=round, rows=rows)
    made = draw_sample(actor=lead, round=round, plan=Plan(size=10, reserves=5), seed="s")
    families = [one.facts["family"] for one in made.records.all()]
    assert len(set(families)) == 15
    with pytest.raises(BadInput, match="siblings kept apart"):
        draw_sample(actor=lead, round=round, plan=Plan(size=16), seed="s", reason="More.")


@pytest.mark.parametrize(
    ("plan", "seed", "words"),
    [
        (Plan(size=41), "s", "41 are to be drawn and 40 can be"),
        (Plan(size=0), "s", "size"),
        (Plan(size=5, minimum=6), "s", "the minimums add up to 6"),
        (Plan(size=5, minimums={"audit": 41}), "s", "“Records in the audit” can give 40"),
        (Plan(size=5, minimums={"other": 1}), "s", "is no stratum"),
        (Plan(size=5), " ", "The seed is empty"),
        (Plan(size=5), "s" * 121, "120 characters or fewer"),
    ],
)
def test_a_plan_that_cannot_be_met(
    plan: Plan, seed: str, words: str, lead: User, round: Round
) -> None:
    with pytest.raises(BadInput, match=words):
        draw_sample(actor=lead, round=round, plan=plan, seed=seed)
    assert not Sample.objects.exists()


def test_nothing_to_draw_from(lead: User) -> None:
    with pytest.raises(BadInput, match="The return comes first"):
        draw_sample(actor=lead, round=RoundFactory(area=returns.AREA), plan=Plan(size=1), seed="s")


def test_a_second_draw_needs_a_reason_and_sets_the_first_aside(
    lead: User, round: Round, sample: Sample
) -> None:
    waiting = ReadingFactory(
        round=round, record=record(sample, 1), reader=ReaderFactory(round=round)
    )
    with pytest.raises(NotAllowed, match="Say why"):
        draw_sample(actor=lead, round=round, plan=Plan(size=5), seed="t")
    made = draw_sample(
        actor=lead, round=round, plan=Plan(size=5), seed="t", reason="The return was corrected."
    )
    sample.refresh_from_db()
    waiting.refresh_from_db()
    assert (made.number, sample.set_aside_reason) == (2, "The return was corrected.")
    assert sample.set_aside_by == lead.audit_name
    assert (waiting.state, waiting.ended_reason) == ("withdrawn", "Another sample was drawn.")
    assert queries.sample_of(round) == made
    assert [one.number for one in queries.samples_of(round)] == [2, 1]
    with pytest.raises(NotAllowed, match="set aside"):
        withdraw_record(actor=lead, record=record(sample, 1), reason="Lost.")


def test_a_sample_stays_once_reading_has_begun(lead: User, round: Round, sample: Sample) -> None:
    reader = ReaderFactory(round=round)
    ReadingFactory(round=round, record=record(sample, 1), reader=reader, state="in-progress")
    with pytest.raises(NotAllowed, match="being read"):
        draw_sample(actor=lead, round=round, plan=Plan(size=5), seed="t", reason="Why not.")


def test_a_locked_round_changes_no_more(lead: User, sample: Sample) -> None:
    Round.objects.filter(pk=sample.round_id).update(
        state="locked", locked_at="2026-03-05T00:00Z", locked_by="command:test"
    )
    sample.round.refresh_from_db()
    with pytest.raises(NotAllowed, match="locked"):
        draw_sample(actor=lead, round=sample.round, plan=Plan(size=5), seed="t", reason="r")
    with pytest.raises(NotAllowed, match="locked"):
        withdraw_record(actor=lead, record=record(sample, 1), reason="Lost.")
    with pytest.raises(NotAllowed, match="locked"):
        accept_return(actor=lead, round=LockedRoundFactory(area=returns.AREA), rows=children(1))


def test_each_writes_one_line_and_no_reference(lead: User, sample: Sample) -> None:
    stepped_in = withdraw_record(actor=lead, record=record(sample, 1), reason="SG-0001 is lost.")
    assert stepped_in is not None
    bring_back(actor=lead, record=record(sample, 1))
    lines = AuditEvent.objects.filter(verb__startswith="record-round.").order_by("pk")
    assert [one.verb for one in lines] == [
        "record-round.return-sent", "record-round.sample-drawn", "record-round.record-withdrawn",
        "record-round.record-brought-back",
    ]  # fmt: skip
    every = " ".join(f"{one.reason} {one.before} {one.after}" for one in AuditEvent.objects.all())
    assert "SG-" not in every
    assert "is lost" not in every


@pytest.mark.parametrize(
    ("role", "kind", "key", "error"),
    [
        ("quality-lead", "partnership", "angus", NotFound),
        ("partnership-analyst", "partnership", "fife", NotPermitted),
        ("partnership-co-ordinator", "partnership", "fife", NotFound),
        ("programme-lead", "national", "scotland", NotFound),
    ],
)
def test_only_who_runs_the_round(
    role: str, kind: str, key: str, error: type[Exception], sample: Sample
) -> None:
    other = assign(UserFactory(), role, kind, key)
    with pytest.raises(error):
        draw_sample(actor=other, round=sample.round, plan=Plan(size=5), seed="t", reason="r")
    with pytest.raises(error):
        withdraw_record(actor=other, record=record(sample, 1), reason="Lost.")
    with pytest.raises(error):
        bring_back(actor=other, record=record(sample, 1))


# Who steps in


def test_the_next_reserve_steps_in(lead: User, sample: Sample) -> None:
    gone = record(sample, 3)
    gone.twice = True
    gone.save()
    stepped_in = withdraw_record(actor=lead, record=gone, reason="It cannot be found.")
    assert stepped_in is not None
    assert (stepped_in.place, stepped_in.state) == (11, "drawn")
    assert stepped_in.replaces == gone
    assert stepped_in.twice
    gone.refresh_from_db()
    assert (gone.state, gone.reason) == ("withdrawn", "It cannot be found.")
    assert states(sample) == {"drawn": 10, "reserve": 2, "withdrawn": 1}


def test_a_reason_is_needed(lead: User, sample: Sample) -> None:
    with pytest.raises(BadInput, match="Say why"):
        withdraw_record(actor=lead, record=record(sample, 1), reason=" ")
    with pytest.raises(BadInput, match="2,000 characters"):
        withdraw_record(actor=lead, record=record(sample, 1), reason="x" * 2_001)
    assert states(sample) == {"drawn": 10, "reserve": 3}


def test_only_what_is_to_be_read_is_withdrawn(lead: User, sample: Sample) -> None:
    with pytest.raises(NotAllowed, match="in reserve"):
        withdraw_record(actor=lead, record=record(sample, 11), reason="Lost.")
    withdraw_record(actor=lead, record=record(sample, 1), reason="Lost.")
    with pytest.raises(NotAllowed, match="withdrawn already"):
        withdraw_record(actor=lead, record=record(sample, 1), reason="Lost.")
    with pytest.raises(NotAllowed, match="was not withdrawn"):
        bring_back(actor=lead, record=record(sample, 2))


def test_a_chain_of_stand_ins_and_back(lead: User, sample: Sample) -> None:
    for place in (1, 11, 12, 13):
        withdraw_record(actor=lead, record=record(sample, place), reason="Lost.")
    assert states(sample) == {"drawn": 9, "withdrawn": 4}
    # Nothing was left to stand in for the last; bringing the first back undoes the whole chain.
    bring_back(actor=lead, record=record(sample, 1))
    assert states(sample) == {"drawn": 10, "withdrawn": 3}
    assert not sample.records.exclude(replaces=None).exists()
    # A reserve that stands in for nobody goes into reserve.
    assert bring_back(actor=lead, record=record(sample, 12)).state == "reserve"
    assert withdraw_record(actor=lead, record=record(sample, 5), reason="Lost.") == record(
        sample, 12
    )


def test_a_middle_of_a_chain_comes_back(lead: User, sample: Sample) -> None:
    for place in (1, 11):
        withdraw_record(actor=lead, record=record(sample, place), reason="Lost.")
    back = bring_back(actor=lead, record=record(sample, 11))
    assert (back.state, back.replaces) == ("drawn", record(sample, 1))
    assert record(sample, 12).state == "reserve"


def test_a_freed_reserve_fills_another_gap(lead: User, sample: Sample) -> None:
    for place in (1, 2, 3, 4):
        withdraw_record(actor=lead, record=record(sample, place), reason="Lost.")
    assert states(sample) == {"drawn": 9, "withdrawn": 4}
    bring_back(actor=lead, record=record(sample, 1))
    assert states(sample) == {"drawn": 10, "withdrawn": 3}
    assert record(sample, 4).replaced_by == record(sample, 11)


def test_what_was_read_of_it_is_kept_and_comes_back(lead: User, round: Round) -> None:
    accept_return(actor=lead, round=round, rows=children(40))
    sample = draw_sample(actor=lead, round=round, plan=Plan(size=10, reserves=1), seed="s")
    gone = record(sample, 1)
    kept = [
        ReadingFactory(round=round, record=gone, reader=ReaderFactory(round=round), part=1,
                       state="in-progress", started_at="2026-03-02T09:00Z", started_by="x"),
        CompleteReadingFactory(round=round, record=gone, reader=ReaderFactory(round=round), part=2),
        ReadingFactory(round=round, record=gone, reader=ReaderFactory(round=round), part=3),
    ]  # fmt: skip
    withdraw_record(actor=lead, record=gone, reason="Not in scope after all.")
    for reading in kept:
        reading.refresh_from_db()
        assert (reading.state, reading.ended_by) == ("withdrawn", lead.audit_name)
    assert kept[1].answers is not None
    kept[2].reader.ended_at, kept[2].reader.ended_by = kept[2].ended_at, "x"
    kept[2].reader.save()
    bring_back(actor=lead, record=gone)
    for reading in kept:
        reading.refresh_from_db()
    assert [one.state for one in kept] == ["in-progress", "complete", "withdrawn"]
    assert kept[0].ended_at is None


def test_what_was_handed_in_comes_back_though_its_reader_reads_no_more(
    lead: User, sample: Sample
) -> None:
    gone, reader = record(sample, 1), ReaderFactory(round=sample.round)
    reading = CompleteReadingFactory(round=sample.round, record=gone, reader=reader)
    reader.ended_at, reader.ended_by = reading.submitted_at, "x"
    reader.save()
    withdraw_record(actor=lead, record=gone, reason="By mistake.")
    bring_back(actor=lead, record=gone)
    reading.refresh_from_db()
    assert (reading.state, reading.ended_at) == ("complete", None)
    assert reading.answers is not None


def test_whoever_begins_to_read_is_waited_for(lead: User, round: Round, sample: Sample) -> None:
    """Readings are held before anything is made of whether they are begun."""
    with asked() as said:
        draw_sample(actor=lead, round=round, plan=Plan(size=5, reserves=2), seed="2", reason="x")
    assert holds(said[0])
    again = record(queries.samples_of(round)[0], 1)
    withdraw_record(actor=lead, record=again, reason="Lost.")
    with asked() as said:
        bring_back(actor=lead, record=again)
    assert holds(said[0])


def test_a_reading_that_was_reopened_is_in_progress_again(lead: User, sample: Sample) -> None:
    gone = record(sample, 1)
    reading = CompleteReadingFactory(
        round=sample.round, record=gone, reader=ReaderFactory(round=sample.round),
        state="in-progress", reopened_at="2026-03-03T09:00Z", reopened_by="x",
    )  # fmt: skip
    withdraw_record(actor=lead, record=gone, reason="Lost.")
    bring_back(actor=lead, record=gone)
    reading.refresh_from_db()
    assert reading.state == "in-progress"


def test_a_stand_in_that_is_read_stays(lead: User, sample: Sample) -> None:
    gone = record(sample, 1)
    stepped_in = withdraw_record(actor=lead, record=gone, reason="Lost.")
    assert stepped_in is not None
    reading = ReadingFactory(
        round=sample.round, record=stepped_in, reader=ReaderFactory(round=sample.round)
    )
    bring_back(actor=lead, record=gone)  # nobody had begun
    reading.refresh_from_db()
    assert reading.state == "withdrawn"
    stepped_in = withdraw_record(actor=lead, record=gone, reason="Lost again.")
    assert stepped_in is not None
    CompleteReadingFactory(
        round=sample.round, record=stepped_in, reader=ReaderFactory(round=sample.round)
    )
    with pytest.raises(NotAllowed, match="took the place of"):
        bring_back(actor=lead, record=gone)


@settings(max_examples=20, deadline=None)
@given(deeds=st.lists(st.tuples(st.booleans(), st.integers(1, 8)), max_size=12))
@pytest.mark.django_db
def test_whatever_is_done_as_many_are_read_as_can_be(deeds: list[tuple[bool, int]]) -> None:
    """The oracle: of those not withdrawn, the planned number is read, or all there are."""
    lead = returns.runner()
    round = RoundFactory(area=returns.AREA)
    accept_return(actor=lead, round=round, rows=children(8))
    sample = draw_sample(actor=lead, round=round, plan=Plan(size=5, reserves=3), seed="s")
    withdrawn: set[int] = set()
    for away, place in deeds:
        try:
            if away:
                withdraw_record(actor=lead, record=record(sample, place), reason="Lost.")
                withdrawn.add(place)
            else:
                bring_back(actor=lead, record=record(sample, place))
                withdrawn.discard(place)
        except NotAllowed:
            continue
        kept = list(sample.records.all())
        assert {one.place for one in kept if one.state == "withdrawn"} == withdrawn
        assert sum(one.state == "drawn" for one in kept) == min(5, 8 - len(withdrawn))


# Progress


def test_progress_against_the_plan(lead: User, sample: Sample) -> None:
    (stratum,) = queries.progress(sample.round)
    assert (stratum.held, stratum.planned, stratum.drawn, stratum.read) == (40, 10, 10, 0)
    reader, other = ReaderFactory(round=sample.round), ReaderFactory(round=sample.round)
    more = {"round": sample.round}
    CompleteReadingFactory(record=record(sample, 1), reader=reader, **more)
    CompleteReadingFactory(record=record(sample, 2), reader=reader, **more)
    ReadingFactory(record=record(sample, 2), reader=other, part=2, **more)
    CompleteReadingFactory(record=record(sample, 3), reader=reader, **more)
    withdraw_record(actor=lead, record=record(sample, 3), reason="Lost.")
    (stratum,) = queries.progress(sample.round)
    assert (stratum.drawn, stratum.read, stratum.withdrawn, stratum.reserves_left) == (10, 1, 1, 2)
    assert stratum.label == "Records in the audit"
    assert queries.progress(RoundFactory(area=returns.AREA)) == []


def test_records_are_those_of_the_sample_in_use(lead: User, round: Round, sample: Sample) -> None:
    assert [one.number for one in queries.records(round)] == list(range(1, 14))
    draw_sample(actor=lead, round=round, plan=Plan(size=3), seed="t", reason="Fewer readers.")
    assert [one.number for one in queries.records(round)] == [1, 2, 3]


# Plans


def test_a_preview_tells_counts_and_no_more(lead: User) -> None:
    rows = [facts(n, stratum="a" if n <= 30 else "b", family="F1" if n < 4 else "") for n in
            range(1, 41)]  # fmt: skip
    plan = Plan(size=10, minimums={"b": 5}, reserves=2)
    found = sampling_plans.preview(rows, plan, seed="s", labels={"a": "At home", "b": "Foster"})
    assert [(one.label, one.held, one.apart, one.wanted, one.reserves) for one in found.strata] == [
        ("At home", 30, 28, 5, 2), ("Foster", 10, 10, 5, 2),
    ]  # fmt: skip
    assert [one.proportional for one in found.strata] == [7.5, 2.5]
    assert found.frame == 40
    assert found.sizes[0.1] == sampling.size_for(0.1, frame=40)


@given(frame=st.integers(1, 30_000), margin=st.sampled_from([0.03, 0.05, 0.1, 0.2]))
def test_the_margin_is_the_inverse_of_the_size(frame: int, margin: float) -> None:
    size = sampling.size_for(margin, frame=frame)
    # `size_for` divides by N and the margin by N - 1: a record more never hurts.
    assert sampling_plans.margin_of(size, frame) <= margin + 1e-3
    if size > 1:
        assert sampling_plans.margin_of(size - 1, frame) > margin - 0.02


def test_margins_by_hand() -> None:
    assert sampling_plans.margin_of(60, 60) == 0
    # 1.96 * sqrt(0.25 / 100 * (1000 - 100) / 999)
    assert sampling_plans.margin_of(100, 1000) == pytest.approx(0.0930, abs=5e-5)
    assert sampling_plans.margin_of(1, 1) == 0


def test_a_snapshot_of_before_can_be_drawn_from_no_more(lead: User, round: Round) -> None:
    accept_return(actor=lead, round=round, rows=children(12))
    assert Snapshot.objects.filter(round=round).count() == 2
    made = draw_sample(actor=lead, round=round, plan=Plan(size=12), seed="s")
    assert made.snapshot.number == 2
    assert made.records.count() == 12
    assert Reading.objects.count() == 0
