"""`sightline access grant`."""

import datetime as dt
from typing import Any

from django.core.management.base import CommandParser

from sightline.access import services
from sightline.access.actors import CommandLine
from sightline.access.queries import person_by_email
from sightline.access.scopes import NATIONAL, Scope
from sightline.design.console import SightlineCommand
from sightline.kernel.errors import BadInput


def scope_of(text: str) -> Scope:
    """The scope that `scotland`, `partnership:fife` or `inspection:fife-2023` names."""
    if text == NATIONAL.key:
        return NATIONAL
    kind, colon, key = text.partition(":")
    if kind not in {"partnership", "inspection"} or not colon or not key:
        raise BadInput(
            f"{text} is not a scope; write scotland, partnership:fife or inspection:fife-2023."
        )
    return Scope(kind, key)


def day_of(text: str) -> dt.date | None:
    """The day written as 2026-12-31; None for the empty text."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(f"{text} is not a day; write it as 2026-12-31.") from None


class Command(SightlineCommand):
    """Give a person a role in a scope.

    The role is a code of definitions/access, and takes effect at once:

        sightline access grant a.person@example.org chief-officer partnership:fife
        sightline access grant b.person@example.org inspector inspection:fife-2023 \\
            --until 2026-12-31
        sightline access grant c.person@example.org system-administrator scotland
    """

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whom, what, where and until when."""
        parser.add_argument("person", help="their email address")
        parser.add_argument("role", help="its code, such as inspection-lead")
        parser.add_argument("scope", help="scotland, partnership:CODE or inspection:REFERENCE")
        parser.add_argument("--until", default="", help="the last day, such as 2026-12-31")

    def run(self, actor: CommandLine, **options: Any) -> dict[str, Any]:
        """Give it."""
        person = person_by_email(options["person"])
        made = services.grant(
            actor=actor,
            person=person,
            role=options["role"],
            scope=scope_of(options["scope"]),
            ends=day_of(options["until"]),
        )
        return {
            "assignment": made.pk,
            "person": person.email,
            "role": made.role,
            "scope": f"{made.scope_kind}:{made.scope_key}",
            "starts": made.starts,
            "ends": made.ends,
        }

    def text(self, result: dict[str, Any]) -> str:
        """One sentence."""
        until = f" until {result['ends']}" if result["ends"] else ""
        return (
            f"{result['person']} holds {result['role']} in {result['scope']}{until} "
            f"(assignment {result['assignment']})."
        )
