"""`sightline access end`."""

from typing import Any

from django.core.management.base import CommandParser

from sightline.access import services
from sightline.access.actors import CommandLine
from sightline.access.management.commands.access_grant import scope_of
from sightline.access.queries import assignment_of, person_by_email
from sightline.design.console import SightlineCommand


class Command(SightlineCommand):
    """End a role that a person holds, at once.

    What it opened to them closes with their next click:

        sightline access end a.person@example.org chief-officer partnership:fife
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whose, which and where."""
        parser.add_argument("person", help="their email address")
        parser.add_argument("role", help="its code, such as inspection-lead")
        parser.add_argument("scope", help="scotland, partnership:CODE or inspection:REFERENCE")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        """End it."""
        person = person_by_email(options["person"])
        held = assignment_of(person, role=options["role"], scope=scope_of(options["scope"]))
        ended = services.end_assignment(actor=actor, assignment_id=held.pk)
        return {
            "assignment": ended.pk,
            "person": person.email,
            "role": ended.role,
            "scope": f"{ended.scope_kind}:{ended.scope_key}",
            "ended_at": ended.ended_at,
        }

    def text(self, result: dict[str, Any]) -> str:
        """One sentence."""
        return f"{result['person']} no longer holds {result['role']} in {result['scope']}."
