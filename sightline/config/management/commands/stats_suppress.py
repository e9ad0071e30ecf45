"""`sightline stats suppress`."""

from argparse import ArgumentParser
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput
from sightline.releases import definitions
from sightline.stats.disclosure import TableRecord
from sightline.stats.disclosure.protecting_tables import SECONDS
from sightline.stats.disclosure.reading import protect_file

_EVERYTHING = "total"


@dataclass(frozen=True)
class Suppressed:
    """A protected table, row by row, and how it was protected."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]
    record: TableRecord


class Command(SightlineCommand):
    """Hide the small counts of a table, and what they could be worked out from.

    The table is a CSV file in long form: a column for each dimension, and the column `count`, the
    number of people. Every combination has a row, those with 0 too. A row with an empty cell in a
    dimension's column is the total of that dimension; totals may be left out, and must agree. A
    column `families` may give how many families the people belong to.

      area,care,count
      North,Kin,14
      North,Foster,9

    What comes out has the same columns, with [c] for what is hidden, and every published total:

      sightline stats suppress table.csv
      sightline stats suppress table.csv --margins area+care --margins area --margins total
      sightline stats suppress table.csv --hierarchy area=areas.csv --format json

    `areas.csv` has the columns `category` and `inside`: the locality, and the council it lies in.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="the table, a CSV file")
        parser.add_argument(
            "--profile", default="public", help="which readers it is for (default: %(default)s)"
        )
        parser.add_argument(
            "--margins",
            action="append",
            metavar="NAMES",
            help="dimensions published together, joined by +; `total` for all people; may be "
            "repeated (default: every combination)",
        )
        parser.add_argument(
            "--hierarchy",
            action="append",
            default=[],
            metavar="DIMENSION=FILE",
            help="a CSV file that says which category lies inside which; may be repeated",
        )
        parser.add_argument(
            "--sensitive", action="store_true", help="use the stricter threshold of the profile"
        )
        parser.add_argument(
            "--seconds",
            type=float,
            default=SECONDS,
            help="how long to look for the best choice before the fallback (default: %(default)s)",
        )

    def run(self, actor: CommandLine, **options: Any) -> Suppressed:
        profile = definitions.profile(options["profile"]).profile()
        margins = options["margins"]
        shown, record = protect_file(
            Path(options["file"]),
            profile,
            margins=None if margins is None else [_margin(text) for text in margins],
            hierarchies=dict(_hierarchy(text) for text in options["hierarchy"]),
            sensitive=options["sensitive"],
            seconds=options["seconds"],
        )
        return Suppressed(
            columns=(*(dimension.code for dimension in shown.dimensions), "count"),
            rows=tuple((*key, cell.text) for key, cell in shown.cells.items()),
            notes=(*([shown.withheld] if shown.withheld else []), *shown.notes),
            record=record,
        )

    def text(self, result: Suppressed) -> str:
        rows = [[code or "all" for code in row] for row in result.rows]
        return "\n".join([
            columns(result.columns, rows), "", *result.notes, result.record.finding,
        ])  # fmt: skip


def _margin(text: str) -> list[str]:
    return [] if text == _EVERYTHING else [name.strip() for name in text.split("+")]


def _hierarchy(text: str) -> tuple[str, Path]:
    name, equals, file = text.partition("=")
    if not (name and equals and file):
        raise BadInput(f"--hierarchy {text}: give it as DIMENSION=FILE, such as area=areas.csv.")
    return name, Path(file)
