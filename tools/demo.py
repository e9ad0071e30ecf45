"""`make demo`: a running copy with demonstration content, a line per step.

Standard library alone.
"""

from __future__ import annotations

import base64
import datetime as dt
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.request import urlopen

from tools.bootstrap import environment
from tools.steps import CHECKOUT, PYTHON, VAR, Stamp, Stop, fingerprint, say, step

if TYPE_CHECKING:
    from pathlib import Path

SETTINGS = VAR / "sightline.env"
SIGN_INS = VAR / "demonstration.txt"
MADE_FROM = ("sightline", "definitions", "requirements")
WORKERS = 2
KEYS = ("data", "concerns")
KEY_BYTES = 32
USUAL_PORT = 8000
PATIENCE = 30.0


def settings_text() -> str:
    """A working set of settings for this checkout, with a secret key of its own."""
    return (
        "# Settings of this copy of Sightline, written once by `make demo` and kept.\n"
        f"SIGHTLINE_SECRET_KEY={secrets.token_urlsafe(64)}\n"
        f"SIGHTLINE_DATABASE=sqlite:///{VAR / 'sightline.sqlite3'}\n"
        "SIGHTLINE_HTTPS=false\n"
        "SIGHTLINE_DEMONSTRATION=true\n"
    )


def added_settings() -> dict[str, str]:
    """What later releases need besides; a copy made by an earlier one is given them."""
    return {
        **{f"SIGHTLINE_{purpose.upper()}_KEYS_FILE": str(key_file(purpose)) for purpose in KEYS},
        "SIGHTLINE_SECOND_FACTOR": "optional",
    }


def key_file(purpose: str) -> Path:
    """Where the keys of a purpose lie."""
    return VAR / "keys" / f"{purpose}.keys"


def write_for_owner(path: Path, text: str) -> bool:
    """Write a file that its owner alone may read, unless it is there."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    return True


def write_keys() -> list[str]:
    """Make a key for each purpose that has none; says what was made. None is ever replaced."""
    made = []
    for purpose in KEYS:
        key = base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()
        day = dt.datetime.now(tz=dt.UTC).date()
        if write_for_owner(key_file(purpose), f"# Lose this and what it sealed.\n{day}:{key}\n"):
            made.append(f"{purpose} key made")
    return made


def write_settings() -> bool:
    """Write `var/sightline.env` unless it is there; only its owner may read it."""
    return write_for_owner(SETTINGS, settings_text())


def add_settings() -> list[str]:
    """Put the settings that are missing after those that are there; gives their names.

    A name that is set in whichever form, here or in the environment, is left as it is.
    """
    text = SETTINGS.read_text(encoding="utf-8")
    there = {line.partition("=")[0].strip() for line in text.splitlines()} | set(os.environ)
    plain = {name.removesuffix("_FILE") for name in there}
    missing = {
        name: value
        for name, value in added_settings().items()
        if name.removesuffix("_FILE") not in plain
    }
    if missing:
        before = "" if text.endswith("\n") or not text else "\n"
        lines = "".join(f"{name}={value}\n" for name, value in missing.items())
        with SETTINGS.open("a", encoding="utf-8") as file:
            file.write(before + lines)
    return list(missing)


def settings() -> list[str]:
    """Settings and keys of this copy, made where they are missing; says what was done."""
    new = write_settings()
    where = SETTINGS.relative_to(CHECKOUT)
    added = add_settings()
    return [
        f"{'written to' if new else 'kept:'} {where}",
        *([] if new or not added else [f"added for this release: {', '.join(added)}"]),
        *write_keys(),
    ]


def is_free(port: int) -> bool:
    """Whether nothing listens on this loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """The usual port if it is free, else any that is."""
    if is_free(USUAL_PORT):
        return USUAL_PORT
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def gunicorn(port: int) -> subprocess.Popen[bytes]:
    """Serve this checkout on a loopback port."""
    command = [PYTHON, "-m", "gunicorn", "sightline.config.wsgi:application"]
    options = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--log-level", "warning"]
    # A group of its own, so that Ctrl-C reaches this script alone and it stops the server in order.
    return subprocess.Popen([*map(str, command), *options], cwd=CHECKOUT, start_new_session=True)


def jobs_worker() -> subprocess.Popen[bytes]:
    """Carry out jobs beside the server, and start those of the clock."""
    command = [str(PYTHON), "-m", "sightline.cli", "jobs", "work"]
    return subprocess.Popen(
        command, cwd=CHECKOUT, start_new_session=True, stderr=subprocess.DEVNULL
    )


def data_loader() -> subprocess.Popen[bytes]:
    """Load the invented data beside the server, which need not wait for it."""
    command = [str(PYTHON), "-m", "tools.demo_data"]
    return subprocess.Popen(
        command, cwd=CHECKOUT, start_new_session=True, stdout=subprocess.DEVNULL
    )


def wait_for_data(loader: subprocess.Popen[bytes]) -> None:
    """Return when the invented data is there.

    Raises:
        Stop: it could not be loaded.
    """
    if loader.wait():
        raise Stop("The invented data could not be loaded; what is printed above says why.")


def wait_for_the_end(server: subprocess.Popen[bytes], worker: subprocess.Popen[bytes]) -> None:
    """Return when the server ends; say once when the worker does, since pages say so too."""
    told = False
    while server.poll() is None:
        if worker.poll() is not None and not told:
            say(
                "Nothing carries out jobs any more. Start this again, or run `sightline jobs work`."
            )
            told = True
        time.sleep(0.2)


def wait_until_it_answers(server: subprocess.Popen[bytes], address: str) -> None:
    """Return once the first page is served.

    Raises:
        Stop: the server ended, or did not answer in time.
    """
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if server.poll() is not None:
            raise Stop("The server stopped as it started; what it printed above says why.")
        try:
            with urlopen(address, timeout=5) as page:  # noqa: S310 - our own loopback address
                page.read()
        except (URLError, ConnectionError, TimeoutError) as fault:
            if getattr(fault, "code", None) is not None:
                raise Stop(f"{address} answers with an error: {fault}.") from None
            time.sleep(0.1)
        else:
            return
    raise Stop(f"{address} did not answer in {PATIENCE:.0f} seconds.")


def halt(*processes: subprocess.Popen[bytes]) -> None:
    """Stop these processes, and those they started."""
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def run_server(*, port: int, once: bool) -> None:
    """Serve until Ctrl-C (or, `once`, until the first page has been served)."""
    address = f"http://127.0.0.1:{port}/"
    server, worker = gunicorn(port), jobs_worker()
    loader: subprocess.Popen[bytes] | None = None
    # A terminal that closes, or a job that is stopped, must not leave the server behind.
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, lambda *_: sys.exit(0))
    try:
        with step("serving") as notes:
            wait_until_it_answers(server, address)
            notes.append(address)
        if SIGN_INS.exists():
            say("\n" + SIGN_INS.read_text(encoding="utf-8").rstrip())
        loader = data_loader()
        if once:
            with step("data"):
                wait_for_data(loader)
            return
        say(f"\nSightline is at {address} (Ctrl-C stops it).")
        say("Strathgarry's figures are being worked out; they are there in about two minutes.")
        wait_for_the_end(server, worker)
        raise Stop("The server stopped by itself; what it printed above says why.")
    except KeyboardInterrupt:
        say("\nStopped.")
    finally:
        halt(server, worker, *([loader] if loader else []))


def prepared() -> Stamp:
    """A stamp of all that database, content and static files are made from."""
    sources = (path for name in MADE_FROM for path in sorted((CHECKOUT / name).rglob("*")))
    files = [path for path in (*sources, SETTINGS) if path.is_file() and path.suffix != ".pyc"]
    states = [f"{path} {path.stat().st_size} {path.stat().st_mtime_ns}" for path in files]
    ours = sorted(f"{name}={value}" for name, value in os.environ.items() if "SIGHTLINE" in name)
    return Stamp(VAR / "prepared.stamp", fingerprint([], *states, *ours))


def prepare() -> None:
    """Make database, content and static files, unless nothing they are made from has changed.

    Raises:
        Stop: one of them could not be made; its own message is printed above.
    """
    stamp = prepared()
    made = (VAR / "sightline.sqlite3", VAR / "static", SIGN_INS)
    elsewhere = "SIGHTLINE_DATABASE" in os.environ
    if stamp.fresh() and all(path.exists() for path in made) and not elsewhere:
        with step("database") as notes:
            notes.append("with content and static files: unchanged")
        return
    done = subprocess.run([str(PYTHON), "-m", "tools.prepare"], cwd=CHECKOUT, check=False)
    if done.returncode:
        raise Stop("Sightline could not be prepared; the lines above say why.")
    stamp.set()


def demo(*, serve: bool = True, once: bool = False, port: int = 0) -> None:
    """Prepare everything, then serve it."""
    started = time.monotonic()
    environment(("core", "analytics", "reports"))
    with step("settings") as notes:
        notes.extend(settings())
    prepare()
    if serve or once:
        run_server(port=port or free_port(), once=once)
    if once or not serve:
        say(f"{'altogether':<14}{time.monotonic() - started:6.1f} s")
