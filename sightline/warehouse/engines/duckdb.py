"""DuckDB inside the process: reads what it is given, and after the first answer nothing else."""

import itertools
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.dataset as ds

from sightline.kernel.errors import BadInput
from sightline.warehouse.engines.files import write_parquet

_BATCH = 122_880
"""Rows of a batch: those of a row group as DuckDB makes them."""


@contextmanager
def _as_built() -> Iterator[None]:
    """While open, Ibis leaves the steps of an expression apart, which is a sixth quicker.

    DuckDB folds them together itself.
    """
    before = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        yield
    finally:
        ibis.options.sql.fuse_selects = before


def quoted(text: object) -> str:
    """A text as DuckDB reads it in a statement."""
    return "'" + str(text).replace("'", "''") + "'"


class DuckDB:
    """The embedded engine."""

    name = "duckdb"

    def __init__(self, *, memory: str, threads: int, spill: Path) -> None:
        self.connection: Any = ibis.duckdb.connect(":memory:", temp_directory=str(spill))
        self._numbers = itertools.count(1)
        self._locked = False
        self._given: list[str] = []
        for statement in self._settings(memory, threads):
            self._say(statement)

    @staticmethod
    def _settings(memory: str, threads: int) -> Iterator[str]:
        yield "SET autoinstall_known_extensions = false"
        yield "SET TimeZone = 'UTC'"
        yield "SET autoload_known_extensions = false"
        yield "SET preserve_insertion_order = false"
        yield "SET enable_progress_bar = false"
        if memory:
            yield f"SET memory_limit = {quoted(memory)}"
        if threads:
            yield f"SET threads = {threads:d}"

    def _say(self, statement: str) -> None:
        self.connection.raw_sql(statement).fetchall()

    def _lock(self) -> None:
        """From now on it opens no file but those it was given, and no setting can be changed."""
        if self._locked:
            return
        paths = ", ".join(quoted(path) for path in self._given)
        self._say(f"SET allowed_paths = [{paths}]")
        self._say("SET enable_external_access = false")
        self._say("SET lock_configuration = true")
        self._locked = True

    def read(self, *paths: Path) -> ir.Table:
        """The rows of Parquet files of one schema.

        What is read after the first answer comes through Arrow: a little slower, same rows.
        """
        missing = [str(path) for path in paths if not path.is_file()]
        if not paths or missing:
            raise BadInput(f"There is no file {', '.join(missing) or 'to read: none was named'}.")
        name = f"read_{next(self._numbers)}"
        found = [str(path.resolve()) for path in paths]
        if self._locked:
            dataset = ds.dataset(found, format="parquet")
            self.connection.con.register(name, dataset)
            return self.connection.table(name)
        self._given += found
        return self.connection.read_parquet(found, table_name=name)

    def put(self, table: pa.Table, name: str = "") -> ir.Table:
        """An Arrow table, copied into the engine."""
        called = name or f"put_{next(self._numbers)}"
        return self.connection.create_table(called, table, overwrite=True)

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        """Work an expression out once, as a table of the engine."""
        self._lock()
        with _as_built():
            return self.connection.create_table(name, expression, overwrite=True)

    def rows(self, name: str) -> int:
        """About how many rows are kept under a name; 0 where nothing is."""
        asked = "SELECT max(estimated_size) FROM duckdb_tables() WHERE table_name = ?"
        found = self.connection.con.execute(asked, [name]).fetchone()
        return int(found[0] or 0)

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression."""
        self._lock()
        with _as_built():
            return self.connection.to_pyarrow(expression)

    def write(self, expression: ir.Table, path: Path) -> int:
        """Write the rows as one Parquet file, a batch at a time."""
        self._lock()
        with self.connection.to_pyarrow_batches(expression, chunk_size=_BATCH) as batches:
            return write_parquet(batches.schema, batches, path)

    def close(self) -> None:
        """Let go of everything."""
        self.connection.disconnect()


@contextmanager
def opened(*, memory: str = "", threads: int = 0, folder: Path | None = None) -> Iterator[DuckDB]:
    """DuckDB with a folder of its own for what does not fit in memory, removed at the end."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="spill-", dir=folder) as spill:
        one = DuckDB(memory=memory, threads=threads, spill=Path(spill))
        try:
            yield one
        finally:
            one.close()
