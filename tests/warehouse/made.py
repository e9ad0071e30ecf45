"""Files made on the spot, good and bad ones."""

import datetime as dt
import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence

import duckdb
from openpyxl import Workbook

from sightline.warehouse.reading import Cell, Source, Table, open_table

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def source(content: bytes, name: str = "file.csv") -> Source:
    """Bytes as a file."""
    return Source(open=lambda: io.BytesIO(content), name=name, size=len(content))


def table(content: bytes, name: str = "file.csv", **more: str) -> Table:
    """The table of some bytes."""
    return open_table(source(content, name), **more)


def cells(found: Table) -> list[list[Cell]]:
    """The cells of a table, line by line."""
    return [line.cells for line in found.lines()]


def csv_of(rows: Iterable[Sequence[object]], *, delimiter: str = ",") -> bytes:
    """Rows as CSV, without quotation marks."""
    return "".join(delimiter.join(map(str, row)) + "\r\n" for row in rows).encode()


def workbook(rows: Iterable[Sequence[object]], *, title: str = "Data") -> Workbook:
    """A workbook of one sheet."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    return book


def saved(book: Workbook) -> bytes:
    """The bytes of a workbook."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def xlsx_of(rows: Iterable[Sequence[object]]) -> bytes:
    """Rows as a workbook."""
    return saved(workbook(rows))


def repacked(content: bytes, **changes: bytes | None) -> bytes:
    """An archive with members added, replaced, or (None) taken out; `__` stands for `/`."""
    wanted = {name.replace("__", "/"): data for name, data in changes.items()}
    written = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            if name not in wanted:
                new.writestr(name, old.read(name))
        for name, data in wanted.items():
            if data is not None:
                new.writestr(name, data)
    return written.getvalue()


def with_member(content: bytes, name: str, data: bytes | None) -> bytes:
    """An archive with one member added, replaced or taken out."""
    return repacked(content, **{name: data})


def bomb() -> bytes:
    """A small archive that unpacks to fifty million bytes."""
    return with_member(xlsx_of([["a"], [1]]), "xl/media/picture.bin", b"\0" * 50_000_000)


def lying_bomb() -> bytes:
    """An archive whose members claim to be small."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(b"\0" * 5_000_000) + packer.flush()
    name, claimed = b"xl/workbook.xml", 1_000
    check = zlib.crc32(b"\0" * claimed)
    local = struct.pack(
        "<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, check, len(packed), claimed, len(name), 0
    )
    central = struct.pack(
        "<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, check, len(packed), claimed,
        len(name), 0, 0, 0, 0, 0, 0,
    )  # fmt: skip
    body = local + name + packed
    directory = central + name
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(directory), len(body), 0)
    return body + directory + end


def many_members() -> bytes:
    """An archive of three thousand files."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for number in range(3_000):
            archive.writestr(f"xl/{number}.xml", b"")
    return written.getvalue()


def old_container(stream: str) -> bytes:
    """Microsoft's older container, with a stream of this name in its directory."""
    return OLE + b"\0" * 1_000 + stream.encode("utf-16-le") + b"\0" * 1_000


def parquet_of(rows: Sequence[Sequence[object]], folder: object) -> bytes:
    """Rows as Parquet; the first has the names, and a column's type is that of its first value."""
    kinds = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", dt.date: "DATE", bool: "BOOLEAN"}
    names, first = rows[0], rows[1]
    columns = ", ".join(
        f'"{name}" {kinds[type(value)]}' for name, value in zip(names, first, strict=True)
    )
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE t ({columns})")
    marks = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO t VALUES ({marks})", [list(row) for row in rows[1:]])  # noqa: S608
    path = f"{folder}/made.parquet"
    connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    connection.close()
    with open(path, "rb") as file:
        return file.read()
