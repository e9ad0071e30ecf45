"""`sightline builds publish`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import Actor
from sightline.children import services
from sightline.design.console import SightlineCommand
from sightline.partnerships.queries import find


class Command(SightlineCommand):
    """Publish a build that has been checked: pages show it from now on.

    sightline builds publish fife 4
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, and which."""
        parser.add_argument("partnership", help="name or code of the area")
        parser.add_argument("number", type=int, help="number of the build")

    def run(self, actor: Actor, **options: Any) -> dict[str, Any]:
        """Publish it."""
        area = find(options["partnership"]).code
        build = services.publish_build(actor=actor, area=area, number=options["number"])
        return {"area": area, "number": build.number, "state": build.state}

    def text(self, result: dict[str, Any]) -> str:
        """The result as a person reads it."""
        return f"Build {result['number']} of {result['area']} is published."
