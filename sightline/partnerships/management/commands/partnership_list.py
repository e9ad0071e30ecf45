"""`sightline partnership list`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand, columns
from sightline.partnerships import queries


class Command(SightlineCommand):
    """List the partnership areas with their codes and health boards.

    Takes any name or council code, an old one included:

      sightline partnership list
      sightline partnership list "Western Isles"
      sightline partnership list S12000044 --format json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", help="a name, a variant of it, or a council code")

    def run(self, actor: CommandLine, **options: Any) -> tuple[queries.Partnership, ...]:
        name = options["name"]
        return (queries.find(name),) if name else queries.all_partnerships()

    def text(self, result: tuple[queries.Partnership, ...]) -> str:
        rows = [(p.code, p.name, p.council_code, p.health_board) for p in result]
        return columns(("Code", "Name", "Council code", "Health board"), rows)
