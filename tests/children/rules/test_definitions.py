"""Rules and their years: what is there, what a bad file is told, what changes from year to year."""

import datetime as dt
import shutil

import pytest
from django.conf import settings

from sightline.children.rules import definitions
from sightline.children.rules.definitions import current_ruleset, rule_sets, rules, ruleset
from sightline.kernel.errors import Faults, NotFound

THE_43 = {
    *(f"V-{n:03d}" for n in (1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, *range(20, 27))),
    *(f"V-{n:03d}" for n in (*range(30, 43), 50, 51, 60, 70, *range(80, 87), 90)),
}


def test_the_43_of_the_field_are_there_and_at_least_60_of_our_own():
    numbers = {id_[:5] for id_ in rules()}
    assert len(THE_43) == 43
    assert numbers >= THE_43
    assert len(numbers - THE_43) >= 60


def test_every_rule_says_what_is_wrong_and_how_to_mend_it():
    for rule in rules().values():
        assert rule.says.count(".") >= 1
        assert len(rule.says) > 40, rule.id
        assert "invalid" not in rule.says.lower()
        if rule.severity != "Q":
            assert rule.example.caught, rule.id
        assert any(rule.example.passes.values()), rule.id


def test_a_years_set_is_last_years_with_what_is_different():
    sizes = {one.code: len(ruleset(one.code).rules) for one in rule_sets()}
    assert list(sizes.values()) == sorted(sizes.values())
    before, after = ruleset("2022-23"), ruleset("2023-24")
    assert {rule.id for rule in before.rules} < {rule.id for rule in after.rules}
    assert "V-171" not in {rule.id for rule in before.rules}
    assert after.rule("V-171").dataset == "irds"
    assert after.key == "rules-2023-24@1"


def test_a_limit_is_that_of_its_year():
    def limit(year):
        return ruleset(year).rule("V-159").shape.when[0].days

    assert (limit("2020-21"), limit("2021-22"), limit("2025-26")) == (21, 28, 28)


def test_what_a_law_changes_holds_from_the_day_it_commences(monkeypatch):
    day = dt.date(2026, 11, 21)
    assert current_ruleset(day).rule("V-041").severity == "E"
    held, sets = definitions._loaded()
    one = sets.get("rules-2026-27@1")
    change = one.changes[0].model_copy(update={"from_": day})
    commenced = one.model_copy(update={"changes": (change,)})
    items = {**sets.items, commenced.key: commenced}
    monkeypatch.setattr(definitions, "_loaded", lambda: (held, type(sets)(sets.kind, items)))
    assert current_ruleset(day).rule("V-041").severity == "W"
    assert current_ruleset(day - dt.timedelta(days=1)).rule("V-041").severity == "E"


@pytest.mark.parametrize(
    ("day", "year"),
    [((2023, 7, 31), "2022-23"), ((2023, 8, 1), "2023-24"), ((2035, 1, 1), "2026-27"),
     ((1999, 1, 1), "2020-21")],
)  # fmt: skip
def test_the_rules_of_a_day_are_those_of_its_year(day, year):
    assert current_ruleset(dt.date(*day)).year == year


def test_what_is_not_there_is_said_with_what_there_is():
    with pytest.raises(NotFound, match=r"no rules of 1999-00\. There are those of: 2020-21, 2021"):
        ruleset("1999-00")
    with pytest.raises(NotFound, match="The rules of 2020-21 have no V-171"):
        ruleset("2020-21").rule("V-171")


@pytest.fixture
def spoilt(tmp_path):
    """A folder with one file of rules or one set, spoilt. A set needs every rule beside it."""

    def spoil(file, old, new):
        true = settings.SIGHTLINE_DEFINITIONS
        theme = file.startswith("rules/")
        for name in ("rules", "rule-sets"):
            (tmp_path / name).mkdir()
            for path in (true / name).glob("*.yaml"):
                if not theme or f"{name}/{path.name}" == file:
                    shutil.copy(path, tmp_path / name / path.name)
        text = (true / file).read_text(encoding="utf-8")
        assert old in text
        (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
        return tmp_path

    return spoil


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        ("rules/register@1.yaml", "first: registered_on", "first: no_such", "no column no_such"),
        ("rules/register@1.yaml", "id: V-010", "id: V-013", "it is there twice"),
        ("rules/register@1.yaml", "dataset: core-groups", "dataset: cores", "no dataset cores"),
        ("rules/register@1.yaml", "is: [moved-council]", "is: [away]", "no code away"),
        ("rules/register@1.yaml", "is: [review, transfer]", "is: [chat]", "no code chat"),
        ("rules/register@1.yaml", "other: core-groups", "other: cores", "no dataset cores"),
        ("rules/register@1.yaml", "kind: overlap", "kind: clash", "clash"),
        ("rules/register@1.yaml", "[[A, 2024-01-01, 2024-01-01]]", "[[A]]", "fewer than 3 cells"),
        ("rules/looked-after@1.yaml", "within: {own_first: started_on, own_last: ended_on, "
         "other_first: started_on, other_last: ended_on, slack_days: 1}", "least: 1", "least"),
        ("rules/looked-after@1.yaml", "kind: age, at: started_on, most: 21", "kind: age, at: "
         "started_on", "an age has"),
        ("rules/children@1.yaml", "last: ended_on}", "last: no_end}", "no column no_end"),
        ("rules/children@1.yaml", "{column: sex, is: [unborn]}", "{column: sex}", "asks something"),
        ("rules/children@1.yaml", "{column: sex, is: [unborn]}", "{column: sex, is: [unborn], "
         "unborn: date_of_birth}", "has one of"),
        ("rule-sets/rules-2021-22@1.yaml", "rules-2020-21", "rules-1990-91", "which is not there"),
        ("rule-sets/rules-2021-22@1.yaml", "rule: V-159", "rule: V-999", "no rule V-999"),
        ("rule-sets/rules-2021-22@1.yaml", "days: 28", "days: soon", "valid integer"),
    ],
)  # fmt: skip
def test_a_bad_file_is_told_what_is_wrong(spoilt, file, old, new, told):
    with pytest.raises(Faults, match=told):
        definitions.load(spoilt(file, old, new))


def test_days_in_force_are_of_a_column():
    rule = rules()["V-122"]
    data = rule.model_dump(by_alias=True, exclude_unset=True, mode="json")
    with pytest.raises(ValueError, match="go with `dated`"):
        type(rule).model_validate({**data, "since": "2024-01-01"})
    kept = type(rule).model_validate({**data, "since": "2024-01-01", "dated": "registered_on"})
    assert "registered_on" in kept.own_columns()


def test_what_a_year_drops_no_longer_holds(monkeypatch):
    held, sets = definitions._loaded()
    one = sets.get("rules-2025-26@1")
    dropped = definitions.Dropped(rule="V-122", reason="No longer asked for.")
    changed = one.model_copy(update={"drops": (dropped,)})
    items = {**sets.items, changed.key: changed}
    monkeypatch.setattr(definitions, "_loaded", lambda: (held, type(sets)(sets.kind, items)))
    assert "V-122" in {rule.id for rule in ruleset("2024-25").rules}
    assert "V-122" not in {rule.id for rule in ruleset("2026-27").rules}
