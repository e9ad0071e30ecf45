"""A return: totals beside it, versions of it, and what its counts come to."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sightline.access.models import AuditEvent, User
from sightline.kernel.errors import BadInput, Faults, NotAllowed, NotFound, NotPermitted
from sightline.record_reading import return_checks, returning
from sightline.record_reading.models import Round, Snapshot
from sightline.record_reading.services.returning import (
    accept_return,
    give_totals,
    take_back_return,
)
from sightline.record_reading.services.sampling import draw_sample
from sightline.stats.sampling import Plan
from sightline.uploads import services as uploads
from tests.factories.access import UserFactory, assign
from tests.factories.record_reading import LockedRoundFactory, RoundFactory, facts
from tests.record_reading import returns

INSPECTED = "care-and-protection@1"


@pytest.fixture
def lead(db: None, settings: Any, tmp_path: Path) -> User:
    """Who runs audits of the area; files of a test are its own."""
    settings.SIGHTLINE_STATE = tmp_path / "state"
    return returns.runner()


@pytest.fixture
def round(lead: User) -> Round:
    """A round of the area's own."""
    made: Round = RoundFactory(area=returns.AREA)
    return made


def test_from_a_file_to_a_sample(lead: User, round: Round) -> None:
    returns.total(lead, round, 12)
    upload = returns.taken(lead, round, returns.as_csv(returns.rows(12)))
    assert (upload.state, upload.added) == ("committed", 12)
    snapshot = returning.latest(round)
    assert snapshot is not None
    assert (snapshot.held, snapshot.strata, snapshot.sent_by) == (
        12, {"audit": 12}, lead.audit_name,
    )  # fmt: skip
    assert snapshot.rows[0] == {
        "reference": "SG-0001", "population": "audit", "stratum": "audit", "age_band": "5-10",
        "care_type": "at-home", "register": "no", "disability": "no", "locality": "",
        "lead_agency": "social-work", "agencies": ["social-work", "health"], "concern_on": None,
        "family": "", "teams": ["Locality team East"],
    }  # fmt: skip
    sample = draw_sample(actor=lead, round=round, plan=Plan(size=5, reserves=2), seed="a seed")
    assert sample.records.count() == 7


def test_a_template_with_one_stratum_need_not_name_it(lead: User, round: Round) -> None:
    keep = [place for place, title in enumerate(returns.TITLES) if title not in
            {"Population", "Stratum"}]  # fmt: skip
    lines = [[line[place] for place in keep] for line in returns.rows(3)]
    titles = [returns.TITLES[place] for place in keep]
    returns.taken(lead, round, returns.as_csv(lines, titles))
    snapshot = returning.latest(round)
    assert snapshot is not None
    assert {(row["population"], row["stratum"]) for row in snapshot.rows} == {("audit", "audit")}


def test_the_columns_are_those_of_the_template(lead: User) -> None:
    round = RoundFactory(area=returns.AREA, template=INSPECTED)
    lies_in = returning.population_of(round)
    other = next(code for code, part in lies_in.items() if part != lies_in[next(iter(lies_in))])
    first = next(iter(lies_in))
    lines = [
        returns.row(1, population=lies_in[first], stratum=first),
        returns.row(2, population=lies_in[first], stratum=other),
        returns.row(3, population=lies_in[first], stratum=""),
    ]
    upload = returns.send(lead, round, returns.as_csv(lines))
    assert sorted(returns.said(upload)) == [
        "The stratum is not one of this population", "“Stratum” is empty",
    ]  # fmt: skip
    assert upload.held_back == 2


# Totals


def test_totals_are_kept_with_one_line(lead: User, round: Round) -> None:
    give_totals(actor=lead, round=round, populations={"audit": 3}, strata={"audit": 3})
    give_totals(actor=lead, round=round, populations={"audit": 3}, strata={"audit": 3}, why=" ")
    round.refresh_from_db()
    assert round.totals == {"populations": {"audit": 3}, "strata": {"audit": 3}, "why": ""}
    line = AuditEvent.objects.get(verb="record-round.totals-given")
    assert line.after["children"] == 3


@pytest.mark.parametrize(
    ("populations", "strata", "words"),
    [
        ({"audit": 3}, {"audit": 4}, "its strata add up to 4, and 3 were given"),
        ({}, {"audit": 4}, "has no total"),
        ({"audit": -1}, {"audit": -1}, "is not a number of children"),
        ({"audit": 3}, {"audit": 3, "attic": 1}, "attic"),
        ({"audit": 2_000_000}, {"audit": 2_000_000}, "0 to 1,000,000"),
    ],
)
def test_totals_that_do_not_add_up(
    populations: dict[str, int], strata: dict[str, int], words: str, lead: User, round: Round
) -> None:
    with pytest.raises(Faults, match=words):
        give_totals(actor=lead, round=round, populations=populations, strata=strata)
    with pytest.raises(Faults, match="2,000 characters"):
        give_totals(
            actor=lead, round=round, populations={"audit": 1}, strata={"audit": 1}, why="x" * 2_001
        )


def test_a_file_that_does_not_add_up_stops_at_the_check(lead: User, round: Round) -> None:
    returns.total(lead, round, 4)
    upload = returns.send(lead, round, returns.as_csv(returns.rows(3)))
    assert upload.state == "refused"
    assert returning.latest(round) is None
    assert returns.said(upload) == [
        "Records in the audit: 4 were given and the file has 3, which is 1 fewer"
    ]
    assert [group["count"] for group in upload.result["groups"]] == [1]
    more = returns.send(lead, round, returns.as_csv(returns.rows(6)))
    assert "which is 2 more" in returns.said(more)[0]


def test_each_total_that_differs_is_told_once_with_its_population(lead: User) -> None:
    round = RoundFactory(area=returns.AREA, template=INSPECTED)
    lies_in = returning.population_of(round)
    given = {code: {"kinship": 3, "foster": 1, "protection": 2}.get(code, 0) for code in lies_in}
    parts = dict.fromkeys(lies_in.values(), 0)
    for code, number in given.items():
        parts[lies_in[code]] += number
    give_totals(actor=lead, round=round, populations=parts, strata=given)
    sent = ["kinship", "kinship", "kinship", "kinship", "foster", "protection"]
    lines = [
        returns.row(number, population=lies_in[code], stratum=code)
        for number, code in enumerate(sent, start=1)
    ]
    upload = returns.send(lead, round, returns.as_csv(lines))
    part = returning.populations(round)
    assert sorted(returns.said(upload)) == sorted(
        [
            f"{part['looked-after']}: 4 were given and the file has 5, which is 1 more",
            f"{part['looked-after']}, Kinship care: 3 were given and the file has 4, "
            "which is 1 more",
            f"{part['register']}: 2 were given and the file has 1, which is 1 fewer",
        ]
    )
    assert {group["count"] for group in upload.result["groups"]} == {1}


def test_unless_the_sender_explains(lead: User, round: Round) -> None:
    returns.total(lead, round, 4, why="One family moved away on the agreed date.")
    upload = returns.taken(lead, round, returns.as_csv(returns.rows(3)))
    assert upload.state == "committed"
    assert "which is 1 fewer" in returns.said(upload)[0]
    line = AuditEvent.objects.get(verb="record-round.return-sent")
    assert line.reason == "One family moved away on the agreed date."


def test_an_inspections_return_needs_its_totals(lead: User, round: Round) -> None:
    sender = assign(UserFactory(), "partnership-co-ordinator", "partnership", returns.AREA)
    inspected = RoundFactory(area=returns.AREA, inspection="fife-2030")
    upload = returns.send(sender, inspected, returns.as_csv(returns.rows(3)))
    assert (upload.state, returns.said(upload)) == (
        "refused", ["No totals were given for this return"],
    )  # fmt: skip
    # An area's own audit goes on without, and is told.
    upload = returns.taken(lead, round, returns.as_csv(returns.rows(3)))
    assert (upload.state, returns.said(upload)) == (
        "committed", ["No totals were given for this return"],
    )  # fmt: skip


def test_rows_held_back_are_not_counted_against_the_totals(lead: User, round: Round) -> None:
    returns.total(lead, round, 3)
    lines = [*returns.rows(2), returns.row(3, stratum="attic")]
    upload = returns.send(lead, round, returns.as_csv(lines))
    assert (upload.state, returns.said(upload)) == ("checked", ["“Stratum” is not one we know"])


@given(
    given_=st.dictionaries(st.sampled_from("ab"), st.integers(0, 50)),
    held=st.dictionaries(st.sampled_from("ab"), st.integers(0, 50)),
)
def test_the_words_of_a_difference(given_: dict[str, int], held: dict[str, int]) -> None:
    for code in "ab":
        line = return_checks.Line("stratum", code, code, given_.get(code), held.get(code, 0))
        if code not in given_:
            assert line.difference == 0
            assert line.words.startswith("no total was given")
        else:
            assert line.given is not None
            assert line.given + line.difference == line.held
            more = "more" in line.words, "fewer" in line.words
            assert more == (line.difference > 0, line.difference < 0)


# Versions


def test_a_version_is_never_changed_and_the_same_makes_none(lead: User, round: Round) -> None:
    one = accept_return(actor=lead, round=round, rows=[facts(1), facts(2)])
    assert (one.added, one.unchanged) == (2, 0)
    same = accept_return(actor=lead, round=round, rows=[facts(2), facts(1)])
    assert (same.added, same.unchanged) == (0, 2)
    assert Snapshot.objects.count() == 1
    changed = [facts(2, age_band="1-4"), facts(3)]
    two = accept_return(actor=lead, round=round, rows=changed)
    assert (two.added, two.replaced, two.removed, two.unchanged) == (1, 1, 1, 0)
    assert [one.number for one in returning.snapshots(round)] == [2, 1]
    assert Snapshot.objects.get(number=1).held == 2


def test_what_is_no_return(lead: User, round: Round) -> None:
    for rows in ([], [facts(1), facts(1)]):
        with pytest.raises(BadInput, match="each with its own reference"):
            accept_return(actor=lead, round=round, rows=rows)


def test_a_version_is_taken_back(lead: User, round: Round) -> None:
    accept_return(actor=lead, round=round, rows=[facts(1)])
    accept_return(actor=lead, round=round, rows=[facts(1), facts(2)])
    newest = returning.latest(round)
    assert newest is not None
    assert take_back_return(actor=lead, round=round, snapshots=[newest]) == 2
    again = returning.latest(round)
    assert again is not None
    assert again.number == 1
    newest.refresh_from_db()
    assert take_back_return(actor=lead, round=round, snapshots=[newest]) == 0
    accept_return(actor=lead, round=round, rows=[facts(3)])
    assert [one.number for one in returning.snapshots(round)] == [3, 2, 1]


def test_what_a_sample_was_drawn_from_stays(lead: User, round: Round) -> None:
    upload = returns.taken(lead, round, returns.as_csv(returns.rows(6)))
    draw_sample(actor=lead, round=round, plan=Plan(size=2), seed="s")
    with pytest.raises(NotAllowed, match="drawn from this return"):
        uploads.undo(actor=lead, key=upload.pk)
    upload.refresh_from_db()
    assert upload.state == "committed"
    assert returning.latest(round) is not None


def test_an_import_that_changed_nothing_is_undone_as_nothing(lead: User, round: Round) -> None:
    returns.taken(lead, round, returns.as_csv(returns.rows(3)))
    second = returns.taken(lead, round, returns.as_csv(returns.rows(3)[::-1]))
    assert (second.unchanged, Snapshot.objects.count()) == (3, 1)
    assert uploads.undo(actor=lead, key=second.pk).removed == 0
    assert returning.latest(round) is not None


def test_a_locked_round_takes_nothing(lead: User) -> None:
    locked = LockedRoundFactory(area=returns.AREA)
    with pytest.raises(NotAllowed, match="locked"):
        give_totals(actor=lead, round=locked, populations={"audit": 1}, strata={"audit": 1})
    upload = returns.send(lead, locked, returns.as_csv(returns.rows(1)))
    assert upload.state == "refused"


def test_only_who_may_send_it(lead: User, round: Round) -> None:
    for role, kind, key, error in (
        ("quality-lead", "partnership", "angus", NotFound),
        ("partnership-analyst", "partnership", returns.AREA, NotPermitted),
        ("inspection-lead", "national", "scotland", NotFound),
    ):
        other = assign(UserFactory(), role, kind, key)
        with pytest.raises(error):
            accept_return(actor=other, round=round, rows=[facts(1)])
        with pytest.raises(error):
            give_totals(actor=other, round=round, populations={"audit": 1}, strata={"audit": 1})
        with pytest.raises(error):
            take_back_return(actor=other, round=round, snapshots=[])


# Columns


def test_words_of_codes(db: None) -> None:
    round = RoundFactory(area=returns.AREA, template=INSPECTED)
    assert returning.label(round, "age_band", "under-1") == "Under 1"
    assert returning.label(round, "agencies", "health") == returning.agencies()["health"]
    part, words = next(iter(returning.populations(round).items()))
    assert returning.label(round, "population", part) == words
    layer, words = next(iter(returning.strata(round).items()))
    assert returning.label(round, "stratum", layer) == words
    assert returning.label(round, "locality", "North") == "North"


def test_counting_is_by_each_of_several() -> None:
    rows = [{"a": "x"}, {"a": ["x", "y"]}, {"a": None}, {}, {"a": []}]
    assert returning.counted(rows, "a") == {"x": 2, "y": 1, "": 3}


@pytest.mark.parametrize(
    ("written", "read"), [(" F12 ", "F12"), ("None", ""), ("n/a", ""), (None, ""), ("-", "")]
)
def test_a_word_for_no_family_is_none(written: str | None, read: str) -> None:
    assert returning.family_of(written) == read


def test_an_area_whose_localities_are_not_held_takes_any(db: None) -> None:
    import datetime as dt

    round = RoundFactory(area=returns.AREA)
    today = dt.date(2026, 11, 21)
    free = {one.name: one for one in returning.columns(round, today=today)}
    held = {
        one.name: one for one in returning.columns(round, localities=["North"], today=today)
    }  # fmt: skip
    assert (free["locality"].kind, held["locality"].kind) == ("text", "code")
    assert not free["population"].required
