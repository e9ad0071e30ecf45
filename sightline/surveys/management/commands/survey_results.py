"""`sightline survey results`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.framework.queries import quantity_terms
from sightline.kernel.errors import BadInput
from sightline.kernel.measures import State
from sightline.surveys.permissions import get_measure_for, get_survey_for
from sightline.surveys.results_files import FORMATS, HEADER, figures, file_of
from sightline.surveys.results_queries import every, of_everybody, results


class Command(SightlineCommand):
    """Print what a closed survey shows, or write it to a file, or answer one reference.

    What it prints is protected like the pages: groups under the survey's base are counted together,
    and small numbers stand as [c]:

      sightline survey results strathgarry/staff-2026
      sightline survey results strathgarry/staff-2026 --groups --format json
      sightline survey results strathgarry/staff-2026 --file results.xlsx
      sightline survey results "strathgarry/staff-2026/confident-recognise:agree?agency=health"
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", help="area/survey, or a reference to one figure")
        parser.add_argument("--groups", action="store_true", help="by group too")
        parser.add_argument("--file", type=Path, help=f"write a file: {', '.join(FORMATS)}")

    def run(self, actor: CommandLine, **options: Any) -> Any:
        area, _, rest = str(options["what"]).partition("/")
        slug, _, named = rest.partition("/")
        if not slug:
            raise BadInput("Name a survey as area/survey, such as strathgarry/staff-2026.")
        if named:
            return get_measure_for(actor, options["what"])
        survey = get_survey_for(actor, area, slug)
        path: Path | None = options["file"]
        found = results(actor, survey, every if options["groups"] or path else of_everybody)
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
            return columns(HEADER, rows) if rows else "Too few people answered to show results."
        value = "[c]" if result.value is None else f"{result.value}%"
        out_of = f" {result.base_words}: {result.base}" if result.base else ""
        return f"{value} of{out_of} ({result.counted}; {result.definition}, {result.source})"
