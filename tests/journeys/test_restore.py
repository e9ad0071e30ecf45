"""A copy with work in it is backed up and put back on an empty machine, where the work goes on."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.journeys.conftest import open_page, sign_in
from tests.journeys.serving import CHECKOUT, _static, serving

PLANTED = "Wrenfield lighthouse"
ROLE = "system-administrator"
WHERE = "partnership:fife"


def sightline(settings: dict[str, str], *arguments: str) -> str:
    """A command as an administrator gives it, on the machine of these settings."""
    done = subprocess.run(
        [sys.executable, "-m", "sightline.cli", *arguments],
        cwd=CHECKOUT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def machine(home: Path, keys: Path | None = None) -> dict[str, str]:
    """The settings of a machine of its own: nothing of it is anywhere else."""
    home.mkdir()
    usual = {name: value for name, value in os.environ.items() if "_KEYS" not in name}
    kept = keys or home / "keys"
    if keys is None:
        kept.mkdir(mode=0o700)
        (kept / "data.keys").write_text("spring:" + "Q" * 43 + "=\n")
        (kept / "concerns.keys").write_text("spring:" + "R" * 42 + "A=\n")
    return usual | {
        "SIGHTLINE_DATA_KEYS_FILE": str(kept / "data.keys"),
        "SIGHTLINE_CONCERNS_KEYS_FILE": str(kept / "concerns.keys"),
        "SIGHTLINE_ENV_FILE": str(home / "none.env"),
        "SIGHTLINE_DATABASE": f"sqlite:///{home / 'journeys.sqlite3'}",
        "SIGHTLINE_STATE": str(home),
        "SIGHTLINE_DEMONSTRATION": "true",
    }


@pytest.mark.timeout(300)  # nine commands and a server, each starting anew
def test_a_copy_is_restored_on_an_empty_machine(
    tmp_path: Path, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sightline.config.demonstration import PASSWORD

    _static()  # collected with the keys of the tests, which are taken away next
    first = machine(tmp_path / "first")
    for name in [name for name in os.environ if "_KEYS" in name]:
        monkeypatch.delenv(name)
    sightline_migrated(first)
    sightline(first, "demo")
    sightline(first, "access", "add-person", "wren@sightline.example", PLANTED)
    uploads = tmp_path / "first" / "uploads"
    uploads.mkdir(exist_ok=True)
    (uploads / "file.bin").write_text("a file")
    backup, keys = tmp_path / "away" / "backup", tmp_path / "safe"
    backup.parent.mkdir()
    said = sightline(first, "backup", str(backup), "--keys-to", str(keys))
    assert "Keys:" in said
    shutil.rmtree(tmp_path / "first")  # the machine burns down

    second = machine(tmp_path / "second", keys)
    assert "Every check passed." in sightline(second, "restore", str(backup))
    assert (tmp_path / "second" / "uploads" / "file.bin").read_text() == "a file"
    sightline(second, "access", "grant", "wren@sightline.example", "chief-officer", WHERE)
    with serving(tmp_path / "second", None, PASSWORD, **only_ours(second)) as copy:
        visit = open_page(browser, copy.url)
        sign_in(visit.page, copy, ROLE)
        visit.open("/admin/people/")
        visit.page.get_by_text(PLANTED).first.wait_for()
        visit.page.context.close()
        governance = open_page(browser, copy.url)
        sign_in(governance.page, copy, "information-governance-officer")
        governance.open("/admin/audit/")
        governance.page.get_by_text("restored the backup").first.wait_for()
        governance.page.get_by_text(f"gave {PLANTED} the role").first.wait_for()
        governance.page.context.close()


def only_ours(settings: dict[str, str]) -> dict[str, str]:
    """What of these settings is not of this machine's environment."""
    return {name: value for name, value in settings.items() if os.environ.get(name) != value}


def sightline_migrated(settings: dict[str, str]) -> None:
    """Make the tables."""
    command = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(command, cwd=CHECKOUT, env=settings, check=True)
