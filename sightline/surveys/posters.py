"""A poster, and slips with codes of one person, as they are printed. Neither names a topic."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sightline.surveys.models import Group, Survey
from sightline.surveys.paper_presenters import Square, address_of, square
from sightline.surveys.presenters import day
from sightline.surveys.stores import shown_code


@dataclass(frozen=True)
class Way:
    """A way in as it is printed: the square to scan, and what is typed instead.

    Attributes:
        square: the QR code of the whole link.
        address: what is typed.
        code: what is typed then; empty where the address is the whole link.
    """

    square: Square
    address: str
    code: str


def way(code: str) -> Way:
    """The way in with a code, which is typed apart: in two halves, of letters nobody mistakes."""
    return Way(square(address_of(shown_code(code))), _plain(address_of("")), shown_code(code))


def _plain(address: str) -> str:
    """An address as people type it."""
    return address.partition("://")[2]


@dataclass(frozen=True)
class Poster:
    """One poster."""

    way: Way
    until: str
    group: str


def poster(survey: Survey, group: Group | None) -> Poster:
    """The poster of a survey with one link, or of a group with a code."""
    return Poster(
        way(group.code if group else survey.link),
        day(survey.closes_on),
        group.label if group else "",
    )


def slips(codes: Iterable[str]) -> Iterator[Way]:
    """A slip for each code."""
    return map(way, codes)
