"""Sealing files in chunks, with the same memory however large they are.

A sealed file: `SLF`, a format byte, the length of the key's id, the id, a salt of 32 bytes; then
chunks of 64 KiB, each under AES-256-GCM with its tag. Every file has a key of its own, derived from
the purpose's key and the salt. A chunk's nonce is its number and whether it is the last, so
shortening, lengthening and exchanging chunks are all found.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.views.decorators.debug import sensitive_variables

from sightline.secrets.keys import DATA, Key, Tampered, current, named

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

MAGIC: Final = b"SLF\x01"
SALT_BYTES: Final = 32
CHUNK: Final = 64 * 1024
TAG_BYTES: Final = 16
SEALED_CHUNK: Final = CHUNK + TAG_BYTES


@dataclass(frozen=True)
class _Cipher:
    """Seals and unseals the chunks of one file."""

    cipher: AESGCM
    header: bytes
    about: str

    @classmethod
    def of(cls, key: Key, salt: bytes, about: str) -> "_Cipher":
        id_bytes = key.id.encode("ascii")
        header = MAGIC + bytes([len(id_bytes)]) + id_bytes + salt
        return cls(AESGCM(key.derived("file", salt=salt)), header, about)

    def _nonce(self, number: int, last: bool) -> bytes:
        return number.to_bytes(11, "big") + bytes([last])

    def seal(self, chunk: bytes, number: int, *, last: bool) -> bytes:
        bound = self.header + self.about.encode()
        return self.cipher.encrypt(self._nonce(number, last), chunk, bound)

    def unseal(self, sealed: bytes, number: int, *, last: bool) -> bytes:
        bound = self.header + self.about.encode()
        try:
            return self.cipher.decrypt(self._nonce(number, last), sealed, bound)
        except (InvalidTag, ValueError):
            raise Tampered(self.about) from None


class SealingWriter(io.RawIOBase):
    """A file to write to, whose content arrives sealed in `target`; nothing is complete until
    `close`, which leaves `target` itself open. Leaving a `with` block by an error does not
    complete it, so that half a file never passes for a whole one.
    """

    def __init__(self, target: BinaryIO, *, purpose: str = DATA, about: str) -> None:
        super().__init__()
        self._target = target
        self._cipher = _Cipher.of(current(purpose), os.urandom(SALT_BYTES), about)
        self._waiting = bytearray()
        self._number = 0
        target.write(self._cipher.header)

    def writable(self) -> bool:
        """It is for writing."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Take bytes; whole chunks go to the target as they fill."""
        given = memoryview(data).cast("B")
        self._waiting += given
        # The last chunk is kept back: only `close` knows which one that is.
        while len(self._waiting) > CHUNK:
            self._put(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        return len(given)

    def _put(self, chunk: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.seal(chunk, self._number, last=last))
        self._number += 1

    def close(self) -> None:
        """Complete the file."""
        if not self.closed:
            self._put(bytes(self._waiting), last=True)
            self._waiting.clear()
        super().close()

    def abandon(self) -> None:
        """Leave the file incomplete: it will not open."""
        super().close()

    def __exit__(self, kind: object, *more: object) -> None:
        if kind is None:
            self.close()
        else:
            self.abandon()

    def __del__(self) -> None:
        """Never completed by being forgotten."""
        self.abandon()


class SealedReader(io.RawIOBase):
    """Reads a sealed file, unsealing chunk by chunk, from any place in it."""

    def __init__(self, file: BinaryIO, *, purpose: str = DATA, about: str) -> None:
        super().__init__()
        self._file = file
        self._cipher = _opened(file, purpose, about)
        self._start = len(self._cipher.header)
        body = file.seek(0, os.SEEK_END) - self._start
        self._chunks = max(1, -(-body // SEALED_CHUNK))
        self._size = body - self._chunks * TAG_BYTES
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")
        if self._size < 0:
            raise Tampered(about)
        self._chunk(self._chunks - 1)  # a file cut short is refused before a byte of it is read

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(self._start + number * SEALED_CHUNK)
            sealed = self._file.read(SEALED_CHUNK)
            last = number == self._chunks - 1
            self._held = (number, self._cipher.unseal(sealed, number, last=last))
        return self._held[1]

    def readable(self) -> bool:
        """It is for reading."""
        return True

    def seekable(self) -> bool:
        """Any place can be read, at the cost of its chunk."""
        return True

    def tell(self) -> int:
        """The place in the clear content."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        """Go to a place in the clear content."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise ValueError("A place before the beginning of the file was asked for.")
        self._at = base + offset
        return self._at

    @sensitive_variables()
    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill the buffer, from one chunk at most."""
        if self._at >= self._size:
            return 0
        number, offset = divmod(self._at, CHUNK)
        into = memoryview(buffer).cast("B")
        part = self._chunk(number)[offset : offset + len(into)]
        into[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        """Close the file beneath too."""
        if not self.closed:
            self._held = (-1, b"")
            self._file.close()
        super().close()


def _opened(source: BinaryIO, purpose: str, about: str) -> _Cipher:
    """Read the header, and find the key it names."""
    key_id, salt = _read_header(source, about)
    return _Cipher.of(named(purpose, key_id), salt, about)


def _read_header(source: BinaryIO, about: str) -> tuple[str, bytes]:
    start = source.read(len(MAGIC) + 1)
    if len(start) <= len(MAGIC) or not start.startswith(MAGIC):
        raise Tampered(about)
    key_id, salt = source.read(start[-1]), source.read(SALT_BYTES)
    if len(key_id) < start[-1] or len(salt) < SALT_BYTES or not key_id.isascii():
        raise Tampered(about)
    return key_id.decode("ascii"), salt


def key_id_of_file(path: Path) -> str:
    """The id of the key a file is sealed with, read without any key.

    Raises:
        Tampered: it is no sealed file.
    """
    with path.open("rb") as file:
        return _read_header(file, path.name)[0]


@sensitive_variables()
def seal_stream(source: BinaryIO, target: BinaryIO, *, purpose: str = DATA, about: str) -> int:
    """Write `source` sealed to `target`; gives the number of clear bytes."""
    written = 0
    with SealingWriter(target, purpose=purpose, about=about) as writer:
        while chunk := source.read(CHUNK):
            written += writer.write(chunk)
    return written


@sensitive_variables()
def unseal_stream(source: BinaryIO, target: BinaryIO, *, purpose: str = DATA, about: str) -> int:
    """Write what is sealed in `source` to `target`; gives the number of bytes.

    `source` need not be seekable. Throw `target` away after an error: what came before the fault
    is in it.

    Raises:
        KeyMissing: the key is not held here.
        Tampered: changed, cut short, lengthened, or sealed about something else.
    """
    cipher = _opened(source, purpose, about)
    written = number = 0
    chunk = _read_whole(source.read, SEALED_CHUNK)
    while True:
        following = _read_whole(source.read, SEALED_CHUNK) if len(chunk) == SEALED_CHUNK else b""
        written += target.write(cipher.unseal(chunk, number, last=not following))
        if not following:
            return written
        chunk, number = following, number + 1


def _read_whole(read: Callable[[int], bytes], size: int) -> bytes:
    """As many bytes as there are, up to `size`: a pipe may give fewer at a time."""
    parts = []
    while size and (part := read(size)):
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def open_sealed(path: Path, *, purpose: str = DATA, about: str) -> BinaryIO:
    """A sealed file opened for reading; `seek` works, as zip and XLSX readers need it.

    Raises:
        KeyMissing: the key is not held here.
        Tampered: changed, cut short, lengthened, or sealed about something else.
    """
    file = path.open("rb")
    try:
        reader = SealedReader(file, purpose=purpose, about=about)
    except BaseException:
        file.close()
        raise
    return io.BufferedReader(reader, CHUNK)
