"""`sightline stats sample`."""

import json
from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.config.tables_of_stats import json_of, need, rows_of, stop
from sightline.design.console import SightlineCommand
from sightline.kernel.errors import BadInput, Fault
from sightline.stats.sampling import Draw, Plan, Unit, draw, redraw
from sightline.stats.sampling_record import as_data, from_data, printed


class Command(SightlineCommand):
    """Draw a stratified sample of records that anybody can draw again.

    The file has a line each record, with columns reference and stratum, and family where brothers
    and sisters are kept apart. It prints the record of the draw, and --record keeps it; --redraw
    draws again from a record kept and refuses if anything came out differently:

      sightline stats sample frame.csv --size 109 --minimum 5 --reserves 3 --seed "Fife 2026"
      sightline stats sample frame.csv --size 60 --seed lanark --record draw.json
      sightline stats sample frame.csv --redraw draw.json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="CSV, XLSX or Parquet: reference, stratum[, family]")
        parser.add_argument("--size", type=int, help="how many to draw")
        parser.add_argument("--seed", help="any words; the same words give the same sample")
        parser.add_argument("--minimum", type=int, default=0, help="at least so many a stratum")
        parser.add_argument("--reserves", type=int, default=0, help="so many more a stratum")
        parser.add_argument("--short", action="store_true", help="strata may hold fewer than that")
        parser.add_argument("--siblings", action="store_true", help="do not keep families apart")
        parser.add_argument("--record", metavar="FILE", help="write the record of the draw as JSON")
        parser.add_argument("--redraw", metavar="FILE", help="draw again from such a record")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        frame = _frame(options["file"])
        try:
            if options["redraw"]:
                record = from_data(json_of(options["redraw"]))
                return as_data(redraw(frame, record)) | {"redrawn": True}
            if options["size"] is None or options["seed"] is None:
                raise BadInput("Give --size and --seed, or --redraw with the record of a draw.")
            drawn = draw(frame, _plan(options), seed=options["seed"])
        except ValueError as fault:
            raise BadInput(f"{options['file']}: {fault}") from None
        data = as_data(drawn)
        if options["record"]:
            text = json.dumps(data, indent=2, ensure_ascii=False) + "\n"
            self.write_file(options["record"], text.encode())
        return data

    def text(self, result: dict[str, Any]) -> str:
        again = result.pop("redrawn", False)
        said = printed(_drawn(result))
        return f"{said}\n\nDrawn again: the sample is the same." if again else said


def _drawn(result: dict[str, Any]) -> Draw:
    return from_data(result)


def _plan(options: dict[str, Any]) -> Plan:
    return Plan(
        size=options["size"],
        minimum=options["minimum"],
        reserves=options["reserves"],
        one_of_a_family=not options["siblings"],
        short=options["short"],
    )


def _frame(path: str) -> list[Unit]:
    rows = rows_of(path, ("reference", "stratum"), ("family",))
    need(path, rows, ("reference", "stratum"))
    first: dict[str, int] = {}
    faults = []
    for row in rows:
        before = first.setdefault(row.cells["reference"], row.line)
        if before != row.line:
            what = f"{row.cells['reference']} is on line {before} already."
            faults.append(Fault(row.place("reference"), what, "Keep one."))
    stop(path, faults)
    return [
        Unit(row.cells["reference"], row.cells["stratum"], row.cells.get("family", ""))
        for row in rows
    ]
