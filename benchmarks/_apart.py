"""What benchmarks that run on both databases share: settings of their own, a process for each."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]


def settings(state: str, database: str) -> dict[str, str]:
    """An environment whose database and state are the benchmark's own."""
    return {
        **os.environ,
        "SIGHTLINE_ENV_FILE": f"{state}/none.env",
        "SIGHTLINE_SECRET_KEY": "only-to-measure-with-" * 3,
        "SIGHTLINE_DATA_KEYS": "bench:" + "A" * 43 + "=",
        "SIGHTLINE_CONCERNS_KEYS": "bench:" + "B" * 42 + "A=",
        "SIGHTLINE_HTTPS": "false",
        "SIGHTLINE_STATE": state,
        "SIGHTLINE_DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "sightline.config.settings",
    }


def on_both_databases(name: str) -> int:
    """Run `benchmarks.<name> --one` on SQLite and on PostgreSQL; 1 when either missed a bar.

    Each in a process of its own, because Django settles on one database when it starts.
    """
    from tools.postgres import cluster

    command = [sys.executable, "-m", f"benchmarks.{name}", "--one"]

    def run(state: str, database: str) -> int:
        return subprocess.run(
            command, env=settings(state, database), cwd=CHECKOUT, check=False
        ).returncode

    with tempfile.TemporaryDirectory(prefix="sightline-bench-") as state:
        missed = run(state, f"sqlite:///{state}/bench.sqlite3")
        with cluster(durable=True) as url:
            missed |= run(state, url)
    return missed
