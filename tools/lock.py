"""Lock files: made with hashes, and holding no address of where packages come from.

python -m tools.lock            resolve requirements/*.in anew
python -m tools.lock --check    say what is wrong with the lock files there are
"""

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tools.bootstrap import GROUPS
from tools.steps import CACHE, CHECKOUT, VENV, Stop, run, say, stop

OPTIONS = (
    "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-emit-index-url", "--no-emit-find-links", "--no-header", "--no-annotate", "--quiet",
)  # fmt: skip
ADDRESS = re.compile(r"[a-z]+://|--(?:extra-)?index-url|--find-links|\"resolved\"")


def lock_files(root: Path) -> list[Path]:
    """The lock files of a checkout: Python's and npm's."""
    return [*sorted((root / "requirements").glob("*.txt")), *root.glob("package-lock.json")]


def faults(root: Path) -> Iterator[str]:
    """What is wrong with the lock files of a checkout: an address, or a package without a hash."""
    for file in lock_files(root):
        text = file.read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), start=1):
            if ADDRESS.search(line):
                yield f"{file.relative_to(root)}:{number}: holds an address, not a hash."
        if file.suffix == ".txt":
            for entry in text.replace("\\\n", " ").splitlines():
                if "==" in entry and "--hash=" not in entry:
                    yield f"{file.relative_to(root)}: {entry.split()[0]} has no hash."


def lock() -> None:
    """Resolve every group anew, each under the ones before it.

    Raises:
        Stop: they cannot be resolved together; the message is uv's.
    """
    environment = {**os.environ, "UV_CACHE_DIR": str(CACHE / "uv")}
    for group in (*GROUPS, "node"):
        folder = CHECKOUT / "requirements"
        source, made = folder / f"{group}.in", folder / f"{group}.txt"
        command: list[str | Path] = [
            VENV / "bin" / "uv",
            "pip",
            "compile",
            *OPTIONS,
            source,
            "-o",
            made,
        ]
        run(command, why=f"Resolving {group}", env=environment)
        say(
            f"{made.relative_to(CHECKOUT)}: {made.read_text(encoding='utf-8').count('==')} packages"
        )


def main() -> None:
    """Lock, or with --check only look."""
    if "--check" not in sys.argv[1:]:
        lock()
    wrong = list(faults(CHECKOUT))
    if wrong:
        stop("\n".join(wrong))


if __name__ == "__main__":
    try:
        main()
    except Stop as fault:
        stop(str(fault))
