"""`sightline NOUN VERB` finds its command, helps, and says what it does not understand."""

import json

import pytest

from sightline.cli import main as cli
from sightline.cli.main import Entry, find, main, misunderstood


def test_words_find_their_command_and_keep_what_follows():
    known = (
        Entry(("inspection", "list"), "inspection_list", "x"),
        Entry(("overview",), "overview", "y"),
    )
    assert find(["inspection", "list", "--all"], known) == (known[0], ["--all"])
    assert find(["overview", "P1"], known) == (known[1], ["P1"])
    assert find(["inspection"], known) is None
    assert "inspection list   x" in misunderstood(["inspection"], known)
    assert "Did you mean inspection?" in misunderstood(["inspektion"], known)
    assert "Did you mean" not in misunderstood(["zzz"], known)


def test_every_command_of_every_context_is_listed_with_its_first_line(capsys):
    main([])
    text = capsys.readouterr().out
    for words in (
        "access grant",
        "framework list",
        "inspection import",
        "overview",
        "partnership list",
    ):
        assert f"  {words} " in text
    assert "Exit status" in text


def test_a_command_runs_through_the_front_door(capsys):
    main(["partnership", "list", "Western Isles", "--format", "json"])
    found = json.loads(capsys.readouterr().out)
    assert [one["code"] for one in found] == ["na-h-eileanan-siar"]
    main(["partnership", "list"])
    assert "Aberdeen City" in capsys.readouterr().out


def test_what_is_not_found_leaves_with_its_status(capsys):
    with pytest.raises(SystemExit) as left:
        main(["partnership", "list", "Narnia"])
    assert left.value.code == 7
    assert "No partnership is called 'Narnia'" in capsys.readouterr().err


def test_words_that_name_nothing_are_not_understood(capsys):
    with pytest.raises(SystemExit) as left:
        main(["partnershp", "list"])
    assert left.value.code == 2
    assert "Did you mean partnership?" in capsys.readouterr().err


def test_settings_that_cannot_be_used_say_so_plainly(monkeypatch, capsys):
    from sightline.kernel.errors import BadSettings

    def broken():
        raise BadSettings("SIGHTLINE_SECRET_KEY is missing; set it.")

    monkeypatch.setattr(cli, "set_up", broken)
    with pytest.raises(SystemExit) as left:
        main(["overview"])
    assert left.value.code == 5
    assert "SIGHTLINE_SECRET_KEY is missing" in capsys.readouterr().err


@pytest.mark.django_db
def test_details_are_loaded_from_a_file_once(capsys, tmp_path, monkeypatch):
    # A command closes its connections as it ends; here they are the test's, and PostgreSQL minds.
    monkeypatch.setattr("django.core.management.base.connections.close_all", lambda: None)
    path = tmp_path / "fife@1.yaml"
    path.write_text(
        "code: fife\nversion: 1\nsource: {title: A report}\nlocalities: [{name: Levenmouth}]\n"
        "groups: []\nplans: []\nposts: []\nholidays: []\n",
        encoding="utf-8",
    )
    main(["partnership", "load", str(path)])
    main(["partnership", "load", str(path)])
    assert capsys.readouterr().out.split("\n")[:2] == ["1 added.", "Nothing to add."]
