"""One Parquet file out of batches: whole or not at all."""

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def write_parquet(schema: pa.Schema, batches: Iterable[pa.RecordBatch], path: Path) -> int:
    """Write batches beside the path, then put the file in its place; how many rows.

    A file that stood there stays as it was if anything fails.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    rows = 0
    try:
        with pq.ParquetWriter(beside, schema, compression="zstd") as writer:
            for batch in batches:
                writer.write_batch(batch.cast(schema))
                rows += batch.num_rows
        beside.chmod(0o600)
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    return rows
