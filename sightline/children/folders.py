"""Where Parquet of an area lies: extracts by their content, builds by their number.

Folders are for this account alone; a file has its name once it is whole.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.conf import settings

EXTRACTS: Final = "extracts"
UNFINISHED: Final = ".part"
"""What a file or folder that is being made ends in."""
MADE: Final = ".making"
LOCKED: Final = ".lock"
A_DAY: Final = 24 * 60 * 60


def warehouse() -> Path:
    """The folder of everything."""
    return _made(settings.SIGHTLINE_STATE / "warehouse")


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def area_folder(area: str) -> Path:
    """The folder of an area."""
    return _made(warehouse() / area)


def extracts_folder(area: str) -> Path:
    """The extracts of an area."""
    return _made(area_folder(area) / EXTRACTS)


def extract_path(area: str, content: str) -> Path:
    """The Parquet of an extract."""
    return extracts_folder(area) / f"{content}.parquet"


def build_path(area: str, number: int) -> Path:
    """The folder of a finished build."""
    return area_folder(area) / str(number)


def making_path(area: str, number: int) -> Path:
    """The folder of a build while it is made."""
    return area_folder(area) / f"{number}{MADE}"


def _lock_path(area: str, number: int) -> Path:
    return area_folder(area) / f"{number}{LOCKED}"


@contextmanager
def making(area: str, number: int) -> Iterator[None]:
    """While open, nobody else makes this build; waits for whoever does.

    The lock is the system's: it ends with the process that holds it, however that ends.
    """
    with _lock_path(area, number).open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def is_making(area: str, number: int) -> bool:
    """Whether some process makes this build at this moment."""
    try:
        with _lock_path(area, number).open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def begin(area: str, number: int) -> Path:
    """An empty folder to make a build in; what an earlier attempt left is removed."""
    folder = making_path(area, number)
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(build_path(area, number), ignore_errors=True)
    return _made(folder)


def finish(area: str, number: int) -> Path:
    """Give a build's folder its name, once all of it is there and on the disk."""
    folder = making_path(area, number)
    for path in folder.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    done = build_path(area, number)
    folder.rename(done)
    handle = os.open(done.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return done


def remove_loose(area: str, *, contents: Collection[str]) -> None:
    """Remove extracts that no row names, and what builds that died while made have left.

    A file that waits to be imported is written again then; one that is being written is not whole,
    and whoever writes it is asked again before it is used.
    """
    for path in extracts_folder(area).glob("*.parquet"):
        if path.stem not in contents:
            path.unlink(missing_ok=True)
    for path in area_folder(area).glob(f"*{MADE}"):
        if not is_making(area, int(path.name.removesuffix(MADE))):
            shutil.rmtree(path, ignore_errors=True)


def remove_build(area: str, number: int) -> None:
    """Remove a build's files; again is no fault."""
    for folder in (build_path(area, number), making_path(area, number)):
        shutil.rmtree(folder, ignore_errors=True)


def areas() -> list[str]:
    """Areas that have a folder."""
    return sorted(path.name for path in warehouse().iterdir() if path.is_dir())


def left_over(area: str, *, contents: Collection[str], building: Collection[int]) -> Iterator[Path]:
    """Files and folders that no row needs, a day after they were last written to."""
    before = time.time() - A_DAY
    for path in extracts_folder(area).iterdir():
        if path.stem not in contents and path.stat().st_mtime < before:
            yield path
    for path in area_folder(area).iterdir():
        if path.name == EXTRACTS or path.stat().st_mtime >= before:
            continue
        number = path.name.removesuffix(MADE)
        if path.name.endswith(MADE) or not number.isdecimal() or int(number) not in building:
            yield path
