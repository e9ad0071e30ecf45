"""Write `definitions/register.csv`: new files as drafts, checksums of what is released.

Add new files as drafts, release files or whole folders, and check without changing anything:

    python tools/release_definitions.py
    python tools/release_definitions.py --release frameworks scales/six-point@1.yaml
        --owner "Framework lead" --reviewed 2026-01-31 --next 2027-01-31
    python tools/release_definitions.py --check

A checksum once written is never written again: a released file that must change is copied to its
next version.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from sightline.framework import register  # noqa: E402 - found through the line above
from sightline.framework.register import DRAFT, RELEASED, Line  # noqa: E402
from sightline.kernel.errors import BadInput, SightlineError  # noqa: E402


def updated(folder: Path) -> dict[str, Line]:
    """The register with every file in it, and without drafts whose file is gone."""
    files = register.definition_files(folder)
    lines = dict(register.read(folder))
    kept = {path: line for path, line in lines.items() if line.fixed or path in files}
    return kept | {path: Line(path, DRAFT) for path in files if path not in kept}


def release(
    folder: Path,
    lines: dict[str, Line],
    wanted: Sequence[str],
    *,
    owner: str,
    dates: tuple[str, str],
) -> list[str]:
    """Mark files, or all files of a folder, as released; returns those newly released.

    Raises:
        BadInput: nothing lies at a wanted path.
    """
    released = []
    for name in wanted:
        found = [p for p in lines if p == name or p.startswith(name.rstrip("/") + "/")]
        if not found:
            raise BadInput(f"There is no definition at {name}; give a path below definitions/.")
        for path in found:
            if lines[path].fixed:
                continue
            lines[path] = replace(
                lines[path],
                status=RELEASED,
                sha256=register.sha256_of(folder / path),
                owner=owner,
                last_review=dates[0],
                next_review=dates[1],
            )
            released.append(path)
    return released


def main(arguments: Sequence[str] | None = None) -> int:
    """Run as the command line says; the exit status says whether all is in order."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--definitions", type=Path, default=ROOT / "definitions")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--release", nargs="+", default=[], metavar="PATH")
    parser.add_argument("--owner", default="", help="who answers for the files, by designation")
    parser.add_argument("--reviewed", default="", metavar="DATE")
    parser.add_argument("--next", default="", metavar="DATE")
    given = parser.parse_args(arguments)
    if given.release and not (given.owner and given.reviewed and given.next):
        parser.error("--release needs --owner, --reviewed and --next.")
    folder: Path = given.definitions
    try:
        if not given.check:
            lines = updated(folder)
            dates = (given.reviewed, given.next)
            for path in release(folder, lines, given.release, owner=given.owner, dates=dates):
                print(f"released {path}")
            register.write(folder, lines.values())
        register.check(folder, complete=True)
    except SightlineError as error:
        print(error, file=sys.stderr)
        return error.status
    counted = register.read(folder).values()
    print(f"{len(counted)} files in the register, {sum(line.fixed for line in counted)} released.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
