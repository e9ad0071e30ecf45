"""Whether a worker is alive: a lock it holds on this machine, signs of life in the database.

The system takes a lock from a process that dies, however it dies, so a worker that was killed is
known at once on its own machine. Elsewhere it is known by having been silent for a minute.
"""

import fcntl
import os
import re
import secrets
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

LONGEST_HOST: Final = 60
OLD: Final = 24 * 60 * 60.0


def new_name() -> str:
    """A name for this process that no other has, on whichever machine."""
    host = re.sub(r"[^A-Za-z0-9.]", "-", socket.gethostname())[:LONGEST_HOST]
    return f"{host}-{os.getpid()}-{secrets.token_hex(4)}"


def _folder() -> Path:
    return Path(settings.SIGHTLINE_STATE) / "workers"


@contextmanager
def alive(name: str) -> Iterator[None]:
    """Hold the lock of this name in the block."""
    _folder().mkdir(parents=True, exist_ok=True)
    path = _folder() / name
    with path.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    path.unlink(missing_ok=True)


def is_alive(name: str) -> bool | None:
    """Whether the worker of this name lives; None when this machine cannot tell."""
    try:
        with (_folder() / name).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return None
    except BlockingIOError:
        return True
    return False


def clear() -> None:
    """Remove what dead workers left behind a day ago or more."""
    if not _folder().is_dir():
        return
    for path in _folder().iterdir():
        if time.time() - path.stat().st_mtime > OLD and is_alive(path.name) is False:
            path.unlink(missing_ok=True)
