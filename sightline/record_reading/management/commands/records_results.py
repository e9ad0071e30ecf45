"""`sightline records results`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.framework.queries import quantity_terms
from sightline.kernel.errors import BadInput
from sightline.kernel.measures import State
from sightline.record_reading.permissions import Deed, get_measure_for, get_round_for
from sightline.record_reading.results_files import FORMATS, HEADER, figures, file_of
from sightline.record_reading.results_names import PROTECTED
from sightline.record_reading.results_queries import every, of_everybody, results


class Command(SightlineCommand):
    """Print what a locked record reading shows, or write it to a file, or answer one reference.

    What it prints may leave the team that read: groups under the round's base are counted together,
    and small numbers stand as [c]:

      sightline records results strathgarry/spring-2026
      sightline records results strathgarry/spring-2026 --groups --format json
      sightline records results strathgarry/spring-2026 --file results.xlsx
      sightline records results "strathgarry/spring-2026/plan-quality:good-or-better?register=yes"
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", help="area/round, or a reference to one figure")
        parser.add_argument("--groups", action="store_true", help="by group too")
        parser.add_argument("--file", type=Path, help=f"write a file: {', '.join(FORMATS)}")

    def run(self, actor: CommandLine, **options: Any) -> Any:
        what = str(options["what"])
        area, _, rest = what.partition("/")
        slug, _, named = rest.partition("/")
        if not slug:
            raise BadInput("Name a round as area/round, such as strathgarry/spring-2026.")
        if named or "@" in area:
            return get_measure_for(actor, what)
        round = get_round_for(actor, area, slug, Deed.RESULTS)
        path: Path | None = options["file"]
        wanted = every if options["groups"] or path else of_everybody
        found = results(actor, round, PROTECTED, wanted)
        if path is not None:
            path.write_bytes(file_of(found, path.suffix.lstrip("."), quantity_terms()))
            return f"{path.name} is written."
        return figures(found)

    def text(self, result: Any) -> str:
        if isinstance(result, str):
            return result
        if isinstance(result, list):
            rows = [
                tuple("[c]" if isinstance(cell, State) else cell for cell in row.values())
                for row in result
            ]
            return columns(HEADER, rows) if rows else "Too few records were read to show results."
        value = "[c]" if result.value is None else f"{result.value}%"
        out_of = f" {result.base_words} ({result.base})" if result.base else ""
        return f"{value}{out_of}: {result.counted}; {result.definition}, {result.source}"
