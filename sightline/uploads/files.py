"""The bytes of uploads: sealed as they arrive, never in the clear on a disk, destroyed by removal.

A removed file can be read neither by us nor by whoever finds the disk without the key.
"""

import hashlib
import os
import time
import uuid
from collections.abc import Collection, Iterator
from pathlib import Path, PurePath, PureWindowsPath
from typing import BinaryIO, Final

from django.conf import settings

from sightline.kernel.errors import NotAvailable
from sightline.secrets import SealingWriter, open_sealed
from sightline.warehouse.reading import Source

LONGEST_NAME: Final = 150
_UNFINISHED: Final = ".part"
_KEPT: Final = ".sealed"
_A_DAY: Final = 24 * 60 * 60


def folder() -> Path:
    """Where uploads are, for this account alone."""
    place: Path = settings.SIGHTLINE_STATE / "uploads"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def path_of(upload: uuid.UUID) -> Path:
    """The sealed file of an upload."""
    return folder() / f"{upload}{_KEPT}"


def about(upload: uuid.UUID) -> str:
    """What an upload's file is sealed about."""
    return f"uploads.Upload:{upload}"


def clean_name(given: str) -> str:
    """A file's name without folders or characters nobody types."""
    name = PurePath(PureWindowsPath(given).name).name
    name = "".join(letter for letter in name if letter.isprintable()).strip()
    if len(name) > LONGEST_NAME:
        ending = PurePath(name).suffix[:20]
        name = name[: LONGEST_NAME - len(ending)] + ending
    return name or "file"


class Incoming:
    """A file that is arriving: hashed and sealed chunk by chunk."""

    def __init__(self) -> None:
        self.id = uuid.uuid4()
        self.size = 0
        self._hash = hashlib.sha256()
        self._path = folder() / f"{self.id}{_UNFINISHED}"
        self._file: BinaryIO = os.fdopen(
            os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
        )
        self._writer = SealingWriter(self._file, about=about(self.id))

    def write(self, chunk: bytes) -> None:
        """Take the next bytes."""
        self._hash.update(chunk)
        self._writer.write(chunk)
        self.size += len(chunk)

    @property
    def sha256(self) -> str:
        """The hash of what has arrived so far."""
        return self._hash.hexdigest()

    def finish(self) -> None:
        """All of it has arrived: seal the end, and see it onto the disk."""
        self._writer.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def keep(self) -> None:
        """Give it its name for good, once the database knows of it."""
        self._path.replace(path_of(self.id))

    def discard(self) -> None:
        """Leave nothing of it, unless it is kept already."""
        self._writer.abandon()
        self._file.close()
        self._path.unlink(missing_ok=True)


def open_upload(upload: uuid.UUID) -> BinaryIO:
    """The clear bytes of an upload, unsealed as they are read.

    Raises:
        NotAvailable: they have been destroyed.
        KeyMissing, Tampered: as `open_sealed`.
    """
    try:
        return open_sealed(path_of(upload), about=about(upload))
    except FileNotFoundError:
        raise NotAvailable("The file is no longer here. Send it again.") from None


def source_of(upload: uuid.UUID, *, name: str, size: int) -> Source:
    """An upload as the reader takes it."""
    return Source(open=lambda: open_upload(upload), name=name, size=size)


def source_of_path(path: Path) -> Source:
    """A file on this machine as the reader takes it."""
    return Source(open=lambda: path.open("rb"), name=path.name, size=path.stat().st_size)


def destroy(upload: uuid.UUID) -> None:
    """Remove the bytes of an upload; again is no fault."""
    path_of(upload).unlink(missing_ok=True)


def left_over(kept: Collection[uuid.UUID]) -> Iterator[Path]:
    """Files that no upload needs, a day after they were last written to."""
    before = time.time() - _A_DAY
    for path in folder().iterdir():
        needed = path.suffix == _KEPT and path.stem in {str(key) for key in kept}
        if not needed and path.stat().st_mtime < before:
            yield path
