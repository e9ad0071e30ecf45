"""`sightline partnership load`."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.kernel.definitions import read_definition
from sightline.partnerships import services
from sightline.partnerships.definitions import LocalDetails


class Command(SightlineCommand):
    """Load localities, groups, plans, posts and holidays of a partnership from a file.

    What is there already stays as it is; loading the same file again adds nothing. The files under
    definitions/partnerships/local show the shape:

      sightline partnership load definitions/partnerships/local/south-lanarkshire@1.yaml
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", help="a file named code@version.yaml")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, int]:
        definitions = [read_definition(LocalDetails, Path(name)) for name in options["file"]]
        return {"added": services.load_details(actor=actor, definitions=definitions)}

    def text(self, result: dict[str, int]) -> str:
        return f"{result['added']} added." if result["added"] else "Nothing to add."
