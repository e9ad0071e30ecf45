"""What set-up scripts share: where things are, saying what was done in how long, stopping plainly.

Standard library alone.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

CHECKOUT = Path(__file__).resolve().parents[1]
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = CHECKOUT / ".cache"
VAR = CHECKOUT / "var"
LAST_LINES = 15


class Stop(Exception):
    """Set-up cannot go on; the message says why and what puts it right."""


def say(line: str) -> None:
    """One line, shown at once."""
    print(line, flush=True)


def stop(message: str) -> NoReturn:
    """Leave with one plain sentence."""
    sys.exit(message)


@contextmanager
def step(name: str) -> Iterator[list[str]]:
    """Print `name` and its seconds when done, with any notes put in the list given."""
    started = time.monotonic()
    notes: list[str] = []
    yield notes
    line = f"{name:<14}{time.monotonic() - started:6.1f} s"
    say(f"{line}   {'; '.join(notes)}" if notes else line)


def run(command: Sequence[str | Path], *, why: str, env: Mapping[str, str] | None = None) -> str:
    """Run a command quietly and return what it printed.

    Raises:
        Stop: it failed or is not there; the message ends with its last lines.
    """
    words = [str(word) for word in command]
    try:
        done = subprocess.run(
            words,
            cwd=CHECKOUT,
            env=None if env is None else dict(env),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    except OSError as fault:
        raise Stop(f"{why} failed: {words[0]} cannot be run ({fault.strerror}).") from None
    if done.returncode:
        tail = "\n".join(f"  {line}" for line in done.stdout.splitlines()[-LAST_LINES:])
        raise Stop(f"{why} failed (`{' '.join(words)}`):\n{tail}")
    return done.stdout


def fingerprint(paths: Iterable[Path], *more: str) -> str:
    """A hash of the files' content (a missing file counts as empty) and of the words given."""
    total = hashlib.sha256()
    for word in more:
        total.update(word.encode() + b"\0")
    for path in paths:
        total.update(path.name.encode() + b"\0")
        if path.is_file():
            total.update(path.read_bytes())
    return total.hexdigest()


class Stamp:
    """Remembers that a step was done for one state of its inputs, so that it is not done again."""

    def __init__(self, path: Path, state: str) -> None:
        self.path = path
        self.state = state

    def fresh(self) -> bool:
        """Whether the step was last done for this very state."""
        return self.path.is_file() and self.path.read_text(encoding="utf-8") == self.state

    def set(self) -> None:
        """The step is done for this state."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(self.state, encoding="utf-8")
