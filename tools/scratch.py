"""Settings for a start of Django that must leave the checkout's own data alone."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def settings(state: Path) -> dict[str, str]:
    """An environment whose database and state lie in the folder given."""
    return {
        **os.environ,
        "SIGHTLINE_ENV_FILE": str(state / "none.env"),
        "SIGHTLINE_SECRET_KEY": "only-to-look-at-the-code-" * 3,
        "SIGHTLINE_DATABASE": f"sqlite:///{state / 'scratch.sqlite3'}",
        "SIGHTLINE_DATA_KEYS": "look:" + "A" * 43 + "=",
        "SIGHTLINE_CONCERNS_KEYS": "look:" + "B" * 42 + "A=",
        "SIGHTLINE_HTTPS": "true",
        "SIGHTLINE_STATE": str(state),
    }


@contextmanager
def scratch() -> Iterator[dict[str, str]]:
    """Such an environment, its folder gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="sightline-scratch-") as folder:
        yield settings(Path(folder))
