"""Django's `migrate`, with the audit triggers put back afterwards."""

from typing import Any

from django.core.management.commands import migrate
from django.db import connection

from sightline.access.actors import acting_as, command_line
from sightline.access.triggers import drop_triggers, install_triggers


class Command(migrate.Command):
    """Bring the database up to date, then put every audit trigger in place.

    SQLite rebuilds a table to alter it, which drops the table's triggers and is refused while
    another table's trigger names it. So there the triggers are taken away first, and what a data
    migration writes is not audited row by row. PostgreSQL keeps its triggers throughout.
    """

    help = "Updates the database schema and puts the audit triggers in place."

    def handle(self, *args: Any, **options: Any) -> None:
        """Migrate as whoever runs the command."""
        only_looks = options["plan"] or options["check_unapplied"]
        with acting_as(command_line()):
            if only_looks:
                super().handle(*args, **options)
                return
            if connection.vendor == "sqlite":
                drop_triggers()
            try:
                super().handle(*args, **options)
            finally:
                install_triggers()
