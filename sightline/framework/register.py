"""The register of definition files: what is released, with what content, who answers for it.

`definitions/register.csv` has one line per file below `definitions/`. A released file may never
change, so its line holds the SHA-256 of its content; whoever must change it copies it to the next
version. `tools/release_definitions.py` writes the register.
"""

import csv
import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sightline.kernel.errors import BadDefinition, Fault, Faults

NAME: Final = "register.csv"
FIELDS: Final = (
    "path", "status", "sha256", "owner", "last review", "next review", "supersedes", "comparable",
)  # fmt: skip
DRAFT, RELEASED, WITHDRAWN = "draft", "released", "withdrawn"
STATUSES: Final = (DRAFT, RELEASED, WITHDRAWN)
MEND: Final = "Run tools/release_definitions.py."
COPY: Final = "Undo the change, or copy the file to its next version and change that."


@dataclass(frozen=True)
class Line:
    """One line of the register. `comparable` says whether a trend may run on from `supersedes`."""

    path: str
    status: str
    sha256: str = ""
    owner: str = ""
    last_review: str = ""
    next_review: str = ""
    supersedes: str = ""
    comparable: str = ""

    @property
    def fixed(self) -> bool:
        """Whether the content of the file may no longer change."""
        return self.status != DRAFT

    def cells(self) -> tuple[str, ...]:
        """The line as it is written."""
        return (
            self.path, self.status, self.sha256, self.owner, self.last_review, self.next_review,
            self.supersedes, self.comparable,
        )  # fmt: skip


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, line ends as in the file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def definition_files(folder: Path) -> tuple[str, ...]:
    """Every definition file below `folder`, as paths from it, in order."""
    return tuple(sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.yaml")))


def read(folder: Path) -> Mapping[str, Line]:
    """The register by path; empty when there is no register yet.

    Raises:
        BadDefinition: the register has other columns than it should.
        Faults: a path stands twice.
    """
    register = folder / NAME
    if not register.exists():
        return {}
    with register.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    if not rows or tuple(rows[0]) != FIELDS:
        raise BadDefinition(f"{NAME} must have the columns {', '.join(FIELDS)}.")
    lines: dict[str, Line] = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(FIELDS):
            raise BadDefinition(f"{NAME}, line {number}: there must be {len(FIELDS)} cells.")
        line = Line(*row)
        if line.path in lines:
            raise BadDefinition(f"{NAME}, line {number}: {line.path} is given twice; keep one.")
        lines[line.path] = line
    return lines


def write(folder: Path, lines: Iterable[Line]) -> None:
    """Write the register, in order of path."""
    with (folder / NAME).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(FIELDS)
        writer.writerows(line.cells() for line in sorted(lines, key=lambda line: line.path))


def check(folder: Path, *, complete: bool) -> None:
    """Raise `Faults` for every released file that changed or went, and every odd line.

    Args:
        folder: the definitions.
        complete: also refuse files that have no line yet, as a build must; a start does not.
    """
    lines = read(folder)
    files = definition_files(folder)
    faults = [fault for line in lines.values() for fault in _line_faults(line, folder)]
    faults += [
        Fault(f"{NAME} {line.path}", f"it supersedes {line.supersedes}, which is not in {NAME}.")
        for line in lines.values()
        if line.supersedes and line.supersedes not in lines
    ]
    if complete:
        missing = [path for path in files if path not in lines]
        faults += [Fault(path, f"it is not in {NAME}.", MEND) for path in missing]
    if faults:
        raise Faults("definitions", faults)


def _line_faults(line: Line, folder: Path) -> Iterator[Fault]:
    where = f"{NAME} {line.path}"
    if line.status not in STATUSES:
        yield Fault(where, f"{line.status!r} is not a status.", f"Use {', '.join(STATUSES)}.")
        return
    if line.comparable not in {"", "yes", "no"}:
        yield Fault(where, f"comparable is {line.comparable!r}.", "Write yes, no or nothing.")
    if line.comparable and not line.supersedes:
        yield Fault(where, "comparable is given, but not with what.", "Fill in supersedes.")
    path = folder / line.path
    if not path.is_file():
        what = "the file is gone, though what was released is never deleted."
        mend = "Bring it back."
        if not line.fixed:
            what, mend = "there is no such file.", MEND
        yield Fault(where, what, mend)
        return
    if line.fixed:
        yield from _released_faults(line, path, where)


def _released_faults(line: Line, path: Path, where: str) -> Iterator[Fault]:
    if not line.sha256:
        yield Fault(where, f"it is {line.status} without a checksum.", MEND)
    elif sha256_of(path) != line.sha256:
        yield Fault(line.path, f"it is {line.status} and has been changed.", COPY)
    if not line.owner:
        yield Fault(where, "nobody answers for it.", "Give the owner, by designation.")
    dates = [_date(text) for text in (line.last_review, line.next_review)]
    if None in dates:
        yield Fault(where, "a review date is missing.", "Write both as 2026-01-31.")
    elif dates[0] >= dates[1]:  # type: ignore[operator]
        yield Fault(where, "the next review is not after the last.", "Check the two dates.")


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


def overdue(folder: Path, *, on: dt.date) -> tuple[Line, ...]:
    """Released files whose next review was before `on`."""
    return tuple(
        line
        for line in read(folder).values()
        if line.status == RELEASED and (due := _date(line.next_review)) is not None and due < on
    )
