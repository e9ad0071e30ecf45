"""Sealed files: any size in the same memory, any change found."""

import io
import os
import random
import tracemalloc
import zipfile
from pathlib import Path

import pytest

from sightline.secrets import (
    KeyMissing,
    SealingWriter,
    Tampered,
    open_sealed,
    seal_stream,
    unseal_stream,
)
from sightline.secrets.streams import CHUNK, SEALED_CHUNK, key_id_of_file
from tests.secrets.conftest import Keys

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 7]
HEADER = 4 + 1 + 3 + 32  # with a key called "old"


def sealed(content: bytes, about: str = "a file") -> bytes:
    target = io.BytesIO()
    assert seal_stream(io.BytesIO(content), target, about=about) == len(content)
    return target.getvalue()


def unsealed(given: bytes, about: str = "a file") -> bytes:
    target = io.BytesIO()
    unseal_stream(io.BytesIO(given), target, about=about)
    return target.getvalue()


@pytest.fixture
def path(tmp_path: Path, keys: Keys) -> Path:
    return tmp_path / "sealed"


@pytest.mark.parametrize("size", SIZES)
def test_every_size_comes_back(path: Path, size: int) -> None:
    content = os.urandom(size)
    path.write_bytes(sealed(content))
    assert unsealed(path.read_bytes()) == content
    with open_sealed(path, about="a file") as file:
        assert file.read() == content
        assert file.read() == b""
    chunks = max(1, -(-size // CHUNK))
    assert path.stat().st_size == HEADER + size + chunks * 16


def test_any_place_can_be_read(path: Path) -> None:
    content = os.urandom(3 * CHUNK + 100)
    path.write_bytes(sealed(content))
    chance = random.Random(1)  # noqa: S311
    with open_sealed(path, about="a file") as file:
        assert file.seekable()
        assert file.seek(0, os.SEEK_END) == len(content)
        for _ in range(200):
            place, size = chance.randrange(len(content)), chance.randrange(2 * CHUNK)
            file.seek(place)
            assert file.read(size) == content[place : place + size]
        file.seek(-10, os.SEEK_END)
        assert file.tell() == len(content) - 10
        file.seek(-5, os.SEEK_CUR)
        assert file.read() == content[-15:]
        file.seek(len(content) + 5)
        assert file.read() == b""
        with pytest.raises(ValueError, match="before the beginning"):
            file.seek(-(len(content) + 1), os.SEEK_END)


def test_a_zip_is_read_in_place(path: Path) -> None:
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.txt", "words " * 50_000)
        archive.writestr("b.bin", os.urandom(200_000))
    path.write_bytes(sealed(plain.getvalue()))
    with open_sealed(path, about="a file") as file, zipfile.ZipFile(file) as archive:
        assert archive.testzip() is None
        assert archive.read("a.txt").startswith(b"words words")


def _flipped(given: bytes, place: int) -> bytes:
    return given[:place] + bytes([given[place] ^ 1]) + given[place + 1 :]


CONTENT = bytes(range(256)) * 800  # three chunks and a bit
_FIRST, _SECOND = HEADER + SEALED_CHUNK, HEADER + 2 * SEALED_CHUNK
BREAKS = {
    "the last byte gone": lambda s: s[:-1],
    "the last chunk gone": lambda s: s[: HEADER + 3 * SEALED_CHUNK],
    "all chunks but one gone": lambda s: s[:_FIRST],
    "every chunk gone": lambda s: s[:HEADER],
    "cut inside a tag": lambda s: s[: HEADER + 7],
    "a byte more": lambda s: s + b"x",
    "a chunk more": lambda s: s + s[_FIRST:_SECOND],
    "two chunks exchanged": lambda s: (
        s[:HEADER] + s[_FIRST:_SECOND] + s[HEADER:_FIRST] + s[_SECOND:]
    ),
    "a chunk left out": lambda s: s[:_FIRST] + s[_SECOND:],
    "a byte changed": lambda s: _flipped(s, 5_000 + HEADER),
    "the salt changed": lambda s: _flipped(s, HEADER - 1),
    "no sealed file": lambda s: b"PK\x03\x04" + s,
    "cut in the header": lambda s: s[:20],
    "nothing at all": lambda s: b"",
    "a name that is no name": lambda s: s[:5] + b"\xff\xff\xff" + s[8:],
}  # fmt: skip


@pytest.mark.parametrize("how", BREAKS)
def test_any_change_is_found(path: Path, how: str) -> None:
    broken = BREAKS[how](sealed(CONTENT))
    path.write_bytes(broken)
    with pytest.raises(Tampered):
        unsealed(broken)
    with pytest.raises(Tampered), open_sealed(path, about="a file") as file:
        file.read()


def test_a_file_cut_short_is_refused_before_a_byte_of_it_is_read(path: Path) -> None:
    path.write_bytes(sealed(CONTENT)[: HEADER + 2 * SEALED_CHUNK])
    with pytest.raises(Tampered):
        open_sealed(path, about="a file")


def test_a_file_of_something_else_does_not_open(path: Path) -> None:
    path.write_bytes(sealed(CONTENT, about="another file"))
    with pytest.raises(Tampered, match="a file"):
        open_sealed(path, about="a file")


def test_chunks_of_two_files_cannot_be_mixed(keys: Keys) -> None:
    one, two = sealed(CONTENT), sealed(CONTENT)
    with pytest.raises(Tampered):
        unsealed(one[:_FIRST] + two[_FIRST:])


def test_a_missing_key_is_named(path: Path, keys: Keys) -> None:
    path.write_bytes(sealed(CONTENT))
    assert key_id_of_file(path) == "old"
    keys("new")
    with pytest.raises(KeyMissing, match="data:old"):
        open_sealed(path, about="a file")


def test_a_writer_takes_pieces_as_they_come(path: Path) -> None:
    chance = random.Random(2)  # noqa: S311
    with path.open("wb") as file:
        with SealingWriter(file, about="a file") as writer:
            assert writer.writable()
            left = memoryview(CONTENT)
            while left:
                size = chance.randrange(1, 90_000)
                assert writer.write(left[:size]) == len(left[:size])
                left = left[size:]
        writer.close()  # once more does nothing
        assert not file.closed
    assert unsealed(path.read_bytes()) == CONTENT


def _break_off(out: SealingWriter) -> None:
    out.write(CONTENT)
    raise OSError("full")


@pytest.mark.parametrize("how", ["by an error", "by being forgotten"])
def test_a_file_that_was_not_completed_never_opens(path: Path, how: str) -> None:
    with path.open("wb") as file:
        if how == "by an error":
            with pytest.raises(OSError, match="full"), SealingWriter(file, about="a file") as out:
                _break_off(out)
        else:
            SealingWriter(file, about="a file").write(CONTENT)
    with pytest.raises(Tampered):
        open_sealed(path, about="a file")


class Pipe(io.RawIOBase):
    """A source that gives a few bytes at a time, and cannot seek."""

    def __init__(self, content: bytes) -> None:
        self.left = content

    def read(self, size: int = -1) -> bytes:
        part, self.left = self.left[: min(size, 1_000)], self.left[min(size, 1_000) :]
        return part


def test_a_pipe_is_unsealed_too(keys: Keys) -> None:
    target = io.BytesIO()
    unseal_stream(Pipe(sealed(CONTENT)), target, about="a file")  # type: ignore[arg-type]
    assert target.getvalue() == CONTENT


def test_memory_does_not_grow_with_the_file(path: Path, tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as file:
        for _ in range(160):
            file.write(b"x" * CHUNK)  # 10 MB
    tracemalloc.start()
    with big.open("rb") as source, path.open("wb") as target:
        seal_stream(source, target, about="a file")
    with path.open("rb") as source, (tmp_path / "again").open("wb") as target:
        unseal_stream(source, target, about="a file")
    with open_sealed(path, about="a file") as file:
        while file.read(CHUNK):
            pass
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20 * CHUNK
    assert (tmp_path / "again").stat().st_size == 160 * CHUNK
