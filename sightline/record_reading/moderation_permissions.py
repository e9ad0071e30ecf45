"""The doors to moderation: what two readers of a record said, once both have handed in."""

from collections.abc import Iterable
from typing import Final

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.kernel.errors import NotFound
from sightline.partnerships.queries import partnership
from sightline.record_reading.differences import (
    Difference,
    ReadTwice,
    differences_of,
    read_once,
    read_twice,
)
from sightline.record_reading.models import DipCheck, Reader, Round, SampledRecord
from sightline.record_reading.permissions import (
    Deed,
    closed_to_person,
    get_round_for,
    is_closed_to_person,
    may,
    require_round,
)

NO_SUCH: Final = "There is no such difference, or it is not yours to see."


def get_difference_for(
    actor: Actor,
    area: str,
    slug: str,
    number: int,
    item: str,
    agency: str = "",
    *,
    opening: bool = True,
) -> tuple[ReadTwice, Difference]:
    """One difference, for whoever leads the round and for the two readers of the record.

    Opening it is recorded; what a page sends that was opened before is no `opening`.

    Raises:
        NotFound: there is none, the record has not been read twice, it is closed to them, they
            are its third reader and have not handed in, or it is somebody else's.
    """
    round = get_round_to_discuss(actor, area, slug)
    record = SampledRecord.objects.filter(
        sample__round=round, sample__set_aside_at__isnull=True, number=number
    ).first()
    if record is None:
        raise NotFound(NO_SUCH)
    found = get_pair_for(actor, round, record)
    difference = one_of(found, item, agency)
    if opening:
        audit.record_read(actor, f"record-difference:{area}/{slug}/{record.label}")
    return found, difference


def get_round_to_discuss(actor: Actor, area: str, slug: str) -> Round:
    """A round that somebody leads, or in which they are named as a reader.

    Raises:
        NotFound: there is none, or nothing of it is theirs.
        NotPermitted: they may do something else in it.
    """
    found = Round.objects.filter(area=partnership(area).code, slug=slug).first()
    if found is None:
        raise NotFound(NO_SUCH)
    if not may(actor, found, Deed.READ):
        require_round(actor, found, Deed.MODERATE)
    return found


def get_pair_for(actor: Actor, round: Round, record: SampledRecord) -> ReadTwice:
    """What two readers said of a record, for those who may see both.

    Raises:
        NotFound: as `get_difference_for`.
    """
    found = next(iter(read_twice(round, [record.pk])), None)
    if found is None or not may_see(actor, found, leads=may(actor, round, Deed.MODERATE)):
        raise NotFound(NO_SUCH)
    return found


def one_of(found: ReadTwice, item: str, agency: str) -> Difference:
    """The difference about one answer.

    Raises:
        NotFound: there is none.
    """
    for one in differences_of(found):
        if one.key == (item, agency):
            return one
    raise NotFound(NO_SUCH)


def may_see(actor: Actor, found: ReadTwice, *, leads: bool) -> bool:
    """Whether somebody may see both readings of a record. Its third reader reads unseen."""
    return bool(seen_by(actor, found.first.round, [found], leads=leads))


def seen_by(
    actor: Actor, round: Round, pairs: Iterable[ReadTwice], *, leads: bool
) -> list[ReadTwice]:
    """Those records of which somebody may see both readings; none that are closed to them."""
    found = [one for one in pairs if _may_see(actor, one, leads=leads)]
    closed = closed_to_person(actor, round, [one.record for one in found])
    return [one for one in found if one.record.pk not in closed]


def _may_see(actor: Actor, found: ReadTwice, *, leads: bool) -> bool:
    asked = found.asked.reader if found.asked else None
    if asked is not None and _is(actor, asked):
        return False
    readers = (found.first.reader, found.second.reader)
    return leads or any(_is(actor, one) and one.ended_at is None for one in readers)


def is_one_of_the_two(actor: Actor, found: ReadTwice) -> bool:
    """Whether somebody made one of the two readings, and still reads in the round or not."""
    return any(_is(actor, one.reader) for one in (found.first, found.second))


def _is(actor: Actor, reader: Reader) -> bool:
    return isinstance(actor, User) and reader.person_id == actor.pk


def get_dip_for(
    actor: Actor, area: str, slug: str, number: int, *, opening: bool = True
) -> DipCheck:
    """A reading that was drawn to be looked at again, by its reading number.

    Opening it is recorded. One that is being written again, or whose record two are to read now, is
    closed until that is over.

    Raises:
        NotFound: there is none, or the record is closed to them.
        NotFound, NotPermitted: the round is not theirs to lead.
    """
    round = get_round_for(actor, area, slug, Deed.MODERATE)
    found = (
        DipCheck.objects.filter(reading__in=read_once(round), reading__record__number=number)
        .select_related("reading__round", "reading__record", "reading__reader__person")
        .first()
    )
    if found is None or is_closed_to_person(actor, round, found.reading.record):
        raise NotFound("There is no such reading to look at again.")
    if opening:
        audit.record_read(actor, f"record-dip:{area}/{slug}/{found.reading.record.label}")
    return found
