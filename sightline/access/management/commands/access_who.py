"""`sightline access who`."""

from typing import Any

from django.core.management.base import CommandParser

from sightline.access.actors import CommandLine
from sightline.access.queries import Holding, holdings
from sightline.design.console import SightlineCommand, columns


class Command(SightlineCommand):
    """Say who holds which role, where and until when.

    Lists everybody's roles of today; narrow it to a scope or a person:

        sightline access who
        sightline access who --scope north-lanarkshire
        sightline access who --person a.person@example.org --format json
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to narrow it to."""
        parser.add_argument("--scope", default="", help="a partnership, an inspection or scotland")
        parser.add_argument("--person", default="", help="an email address")

    def run(self, actor: CommandLine, **options: Any) -> tuple[Holding, ...]:
        """The roles held."""
        return holdings(scope_key=options["scope"], email=options["person"])

    def text(self, result: tuple[Holding, ...]) -> str:
        """A line for each role."""
        if not result:
            return "Nobody holds a role there."
        rows = [
            (row.name, row.email, row.role, f"{row.scope_kind} {row.scope_key}", row.ends or "")
            for row in result
        ]
        return columns(("Name", "Email", "Role", "Where", "Until"), rows)
