"""Rules about the kept files: the checkout keeps them, and a planted breach of each is caught."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sightline.cli.main import entries
from tests.architecture.planting import plant
from tests.architecture.rules import repository
from tests.architecture.rules.tree import CHECKOUT, kept_files, ranks
from tools import lock

Rule = Callable[[Path], Iterator[str]]
HASH = "--hash=sha256:" + "0" * 64
SOMEWHERE = "http" + "s://index.example/simple"
PLANTED: list[tuple[Rule, dict[str, str], dict[str, str]]] = [
    (
        repository.decisions_are_numbered,
        {"docs/adr/0001-one.md": "# 0001 One\n", "docs/adr/0003-three.md": "# 0003 Three\n"},
        {
            "docs/adr/0001-one.md": "# 0001 One\n",
            "docs/adr/0002-two-words.md": "# 0002: Two words\n",
        },
    ),
    (
        repository.decisions_are_numbered,
        {"docs/adr/0001-one.md": "# 0001 One\n", "docs/adr/0001-other.md": "# 0001 Other\n"},
        {},
    ),
    (repository.decisions_are_numbered, {"docs/adr/0001-one.md": "# 0002 One\n"}, {}),
    (repository.decisions_are_numbered, {"docs/adr/0001-one.md": "# 0001 Another\n"}, {}),
    (repository.decisions_are_numbered, {"docs/adr/notes.md": "# Notes\n"}, {}),
    (
        repository.no_machine_is_named,
        {"docs/a.md": "Look in /wor" + "k/main/x."},
        {"docs/a.md": "Look in `/framework/` and /home/ for it; `var/work/x`."},
    ),
    (repository.no_machine_is_named, {"a.toml": "index = 'https://py" + "pi.org/simple'"}, {}),
    (repository.no_machine_is_named, {"a.py": "PLACE = '/hom" + "e/anna/x'"}, {}),
    (
        repository.links_lead_somewhere,
        {"README.md": "[x](docs/none.md)"},
        {"README.md": "[x](docs/a.md#part) [y](#here)", "docs/a.md": "[up](../README.md)"},
    ),
    (
        lock.faults,
        {"requirements/core.txt": f"--index-url {SOMEWHERE}\n"},
        {"requirements/core.txt": f"a==1 \\\n    {HASH}\n"},
    ),
    (lock.faults, {"requirements/core.txt": f"a==1\nb==2 \\\n    {HASH}\n"}, {}),
    (lock.faults, {"package-lock.json": f'"resolved": "{SOMEWHERE}"'}, {"package-lock.json": "{}"}),
]
RULES = list(dict.fromkeys(rule for rule, _, _ in PLANTED))


@pytest.mark.no_cover
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_checkout_keeps_the_rule(rule):
    assert list(rule(CHECKOUT)) == []


@pytest.mark.parametrize(
    ("rule", "bad", "good"), PLANTED, ids=[f"{p[0].__name__}-{n}" for n, p in enumerate(PLANTED)]
)
def test_a_planted_breach_is_caught_and_its_mended_form_is_not(rule, bad, good, tmp_path):
    assert len(list(rule(plant(tmp_path / "bad", bad)))) == 1
    assert list(rule(plant(tmp_path / "good", good))) == []


def test_every_setting_is_in_the_administrators_guide():
    guide = (CHECKOUT / "docs/guides/administrator.md").read_text(encoding="utf-8")
    assert list(repository.settings_are_documented(CHECKOUT, guide)) == []


def test_a_setting_left_out_of_the_guide_and_one_left_in_are_caught(tmp_path):
    plant(tmp_path, {"sightline/config/settings.py": 'env.flag("SIGHTLINE_NEW", default=False)\n'})
    assert list(repository.settings_are_documented(tmp_path, "| `SIGHTLINE_OLD` | gone |\n")) == [
        "SIGHTLINE_NEW is not in the administrator's guide.",
        "SIGHTLINE_OLD is in the administrator's guide, and nothing reads it.",
    ]


def test_every_command_is_in_the_reference():
    words = [" ".join(entry.words) for entry in entries()]
    page = (CHECKOUT / "docs/reference/commands.md").read_text(encoding="utf-8")
    assert len(words) > 5
    assert list(repository.commands_are_documented(words, page)) == []


def test_a_command_left_out_of_the_reference_and_one_left_in_are_caught():
    faults = list(repository.commands_are_documented(["new made"], "## sightline old gone\n"))
    assert len(faults) == 2
    assert faults[0].startswith("sightline new made is not in")


def test_lock_files_are_there_to_look_at():
    names = {path.name for path in lock.lock_files(CHECKOUT)}
    assert {"core.txt", "reports.txt", "dev.txt", "package-lock.json"} <= names


def test_every_context_has_a_package_and_every_package_a_layer():
    packages = {path.parent.name for path in (CHECKOUT / "sightline").glob("*/__init__.py")}
    assert packages == set(ranks())


def test_what_git_ignores_is_not_looked_at():
    kept = {path.relative_to(CHECKOUT).parts[0] for path in kept_files(CHECKOUT)}
    assert "sightline" in kept
    assert not kept & {".venv", "var", ".cache", "node_modules"}


def test_a_test_that_reaches_for_another_machine_is_stopped():
    elsewhere = ("192.0.2.1", 80)
    with socket.socket() as probe, pytest.raises(RuntimeError, match="no network"):
        probe.connect(elsewhere)
