"""A transaction whose commit is on the disk when it returns."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def durably() -> Iterator[None]:
    """One transaction, outermost, that survives a power cut once the block has ended.

    SQLite in WAL mode with `synchronous=NORMAL` keeps what was committed when the process is
    killed, and may lose the last commits when the machine loses power. Here it is asked for `FULL`,
    which waits for the disk. PostgreSQL waits for it anyway.

    Raises:
        RuntimeError: inside another transaction, which could still be undone after somebody was
            told that their text is saved.
    """
    slower = connection.vendor == "sqlite" and not connection.in_atomic_block
    if slower:
        _wait_for_disk("FULL")
    try:
        with transaction.atomic(durable=True):
            yield
    finally:
        if slower:
            _wait_for_disk("NORMAL")


def _wait_for_disk(level: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA synchronous={level}")
