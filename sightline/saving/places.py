"""Where texts are kept: a place is `kind:key/field`, and the context that owns it says who may.

A context registers its places in its `AppConfig.ready`; this one never learns what they are about.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeAlias

from sightline.access.actors import Actor
from sightline.kernel.errors import NotFound

Door: TypeAlias = Callable[[Actor, str], object]
"""Passes whoever may, given the key of the thing; raises `NotFound` or `NotPermitted` otherwise."""

Titles: TypeAlias = Callable[[str], str]
PLACE: Final = re.compile(r"([a-z][a-z_-]*):([\w-]+)/([a-z][a-z0-9_-]*)")


@dataclass(frozen=True)
class Owner:
    """Who may read and write texts of a kind of place, what they are called and where they stand.

    `looks_for_people`: after each save, say gently where something that may identify a person was
    seen.
    """

    read: Door
    write: Door
    title: Titles
    address: Titles
    looks_for_people: bool


@dataclass(frozen=True)
class Place:
    """One place, taken apart, with its owner."""

    kind: str
    key: str
    field: str
    owner: Owner

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}/{self.field}"

    @property
    def kwargs(self) -> dict[str, str]:
        """As the addresses of saving name it."""
        return {"kind": self.kind, "key": self.key, "field": self.field}

    @property
    def title(self) -> str:
        """What the text is called."""
        return self.owner.title(self.key)

    @property
    def address(self) -> str:
        """The page on which the text stands."""
        return self.owner.address(self.key)


_owners: dict[tuple[str, str], Owner] = {}
ANY_FIELD: Final = ""


def _bare(_: str) -> str:
    return "this text"


def _home(_: str) -> str:
    return "/"


def register(
    kind: str,
    *,
    read: Door,
    write: Door,
    field: str = ANY_FIELD,
    title: Titles = _bare,
    address: Titles = _home,
    looks_for_people: bool = True,
) -> None:
    """Say who may read and write the texts of a kind of thing.

    Args:
        kind: before the colon, such as "inspection".
        read: the door for reading; takes who asks and the key.
        write: the door for writing.
        field: after the stroke, such as "notes"; without one, every field nobody else registers.
        title: what the text is called, given the key.
        address: the page on which the text stands, given the key.
        looks_for_people: warn, after saving, of what may identify a person.
    """
    _owners[kind, field] = Owner(read, write, title, address, looks_for_people)


def place_of(text: str) -> Place:
    """The place a name names.

    Raises:
        NotFound: the name is no place's, or nobody has registered such places.
    """
    found = PLACE.fullmatch(text)
    kind, key, field = found.groups() if found else ("", "", "")
    owner = _owners.get((kind, field)) or _owners.get((kind, ANY_FIELD))
    if owner is None:
        raise NotFound("There is no such text, or it is not yours to see.")
    return Place(kind, key, field, owner)
