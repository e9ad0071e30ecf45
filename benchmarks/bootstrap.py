"""`make demo` from a fresh clone with an empty cache, and again; and what is then on the disk.

    python -m benchmarks.bootstrap              with uv, then again
    python -m benchmarks.bootstrap --pip        the same with uv out of reach

The clone holds what git keeps or would keep, so uncommitted work is measured too.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Bar:
    """One measure beside what it must stay under."""

    name: str
    measured: float
    limit: float
    unit: str

    @property
    def kept(self) -> bool:
        """Whether it stays under."""
        return self.measured < self.limit

    def __str__(self) -> str:
        verdict = "ok" if self.kept else "MISSED"
        return f"{self.name:<44}{self.measured:8.1f} {self.unit:<3} under {self.limit:g}  {verdict}"


def clone(target: Path) -> None:
    """Put every file git keeps or would keep in `target`."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in sorted(set(listed.split("\0")) - {""}):
        if (CHECKOUT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, target / name)


def timed(where: Path, *, without_uv: bool) -> float:
    """Seconds from `make demo` to its first page served."""
    environment = {**os.environ, "DEMO_ARGS": "--once"}
    # As at a newcomer's, where Python keeps what it compiled; build machines often forbid it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    if without_uv:
        environment["SIGHTLINE_SETUP_WITHOUT_UV"] = "true"
    started = time.monotonic()
    subprocess.run(["make", "demo"], cwd=where, env=environment, check=True)
    return time.monotonic() - started


def size(folder: Path) -> float:
    """Megabytes of the files under a folder, what Python compiled as it ran apart."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files if path.suffix != ".pyc") / MEGABYTE


def installed(where: Path, groups: list[str]) -> float:
    """Megabytes the groups of requirements take in an environment of their own."""
    venv = where / f"venv-{'-'.join(groups)}"
    made = where / ".venv"
    subprocess.run([made / "bin/python", "-m", "venv", "--without-pip", venv], check=True)
    files = [word for group in groups for word in ("-r", f"requirements/{group}.txt")]
    uv = made / "bin/uv"
    command = [uv, "pip", "install", "-q", "--python", venv / "bin/python", "--require-hashes"]
    cache = {**os.environ, "UV_CACHE_DIR": str(where / ".cache/uv"), "UV_LINK_MODE": "copy"}
    subprocess.run([*command, *files], cwd=where, env=cache, check=True)
    return size(venv)


def measure(where: Path, *, without_uv: bool) -> list[Bar]:
    """Every bar, measured in a fresh clone at `where`."""
    clone(where)
    first = timed(where, without_uv=without_uv)
    again = timed(where, without_uv=without_uv)
    how = "with pip" if without_uv else "with uv"
    bars = [
        Bar(f"make demo, fresh clone, empty cache, {how}", first, 180 if without_uv else 60, "s"),
        Bar("make demo, again", again, 5, "s"),
    ]
    if not without_uv:
        bars.append(Bar("core requirements", installed(where, ["core"]), 120, "MB"))
        both = installed(where, ["core", "reports"])
        bars.append(Bar("core and reports requirements", both, 400, "MB"))
    return bars


def main() -> None:
    """Measure, print, and fail when a bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pip", action="store_true", help="as if uv could not be had")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="sightline-clone-") as folder:
        bars = measure(Path(folder), without_uv=wanted.pip)
    print("\n" + "\n".join(map(str, bars)))
    sys.exit(0 if all(bar.kept for bar in bars) else 1)


if __name__ == "__main__":
    main()
