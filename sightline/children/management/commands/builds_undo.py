"""`sightline builds undo`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import Actor
from sightline.children import queries, services
from sightline.design.console import SightlineCommand
from sightline.partnerships.queries import find


class Command(SightlineCommand):
    """Undo the published build of an area: the one before is shown again.

    sightline builds undo fife 4 --reason "Sent by mistake"
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose, which, and why."""
        parser.add_argument("partnership", help="name or code of the area")
        parser.add_argument("number", type=int, help="number of the build")
        parser.add_argument("--reason", required=True, help="why, for the record")

    def run(self, actor: Actor, **options: Any) -> dict[str, Any]:
        """Undo it."""
        area = find(options["partnership"]).code
        build = services.undo_build(
            actor=actor, area=area, number=options["number"], reason=options["reason"]
        )
        current = queries.current_build(area)
        return {
            "area": area, "number": build.number, "state": build.state,
            "current": current.number if current else None,
        }  # fmt: skip

    def text(self, result: dict[str, Any]) -> str:
        """The result as a person reads it."""
        now = f"Build {result['current']} is shown now." if result["current"] else "None is shown."
        return f"Build {result['number']} of {result['area']} was undone. {now}"
