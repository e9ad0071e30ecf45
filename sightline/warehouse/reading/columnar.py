"""Reads Parquet with DuckDB, which sees this one file and nothing else of the machine.

DuckDB opens files by name, and what somebody sent is never in the clear on a disk: so it is put in
memory that has a name (`memfd_create`).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import duckdb

from sightline.kernel.errors import BadInput, NotAvailable
from sightline.warehouse.reading.shapes import (
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Format,
    Line,
    Source,
    Table,
)

_CHUNK: Final = 256 * 1024
_BATCH: Final = 2_000
_MEMORY: Final = "160MB"
_WHOLE: Final = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT")
_PLAIN: Final = frozenset({
    *_WHOLE, *(f"U{name}" for name in _WHOLE), "BOOLEAN", "DATE", "TIME", "DOUBLE", "FLOAT",
    "VARCHAR", "DECIMAL", "ENUM", "UUID", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE",
    "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS",
})  # fmt: skip
_DAMAGED: Final = "The Parquet file is damaged or of a kind that cannot be read. Write it again."


def open_parquet(source: Source) -> Table:
    """The table of a Parquet file; its column names are its first line.

    Raises:
        BadInput: it is damaged, too large, or has columns that are not plain values.
        NotAvailable: this machine has no memory with a name.
    """
    with _connected(source) as (connection, place):
        try:
            described = connection.execute(
                "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(?))",
                [place],
            ).fetchall()
            counted = connection.execute("SELECT count(*) FROM read_parquet(?)", [place]).fetchone()
        except duckdb.Error:
            raise BadInput(_DAMAGED) from None
    rows = int(counted[0]) if counted else 0
    if rows > MOST_ROWS or len(described) > MOST_COLUMNS:
        raise BadInput(
            f"It has {rows:,} rows and {len(described):,} columns; at most {MOST_ROWS:,} and "
            f"{MOST_COLUMNS:,} can be read. Divide it, and send the parts."
        )
    wanted = ", ".join(_selected(str(name), str(kind)) for name, kind in described)
    names: list[Cell] = [str(name) for name, _ in described]

    def every_line() -> Iterator[Line]:
        yield Line(1, list(names))
        with _connected(source) as (connection, place):
            try:
                found = connection.execute(f"SELECT {wanted} FROM read_parquet(?)", [place])  # noqa: S608 - names are quoted
                number = 1
                while batch := found.fetchmany(_BATCH):
                    for row in batch:
                        number += 1
                        yield Line(number, list(row))
            except duckdb.Error:
                raise BadInput(_DAMAGED) from None

    return Table(Format.PARQUET, every_line, rows=rows + 1)


def _selected(name: str, kind: str) -> str:
    """A column as it is asked for; a moment with a zone is given as it is in UTC.

    Raises:
        BadInput: lists, pictures and the like are no cells.
    """
    quoted = '"' + name.replace('"', '""') + '"'
    plain = kind.split("(", maxsplit=1)[0]
    if kind.endswith("]") or plain not in _PLAIN:
        raise BadInput(
            f"The column “{name}” holds {kind.lower()}, which is not a plain value. "
            "Write it as text, numbers or dates."
        )
    if plain.startswith("TIMESTAMP"):
        return f"{quoted}::TIMESTAMP AS {quoted}"
    if plain in {"ENUM", "UUID"}:
        return f"{quoted}::VARCHAR AS {quoted}"
    return quoted


@contextmanager
def _connected(source: Source) -> Iterator[tuple[duckdb.DuckDBPyConnection, str]]:
    """DuckDB with this file before it, and neither network, disk nor extensions."""
    if not hasattr(os, "memfd_create"):  # pragma: no cover - Linux has it
        raise NotAvailable("Parquet can be read on Linux alone. Send the table as CSV.")
    with os.fdopen(os.memfd_create("upload"), "w+b") as memory:
        with source.open() as file:
            while chunk := file.read(_CHUNK):
                memory.write(chunk)
        memory.flush()
        place = f"/proc/self/fd/{memory.fileno()}"
        connection = duckdb.connect(
            ":memory:",
            config={
                "autoinstall_known_extensions": "false",
                "autoload_known_extensions": "false",
                "memory_limit": _MEMORY,
                "threads": "1",
                "temp_directory": "",  # what does not fit in memory is refused, never spilled
            },
        )
        try:
            connection.execute(f"SET allowed_paths = ['{place}']")
            connection.execute("SET enable_external_access = false")
            connection.execute("SET lock_configuration = true")
            yield connection, place
        finally:
            connection.close()
