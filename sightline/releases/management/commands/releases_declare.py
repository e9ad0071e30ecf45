"""`sightline releases declare`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.kernel.definitions import read_definition
from sightline.releases import queries, services
from sightline.releases.measures import TablesFile


class Command(SightlineCommand):
    """Protect the tables of a file and enter them in the ledger.

    The tables are protected together, once, against everything released before. The same file
    again changes nothing. A file to copy:

      sightline releases declare definitions/demonstration/tables/records-read@1.yaml
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="a file named code@version.yaml")

    def run(self, actor: CommandLine, **options: Any) -> list[queries.Line]:
        file = read_definition(TablesFile, Path(options["file"]))
        services.declare_file(actor=actor, file=file)
        return list(queries.lines(queries.entries_of(file.source, file.vintage)))

    def text(self, result: list[queries.Line]) -> str:
        return "\n".join(f"{line.table}, {line.profile}: {line.finding}" for line in result)
