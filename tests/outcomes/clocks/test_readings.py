"""Clocks read from rows: the vectors of M-05 through the datasets, and each edge of a case."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from random import Random
from typing import Any

import pytest

from sightline.children.definitions import dataset
from sightline.children.tables import from_rows
from sightline.kernel.clocks import Calendar, ClosedDay, ClosedKind, Rulebook, weekdays
from sightline.outcomes.clocks import Case, Working, cases, read_cases, readings, rulebook

D = dt.date
TODAY = D(2025, 6, 1)


def read(
    rows: Mapping[str, Sequence[Mapping[str, Any]]], *rules: str, **more: Any
) -> list[dict[str, Any]]:
    """Readings of the named rules over plain rows, each row numbered from 2."""
    numbered = {
        code: [{"row": at, **row} for at, row in enumerate(held, start=2)]
        for code, held in rows.items()
    }
    wanted = [case for case in cases() if case.name in rules]
    assert len(wanted) == len(rules)
    working = Working(rulebook(), **{"today": TODAY, **more})
    return list(read_cases(wanted, numbered, working))


def one(rows: Mapping[str, Sequence[Mapping[str, Any]]], rule: str, **more: Any) -> dict[str, Any]:
    """The only reading of a rule."""
    (found,) = read(rows, rule, **more)
    return found


def closed(*days: dt.date) -> Calendar:
    """Weekdays of 2023 to 2025 less these days and the four by statute."""
    plain = [ClosedDay(day, "Closed", ClosedKind.PUBLIC) for day in days]
    return Calendar("Here", plain, first=D(2023, 1, 1), last=D(2025, 12, 31))


def meeting(held_on: dt.date, kind: str = "initial", **more: Any) -> dict[str, Any]:
    return {"child": "A", "meeting_type": kind, "held_on": held_on, "outcome": "registered", **more}


EASTER = D(2024, 3, 29)
VECTORS: list[tuple[str, str, dict[str, list[dict[str, Any]]], dict[str, Any], dt.date]] = [
    (
        "D1",
        "T-04",
        {"planning-meetings": [meeting(D(2024, 3, 1), concern_on=D(2024, 1, 5))]},
        {},
        D(2024, 2, 2),
    ),
    (
        "D2",
        "T-04",
        {"planning-meetings": [meeting(D(2024, 3, 1), concern_on=D(2024, 1, 5))]},
        {"taken_up": {"child-protection-2021": D(2024, 6, 1)}},
        D(2024, 1, 26),
    ),
    (
        "D3",
        "T-09",
        {"planning-meetings": [meeting(D(2024, 3, 20))]},
        {"taken_up": {"child-protection-2021": D(2024, 6, 1)}},
        D(2024, 4, 4),
    ),
    (
        "D4",
        "T-09",
        {"planning-meetings": [meeting(D(2024, 3, 20))]},
        {"calendar": closed(EASTER)},
        D(2024, 4, 11),
    ),
    (
        "D5",
        "T-09",
        {"planning-meetings": [meeting(D(2024, 3, 20))]},
        {"calendar": closed()},
        D(2024, 4, 10),
    ),
    (
        "D6",
        "T-07",
        {"planning-meetings": [meeting(D(2024, 12, 18))]},
        {"calendar": closed(D(2024, 12, 25), D(2024, 12, 26), D(2025, 1, 1), D(2025, 1, 2))},
        D(2025, 1, 7),
    ),
    (
        "D7",
        "T-31",
        {"care-reviews": [{"child": "A", "held_on": D(2023, 11, 30), "review_type": "first"}]},
        {},
        D(2024, 2, 29),
    ),
    (
        "D8",
        "T-12",
        {"planning-meetings": [meeting(D(2023, 8, 31), "review", outcome="remains")]},
        {},
        D(2024, 2, 29),
    ),
    (
        "D8",
        "T-32",
        {"care-reviews": [{"child": "A", "held_on": D(2024, 8, 31), "review_type": "second"}]},
        {},
        D(2025, 2, 28),
    ),
    (
        "D10",
        "T-39 first",
        {"placements": [{"child": "A", "started_on": D(2024, 2, 1), "placement_type": "kinship"}]},
        {},
        D(2024, 2, 8),
    ),
    (
        "D10",
        "T-39 next",
        {"care-visits": [{"child": "A", "visited_on": D(2024, 2, 8)}]},
        {},
        D(2024, 5, 8),
    ),
    (
        "D12",
        "T-41",
        {"health-assessments": [{"child": "A", "notified_on": D(2024, 2, 1)}]},
        {},
        D(2024, 2, 29),
    ),
    (
        "D15",
        "T-35",
        {"placements": [{"child": "A", "started_on": D(2024, 3, 28), "emergency": True}]},
        {"calendar": closed(EASTER)},
        D(2024, 4, 3),
    ),
    (
        "D18",
        "T-05",
        {
            "planning-meetings": [meeting(D(2024, 6, 1), "pre-birth", concern_on=D(2024, 5, 20))],
            "children": [{"child": "A", "expected_birth_date": D(2024, 9, 1)}],
        },
        {},
        D(2024, 6, 9),
    ),
]


@pytest.mark.parametrize(
    ("rule", "rows", "how", "due"),
    [vector[1:] for vector in VECTORS],
    ids=[f"{v[0]} {v[1]}" for v in VECTORS],
)
def test_the_date_vectors_hold_through_the_rows(
    rule: str, rows: dict[str, list[dict[str, Any]]], how: dict[str, Any], due: dt.date
) -> None:
    assert one(rows, rule, **how)["due_on"] == due
    tables = {code: from_rows(dataset(code), held) for code, held in rows.items()}
    which = [case for case in cases() if case.name == rule]
    table = readings(tables, Working(rulebook(), **{"today": TODAY, **how}), which=which)
    assert table["due_on"].to_pylist() == [due]


def test_d9_the_first_second_and_later_reviews_of_a_placement_each_on_its_day() -> None:
    days = [D(2024, 3, 14), D(2024, 6, 14), D(2024, 12, 14)]
    kinds = ["first", "second", "subsequent"]
    rows = {
        "placements": [
            {"child": "A", "placement_type": "kinship", "started_on": D(2024, 2, 1), "episode": "E"}
        ],
        "care-episodes": [{"episode": "E", "child": "A", "started_on": D(2024, 2, 1)}],
        "care-reviews": [
            {"child": "A", "held_on": day, "review_type": kind, "regulation": "reg-45-2"}
            for day, kind in zip(days, kinds, strict=True)
        ],
    }
    found = read(rows, "T-30", "T-31", "T-32")
    assert [line["due_on"] for line in found] == [*days, D(2025, 6, 14)]
    assert [line["status"] for line in found] == ["met", "met", "met", "not_due"]


def test_d14_a_notice_is_counted_back_from_the_meeting() -> None:
    rows = {"planning-meetings": [meeting(D(2024, 2, 2), invited_on=D(2024, 1, 28))]}
    found = one(rows, "T-03")
    assert (found["due_on"], found["status"]) == (D(2024, 1, 28), "met")
    rows["planning-meetings"][0]["invited_on"] = D(2024, 1, 29)
    assert one(rows, "T-03")["status"] == "met_late"
    rows["planning-meetings"][0]["invited_on"] = None
    assert one(rows, "T-03")["status"] == "unknown"


@pytest.mark.parametrize(
    ("stop", "status", "late"),
    [
        (D(2024, 2, 2), "met", None),
        (D(2024, 2, 3), "met_late", 1),
        (D(2024, 1, 4), "unknown", None),
    ],
)
def test_a_meeting_on_the_last_day_is_in_time(stop: dt.date, status: str, late: int | None) -> None:
    found = one({"planning-meetings": [meeting(stop, concern_on=D(2024, 1, 5))]}, "T-04")
    assert (found["status"], found["days_late"]) == (status, late)


def test_without_its_start_a_reading_is_not_known_and_counts_when_it_stopped() -> None:
    found = one({"planning-meetings": [meeting(D(2024, 2, 2))]}, "T-04")
    assert (found["status"], found["counted_on"]) == ("unknown", D(2024, 2, 2))
    assert found["due_on"] is None
    assert "No date is recorded" in found["reason"]


def test_a_later_meeting_that_was_agreed_is_excepted_and_one_in_time_is_met() -> None:
    late = meeting(D(2024, 3, 2), concern_on=D(2024, 1, 5), extension_agreed=True)
    assert one({"planning-meetings": [late]}, "T-04")["status"] == "excepted"
    soon = meeting(D(2024, 2, 2), concern_on=D(2024, 1, 5), extension_agreed=True)
    assert one({"planning-meetings": [soon]}, "T-04")["status"] == "met"
    old = meeting(D(2019, 3, 2), concern_on=D(2019, 1, 5), extension_agreed=True)
    assert one({"planning-meetings": [old]}, "T-04")["status"] == "met_late"  # none in 2014


def test_a_discussion_that_asked_for_a_meeting_waits_for_it() -> None:
    asked = {
        "child": "A",
        "outcomes": ["investigation", "planning-meeting"],
        "concern_notified_at": dt.datetime(2025, 5, 20, 22, 15),
    }
    found = one({"irds": [asked], "planning-meetings": []}, "T-04 awaited")
    assert (found["status"], found["due_on"], found["days_left"]) == ("not_due", D(2025, 6, 17), 16)
    none = asked | {"outcomes": ["no-planning-meeting"]}
    assert read({"irds": [none]}, "T-04 awaited") == []
    unborn = asked | {"pre_birth": True}
    assert read({"irds": [unborn]}, "T-04 awaited") == []


@pytest.mark.parametrize(
    ("started", "status"),
    [
        (dt.datetime(2024, 3, 28, 9), "met"),
        (dt.datetime(2024, 4, 1, 23, 59), "met"),
        (dt.datetime(2024, 4, 2, 0, 1), "met_late"),
    ],
)
def test_the_next_working_day_leaves_out_days_that_are_closed(
    started: dt.datetime, status: str
) -> None:
    row = {
        "child": "A",
        "concern_notified_at": dt.datetime(2024, 3, 28, 8),
        "started_at": started,
        "out_of_hours": True,
    }
    found = one({"irds": [row]}, "T-02 next-working-day", calendar=closed(EASTER))
    assert (found["due_on"], found["status"]) == (D(2024, 4, 1), status)
    assert found["out_of_hours"] is True


def entry(until: dt.date | None) -> dict[str, Any]:
    return {"child": "A", "registered_on": D(2024, 3, 20), "deregistered_on": until}


@pytest.mark.parametrize(
    ("until", "group", "status"),
    [
        (None, None, "breached_open"),
        (None, D(2024, 3, 20), "met"),
        (None, D(2024, 4, 10), "met"),
        (None, D(2024, 4, 11), "met_late"),
        (None, D(2024, 3, 19), "breached_open"),  # before the meeting: of something else
        (D(2024, 4, 10), None, ""),  # taken off on the due day: the duty ended first
        (D(2024, 4, 11), None, "breached_open"),
        (D(2024, 4, 11), D(2024, 4, 12), "breached_open"),  # after the name was taken off
        (D(2024, 4, 12), D(2024, 4, 12), "met_late"),
    ],
)
def test_a_core_group_counts_from_the_meeting_until_the_name_is_taken_off(
    until: dt.date | None, group: dt.date | None, status: str
) -> None:
    rows = {
        "planning-meetings": [meeting(D(2024, 3, 20))],
        "register-entries": [entry(until)],
        "core-groups": [{"child": "A", "held_on": group}, {"child": "B", "held_on": EASTER}],
    }
    found = read(rows, "T-09", calendar=closed())
    assert [line["status"] for line in found] == ([status] if status else [])


def test_a_review_stops_the_one_before_and_starts_the_next() -> None:
    rows = {
        "planning-meetings": [
            meeting(D(2023, 1, 10)),
            meeting(D(2023, 7, 10), "review", outcome="remains"),
            meeting(D(2024, 1, 11), "review", outcome="de-registered"),
        ],
        "register-entries": [
            {"child": "A", "registered_on": D(2023, 1, 10), "deregistered_on": D(2024, 1, 11)}
        ],
    }
    first, later = read(rows, "T-11", "T-12")
    assert (first["due_on"], first["stopped_on"], first["status"]) == (
        D(2023, 7, 10),
        D(2023, 7, 10),
        "met",
    )
    assert (later["due_on"], later["stopped_on"], later["status"]) == (
        D(2024, 1, 10),
        D(2024, 1, 11),
        "met_late",
    )


def test_short_breaks_have_a_clock_of_their_own() -> None:
    rows = {
        "care-episodes": [
            {"episode": "E", "child": "A", "started_on": D(2024, 2, 1), "short_breaks": True}
        ],
        "placements": [
            {
                "episode": "E",
                "child": "A",
                "started_on": D(2024, 2, 1),
                "placement_type": "foster-council",
            }
        ],
    }
    assert read(rows, "T-30") == []
    assert one(rows, "T-33 first")["due_on"] == D(2024, 5, 1)


def test_the_placement_a_child_was_in_is_said() -> None:
    rows = {
        "placements": [
            {
                "child": "A",
                "started_on": D(2024, 1, 1),
                "ended_on": D(2024, 2, 8),
                "placement_type": "home",
            },
            {"child": "A", "started_on": D(2024, 2, 8), "placement_type": "kinship"},
        ],
        "care-visits": [{"child": "A", "visited_on": D(2024, 2, 8)}],
    }
    assert one(rows, "T-39 next")["placement_type"] == "kinship"
    rows["care-visits"][0]["visited_on"] = D(2024, 2, 7)
    assert one(rows, "T-39 next")["placement_type"] == "home"


def test_hours_are_counted_by_the_clock_on_the_wall() -> None:
    back = dt.datetime(2024, 3, 30, 12)  # the clocks go forward in the night after
    row = {"child": "A", "returned_at": back, "discussion_held_at": dt.datetime(2024, 4, 2, 13)}
    assert one({"missing-episodes": [row]}, "T-48")["status"] == "met"
    row["discussion_held_at"] = dt.datetime(2024, 4, 2, 13, 1)
    assert one({"missing-episodes": [row]}, "T-48")["status"] == "met_late"
    assert read({"missing-episodes": [{"child": "A", "returned_at": None}]}, "T-48") == []


@pytest.mark.parametrize(
    ("review", "plan", "status"),
    [
        (D(2024, 1, 31), None, "not_due"),
        (D(2024, 1, 30), None, "breached_open"),
        (None, D(2024, 1, 31), "not_due"),
        (D(2023, 1, 1), D(2024, 2, 1), "not_due"),
    ],
)
def test_a_snapshot_is_read_as_on_its_own_day(
    review: dt.date | None, plan: dt.date | None, status: str
) -> None:
    row = {
        "child": "A",
        "as_at": D(2024, 7, 31),
        "pathway_review_on": review,
        "pathway_plan_on": plan,
    }
    assert one({"aftercare": [row]}, "T-54")["status"] == status


def test_outside_the_years_of_a_calendar_only_the_statutory_days_are_closed() -> None:
    few = Calendar(
        "Here",
        [ClosedDay(EASTER, "x", ClosedKind.PUBLIC)],
        first=D(2024, 1, 1),
        last=D(2024, 12, 31),
    )
    early = one({"planning-meetings": [meeting(D(2022, 12, 20))]}, "T-07", calendar=few)
    assert early["due_on"] == D(2023, 1, 5)


def test_every_case_fits_its_rule_and_can_be_read() -> None:
    assert len({case.name for case in cases()}) == len(cases()) >= 30
    for case in cases():
        known = dataset(case.dataset)
        for column in (*case.where, *case.excepted.values(), *case.starts.values()):
            for name in column.split("|"):
                table, _, own = name.rpartition(".")
                assert own in [c.name for c in (dataset(table) if table else known).columns], name
        if case.stop and case.stop.dataset:
            assert case.stop.column in [c.name for c in dataset(case.stop.dataset).columns]


# A second, plain implementation of the clocks that look through other rows.


def slowly(case: Case, rows: Mapping[str, list[dict[str, Any]]], rules: Rulebook) -> Iterable[Any]:
    """The due day and status of T-11, T-30 and T-39, by looking at every row for every case."""
    from sightline.kernel.clocks import add_months

    limits = {"T-11": 6, "T-30": 42, "T-39 next": 3}
    for row in rows[case.dataset]:
        if case.name == "T-11":
            if row["meeting_type"] != "initial" or row["outcome"] != "registered":
                continue
            begun, ends = (
                row["held_on"],
                [
                    e["deregistered_on"]
                    for e in rows["register-entries"]
                    if e["child"] == row["child"]
                    and e["registered_on"] <= row["held_on"]
                    and row["held_on"] <= (e["deregistered_on"] or row["held_on"])
                ],
            )
            end = ends[-1] if ends else None
            stops = [
                r["held_on"]
                for r in rows["planning-meetings"]
                if r["child"] == row["child"]
                and r["meeting_type"] == "review"
                and r["held_on"] > begun
            ]
            due = add_months(begun, limits["T-11"])
        elif case.name == "T-30":
            if row["placement_type"] == "home":
                continue
            begun, end = row["started_on"], row["ended_on"]
            stops = [
                r["held_on"]
                for r in rows["care-reviews"]
                if r["child"] == row["child"] and r["held_on"] >= begun
            ]
            due = begun + dt.timedelta(days=limits["T-30"])
        else:
            begun, end = row["visited_on"], None
            stops = [
                r["visited_on"]
                for r in rows["care-visits"]
                if r["child"] == row["child"] and r["visited_on"] > begun
            ]
            due = add_months(begun, limits["T-39 next"])
        stop = min((s for s in stops if end is None or s <= end), default=None)
        if stop is None and end is not None and end <= due:
            continue
        if stop is not None:
            yield due, "met" if stop <= due else "met_late"
        else:
            yield due, "breached_open" if due < TODAY else "not_due"


@pytest.mark.parametrize("seed", range(40))
def test_a_plain_second_implementation_agrees(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - made-up data
    days = [D(2024, 11, 28) + dt.timedelta(days=n) for n in (0, 1, 41, 42, 43, 89, 92, 182, 184)]
    children = "ABC"

    def spell() -> tuple[dt.date, dt.date | None]:
        first = random.choice(days)
        return first, random.choice([None, *[d for d in days if d >= first]])

    placements = [(random.choice(children), *spell()) for _ in range(6)]
    entries = {child: spell() for child in children}  # one each, so the last is the only one
    rows: dict[str, list[dict[str, Any]]] = {
        "planning-meetings": [
            {
                "child": random.choice(children),
                "held_on": random.choice(days),
                "meeting_type": random.choice(["initial", "review"]),
                "outcome": random.choice(["registered", "not-registered"]),
            }
            for _ in range(12)
        ],
        "register-entries": [
            {"child": child, "registered_on": first, "deregistered_on": last}
            for child, (first, last) in entries.items()
        ],
        "placements": [
            {
                "child": child,
                "started_on": first,
                "ended_on": last,
                "placement_type": random.choice(["home", "kinship"]),
            }
            for child, first, last in placements
        ],
        "care-reviews": [
            {
                "child": random.choice(children),
                "held_on": random.choice(days),
                "review_type": "first",
            }
            for _ in range(6)
        ],
        "care-visits": [
            {"child": random.choice(children), "visited_on": random.choice(days)} for _ in range(6)
        ],
    }
    for case in cases():
        if case.name in {"T-11", "T-30", "T-39 next"}:
            found = [(line["due_on"], line["status"]) for line in read(rows, case.name)]
            assert found == list(slowly(case, rows, rulebook())), case.name


def test_a_calendar_without_closed_days_is_told_apart_from_one_with() -> None:
    plain = one(
        {"planning-meetings": [meeting(D(2024, 12, 18))]}, "T-07", calendar=weekdays(2024, 2025)
    )
    assert plain["due_on"] == D(2025, 1, 1)
