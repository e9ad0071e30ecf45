"""What an engine does, and how one is opened by name."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

import ibis.expr.types as ir
import pyarrow as pa

from sightline.kernel.errors import BadInput

ENGINES: Final = ("duckdb", "spark")
USUAL_MEMORY: Final = "1500MB"
"""With Python, Arrow and what the engine does not count, a process stays well under 3 GB."""


class Engine(Protocol):
    """Reads Parquet, answers table expressions, writes Parquet."""

    name: str

    def read(self, *paths: Path) -> ir.Table:
        """The rows of Parquet files of one schema."""

    def put(self, table: pa.Table, name: str = "") -> ir.Table:
        """An Arrow table as a table of the engine."""

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        """Work an expression out once, and keep its rows in the engine under a name."""

    def rows(self, name: str) -> int:
        """About how many rows are kept under a name; 0 where it is not known."""

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression."""

    def write(self, expression: ir.Table, path: Path) -> int:
        """Write the rows as one Parquet file that is there whole or not at all; how many."""


@contextmanager
def engine(
    name: str = "duckdb", *, memory: str = "", threads: int = 0, folder: Path | None = None
) -> Iterator[Engine]:
    """An engine, closed with everything it keeps when the block ends.

    Arguments:
        name: `duckdb` or `spark`.
        memory: what it may use, such as `1500MB`; `USUAL_MEMORY` when empty. What does not fit goes
            to the folder.
        threads: how many processors it uses; all there are when 0.
        folder: where it puts what does not fit in memory; a folder of its own when None.

    Raises:
        BadInput: there is no engine of this name.
    """
    opening: AbstractContextManager[Engine]
    if name == "duckdb":
        from sightline.warehouse.engines import duckdb

        opening = duckdb.opened(memory=memory or USUAL_MEMORY, threads=threads, folder=folder)
    elif name == "spark":
        from sightline.warehouse.engines import spark

        opening = spark.opened(memory=memory, threads=threads, folder=folder)
    else:
        raise BadInput(f"There is no engine {name}. There are: {', '.join(ENGINES)}.")
    with opening as one:
        yield one
