"""Copies of the keys: apart from the backup, for the owner alone, none ever lost."""

import json
import subprocess
import sys

import pytest

from sightline.config.backup import keys
from sightline.config.env import Env
from sightline.kernel.errors import BadInput

HELD = {"data": (("new", b"\x01" * 32), ("old", b"\x02" * 32)), "concerns": (("c", b"\x03" * 32),)}
WORDS = b"granite heather water"


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(keys, "COST", {"n": 2**10, "r": 8, "p": 1})


@pytest.mark.parametrize(
    ("keys_to", "backup"), [("a", "a"), ("a/keys", "a"), ("a", "a/b"), ("a/../b", "b")]
)
def test_keys_do_not_lie_with_the_backup(tmp_path, keys_to, backup):
    with pytest.raises(BadInput, match="may not lie with the backup"):
        keys.check_apart(tmp_path / keys_to, tmp_path / backup)


def test_a_link_does_not_hide_where_keys_would_lie(tmp_path):
    (tmp_path / "b").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "b")
    with pytest.raises(BadInput, match="may not lie with the backup"):
        keys.check_apart(tmp_path / "link", tmp_path / "b")
    keys.check_apart(tmp_path / "keys", tmp_path / "b")


def test_a_copy_is_read_by_the_settings_as_it_is(tmp_path):
    files = keys.write_keys(HELD, tmp_path / "k", None)
    assert [file.name for file in files] == ["data.keys", "concerns.keys"]
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
    assert (tmp_path / "k").stat().st_mode & 0o777 == 0o700
    env = Env({"SIGHTLINE_DATA_KEYS_FILE": str(files[0])})
    assert env.keys("SIGHTLINE_DATA_KEYS") == HELD["data"]
    env.check()


def test_a_copy_is_written_anew_unless_a_key_would_be_lost(tmp_path):
    keys.write_keys(HELD, tmp_path, None)
    more = {**HELD, "data": (("newer", b"\x04" * 32), *HELD["data"])}
    keys.write_keys(more, tmp_path, None)
    assert "newer" in (tmp_path / "data.keys").read_text()
    with pytest.raises(BadInput, match="holds keys that this copy does not"):
        keys.write_keys(HELD, tmp_path, None)
    assert "newer" in (tmp_path / "data.keys").read_text()


def test_where_keys_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        keys.write_keys(HELD, tmp_path / "file", None)


def test_a_passphrase_is_read_and_may_not_be_short(tmp_path):
    file = tmp_path / "words"
    file.write_text(WORDS.decode() + "\n")
    assert keys.read_passphrase(file) == WORDS
    file.write_text("short")
    with pytest.raises(BadInput, match="shorter than 15"):
        keys.read_passphrase(file)
    with pytest.raises(BadInput, match="cannot be read"):
        keys.read_passphrase(tmp_path / "none")


@pytest.mark.usefixtures("quick")
def test_sealed_keys_open_with_their_passphrase_alone():
    wrapped = keys.wrap("id:key\n", WORDS, "data")
    assert "id:key" not in wrapped
    assert keys.unwrap(wrapped, WORDS) == ("data", "id:key\n")
    with pytest.raises(BadInput, match="the passphrase is another"):
        keys.unwrap(wrapped, b"granite heather wine")
    moved = json.dumps({**json.loads(wrapped), "purpose": "concerns"})
    with pytest.raises(BadInput, match="the passphrase is another"):
        keys.unwrap(moved, WORDS)


@pytest.mark.parametrize("change", [{"n": 2**30}, {"salt": None}, {"salt": "x"}, {"n": "many"}])
@pytest.mark.usefixtures("quick")
def test_what_is_no_copy_of_keys_is_refused(change):
    wrapped = {**json.loads(keys.wrap("id:key\n", WORDS, "data")), **change}
    with pytest.raises(BadInput, match="no keys that Sightline copied"):
        keys.unwrap(json.dumps(wrapped), WORDS)
    with pytest.raises(BadInput, match="no keys that Sightline copied"):
        keys.unwrap("not JSON", WORDS)


@pytest.mark.usefixtures("quick")
def test_sealed_keys_are_opened_without_sightline(tmp_path, capsys):
    words = tmp_path / "words"
    words.write_bytes(WORDS)
    keys.write_keys(HELD, tmp_path / "sealed", WORDS)
    asked = ["--passphrase-file", str(words), "--to", str(tmp_path / "open")]
    assert keys.main([str(tmp_path / "sealed"), *asked]) == 0
    opened = (tmp_path / "open" / "data.keys").read_text()
    assert Env({"K": opened}).keys("K") == HELD["data"]
    assert keys.main([str(tmp_path / "open"), *asked]) == BadInput.status
    assert "holds no sealed keys" in capsys.readouterr().err
    words.write_text("another passphrase altogether")
    assert keys.main([str(tmp_path / "sealed"), *asked]) == BadInput.status
    blocked = [*asked[:3], str(words / "x")]
    assert keys.main([str(tmp_path / "sealed"), *blocked]) == BadInput.status


def test_opening_keys_needs_no_settings():
    done = subprocess.run(
        [sys.executable, "-m", "sightline.config.backup.keys", "--help"],
        env={"PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "passphrase" in done.stdout
