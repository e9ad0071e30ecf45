"""`sightline inspection publish`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand
from sightline.inspections import services


class Command(SightlineCommand):
    """Make a draft inspection open to everyone who may see published ones.

    It needs its date of publication; import it first, or correct the date on its page:

      sightline inspection publish strathgarry-2026
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("reference", help="which inspection")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, str]:
        services.publish(actor=actor, reference=options["reference"])
        return {"reference": options["reference"], "status": "published"}

    def text(self, result: dict[str, str]) -> str:
        return f"{result['reference']} is published."
