"""What becomes of differences between two readers, and readings that the lead looks at again."""

import math
from collections.abc import Iterable, Sequence
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from sightline.access import audit
from sightline.access.actors import Actor
from sightline.access.models import User
from sightline.jobs.queries import names_of
from sightline.kernel.errors import BadInput, NotAllowed
from sightline.record_reading import asking, policies
from sightline.record_reading.differences import Difference, ReadTwice, differences_of
from sightline.record_reading.models import (
    DipCheck,
    Reader,
    Reading,
    Round,
    SampledRecord,
    Settlement,
)
from sightline.record_reading.moderation_permissions import (
    get_pair_for,
    is_one_of_the_two,
    one_of,
)
from sightline.record_reading.moderation_queries import for_a_dip
from sightline.record_reading.permissions import Deed, may, require_round
from sightline.record_reading.services import allocating
from sightline.record_reading.services.shared import held, target
from sightline.stats.sampling import Plan, Unit, draw

Way = Settlement.Way
OF_THE_LEAD: Final = frozenset({Way.ADJUDICATED, Way.TWO_VIEWS, Way.THIRD})
WHOLE: Final = 100


@sensitive_variables("value", "why")
@transaction.atomic
def settle(
    *,
    actor: Actor,
    record: SampledRecord,
    item: str,
    agency: str = "",
    way: Settlement.Way,
    value: str | None = None,
    why: str,
    follows: UUID | str | None = "",
) -> Settlement:
    """Say which answer counts where two readers differ. Their own answers stay as they are.

    Args:
        actor: one of the two readers, or the lead. What the two agreed on is recorded by either of
            them or by the lead; only the lead decides, or leaves both views.
        record: whose record.
        item: which of its answers.
        agency: of which agency, for one asked of each.
        way: agreed, adjudicated or two views.
        value: a code of the item's list, which may be a third one; None of two views.
        why: the reason, in words about the record.
        follows: the settlement that the person saw; None for none; "" does not look.

    Raises:
        NotFound: there is no such difference, or it is not theirs to see.
        NotPermitted: only the lead may do this.
        NotAllowed: the round is not open; the lead read the record and would decide alone; the
            lead has decided; somebody settled it meanwhile.
        BadInput: no such answer, none, or no reason.
    """
    round = held(actor, record.sample.round, Deed.MODERATE, Deed.READ)
    policies.check_is_reading(round)
    pair = get_pair_for(actor, round, record)
    difference = one_of(pair, item, agency)
    _check_whose(actor, round, pair, difference, way)
    _check_follows(difference, pair, follows)
    code = _accepted(pair, item, way, value)
    if not why.strip():
        raise BadInput("Say why, so that somebody who was not there can follow it.")
    made = _put(actor, difference, way, code, why.strip())
    audit.record(
        actor, "record-round.settled", target(round),
        after={
            "record": pair.record.label, "item": item, "agency": agency, "way": way.label.lower(),
            "readers": [one.reader.person.audit_name for one in (pair.first, pair.second)],
        },
    )  # fmt: skip
    return made


def _put(
    actor: Actor, difference: Difference, way: Settlement.Way, code: str | None, why: str
) -> Settlement:
    """The settlement in use, in place of the one there was."""
    now, record = timezone.now(), difference.record
    asked = {"item": difference.item, "agency": difference.agency}
    record.settlements.filter(superseded_at__isnull=True, **asked).update(
        superseded_at=now, superseded_by=actor.audit_name
    )
    return Settlement.objects.create(
        record=record, way=way, value=code, between=[difference.first, difference.second],
        why=why, settled_at=now, settled_by=actor.audit_name, **asked,
    )  # fmt: skip


def leave_two_views(actor: Actor, open_ones: Iterable[Difference], why: str) -> None:
    """Leave differences as two views, in place of settlements that no longer count.

    Without an audit line of its own: for services, inside their transaction.
    """
    for one in open_ones:
        _put(actor, one, Way.TWO_VIEWS, None, why)


def _check_whose(
    actor: Actor, round: Round, pair: ReadTwice, difference: Difference, way: Settlement.Way
) -> None:
    leads = may(actor, round, Deed.MODERATE)
    if way in OF_THE_LEAD and not leads:
        require_round(actor, round, Deed.MODERATE)
    if way == Way.THIRD:
        raise BadInput("A third reader decides by reading the record. Ask one.")
    if way == Way.ADJUDICATED and is_one_of_the_two(actor, pair):
        raise NotAllowed(
            f"You read {pair.record.label} yourself. Agree with the other reader, have somebody "
            "else who leads decide, or ask a third reader."
        )
    before = difference.settlement
    if before and before.way in OF_THE_LEAD and not leads:
        raise NotAllowed("Whoever leads the reading has decided this. Talk to them about it.")


def _check_follows(difference: Difference, pair: ReadTwice, follows: UUID | str | None) -> None:
    """Nobody settles over what they have not seen."""
    if follows == "":
        return
    there = pair.settlements.get(difference.key)
    if (there.pk if there else None) != follows and difference.settlement:
        by, when = difference.settlement.by, timezone.localtime(difference.settlement.at)
        who = names_of([by]).get(by, "Somebody")
        raise NotAllowed(
            f"{who} settled this at {when:%H:%M} on {when.day} {when:%B}, while "
            "you had it open. Look at that first; nothing of yours was kept in its place."
        )


def _accepted(pair: ReadTwice, item: str, way: Settlement.Way, value: str | None) -> str | None:
    if way == Way.TWO_VIEWS:
        return None
    asked = asking.template(pair.first.template).item(item)
    if value not in {one.code for one in asking.options(asked)}:
        raise BadInput("Choose the answer that counts.")
    return value


@transaction.atomic
def ask_third_reader(
    *, actor: Actor, record: SampledRecord, reader: Reader, reason: str
) -> Reading:
    """Have a record read once more, unseen: that reading decides what nobody else has.

    Raises:
        NotFound: the record has not been read twice, or is not theirs to see.
        NotPermitted: they do not lead the round.
        NotAllowed: the round is not open; nothing is left to settle; a third reader is asked
            already, or has read it; the reader can see both readings; as `allocating.assign`.
        BadInput: no reason is given.
    """
    round = held(actor, record.sample.round, Deed.MODERATE)
    policies.check_is_reading(round)
    pair = get_pair_for(actor, round, record)
    if pair.asked or pair.third:
        raise NotAllowed(f"{pair.record.label} has a third reader already.")
    if all(one.settlement for one in differences_of(pair)):
        raise NotAllowed(f"Nothing is left to settle about {pair.record.label}.")
    if may(reader.person, round, Deed.MODERATE):
        raise NotAllowed(
            f"{reader.person.name} can see what both readers said, so would not read it unseen."
        )
    if not reason.strip():
        raise BadInput("Say what the third reader is asked for.")
    made = allocating.assign(actor=actor, record=pair.record, reader=reader, part=3)
    audit.record(
        actor, "record-round.third-asked", target(round), reason=reason.strip(),
        after={"record": pair.record.label, "reader": reader.person.audit_name},
    )  # fmt: skip
    return made


@transaction.atomic
def draw_dip_sample(
    *, actor: Actor, round: Round, seed: str, size: int | None = None, per_cent: int | None = None
) -> Sequence[DipCheck]:
    """Draw readings for the lead to look at again, at least one of every reader.

    From the readings that are handed in of records read once, and not drawn before. The same
    readings, size and seed give the same draw.

    Args:
        actor: who leads.
        round: which.
        seed: any words.
        size: how many; either this or a share.
        per_cent: what share of those there are, rounded up.

    Raises:
        NotFound, NotPermitted: the round is not theirs to lead.
        NotAllowed: it is not open or locked; there is nothing to draw from.
        BadInput: no seed; neither size nor share, or both; fewer than there are readers, or more
            than there are readings.
    """
    round = held(actor, round, Deed.MODERATE)
    policies.check_not_destroyed(round)
    frame = {reading.record.label: reading for reading in for_a_dip(round)}
    if not frame:
        raise NotAllowed("There is no reading to draw: every one was drawn, or none is handed in.")
    wanted = _wanted(len(frame), size, per_cent)
    units = [Unit(label, str(reading.reader_id)) for label, reading in frame.items()]
    readers = len({unit.stratum for unit in units})
    if wanted < readers:
        raise BadInput(f"Draw at least {readers}, so that every reader has one.")
    try:
        found = draw(units, Plan(size=wanted, minimum=1), seed=seed.strip())
    except ValueError as fault:
        raise BadInput(f"Nothing was drawn: {fault}") from fault
    now = timezone.now()
    made = DipCheck.objects.bulk_create(
        DipCheck(
            reading=frame[label],
            seed=seed.strip(),
            note="",
            drawn_at=now,
            drawn_by=actor.audit_name,
        )
        for label in sorted(found.drawn)
    )
    audit.record(
        actor, "record-round.dip-drawn", target(round),
        after={"readings": len(made), "of": len(frame), "seed": seed.strip()},
    )  # fmt: skip
    return made


def _wanted(there: int, size: int | None, per_cent: int | None) -> int:
    if (size is None) == (per_cent is None):
        raise BadInput("Say how many readings, or what share of them; one of the two.")
    if size is None:
        share = per_cent or 0
        if not 0 < share <= WHOLE:
            raise BadInput("A share lies between 1 and 100 per cent.")
        return math.ceil(there * share / WHOLE)
    if not 0 < size <= there:
        raise BadInput(f"There are {there} readings to draw from; choose so many or fewer.")
    return size


@sensitive_variables("note")
@transaction.atomic
def check_dip(
    *, actor: Actor, check: DipCheck, outcome: DipCheck.Outcome, note: str = ""
) -> DipCheck:
    """Keep what the lead thought of a reading: sound, or to be talked through with its reader.

    Raises:
        NotFound, NotPermitted: the round is not theirs to lead.
        NotAllowed: they made the reading themselves, or its answers were deleted.
        BadInput: nothing is said about what is to be talked through.
    """
    round = held(actor, check.reading.round, Deed.MODERATE)
    policies.check_not_destroyed(round)
    check = DipCheck.objects.select_related("reading__reader", "reading__record").get(pk=check.pk)
    if isinstance(actor, User) and check.reading.reader.person_id == actor.pk:
        raise NotAllowed("You made this reading, so somebody else who leads looks at it.")
    if outcome == DipCheck.Outcome.DISCUSS and not note.strip():
        raise BadInput("Say what is to be talked through.")
    before, check.outcome = check.outcome, outcome
    check.note = note.strip()
    check.checked_at, check.checked_by = timezone.now(), actor.audit_name
    check.save(update_fields=["outcome", "note", "checked_at", "checked_by"])
    audit.record(
        actor, "record-round.dip-checked", target(round), before=before or None,
        after={"record": check.reading.record.label, "outcome": outcome.label.lower()},
    )  # fmt: skip
    return check
