"""Third-party files: pinned by hash, copied with their licences, never committed."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tools import assets

CHECKOUT = Path(__file__).parents[2]
LOCK = json.loads((CHECKOUT / "package-lock.json").read_text())


def test_the_lock_has_a_hash_for_every_package_and_no_address():
    packages = {name: lock for name, lock in LOCK["packages"].items() if name}
    assert len(packages) == 3
    assert all(lock["integrity"].startswith("sha512-") for lock in packages.values())
    text = json.dumps(LOCK)
    assert "resolved" not in text
    assert "http" not in text


def test_what_is_asked_for_is_pinned_to_one_version():
    asked = json.loads((CHECKOUT / "package.json").read_text())["dependencies"]
    assert all(version[0].isdigit() for version in asked.values())


def test_a_licence_comes_with_each_package():
    packages = {source.split("/dist/")[0].rsplit("/", 1)[0] for source in assets.wanted()}
    with_licence = {source for source in assets.wanted() if "LICENSE" in source}
    owners = {assets.DESIGN_SYSTEM, assets.WEB_FONT, assets.PRINT_FONT}
    assert len(with_licence) == len(owners)
    assert packages


def test_nothing_third_party_is_committed():
    if shutil.which("git") is None or not (CHECKOUT / ".git").exists():
        pytest.skip("git is not here")  # pragma: no cover - a copy without its history
    listed = subprocess.run(
        ["git", "ls-files", str(assets.VENDOR)], cwd=CHECKOUT, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert not listed.stdout


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Assets of a made-up project: packages under one folder, copied to another."""
    modules = tmp_path / "node_modules"
    for source in assets.wanted():
        (modules / source).parent.mkdir(parents=True, exist_ok=True)
        (modules / source).write_text(f"/* {source} */\n/*# sourceMappingURL=x.map */")
    monkeypatch.setattr(assets, "VENDOR", tmp_path / "vendor")
    return modules


def test_copies_are_complete_and_point_at_no_map(elsewhere):
    assert not assets.is_current()
    assets._copy(elsewhere)
    assert assets.is_current()
    style = (assets.VENDOR / "design-system/design-system.min.css").read_text()
    assert "sourceMappingURL" not in style


def test_a_missing_file_or_another_lock_is_noticed(elsewhere, monkeypatch):
    assets._copy(elsewhere)
    (assets.VENDOR / "fonts/Roboto-Bold.ttf").unlink()
    assert not assets.is_current()
    assets._copy(elsewhere)
    monkeypatch.setattr(assets, "fingerprint", lambda: "another")
    assert not assets.is_current()


def test_a_failure_is_said_in_words(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(assets, "is_current", lambda: False)
    monkeypatch.setattr(assets, "CACHE", tmp_path)
    monkeypatch.setattr(assets, "npm", lambda: ["false"])
    assert assets.main([]) == 1
    assert "npm could not fetch the assets" in capsys.readouterr().err


def test_where_there_is_no_npm_it_comes_from_pypi(monkeypatch, tmp_path):
    fetched = []
    monkeypatch.setattr(assets, "CACHE", tmp_path)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(assets, "_fetch_node", fetched.append)
    node, script = assets.npm()
    assert fetched == [tmp_path / "node"]
    assert node.endswith("bin/node")
    assert script.endswith("npm-cli.js")


def test_nothing_is_fetched_twice(monkeypatch, capsys):
    monkeypatch.setattr(assets, "is_current", lambda: True)
    monkeypatch.setattr(assets, "fetch", lambda: pytest.fail("fetched again"))
    assert assets.main([]) == 0
    assert "already there" in capsys.readouterr().out
