"""`sightline rules list` and `sightline rules check`."""

import json

import pytest
from django.core.management import call_command

from sightline.children.rules import definitions


def said(capsys, *words):
    call_command(*words)
    return capsys.readouterr().out


@pytest.mark.django_db
def test_rules_are_listed_by_year_dataset_and_severity(capsys):
    text = said(capsys, "rules_list", "--dataset", "register-entries", "--severity", "E")
    assert "V-010" in text
    assert "V-014" not in text
    found = json.loads(said(capsys, "rules_list", "--year", "2021-22", "--format", "json"))
    ids = {rule["id"] for rule in found["rules"]}
    assert found["year"] == "2021-22"
    assert "V-010" in ids
    assert "V-171" not in ids


@pytest.mark.django_db
def test_rules_are_held_against_their_examples(capsys):
    assert "2 rules do what" in said(capsys, "rules_check", "V-010", "V-026")
    assert json.loads(said(capsys, "rules_check", "V-010", "--format", "json"))["rules"] == 1
    assert "1 rule does what" in said(capsys, "rules_check", "V-010")


@pytest.mark.django_db
def test_a_rule_that_differs_is_named_with_what_differs(capsys, monkeypatch):
    rule = definitions.rules()["V-026"]
    example = rule.example.model_copy(update={"figure": 9.0, "caught": {"children": (2,)}})
    monkeypatch.setattr(
        definitions, "rules", lambda: {"V-026": rule.model_copy(update={"example": example})}
    )
    with pytest.raises(SystemExit):
        call_command("rules_check")
    told = capsys.readouterr().err
    assert "V-026: caught are none, not children [2]; the figure is 2.3" in told
    with pytest.raises(SystemExit):
        call_command("rules_check", "V-999")
    assert "There is no rule V-999" in capsys.readouterr().err
