"""`make bench`: every benchmark, each in a process of its own; fails when one missed a bar."""

import subprocess
import sys
from pathlib import Path


def names() -> list[str]:
    """The benchmarks there are, in order of name."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    return [name for name in modules if not name.startswith("_")]


def main() -> None:
    """Run each, and say at the end which missed a bar."""
    missed = []
    for name in names():
        print(f"\n== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode:
            missed.append(name)
    if missed:
        sys.exit(f"\nBars missed in: {', '.join(missed)}.")


if __name__ == "__main__":
    main()
