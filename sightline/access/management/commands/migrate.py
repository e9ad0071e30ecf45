"""Django's `migrate`, with the audit triggers put back afterwards."""

from typing import Any

from django.core.management.commands import migrate

from sightline.access.actors import acting_as, command_line
from sightline.access.triggers import install_triggers, loosen_triggers


class Command(migrate.Command):
    """Bring the database up to date, then put every audit trigger in place.

    Meanwhile the rows of PostgreSQL go on being audited, by triggers that do not mind which columns
    a table has. SQLite can neither rebuild nor alter a table that a trigger names, so there the
    triggers come off, and what a data migration writes is not audited row by row.
    """

    help = "Updates the database schema and puts the audit triggers in place."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as whoever runs the command."""
        with acting_as(command_line()):
            if options["plan"] or options["check_unapplied"]:
                super().handle(*args, **options)
                return
            loosen_triggers()
            try:
                super().handle(*args, **options)
            finally:
                install_triggers()
