"""`sightline generate`: an invented partnership's extracts."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput


class Command(SightlineCommand):
    """Make up a partnership's children and write the extracts it would send.

    Everything is invented, by seed: the same seed writes the same files. Beside the extracts, in
    `beside/`, stand what indicators come to, worked out from the lives themselves, and the list of
    planted faults. Nothing is loaded; `sightline load` does that:

      sightline generate extracts --partnership strathgarry --children 3000 --years 10 --seed 7
      sightline generate extracts --faults --variants
      sightline generate extracts --as parquet --format json

    With --scale, tables as large as Scotland's for measuring an engine: children of whom every one
    has spells and one in five is a pupil, straight to Parquet:

      sightline generate large --scale --children 1000000
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, whose, how many, and what is to be wrong."""
        parser.add_argument("folder", metavar="FOLDER", help="a new folder")
        parser.add_argument("--partnership", default="strathgarry", metavar="AREA")
        parser.add_argument("--children", type=int, default=3000, help="known over the years")
        parser.add_argument("--years", type=int, default=10)
        parser.add_argument("--until", default="", metavar="DAY", help="the last day that is known")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--faults", action="store_true", help="plant one of each fault")
        parser.add_argument("--variants", action="store_true", help="add files wrong as a whole")
        parser.add_argument("--as", dest="kind", choices=("csv", "parquet"), default="csv")
        parser.add_argument("--style", choices=("template", "supplier"), default="template")
        parser.add_argument("--scale", action="store_true", help="large tables for an engine")

    def run(self, actor: Any, **options: Any) -> Any:
        """Write them."""
        folder = Path(options["folder"])
        if options["scale"]:
            from sightline.outcomes.generating.scale import write_scale

            return write_scale(folder, children=options["children"], seed=options["seed"])
        from sightline.outcomes.generating.areas import setting
        from sightline.outcomes.generating.making_files import generate

        return generate(
            folder,
            setting(
                options["partnership"],
                children=options["children"],
                years=options["years"],
                seed=options["seed"],
                until=_day(options["until"]),
            ),
            faults=options["faults"],
            variants=options["variants"],
            parquet=options["kind"] == "parquet",
            style=options["style"],
        )

    def text(self, result: Any) -> str:
        """The files, and what is in them."""
        rows = [(one.dataset, f"{one.rows:,}", one.file.name) for one in result.files]
        lines = [columns(("Dataset", "Rows", "File"), rows)]
        if result.planted:
            planted = [(p.kind, p.dataset, p.line or "", p.column, p.words) for p in result.planted]
            lines += [
                "",
                columns(("Planted", "Dataset", "Line", "Column", "What is wrong"), planted),
            ]
        if result.variants:
            wrong = [(one.kind, one.file, one.words) for one in result.variants]
            lines += ["", columns(("Wrong as a whole", "File", "How"), wrong)]
        return "\n".join(lines)


def _day(text: str) -> dt.date | None:
    if not text:
        return None
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"{text!r} is no day; write it as 2026-07-31.") from None
