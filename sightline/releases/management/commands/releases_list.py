"""`sightline releases list`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.access.permissions import NATIONAL
from sightline.design.console import SightlineCommand, columns
from sightline.releases import queries


class Command(SightlineCommand):
    """List what has been released, reviewed and withdrawn, newest first.

      sightline releases list
      sightline releases list strathgarry --format json

    It holds how tables were protected, and no figure of them.
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("source", nargs="?", default="", help="part of a title or source")

    def run(self, actor: CommandLine, **options: Any) -> list[queries.Line]:
        return list(queries.lines(queries.entries([NATIONAL], source=options["source"])))

    def text(self, result: list[queries.Line]) -> str:
        if not result:
            return "Nothing has been released."
        rows = [(r.at, r.kind, r.source, r.table, r.profile, r.finding) for r in result]
        return columns(("When", "What", "Source", "Table", "Readers", "Finding"), rows)
