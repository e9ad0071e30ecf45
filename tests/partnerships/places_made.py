"""Small files of reference data for tests: those of the invented area, and ways to spoil them."""

from collections.abc import Callable
from pathlib import Path

from sightline.access.actors import command_line
from sightline.partnerships import services

FOLDER = Path(__file__).parents[2] / "definitions/demonstration/reference"
RANKS, PEOPLE = "strathgarry-deprivation.csv", "strathgarry-population.csv"
ZONES = tuple(f"S01999{n:03d}" for n in range(1, 13))
Rows = list[list[str]]


def rows_of(name: str) -> Rows:
    """The rows of one of the two files, header first."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    return [line.split(",") for line in text.splitlines()]


def written(folder: Path, name: str, change: Callable[[Rows], object] | None = None) -> Path:
    """A copy of one of the two files, changed in place by `change`."""
    rows = rows_of(name)
    if change is not None:
        change(rows)
    path = folder / name
    path.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    return path


def load_invented() -> None:
    """Load both files, as the demonstration does. Needs SIGHTLINE_DEMONSTRATION."""
    services.load_invented_places(actor=command_line())
