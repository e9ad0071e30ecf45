"""What services ask the database about readings, and whether they hold them still by it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

READINGS = '"record_reading_reading"'


@contextmanager
def asked() -> Iterator[list[str]]:
    """Every question about readings, as it is asked, in order."""
    said: list[str] = []

    def listen(execute: Any, sql: str, *more: Any) -> Any:
        if f"FROM {READINGS}" in sql:
            said.append(sql)
        return execute(sql, *more)

    with connection.execute_wrapper(listen):
        yield said


def holds(sql: str) -> bool:
    """Whether it holds rows until the transaction ends, in the one order everybody holds them in.

    SQLite holds all of the database instead, so there the question only looks like that.
    """
    column = f'{READINGS}."id"'
    asks = sql.startswith(f"SELECT {column}") and "ORDER BY 1 ASC" in sql
    return asks and (connection.vendor != "postgresql" or sql.endswith(" FOR UPDATE"))
