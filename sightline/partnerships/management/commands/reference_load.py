"""`sightline reference load`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.db import transaction

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.kernel.errors import BadInput
from sightline.partnerships import files, services
from sightline.partnerships.datasets import DatasetKind, datasets


class Command(SightlineCommand):
    """Load published data about places: data zones, deprivation, population.

    A file is recognised by its columns, checked whole, and loaded in one step or not at all.
    Loading the same file again changes nothing. Of a folder every CSV file is loaded, and those
    that are no dataset known here are named and left alone:

      sightline reference load SIMD_2020v2_ranks.csv
      sightline reference load downloads/
      sightline reference load mid2020.csv --dataset population-zones-2020
      sightline reference load revised.csv --replace "Revised by the publisher in May 2026"

    What is loaded and what is missing: `sightline reference status`.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="+", help="a CSV file, or a folder of them")
        parser.add_argument(
            "--dataset", default="", help="what the file is, when its columns fit several"
        )
        parser.add_argument(
            "--replace", default="", metavar="REASON",
            help="use this file in place of the one loaded before, and why",
        )  # fmt: skip

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        given = [Path(name) for name in options["path"]]
        single = [path for path in given if not path.is_dir()]
        found = [f for path in given if path.is_dir() for f in sorted(path.rglob("*.csv"))]
        if not single and not found:
            raise BadInput(f"There is no CSV file in {', '.join(map(str, given))}.")
        if options["dataset"] and len(single + found) > 1:
            raise BadInput("--dataset says what one file is; give one file.")
        known = {path: self._kind(path) for path in found}
        left = [str(path) for path, kind in known.items() if kind is None]
        wanted = [(path, known.get(path)) for path in [*single, *found] if str(path) not in left]
        if not wanted:
            raise BadInput(f"None of the {len(left)} CSV files is a dataset known here.")
        # An index of deprivation names the data zones, so it comes before what is counted in them.
        wanted.sort(
            key=lambda pair: (pair[1] or self._kind(pair[0])) is not DatasetKind.DEPRIVATION
        )
        with transaction.atomic():
            loaded = [
                services.load_reference(
                    actor=actor,
                    file=path,
                    code=options["dataset"],
                    replace_because=options["replace"],
                )
                for path, _ in wanted
            ]
        return {"loaded": loaded, "left_alone": left}

    @staticmethod
    def _kind(path: Path) -> DatasetKind | None:
        try:
            return files.recognise(path, datasets()).kind
        except BadInput:
            return None

    def text(self, result: dict[str, Any]) -> str:
        rows = [
            (one.dataset, one.vintage, f"{one.rows:,}", one.file, _said(one))
            for one in result["loaded"]
        ]
        lines = [columns(("Dataset", "Vintage", "Rows", "File", ""), rows)]
        lines += [f"Left alone, no dataset known here: {name}" for name in result["left_alone"]]
        return "\n".join(lines)


def _said(one: services.Loaded) -> str:
    if not one.changed:
        return "was there already"
    return f"loaded in place of {one.replaced}" if one.replaced else "loaded"
