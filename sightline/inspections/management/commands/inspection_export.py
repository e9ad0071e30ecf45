"""`sightline inspection export`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.access.permissions import Permission
from sightline.design.console import SightlineCommand
from sightline.inspections.exporting import as_data, as_json
from sightline.inspections.permissions import get_inspection_for


class Command(SightlineCommand):
    """Print a whole inspection as one JSON document, which can be imported anywhere.

    Its sources are described in it. `sightline inspection schema` prints its JSON Schema.

      sightline inspection export south-lanarkshire-2020 > south-lanarkshire-2020.json
      sightline inspection export orkney-islands-2020 --output orkney.json
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="the inspection, such as south-lanarkshire-2020")
        parser.add_argument("--output", help="write to this file instead of printing")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        found = get_inspection_for(actor, options["reference"], Permission.INSPECTION_EXPORT)
        if options["output"]:
            path = self.write_file(options["output"], as_json(found).encode())
            return {"reference": found.reference, "file": str(path)}
        return as_data(found)

    def text(self, result: dict[str, Any]) -> str:
        if "schema" not in result:
            return f"{result['reference']} written to {result['file']}."
        return super().text(result)
