"""Looking for planted words in everything that is kept, in every dress they might wear."""

import base64
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db import connection


def dresses(word: str) -> set[bytes]:
    """A word as bytes: plain, UTF-16, hexadecimal, base64 wherever it may begin, escaped."""
    found = set()
    for text in {word, word.lower(), word.upper()}:
        for raw in (text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")):
            found |= {raw, raw.hex().encode(), raw.hex().upper().encode()}
            for before in range(3):
                coded = base64.b64encode(b"\0" * before + raw)
                # the first and last letters depend on what stands beside the word
                found.add(coded[(before * 8 + 5) // 6 : len(raw + b"\0" * before) * 8 // 6])
        found.add(text.encode("unicode_escape"))
    return found


def words_in(data: bytes, words: Iterable[str]) -> set[str]:
    """Which of the words are in these bytes, in any dress."""
    return {word for word in words if any(dress in data for dress in dresses(word))}


def cells() -> Iterator[tuple[str, bytes]]:
    """Every value of every table of the database, with where it is."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    yield f"{table}.{name}", _bytes(value)


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes | memoryview | bytearray):
        return bytes(value)
    return str(value).encode()


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below these folders."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield str(path), path.read_bytes()


def leaks(pieces: Iterable[tuple[str, bytes]], words: Iterable[str]) -> list[str]:
    """Where a word was found."""
    known = [(word, tuple(dresses(word))) for word in words]
    return sorted({
        f"{word} in {where}"
        for where, data in pieces
        for word, worn in known
        if any(dress in data for dress in worn)
    })  # fmt: skip
