"""What every command shares: formats, errors, exit statuses, help."""

import datetime as dt
import json
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import OperationalError

from sightline.design.console import SightlineCommand, columns, plain
from sightline.kernel import errors
from sightline.kernel.definitions import Closed


class Colour(StrEnum):
    BLUE = "blue"


class Thing(Closed):
    name: str


@dataclass(frozen=True)
class Row:
    day: dt.date
    colour: Colour
    things: tuple[Thing, ...]


def command(answer):
    """A command that gives `answer`, or raises it."""

    class Command(SightlineCommand):
        """Answer.

        In full.
        """

        def run(self, actor, **options):
            if isinstance(answer, Exception):
                raise answer
            return answer

        def text(self, result):
            return f"for people: {result}"

    return Command()


def test_plain_says_everything_json_can_hold():
    row = Row(dt.date(2026, 2, 1), Colour.BLUE, (Thing(name="x"),))
    assert plain({1: row, "path": Path("/x"), "set": {3}}) == {
        "1": {"day": "2026-02-01", "colour": "blue", "things": [{"name": "x"}]},
        "path": "/x",
        "set": [3],
    }


def test_columns_line_up_with_no_trailing_space():
    assert columns(("A", "Long"), [(1, "x"), ("wide one", "")]).splitlines() == [
        "A         Long",
        "--------  ----",
        "1         x",
        "wide one",
    ]


def test_text_is_for_people_and_json_for_programs(capsys):
    call_command(command({"n": 1}))
    call_command(command({"n": "é"}), output_format="json")
    text, rest = capsys.readouterr().out.split("\n", 1)
    assert text == "for people: {'n': 1}"
    assert json.loads(rest) == {"n": "é"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.BadInput("bad"), 3),
        (errors.BadDefinition("bad"), 4),
        (errors.BadSettings("bad"), 5),
        (errors.NotAllowed("bad"), 6),
        (errors.NotFound("bad"), 7),
        (errors.NotPermitted("bad"), 8),
        (errors.NotAvailable("bad"), 9),
        (OperationalError("bad"), 10),
    ],
)
def test_each_kind_of_error_has_its_status_and_no_traceback(error, status, capsys):
    with pytest.raises(SystemExit) as left:
        call_command(command(error))
    assert left.value.code == status
    out = capsys.readouterr()
    assert "bad" in out.err
    assert "Traceback" not in out.err
    assert out.out == ""


def test_help_comes_from_the_docstring_as_written():
    helped = command(0)
    parser = helped.create_parser("/usr/bin/sightline", "inspection_list")
    text = parser.format_help()
    assert text.startswith("usage: sightline inspection list")
    assert "Answer.\n\nIn full." in text


def test_a_file_is_written_only_into_a_folder_that_is_there(tmp_path):
    assert SightlineCommand.write_file(str(tmp_path / "a"), b"x").read_bytes() == b"x"
    with pytest.raises(errors.BadInput, match="is not a folder; make it, or name another"):
        SightlineCommand.write_file(str(tmp_path / "none" / "a"), b"x")
