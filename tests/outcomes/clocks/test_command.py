"""`sightline clocks list`."""

import json

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_every_version_of_every_rule_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("clocks_list", format="json")
    listed = json.loads(capsys.readouterr().out)
    meetings = [line for line in listed if line["rule"] == "T-04"]
    assert [(line["limit"], line["first"], line["last"]) for line in meetings] == [
        ("21 days", "2014-05-01", "2021-09-01"), ("28 days", "2021-09-02", ""),
    ]  # fmt: skip
    assert meetings[0]["read_from"] == ["planning-meetings", "irds"]
    assert next(line for line in listed if line["rule"] == "T-60")["read_from"] == []


@pytest.mark.django_db
def test_a_partnership_that_took_guidance_up_later_has_its_own_days(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt

    from sightline.outcomes.management.commands import clocks_list

    later = {"child-protection-2021": dt.date(2022, 5, 1)}
    monkeypatch.setattr(clocks_list, "guidance_taken_up", lambda area: later)
    call_command("clocks_list", partnership="angus", format="text")
    assert "2022-05-01" in capsys.readouterr().out
