"""`sightline access add-person`."""

from typing import Any

from django.core.management.base import CommandParser

from sightline.access import services
from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand


class Command(SightlineCommand):
    """Add a person, who may then be given roles.

    With --invite they are sent a letter with a link to set up how they sign in; without it,
    `sightline access invite` does that later.

        sightline access add-person a.person@example.org "A. Person" --post "Chief social worker"
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take who they are."""
        parser.add_argument("email", help="the address they sign in with")
        parser.add_argument("name", help="how they are shown")
        parser.add_argument("--post", default="", help="their post, in words")
        parser.add_argument("--invite", action="store_true", help="send the letter at once")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        """Add them."""
        person = services.add_person(
            actor=actor,
            email=options["email"],
            name=options["name"],
            designation=options["post"],
        )
        if options["invite"]:
            services.invite(actor=actor, person=person)
        return {
            "person": person.pk,
            "email": person.email,
            "name": person.name,
            "invited": options["invite"],
        }

    def text(self, result: dict[str, Any]) -> str:
        """One sentence, and what to do next."""
        return (
            f"{result['name']} added{' and invited' if result['invited'] else ''} "
            f"({result['email']}). "
            "Next: sightline access grant, which gives them a role."
        )
