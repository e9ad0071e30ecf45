"""Where sealed things are, so that all of them can be counted and sealed anew.

Model fields are found by themselves. Whoever keeps anything else sealed says so here, when its
`AppConfig` gets ready.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.apps import apps

from sightline.secrets.fields import SealedText
from sightline.secrets.keys import DATA


@dataclass(frozen=True)
class SealedFile:
    """A sealed file and what it is sealed about. Once complete it is never written again."""

    path: Path
    about: str


@dataclass(frozen=True)
class Files:
    """A set of sealed files of one purpose, listed when asked."""

    name: str
    purpose: str
    listed: Callable[[], Iterable[SealedFile]]


@dataclass(frozen=True)
class SealedValue:
    """Something sealed that is neither field nor file.

    `exchange` puts other bytes in its place, and answers False where it has changed meanwhile.
    """

    sealed: bytes
    about: str
    exchange: Callable[[bytes], bool]


@dataclass(frozen=True)
class Values:
    """A set of such values of one purpose, listed when asked."""

    name: str
    purpose: str
    listed: Callable[[], Iterable[SealedValue]]


_files: Final[dict[str, Files]] = {}
_values: Final[dict[str, Values]] = {}
_indexes: Final[dict[str, Callable[[], int]]] = {}


def register_files(
    name: str, listed: Callable[[], Iterable[SealedFile]], *, purpose: str = DATA
) -> None:
    """Say where sealed files are; `name` is what the status calls them."""
    _files[name] = Files(name, purpose, listed)


def register_values(
    name: str, listed: Callable[[], Iterable[SealedValue]], *, purpose: str = DATA
) -> None:
    """Say where other sealed values are."""
    _values[name] = Values(name, purpose, listed)


def register_index(name: str, rebuild: Callable[[], int]) -> None:
    """Say how blind indexes are written anew: `rebuild` does it, and gives how many changed."""
    _indexes[name] = rebuild


def fields() -> tuple[SealedText, ...]:
    """Every sealed field of every model."""
    found = (field for model in apps.get_models() for field in model._meta.local_concrete_fields)
    return tuple(field for field in found if isinstance(field, SealedText))


def files() -> tuple[Files, ...]:
    """Every set of sealed files."""
    return tuple(_files.values())


def values() -> tuple[Values, ...]:
    """Every set of other sealed values."""
    return tuple(_values.values())


def indexes() -> dict[str, Callable[[], int]]:
    """Every way to write blind indexes anew."""
    return dict(_indexes)
