"""Who answers for what a job writes: whoever started it, or the clock."""

from dataclasses import dataclass

from sightline.access.actors import Actor, CommandLine
from sightline.access.models import User
from sightline.kernel.errors import NotAvailable


@dataclass(frozen=True)
class Clock(CommandLine):
    """The scheduler, starting the job whose code is `account`. It holds what a command holds."""

    @property
    def audit_name(self) -> str:
        """How the audit trail names this actor."""
        return f"schedule:{self.account}"


def actor_named(name: str) -> Actor:
    """The actor with this audit name.

    Raises:
        NotAvailable: it names nobody who can act.
    """
    kind, _, key = name.partition(":")
    if kind == "schedule":
        return Clock(key)
    if kind == "command":
        return CommandLine(key)
    person = User.objects.filter(pk=key).first() if kind == "person" and key.isdecimal() else None
    if person is None or not person.is_active:
        raise NotAvailable("Whoever started this no longer has access, so it was not carried out.")
    return person
