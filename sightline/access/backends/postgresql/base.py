"""PostgreSQL whose triggers can ask who acts.

The acting name is put in the session setting `sightline.actor` just before a statement that may
write, and only when it differs from what this session last heard, so reading costs nothing and a
run of writes by one person costs one short round trip. It goes straight to the driver: it is not a
query of Django's and is not counted as one.

A setting made inside a transaction is undone when that transaction, or the savepoint it was made
under, is rolled back; so after a rollback what the session knows is forgotten and said again.
The setting belongs to the session: a connection pooler must pool sessions, not transactions.
"""

from collections.abc import Callable
from typing import Any

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus

from sightline.access.actors import acting_name

SET_ACTOR = "SELECT set_config('sightline.actor', %s, false)"


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's PostgreSQL with the acting name within reach of triggers."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._session_actor: str | None = ""  # None: not known, say it again
        self.execute_wrappers.append(self._announcing)

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Open a session, which has not heard of anybody yet."""
        self._session_actor = ""
        return super().get_new_connection(conn_params)

    def announce_actor(self) -> None:
        """Tell the session who acts now. `COPY`, which Django does not wrap, must call it first."""
        name = acting_name()
        if name == self._session_actor:
            return
        raw = self.connection
        if raw is None or raw.info.transaction_status == TransactionStatus.INERROR:
            return
        with self.wrap_database_errors:
            raw.execute(SET_ACTOR, [name])
        self._session_actor = name

    def _announcing(
        self, execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any
    ) -> Any:
        if not (isinstance(sql, str) and sql.startswith("SELECT ")):
            self.announce_actor()
        return execute(sql, params, many, context)

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._session_actor = None

    def _savepoint_rollback(self, sid: str) -> None:
        try:
            super()._savepoint_rollback(sid)  # type: ignore[misc]
        finally:  # afterwards: the statement above may itself have announced, and been undone
            self._session_actor = None
