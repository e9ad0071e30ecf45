"""SQLite whose triggers can ask who acts.

`sightline_actor()` is a function of the connection, so a program that opens the file by other
means cannot write an audited table: its triggers name a function that program does not have.
"""

from typing import Any

from django.db.backends.sqlite3 import base

from sightline.access.actors import acting_name


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's SQLite with the acting name within reach of triggers."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open the database and register `sightline_actor()`."""
        connection = super().get_new_connection(conn_params)
        connection.create_function("sightline_actor", 0, acting_name)
        return connection
