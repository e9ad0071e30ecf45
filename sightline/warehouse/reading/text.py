"""Reads text with something between its cells: comma, semicolon or tab."""

import codecs
import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

from sightline.kernel.errors import BadInput
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
_SAMPLE_LINES: Final = 50
DELIMITERS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "upright bars"}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NOT_TEXT: Final = bytes(set(range(32)) - {9, 10, 11, 12, 13, 26, 27})
_SAVE_AS: Final = "Save it as “CSV UTF-8” and send that."


@dataclass(frozen=True)
class _Text:
    """How a file of text is written."""

    encoding: str
    lines: int
    said: tuple[str, ...]


def open_text(source: Source) -> Table:
    """The table of a file of text.

    Raises:
        BadInput: it is not text, or nobody can say how its letters are coded.
    """
    text = _look(source)
    with _opened(source, text.encoding) as lines:
        delimiter, skipped = _delimiter(lines)
    said = list(text.said)
    if delimiter != ",":
        said.append(f"Cells are divided by {DELIMITERS[delimiter]}, and were read so.")

    def every_line() -> Iterator[Line]:
        with _opened(source, text.encoding) as opened:
            yield from _lines(opened, delimiter, skipped)

    return Table(Format.CSV, every_line, rows=text.lines, said=tuple(said), delimiter=delimiter)


def _look(source: Source) -> _Text:
    """Read it through once: which letters, how many lines, nothing that is not text."""
    with source.open() as file:
        start = file.read(4)
        encoding = next((name for mark, name in _MARKS if start.startswith(mark)), "")
        file.seek(0)
        if encoding == "utf-16":
            return _Text("utf-16", _count(file, "utf-16"), ("Letters were read as UTF-16.",))
        try:
            lines = _count(file, encoding or "utf-8")
        except UnicodeDecodeError:
            file.seek(0)
            try:
                lines = _count(file, "cp1252")
            except UnicodeDecodeError:
                raise BadInput(
                    f"It is not plain text, or nobody can tell how its letters are coded. "
                    f"{_SAVE_AS}"
                ) from None
            said = (
                "Letters were read as Windows-1252, because the file is not UTF-8. "
                "Look whether names with accents and pound signs are right."
            )
            return _Text("cp1252", lines, (said,))
    return _Text(encoding or "utf-8", lines, ())


def _count(file: BinaryIO, encoding: str) -> int:
    """Decode it all, keeping nothing; the number of line ends.

    Raises:
        UnicodeDecodeError: it is not in this encoding.
        BadInput: it holds what no text holds.
    """
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 0
    while chunk := file.read(_CHUNK):
        said = decoder.decode(chunk)
        lines += said.count("\n")
        _check_text(said if encoding == "utf-16" else chunk)
    decoder.decode(b"", final=True)
    return lines + 1


def _check_text(chunk: bytes | str) -> None:
    if isinstance(chunk, str):
        odd = "\0" in chunk
    else:
        odd = len(chunk.translate(None, _NOT_TEXT)) < len(chunk)
    if odd:
        raise BadInput(
            "It holds characters that no text has (such as NUL), so it is damaged or "
            f"is not a CSV file. {_SAVE_AS}"
        )


@contextmanager
def _opened(source: Source, encoding: str) -> Iterator[io.TextIOWrapper]:
    with source.open() as file:
        lines = io.TextIOWrapper(file, encoding=encoding, newline="")
        try:
            yield lines
        finally:
            lines.detach()


def _delimiter(lines: io.TextIOWrapper) -> tuple[str, bool]:
    """What stands between cells, and whether the first line says so itself (`sep=;`)."""
    sample = [lines.readline(_CHUNK) for _ in range(_SAMPLE_LINES)]
    said = sample[0].strip().lower().removeprefix("sep=")
    if sample[0].lower().startswith("sep=") and said in DELIMITERS:
        return said, True
    if sample[0].lower().startswith("sep=") and sample[0].strip("\r\n").endswith("\t"):
        return "\t", True
    return max(DELIMITERS, key=lambda mark: _fits(sample, mark)), False


def _fits(sample: list[str], mark: str) -> tuple[int, int]:
    """How well a mark divides the sample: lines with as many cells as the most, and how many."""
    try:
        sizes = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
    except csv.Error:
        return (0, 0)
    most = max(sizes, default=1)
    if most < 2:  # noqa: PLR2004 - one cell a line means that nothing divides it
        return (0, 0)
    usual = max(set(sizes) - {1}, key=sizes.count)
    return (sizes.count(usual), usual)


def _lines(opened: io.TextIOWrapper, delimiter: str, skipped: bool) -> Iterator[Line]:
    reader = csv.reader(opened, delimiter=delimiter, strict=True)
    if skipped:
        next(reader)
    number, place = (1 if skipped else 0), reader.line_num
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadInput(
                f"Line {place + 1} of the file cannot be read ({error}). "
                "Look for a quotation mark that is not closed, or one too many."
            ) from None
        number += 1
        _check_row(row, number, place + 1)
        cells: list[Cell] = list(row)
        yield Line(number, cells, place + 1)
        place = reader.line_num


def _check_row(row: list[str], number: int, place: int) -> None:
    if number > MOST_ROWS:
        raise BadInput(f"It has more than {MOST_ROWS:,} rows. Divide it, and send the parts.")
    if len(row) > MOST_COLUMNS:
        raise BadInput(
            f"Line {place} has {len(row):,} cells; at most {MOST_COLUMNS:,} can be read. "
            "Look for lines that run together."
        )
