"""Which answers of two readers differ, and which answer of a record counts."""

import datetime as dt
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sightline.record_reading import asking
from sightline.record_reading.definitions import Item, TemplateDefinition, answer_lists
from sightline.record_reading.differences import (
    CountedRecord,
    Difference,
    counted,
    differences,
    read_once,
    read_twice,
    steps,
)
from sightline.record_reading.models import Reading, Round
from tests.factories import record_reading as make
from tests.record_reading.moderated import NOW, a_record, a_round, read
from tests.record_reading.moderated import read_twice as both_read

pytestmark = pytest.mark.django_db

YES = {"plan-present": "yes", "plan-quality": "4"}
WEAK = {"plan-present": "yes", "plan-quality": "2"}
NO = {"plan-present": "no"}


def pair_of(round: Round) -> tuple[Any, Any]:
    """Two readers of a round."""
    return make.ReaderFactory(round=round), make.ReaderFactory(round=round)


def told(found: list[Difference]) -> list[tuple[int, str, str, str, str, int]]:
    """Differences as plain rows."""
    return [(d.record.number, d.item, d.agency, d.first, d.second, d.size) for d in found]


def values_of(found: list[CountedRecord]) -> dict[int, Any]:
    """What counts, by reading number."""
    return {one.record.number: one.answers["values"] for one in found}


# The oracle: a plain second implementation, which shares no code with the first.


def options_of(item: Item) -> list[Any]:
    """The answers of an item."""
    return list(answer_lists().lists[item.list].options) if item.list else []


def is_asked(
    definition: TemplateDefinition, item: Item, facts: Mapping[str, Any], values: Mapping[str, Any]
) -> bool:
    """Whether a question is put to this child, by walking up what it hangs on."""
    if item.strata and facts["stratum"] not in item.strata:
        return False
    if item.kind == "by-agency" and not agencies(definition, item, facts):
        return False
    if item.only_if is None:
        return True
    parent = definition.item(item.only_if.item)
    given = values.get(parent.code)
    said = (
        given.values() if isinstance(given, dict) else given if isinstance(given, list) else [given]
    )
    return is_asked(definition, parent, facts, values) and any(
        one in item.only_if.answers for one in said
    )


def agencies(
    definition: TemplateDefinition, item: Item, facts: Mapping[str, Any]
) -> tuple[str, ...]:
    """Of which agencies an item is asked."""
    if item.agencies:
        return item.agencies
    return next(one.agencies for one in definition.strata if one.code == facts["stratum"])


def made_up(
    chance: random.Random, definition: TemplateDefinition, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """Random answers that obey routing."""
    values: dict[str, Any] = {}
    for item in definition.items():
        if not is_asked(definition, item, facts, values):
            continue
        codes = [one.code for one in options_of(item)]
        if item.kind == "one":
            values[item.code] = chance.choice([codes[0], *codes])  # deeper into the form
        elif item.kind == "by-agency":
            of = agencies(definition, item, facts)
            values[item.code] = {agency: chance.choice(codes) for agency in of}
        elif item.kind == "many":
            values[item.code] = [code for code in codes if chance.random() < 0.5] or codes[:1]
        else:
            values[item.code] = f"words {chance.randrange(5)}"
    return values


def disturbed(
    chance: random.Random,
    definition: TemplateDefinition,
    facts: Mapping[str, Any],
    first: Mapping[str, Any],
) -> dict[str, Any]:
    """A second reader who mostly says the same."""
    fresh = made_up(chance, definition, facts)
    values: dict[str, Any] = {}
    for item in definition.items():
        if is_asked(definition, item, facts, values):
            same = item.code in first and chance.random() < 0.8
            value = first[item.code] if same else fresh.get(item.code)
            if value is None:
                codes = [one.code for one in options_of(item)]
                of = agencies(definition, item, facts) if item.kind == "by-agency" else ()
                value = {a: codes[0] for a in of} if of else codes[0] if codes else "words"
                value = [value] if item.kind == "many" else value
            values[item.code] = value
    return values


def plain_differences(
    definition: TemplateDefinition, first: Mapping[str, Any], second: Mapping[str, Any]
) -> dict[tuple[str, str], tuple[str, str, int]]:
    """Differences, answer by answer."""
    found: dict[tuple[str, str], tuple[str, str, int]] = {}
    for item in definition.items():
        if item.code not in first or item.code not in second:
            continue
        one, other = first[item.code], second[item.code]
        cells: list[tuple[str, str, str]] = []
        if item.kind == "one":
            cells = [("", one, other)]
        if item.kind == "by-agency":
            cells = [(agency, one[agency], other[agency]) for agency in one]
        scale = {option.code: option.value for option in options_of(item)}
        for agency, a, b in cells:
            if a != b:
                far = (
                    abs(scale[a] - scale[b]) if scale[a] is not None and scale[b] is not None else 1
                )
                found[item.code, agency] = (a, b, far)
    return found


Cells = dict[tuple[str, str], Any]
"""Answers one by one; what is no single choice stands whole, under no agency."""


def cells_of(values: Mapping[str, Any]) -> Cells:
    """A reading's answers one by one."""
    found: Cells = {}
    for code, value in values.items():
        if isinstance(value, dict):
            found |= {(code, agency): one for agency, one in value.items()}
        else:
            found[code, ""] = value
    return found


def whole(cells: Cells) -> dict[str, Any]:
    """Answers put together again."""
    values: dict[str, Any] = {}
    for (code, agency), one in cells.items():
        if agency:
            values.setdefault(code, {})[agency] = one
        else:
            values[code] = one
    return values


def plain_count(
    definition: TemplateDefinition,
    facts: Mapping[str, Any],
    first: Mapping[str, Any],
    second: Mapping[str, Any],
    settled: Mapping[tuple[str, str], str | None],
) -> tuple[dict[str, Any], set[tuple[str, str]]]:
    """What counts of a record: the form is walked once with each view that stands."""
    a, b = cells_of(first), cells_of(second)
    decided = {key: code for key, code in settled.items() if code is not None}
    views = {key for key, code in settled.items() if code is None}
    worlds = [b | a | decided, b | a | decided | {key: b[key] for key in views}]
    asked = {
        item.code
        for item in definition.items()
        if all(is_asked(definition, item, facts, whole(world)) for world in worlds)
    }
    counts = {
        key: value for key, value in worlds[0].items() if key[0] in asked and key not in views
    }
    return whole(counts), {key for key in views if key[0] in asked}


@pytest.mark.parametrize("key", ["local-audit@1", "risk-of-harm@1", "care-and-protection@1"])
def test_differences_and_counts_are_those_of_a_plain_recount(key: str) -> None:
    definition, chance = asking.template(key), random.Random(f"differences {key}")  # noqa: S311 - made up
    round = a_round(template=key)
    readers = pair_of(round)
    strata = definition.strata
    expected: dict[int, Any] = {}
    apart: list[tuple[int, str, str, str, str, int]] = []
    for number in range(1, 17):
        group = strata[number % len(strata)]
        facts = make.facts(number, stratum=group.code, population=group.population)
        first = made_up(chance, definition, facts)
        second = disturbed(chance, definition, facts, first)
        record = both_read(round, number, first, second, readers, stratum=group.code, facts=facts)
        found = plain_differences(definition, first, second)
        apart += [(number, *where, *what) for where, what in found.items()]
        settled: dict[tuple[str, str], str | None] = {}
        for item, agency in sorted(found):
            if chance.random() < 0.6:
                codes = [one.code for one in options_of(definition.item(item))]
                settled[item, agency] = chance.choice([*codes, None])
                way = "agreed" if settled[item, agency] else "two-views"
                make.SettlementFactory(
                    record=record, item=item, agency=agency, way=way, value=settled[item, agency]
                )
        expected[number] = plain_count(definition, facts, first, second, settled)
    assert sorted(told(differences(round))) == sorted(apart)
    assert len(apart) > 20
    assert {
        one.record.number: (one.answers["values"], set(one.two_views)) for one in counted(round)
    } == expected
    for one in counted(round):
        assert set(one.spread) == set(one.two_views)
        assert all(first != second for first, second in one.spread.values())


# Case by case.


def test_a_question_that_hangs_on_a_difference_is_no_difference_of_its_own() -> None:
    round = a_round()
    both_read(round, 1, YES, NO, pair_of(round))
    assert told(differences(round)) == [(1, "plan-present", "", "yes", "no", 1)]


def test_steps_are_those_of_the_scale_and_one_where_there_is_none() -> None:
    six = Item(code="a", text="A", short="A", list="six-point")
    yes = Item(code="b", text="B", short="B", list="yes-no")
    fully = Item(code="c", text="C", short="C", list="fully")
    assert [steps(six, a, b) for a, b in ("44", "42", "61", "16")] == [0, 2, 5, 5]
    assert steps(yes, "yes", "no") == 1
    assert steps(fully, "fully", "not-at-all") == 2
    assert steps(fully, "fully", "not-expected") == 1


def test_while_nothing_is_settled_the_first_reading_counts() -> None:
    round = a_round()
    both_read(round, 1, WEAK, YES, pair_of(round))
    assert values_of(counted(round)) == {1: WEAK}


def test_what_hangs_on_a_settled_answer_comes_from_whoever_was_asked() -> None:
    round = a_round()
    readers = pair_of(round)
    one = both_read(round, 1, NO, YES, readers)
    two = both_read(round, 2, YES, NO, readers)
    make.SettlementFactory(record=one, item="plan-present", value="yes")
    make.SettlementFactory(record=two, item="plan-present", value="no")
    assert values_of(counted(round)) == {1: YES, 2: NO}


def test_what_hangs_on_two_views_is_not_counted() -> None:
    round = a_round()
    record = both_read(round, 1, YES, NO, pair_of(round))
    make.SettlementFactory(record=record, item="plan-present", way="two-views", value=None)
    (found,) = counted(round)
    assert found.answers["values"] == {}
    assert found.two_views == {("plan-present", "")}
    assert found.spread == {("plan-present", ""): ("yes", "no")}


def test_one_agency_left_as_two_views_leaves_the_others() -> None:
    round = a_round()
    first = {"meeting-held": "yes", "meeting-attendance": {"police": "yes", "health": "no"}}
    second = {"meeting-held": "yes", "meeting-attendance": {"police": "no", "health": "no"}}
    record = both_read(round, 1, first, second, pair_of(round))
    assert told(differences(round)) == [(1, "meeting-attendance", "police", "yes", "no", 1)]
    make.SettlementFactory(
        record=record, item="meeting-attendance", agency="police", way="two-views", value=None
    )
    (found,) = counted(round)
    assert found.answers["values"]["meeting-attendance"] == {"health": "no"}


def test_reasons_are_those_of_whoever_gave_the_answer() -> None:
    round = a_round()
    readers = pair_of(round)
    record = a_record(round, 1, twice=True)
    read(record, readers[0], YES, whys={"plan-quality": "Dates are there."})
    read(record, readers[1], WEAK, part=2, whys={"plan-quality": "No link to risks."})
    assert counted(round)[0].answers["whys"] == {"plan-quality": "Dates are there."}
    settled = make.SettlementFactory(record=record, value="2", why="Talked through.")
    assert counted(round)[0].answers["whys"] == {"plan-quality": "No link to risks."}
    settled.value = "3"
    settled.save()
    assert counted(round)[0].answers["whys"] == {"plan-quality": "Talked through."}


def test_what_either_flagged_is_kept() -> None:
    round = a_round()
    readers = pair_of(round)
    record = a_record(round, 1, twice=True)
    flagged = (
        {"strengths": "Warm.", "concerns": "Late."},
        {"strengths": "Kind.", "concerns": "Late."},
    )
    for part, (reader, flags) in enumerate(zip(readers, flagged, strict=True), 1):
        reading = read(record, reader, YES, part=part)
        reading.answers = {**reading.answers, "flags": flags}
        reading.save()
    flags = counted(round)[0].answers["flags"]
    assert flags == {"strengths": "Warm.\n\nKind.", "concerns": "Late."}


def test_a_settlement_of_other_answers_no_longer_counts() -> None:
    round = a_round()
    record = both_read(round, 1, YES, WEAK, pair_of(round))
    make.SettlementFactory(record=record, value="3", between=["4", "2"])
    assert values_of(counted(round))[1]["plan-quality"] == "3"
    reading = record.readings.get(part=2)
    reading.answers = {"values": {**WEAK, "plan-quality": "1"}, "whys": {}, "flags": {}}
    reading.save()
    assert differences(round)[0].settlement is None
    assert values_of(counted(round))[1]["plan-quality"] == "4"


def test_a_third_reader_decides_what_nobody_has() -> None:
    round = a_round()
    readers = pair_of(round)
    record = both_read(
        round, 1, {**YES, "meeting-held": "yes"}, {**WEAK, "meeting-held": "no"}, readers
    )
    make.SettlementFactory(record=record, item="meeting-held", value="no")
    third = read(record, make.ReaderFactory(round=round), None, part=3)
    assert [one.settlement is None for one in differences(round)] == [False, True]
    assert values_of(counted(round))[1]["plan-quality"] == "4"
    Reading.objects.filter(pk=third.pk).delete()
    read(
        record, make.ReaderFactory(round=round),
        {"plan-present": "yes", "plan-quality": "3", "meeting-held": "yes"},
        part=3, whys={"plan-quality": "Half of it."},
    )  # fmt: skip
    meeting, quality = differences(round)
    assert meeting.settlement
    assert meeting.settlement.way == "agreed"
    assert quality.settlement
    assert quality.settlement.way == "third"
    assert (quality.settlement.value, quality.settlement.why) == ("3", "Half of it.")
    found = values_of(counted(round))[1]
    assert (found["plan-quality"], found["meeting-held"]) == ("3", "no")


def test_a_third_reader_who_was_not_asked_decides_nothing_of_it() -> None:
    round = a_round()
    record = both_read(round, 1, YES, WEAK, pair_of(round))
    read(record, make.ReaderFactory(round=round), NO, part=3)
    assert differences(round)[0].settlement is None


def test_answers_made_with_two_templates_are_compared_where_both_ask_the_same() -> None:
    round = a_round(template="risk-of-harm@1")
    readers = pair_of(round)
    record = a_record(round, 1, twice=True)
    read(record, readers[0], {**YES, "meeting-held": "yes"}, template="local-audit@1")
    shared = [
        item.code
        for item in asking.template("local-audit@1").items()
        if asking.comparable("local-audit@1", item.code, "risk-of-harm@1") != "same"
    ]
    assert "meeting-held" in shared
    read(record, readers[1], {**WEAK, "meeting-held": "no"}, part=2, template="risk-of-harm@1")
    assert "meeting-held" not in [one.item for one in differences(round)]


# Blind until both are in.


def test_half_a_pair_is_nowhere() -> None:
    round = a_round()
    readers = pair_of(round)
    both_read(round, 1, YES, None, readers)
    alone = a_record(round, 2, twice=True)
    read(alone, readers[0], YES)
    assert (differences(round), counted(round), read_twice(round)) == ([], [], [])
    assert not read_once(round).exists()


def test_a_reading_that_is_opened_again_hides_its_record_again() -> None:
    round = a_round()
    record = both_read(round, 1, YES, WEAK, pair_of(round))
    assert counted(round)
    record.readings.filter(part=1).update(state="in-progress")
    assert (differences(round), counted(round)) == ([], [])


def test_a_locked_round_counts_what_there_is() -> None:
    round = a_round()
    readers = pair_of(round)
    both_read(round, 1, YES, None, readers)
    late = both_read(round, 2, YES, WEAK, readers)
    late.readings.filter(part=1).update(state="in-progress")
    Round.objects.filter(pk=round.pk).update(state="locked", locked_at=NOW, locked_by="command:x")
    round.refresh_from_db()
    assert differences(round) == []
    assert values_of(counted(round)) == {1: YES, 2: WEAK}


def test_a_record_of_one_reader_counts_once_it_is_handed_in() -> None:
    round = a_round()
    reader = make.ReaderFactory(round=round)
    done, begun = a_record(round, 1), a_record(round, 2)
    reading = read(
        done, reader, {**NO, "plan-quality": "4", "gone": "yes"}, whys={"plan-quality": "x"}
    )
    read(begun, reader, None)
    (found,) = counted(round)
    assert found.answers["values"] == NO
    assert found.answers["whys"] == {}
    assert (found.template, found.facts["reference"]) == ("local-audit@1", "SG-0001")
    assert list(read_once(round)) == [reading]


def test_readings_that_are_over_and_records_withdrawn_count_nowhere() -> None:
    round = a_round()
    readers = pair_of(round)
    gone = both_read(round, 1, YES, WEAK, readers)
    gone.state, gone.withdrawn_at, gone.withdrawn_by, gone.reason = "withdrawn", NOW, "x:y", "Moved"
    gone.save()
    record = a_record(round, 2)
    read(
        record, readers[0], YES, state="reassigned", ended_at=NOW, ended_by="x:y", ended_reason="x"
    )
    destroyed = a_record(round, 3)
    reading = read(destroyed, readers[0], YES)
    reading.answers = None
    reading.save()
    assert (differences(round), counted(round)) == ([], [])


def test_a_sample_that_was_set_aside_counts_nowhere() -> None:
    round = a_round()
    both_read(round, 1, YES, WEAK, pair_of(round))
    round.samples.update(set_aside_at=NOW, set_aside_by="x:y", set_aside_reason="Again")
    assert counted(round) == []


def test_records_come_by_number_and_some_can_be_asked_for() -> None:
    round = a_round()
    readers = pair_of(round)
    three = both_read(round, 3, YES, WEAK, readers)
    both_read(round, 1, YES, WEAK, readers)
    assert [pair.record.number for pair in read_twice(round)] == [1, 3]
    (only,) = read_twice(round, [three.pk])
    assert only.record == three
    assert only.day == (NOW + dt.timedelta(minutes=2)).date()


def test_questions_asked_of_the_database_do_not_grow(django_assert_num_queries: Any) -> None:
    round = a_round()
    readers = pair_of(round)
    for number in range(1, 9):
        both_read(round, number, YES, WEAK, readers)
    with django_assert_num_queries(3):
        counted(round)
    with django_assert_num_queries(3):
        differences(round)


PAGE = Path(__file__).parents[2] / "docs/methods/M-25-agreement-in-a-round.md"


def said(cell: str) -> dict[str, str]:
    """`present=yes quality=4` as answers."""
    return {f"plan-{code}": value for code, value in (w.split("=") for w in cell.split())}


def worked() -> list[list[str]]:
    """The rows of the worked example."""
    lines = PAGE.read_text(encoding="utf-8").split("## Worked example")[1].splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if "=" in line]
    return [row for row in rows if len(row) > 5]


def test_the_worked_example_of_the_method_comes_out() -> None:
    round = a_round()
    readers = pair_of(round)
    rows = worked()
    assert len(rows) == 9
    for number, (first, second, settled, *_) in enumerate(rows, 1):
        record = both_read(round, number, said(first), said(second), readers)
        for item, value in said(settled).items():
            both = value == "two-views"
            make.SettlementFactory(
                record=record, item=item, way="two-views" if both else "agreed",
                value=None if both else value,
            )  # fmt: skip
    found = {one.record.number: one for one in differences(round)}
    counts = values_of(counted(round))
    for number, (*_, differs, size, counting) in enumerate(rows, 1):
        told_of = found.get(number)
        assert (f"plan-{differs}" if differs else None) == (told_of and told_of.item), number
        assert size == (str(told_of.size) if told_of else ""), number
        assert counts[number] == said(counting), number
