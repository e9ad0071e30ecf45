"""Spark, on this machine's own processors or on a cluster: the same expressions, for more rows.

The master is `local[2]` unless SIGHTLINE_SPARK_MASTER says otherwise; further settings come from a
`spark-defaults.conf`, as Spark reads it. See docs/guides/running-on-spark.md.
"""

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sightline.kernel.errors import BadInput
from sightline.warehouse.engines.files import write_parquet

LOCAL = 2


def settings(*, master: str, memory: str, scratch: Path) -> Mapping[str, str]:
    """What a session is made with; on a cluster only what keeps the answers the same."""
    same = {
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.legacy.sizeOfNull": "false",
        "spark.sql.ansi.enabled": "false",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
        "spark.sql.catalogImplementation": "in-memory",
    }
    if not master.startswith("local"):
        return same
    return {
        **same,
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.default.parallelism": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.driver.memory": spark_memory(memory) if memory else "2g",
    }


def spark_memory(text: str) -> str:
    """`1500MB` as Spark writes it: `1500m`."""
    return text.strip().lower().removesuffix("b").removesuffix("i")


class Spark:
    """The engine for more rows than one machine holds."""

    name = "spark"

    def __init__(self, *, master: str, memory: str, scratch: Path) -> None:
        from pyspark.sql import SparkSession

        builder: Any = SparkSession.builder
        builder = builder.master(master).appName("sightline")
        for key, value in settings(master=master, memory=memory, scratch=scratch).items():
            builder = builder.config(key, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")
        self.connection: Any = ibis.pyspark.connect(self.session)
        self._numbers = itertools.count(1)

    def _named(self, frame: Any, name: str) -> ir.Table:
        frame.createOrReplaceTempView(name)
        return self.connection.table(name)

    def _frame(self, expression: ir.Table) -> Any:
        return self.session.sql(self.connection.compile(expression))

    def read(self, *paths: Path) -> ir.Table:
        """The rows of Parquet files of one schema."""
        missing = [str(path) for path in paths if not path.exists()]
        if not paths or missing:
            raise BadInput(f"There is no file {', '.join(missing) or 'to read: none was named'}.")
        frame = self.session.read.parquet(*(str(path.resolve()) for path in paths))
        return self._named(frame, f"read_{next(self._numbers)}")

    def put(self, table: pa.Table, name: str = "") -> ir.Table:
        """An Arrow table as a table of the session.

        In one piece: Spark 4.0 stops reading, and says nothing, at a batch that has no rows.
        """
        frame = self.session.createDataFrame(table.combine_chunks())
        return self._named(frame, name or f"put_{next(self._numbers)}")

    def keep(self, expression: ir.Table, name: str) -> ir.Table:
        """Keep the rows of an expression; Spark works them out when they are first asked for."""
        return self._named(self._frame(expression).persist(), name)

    def rows(self, name: str) -> int:
        """Not known: it keeps what does not fit on disk by itself."""
        return 0

    def fetch(self, expression: ir.Table) -> pa.Table:
        """The rows of an expression."""
        return self._frame(expression).toArrow()

    def write(self, expression: ir.Table, path: Path) -> int:
        """Write the rows as one Parquet file: they pass through the driver, as answers do."""
        table = self.fetch(expression)
        return write_parquet(table.schema, table.to_batches(), path)

    def close(self) -> None:
        """Let go of everything, and of the Java process when it is this one's own."""
        self.session.stop()


@contextmanager
def opened(*, memory: str = "", threads: int = 0, folder: Path | None = None) -> Iterator[Spark]:
    """Spark with a folder of its own, removed at the end.

    Raises:
        BadInput: Java, or the package pyspark, is not here.
    """
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        raise BadInput("Spark needs Java 17 (package openjdk-17-jre-headless). Install it.")
    master = os.environ.get("SIGHTLINE_SPARK_MASTER", f"local[{threads or LOCAL}]")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="spark-", dir=folder) as scratch:
        try:
            one = Spark(master=master, memory=memory, scratch=Path(scratch))
        except ImportError:
            raise BadInput("Spark needs the package pyspark: see requirements/spark.in.") from None
        try:
            yield one
        finally:
            one.close()
