"""`sightline builds list`."""

from argparse import ArgumentParser
from typing import Any

from sightline.access.actors import Actor
from sightline.children import presenters, queries
from sightline.children.permissions import get_area_for
from sightline.design.console import SightlineCommand, columns
from sightline.partnerships.queries import find


class Command(SightlineCommand):
    """List the builds of an area, the latest first.

    sightline builds list fife
    """

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("partnership", help="name or code of the area")

    def run(self, actor: Actor, **options: Any) -> list[dict[str, Any]]:
        """List them."""
        area = get_area_for(actor, find(options["partnership"]).code)
        found = queries.builds_of(area.code).prefetch_related("tables")
        rows = presenters.builds(found, current=queries.current_build(area.code), failed=())
        return [
            {
                "number": row.build.number, "state": row.build.state, "current": row.is_current,
                "begun": row.build.started_at, "rows": row.rows, "published": row.published,
                "faulted": row.faulted,
            }
            for row in rows
        ]  # fmt: skip

    def text(self, result: list[dict[str, Any]]) -> str:
        """The result as a person reads it."""
        if not result:
            return "No build has been made yet. sightline load makes one."
        rows = [
            (
                one["number"], one["state"] + (", shown now" if one["current"] else ""),
                f"{one['begun']:%Y-%m-%d %H:%M}", one["rows"], one["published"], one["faulted"],
            )
            for one in result
        ]  # fmt: skip
        return columns(("Build", "State", "Begun", "Rows", "Published", "Faulted"), rows)
