"""Served copies of the real thing: gunicorn, a fresh database, static files collected."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

CHECKOUT = Path(__file__).resolve().parents[2]
PATIENCE = 120.0
DATABASE = "journeys.sqlite3"
DOMAIN = "sightline.example"


@dataclass(frozen=True)
class Served:
    """A served copy: where it is, and how its people sign in."""

    url: str
    password: str
    domain: str = DOMAIN
    state: Path = Path()

    @property
    def by_name(self) -> str:
        """The same copy under a name: passkeys are not made for a number."""
        return self.url.replace("127.0.0.1", "localhost")

    def letters(self) -> list[str]:
        """What was sent by e-mail, oldest first, as it was written."""
        found = sorted((self.state / "mail").glob("*"), key=lambda file: file.stat().st_mtime_ns)
        return [
            str(message_from_bytes(part).get_payload(decode=True), "utf-8")
            for file in found
            for part in file.read_bytes().split(b"-" * 79 + b"\n")
            if part.strip()
        ]

    def email(self, role: str) -> str:
        """The address of the person who holds a role."""
        return f"{role}@{self.domain}"


def _settings(state: Path) -> dict[str, str]:
    return os.environ | {
        "SIGHTLINE_ENV_FILE": str(state / "none.env"),
        "SIGHTLINE_SECRET_KEY": "only-for-journeys-" * 4,
        "SIGHTLINE_DATABASE": f"sqlite:///{state / DATABASE}",
        "SIGHTLINE_STATE": str(state),
        "SIGHTLINE_HTTPS": "false",
        "SIGHTLINE_DEMONSTRATION": "true",
        "SIGHTLINE_HOSTS": "127.0.0.1,localhost",
    }


def _python(settings: dict[str, str], *arguments: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=CHECKOUT,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{done.stdout}\n{done.stderr}")


_moulds: list[Path] = []


def _once(made: Path) -> Iterator[Path]:
    """Lend a folder to be filled, unless it was filled already by this run or one beside it."""
    made.parent.mkdir(parents=True, exist_ok=True)
    with made.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            begun = made.with_suffix(".begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir()
            yield begun
            begun.rename(made)


def keep_moulds(folder: Path) -> None:
    """Say where the moulds of copies lie: one place for the processes of one run."""
    _moulds[:] = [folder]


def _static() -> Path:
    """The static files as in production, collected once for every copy."""
    made = _moulds[0] / "collected"
    for begun in _once(made):
        _python(_settings(begun), "manage.py", "collectstatic", "--noinput", "-v0")
    return made / "static"


def _empty() -> Path:
    """A folder with an empty database, its tables made once."""
    made = _moulds[0] / "empty"
    for begun in _once(made):
        _python(_settings(begun), "manage.py", "migrate", "-v0")
    return made


def _filled(content: tuple[str, ...]) -> Path:
    """A folder with a database of this content, made once."""
    made = _moulds[0] / "-".join(re.findall(r"\w+", " ".join(content)))
    for begun in _once(made):
        shutil.copytree(_empty(), begun, dirs_exist_ok=True)
        (begun / "static").symlink_to(_static())
        _python(_settings(begun) | {"SIGHTLINE_JOBS": "immediate"}, *content)
        (begun / "static").unlink()
    return made


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            with urlopen(f"{url}/accounts/login/", timeout=5):  # noqa: S310 - our own loopback address
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"The served copy did not answer:\n{log.read_text()}")


@contextmanager
def serving(
    state: Path, content: tuple[str, ...] | None, password: str, **more: str
) -> Iterator[Served]:
    """Serve a copy on a free loopback port until the block ends.

    Args:
        state: an empty folder for its database, files and log.
        content: arguments of the `python` that fills it, such as `("manage.py", "demo")`; none
            where the folder holds a filled copy already.
        password: of everybody in it.
        more: settings that differ from those of the other copies.
    """
    settings = _settings(state) | more
    if content is not None:
        shutil.copytree(_filled(content), state, dirs_exist_ok=True)
    (state / "static").symlink_to(_static())
    port = _free_port()
    url, log = f"http://127.0.0.1:{port}", state / "server.log"
    options = [
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--log-level",
        "warning",
        "--timeout",
        "300",
    ]
    with log.open("wb") as output:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "sightline.config.wsgi:application", *options],
            cwd=CHECKOUT,
            env=settings,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for(url, server, log)
            yield Served(url, password, state=state)
        finally:
            server.terminate()
            server.wait(timeout=PATIENCE)
