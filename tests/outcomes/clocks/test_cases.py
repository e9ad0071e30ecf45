"""Files of clock cases: what is wrong is said, all at once."""

from pathlib import Path
from shutil import copytree

import pytest
from django.conf import settings

from sightline.kernel.errors import Faults
from sightline.outcomes.clocks import load_cases

STOP = "stop: {column: record_issued_on}"
SPELL = "dataset: placements, from: a, until: b"
WHOLE = """
code: {code}
version: 1
title: A subject
cases:
  - rule: T-07
    dataset: planning-meetings
    starts: {{meeting-held: held_on}}
    stop: {{column: record_issued_on}}
"""


def folder(tmp_path: Path, text: str) -> Path:
    copytree(settings.SIGHTLINE_DEFINITIONS / "clocks", tmp_path / "clocks")
    (tmp_path / "clock-cases").mkdir()
    (tmp_path / "clock-cases" / "mine@1.yaml").write_text(text)
    return tmp_path


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    (found,) = load_cases(folder(tmp_path, WHOLE.format(code="mine")))
    assert found.cases[0].needs == ("planning-meetings",)


@pytest.mark.parametrize(
    ("change", "to", "said"),
    [
        ("T-07", "T-99", "no such rule"),
        ("meeting-held: held_on", "review-held: held_on", "does not say what dates meeting-held"),
        ("meeting-held: held_on", "meeting-held: held_on, review-held: held_on", "starts no clock"),
        (STOP, f"{STOP}\n    ends: {{dataset: placements}}", "give column, or dataset"),
        (STOP, f"{STOP}\n    ends: {{column: x, {SPELL}}}", "give column, or dataset"),
        ("dataset: planning-meetings", "dataset: planning-meetings\n    colour: red", "colour"),
    ],
)
def test_what_does_not_fit_is_said(tmp_path: Path, change: str, to: str, said: str) -> None:
    text = WHOLE.format(code="mine").replace(change, to)
    with pytest.raises(Faults, match=said):
        load_cases(folder(tmp_path, text))


def test_two_cases_of_one_name_are_refused(tmp_path: Path) -> None:
    text = WHOLE.format(code="mine")
    second = text[text.index("  - rule") :]
    with pytest.raises(Faults, match="two cases have this name"):
        load_cases(folder(tmp_path, text + second))
