"""A throwaway PostgreSQL cluster for tests and benchmarks: made in a second, nothing left after.

with cluster() as url: ...          # postgresql://sightline@127.0.0.1:port/sightline
python -m tools.postgres            # one to work with by hand, until Ctrl-C
"""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.steps import Stop, run, stop

ACCOUNT = "postgres"
# Safe only because the cluster is thrown away: nothing waits for the disk.
HASTE = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c shared_buffers=64MB"


def binaries() -> Path | None:
    """The folder of the newest PostgreSQL here, whether or not it is on the path."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    versions = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(versions, key=lambda path: int(path.parts[-3]))
    return newest[-1].parent if newest else None


def as_account(command: list[str]) -> list[str]:
    """The command as somebody PostgreSQL agrees to run as: it refuses root."""
    if os.geteuid() != 0:
        return command
    return ["setpriv", f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups", *command]


def free_port() -> int:
    """A loopback port nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(*, durable: bool = False) -> Iterator[str]:
    """A new cluster with one empty database, as its URL; gone when the block ends.

    Args:
        durable: wait for the disk as a deployment does (benchmarks), instead of not at all.

    Raises:
        Stop: PostgreSQL is not here, or would not start; the message says which.
    """
    folder = binaries()
    if folder is None:
        raise Stop("PostgreSQL is not here: install the package postgresql.")
    home = Path(tempfile.mkdtemp(prefix="sightline-pg-"))
    data, log = home / "data", home / "log"
    try:
        if os.geteuid() == 0:
            account = pwd.getpwnam(ACCOUNT)
            os.chown(home, account.pw_uid, account.pw_gid)
        server = f"-h 127.0.0.1 -p {{port}} -k {home} {'' if durable else HASTE}"
        made = [
            "--no-sync",
            "--username=sightline",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
        ]
        run(as_account([f"{folder}/initdb", "-D", str(data), *made]), why="Making a cluster")
        port = _start(folder, data, log, server)
        try:
            link = ["-h", "127.0.0.1", "-p", str(port), "-U", "sightline"]
            run([f"{folder}/createdb", *link, "sightline"], why="Making a database")
            yield f"postgresql://sightline@127.0.0.1:{port}/sightline"
        finally:
            end = [f"{folder}/pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop"]
            subprocess.run(as_account(end), capture_output=True, cwd=home, check=False)
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _start(folder: Path, data: Path, log: Path, server: str) -> int:
    """Start it on a free port; another process may take the port first, so try thrice."""
    failure = Stop("PostgreSQL would not start.")
    for _ in range(3):
        port = free_port()
        options = ["-D", str(data), "-l", str(log), "-o", server.format(port=port), "-w", "start"]
        # Not `run`: the server keeps the pipe open, and reading it to its end would never end.
        command = as_account([f"{folder}/pg_ctl", *options])
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=data, check=False
        )
        if done.returncode == 0:
            return port
        failure = Stop(f"PostgreSQL would not start:\n{log.read_text(errors='replace')}")
    raise failure


if __name__ == "__main__":
    try:
        with cluster() as address:
            print(address, flush=True)
            input("Enter stops it. ")
    except Stop as fault:
        stop(str(fault))
    except (KeyboardInterrupt, EOFError):
        pass
