"""Set-up: what it does when things are missing, and that it does nothing twice."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import tools
from tools import bootstrap, steps
from tools.steps import CHECKOUT, Stamp, Stop, fingerprint


class Runner:
    """Stands in for `run`: notes each command, and fails those that hold a word given."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.commands: list[str] = []

    def __call__(self, command: list[object], *, why: str, env: object = None) -> str:
        line = " ".join(str(word) for word in command)
        self.commands.append(line)
        if any(word in line for word in self.failing):
            raise Stop(f"{why} failed.")
        return ""


@pytest.fixture
def checkout(tmp_path, monkeypatch) -> Path:
    """An empty checkout with a lock file per group."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (tmp_path / "requirements").mkdir()
    for group in bootstrap.GROUPS:
        (tmp_path / "requirements" / f"{group}.txt").write_text(f"{group}==1\n", encoding="utf-8")
    monkeypatch.setattr(bootstrap, "CHECKOUT", tmp_path)
    monkeypatch.setattr(bootstrap, "VENV", venv)
    monkeypatch.setattr(bootstrap, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(bootstrap, "CACHE", tmp_path / ".cache")
    monkeypatch.delenv(bootstrap.WITHOUT_UV, raising=False)
    return tmp_path


def running(monkeypatch, *failing: str) -> Runner:
    """Put a `Runner` in the place of `run`."""
    runner = Runner(*failing)
    monkeypatch.setattr(bootstrap, "run", runner)
    return runner


def test_requirements_come_by_uv_with_their_hashes_and_only_once(checkout, monkeypatch):
    runner = running(monkeypatch)
    assert bootstrap.install(("core", "reports")) == "uv"
    assert "uv pip install" in runner.commands[-1]
    assert "--require-hashes" in runner.commands[-1]
    runner.commands.clear()
    assert bootstrap.install(("core", "reports")) == ""
    assert runner.commands == []


def test_a_changed_lock_file_installs_again(checkout, monkeypatch):
    running(monkeypatch)
    bootstrap.install(("core",))
    (checkout / "requirements" / "core.txt").write_text("core==2\n", encoding="utf-8")
    assert bootstrap.install(("core",)) == "uv"


def test_a_group_not_yet_there_is_installed(checkout, monkeypatch):
    running(monkeypatch)
    bootstrap.install(("core",))
    assert bootstrap.install(("core", "dev")) == "uv"


@pytest.mark.parametrize("failing", ["uv==", "uv pip install"], ids=["no-uv", "uv-fails"])
def test_pip_takes_over_when_uv_cannot_be_had_or_fails(checkout, monkeypatch, capsys, failing):
    runner = running(monkeypatch, failing)
    assert bootstrap.install(("core",)) == "pip"
    assert "-m pip install" in runner.commands[-1]
    assert "--require-hashes" in runner.commands[-1]
    assert "pip" in capsys.readouterr().out


def test_when_neither_can_the_failure_is_said_and_not_remembered(checkout, monkeypatch):
    running(monkeypatch, "install")
    with pytest.raises(Stop, match="Installing failed"):
        bootstrap.install(("core",))
    running(monkeypatch)
    assert bootstrap.install(("core",)) == "uv"


def test_no_way_to_make_an_environment_is_one_plain_sentence(checkout, monkeypatch):
    running(monkeypatch, "venv", "virtualenv")
    with pytest.raises(Stop) as stopped:
        bootstrap.make_venv()
    assert str(stopped.value) == bootstrap.NO_VENV
    assert not (checkout / ".venv").exists()


def test_without_python3_venv_uv_makes_the_environment(checkout, monkeypatch):
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    runner = running(monkeypatch, "-m venv")
    bootstrap.make_venv()
    assert [line for line in runner.commands if line.startswith("uv venv --seed")]


def test_an_environment_whose_pip_is_missing_does_not_count(checkout, monkeypatch):
    running(monkeypatch, "-m pip --version")
    with pytest.raises(Stop, match="python3-venv"):
        bootstrap.make_venv()


def test_the_environment_is_made_once_and_again_when_the_checkout_moved(checkout, monkeypatch):
    def make(command: list[object], *, why: str) -> str:
        made.append(why)
        bootstrap.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        bootstrap.PYTHON.touch()
        return ""

    made: list[str] = []
    monkeypatch.setattr(bootstrap, "run", make)
    bootstrap.make_venv()
    once = len(made)
    bootstrap.make_venv()
    assert len(made) == once
    monkeypatch.setattr(bootstrap, "CHECKOUT", checkout / "elsewhere")
    bootstrap.make_venv()
    assert len(made) == 2 * once


def test_the_sightline_command_runs_this_checkout():
    command = CHECKOUT / ".venv" / "bin" / "sightline"
    done = subprocess.run(
        [command, "help"], capture_output=True, text=True, check=False, env=os.environ
    )
    assert done.returncode == 0, done.stderr
    assert "sightline NOUN VERB" in done.stdout


def test_what_is_missing_is_named_with_its_package_and_root_installs_it(monkeypatch, capsys):
    here = set(bootstrap.PROGRAMS) - {"chromium"}
    monkeypatch.setattr(bootstrap, "found", lambda program: program in here)
    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 1000)
    runner = running(monkeypatch)
    assert bootstrap.system() == ["chromium"]
    assert runner.commands == []
    assert "chromium is not here (package chromium)" in capsys.readouterr().out

    monkeypatch.setattr(bootstrap.os, "geteuid", lambda: 0)
    monkeypatch.setattr(bootstrap.shutil, "which", lambda name: f"/usr/bin/{name}")
    bootstrap.system()
    assert "apt-get install" in runner.commands[-1]
    assert "chromium" in runner.commands[-1]
    assert "postgresql" not in runner.commands[-1]


def test_an_old_python_gets_one_sentence(monkeypatch):
    source = Path(tools.__file__).read_text(encoding="utf-8")
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    with pytest.raises(SystemExit) as stopped:
        exec(compile(source, "tools", "exec"), {})  # noqa: S102
    assert "needs Python 3.11 or newer and this is 3.9.2" in str(stopped.value)


def test_the_scripts_an_old_python_meets_first_can_be_read_by_it():
    """`make` imports only these before the version is known; newer syntax would be a traceback."""
    import ast

    ast.parse(Path(tools.__file__).read_text(encoding="utf-8"), feature_version=(3, 7))


def test_a_failing_command_is_told_with_its_last_lines():
    script = "print('one'); print('two'); raise SystemExit(3)"
    with pytest.raises(Stop, match=r"(?s)Trying failed .*\n  one\n  two"):
        steps.run([sys.executable, "-c", script], why="Trying")


def test_a_program_that_is_not_there_is_told_plainly():
    with pytest.raises(Stop, match="no-such-program cannot be run"):
        steps.run(["no-such-program"], why="Trying")


def test_a_fingerprint_follows_content_and_words(tmp_path):
    file = tmp_path / "a"
    before = fingerprint([file])
    file.write_text("x", encoding="utf-8")
    assert len({before, fingerprint([file]), fingerprint([file], "more"), fingerprint([])}) == 4


def test_a_stamp_holds_for_one_state(tmp_path):
    stamp = Stamp(tmp_path / "deep" / "stamp", "one")
    assert not stamp.fresh()
    stamp.set()
    assert stamp.fresh()
    assert not Stamp(stamp.path, "two").fresh()


def test_a_step_says_its_name_its_time_and_its_notes(capsys):
    with steps.step("environment") as notes:
        notes.append("kept")
    assert capsys.readouterr().out.split() == ["environment", "0.0", "s", "kept"]
