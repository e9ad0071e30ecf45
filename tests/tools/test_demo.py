"""`make demo`: settings of its own, a free port, and a server that goes when it is told to."""

import socket
import stat
import subprocess
import sys

import pytest

from sightline.config.env import Env, read_env_file
from tools import demo
from tools.steps import Stop


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "VAR", tmp_path / "var")
    monkeypatch.setattr(demo, "SETTINGS", tmp_path / "var" / "sightline.env")
    monkeypatch.setattr(demo, "CHECKOUT", tmp_path)
    for name in ("DATA_KEYS", "CONCERNS_KEYS", "SECOND_FACTOR"):
        monkeypatch.delenv(f"SIGHTLINE_{name}", raising=False)
    return demo.SETTINGS


def test_settings_are_written_once_for_the_owner_alone(settings_file):
    assert demo.write_settings()
    first = settings_file.read_text(encoding="utf-8")
    assert stat.S_IMODE(settings_file.stat().st_mode) == 0o600
    assert not demo.write_settings()
    assert settings_file.read_text(encoding="utf-8") == first


def test_each_purpose_gets_a_key_of_its_own_for_the_owner_alone(settings_file):
    demo.settings()
    for purpose in ("data", "concerns"):
        file = demo.key_file(purpose)
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    env = Env(read_env_file(settings_file))
    data, concerns = env.keys("SIGHTLINE_DATA_KEYS"), env.keys("SIGHTLINE_CONCERNS_KEYS")
    env.check()
    assert (len(data), len(concerns)) == (1, 1)
    assert data[0][1] != concerns[0][1]
    assert env.choice("SIGHTLINE_SECOND_FACTOR", ("required", "optional")) == "optional"


def test_a_key_is_never_replaced(settings_file):
    said = demo.settings()
    assert said == ["written to var/sightline.env", "data key made", "concerns key made"]
    before = demo.key_file("data").read_bytes()
    demo.key_file("concerns").unlink()
    settings_file.unlink()
    assert demo.settings() == ["written to var/sightline.env", "concerns key made"]
    assert demo.key_file("data").read_bytes() == before


@pytest.mark.parametrize("ending", ["\n", ""])
def test_a_copy_of_an_earlier_release_is_given_what_is_missing_and_keeps_the_rest(
    settings_file, ending
):
    settings_file.parent.mkdir()
    settings_file.write_text(f"SIGHTLINE_SECRET_KEY=kept{ending}", encoding="utf-8")
    said = demo.settings()
    assert said[0] == "kept: var/sightline.env"
    assert said[1] == (
        "added for this release: SIGHTLINE_DATA_KEYS_FILE, SIGHTLINE_CONCERNS_KEYS_FILE, "
        "SIGHTLINE_SECOND_FACTOR"
    )
    found = read_env_file(settings_file)
    assert found["SIGHTLINE_SECRET_KEY"] == "kept"
    assert found["SIGHTLINE_DATA_KEYS_FILE"] == str(demo.key_file("data"))
    assert demo.settings() == ["kept: var/sightline.env"]


def test_what_is_set_in_either_form_is_not_added(settings_file, monkeypatch):
    settings_file.parent.mkdir()
    settings_file.write_text("SIGHTLINE_DATA_KEYS=x:y\n", encoding="utf-8")
    monkeypatch.setenv("SIGHTLINE_SECOND_FACTOR", "required")
    assert demo.settings()[1] == "added for this release: SIGHTLINE_CONCERNS_KEYS_FILE"
    assert "SECOND_FACTOR" not in settings_file.read_text(encoding="utf-8")


def test_settings_are_what_sightline_takes_with_a_key_nobody_else_has(settings_file):
    demo.write_settings()
    env = Env(read_env_file(settings_file))
    secret = env.secret("SIGHTLINE_SECRET_KEY")
    assert env.database("SIGHTLINE_DATABASE")["NAME"] == str(demo.VAR / "sightline.sqlite3")
    assert env.flag("SIGHTLINE_DEMONSTRATION", default=False)
    env.check()
    assert secret not in demo.settings_text()


def test_a_taken_port_is_passed_over(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(demo, "USUAL_PORT", taken.getsockname()[1])
        port = demo.free_port()
        assert port != demo.USUAL_PORT
        assert demo.is_free(port)


def test_the_usual_port_is_used_when_it_is_free(monkeypatch):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    monkeypatch.setattr(demo, "USUAL_PORT", free)
    assert demo.free_port() == free


def python(script: str) -> "subprocess.Popen[bytes]":
    """A process that stands in for the server."""
    return subprocess.Popen([sys.executable, "-c", script], start_new_session=True)


def test_a_server_that_ends_as_it_starts_is_said():
    server = python("raise SystemExit(1)")
    server.wait()
    with pytest.raises(Stop, match="stopped as it started"):
        demo.wait_until_it_answers(server, "http://127.0.0.1:1/")


def test_a_server_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(demo, "PATIENCE", 0.3)
    server = python("import time; time.sleep(30)")
    try:
        with pytest.raises(Stop, match="did not answer"):
            demo.wait_until_it_answers(server, f"http://127.0.0.1:{demo.free_port()}/")
    finally:
        demo.halt(server)
    assert server.returncode is not None


def test_the_end_of_the_worker_is_said_once_and_of_the_server_ends_it(capsys):
    worker = python("raise SystemExit(1)")
    worker.wait()
    server = python("import time; time.sleep(0.7)")
    demo.wait_for_the_end(server, worker)
    assert server.returncode == 0
    said = capsys.readouterr().out
    assert said.count("Nothing carries out jobs any more") == 1
    demo.halt(server, worker)


@pytest.mark.parametrize(("status", "said"), [(200, ""), (500, "answers with an error")])
def test_the_first_page_is_waited_for_and_an_error_in_it_is_said(status, said):
    port = demo.free_port()
    server = python(
        "from http.server import BaseHTTPRequestHandler as H, HTTPServer as S\n"
        "class Page(H):\n"
        "    def do_GET(self):\n"
        f"        self.send_response({status}); self.end_headers()\n"
        "    def log_message(self, *_): pass\n"
        f"S(('127.0.0.1', {port}), Page).serve_forever()\n"
    )
    try:
        if said:
            with pytest.raises(Stop, match=said):
                demo.wait_until_it_answers(server, f"http://127.0.0.1:{port}/")
        else:
            demo.wait_until_it_answers(server, f"http://127.0.0.1:{port}/")
    finally:
        demo.halt(server)
    assert demo.is_free(port)


@pytest.fixture
def preparing(tmp_path, settings_file, monkeypatch):
    """A checkout with one source file, in which preparing makes what it should and is counted."""
    (tmp_path / "sightline").mkdir()
    (tmp_path / "sightline" / "a.py").write_text("one", encoding="utf-8")
    monkeypatch.setattr(demo, "CHECKOUT", tmp_path)
    monkeypatch.setattr(demo, "SIGN_INS", demo.VAR / "demonstration.txt")
    monkeypatch.delenv("SIGHTLINE_DATABASE")
    demo.write_settings()
    calls: list[int] = []

    def run(command, *, cwd, check):
        calls.append(1)
        for name in ("sightline.sqlite3", "static", "demonstration.txt"):
            (demo.VAR / name).touch()
        return subprocess.CompletedProcess(command, status[0])

    status = [0]
    monkeypatch.setattr(demo.subprocess, "run", run)
    return tmp_path, calls, status


def test_nothing_is_prepared_twice_until_something_changes(preparing, monkeypatch):
    checkout, calls, _ = preparing
    demo.prepare()
    demo.prepare()
    assert len(calls) == 1
    (checkout / "sightline" / "a.py").write_text("three", encoding="utf-8")
    demo.prepare()
    assert len(calls) == 2
    (demo.VAR / "sightline.sqlite3").unlink()
    demo.prepare()
    assert len(calls) == 3
    monkeypatch.setenv("SIGHTLINE_DATABASE", "postgresql://elsewhere/x")
    demo.prepare()
    demo.prepare()
    assert len(calls) == 5


def test_a_failed_preparation_is_said_and_tried_again(preparing):
    _, calls, status = preparing
    status[0] = 1
    with pytest.raises(Stop, match="could not be prepared"):
        demo.prepare()
    status[0] = 0
    demo.prepare()
    assert len(calls) == 2
