"""What a check hands back: faults without values, what was skipped, figures, waivers."""

import datetime as dt

import pytest

from sightline.children.building import Supplied
from sightline.children.definitions import dataset, datasets
from sightline.children.rules.checking import COLUMNS, all_datasets, check
from sightline.children.rules.definitions import InForce, current_ruleset, rules
from sightline.children.rules.waived import Waived
from sightline.children.tables import from_rows

TODAY = dt.date(2025, 8, 1)
DAY = dt.date(2024, 1, 1)


@pytest.fixture(scope="module")
def nothing(duck):
    """Every dataset, empty."""
    return {
        one.code: duck.put(from_rows(one, ()), f"none_{one.code.replace('-', '_')}")
        for one in datasets()
    }


@pytest.fixture
def held(duck, nothing):
    """Hold rows against rules named by id, and give the findings with the faults as rows."""

    def hold(rows, *ids, supplied=None, waived=()):
        tables = nothing | {
            code: duck.put(from_rows(dataset(code), given), f"t_{code.replace('-', '_')}")
            for code, given in rows.items()
        }
        found = check(
            tables, InForce("2024-25", tuple(rules()[id_] for id_ in ids)),
            supplied=all_datasets() if supplied is None else supplied, engine=duck, today=TODAY,
            waived=waived,
        )  # fmt: skip
        return found, duck.fetch(found.faults).to_pylist()

    return hold


def entry(child, first=DAY, last=None, **more):
    return {"child": child, "registered_on": first, "deregistered_on": last, **more}


def test_a_fault_is_a_place_and_a_rule_and_holds_no_value_of_the_row(held):
    found, faults = held({"register-entries": [entry("SECRET", last=DAY)]}, "V-122")
    assert faults == [
        {
            "dataset": "register-entries", "extract": "example", "row": 2,
            "column": "deregistered_on", "rule": "V-122", "severity": "W",
            "what": rules()["V-122"].says, "waiver": "",
        }
    ]  # fmt: skip
    assert tuple(found.faults.columns) == COLUMNS
    assert found.counts == {"V-122": 1}
    assert not found.skipped


def test_no_row_is_at_fault_for_want_of_one_on_a_day_the_other_dataset_does_not_answer_for(held):
    days = [DAY + dt.timedelta(days=n) for n in (182, 183, 184)]
    meetings = [
        {"meeting": str(n), "child": "A", "meeting_type": "initial", "held_on": day}
        for n, day in enumerate(days)
    ]  # fmt: skip
    rows = {"planning-meetings": meetings, "irds": []}
    answers = {
        code: Supplied(DAY, TODAY) for code in ("planning-meetings", "irds")
    }  # V-158 looks for a discussion in the 183 days before
    _, faults = held(rows, "V-158", supplied=answers)
    assert sorted(fault["row"] for fault in faults) == [3, 4]
    _, faults = held(rows, "V-158", supplied=set(answers))
    assert sorted(fault["row"] for fault in faults) == [2, 3, 4]
    decided = [
        {"ird": str(n), "child": "A", "started_at": dt.datetime.combine(day, dt.time(23)),
         "outcomes": ["investigation"]}
        for n, day in enumerate(dt.date(2025, 1, n) for n in (1, 3, 4))
    ]  # fmt: skip
    answers = {
        "irds": Supplied(DAY, TODAY), "investigations": Supplied(DAY, dt.date(2025, 1, 31)),
    }  # fmt: skip
    _, faults = held({"irds": decided}, "V-179", supplied=answers)  # within 28 days after
    assert sorted(fault["row"] for fault in faults) == [2, 3]


def test_a_rule_over_a_dataset_that_was_not_supplied_is_skipped_with_the_reason(held):
    found, faults = held(
        {"register-entries": [entry("A")]}, "V-012a", "V-003a", "V-122", "V-002",
        supplied={"register-entries"},
    )  # fmt: skip
    assert faults == []
    assert found.skipped == {
        "V-012a": "Child protection planning meetings was not supplied",
        "V-003a": "Children was not supplied",
    }
    assert set(found.counts) == {"V-122", "V-002"}


def test_all_that_a_rule_lacks_is_named(held):
    found, _ = held({}, "V-287", supplied=set())
    assert found.skipped["V-287"].endswith("were not supplied")
    assert " and " in found.skipped["V-287"]


def test_a_quality_rule_gives_a_figure_even_when_nothing_is_wrong(held):
    found, _ = held({"register-concerns": []}, "V-026", "V-085")
    assert found.quality["V-026"].value is None
    assert found.quality["V-085"].words == "No row."
    assert not found.quality["V-085"].outside


def test_a_quality_rule_about_rows_counts_them(held):
    ends = [dt.date(year, 7, 31) for year in (2021, 2022, 2023, 2024)]
    rows = [
        {"measure": measure, "area": "n", "period": str(end.year), "period_end": end,
         "vintage": "v", "value": 0.0 if end.year == 2024 else 20.0}
        for measure in ("m", "k") for end in ends
    ]  # fmt: skip
    found, faults = held({"published-figures": rows}, "V-085")
    assert (found.quality["V-085"].words, found.quality["V-085"].outside) == ("2 rows.", True)
    assert {fault["severity"] for fault in faults} == {"Q"}
    found, _ = held({"published-figures": rows[:4]}, "V-085")
    assert found.quality["V-085"].words == "One row."


def test_a_waiver_covers_all_rows_or_those_it_names_and_hides_none(held):
    rows = {"register-entries": [entry("A", last=DAY), entry("B", last=DAY)]}
    whole = Waived("w1", "V-122", "register-entries")
    one = Waived("w2", "V-122", "register-entries", (("B", "2024-01-01"), ("C", "2024-01-01")))
    _, faults = held(rows, "V-122", waived=[whole])
    assert [fault["waiver"] for fault in faults] == ["w1", "w1"]
    _, faults = held(rows, "V-122", waived=[one])
    assert {fault["row"]: fault["waiver"] for fault in faults} == {2: "", 3: "w2"}
    _, faults = held(rows, "V-122", waived=[whole, one])
    assert {fault["row"]: fault["waiver"] for fault in faults} == {2: "w1", 3: "w2"}


def test_a_waiver_of_another_rule_or_dataset_covers_nothing(held):
    rows = {"register-entries": [entry("A", last=DAY)]}
    others = [Waived("w1", "V-121", "register-entries"), Waived("w2", "V-122", "children")]
    _, faults = held(rows, "V-122", waived=others)
    assert [fault["waiver"] for fault in faults] == [""]


def test_one_row_may_break_several_rules_and_one_rule_in_several_columns(held):
    far = dt.date(2030, 1, 1)
    rows = {"register-entries": [entry("A", far, far)]}
    found, faults = held(rows, "V-002", "V-122")
    assert sorted((fault["rule"], fault["column"]) for fault in faults) == [
        ("V-002", "deregistered_on"), ("V-002", "registered_on"), ("V-122", "deregistered_on"),
    ]  # fmt: skip
    assert found.counts == {"V-002": 2, "V-122": 1}


def test_no_dataset_lacks_the_check_of_its_dates(held):
    far = dt.date(2030, 1, 1)
    ahead = rules()["V-002"].shape.may_be_ahead
    dated = {
        one.code: next(
            (c.name for c in one.columns
             if c.kind == "date" and f"{one.code}.{c.name}" not in ahead), ""
        )
        for one in datasets()
    }  # fmt: skip
    rows = {code: [{name: far}] for code, name in dated.items() if name}
    _, faults = held(rows, "V-002")
    assert {(one["dataset"], one["column"]) for one in faults} == {
        (code, name) for code, name in dated.items() if name
    }


def test_a_rule_holds_of_rows_dated_in_its_years_alone(held, monkeypatch):
    rule = rules()["V-122"].model_copy(
        update={"dated": "registered_on", "since": DAY, "until": dt.date(2024, 12, 31)}
    )
    days = [dt.date(2023, 12, 31), DAY, dt.date(2024, 12, 31), dt.date(2025, 1, 1)]
    monkeypatch.setitem(dict(rules()), "V-122", rule)
    monkeypatch.setattr("tests.children.rules.test_checking.rules", lambda: {"V-122": rule})
    _, faults = held({"register-entries": [entry("A", day, day) for day in days]}, "V-122")
    assert sorted(fault["row"] for fault in faults) == [3, 4]


def test_nothing_supplied_is_nothing_found(duck):
    tables = {one.code: duck.put(from_rows(one, []), "nothing") for one in [dataset("deaths")]}
    found = check(tables, current_ruleset(TODAY), supplied=(), engine=duck, today=TODAY)
    assert duck.fetch(found.faults).num_rows == 0
    assert len(found.skipped) > 200
