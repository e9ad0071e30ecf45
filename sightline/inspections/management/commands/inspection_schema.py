"""`sightline inspection schema`."""

from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.inspections.exporting import json_schema


class Command(SightlineCommand):
    """Print the JSON Schema of the document that is imported and exported.

    It is also published at /schemas/inspection.json and kept in docs/reference:

      sightline inspection schema > docs/reference/inspection.schema.json
    """

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        return json_schema()
