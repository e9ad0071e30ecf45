"""A reading as a page opened it: by its reader, or by whoever types in its printed form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from sightline.access.models import User
from sightline.kernel.errors import NotAllowed, NotFound
from sightline.partnerships.queries import names
from sightline.record_reading import reading_queries as queries
from sightline.record_reading.asking import template
from sightline.record_reading.definitions import TemplateDefinition
from sightline.record_reading.models import Reading, Round, SampledRecord
from sightline.record_reading.permissions import (
    Deed,
    closed_records,
    deeds_of,
    get_reading_for,
    get_reading_to_type,
    may,
    readings_of,
)
from sightline.record_reading.reading_permissions import check_is_no_other_reader
from sightline.record_reading.reading_policies import words_of_ending

Crumbs = list[tuple[str, str]]


@dataclass(frozen=True)
class Opened:
    """A reading, its template, what the return says of the child, and where its pages are.

    `typing`: somebody else than its reader types in a form that was filled in on paper.
    """

    reading: Reading
    template: TemplateDefinition
    typing: bool

    @property
    def facts(self) -> Mapping[str, Any]:
        """The row of the return."""
        found: Mapping[str, Any] = self.reading.record.facts
        return found

    @property
    def title(self) -> str:
        """As every page of it is headed."""
        return f"Reading {self.reading.record.label}"

    def url(self, page: str = "", section: str = "") -> str:
        """The address of a page: "" the list of sections, `section`, `two`, `check`, `break`."""
        record, round = self.reading.record, self.reading.round
        kind = "paper-reading" if self.typing else "reading"
        args: list[object] = [round.area, round.slug, record.number]
        if self.typing:
            args.append(self.reading.part)
        if section:
            args.append(section)
        return reverse(f"record_reading:{kind}{'-' if page else ''}{page}", args=args)

    def concern_url(self, path: str) -> str:
        """Where a concern is raised, which names this reading by its number alone."""
        return f"{reverse('concerns:raise')}?{urlencode({'from': path}, safe='/')}"

    def crumbs(self, *more: tuple[str, str]) -> Crumbs:
        """The way back."""
        round = self.reading.round
        if self.typing:
            paper = reverse("record_reading:paper", args=[round.area, round.slug])
            return [("Paper", paper), *more]
        return [("My reading", reverse("record_reading:my-reading")), *more]

    @property
    def area(self) -> str:
        """The name of the area."""
        return names().get(self.reading.round.area, self.reading.round.area)

    def section_codes(self) -> Sequence[str]:
        """The codes of the sections, in order."""
        return [one.code for one in self.template.sections]


def own_readings(person: User, *, waiting: bool = False) -> list[Reading]:
    """What is allotted to somebody and opens to them, round by round: as `open_own` decides.

    Args:
        person: whose.
        waiting: only what is still to be handed in, in rounds that are being read.
    """
    listed = readings_of(person)
    if waiting:
        listed = listed.filter(round__state=Round.State.READING)
        listed = listed.exclude(state=Reading.State.COMPLETE)
    found: list[Reading] = []
    for round, group in groupby(listed, key=lambda one: one.round):
        if may(person, round, Deed.READ):
            found += _not_closed(list(group))
    return found


def _not_closed(rows: Sequence[Reading]) -> list[Reading]:
    """Those of one reader's readings whose records are not closed to them."""
    closed = closed_records({one.reader for one in rows}, [one.record for one in rows])
    return [one for one in rows if str(one.reader_id) not in closed[one.record_id]]


def open_own(person: User, area: str, slug: str, number: int, *, opening: bool = True) -> Opened:
    """A person's own reading, by its number.

    Raises:
        NotFound, NotPermitted: as `get_reading_for`.
        NotAllowed: they had begun it, and it was withdrawn or given to somebody else.
    """
    try:
        reading = get_reading_for(person, area, slug, number, opening=opening)
    except NotFound:
        gone = queries.ended(person, area, slug, number)
        if gone is None:
            raise
        raise NotAllowed(words_of_ending(gone)) from None
    return Opened(reading, template(reading.template), typing=False)


def open_to_type(
    person: User, area: str, slug: str, number: int, part: int, *, opening: bool = True
) -> Opened:
    """A reading on paper, for whoever runs the round.

    Raises:
        NotFound, NotPermitted: as `get_reading_to_type`.
        NotAllowed: they read the same record themselves.
    """
    reading = get_reading_to_type(person, area, slug, number, part, opening=opening)
    check_is_no_other_reader(person, reading)
    return Opened(reading, template(reading.template), typing=True)


def words_of_page(person: User, page: str, named: Mapping[str, Any]) -> str:
    """What a page of a reading is called in a concern: by its number and round, never the child.

    Empty for other pages, and for whoever has nothing to do with the round.
    """
    if not page.startswith(("reading", "paper-reading")) or "number" not in named:
        return ""
    round = Round.objects.filter(area=named["area"], slug=named["slug"]).first()
    if round is None or not deeds_of(person, round):
        return ""
    return f"Reading {SampledRecord(number=named['number']).label}, {round.title}"
