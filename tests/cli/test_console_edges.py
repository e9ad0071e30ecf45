"""What a command does when its reader goes away, and when it has no answer of its own."""

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from sightline.design.console import CLOSED_PIPE_STATUS, SightlineCommand, plain
from tests.cli.test_console import command

CHECKOUT = Path(__file__).parents[2]


class Bare(SightlineCommand):
    """Says nothing of how it reads."""

    def run(self, actor, **options):
        return {"day": dt.date(2026, 2, 1), "names": ("Ò", "b")}


def test_a_command_without_words_of_its_own_prints_what_json_would(capsys):
    call_command(Bare())
    text = capsys.readouterr().out
    call_command(Bare(), output_format="json")
    assert text == capsys.readouterr().out
    assert '"day": "2026-02-01"' in text
    assert '"Ò"' in text


def test_a_command_that_does_nothing_says_where_it_is():
    with pytest.raises(NotImplementedError, match=r"sightline\.design\.console has no run\(\)"):
        SightlineCommand().run(None)


def test_a_reader_that_goes_away_ends_it_without_a_word(capfd, monkeypatch):
    with open(os.dup(1), "w", encoding="utf-8") as out:
        monkeypatch.setattr(sys, "stdout", out)
        with pytest.raises(SystemExit) as left:
            call_command(command(BrokenPipeError()))
        # What is still waiting to be written goes nowhere, so that the end is silent too.
        print("left over", file=out, flush=True)
    assert left.value.code == CLOSED_PIPE_STATUS == 141
    assert capfd.readouterr() == ("", "")


def test_sets_and_tuples_are_lists_and_what_is_plain_stays():
    assert plain([1, "a", None, 2.5, (True,)]) == [1, "a", None, 2.5, [True]]


def test_the_package_runs_as_the_command_does():
    ran = subprocess.run(
        [sys.executable, "-m", "sightline.cli", "partnership", "list", "Western Isles"],
        cwd=CHECKOUT, capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert "Na h-Eileanan Siar" in ran.stdout


def test_the_package_runs_in_process_too(monkeypatch, capsys):
    import runpy

    monkeypatch.setattr(sys, "argv", ["sightline", "no-such-noun"])
    with pytest.raises(SystemExit) as left:
        runpy.run_module("sightline.cli", run_name="__main__")
    assert left.value.code == 2
    assert "There is no sightline no-such-noun." in capsys.readouterr().err
