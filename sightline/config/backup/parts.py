"""The sealed parts of a backup: written, hashed, checked and opened, never held whole."""

import gzip
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from sightline.config.backup.manifest import Manifest, Part
from sightline.kernel.errors import BadInput
from sightline.secrets import SealingWriter, open_sealed

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

CHUNK: Final = 1 << 20
LEVEL: Final = 6


class _Hashing(io.RawIOBase):
    """Passes bytes on and hashes them."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self.file, self.hash, self.size = file, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        self.file.write(data)
        self.hash.update(data)
        self.size += len(memoryview(data).cast("B"))
        return len(memoryview(data).cast("B"))


def write_part(path: Path, about: str, fill: Callable[[BinaryIO], None]) -> Part:
    """Write a part: compressed, sealed, then hashed; on the disk when this returns."""
    with path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        hashing = _Hashing(file)
        sealing = SealingWriter(cast(BinaryIO, hashing), about=about)
        with (
            sealing,
            io.BufferedWriter(_Open(sealing), CHUNK) as wide,
            gzip.GzipFile(fileobj=wide, mode="wb", compresslevel=LEVEL, mtime=0) as packed,
        ):
            fill(cast(BinaryIO, packed))
        file.flush()
        os.fsync(file.fileno())
    return Part(sha256=hashing.hash.hexdigest(), size=hashing.size)


class _Open(io.RawIOBase):
    """Passes bytes on and leaves the other open when it closes."""

    def __init__(self, file: io.RawIOBase) -> None:
        super().__init__()
        self.file = file

    def writable(self) -> bool:
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        return int(self.file.write(data) or 0)


def check_parts(folder: Path, manifest: Manifest) -> None:
    """See that every part is as it was written.

    Raises:
        BadInput: naming the part that is missing, cut short or changed.
    """
    for name, part in manifest.parts.items():
        path = folder / Path(name).name
        digest = hashlib.sha256()
        try:
            with path.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                if size != part.size:
                    raise BadInput(
                        f"{path} has {size:,} bytes and should have {part.size:,}: it is damaged. "
                        "Nothing was touched; use another backup."
                    )
                while chunk := file.read(CHUNK):
                    digest.update(chunk)
        except OSError as fault:
            raise BadInput(f"{path} cannot be read: {fault.strerror}.") from None
        if digest.hexdigest() != part.sha256:
            raise BadInput(
                f"{path} is not as it was written: it is damaged. Nothing was touched; use another "
                "backup."
            )


@contextmanager
def opened(folder: Path, manifest: Manifest, name: str) -> Iterator[BinaryIO]:
    """The clear bytes of a part, unsealed as they are read.

    Raises:
        KeyMissing: its key is not held here.
        Tampered: it is not what was sealed.
    """
    with (
        open_sealed(folder / name, about=manifest.about(name)) as sealed,
        gzip.GzipFile(fileobj=sealed, mode="rb") as packed,
    ):
        yield cast(BinaryIO, packed)
