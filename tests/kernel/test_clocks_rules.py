"""The rules of time that ship, which version applies, and how a case stands."""

import datetime as dt
import re
from pathlib import Path

import pytest

from sightline.kernel.clocks import (
    Calendar,
    Level,
    Pause,
    Rulebook,
    RuleKind,
    RuleSet,
    Status,
    read,
    status,
    statutory,
    weekdays,
)
from sightline.kernel.definitions import parse_definition
from sightline.kernel.errors import BadInput, Faults, NotFound

ROOT = Path(__file__).parents[2]
BOOK = Rulebook.load(ROOT / "definitions/clocks")
PAGE = ROOT / "docs/methods/M-05-clocks.md"
GUIDANCE = "child-protection-2021"
COUNCIL = Calendar("A council", [dt.date(2024, 3, 29)], dt.date(2024, 1, 1), dt.date(2025, 12, 31))
CALENDARS = {
    "": None,
    "council": COUNCIL,
    "weekdays": weekdays(2024, 2025),
    "statutory": statutory(2024, 2025),
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def vectors():
    """The rows of the method page: case, rule, start, further start, calendar, due."""
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"D[0-9]+", cells[0]):
            yield cells


def test_the_page_has_every_vector():
    assert {row[0] for row in vectors()} == {f"D{n}" for n in range(1, 19)}


@pytest.mark.parametrize("row", list(vectors()), ids=lambda row: f"{row[0]} {row[2]}")
def test_every_vector_of_the_page_by_the_rule_that_ships(row):
    _, code, start, more, calendar, taken_up, last = row
    adopted = {GUIDANCE: day(taken_up)} if taken_up else {}
    inclusive = code.endswith("first day counted")
    code = code.removesuffix(", first day counted")
    rule = BOOK.rule(code, on=day(start), taken_up=adopted)
    if inclusive:
        limb = rule.limits[0].model_copy(update={"inclusive": True})
        rule = rule.model_copy(update={"limits": (limb,)})
    starts = {rule.start: day(start)}
    if more:
        starts["expected-birth"] = day(more)
    found = read(rule, starts=starts, stopped=None, today=day(start), calendar=CALENDARS[calendar])
    assert found.due == day(last)


def test_every_rule_of_the_domain_is_held():
    wanted = [*range(1, 18), *range(20, 30), *range(30, 49), *range(50, 56), 60, 61]
    assert {code[:4] for code in BOOK.codes} == {f"T-{n:02d}" for n in wanted}
    assert len(BOOK.rules) == sum(len(one.rules) for one in BOOK.sets)


def test_what_was_not_seen_in_its_source_says_so():
    unverified = {rule.code for rule in BOOK.rules if rule.status == "unverified"}
    assert {"T-22", "T-26", "T-28", "T-29", "T-48", "T-54"} <= unverified
    assert "T-04" not in unverified


def test_law_and_guidance_are_told_apart():
    on = day("2024-02-01")
    assert BOOK.rule("T-30", on=on).level.is_law
    assert BOOK.rule("T-25", on=on).level is Level.STATUTE
    assert not BOOK.rule("T-04", on=on).level.is_law
    assert not BOOK.rule("T-43", on=on).level.is_law


# -- which version


@pytest.mark.parametrize(
    ("start", "taken_up", "limit"),
    [
        ("2021-09-01", {}, "21 days"),
        ("2021-09-02", {}, "28 days"),
        ("2022-12-31", {GUIDANCE: day("2023-01-01")}, "21 days"),
        ("2023-01-01", {GUIDANCE: day("2023-01-01")}, "28 days"),
    ],
)
def test_the_version_is_that_of_the_day_the_clock_starts(start, taken_up, limit):
    rule = BOOK.rule("T-04", on=day(start), taken_up=taken_up)
    assert str(rule.limits[0].limit) == limit


def test_a_moment_is_under_the_version_of_its_day():
    noon = dt.datetime(2021, 9, 2, 12, tzinfo=dt.UTC)
    assert str(BOOK.rule("T-04", on=noon).limits[0].limit) == "28 days"


def test_nobody_takes_up_later_guidance_before_the_earlier():
    late = {GUIDANCE: day("2024-01-10")}
    spans = BOOK.versions("T-09", taken_up=late)
    limits = [(str(rule.limits[0].limit), first) for rule, first, _ in spans]
    assert limits == [
        ("15 days", day("2014-05-01")),
        ("15 working days", day("2024-01-10")),
    ]
    usual = [str(rule.limits[0].limit) for rule, _, _ in BOOK.versions("T-09")]
    assert usual == ["15 days", "15 days", "15 working days"]


def test_the_emergency_law_holds_for_its_time_alone():
    def days_of(text):
        return BOOK.rule("T-35", on=day(text)).limits[0].number

    assert [days_of(t) for t in ("2020-04-06", "2020-04-07", "2020-09-29", "2020-09-30")] == [
        3, 5, 5, 3
    ]  # fmt: skip
    assert BOOK.rule("T-21", on=day("2020-05-01")).kind is RuleKind.UNTIMED


def test_what_was_never_in_force_is_not_found():
    with pytest.raises(NotFound, match=r"T-13 was in force on 2020-01-01\. Held: 2021"):
        BOOK.rule("T-13", on=day("2020-01-01"))
    with pytest.raises(NotFound, match=r"There is no rule T-99\. There are: T-01"):
        BOOK.rule("T-99", on=day("2020-01-01"))
    with pytest.raises(BadInput, match="cannot have been taken up on 2020-01-01"):
        BOOK.rule("T-04", on=day("2020-01-01"), taken_up={GUIDANCE: day("2020-01-01")})
    with pytest.raises(BadInput, match="No rule knows the guidance 'child-protection-1998'"):
        BOOK.rule(
            "T-04", on=day("2024-01-01"), taken_up={"child-protection-1998": day("2020-01-01")}
        )


# -- how a case stands

ON = day("2024-01-05")
T04 = BOOK.rule("T-04", on=ON)


@pytest.mark.parametrize(
    ("due", "stopped", "today", "state"),
    [
        ("2024-02-02", "2024-02-02", "2024-03-01", Status.MET),
        ("2024-02-02", "2024-02-03", "2024-03-01", Status.MET_LATE),
        ("2024-02-02", None, "2024-02-02", Status.NOT_DUE),
        ("2024-02-02", None, "2024-02-03", Status.BREACHED_OPEN),
        ("2024-02-02", "2024-02-01", "2024-01-31", Status.NOT_DUE),
        ("2024-02-02", "2024-02-20", "2024-02-10", Status.BREACHED_OPEN),
        (None, "2024-02-02", "2024-03-01", Status.UNKNOWN),
    ],
)
def test_done_on_the_due_day_is_in_time_and_a_plan_is_not_done(due, stopped, today, state):
    found = status(due=due and day(due), stopped=stopped and day(stopped), today=day(today))
    assert found is state


def t04(**case):
    return read(T04, **({"starts": {"concern-raised": ON}, "stopped": None} | case))


def test_days_left_and_days_late_are_told():
    early = t04(today=day("2024-01-31"))
    assert (early.status, early.due, early.days_left, early.days_late) == (
        Status.NOT_DUE, day("2024-02-02"), 2, None,
    )  # fmt: skip
    overdue = t04(today=day("2024-02-05"))
    assert (overdue.status, overdue.days_left) == (Status.BREACHED_OPEN, -3)
    late = t04(stopped=day("2024-02-12"), today=day("2024-03-01"))
    assert (late.status, late.days_late, late.days_left) == (Status.MET_LATE, 10, None)
    assert (late.rule, late.level, late.calendar) == (
        "T-04 child-protection@1", Level.NATIONAL_GUIDANCE, "",
    )  # fmt: skip


def test_without_a_start_it_is_unknown_and_says_which_is_missing():
    found = t04(starts={"concern-raised": None}, stopped=ON, today=ON)
    assert (found.status, found.due) == (Status.UNKNOWN, None)
    assert found.why == "No date is recorded for: concern-raised."


def test_what_is_done_before_its_clock_starts_is_unknown():
    found = t04(stopped=ON - dt.timedelta(days=1), today=day("2024-03-01"))
    assert found.status is Status.UNKNOWN
    assert "before the event that starts the clock" in found.why


def test_an_invitation_comes_before_its_meeting():
    rule = BOOK.rule("T-03", on=day("2024-02-02"))
    starts = {"meeting-held": day("2024-02-02")}

    def invited(text):
        return read(rule, starts=starts, stopped=day(text), today=day("2024-03-01"))

    assert invited("2024-01-28").status is Status.MET
    assert (invited("2024-01-30").status, invited("2024-01-30").days_late) == (Status.MET_LATE, 2)


def test_an_authorised_reason_excepts_what_was_not_in_time():
    later = t04(today=day("2024-06-01"), excepted="not-required")
    assert later.status is Status.EXCEPTED
    assert later.why == "The discussion between agencies decided that no meeting is needed"
    met = t04(stopped=ON, today=day("2024-06-01"), excepted="not-required")
    assert met.status is Status.MET
    with pytest.raises(BadInput, match=r"no exception 'too-busy'\. It has: not-required, later"):
        t04(today=ON, excepted="too-busy")
    with pytest.raises(BadInput, match=r"has no exception 'x'\. It has: none"):
        read(BOOK.rule("T-30", on=ON), starts={}, stopped=None, today=ON, excepted="x")


def with_pauses(rule, *reasons):
    return rule.model_copy(update={"pause_reasons": reasons})


def test_a_clock_stands_still_for_reasons_its_rule_knows():
    pause = Pause(day("2024-01-10"), day("2024-01-14"), "abroad")
    with pytest.raises(BadInput, match=r"is not paused for 'abroad'\. Reasons it knows: none"):
        t04(today=ON, pauses=[pause])
    paused = with_pauses(T04, "abroad")
    starts = {"concern-raised": ON}
    found = read(paused, starts=starts, stopped=None, today=ON, pauses=[pause])
    assert found.due == day("2024-02-07")
    still = Pause(day("2024-01-10"), None, "abroad")
    found = read(paused, starts=starts, stopped=None, today=ON, pauses=[still])
    assert (found.status, found.due, found.days_left) == (Status.NOT_DUE, None, None)
    assert "stands still" in found.why


def test_both_limbs_bind_and_the_earlier_decides():
    rule = BOOK.rule("T-05", on=day("2024-05-20"))
    starts = {"concern-raised": day("2024-05-20"), "expected-birth": day("2024-09-01")}
    found = read(rule, starts=starts, stopped=None, today=day("2024-05-20"))
    assert found.limbs == (day("2024-06-17"), day("2024-06-09"))
    assert found.due == day("2024-06-09")


@pytest.mark.parametrize(
    ("stopped", "state"),
    [("2024-06-10", Status.UNKNOWN), ("2024-06-18", Status.MET_LATE), (None, Status.BREACHED_OPEN)],
)
def test_a_limb_without_its_date_leaves_unknown_what_is_not_late_already(stopped, state):
    rule = BOOK.rule("T-05", on=day("2024-05-20"))
    starts = {"concern-raised": day("2024-05-20")}
    done = stopped and day(stopped)
    found = read(rule, starts=starts, stopped=done, today=day("2024-07-01"))
    assert found.status is state
    assert (found.why == "No date is recorded for: expected-birth.") == (state is Status.UNKNOWN)


def test_under_the_2014_guidance_the_later_limb_decides():
    on = day("2018-05-01")
    rule = BOOK.rule("T-05", on=on)
    starts = {"concern-raised": on, "expected-birth": day("2018-07-01")}
    found = read(rule, starts=starts, stopped=None, today=on)
    assert found.due == day("2018-05-22")
    less = read(rule, starts={"concern-raised": on}, stopped=None, today=on)
    assert (less.status, less.due) == (Status.UNKNOWN, None)


def test_hours_are_compared_with_moments():
    on = dt.datetime(2024, 1, 5, 9, tzinfo=dt.UTC)
    rule = BOOK.rule("T-20 begins", on=on)
    starts = {"order-granted": on}
    hour = dt.timedelta(hours=1)
    found = read(rule, starts=starts, stopped=on + 25 * hour, today=on + 99 * hour)
    assert (found.status, found.days_late) == (Status.MET_LATE, 0)
    with pytest.raises(BadInput, match="compared with moments"):
        read(rule, starts=starts, stopped=None, today=ON)


def test_the_calendar_is_kept_beside_a_result_in_working_days():
    rule = BOOK.rule("T-35", on=day("2024-03-28"))
    starts = {"placement-started": day("2024-03-28")}
    found = read(rule, starts=starts, stopped=None, today=day("2024-03-28"), calendar=COUNCIL)
    assert (found.due, found.calendar) == (day("2024-04-03"), "A council")


def test_a_rule_without_a_limit_says_so():
    with pytest.raises(BadInput, match="T-37 looked-after@1 has no limit of time"):
        read(BOOK.rule("T-37", on=ON), starts={}, stopped=None, today=ON)


# -- definitions that cannot be used

RULE = {
    "id": "T-90", "title": "A to B", "kind": "limit", "start": "a", "stop": "b",
    "limits": [{"number": "3", "unit": "calendar_day"}],
    "level": "local", "source": {"title": "x"}, "tag": "L",
}  # fmt: skip
ADVICE = {"code": "g", "title": "G", "taken_up": "2020-01-01", "status": "verified"}


def rule_set(*rules, code="made", version=1, **more):
    data = {"code": code, "version": version, "title": "Made", "rules": list(rules), **more}
    return parse_definition(RuleSet, data, name=f"{code}@{version}.yaml")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"limits": []}, "a rule of kind limit has limits, and no other kind has"),
        ({"kind": "untimed"}, "a rule of kind limit has limits"),
        ({"calendar": "council"}, "calendar is given where a limit is in working days"),
        ({"limits": [{"number": "3", "unit": "working_day"}]}, "calendar is given where"),
        ({"limits": [{"number": "0", "unit": "week"}]}, "0 is not a sensible number of weeks"),
        ({"begins": "2020-01-01", "with_guidance": "g"}, "give begins or with_guidance"),
        ({"ends": "2020-01-01", "until_guidance": "g"}, "give ends or until_guidance"),
        ({"begins": "2020-01-02", "ends": "2020-01-01"}, "it ends on 2020-01-01, before"),
        ({"with_guidance": "h"}, "names h, which is not among the guidance"),
        (
            {"limits": [
                {"number": "3", "unit": "week"},
                {"number": "3", "unit": "week", "backwards": "true"},
            ]},
            "its limits run both ways",
        ),
        ({"id": "4"}, "rules.0.id"),
        ({"unit": "day"}, "Extra inputs are not permitted"),
    ],
)  # fmt: skip
def test_bad_rules_are_refused_with_the_field(change, message):
    with pytest.raises(Faults) as refusal:
        rule_set(RULE | change, guidance=[ADVICE])
    assert message in str(refusal.value)


@pytest.mark.parametrize("rules", ["none", ["none"]])
def test_what_is_no_list_of_rules_is_refused(rules):
    with pytest.raises(Faults):
        parse_definition(RuleSet, {"code": "x", "version": 1, "rules": rules}, name="x@1.yaml")


def test_guidance_follows_what_came_before_it():
    for wrong in ("h", "later"):
        later = ADVICE | {"code": "later", "taken_up": "2021-01-01"}
        with pytest.raises(Faults, match=f"g follows {wrong}, which is not before it"):
            rule_set(RULE, guidance=[later, ADVICE | {"follows": wrong}])


def test_two_versions_on_one_day_and_one_rule_in_two_sets_are_refused():
    with pytest.raises(Faults, match="T-90: two versions are in force from 2020-01-01"):
        Rulebook.of([rule_set(RULE, RULE | {"begins": "2020-01-01"})])
    with pytest.raises(Faults, match="T-90: it is in made@1 too"):
        Rulebook.of([rule_set(RULE), rule_set(RULE, code="other")])


def test_the_latest_version_of_a_set_is_the_one_used():
    old, new = rule_set(RULE), rule_set(RULE | {"begins": "", "target": "90"}, version=2)
    book = Rulebook.of([new, old])
    assert [(rule.key, rule.target) for rule in book.rules] == [("T-90 made@2", 90)]
