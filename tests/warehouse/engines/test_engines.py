"""The port: both engines read, keep, answer and write the same, and DuckDB opens nothing else."""

import datetime as dt
import shutil
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from sightline.kernel.errors import BadInput
from sightline.warehouse.engines import ENGINES, engine
from sightline.warehouse.engines.files import write_parquet
from sightline.warehouse.engines.spark import settings, spark_memory

ROWS = pa.table(
    {
        "child": ["A", "B", "C"],
        "day": pa.array([dt.date(2024, 2, 29), None, dt.date(2024, 7, 31)]),
        "concerns": pa.array([["neglect"], [], None], pa.list_(pa.string())),
    }
)


def by_child(table: pa.Table) -> list[dict[str, object]]:
    return sorted(table.to_pylist(), key=lambda row: row["child"])


def test_there_is_no_third_engine() -> None:
    with pytest.raises(BadInput, match=r"no engine pandas\. There are: duckdb, spark"):
        engine("pandas").__enter__()
    assert ENGINES == ("duckdb", "spark")


def test_rows_go_in_and_come_out(tmp_path: Path) -> None:
    with engine("duckdb", memory="200MB", threads=1, folder=tmp_path / "spill") as one:
        table = one.put(ROWS)
        assert by_child(one.fetch(table)) == by_child(ROWS)
        path = tmp_path / "new" / "rows.parquet"
        assert one.write(table.filter(table.child != "B"), path) == 2
        assert path.stat().st_mode & 0o077 == 0
        assert [p.name for p in path.parent.iterdir()] == ["rows.parquet"]
        kept = one.keep(table.filter(table.day.notnull()), "kept")
        assert one.fetch(kept).num_rows == 2
        assert one.keep(table.filter(table.child == "A"), "kept").columns == kept.columns
    assert list((tmp_path / "spill").iterdir()) == [], "what did not fit in memory is removed"


def test_files_are_read_before_the_first_answer_and_after(tmp_path: Path) -> None:
    first, second = tmp_path / "it's one.parquet", tmp_path / "two.parquet"
    for path in (first, second):
        pq.write_table(ROWS, path)
    with engine() as one:
        both = one.read(first, second)
        assert one.fetch(both).num_rows == 6
        later = one.read(second)
        assert by_child(one.fetch(later)) == by_child(ROWS)
        joined = both.inner_join(later, "child")
        assert one.fetch(joined.count().as_table()).to_pylist()[0].popitem()[1] == 6


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with engine() as one:
        with pytest.raises(BadInput, match="none was named"):
            one.read()
        with pytest.raises(BadInput, match=r"There is no file .*missing\.parquet"):
            one.read(tmp_path / "missing.parquet")


def test_duckdb_opens_nothing_it_was_not_given(tmp_path: Path) -> None:
    given, other = tmp_path / "given.parquet", tmp_path / "other.parquet"
    for path in (given, other):
        pq.write_table(ROWS, path)
    with engine() as one:
        one.fetch(one.read(given))
        for statement in (
            f"SELECT * FROM read_parquet('{other}')",  # noqa: S608 - a statement to be refused
            "SELECT * FROM read_csv('/etc/passwd')",
            f"COPY (SELECT 1) TO '{tmp_path / 'out.csv'}'",
            f"ATTACH '{tmp_path / 'new.db'}'",
            "INSTALL httpfs",
            "SET enable_external_access = true",
            "SET memory_limit = '100GB'",
        ):
            with pytest.raises(Exception, match=r"(?i)permission|disabled|lock|configuration"):
                one.connection.raw_sql(statement)  # type: ignore[attr-defined]
    assert not (tmp_path / "out.csv").exists()


def test_days_are_counted_in_universal_time() -> None:
    with engine() as one:
        said = one.connection.raw_sql(  # type: ignore[attr-defined]
            "SELECT current_setting('TimeZone'), current_setting('autoinstall_known_extensions')"
        ).fetchall()
    assert said == [("UTC", False)]


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    write_parquet(ROWS.schema, ROWS.to_batches(), path)
    before = path.read_bytes()

    def failing():
        yield from ROWS.to_batches()
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        write_parquet(ROWS.schema, failing(), path)
    assert path.read_bytes() == before
    assert len(list(tmp_path.iterdir())) == 1


def test_spark_is_asked_for_the_same_answers_wherever_it_runs(tmp_path: Path) -> None:
    here = settings(master="local[2]", memory="1500MB", scratch=tmp_path)
    there = settings(master="spark://head:7077", memory="", scratch=tmp_path)
    assert here["spark.driver.bindAddress"] == "127.0.0.1"
    assert here["spark.driver.memory"] == "1500m"
    assert settings(master="local[1]", memory="", scratch=tmp_path)["spark.driver.memory"] == "2g"
    assert here["spark.sql.session.timeZone"] == there["spark.sql.session.timeZone"] == "UTC"
    assert not [key for key in there if key.startswith(("spark.driver", "spark.local"))]
    assert [spark_memory(text) for text in ("1500MB", "2GB", "2gib")] == ["1500m", "2g", "2g"]


def test_spark_without_java_says_what_it_needs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(BadInput, match="Spark needs Java 17"), engine("spark"):
        pass
