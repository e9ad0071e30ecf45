"""`sightline access invite`."""

from typing import Any

from django.core.management.base import CommandParser

from sightline.access import services
from sightline.access.actors import CommandLine
from sightline.access.queries import person_by_email
from sightline.design.console import SightlineCommand


class Command(SightlineCommand):
    """Send a person the letter by which they set up how they sign in.

    It holds a link that works once and for seven days; an earlier link stops working. What the link
    begins with is the setting SIGHTLINE_ADDRESS, or --address:

        sightline access invite a.person@example.org --address https://sightline.example
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whom."""
        parser.add_argument("person", help="their email address")
        parser.add_argument("--address", default="", help="what the link begins with")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        """Send it."""
        person = person_by_email(options["person"])
        sent = services.invite(actor=actor, person=person, site=options["address"])
        return {"person": person.email, "invitation": sent.pk, "expires": sent.expires}

    def text(self, result: dict[str, Any]) -> str:
        """One sentence."""
        return f"Letter sent to {result['person']}. Its link works until {result['expires']:%d %B}."
