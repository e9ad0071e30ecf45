"""`sightline framework schema`."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.framework import schemas


class Command(SightlineCommand):
    """Print the JSON Schema of a kind of definition, or write all of them into a folder.

    An editor that knows the schema completes fields and marks faults while a file is typed. The
    schemas in docs/reference/schemas are written by the second form:

      sightline framework schema programme
      sightline framework schema --write docs/reference/schemas
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        one = parser.add_mutually_exclusive_group(required=True)
        one.add_argument("kind", nargs="?", choices=sorted(schemas.KINDS), help="which kind")
        one.add_argument("--write", metavar="FOLDER", help="write all schemas into this folder")

    def run(self, actor: CommandLine, **options: Any) -> Any:
        if options["write"]:
            return {"written": [str(path) for path in schemas.write_all(Path(options["write"]))]}
        return json.loads(schemas.schema_of(options["kind"]))

    def text(self, result: Any) -> str:
        if "written" in result:
            return "\n".join(result["written"])
        return json.dumps(result, indent=2, ensure_ascii=False)
