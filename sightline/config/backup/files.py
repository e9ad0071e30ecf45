"""The files of a copy: what is copied of the state folder, and how it is put back."""

import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final

from django.conf import settings

from sightline.config.backup.manifest import DATABASE, NAME
from sightline.kernel.errors import BadInput

# Made anew (static), of the moment (workers), letters with links that sign somebody in (mail), and
# keys, which never go where the backup goes.
LEFT_OUT: Final = frozenset({"static", "workers", "mail", "keys"})
LEFT_OUT_ENDINGS: Final = (
    ".env", ".keys", ".keys.sealed", ".log", ".part", ".pid", ".lock", ".sqlite3",
    ".sqlite3-wal", ".sqlite3-shm", ".unfinished",
)  # fmt: skip
STAGED: Final = ".restoring"


def state() -> Path:
    """The state folder."""
    return Path(settings.SIGHTLINE_STATE)


def wanted(*, without: Path) -> Iterator[Path]:
    """The files to copy, in order; nothing of `without`, where the backup itself is made."""
    top = state()
    apart = {without.resolve(), *_database_files()}
    for folder, folders, names in os.walk(top):
        here = Path(folder)
        folders[:] = sorted(
            name
            for name in folders
            if not (here == top and (name in LEFT_OUT or name.startswith(".")))
            and (here / name).resolve() not in apart
            and not is_backup(here / name)
        )
        for name in sorted(names):
            path = here / name
            left_out = name.endswith(LEFT_OUT_ENDINGS) or (here == top and name.startswith("."))
            plain = path.is_file() and not path.is_symlink()
            if plain and not left_out and path.resolve() not in apart:
                yield path


def is_backup(folder: Path) -> bool:
    """Whether a folder is a backup: backups are not backed up."""
    return (folder / NAME).is_file() and (folder / DATABASE).is_file()


def _database_files() -> Iterator[Path]:
    name = str(settings.DATABASES["default"]["NAME"])
    if name.startswith("/"):
        for ending in ("", "-wal", "-shm", "-journal"):
            yield Path(name + ending).resolve()


def pack(target: BinaryIO, *, without: Path) -> int:
    """Write the files as one stream; gives how many. One that goes meanwhile is left out."""
    many = 0
    with tarfile.open(fileobj=target, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for path in wanted(without=without):
            try:
                file = path.open("rb")
            except FileNotFoundError:
                continue
            with file:
                described = archive.gettarinfo(arcname=str(path.relative_to(state())), fileobj=file)
                described.uname = described.gname = ""
                described.uid = described.gid = 0
                archive.addfile(described, file)
            many += 1
    return many


def unpack(source: BinaryIO) -> tuple[Path, int]:
    """Put the files beside their places, to be moved in when the database is; and how many.

    Raises:
        BadInput: the stream holds something that is no file of ours.
    """
    staged = state() / STAGED
    shutil.rmtree(staged, ignore_errors=True)
    staged.mkdir(mode=0o700, parents=True)
    many = 0
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for member in archive:
                if not member.isfile():
                    raise BadInput(f"The backup holds {member.name}, which is not a plain file.")
                member.mode = 0o600
                archive.extract(member, staged, filter="data")
                many += 1
    except tarfile.TarError as fault:
        raise BadInput(f"The files of the backup cannot be read: {fault}.") from None
    return staged, many


def move_in(staged: Path) -> list[Path]:
    """Give every staged file its place; gives the places that were empty before."""
    new = []
    for folder, _, names in os.walk(staged):
        for name in names:
            source = Path(folder) / name
            place = state() / source.relative_to(staged)
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not place.exists():
                new.append(place)
            source.replace(place)
    return new


def clear_away(staged: Path, moved: list[Path]) -> None:
    """Undo `move_in` as far as it filled empty places, and leave nothing staged."""
    for place in moved:
        place.unlink(missing_ok=True)
    shutil.rmtree(staged, ignore_errors=True)
