"""`sightline access leavers`."""

from typing import Any

from sightline.access import services
from sightline.access.actors import CommandLine
from sightline.design.console import SightlineCommand


class Command(SightlineCommand):
    """Take away what those sign in with whose last day is past.

    They cannot sign in any more from the day after; this removes their passkeys and passwords. A
    daily job does the same:

        sightline access leavers
    """

    def run(self, actor: CommandLine, **options: Any) -> list[str]:
        """Close them."""
        return [person.email for person in services.close_leavers(actor=actor)]

    def text(self, result: list[str]) -> str:
        """One sentence."""
        return f"Access of {len(result)} closed." + "".join(f"\n{email}" for email in result)
