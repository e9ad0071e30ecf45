"""Rounds that are made up: the same from a seed, as a real one is stored, and plausible."""

import datetime as dt
import random
from collections import Counter
from typing import Any

import pytest

from sightline.access.actors import CommandLine
from sightline.record_reading import asking, generating
from sightline.record_reading import generating_answers as made_up
from sightline.record_reading.definitions import NOT_EXPECTED
from sightline.record_reading.generating import How, make_round
from sightline.record_reading.models import (
    Reader,
    Reading,
    Round,
    Sample,
    SampledRecord,
    SectionEntry,
    Settlement,
    Snapshot,
)
from sightline.stats.sampling import Unit, draw
from sightline.stats.sampling_record import from_data
from tests.factories.access import UserFactory

pytestmark = pytest.mark.django_db
ACTOR = CommandLine("test")
TODAY = dt.date(2026, 3, 2)


def made(slug: str = "spring", **over: Any) -> Round:
    """A small round of a partnership's own."""
    said = {"area": "strathgarry", "template": "local-audit@1", "size": 20, "seed": 3}
    return make_round(actor=ACTOR, slug=slug, **{**said, **over})


def answers_of(round: Round) -> dict[tuple[int, int], Any]:
    """What was answered, by number of the record and part."""
    found = Reading.objects.filter(round=round).select_related("record")
    return {(one.record.number, one.part): one.answers for one in found}


def test_the_same_seed_gives_the_same_round_and_another_does_not() -> None:
    one, again, other = made(), made(area="strathmore"), made("other", seed=4)
    assert answers_of(one) == answers_of(again)
    assert answers_of(one) != answers_of(other)


def test_what_is_drawn_can_be_drawn_again_from_its_own_return() -> None:
    round = made()
    sample = Sample.objects.get(round=round)
    snapshot = Snapshot.objects.get(round=round)
    kept = from_data(sample.record)
    frame = [Unit(row["reference"], row["stratum"], row["family"]) for row in snapshot.rows]
    assert draw(frame, kept.plan, seed=sample.seed) == kept
    drawn = SampledRecord.objects.filter(sample=sample, state="drawn")
    assert {record.reference for record in drawn} == set(kept.drawn)
    assert sorted(record.number for record in drawn) == list(range(1, 21))
    assert round.totals["strata"]["audit"] == snapshot.held == len(snapshot.rows)


def test_a_share_is_read_twice_by_the_pair_and_the_rest_once() -> None:
    round = made(twice_share=25)
    twice = SampledRecord.objects.filter(sample__round=round, twice=True)
    assert twice.count() == 5
    for record in twice:
        both = record.readings.select_related("reader").order_by("part")
        assert [reading.part for reading in both] == [1, 2]
        assert len({reading.reader.pair for reading in both}) == 1
        assert len({reading.reader_id for reading in both}) == 2
    assert Reading.objects.filter(round=round).count() == 25
    assert {reader.kind for reader in Reader.objects.filter(round=round)} == {"auditor"}


def test_answers_obey_the_template() -> None:
    round = made(size=60)
    asked = asking.template(round.template)
    for reading in Reading.objects.filter(round=round).select_related("record"):
        assert asking.tidy(asked, reading.record.facts, reading.answers) == reading.answers
    said = [answers["values"] for answers in answers_of(round).values()]
    assert len({values.get("plan-quality") for values in said} - {None}) > 3
    assert any("plan-quality" not in values for values in said)


def test_part_of_a_round_is_handed_in_part_begun_and_part_waits() -> None:
    round = made(size=20, how=How(read=0.5))
    states = Counter(Reading.objects.filter(round=round, part=1).values_list("state", flat=True))
    assert states["complete"] == 10
    assert states.keys() == {"complete", "in-progress", "assigned"}
    begun = Reading.objects.filter(round=round, state="in-progress").first()
    assert begun is not None
    assert begun.answers is None
    assert SectionEntry.objects.filter(reading=begun).exists()


def test_what_was_kept_section_by_section_adds_up_to_what_was_handed_in() -> None:
    round = made(size=8, how=How(entries=True, pairs=1))
    for reading in Reading.objects.filter(round=round):
        whole: dict[str, Any] = {"values": {}, "whys": {}, "flags": {}}
        for entry in SectionEntry.objects.filter(reading=reading):
            for part, said in entry.answers.items():
                whole[part] |= said
        assert whole == reading.answers


def test_differences_are_settled_by_one_of_the_two_answers_or_left_as_two_views() -> None:
    round = made(size=40, twice_share=100, how=How(settled=1.0, two_views=0.5))
    settled = Settlement.objects.filter(record__sample__round=round).select_related("record")
    assert {one.way for one in settled} == {"agreed", "two-views"}
    for one in settled:
        both = {
            dict(
                ((item, agency), code)
                for item, agency, code in asking.flat(
                    asking.template(round.template), reading.answers
                )
            )[one.item, one.agency]
            for reading in one.record.readings.all()
        }
        assert len(both) == 2
        assert one.value is None if one.way == "two-views" else one.value in both


def test_people_given_read_first_and_an_inspection_pairs_an_inspector_with_a_local_reader() -> None:
    people = [UserFactory(), UserFactory()]
    round = made(inspection="strathgarry-2026", readers=people, how=How(pairs=2))
    readers = list(Reader.objects.filter(round=round).order_by("pair", "kind"))
    assert [(r.pair, r.kind) for r in readers] == [
        (1, "inspector"), (1, "local"), (2, "inspector"), (2, "local"),
    ]  # fmt: skip
    assert {r.person for r in readers if r.pair == 1} == set(people)


def test_strata_are_named_by_themselves_or_by_their_population() -> None:
    round = made(size=6, strata={"audit": 6})
    assert Sample.objects.get(round=round).plan["minimums"] == {"audit": 6}
    with pytest.raises(ValueError, match="neither a stratum nor a population"):
        made("b", size=6, strata={"foster": 6})
    with pytest.raises(ValueError, match="The strata have 5 records and the round 6"):
        made("c", size=6, strata={"audit": 5})


def test_a_return_of_any_size() -> None:
    round = made()
    sent = generating.make_snapshot(actor=ACTOR, round=round, held={"audit": 100}, seed=2, number=2)
    assert sent.held == len(sent.rows) == 100
    assert len({row["reference"] for row in sent.rows}) == 100


def test_a_second_reader_errs_as_often_as_is_said() -> None:
    asked = asking.template("local-audit@1")
    chance = random.Random(5)  # noqa: S311
    pairs = []
    for _ in range(400):
        first = made_up.answers(asked, {"stratum": "audit"}, chance)
        pairs.append((first, made_up.again(asked, {"stratum": "audit"}, first, chance)))
    both = [
        (one["values"]["plan-quality"], two["values"]["plan-quality"])
        for one, two in pairs
        if "plan-quality" in one["values"] and "plan-quality" in two["values"]
    ]
    same = sum(one == two for one, two in both) / len(both)
    assert 0.6 < same < 0.85
    assert all(abs(int(one) - int(two)) <= 1 for one, two in both if NOT_EXPECTED not in (one, two))


def test_an_inspection_has_the_structure_of_south_lanarkshire() -> None:
    round = made(
        template="care-and-protection@1", size=109, inspection="strathgarry-2026",
        strata=generating.SOUTH_LANARKSHIRE,
    )  # fmt: skip
    records = SampledRecord.objects.filter(sample__round=round, state="drawn")
    strata = Counter(record.stratum for record in records)
    assert strata["protection"] == 45
    assert strata.total() - strata["protection"] == 64
    for record in records:
        assert record.facts["stratum"] == record.stratum
        if record.stratum == "foster":
            assert record.facts["care_type"] == "foster"


def test_a_population_shares_its_records_out_among_its_strata() -> None:
    round = made(
        template="care-and-protection@1", size=12, strata={"looked-after": 8, "protection": 4}
    )
    plan = Sample.objects.get(round=round).plan["minimums"]
    assert plan == {"protection": 4, "at-home": 2, "kinship": 2, "foster": 2, "residential": 2}
