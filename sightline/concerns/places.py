"""Which inspections there are, for the raiser to name one, and what the pages of others are called.

This context lies below inspections, so `config` says here what it cannot ask for itself.
Partnerships and the names of both come from `access.scopes`; what its pages are called, a context
says by `name_pages`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import Resolver404, resolve

from sightline.access.models import User
from sightline.access.scopes import names_of


@dataclass(frozen=True)
class Place:
    """An inspection that somebody may name: what it is called, whose it is, if it goes on now."""

    name: str
    partnership: str
    under_way: bool


Inspections = Callable[[User], Mapping[str, Place]]
_sources: list[Inspections] = []


def register(inspections: Inspections) -> None:
    """Say where the inspections that a person may see come from: reference to place."""
    _sources[:] = [inspections]


def inspections_for(person: User) -> Mapping[str, Place]:
    """The inspections this person may see, by reference."""
    return _sources[0](person) if _sources else {}


PageWords = Callable[[User, str, Mapping[str, Any]], str]
"""What a person is to read for a page, by the name of its address and the arguments in it; empty
where it has no name of its own, or none that this person may learn."""
_pages: dict[str, PageWords] = {}


def name_pages(namespace: str, words: PageWords) -> None:
    """Say what the pages of a context are called, in a concern that is raised from one.

    The words are read by whoever receives the concern: they name no child and no respondent.
    """
    _pages[namespace] = words


def partnerships() -> Mapping[str, str]:
    """Name by code of every partnership."""
    return names_of("partnership") or {}


@dataclass(frozen=True)
class Origin:
    """Where somebody was when they chose to raise a concern; all empty when that is not known."""

    path: str = ""
    partnership: str = ""
    inspection: str = ""
    words: str = ""


MOST_OF_A_PATH = 300


def origin(path: str, person: User) -> Origin:
    """What the address of a page of this service says about where its reader was."""
    bare = path.partition("?")[0].partition("#")[0]
    if not bare.startswith("/") or bare.startswith("//") or len(bare) > MOST_OF_A_PATH:
        return Origin()
    try:
        match = resolve(bare)
    except Resolver404:
        return Origin()
    if match.namespace == "concerns":
        return Origin()
    named = match.kwargs
    inspection, place = str(named.get("reference", "")), None
    if inspection:
        place = inspections_for(person).get(inspection)
    below = named.get("partnership") or named.get("area") or ""  # surveys and records say `area`
    partnership = place.partnership if place else str(below)
    area = partnerships().get(partnership, "")
    words = place.name if place else area
    name_of = _pages.get(match.namespace)
    called = name_of(person, match.url_name or "", named) if name_of else ""
    if called:
        words = f"{called}, {words}" if words else called
    else:
        words = f"{words}, page {bare}" if words else f"Page {bare}"
    return Origin(
        path=bare,
        partnership=partnership if area else "",
        inspection=inspection if place else "",
        words=words,
    )
