"""Real workers on a real database: `tests/jobs/scenarios.py` kills and stops them."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

from tests.journeys.serving import CHECKOUT


def _database(folder: Path) -> str:
    """The empty database of this run, where another process reaches it."""
    if connection.vendor == "postgresql":
        parts = urlsplit(os.environ["SIGHTLINE_DATABASE"])
        return urlunsplit(parts._replace(path=f"/{connection.settings_dict['NAME']}"))
    path = folder / "jobs.sqlite3"
    connection.ensure_connection()
    target = sqlite3.connect(path)
    connection.connection.backup(target)
    target.close()
    return f"sqlite:///{path}"


@pytest.mark.django_db(transaction=True)
def test_jobs_survive_whatever_happens_to_their_worker(tmp_path: Path) -> None:
    """Cancelled, killed, stopped, and four schedulers at the same moment."""
    settings = os.environ | {
        "SIGHTLINE_DATABASE": _database(tmp_path),
        "SIGHTLINE_JOBS": "database",
        "SIGHTLINE_STATE": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.jobs.scenarios", "play"],
        cwd=CHECKOUT, env=settings, capture_output=True, text=True, check=False, timeout=110,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])

    assert said["cancelled"]["state"] == "cancelled"
    assert 0 < said["cancelled"]["done"] < 400
    assert said["seconds to cancel"] < 5

    assert said["left behind"] == "running"
    assert (said["killed"]["attempts"], said["killed"]["lost"]) == (2, 1)
    assert said["killed"]["result"] == {"counted_to": 400}
    assert said["seconds to recover"] < 20

    assert said["exit status"] == 0
    assert (said["stopped"]["state"], said["stopped"]["lost"]) == ("waiting", 0)
    assert said["workers left"] <= 1  # the killed one is listed until it has been silent for a day
    assert said["clock"] == 1
    assert said["raced"] == 15
    assert "Traceback" not in done.stderr
