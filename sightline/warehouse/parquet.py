"""Parquet without an engine: written a batch at a time, read a page at a time, rows taken out.

For what a page or a service does with one file. Expressions over tables are the engines'. DuckDB
and pyarrow are imported where they are used, so that starting a web process does not load them.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

BATCH: Final = 65_536
"""Rows of a batch."""


class Writing:
    """A Parquet file while it is written, under a name of its own until it is `put`."""

    def __init__(self, schema: "pa.Schema", folder: Path) -> None:
        import pyarrow.parquet as pq

        self.schema = schema
        self.rows = 0
        self.path = folder / f".{secrets.token_hex(8)}.part"
        self.path.touch(mode=0o600)
        self._writer = pq.ParquetWriter(self.path, schema, compression="zstd")

    def add(self, columns: Mapping[str, Sequence[object]]) -> None:
        """The next rows, as columns of plain values."""
        import pyarrow as pa

        arrays = [pa.array(columns[field.name], type=field.type) for field in self.schema]
        self._writer.write_batch(pa.RecordBatch.from_arrays(arrays, schema=self.schema))
        self.rows += len(arrays[0]) if arrays else 0

    def close(self) -> None:
        """All rows are there."""
        self._writer.close()

    def put(self, path: Path) -> None:
        """Give it its name. What has the name already has the same content, and is replaced."""
        self.path.replace(path)

    def discard(self) -> None:
        """Leave nothing of it, unless it was put."""
        self._writer.close()
        self.path.unlink(missing_ok=True)


@contextmanager
def writing(schema: "pa.Schema", folder: Path) -> Iterator[Writing]:
    """A file to be written in this folder; gone at the end unless it was put."""
    one = Writing(schema, folder)
    try:
        yield one
    finally:
        one.discard()


def write_table(table: "pa.Table", path: Path) -> int:
    """Write a table as one file, there whole or not at all; how many rows."""
    import pyarrow.parquet as pq

    part = path.with_name(f".{secrets.token_hex(8)}.part")
    part.touch(mode=0o600)
    try:
        pq.write_table(table, part, compression="zstd")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return int(table.num_rows)


def names_in(path: Path) -> tuple[str, ...]:
    """The columns of a file."""
    import pyarrow.parquet as pq

    return tuple(pq.read_schema(path).names)


def count(path: Path) -> int:
    """How many rows a file has."""
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _quoted(text: object) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


@contextmanager
def _connection(*paths: Path, memory: str = "") -> Iterator[Any]:
    """DuckDB that may read these files and nothing else."""
    import duckdb

    with duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"}) as found:
        found.execute("SET autoload_known_extensions = false")
        found.execute("SET threads = 2")
        if memory:
            found.execute(f"SET memory_limit = {_quoted(memory)}")
        allowed = ", ".join(_quoted(path) for path in paths)
        found.execute(f"SET allowed_paths = [{allowed}]")
        found.execute("SET enable_external_access = false")
        found.execute("SET lock_configuration = true")
        yield found


@dataclass(frozen=True)
class Page:
    """Some rows of a file, and how many there are in all."""

    rows: list[dict[str, Any]]
    total: int


def page(
    path: Path,
    *,
    columns: Sequence[str],
    where: Mapping[str, Sequence[str]] | None = None,
    order: Sequence[str] = (),
    start: int = 0,
    most: int = 100,
) -> Page:
    """Rows of a file whose text columns have one of the values asked for, in order."""
    asked = {name: list(values) for name, values in (where or {}).items()}
    tests = " AND ".join(f"list_contains(?, {_name(name)})" for name in asked) or "true"
    source = f"FROM read_parquet({_quoted(path)}) WHERE {tests}"
    chosen = ", ".join(map(_name, columns))
    sorting = ", ".join(map(_name, order)) or "1"
    with _connection(path) as duck:
        total = duck.execute(f"SELECT count(*) {source}", list(asked.values())).fetchone()[0]
        found = duck.execute(
            f"SELECT {chosen} {source} ORDER BY {sorting} LIMIT {most:d} OFFSET {start:d}",
            list(asked.values()),
        ).fetchall()
    return Page([dict(zip(columns, row, strict=True)) for row in found], int(total))


@dataclass(frozen=True)
class Differences:
    """What a file has that another of the same key has not, in rows."""

    added: int
    replaced: int
    removed: int
    unchanged: int


def compare(
    old: Path | None, new: Path, *, key: Sequence[str], beside: Sequence[str]
) -> Differences:
    """How the rows of `new` differ from those of `old`, by key; `beside` are no part of a row."""
    if old is None or not old.is_file():
        return Differences(count(new), 0, 0, 0)
    names = [name for name in names_in(new) if name not in beside]
    if set(names) - set(names_in(old)):
        return Differences(count(new), 0, count(old), 0)
    whole = f"hash({', '.join(map(_name, names))})"
    keyed = f"hash({', '.join(map(_name, key))})"

    def rows(path: Path) -> str:
        return f"(SELECT {keyed} AS k, {whole} AS w FROM read_parquet({_quoted(path)}))"  # noqa: S608

    asked = (
        "SELECT count(*) FILTER (o.k IS NULL), "  # noqa: S608 - paths and names are quoted
        "count(*) FILTER (o.k IS NOT NULL AND n.k IS NOT NULL AND o.w <> n.w), "
        "count(*) FILTER (n.k IS NULL), "
        "count(*) FILTER (o.w = n.w) "
        f"FROM {rows(old)} o FULL JOIN {rows(new)} n ON o.k = n.k"
    )
    with _connection(old, new, memory="512MB") as duck:
        found = duck.execute(asked).fetchone()
    return Differences(*(int(number) for number in found))


def without(path: Path, to: Path, *, keep: Callable[["pa.RecordBatch"], "pa.Array"]) -> int:
    """Write the rows that `keep` says yes to into another file; how many were left out."""
    import pyarrow.parquet as pq

    left_out = 0
    with pq.ParquetFile(path) as source:
        part = to.with_name(f".{secrets.token_hex(8)}.part")
        part.touch(mode=0o600)
        try:
            with pq.ParquetWriter(part, source.schema_arrow, compression="zstd") as writer:
                for batch in source.iter_batches(batch_size=BATCH):
                    kept = batch.filter(keep(batch))
                    left_out += batch.num_rows - kept.num_rows
                    writer.write_batch(kept)
            part.replace(to)
        finally:
            part.unlink(missing_ok=True)
    return left_out


def batches(path: Path, columns: Sequence[str]) -> Iterator["pa.RecordBatch"]:
    """Some columns of a file, a batch at a time."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as source:
        yield from source.iter_batches(batch_size=BATCH, columns=list(columns))
